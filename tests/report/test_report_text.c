/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/escape.h"

#include "sample.h"

/* A run under way: records go in, a report comes out. */
struct trial
{
    struct ajar_text_report *report;
    struct ajar_run_info run;
    struct ajar_run_totals totals;
    struct sample sample;
    struct ajar_buf out;
};

static void begin(struct trial *trial, unsigned columns, bool color, bool verbose,
                  size_t keep)
{
    struct ajar_text_style style = {
        .color = color, .columns = columns, .verbose = verbose, .explain = verbose};
    memset(trial, 0, sizeof(*trial));
    trial->run = *sample_run();
    trial->totals.complete = true;
    trial->totals.requests = 133;
    trial->totals.duration_ms = 12430;
    ajar_buf_init(&trial->out, 4 << 20);
    cr_assert_eq(ajar_text_new(&style, keep, &trial->report), AJAR_OK);
}

static void add(struct trial *trial, const struct ajar_target_record *record)
{
    sample_tally(&trial->totals, record);
    cr_assert_eq(ajar_text_add(trial->report, record), AJAR_OK);
    /* the record is borrowed: what it pointed to is gone afterwards */
    memset(&trial->sample, 0x5a, sizeof(trial->sample));
}

/* The rest of the run's targets, refused. */
static const char *finish(struct trial *trial)
{
    uint64_t seen = trial->totals.not_visited;
    for (unsigned i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        seen += trial->totals.by_outcome[i];
    }
    while (seen++ < trial->run.targets)
    {
        add(trial, sample_refused(&trial->sample, 99));
    }
    cr_assert_eq(
        ajar_text_render(trial->report, &trial->run, &trial->totals, &trial->out),
        AJAR_OK);
    ajar_text_free(trial->report);
    return trial->out.data;
}

static void end(struct trial *trial)
{
    ajar_buf_deinit(&trial->out);
}

static void has(const char *text, const char *part)
{
    cr_assert_not_null(strstr(text, part), "no <<%s>> in\n%s", part, text);
}

static void has_not(const char *text, const char *part)
{
    cr_assert_null(strstr(text, part), "<<%s>> in\n%s", part, text);
}

static unsigned times(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
    {
        count++;
    }
    return count;
}

/* AJAR_UPDATE_GOLDEN=1 writes the file anew: look at the difference before committing. */
static void golden(const char *name, const char *text)
{
    char path[512];
    static char want[1 << 18];
    snprintf(path, sizeof(path), "%s/tests/report/golden/%s", AJAR_SOURCE_DIR, name);
    if (getenv("AJAR_UPDATE_GOLDEN") != NULL)
    {
        FILE *file = fopen(path, "wb");
        cr_assert_not_null(file);
        fputs(text, file);
        fclose(file);
    }
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s is missing", path);
    want[fread(want, 1, sizeof(want) - 1, file)] = '\0';
    fclose(file);
    cr_assert_str_eq(text, want, "%s differs; the report is now\n%s", path, text);
}

/* Columns of a line, as a terminal without wide characters counts them. */
static void fits(const char *text, unsigned columns)
{
    unsigned at = 0;
    for (const char *p = text; *p != '\0'; p++)
    {
        at = *p == '\n' ? 0 : at + (((unsigned char)*p & 0xc0) != 0x80 ? 1 : 0);
        cr_assert_leq(at, columns, "a line is wider than %u in\n%s", columns, text);
    }
}

static void december(struct trial *trial)
{
    for (unsigned host = 13; host >= 9; host--)
    {
        add(trial, sample_open(&trial->sample, host));
    }
    add(trial, sample_banner(&trial->sample));
    add(trial, sample_guarded(&trial->sample, 40));
    add(trial, sample_unsure(&trial->sample, 31));
    add(trial, sample_unsure(&trial->sample, 30));
    add(trial, sample_no_visit(&trial->sample));
}

static void december_at(unsigned columns, const char *name)
{
    struct trial trial;
    begin(&trial, columns, false, false, 100);
    december(&trial);
    const char *text = finish(&trial);
    fits(text, columns);
    has_not(text, "\x1b");
    golden(name, text);
    end(&trial);
}

