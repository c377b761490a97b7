/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <string.h>

#include <criterion/criterion.h>

/* The rules of docs/classification.md, over readings alone. */

#define S AJAR_READING_SHOWN
#define R AJAR_READING_REFUSED
#define L AJAR_READING_IN_DOUBT
#define W AJAR_READING_NOT_READY
#define A AJAR_READING_ABSENT
#define O AJAR_READING_OTHER
#define C AJAR_READING_CUT
#define F AJAR_READING_FAILED
#define N AJAR_READING_NOT_ASKED

enum product
{
    NO_PRODUCT,
    ELASTIC,
    COUCH
};

struct row
{
    uint8_t root, health, list, count, control;
    enum product product;
    enum ajar_exposure exposure;
    bool partial;
};

static const struct row rows[] = {
    {S, S, S, S, A, ELASTIC, AJAR_EXPOSURE_RECORDS, false},
    {S, S, S, R, A, ELASTIC, AJAR_EXPOSURE_INDICES, true},
    {S, S, S, W, A, ELASTIC, AJAR_EXPOSURE_INDICES, true},
    {S, S, S, N, A, ELASTIC, AJAR_EXPOSURE_INDICES, false},
    {S, S, R, R, A, ELASTIC, AJAR_EXPOSURE_METADATA, true},
    {S, S, A, A, A, ELASTIC, AJAR_EXPOSURE_METADATA, false},
    {S, R, R, R, A, ELASTIC, AJAR_EXPOSURE_IDENTITY, true},
    {S, R, N, N, N, ELASTIC, AJAR_EXPOSURE_IDENTITY, true},
    {S, S, W, R, A, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {S, S, R, L, A, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {S, S, C, O, A, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {S, S, O, F, A, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {S, W, N, N, N, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {S, W, R, R, A, ELASTIC, AJAR_EXPOSURE_IDENTITY, true},
    {R, R, R, S, A, ELASTIC, AJAR_EXPOSURE_RECORDS, true},
    {R, R, R, S, S, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {S, S, S, S, S, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {R, N, N, N, N, NO_PRODUCT, AJAR_EXPOSURE_PROTECTED, false},
    {R, R, R, N, N, NO_PRODUCT, AJAR_EXPOSURE_PROTECTED, false},
    {R, A, A, N, N, NO_PRODUCT, AJAR_EXPOSURE_NOT_DATASTORE, false},
    {R, A, A, A, N, ELASTIC, AJAR_EXPOSURE_PROTECTED, false},
    {R, A, R, N, N, NO_PRODUCT, AJAR_EXPOSURE_PROTECTED, false},
    {A, A, R, R, N, ELASTIC, AJAR_EXPOSURE_PROTECTED, false},
    {R, W, R, R, N, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {R, L, L, L, N, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {A, A, A, N, N, NO_PRODUCT, AJAR_EXPOSURE_NOT_DATASTORE, false},
    {O, N, N, N, N, NO_PRODUCT, AJAR_EXPOSURE_NOT_DATASTORE, false},
    {O, N, N, N, N, COUCH, AJAR_EXPOSURE_NOT_DATASTORE, false},
    {A, A, A, A, N, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {W, N, N, N, N, NO_PRODUCT, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {W, W, N, N, N, ELASTIC, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {C, N, N, N, N, NO_PRODUCT, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {F, N, N, N, N, NO_PRODUCT, AJAR_EXPOSURE_INCONCLUSIVE, false},
    {N, N, N, N, N, NO_PRODUCT, AJAR_EXPOSURE_INCONCLUSIVE, false},
};

struct bench
{
    struct ajar_arena arena;
    struct ajar_evidence evidence;
    struct ajar_verdict verdict;
};

static void open_bench(struct bench *bench)
{
    memset(bench, 0, sizeof(*bench));
    ajar_arena_init(&bench->arena, AJAR_MAX_VISIT_ARENA);
    ajar_evidence_init(&bench->evidence, &bench->arena);
}

static void read_as(struct bench *bench, const struct row *row)
{
    static const char *const products[] = {NULL, "elasticsearch", "couchdb"};
    uint8_t *reading = bench->evidence.reading;
    reading[AJAR_READ_ROOT] = row->root;
    reading[AJAR_READ_HEALTH] = row->health;
    reading[AJAR_READ_LIST] = row->list;
    reading[AJAR_READ_COUNT] = row->count;
    reading[AJAR_READ_CONTROL] = row->control;
    bench->evidence.product = products[row->product];
}

Test(verdict, exposure_of_readings)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        struct bench bench;
        open_bench(&bench);
        read_as(&bench, &rows[i]);
        ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
        cr_expect_eq(bench.verdict.exposure, rows[i].exposure, "row %zu: %s, expected %s",
                     i, ajar_exposure_word(bench.verdict.exposure),
                     ajar_exposure_word(rows[i].exposure));
        bool partial = (bench.verdict.flags & AJAR_FLAG(PARTIAL)) != 0;
        cr_expect_eq(partial, rows[i].partial, "row %zu: partial", i);
        ajar_arena_deinit(&bench.arena);
    }
}

/* Over every combination of readings: something SHOWN is the least that an open level
 * needs, "safe" words need that nothing was shown and nothing stayed open, and a refusal
 * in place of a shown read never raises the level. */
static bool is_open_question(uint8_t reading)
{
    return reading == L || reading == W || reading == C || reading == F;
}

static enum ajar_exposure exposure_of(const struct row *row)
{
    struct bench bench;
    open_bench(&bench);
    read_as(&bench, row);
    ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
    ajar_arena_deinit(&bench.arena);
    return bench.verdict.exposure;
}

static void expect_lawful(const struct row *row)
{
    enum ajar_exposure exposure = exposure_of(row);
    bool shown = row->root == S || row->health == S || row->list == S || row->count == S;
    bool asked_open = is_open_question(row->root) || is_open_question(row->health) ||
                      is_open_question(row->list) || is_open_question(row->count);
    cr_expect(shown || !ajar_exposure_is_open(exposure));
    bool safe =
        exposure == AJAR_EXPOSURE_PROTECTED || exposure == AJAR_EXPOSURE_NOT_DATASTORE;
    cr_expect(!safe || (!shown && !asked_open), "%d %d %d %d is called safe", row->root,
              row->health, row->list, row->count);
    const uint8_t reads[] = {row->root, row->health, row->list, row->count};
    for (size_t i = 0; i < 4 && ajar_exposure_is_open(exposure); i++)
    {
        struct row less = *row;
        uint8_t *fields[] = {&less.root, &less.health, &less.list, &less.count};
        if (reads[i] == S)
        {
            *fields[i] = R;
            enum ajar_exposure lower = exposure_of(&less);
            cr_expect(lower <= exposure, "%d %d %d %d: losing read %zu raises", row->root,
                      row->health, row->list, row->count, i);
        }
    }
}

Test(verdict, laws_over_all_readings)
{
    for (unsigned code = 0; code < 9 * 9 * 9 * 9; code++)
    {
        struct row row = {.root = (uint8_t)(code % 9),
                          .health = (uint8_t)(code / 9 % 9),
                          .list = (uint8_t)(code / 81 % 9),
                          .count = (uint8_t)(code / 729 % 9),
                          .control = A,
                          .product = ELASTIC};
        expect_lawful(&row);
    }
}

Test(verdict, outcomes_without_a_reply)
{
    static const struct
    {
        enum ajar_outcome outcome;
        enum ajar_exposure exposure;
    } map[] = {
        {AJAR_OUTCOME_REFUSED, AJAR_EXPOSURE_UNREACHABLE},
        {AJAR_OUTCOME_TIMEOUT_CONNECT, AJAR_EXPOSURE_UNREACHABLE},
        {AJAR_OUTCOME_RESET, AJAR_EXPOSURE_UNREACHABLE},
        {AJAR_OUTCOME_CLOSED, AJAR_EXPOSURE_UNREACHABLE},
        {AJAR_OUTCOME_HOST_UNREACHABLE, AJAR_EXPOSURE_UNREACHABLE},
        {AJAR_OUTCOME_NET_UNREACHABLE, AJAR_EXPOSURE_UNREACHABLE},
        {AJAR_OUTCOME_NOT_HTTP, AJAR_EXPOSURE_NOT_DATASTORE},
        {AJAR_OUTCOME_TIMEOUT_REPLY, AJAR_EXPOSURE_INCONCLUSIVE},
        {AJAR_OUTCOME_TLS_FAILED, AJAR_EXPOSURE_INCONCLUSIVE},
        {AJAR_OUTCOME_UNPARSEABLE, AJAR_EXPOSURE_INCONCLUSIVE},
        {AJAR_OUTCOME_TOO_LARGE, AJAR_EXPOSURE_INCONCLUSIVE},
        {AJAR_OUTCOME_OUT_OF_BUDGET, AJAR_EXPOSURE_INCONCLUSIVE},
        {AJAR_OUTCOME_LOCAL_RESOURCE, AJAR_EXPOSURE_INCONCLUSIVE},
        {AJAR_OUTCOME_EXCLUDED, AJAR_EXPOSURE_INCONCLUSIVE},
        {AJAR_OUTCOME_INTERRUPTED, AJAR_EXPOSURE_INCONCLUSIVE},
    };
    cr_expect_eq(AJAR_COUNT_OF(map) + 1, AJAR_OUTCOME_COUNT, "a new outcome needs a row");
    for (size_t i = 0; i < AJAR_COUNT_OF(map); i++)
    {
        struct bench bench;
        open_bench(&bench);
        bench.evidence.reading[AJAR_READ_ROOT] = F;
        ajar_classify(map[i].outcome, &bench.evidence, &bench.verdict);
        cr_expect_eq(bench.verdict.exposure, map[i].exposure, "%s",
                     ajar_outcome_word(map[i].outcome));
        cr_expect_eq(bench.verdict.severity, AJAR_SEVERITY_NONE);
        ajar_arena_deinit(&bench.arena);
    }
}

/* A visit that was interrupted after it proved something keeps what is proven. */
Test(verdict, what_was_proven_stays)
{
    struct bench bench;
    open_bench(&bench);
    read_as(&bench, &(struct row){S, S, S, N, N, ELASTIC, 0, false});
    ajar_classify(AJAR_OUTCOME_INTERRUPTED, &bench.evidence, &bench.verdict);
    cr_expect_eq(bench.verdict.exposure, AJAR_EXPOSURE_INDICES);
    cr_expect(bench.verdict.flags & AJAR_FLAG(PARTIAL));
    ajar_arena_deinit(&bench.arena);
}

struct severity_row
{
    uint8_t list, count;
    uint64_t documents, counted, unknown;
    bool truncated, sensitive, ransom;
    enum ajar_severity severity;
};

static const struct severity_row severities[] = {
    {S, S, 9999, 0, 0, false, false, false, AJAR_SEVERITY_HIGH},
    {S, S, 10000, 0, 0, false, false, false, AJAR_SEVERITY_CRITICAL},
    {S, S, 1, 10000, 0, false, false, false, AJAR_SEVERITY_CRITICAL},
    {S, S, 1, 0, 0, true, false, false, AJAR_SEVERITY_CRITICAL},
    {S, S, 0, 0, 3, false, false, false, AJAR_SEVERITY_CRITICAL},
    {S, S, 5, 0, 3, false, false, false, AJAR_SEVERITY_HIGH},
    {S, S, 5, 0, 0, false, true, false, AJAR_SEVERITY_CRITICAL},
    {S, S, 1, 0, 0, false, false, true, AJAR_SEVERITY_CRITICAL},
    {S, S, 1, 0, 0, false, false, false, AJAR_SEVERITY_HIGH},
    {S, S, 0, 0, 0, false, false, false, AJAR_SEVERITY_MEDIUM},
    {R, S, 0, 7, 0, false, false, false, AJAR_SEVERITY_HIGH},
    {S, R, 10, 0, 0, false, false, false, AJAR_SEVERITY_MEDIUM},
    {S, R, 10000, 0, 0, false, false, false, AJAR_SEVERITY_HIGH},
    {S, R, 10, 0, 0, false, true, false, AJAR_SEVERITY_HIGH},
    {S, R, 1, 0, 0, false, false, true, AJAR_SEVERITY_HIGH},
    {R, R, 0, 0, 0, false, false, false, AJAR_SEVERITY_LOW},
};

Test(verdict, severity)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(severities); i++)
    {
        const struct severity_row *row = &severities[i];
        struct bench bench;
        open_bench(&bench);
        read_as(&bench, &(struct row){S, S, row->list, row->count, A, ELASTIC, 0, false});
        struct ajar_index_facts *indices = &bench.evidence.indices;
        indices->count = 3;
        indices->documents = row->documents;
        indices->unknown = row->unknown;
        indices->truncated = row->truncated;
        indices->sensitive = row->sensitive ? 1 : 0;
        indices->ransom_strong = row->ransom ? 1 : 0;
        bench.evidence.counted = row->counted;
        ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
        cr_expect_eq(bench.verdict.severity, row->severity, "row %zu: %s", i,
                     ajar_severity_word(bench.verdict.severity));
        ajar_arena_deinit(&bench.arena);
    }
}

static bool is_compromised(uint64_t count, uint64_t documents, uint32_t strong,
                           uint32_t weak, uint32_t flags)
{
    struct bench bench;
    open_bench(&bench);
    read_as(&bench, &(struct row){S, S, S, S, A, ELASTIC, 0, false});
    bench.evidence.flags = flags;
    bench.evidence.indices.count = count;
    bench.evidence.indices.documents = documents;
    bench.evidence.indices.ransom_strong = strong;
    bench.evidence.indices.ransom_weak = weak;
    bench.evidence.indices.ransom_example = "x";
    ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
    ajar_arena_deinit(&bench.arena);
    return (bench.verdict.flags & AJAR_FLAG(COMPROMISED)) != 0;
}

Test(verdict, compromised)
{
    cr_expect(is_compromised(20, 100000, 1, 0, 0), "a strong name beside data");
    cr_expect(is_compromised(1, 1, 0, 1, 0), "a weak name alone");
    cr_expect(is_compromised(2, 3, 0, 1, 0), "a weak name, next to nothing beside");
    cr_expect_not(is_compromised(3, 3, 0, 1, 0), "a weak name beside others");
    cr_expect_not(is_compromised(2, 500, 0, 1, 0), "a weak name beside data");
    cr_expect_not(is_compromised(1, 1, 1, 0, AJAR_FLAG(HONEYPOT)), "a decoy (R17)");
    cr_expect_not(is_compromised(1, 1, 0, 0, 0));
}

Test(verdict, end_of_life_is_never_a_lookalikes)
{
    static const uint32_t flags[] = {0, AJAR_FLAG(LOOKALIKE), AJAR_FLAG(HONEYPOT)};
    for (size_t i = 0; i < AJAR_COUNT_OF(flags); i++)
    {
        struct bench bench;
        open_bench(&bench);
        read_as(&bench, &(struct row){S, S, S, S, A, ELASTIC, 0, false});
        bench.evidence.version = "7.17.0";
        bench.evidence.flags = flags[i];
        ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
        cr_expect_eq((bench.verdict.flags & AJAR_FLAG(END_OF_LIFE)) != 0, i == 0);
        cr_expect_eq(bench.verdict.flags & flags[i], flags[i],
                     "the probe's flags are kept");
        ajar_arena_deinit(&bench.arena);
    }
}

/* It speaks the interface: where nothing is shown and nothing refused, nothing is known.
 */
Test(verdict, a_silent_lookalike_is_no_stranger)
{
    static const uint32_t flags[] = {0, AJAR_FLAG(LOOKALIKE)};
    static const enum ajar_exposure expected[] = {AJAR_EXPOSURE_NOT_DATASTORE,
                                                  AJAR_EXPOSURE_INCONCLUSIVE};
    for (size_t i = 0; i < AJAR_COUNT_OF(flags); i++)
    {
        struct bench bench;
        open_bench(&bench);
        read_as(&bench, &(struct row){A, A, A, A, N, NO_PRODUCT, 0, false});
        bench.evidence.flags = flags[i];
        ajar_classify(AJAR_OUTCOME_REPLIED, &bench.evidence, &bench.verdict);
        cr_expect_eq(bench.verdict.exposure, expected[i]);
        ajar_arena_deinit(&bench.arena);
    }
}

Test(verdict, reasons_are_bounded)
{
    struct bench bench;
    open_bench(&bench);
    char longest[2000];
    memset(longest, 'x', sizeof(longest));
    longest[sizeof(longest) - 1] = '\0';
    for (size_t i = 0; i < AJAR_MAX_REASONS + 5; i++)
    {
        ajar_evidence_reason(&bench.evidence, "%s", longest);
    }
    cr_expect_eq(bench.evidence.reason_count, AJAR_MAX_REASONS);
    cr_expect(strlen(bench.evidence.reasons[0]) < 512);
    ajar_arena_deinit(&bench.arena);
    ajar_arena_init(&bench.arena, 0);
    ajar_evidence_init(&bench.evidence, &bench.arena);
    ajar_evidence_reason(&bench.evidence, "no memory");
    cr_expect_eq(bench.evidence.reason_count, 0);
    for (uint8_t reading = 0; reading <= F; reading++)
    {
        cr_expect_str_neq(ajar_reading_word((enum ajar_reading)reading), "unknown");
    }
}
