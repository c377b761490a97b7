/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "ajar/escape.h"

#include "sample.h"

static struct ajar_buf buf;

static void make(void)
{
    ajar_buf_init(&buf, 4u << 20);
}

static void drop(void)
{
    ajar_buf_deinit(&buf);
}

TestSuite(record, .init = make, .fini = drop);

static void has(const char *what)
{
    cr_expect(strstr(buf.data, what) != NULL, "no \"%s\" in:\n%s", what, buf.data);
}

static void has_not(const char *what)
{
    cr_expect(strstr(buf.data, what) == NULL, "\"%s\" in:\n%s", what, buf.data);
}

Test(record, spans_round_as_they_are_told)
{
    static const struct
    {
        uint64_t ms;
        bool up;
        const char *text;
    } rows[] = {
        {0, false, "0 s"},
        {0, true, "0 s"},
        {1, false, "0 s"},
        {1, true, "1 s"},
        {59999, false, "59 s"},
        {59999, true, "1 min"},
        {61000, false, "1 min 1 s"},
        {3599000, true, "59 min 59 s"},
        {3600000, false, "1 h"},
        {3661000, false, "1 h 1 min"},
        {3661000, true, "1 h 2 min"},
        {86399000, true, "24 h"},
        {86400000, false, "1 d"},
        {UINT64_C(1987192000), false, "22 d 23 h"},
        {UINT64_C(2313900000), true, "26 d 19 h"},
        {UINT64_C(2313900000), false, "26 d 18 h"},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        ajar_buf_reset(&buf, 0);
        cr_assert_eq(ajar_record_span(rows[i].ms, rows[i].up, &buf), AJAR_OK);
        cr_expect_str_eq(buf.data, rows[i].text, "%zu: %s", i, buf.data);
    }
}

Test(record, numbers_and_bytes)
{
    ajar_record_number(0, &buf);
    ajar_buf_byte(&buf, ' ');
    ajar_record_number(250000012, &buf);
    ajar_buf_byte(&buf, ' ');
    ajar_record_number(UINT64_MAX, &buf);
    ajar_buf_byte(&buf, ' ');
    ajar_record_bytes(1023, &buf);
    ajar_buf_byte(&buf, ' ');
    ajar_record_bytes(91242696557, &buf);
    ajar_buf_byte(&buf, ' ');
    ajar_record_bytes(UINT64_MAX, &buf);
    cr_assert_str_eq(buf.data, "0 250,000,012 18,446,744,073,709,551,615 1023 bytes "
                               "84.9 GiB 15.9 EiB");
}

static void window(int64_t last_closed, int64_t first_open, int64_t last_open,
                   int64_t first_closed, const char *text)
{
    struct ajar_window given = {last_closed, first_open, last_open, first_closed};
    ajar_buf_reset(&buf, 0);
    cr_assert_eq(ajar_record_window(&given, SAMPLE_SHUT, &buf), AJAR_OK);
    cr_expect_str_eq(buf.data, text, "%s", buf.data);
}

Test(record, the_window_of_december_2019)
{
    window(SAMPLE_CLOSED, SAMPLE_OPEN, SAMPLE_LAST, SAMPLE_SHUT,
           "open at least 22 d 23 h, at most 26 d 19 h");
    window(SAMPLE_CLOSED, SAMPLE_OPEN, SAMPLE_LAST, 0,
           "open at least 22 d 23 h, at most 26 d 19 h until now");
    window(0, SAMPLE_OPEN, SAMPLE_LAST, 0,
           "open at least 22 d 23 h and until now; since when is not known");
    window(0, SAMPLE_OPEN, SAMPLE_LAST, SAMPLE_SHUT,
           "open at least 22 d 23 h; since when is not known");
    window(0, 0, 0, 0, "never seen open");
    window(SAMPLE_SHUT, SAMPLE_LAST, SAMPLE_OPEN, SAMPLE_CLOSED,
           "open at least 0 s, at most 0 s"); /* a clock set back wraps nothing */
}

Test(record, titles)
{
    struct sample sample = {0};
    struct ajar_event_view event = sample_event(&sample, AJAR_EVENT_OPENED);
    ajar_record_event_title(&event, &buf);
    cr_assert_str_eq(buf.data,
                     "Open: Elasticsearch 7.4.2 at 192.0.2.7:9200 and 1 more: "
                     "250,000,012 documents readable by anyone, one of 5 copies");
    ajar_buf_reset(&buf, 0);
    event = sample_event(&sample, AJAR_EVENT_RESOLVED);
    ajar_record_event_title(&event, &buf);
    cr_assert_str_eq(buf.data,
                     "Closed: Elasticsearch 7.4.2 at 192.0.2.7:9200 and 1 more: closed; "
                     "250,000,012 documents could be read by anyone, one of 5 copies");
    ajar_buf_reset(&buf, 0);
    struct ajar_finding_view bare = sample_bare(&sample);
    ajar_record_finding_title(&bare, &buf);
    cr_assert_str_eq(
        buf.data, "A datastore at 192.0.2.9:9200: name and version readable by anyone");
}