Test(text, december_at_60_columns)
{
    december_at(60, "december-60.txt");
}

Test(text, december_at_80_columns)
{
    december_at(80, "december-80.txt");
}

Test(text, december_at_200_columns)
{
    december_at(200, "december-200.txt");
}

Test(text, narrower_than_60_is_60)
{
    struct trial trial;
    begin(&trial, 0, false, false, 100);
    december(&trial);
    golden("december-60.txt", finish(&trial));
    end(&trial);
}

Test(text, five_copies_are_one_data_set)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    december(&trial);
    const char *text = finish(&trial);
    has(text, "one data set of 250,000,012 documents on 5 servers: 198.51.100.9:9200, ");
    has(text, "readable by a stranger: 250,000,012 documents in 1 data set");
    has_not(text, "1,250,000,060");
    has(text, "6 of 768 targets stand open: the worst is CRITICAL.");
    has(text, "3 could not be told and must not be taken as safe.");
    cr_assert_eq(times(text, "xpack.security.enabled"), 1, "the remedy stands once");
    cr_assert_eq(times(text, "close it  as for 198.51.100.9:9200 above"), 4);
    cr_assert_eq(times(text, "ajar check 198.51.100.13:9200"), 1);
    end(&trial);
}

Test(text, one_server_with_two_ports_is_one_server)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    add(&trial, sample_open(&trial.sample, 9));
    struct ajar_target_record *record = sample_open(&trial.sample, 9);
    record->port = 9201;
    add(&trial, record);
    has(finish(&trial), "one data set of 250,000,012 documents on 1 server (2 targets)");
    end(&trial);
}

Test(text, different_data_adds_up)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    add(&trial, sample_open(&trial.sample, 9));
    add(&trial, sample_counted(&trial.sample));
    const char *text = finish(&trial);
    has(text, "readable by a stranger: at least 250,000,013 documents in 2 data sets");
    has_not(text, "one data set");
    has(text, "at least 1 document  support-analytics");
    end(&trial);
}

Test(text, a_template_says_what_is_only_possible)
{
    struct trial trial;
    begin(&trial, 400, false, false, 100);
    struct ajar_target_record *record = sample_open(&trial.sample, 1);
    trial.sample.evidence.sensitivity.template_name = "ecs";
    trial.sample.evidence.sensitivity.kinds_possible = AJAR_KIND_BIT(IP_ADDRESS);
    add(&trial, record);
    has(finish(&trial), "IP addresses only possible: in fields of the ECS template, "
                        "which lists them whether used or not");
    end(&trial);
}

Test(text, expected_open_is_marked_and_stands_last)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    struct ajar_target_record *record = sample_open(&trial.sample, 1);
    record->expect = "honeypot of the SOC";
    add(&trial, record);
    add(&trial, sample_banner(&trial.sample));
    const char *text = finish(&trial);
    has(text, "198.51.100.1:9200  (expected open)");
    has(text, "declared as meant to be open: honeypot of the SOC");
    has(text, "1 of them declared as meant to be open.");
    cr_assert_lt(strstr(text, "[2001:db8:12::7]:9243"),
                 strstr(text, "198.51.100.1:9200"));
    end(&trial);
}

Test(text, colour_only_on_request_and_always_ended)
{
    struct trial trial;
    begin(&trial, 80, true, false, 100);
    december(&trial);
    trial.totals.complete = false;
    const char *text = finish(&trial);
    has(text, "\x1b[1;31mCRITICAL\x1b[0m    198.51.100.9:9200");
    cr_assert_eq(times(text, "\x1b["), 2 * times(text, "\x1b[0m"));
    end(&trial);
}

Test(text, nothing_open_never_stands_without_coverage)
{
    struct trial trial;
    begin(&trial, 80, false, false, 100);
    add(&trial, sample_guarded(&trial.sample, 40));
    const char *text = finish(&trial);
    golden("none-open.txt", text);
    cr_assert_lt(strstr(text, "Coverage"), strstr(text, "No target was found open"));
    has(text, "768: 768 visited, 0 not visited; besides, 6 excluded");
    end(&trial);
}

