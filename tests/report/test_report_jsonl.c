/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "sample.h"

static const char *line_of(const struct ajar_target_record *record, struct ajar_buf *buf)
{
    ajar_buf_init(buf, 1 << 20);
    cr_assert_eq(ajar_jsonl_target(record, buf), AJAR_OK);
    return buf->data;
}

static void has(const char *line, const char *part)
{
    cr_assert_not_null(strstr(line, part), "no %s in %s", part, line);
}

Test(jsonl, refused_target_is_this_line)
{
    struct sample sample;
    struct ajar_buf buf;
    const char *line = line_of(sample_refused(&sample, 9), &buf);
    cr_assert_str_eq(
        line, "{\"type\":\"target\",\"schema\":1,\"run\":\"20261123T004512Z-1f3a9c\","
              "\"time\":\"2026-11-23T01:05:13.009Z\",\"address\":\"198.51.100.9\","
              "\"port\":9200,\"name\":null,\"scheme\":\"http\","
              "\"owner\":\"support-analytics\",\"outcome\":\"refused\","
              "\"exposure\":\"unreachable\",\"severity\":\"none\",\"product\":null,"
              "\"version\":null,\"flags\":[],\"cluster\":null,\"indices\":null,"
              "\"tls\":null,\"requests\":[],\"reasons\":[],\"duration_ms\":0.1,"
              "\"guard\":null,\"expect\":null,\"sensitivity\":null,"
              "\"advice\":null}\n");
    ajar_buf_deinit(&buf);
}

Test(jsonl, open_target_carries_its_proof)
{
    struct sample sample;
    struct ajar_buf buf;
    const char *line = line_of(sample_open(&sample, 9), &buf);
    has(line, "\"exposure\":\"records\",\"severity\":\"critical\","
              "\"product\":\"elasticsearch\",\"version\":\"7.17.9\","
              "\"flags\":[\"self_declared_open\",\"end_of_life\"],"
              "\"cluster\":{\"name\":\"support\",\"uuid\":\"Zb2nq7HkQe6yqJt0aTQWJw\","
              "\"status\":\"green\",\"nodes\":3},");
    has(line, "\"indices\":{\"count\":15,\"system\":3,\"documents\":250000012,"
              "\"bytes\":91242696557,\"truncated\":false,"
              "\"largest\":[{\"name\":\"tickets-2025\",\"documents\":150000000,"
              "\"bytes\":50000000000},");
    has(line, "\"unknown\":0,\"fingerprint\":\"00c0ffee12345678\"},\"tls\":null,");
    has(line, "\"requests\":[{\"path\":\"/\",\"status\":200,\"bytes\":540,\"ms\":3.1},");
    has(line, "\"duration_ms\":12.4,");
    has(line, "\"sensitivity\":{\"level\":\"high\",\"score\":82,"
              "\"kinds\":[\"email\",\"ip_address\"],"
              "\"fields\":[\"tickets-2025.customerEmail\",\"tickets-2025.client_ip\"],"
              "\"indices_looked_at\":3,\"fields_seen\":61,\"fields_sensitive\":2,"
              "\"truncated\":false,\"unredacted\":[\"tickets-2025.client_ip\"],"
              "\"template\":null,\"kinds_possible\":[]},");
    has(line, "\"advice\":{\"as_of\":\"" AJAR_ADVICE_AS_OF
              "\",\"end_of_life\":\"2026-01-15\",\"flaws\":["
              "{\"id\":\"CVE-2026-0001\",\"kind\":\"remote_code\","
              "\"what\":\"run code on the machine\",\"needs\":\"scripts are on\","
              "\"fixed_in\":\"7.17.10\",\"source\":\"https://advisories.example/1\"},"
              "{\"id\":\"CVE-2026-0002\",\"kind\":\"denial\","
              "\"what\":\"stop a node with one search\",\"needs\":null,");
    has(line,
        "\"fixed_in\":\"7.17.13\",\"source\":\"https://advisories.example/1\"}]}}\n");
    ajar_buf_deinit(&buf);
}

Test(jsonl, advice_is_of_a_release_that_is_its_own)
{
    struct sample sample;
    struct ajar_buf buf;
    struct ajar_target_record *record = sample_open(&sample, 9);
    record->result.verdict.flags |= AJAR_FLAG(LOOKALIKE);
    has(line_of(record, &buf), ",\"advice\":null}\n");
    ajar_buf_deinit(&buf);
    /* nothing ended and nothing known is not the same as nothing to say */
    record = sample_open(&sample, 9);
    sample.evidence.version = "8.19.24";
    record->result.verdict.flags = 0;
    has(line_of(record, &buf), "\"end_of_life\":null,\"flaws\":[]}}\n");
    ajar_buf_deinit(&buf);
}

Test(jsonl, a_template_says_what_is_only_possible)
{
    struct sample sample;
    struct ajar_buf buf;
    struct ajar_target_record *record = sample_open(&sample, 9);
    sample.evidence.sensitivity.template_name = "ecs";
    sample.evidence.sensitivity.kinds_possible = AJAR_KIND_BIT(IP_ADDRESS);
    const char *line = line_of(record, &buf);
    has(line, "\"kinds\":[\"email\",\"ip_address\"],");
    has(line, "\"template\":\"ecs\",\"kinds_possible\":[\"ip_address\"]},");
    ajar_buf_deinit(&buf);
}