Test(record, the_longest_title_is_short_and_safe)
{
    struct sample sample = {0};
    struct ajar_event_view event = sample_event(&sample, AJAR_EVENT_ACCEPT_ENDED);
    event.finding = sample_hostile(&sample);
    event.urgent = true;
    event.finding.endpoints_total = 1000000000000;
    event.finding.dataset.copies = 1000000;
    cr_assert_eq(ajar_addr_parse(ajar_span_of("2001:db8:1111:2222:3333:4444:5555:6666"),
                                 &sample.endpoints[0].addr),
                 AJAR_OK);
    ajar_record_event_title(&event, &buf);
    size_t chars = 0;
    for (size_t i = 0; i < buf.len; i++)
    {
        chars += ((unsigned char)buf.data[i] & 0xc0) != 0x80 ? 1 : 0;
        cr_assert((unsigned char)buf.data[i] >= 0x20);
    }
    cr_assert_leq(chars, 255, "%zu: %s", chars, buf.data);
}

Test(record, text_says_what_a_ticket_needs)
{
    struct sample sample = {0};
    struct ajar_event_view event = sample_event(&sample, AJAR_EVENT_CHANGED);
    cr_assert_eq(ajar_record_event_text(&event, &buf), AJAR_OK);
    has("This is still open, and something about it changed.\n");
    has("  version: 7.4.1 -> 7.4.2\n");
    has("  endpoints: 192.0.2.8:9200\n");
    has("Elasticsearch 7.4.2, cluster \"support-analytics\", uuid "
        "q1w2e3r4t5y6u7i8o9p0aa\n");
    has("Owner support-analytics, support-oncall@example.org\n");
    has("  250,000,012 documents in 10 indices, 84.9 GiB\n");
    has("One data set in 5 copies on separate clusters, this one among them: 250,000,012 "
        "documents, counted once.\n");
    has("  http://192.0.2.7:9200 open, seen open from 2019-12-05T13:00:07.000Z to "
        "2019-12-28T12:59:59.000Z\n");
    has("  https://192.0.2.8:9200 (es2.example.org) silent");
    has("Since when: open at least 22 d 23 h, at most 24 d until now\n");
    has("  last look that proved it closed: 2019-12-04T13:00:07.000Z\n");
    has("  first that proved it closed:     not yet\n");
    has("  2019-12-28T12:59:58.980Z GET /_cat/indices?format=json -> 200, from "
        "198.51.100.9\n");
    has("GET /cases-2019/_count -> no reply\n");
    has("Known of this release, as of " AJAR_ADVICE_AS_OF
        "\n  end of life since 2026-01-15\n"
        "  CVE-2021-44228: a stranger can learn settings of the machine by DNS");
    has(", only if it runs on Java 8 or older; fixed in 7.16.1\n    "
        "https://discuss.elastic");
    has("  CVE-2023-31418: a stranger can stop a node for want of memory with malformed "
        "requests; fixed in 7.17.13\n    https://github.com/advisories/");
    has("How to close it\n  - ");
    has("Check it with: ajar recheck F-ABCDEFGHIJKL\n");
    has("Finding F-ABCDEFGHIJKL, event E-ABCDEFGHIJKL-12, run 20191205T130000Z-1f3a9c\n");
}

Test(record, what_is_closed_needs_no_remedy)
{
    struct sample sample = {0};
    struct ajar_event_view event = sample_event(&sample, AJAR_EVENT_RESOLVED);
    cr_assert_eq(ajar_record_event_text(&event, &buf), AJAR_OK);
    has("Two looks proved this closed.\n");
    has("Since when: open at least 22 d 23 h, at most 26 d 19 h\n");
    has_not("How to close it");
    has_not("Known of this release");
}

Test(record, advice_is_never_of_a_number_that_is_made_up)
{
    struct sample sample = {0};
    struct ajar_finding_view finding = sample_finding(&sample);
    finding.flags = AJAR_FLAG(HONEYPOT) | AJAR_FLAG(PARTIAL);
    cr_assert_eq(ajar_record_finding_text(&finding, SAMPLE_LAST, &buf), AJAR_OK);
    has_not("Known of this release");
}