Test(text, nothing_answered_is_not_nothing_open)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    const char *text = finish(&trial);
    has(text, "No target answered: nothing is reachable from this machine");
    has_not(text, "found open");
    end(&trial);
}

Test(text, unsure_is_never_safe)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    add(&trial, sample_unsure(&trial.sample, 31));
    const char *text = finish(&trial);
    has(text, "Could not be told (1 target; not safe until a later run says so)");
    has(text, "replied: the node has no master: nothing can be said about its data");
    has(text, "1 could not be told and must not be taken as safe.");
    end(&trial);
}

/* What the exchanges show stands in the proof; the reason is the conclusion from it. */
Test(text, conclusions_stand_before_retellings)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    struct ajar_target_record *record = sample_unsure(&trial.sample, 31);
    struct ajar_evidence *evidence = &trial.sample.evidence;
    evidence->reasons[0] = "GET / answered 200 with the banner";
    evidence->reasons[1] = "none of its answers is believed";
    evidence->reason_count = 2;
    add(&trial, record);
    record = sample_unsure(&trial.sample, 32);
    evidence->reasons[0] = "GET / answered 503: not ready";
    evidence->reasons[1] = "GET /_cluster/health answered 503: no master";
    evidence->reason_count = 2;
    add(&trial, record);
    record = sample_open(&trial.sample, 9);
    evidence->reasons[evidence->reason_count++] = "GET / answered 200 with the banner";
    add(&trial, record);
    const char *text = finish(&trial);
    has(text, "replied: none of its answers is believed\n    198.51.100.31:9200\n");
    has(text, "replied: GET /_cluster/health answered 503: no master\n");
    has(text,
        "  why       a count over 60 shards succeeded without a credential\n  data");
    has_not(text, "answered 200 with the banner");
    has(text, "GET /_cat/indices?... -> 200, 4.1 KiB: the index list: 15 names");
    end(&trial);
}

Test(text, incomplete_run_says_so_loudly)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    trial.totals.complete = false;
    trial.totals.not_visited = 700;
    const char *text = finish(&trial);
    has(text, "68 visited, 700 not visited");
    has(text,
        "\nINCOMPLETE: the run ended before all was seen; 700 of 768 targets were not "
        "visited. What is not listed here is not known to be safe.\n");
    end(&trial);
}

Test(text, run_without_a_visit_knows_nothing)
{
    struct trial trial;
    begin(&trial, 200, false, false, 100);
    trial.totals.complete = false;
    trial.totals.not_visited = 768;
    has(finish(&trial), "No target was visited: nothing is known.");
    end(&trial);
}

Test(text, over_keep_the_mildest_are_dropped_and_counted)
{
    struct trial trial;
    begin(&trial, 200, false, false, 3);
    trial.run.targets = 40;
    for (unsigned i = 0; i < 20; i++)
    {
        struct ajar_target_record *record = sample_open(&trial.sample, 1 + i * 7 % 20);
        trial.sample.evidence.indices.documents = 1000 + i * 7 % 20;
        trial.sample.evidence.indices.fingerprint = 1 + i;
        add(&trial, record);
    }
    for (unsigned i = 0; i < 5; i++)
    {
        add(&trial, sample_unsure(&trial.sample, 100 + i));
    }
    const char *text = finish(&trial);
    has(text, "1,019 documents");
    has(text, "1,018 documents");
    has(text, "1,017 documents");
    has_not(text, "1,016 documents");
    has(text, "17 more targets stand open and are not listed: these are the worst 3. "
              "--format jsonl lists every target.");
    has(text, "at least 3,054 documents in 3 data sets (copies counted once), unlisted "
              "targets not included");
    has(text, "20 of 40 targets stand open");
    has(text, "2 more not listed");
    end(&trial);
}

Test(text, keep_of_zero_still_counts)
{
    struct trial trial;
    begin(&trial, 200, false, true, 0);
    december(&trial);
    const char *text = finish(&trial);
    has(text, "6 more targets stand open and are not listed");
    has(text, "6 of 768 targets stand open");
    end(&trial);
}