Test(jsonl, tls_target_names_its_certificate)
{
    struct sample sample;
    struct ajar_buf buf;
    const char *line = line_of(sample_banner(&sample), &buf);
    has(line,
        "\"address\":\"2001:db8:12::7\",\"port\":9243,\"name\":\"logs.corp.example\","
        "\"scheme\":\"https\"");
    has(line,
        "\"tls\":{\"version\":\"TLSv1.3\",\"subject\":\"CN=logs.corp.example,O=Corp\","
        "\"names\":[\"logs.corp.example\",\"10.0.0.7\",\"l1\",\"l2\"],"
        "\"issuer\":\"CN=Corp Issuing CA 2\",\"not_after\":\"2027-01-31T00:00:00Z\"");
    has(line, "\"guard\":\"OpenSearch security\"");
    ajar_buf_deinit(&buf);
}

Test(jsonl, handshake_without_certificate_gives_nulls)
{
    struct sample sample;
    struct ajar_buf buf;
    struct ajar_target_record *record = sample_refused(&sample, 9);
    record->result.tls_facts = &sample.tls;
    has(line_of(record, &buf), "\"tls\":{\"version\":null,\"subject\":null,\"names\":[],"
                               "\"issuer\":null,\"not_after\":null,\"sha256\":null}");
    ajar_buf_deinit(&buf);
}

Test(jsonl, count_alone_gives_documents_and_no_list)
{
    struct sample sample;
    struct ajar_buf buf;
    has(line_of(sample_counted(&sample), &buf),
        "\"indices\":{\"count\":null,\"system\":null,\"documents\":1,\"bytes\":null,"
        "\"truncated\":false,\"largest\":[],\"unknown\":null,\"fingerprint\":null}");
    ajar_buf_deinit(&buf);
}

/* An index list whose rows all lack a figure must not read as "no documents". */
Test(jsonl, list_without_figures_is_null_not_zero)
{
    struct sample sample;
    struct ajar_buf buf;
    struct ajar_target_record *record = sample_open(&sample, 9);
    sample.evidence.indices = (struct ajar_index_facts){.count = 2, .unknown = 2};
    sample.evidence.reading[AJAR_READ_COUNT] = AJAR_READING_NOT_READY;
    has(line_of(record, &buf),
        "\"count\":2,\"system\":0,\"documents\":null,\"bytes\":null");
    ajar_buf_deinit(&buf);
}

/* A list with closed indices is a lower bound; a count that says more is the better one.
 */
Test(jsonl, count_wins_over_a_list_with_gaps)
{
    struct sample sample;
    struct ajar_buf buf;
    struct ajar_target_record *record = sample_open(&sample, 9);
    sample.evidence.indices.unknown = 1;
    sample.evidence.counted = 250000013;
    has(line_of(record, &buf), "\"documents\":250000013,");
    ajar_buf_deinit(&buf);
}

Test(jsonl, no_reply_has_no_status)
{
    struct sample sample;
    struct ajar_buf buf;
    struct ajar_target_record *record = sample_open(&sample, 9);
    sample.evidence.exchanges[4].status = 0;
    sample.evidence.exchanges[4].body_bytes = 0;
    has(line_of(record, &buf),
        "{\"path\":\"/ajar-1f3a9c0d\",\"status\":null,\"bytes\":0,\"ms\":3.1}");
    ajar_buf_deinit(&buf);
}

Test(jsonl, hostile_text_stays_one_harmless_line)
{
    struct sample sample;
    struct ajar_buf buf;
    const char *line = line_of(sample_hostile(&sample), &buf);
    cr_assert_eq(strlen(line), buf.len);
    cr_assert_eq(strchr(line, '\n'), line + buf.len - 1);
    for (size_t i = 0; i + 1 < buf.len; i++)
    {
        cr_assert_geq((unsigned char)line[i], 0x20);
        cr_assert_neq((unsigned char)line[i], 0x7f);
    }
    cr_assert_null(strstr(line, "\xe2\x80\xae"));
    has(line, "\\u001b[2J");
    has(line, "\\u202e\xef\xbf\xbd\\\"\\\\\\t</script>");
    has(line, "\"documents\":18446744073709551615,");
    /* capped: 255 letters and an ellipsis */
    const char *uuid = strstr(line, "\"uuid\":\"A");
    cr_assert_not_null(uuid);
    cr_assert_eq(strspn(uuid + 8, "A"), 255);
    cr_assert_eq(strncmp(uuid + 8 + 255, "\xe2\x80\xa6\"", 4), 0);
    ajar_buf_deinit(&buf);
}

/* The cap counts characters: two hundred and fifty-six of four bytes are not cut, and
 * what is cut is never cut inside one. */
