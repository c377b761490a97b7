/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "ajar/classify.h"

/* What --explain says must be what was decided: over every combination of readings, one
 * rule of the exposure settles it and stands last among those of the exposure. */

struct bench
{
    struct ajar_arena arena;
    struct ajar_evidence evidence;
    struct ajar_verdict verdict;
};

static void open_bench(struct bench *bench, bool explain)
{
    ajar_arena_init(&bench->arena, AJAR_MAX_VISIT_ARENA);
    ajar_evidence_init(&bench->evidence, &bench->arena);
    if (explain)
    {
        ajar_evidence_explain(&bench->evidence);
        cr_assert_not_null(bench->evidence.trace);
    }
}

static void set_readings(struct bench *bench, const uint8_t *readings)
{
    memcpy(bench->evidence.reading, readings, AJAR_READ_COUNT_OF);
}

static const struct ajar_trace_rule *find(const struct bench *bench, const char *rule)
{
    const struct ajar_trace *trace = bench->evidence.trace;
    for (size_t i = 0; i < trace->rule_count; i++)
    {
        if (strcmp(trace->rules[i].rule, rule) == 0)
        {
            return &trace->rules[i];
        }
    }
    return NULL;
}

static void said(const struct bench *bench, const char *rule, const char *part)
{
    const struct ajar_trace_rule *row = find(bench, rule);
    cr_assert_not_null(row, "no rule %s", rule);
    cr_assert_not_null(strstr(row->why, part), "%s: %s", rule, row->why);
}

static void decided_once(const struct bench *bench, const char *what)
{
    const struct ajar_trace *trace = bench->evidence.trace;
    size_t decided = 0;
    size_t asked = 0;
    for (size_t i = 0; i < trace->rule_count; i++)
    {
        if (strncmp(trace->rules[i].rule, "exposure ", 9) == 0)
        {
            asked++;
            decided += trace->rules[i].decided;
            cr_assert_eq(trace->rules[i].decided, decided == 1, "%s: a rule after", what);
        }
    }
    cr_assert_gt(asked, 0u, "%s", what);
    cr_assert_eq(decided, 1u, "%s: %zu rules settled it", what, decided);
}

/* 9 readings for each of root, health, list, count, and two for the control. */
Test(trace, one_rule_settles_the_exposure_whatever_was_read)
{
    enum
    {
        KINDS = AJAR_READING_FAILED + 1
    };
    for (unsigned mix = 0; mix < KINDS * KINDS * KINDS * KINDS * 2; mix++)
    {
        uint8_t readings[AJAR_READ_COUNT_OF] = {0};
        unsigned rest = mix / 2;
        char what[64];
        for (size_t read = AJAR_READ_ROOT; read <= AJAR_READ_COUNT; read++)
        {
            readings[read] = (uint8_t)(rest % KINDS);
            rest /= KINDS;
        }
        readings[AJAR_READ_CONTROL] =
            mix % 2 == 0 ? AJAR_READING_ABSENT : AJAR_READING_SHOWN;
        struct bench plain;
        struct bench told;
        open_bench(&plain, false);
        open_bench(&told, true);
        set_readings(&plain, readings);
        set_readings(&told, readings);
        ajar_classify(AJAR_OUTCOME_REPLIED, &plain.evidence, &plain.verdict);
        ajar_classify(AJAR_OUTCOME_REPLIED, &told.evidence, &told.verdict);
        (void)snprintf(what, sizeof(what), "mix %u", mix);
        cr_assert_eq(plain.verdict.exposure, told.verdict.exposure, "%s", what);
        cr_assert_eq(plain.verdict.flags, told.verdict.flags, "%s", what);
        cr_assert_null(plain.evidence.trace);
        decided_once(&told, what);
        ajar_arena_deinit(&plain.arena);
        ajar_arena_deinit(&told.arena);
    }
}

