/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/evidence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ajar/num.h"

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
    case AJAR_READING_IN_DOUBT:
        return "in_doubt";
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

/* A line under way; what does not fit is left out. */
struct reason
{
    char *at;
    char *end; /* room for the NUL is behind it */
};

static void put(struct reason *reason, struct ajar_span text)
{
    size_t room = (size_t)(reason->end - reason->at);
    size_t len = text.len < room ? text.len : room;
    if (len > 0)
    {
        memcpy(reason->at, text.data, len);
    }
    reason->at += len;
}

static void put_number(struct reason *reason, uint64_t number)
{
    char digits[20];
    put(reason, (struct ajar_span){digits, ajar_num_render(number, digits)});
}

/* vsnprintf is half of what a reason costs, and nearly all of them are texts and numbers.
 * True when the format holds but %s, %u and %llu, which are then rendered. args is used
 * up as far as they go. */
AJAR_PRINTF(2, 0)
static bool put_simple(struct reason *reason, const char *format, va_list args)
{
    const char *percent = strchr(format, '%');
    while (percent != NULL)
    {
        put(reason, (struct ajar_span){format, (size_t)(percent - format)});
        format = percent + 2;
        if (percent[1] == 's')
        {
            const char *text = va_arg(args, const char *);
            put(reason, ajar_span_of(text != NULL ? text : "(null)"));
        }
        else if (percent[1] == 'u')
        {
            put_number(reason, va_arg(args, unsigned));
        }
        else if (strncmp(percent + 1, "llu", 3) == 0)
        {
            put_number(reason, va_arg(args, unsigned long long));
            format = percent + 4;
        }
        else
        {
            return false;
        }
        percent = strchr(format, '%');
    }
    put(reason, ajar_span_of(format));
    *reason->at = '\0';
    return true;
}

/* The length of the line, cut to fit; nothing for a format that cannot be rendered. */
AJAR_PRINTF(3, 0)
static size_t render(char *line, size_t size, const char *format, va_list args)
{
    struct reason reason = {line, line + size - 1};
    va_list again;
    va_copy(again, args);
    bool simple = put_simple(&reason, format, again);
    va_end(again);
    if (simple)
    {
        return (size_t)(reason.at - line);
    }
    int len = vsnprintf(line, size, format, args);
    return len > 0 ? strlen(line) : 0;
}

/* The line as a copy in the arena; NULL when it is empty or memory is out. */
AJAR_PRINTF(2, 0)
static const char *copy_line(struct ajar_evidence *evidence, const char *format,
                             va_list args)
{
    char line[EVIDENCE_REASON_BYTES];
    size_t len = render(line, sizeof(line), format, args);
    return len > 0 ? ajar_arena_copy(evidence->arena, (struct ajar_span){line, len})
                   : NULL;
}

void ajar_evidence_reason(struct ajar_evidence *evidence, const char *format, ...)
{
    if (evidence->reason_count >= AJAR_MAX_REASONS)
    {
        return;
    }
    va_list args;
    va_start(args, format);
    const char *copy = copy_line(evidence, format, args);
    va_end(args);
    if (copy)
    {
        evidence->reasons[evidence->reason_count++] = copy;
    }
}

void ajar_evidence_explain(struct ajar_evidence *evidence)
{
    evidence->trace = ajar_arena_alloc(evidence->arena, sizeof(*evidence->trace));
}

void ajar_evidence_rule(struct ajar_evidence *evidence, bool decided, const char *rule,
                        const char *format, ...)
{
    struct ajar_trace *trace = evidence->trace;
    if (trace == NULL || trace->rule_count >= AJAR_MAX_TRACE_RULES)
    {
        return;
    }
    va_list args;
    va_start(args, format);
    const char *why = copy_line(evidence, format, args);
    va_end(args);
    if (why != NULL)
    {
        trace->rules[trace->rule_count++] =
            (struct ajar_trace_rule){.rule = rule, .why = why, .decided = decided};
    }
}

void ajar_evidence_proof(struct ajar_evidence *evidence, struct ajar_span bytes)
{
    size_t count = evidence->exchange_count;
    if (evidence->trace == NULL || count == 0 || count > AJAR_MAX_REQUESTS)
    {
        return;
    }
    bytes.len = bytes.len < AJAR_MAX_PROOF ? bytes.len : AJAR_MAX_PROOF;
    evidence->trace->proofs[count - 1] = ajar_arena_copy(evidence->arena, bytes);
}
