/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_HTTP_CHUNK_LINE_H
#define AJAR_HTTP_CHUNK_LINE_H

#include "ajar/http.h"

/*
 * What stands between the pieces of a chunked body, beside what llhttp checks of it: the
 * line end behind a chunk and the extensions of a size line (RFC 9112 section 7.1.1).
 * llhttp 8.1.0 skips the two bytes behind a chunk without a look at them, 9.2.1 wants
 * CRLF; 8.1.0 takes "5;a=b;", 9.2.1 takes "5;a=;c", which both are none, and also
 * "5;a=b;c" and an escape in a quoted value, which 8.1.0 does not know. Taken here is
 * what both take: no server is known that sends extensions at all.
 */
enum chunk_line
{
    CHUNK_LINE_SIZE, /* first: a fresh body begins with it */
    CHUNK_LINE_NAME_FIRST,
    CHUNK_LINE_NAME,
    CHUNK_LINE_VALUE_FIRST,
    CHUNK_LINE_VALUE,
    CHUNK_LINE_QUOTED,
    CHUNK_LINE_QUOTED_END,
    CHUNK_LINE_TRAILER, /* or the first byte of a chunk, then the caller sets DATA_END */
    CHUNK_LINE_DATA_END,
    CHUNK_LINE_BROKEN,
};

/* Goes on from *line; false when the bytes are not well-formed. */
bool chunk_line_feed(enum chunk_line *line, struct ajar_span bytes);

#endif