Test(trace, an_open_store_says_level_volume_and_names)
{
    struct bench bench;
    open_bench(&bench, true);
    const uint8_t readings[AJAR_READ_COUNT_OF] = {
        AJAR_READING_SHOWN, AJAR_READING_SHOWN,  AJAR_READING_REFUSED,
        AJAR_READING_SHOWN, AJAR_READING_ABSENT, AJAR_READING_NOT_ASKED};
    set_readings(&bench, readings);
    bench.evidence.product = "elasticsearch";
    bench.evidence.version = "5.6.16";
    bench.evidence.indices.documents = 12;
    bench.evidence.indices.sensitive = 1;
    bench.evidence.indices.sensitive_example = "customers";
    ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
    said(&bench, "exposure 1", "got no 200 (absent)");
    said(&bench, "exposure 2",
         "root shown, health shown, list refused, count shown: records is the highest");
    said(
        &bench, "severity",
        "critical for records: fewer than 10,000 documents (12); a sensitive index name: "
        "customers");
    said(&bench, "flag partial", "list refused");
    said(&bench, "flag end_of_life",
         "elasticsearch 5.6.16: its line ended on 2019-03-11");
    ajar_arena_deinit(&bench.arena);
}

Test(trace, a_silent_target_says_what_the_network_did)
{
    struct bench bench;
    open_bench(&bench, true);
    ajar_classify(AJAR_OUTCOME_REFUSED, &bench.evidence, &bench.verdict);
    said(&bench, "exposure 6", "refused: the connection was refused");
    decided_once(&bench, "refused");
    cr_assert_null(find(&bench, "severity"), "nothing open has no severity to explain");
    ajar_arena_deinit(&bench.arena);
}

Test(trace, every_rule_of_what_is_not_open_can_settle_it)
{
    static const struct
    {
        uint8_t readings[AJAR_READ_COUNT_OF];
        const char *product;
        const char *rule;
        const char *part;
    } rows[] = {
        {{AJAR_READING_SHOWN, 0, 0, 0, AJAR_READING_SHOWN, 0},
         "elasticsearch",
         "exposure 1",
         "got a 200"},
        {{AJAR_READING_SHOWN, AJAR_READING_SHOWN, AJAR_READING_NOT_READY, 0, 0, 0},
         "elasticsearch",
         "exposure 2",
         "list not_ready"},
        {{AJAR_READING_NOT_READY, 0, 0, 0, 0, 0}, NULL, "exposure 3", "root not_ready"},
        {{AJAR_READING_REFUSED, 0, 0, 0, 0, 0},
         "opensearch",
         "exposure 4",
         "root refused"},
        {{AJAR_READING_REFUSED, AJAR_READING_ABSENT, AJAR_READING_ABSENT, 0, 0, 0},
         NULL,
         "exposure 4",
         "a web server"},
        {{AJAR_READING_ABSENT, AJAR_READING_ABSENT, 0, 0, 0, 0},
         "elasticsearch",
         "exposure 5",
         "a datastore, yet"},
        {{AJAR_READING_OTHER, 0, 0, 0, 0, 0}, NULL, "exposure 5", "nothing of this"},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        struct bench bench;
        open_bench(&bench, true);
        set_readings(&bench, rows[i].readings);
        bench.evidence.product = rows[i].product;
        ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
        cr_assert_not(ajar_exposure_is_open(bench.verdict.exposure), "row %zu", i);
        said(&bench, rows[i].rule, rows[i].part);
        const struct ajar_trace_rule *row = find(&bench, rows[i].rule);
        cr_assert(row != NULL && row->decided, "row %zu", i);
        decided_once(&bench, rows[i].rule);
        ajar_arena_deinit(&bench.arena);
    }
}

/* A full trace drops what comes after; a long text is cut, not lost. */
Test(trace, bounds)
{
    struct bench bench;
    char text[2000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    open_bench(&bench, true);
    for (size_t i = 0; i < AJAR_MAX_TRACE_RULES + 5; i++)
    {
        ajar_evidence_rule(&bench.evidence, false, "rule", "%s", text);
    }
    cr_assert_eq(bench.evidence.trace->rule_count, (size_t)AJAR_MAX_TRACE_RULES);
    cr_assert_lt(strlen(bench.evidence.trace->rules[0].why), 1000u);
    ajar_evidence_proof(&bench.evidence, ajar_span_of(text)); /* no exchange: no place */
    bench.evidence.exchange_count = AJAR_MAX_REQUESTS;
    ajar_evidence_proof(&bench.evidence, ajar_span_of(text));
    cr_assert_eq(strlen(bench.evidence.trace->proofs[AJAR_MAX_REQUESTS - 1]),
                 (size_t)AJAR_MAX_PROOF);
    ajar_arena_deinit(&bench.arena);
}