Test(text, verbose_lists_what_is_not_open)
{
    struct trial trial;
    begin(&trial, 80, false, true, 100);
    trial.run.targets = 2;
    add(&trial, sample_guarded(&trial.sample, 40));
    const char *text = finish(&trial);
    has(text, "198.51.100.40:9200  protected  elasticsearch  Elastic security  "
              "GET / -> 401\n");
    has(text, "198.51.100.99:9200  unreachable  refused  support-analytics\n");
    end(&trial);
}

/* The text of a stranger may neither move the cursor nor write a line of the report. */
static void hostile_at(unsigned columns)
{
    struct trial trial;
    begin(&trial, columns, false, true, 100);
    add(&trial, sample_hostile(&trial.sample));
    const char *text = finish(&trial);
    for (size_t i = 0; i < trial.out.len; i++)
    {
        cr_assert(text[i] == '\n' || (unsigned char)text[i] >= 0x20);
    }
    cr_assert_eq(strlen(text), trial.out.len);
    cr_assert(ajar_utf8_is_valid(ajar_buf_span(&trial.out)));
    has_not(text, "\xe2\x80\xae");
    has_not(text, "\nok: all closed");
    fits(text, columns);
    cr_assert_lt(trial.out.len, 20000);
    end(&trial);
}

Test(text, hostile_peer_text)
{
    hostile_at(60);
    hostile_at(80);
    hostile_at(200);
}

Test(text, advice_stands_apart_and_only_of_open_targets)
{
    struct trial trial;
    begin(&trial, 200, false, true, 100);
    add(&trial, sample_open(&trial.sample, 9));
    add(&trial, sample_open(&trial.sample, 10));
    add(&trial, sample_guarded(&trial.sample, 40));
    const char *text = finish(&trial);
    has(text,
        "\n  advice    as of " AJAR_ADVICE_AS_OF ": end of life since 2026-01-15\n"
        "            CVE-2026-0001: a stranger can run code on the machine, only if "
        "scripts are on; fixed in 7.17.10\n"
        "            CVE-2026-0002: a stranger can stop a node with one search; "
        "fixed in 8.0.0\n");
    has(text, "            and 1 more flaw: --format jsonl names all, with sources\n"
              "  close it ");
    has_not(text, "CVE-2026-0005");
    has(text, "\n  advice    as for 198.51.100.9:9200 above\n");
    cr_assert_eq(times(text, "  advice "), 2u, "%s", text);
    end(&trial);
    begin(&trial, 200, false, true, 100);
    struct ajar_target_record *record = sample_open(&trial.sample, 9);
    record->result.verdict.flags = AJAR_FLAG(LOOKALIKE);
    add(&trial, record);
    has_not(finish(&trial), "advice");
    end(&trial);
}

Test(text, explanation_stands_for_itself)
{
    struct trial trial;
    begin(&trial, 100, false, true, 100);
    add(&trial, sample_explained(&trial.sample, 7));
    const char *text = finish(&trial);
    const char *why =
        strstr(text, "\nWHY         198.51.100.7:9200 is records, severity ");
    cr_assert_not_null(why, "%s", text);
    has(why, "GET / -> 200, shown: \"version.number\":\"7.17.9\"");
    has(why, "exposure 1 no: count shown");
    has(why, "exposure 2 -> count shown: records is the highest");
    cr_assert_eq(times(text, "\nWHY "), 1u, "only what was explained has a block\n%s",
                 text);
    end(&trial);
    begin(&trial, 100, false, false, 100);
    add(&trial, sample_explained(&trial.sample, 7));
    has_not(finish(&trial), "WHY");
    end(&trial);
}

Test(text, full_buffer_is_a_failure)
{
    struct trial trial;
    begin(&trial, 80, false, false, 100);
    december(&trial);
    ajar_buf_init(&trial.out, 900);
    cr_assert_lt(ajar_text_render(trial.report, &trial.run, &trial.totals, &trial.out),
                 0);
    ajar_text_free(trial.report);
    end(&trial);
}

Test(text, new_and_free_without_use)
{
    struct trial trial;
    begin(&trial, 80, false, false, 100);
    ajar_text_free(trial.report);
    ajar_text_free(NULL);
    end(&trial);
}
