/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <stdio.h>

#include "ajar/num.h"

/*
 * A decision, told. Nothing here decides: classify.c and severity.c call it where they
 * have, so that what is told is what was done.
 */
enum
{
    TRACE_READINGS_BYTES = 160
};

static const char *const reads[] = {
#define X(name, word) [AJAR_READ_##name] = (word),
    AJAR_READ_MAP(X)
#undef X
};

/* "root shown, list refused": the reads that decide an exposure and were asked. */
static void list_readings(const struct ajar_evidence *evidence, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t read = AJAR_READ_ROOT; read <= AJAR_READ_COUNT && at < size; read++)
    {
        enum ajar_reading reading = (enum ajar_reading)evidence->reading[read];
        if (reading != AJAR_READING_NOT_ASKED)
        {
            int len = snprintf(out + at, size - at, "%s%s %s", at > 0 ? ", " : "",
                               reads[read], ajar_reading_word(reading));
            at += len > 0 ? (size_t)len : 0;
        }
    }
}

void trace_readings(struct ajar_evidence *evidence, bool decided, const char *rule,
                    const char *why)
{
    char text[TRACE_READINGS_BYTES];
    if (evidence->trace == NULL)
    {
        return;
    }
    list_readings(evidence, text, sizeof(text));
    ajar_evidence_rule(evidence, decided, rule, "%s%s%s", text,
                       text[0] != '\0' ? ": " : "", why);
}

void trace_shown(struct ajar_evidence *evidence, enum ajar_exposure level)
{
    char why[64];
    if (evidence->trace == NULL)
    {
        return;
    }
    (void)snprintf(why, sizeof(why), "%s is the highest that was shown",
                   ajar_exposure_word(level));
    trace_readings(evidence, true, "exposure 2", why);
}

void trace_control(struct ajar_evidence *evidence)
{
    enum ajar_reading reading = (enum ajar_reading)evidence->reading[AJAR_READ_CONTROL];
    if (reading == AJAR_READING_SHOWN)
    {
        ajar_evidence_rule(evidence, true, "exposure 1",
                           "a path that cannot exist got a 200: none of its answers is "
                           "believed");
    }
    else if (reading == AJAR_READING_NOT_ASKED)
    {
        ajar_evidence_rule(evidence, false, "exposure 1",
                           "a path that cannot exist was not asked for");
    }
    else
    {
        ajar_evidence_rule(evidence, false, "exposure 1",
                           "a path that cannot exist got no 200 (%s): its answers mean "
                           "something",
                           ajar_reading_word(reading));
    }
}

static void trace_end_of_life(const char *rule, struct ajar_evidence *evidence)
{
    const char *since = NULL;
    (void)ajar_release_is_end_of_life(evidence->product, evidence->version, &since);
    ajar_evidence_rule(evidence, true, rule,
                       "%s %s: its line ended%s%s (table as of " AJAR_END_OF_LIFE_AS_OF
                       ")",
                       evidence->product, evidence->version, since != NULL ? " on " : "",
                       since != NULL ? since : "");
}

static void trace_compromised(const char *rule, struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    const char *example = indices->ransom_example;
    ajar_evidence_rule(evidence, true, rule,
                       "%u names of known campaigns and %u words of ransom notes among "
                       "%llu indices, as in %s",
                       indices->ransom_strong, indices->ransom_weak,
                       (unsigned long long)indices->count,
                       example != NULL ? example : "");
}

static void trace_flag(enum ajar_flag_index flag, struct ajar_evidence *evidence)
{
    static const char *const rules[AJAR_FLAG_COUNT] = {
#define X(name, word, meaning) [AJAR_FLAG_INDEX_##name] = "flag " word,
        AJAR_FLAG_MAP(X)
#undef X
    };
    const char *rule = rules[flag];
    if (flag == AJAR_FLAG_INDEX_PARTIAL)
    {
        trace_readings(evidence, true, rule,
                       "not all was answered, so more may be readable");
    }
    else if (flag == AJAR_FLAG_INDEX_END_OF_LIFE)
    {
        trace_end_of_life(rule, evidence);
    }
    else if (flag == AJAR_FLAG_INDEX_COMPROMISED)
    {
        trace_compromised(rule, evidence);
    }
    else
    {
        ajar_evidence_rule(evidence, true, rule, "%s", ajar_flag_meaning(flag));
    }
}

void trace_flags(uint32_t flags, struct ajar_evidence *evidence)
{
    for (unsigned i = 0; i < AJAR_FLAG_COUNT && evidence->trace != NULL; i++)
    {
        if ((flags & (1u << i)) != 0)
        {
            trace_flag((enum ajar_flag_index)i, evidence);
        }
    }
}
