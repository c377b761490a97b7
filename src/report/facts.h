/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_REPORT_FACTS_H
#define AJAR_REPORT_FACTS_H

#include "ajar/report.h"

/* What both renderers say about volume: one reading of the evidence, so that the text and
 * the JSON line of a target never disagree. */
struct facts_volume
{
    bool any;  /* the list was read, or a count gave a number */
    bool list; /* index rows were read: count, system and largest mean something */
    bool documents_known; /* else `documents` is 0 and means nothing */
    bool bytes_known;
    bool lower_bound; /* cut, closed indices, or a count of one index only */
    uint64_t documents;
    uint64_t bytes;
};

struct facts_volume facts_volume_of(const struct ajar_evidence *evidence);

/* At most this many characters of any one text reach a line. */
#define FACTS_TEXT_CHARS 256

/* The length in bytes of the first `chars` characters, where every byte that does not
 * decode counts as the U+FFFD that escaping makes of it. */
size_t facts_prefix(struct ajar_span text, size_t chars);

#endif
