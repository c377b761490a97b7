/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_ESCAPE_H
#define AJAR_ESCAPE_H

#include "ajar/buf.h"

/*
 * Peer text made safe. Everything that a stranger's server chose (names, versions, header
 * values, certificate fields) passes here before it reaches a terminal, a file or a
 * ticket. Both functions decode UTF-8 strictly (RFC 3629: no overlong form, no surrogate,
 * at most U+10FFFF) with U+FFFD for every byte that does not decode, and share one rule
 * for what is unsafe: C0, DEL, C1, U+2028/2029, bidi controls (U+061C, U+200E/F,
 * U+202A-202E, U+2066-2069), zero-width (U+200B-200D, U+2060, U+FEFF), tag characters
 * (U+E0000-E007F), and noncharacters.
 */

/* For a terminal or a log: an unsafe character is written \xNN or \u{NNNN}, a backslash
 * stays. At most max_columns characters, then an ellipsis (U+2026); 0 is no limit. */
int ajar_escape_text(struct ajar_buf *out, struct ajar_span peer, size_t max_columns);

/* A JSON string with its quotes (RFC 8259 section 7). Unsafe characters are written as
 * \uNNNN (surrogate pairs above U+FFFF), so the line is safe to print as it stands. */
int ajar_escape_json(struct ajar_buf *out, struct ajar_span peer);

/* True when the bytes are well-formed UTF-8. */
bool ajar_utf8_is_valid(struct ajar_span bytes);
/* The length, 1 to 4, of the character that the bytes begin with; 0 where none does. */
size_t ajar_utf8_length(struct ajar_span bytes);

#endif