Test(record, an_event_line_is_the_issue_s)
{
    struct sample sample = {0};
    struct ajar_event_view event = sample_event(&sample, AJAR_EVENT_OPENED);
    event.change_count = 0;
    cr_assert_eq(ajar_record_event(&event, &buf), AJAR_OK);
    has("{\"type\":\"event\",\"schema\":1,\"event\":\"E-ABCDEFGHIJKL-12\",\"kind\":"
        "\"opened\","
        "\"time\":\"2019-12-28T12:59:59.000Z\",\"finding\":\"F-ABCDEFGHIJKL\","
        "\"run\":\"20191205T130000Z-1f3a9c\",\"reference\":null,\"exposure\":\"records\","
        "\"severity\":\"critical\",\"product\":\"elasticsearch\",\"version\":\"7.4.2\","
        "\"flags\":[\"end_of_life\"],\"owner\":\"support-analytics\","
        "\"contact\":\"support-oncall@example.org\",");
    has("\"window\":{\"last_closed\":\"2019-12-04T13:00:07.000Z\",\"first_open\":"
        "\"2019-12-05T13:00:07.000Z\",\"last_open\":\"2019-12-28T12:59:59.000Z\","
        "\"first_closed\":null,");
    has("\"indices\":{\"count\":12,\"system\":2,\"documents\":250000012,"
        "\"bytes\":91242696557,");
    has("\"dataset\":{\"fingerprint\":\"0123456789abcdef\",\"copies\":5,"
        "\"documents\":250000012}");
    has("\"changes\":[],");
    has("\"verify\":\"ajar recheck F-ABCDEFGHIJKL\"");
    cr_assert_eq(buf.data[buf.len - 1], '\n');
    cr_assert_eq(memchr(buf.data, '\n', buf.len), buf.data + buf.len - 1, "one line");
}

Test(record, unknown_is_null)
{
    struct sample sample = {0};
    struct ajar_finding_view bare = sample_bare(&sample);
    cr_assert_eq(ajar_record_finding(&bare, SAMPLE_SHUT, &buf), AJAR_OK);
    has("{\"type\":\"finding\",\"schema\":1,\"state\":\"unverified\",");
    has("\"run\":null,\"reference\":null,");
    has("\"product\":null,\"version\":null,\"flags\":[],\"owner\":null,\"contact\":null,"
        "\"cluster\":null,");
    has("\"indices\":null,\"dataset\":null,\"changes\":[],\"evidence\":[]");
    has("\"acceptance\":null");
}

Test(record, rows_without_figures_are_not_zero_documents)
{
    struct sample sample = {0};
    struct ajar_finding_view finding = sample_finding(&sample);
    finding.documents = 0;
    finding.bytes = 0;
    finding.unknown = 3;
    finding.count_known = false;
    cr_assert_eq(ajar_record_finding(&finding, SAMPLE_SHUT, &buf), AJAR_OK);
    has("\"documents\":null,\"bytes\":null,\"unknown\":3");
    ajar_buf_reset(&buf, 0);
    ajar_record_finding_title(&finding, &buf);
    has(": records readable by anyone");
}

Test(record, hostile_text_stays_text)
{
    struct sample sample = {0};
    struct ajar_event_view event = sample_event(&sample, AJAR_EVENT_OPENED);
    event.finding = sample_hostile(&sample);
    cr_assert_eq(ajar_record_event(&event, &buf), AJAR_OK);
    cr_assert_leq(buf.len, AJAR_MAX_RECORD);
    for (size_t i = 0; i + 1 < buf.len; i++)
    {
        cr_assert((unsigned char)buf.data[i] >= 0x20, "a control byte at %zu", i);
    }
    cr_assert(ajar_utf8_is_valid(ajar_buf_span(&buf)));
    ajar_buf_reset(&buf, 0);
    cr_assert_eq(ajar_record_event_text(&event, &buf), AJAR_OK);
    cr_assert_leq(buf.len, 64u * 1024u);
    has_not("\x1b");
    has_not("\xe2\x80\xae");
}

Test(record, a_line_is_whole_or_not_there)
{
    struct sample sample = {0};
    struct ajar_event_view event = sample_event(&sample, AJAR_EVENT_OPENED);
    cr_assert_eq(ajar_record_event(&event, &buf), AJAR_OK);
    size_t whole = buf.len;
    for (size_t max = 1; max < whole; max += max < 200 ? 1 : 97)
    {
        struct ajar_buf small;
        ajar_buf_init(&small, max);
        cr_assert_eq(ajar_record_event(&event, &small), AJAR_ELIMIT, "%zu", max);
        cr_assert_eq(small.len, 0);
        ajar_buf_deinit(&small);
    }
}

Test(record, csv_quotes_and_defuses)
{
    struct sample sample = {0};
    struct ajar_finding_view finding = sample_finding(&sample);
    finding.cluster_name = "=HYPERLINK(\"x\")";
    finding.contact = "a,b\r\nc";
    cr_assert_eq(ajar_record_csv_head(&buf), AJAR_OK);
    cr_assert_eq(ajar_record_csv(&finding, &buf), AJAR_OK);
    has("finding,state,severity,");
    has("F-ABCDEFGHIJKL,open,critical,records,\"elasticsearch\",\"7.4.2\",end_of_life,"
        "\"support-analytics\",\"a,b\\x0d\\x0ac\",\"'=HYPERLINK(\"\"x\"\")\",");
    has(",192.0.2.7,9200,http,2,12,250000012,91242696557,5,2019-12-04T13:00:07.000Z,");
    cr_assert_str_eq(buf.data + buf.len - 3, "\"\r\n");
    unsigned lines = 0;
    for (size_t i = 0; i < buf.len; i++)
    {
        lines += buf.data[i] == '\n' ? 1 : 0;
    }
    cr_assert_eq(lines, 2);
}
