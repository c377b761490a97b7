/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/evidence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A reason is one line of a report; peer text inside it is cut rather than the line lost.
 */
enum
{
    EVIDENCE_REASON_BYTES = 400
};

const char *ajar_reading_word(enum ajar_reading reading)
{
    switch (reading)
    {
    case AJAR_READING_NOT_ASKED:
        return "not_asked";
    case AJAR_READING_SHOWN:
        return "shown";
    case AJAR_READING_REFUSED:
        return "refused";
    case AJAR_READING_LAPSED:
        return "lapsed";
    case AJAR_READING_NOT_READY:
        return "not_ready";
    case AJAR_READING_ABSENT:
        return "absent";
    case AJAR_READING_OTHER:
        return "other";
    case AJAR_READING_CUT:
        return "cut";
    case AJAR_READING_FAILED:
        return "failed";
    }
    return "unknown";
}

void ajar_evidence_init(struct ajar_evidence *evidence, struct ajar_arena *arena)
{
    memset(evidence, 0, sizeof(*evidence));
    evidence->arena = arena;
}

void ajar_evidence_reason(struct ajar_evidence *evidence, const char *format, ...)
{
    char line[EVIDENCE_REASON_BYTES];
    if (evidence->reason_count >= AJAR_MAX_REASONS)
    {
        return;
    }
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (len <= 0)
    {
        return;
    }
    const char *copy = ajar_arena_copy(evidence->arena, ajar_span_of(line));
    if (copy)
    {
        evidence->reasons[evidence->reason_count++] = copy;
    }
}