Test(jsonl, cap_counts_characters)
{
    struct sample sample;
    struct ajar_buf buf;
    char text[4 * 257 + 1];
    for (size_t i = 0; i < 257; i++)
    {
        memcpy(text + 4 * i, "\xf0\x9f\x94\x93", 4);
    }
    text[4 * 256] = '\0';
    struct ajar_target_record *record = sample_refused(&sample, 9);
    sample.evidence.version = text;
    has(line_of(record, &buf), text);
    ajar_buf_deinit(&buf);
    text[4 * 256] = '\xf0';
    text[4 * 257] = '\0';
    const char *line = line_of(record, &buf);
    text[4 * 255] = '\0';
    char want[4 * 255 + 5];
    memcpy(want, text, 4 * 255);
    memcpy(want + 4 * 255, "\xe2\x80\xa6\"", 5);
    has(line, want);
    ajar_buf_deinit(&buf);
}

Test(jsonl, run_lines_add_up)
{
    struct ajar_buf buf;
    struct ajar_run_totals totals = {
        .complete = true, .requests = 12, .duration_ms = 4321};
    totals.by_exposure[AJAR_EXPOSURE_RECORDS] = 5;
    totals.by_outcome[AJAR_OUTCOME_REPLIED] = 5;
    totals.not_visited = 763;
    ajar_buf_init(&buf, 4096);
    cr_assert_eq(ajar_jsonl_run_start(sample_run(), &buf), AJAR_OK);
    cr_assert_str_eq(
        buf.data,
        "{\"type\":\"run_start\",\"schema\":1,\"run\":\"20261123T004512Z-1f3a9c\","
        "\"time\":\"2026-11-23T01:05:12.345Z\",\"targets\":768,\"seed\":9007199254740991,"
        "\"scope_digest\":"
        "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\","
        "\"version\":\"0.1.0\"}\n");
    ajar_buf_reset(&buf, 4096);
    cr_assert_eq(ajar_jsonl_run_end(sample_run(), &totals, &buf), AJAR_OK);
    has(buf.data,
        "{\"type\":\"run_end\",\"schema\":1,\"run\":\"20261123T004512Z-1f3a9c\","
        "\"complete\":true,\"targets\":768,\"by_exposure\":{\"unreachable\":0,");
    has(buf.data, "\"records\":5},\"by_outcome\":{\"replied\":5,\"refused\":0,");
    has(buf.data, "\"interrupted\":0},\"not_visited\":763,\"excluded\":6,"
                  "\"duration_ms\":4321,\"requests\":12}\n");
    ajar_buf_deinit(&buf);
}

/* Whatever the room left in the buffer: the whole line or none of it. */
Test(jsonl, full_buffer_leaves_no_half_line)
{
    struct sample sample;
    struct ajar_target_record *record = sample_hostile(&sample);
    struct ajar_buf whole;
    ajar_buf_init(&whole, 1 << 20);
    cr_assert_eq(ajar_jsonl_target(record, &whole), AJAR_OK);
    for (size_t max = 2; max < whole.len + 2; max += 7)
    {
        struct ajar_buf buf;
        ajar_buf_init(&buf, max);
        cr_assert_eq(ajar_buf_text(&buf, "x\n"), AJAR_OK);
        cr_assert_eq(ajar_jsonl_target(record, &buf), AJAR_ELIMIT);
        cr_assert_str_eq(buf.data, "x\n");
        ajar_buf_deinit(&buf);
    }
    ajar_buf_deinit(&whole);
}

Test(jsonl, record_without_a_visit)
{
    struct sample sample;
    struct ajar_buf buf;
    has(line_of(sample_no_visit(&sample), &buf),
        "\"owner\":null,\"outcome\":\"local_resource\",\"exposure\":\"inconclusive\","
        "\"severity\":\"none\",\"product\":null,\"version\":null,\"flags\":[],"
        "\"cluster\":null,\"indices\":null,\"tls\":null,\"requests\":[],\"reasons\":[],"
        "\"duration_ms\":0.0,\"guard\":null,\"expect\":null,\"sensitivity\":null,"
        "\"advice\":null}\n");
    ajar_buf_deinit(&buf);
}

static void time_is(int64_t unix_ms, const char *want)
{
    char text[32];
    ajar_time_format(unix_ms, text);
    cr_assert_str_eq(text, want);
}

Test(time, dates_of_the_calendar)
{
    time_is(0, "1970-01-01T00:00:00.000Z");
    time_is(951782400000, "2000-02-29T00:00:00.000Z");
    time_is(951868799999, "2000-02-29T23:59:59.999Z");
    time_is(951868800000, "2000-03-01T00:00:00.000Z");
    time_is(1709251199001, "2024-02-29T23:59:59.001Z");
    time_is(1798761599999, "2026-12-31T23:59:59.999Z");
    time_is(4107542400000, "2100-03-01T00:00:00.000Z"); /* 2100 is no leap year */
    time_is(4107542399000, "2100-02-28T23:59:59.000Z");
    time_is(-1, "1970-01-01T00:00:00.000Z");
    time_is(INT64_MAX, "9999-12-31T23:59:59.999Z");
    time_is(INT64_MIN, "1970-01-01T00:00:00.000Z");
}
