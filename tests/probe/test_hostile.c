/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

/* Large, broken and lying replies, made in code because no file should hold them. */

struct server
{
    struct ajar_buf list;
    struct ajar_span root;
    bool list_cut;
    bool list_chunked;
};

static const char banner[] =
    "{\"name\":\"n\",\"cluster_name\":\"c\",\"cluster_uuid\":\"u\",\"version\":{"
    "\"number\":"
    "\"8.19.20\",\"lucene_version\":\"9.12.2\"},\"tagline\":\"You Know, for Search\"}";

static void answer(void *context, const struct ajar_ask *ask, struct drive_reply *out)
{
    struct server *server = context;
    out->status = 200;
    out->headers[0] = "content-type: application/json";
    out->headers[1] = "X-elastic-product: Elasticsearch";
    switch ((enum ajar_read)ask->step->read)
    {
    case AJAR_READ_ROOT:
        out->body = server->root.data != NULL ? server->root : ajar_span_of(banner);
        return;
    case AJAR_READ_HEALTH:
        out->body = ajar_span_of("{\"cluster_name\":\"c\",\"status\":\"green\","
                                 "\"number_of_nodes\":3,\"active_primary_shards\":5}");
        return;
    case AJAR_READ_LIST:
        out->body = ajar_buf_span(&server->list);
        out->cut = server->list_cut;
        out->chunked = server->list_chunked;
        return;
    case AJAR_READ_COUNT:
        out->body =
            ajar_span_of("{\"count\":7,\"_shards\":{\"total\":1,\"successful\":1}}");
        return;
    case AJAR_READ_CONTROL:
    case AJAR_READ_MAPPING:
    case AJAR_READ_COUNT_OF:
        break;
    }
    out->status = 404;
    out->body = ajar_span_of("{\"error\":\"x\",\"status\":404}");
}

static void put_row(struct ajar_buf *list, const char *name, unsigned long long documents)
{
    (void)ajar_buf_printf(
        list,
        "%s{\"health\":\"green\",\"status\":\"open\",\"index\":\"%s\","
        "\"uuid\":\"u8FNjxh8Rfy_awN11oDKYQ\",\"pri\":\"1\",\"rep\":\"1\","
        "\"docs.count\":\"%llu\",\"store.size\":\"1000\"}",
        list->len > 1 ? "," : "", name, documents);
}

static struct server server_of(size_t max)
{
    struct server server = {0};
    ajar_buf_init(&server.list, max);
    (void)ajar_buf_text(&server.list, "[");
    return server;
}

static size_t memory_of(size_t rows, struct drive *drive)
{
    struct server server = server_of(32u * 1024 * 1024);
    server.list_chunked = true;
    for (size_t i = 0; i < rows; i++)
    {
        char name[64];
        (void)snprintf(name, sizeof(name), "metrics-line-%06zu-with-a-longer-name", i);
        put_row(&server.list, name, i); /* ascending: each row is the largest so far */
    }
    (void)ajar_buf_text(&server.list, "]");
    drive_run(drive, answer, &server, (struct drive_cut){0, 1460});
    ajar_buf_deinit(&server.list);
    return drive->arena.used;
}

/* Names are kept up to a maximum; beyond that no row costs a byte. */
Test(hostile, fifty_thousand_rows_in_the_memory_of_few)
{
    struct drive few;
    struct drive many;
    size_t small = memory_of(AJAR_MAX_NAMES + 10, &few);
    size_t large = memory_of(50000, &many);
    cr_expect_eq(small, large, "%zu bytes for 266 rows, %zu for 50,000", small, large);
    cr_expect_eq(many.evidence.indices.name_count, (size_t)AJAR_MAX_NAMES);
    cr_expect_not(many.evidence.indices.names_complete);
    cr_expect_str_eq(many.evidence.indices.names[0],
                     "metrics-line-000000-with-a-longer-name");
    cr_expect_str_eq(many.evidence.indices.names[AJAR_MAX_NAMES - 1],
                     "metrics-line-000255-with-a-longer-name");
    cr_expect_eq(many.evidence.indices.count, 50000);
    cr_expect_eq(many.evidence.indices.documents, 49999ull * 50000 / 2);
    cr_expect_eq(many.evidence.indices.bytes, 50000ull * 1000);
    cr_expect_eq(many.evidence.indices.largest_count, AJAR_MAX_LARGEST);
    cr_expect_str_eq(many.evidence.indices.largest[0].name,
                     "metrics-line-049999-with-a-longer-name");
    cr_expect_str_eq(many.evidence.indices.largest[4].name,
                     "metrics-line-049995-with-a-longer-name");
    cr_expect_eq(many.verdict.exposure, AJAR_EXPOSURE_RECORDS);
    cr_expect_not(drive_has_flag(&many, AJAR_FLAG(TRUNCATED)));
    drive_free(&few);
    drive_free(&many);
}

static uint64_t fingerprint_of(const char *const *names,
                               const unsigned long long *documents, size_t count,
                               bool backwards)
{
    struct server server = server_of(64 * 1024);
    struct drive drive;
    for (size_t i = 0; i < count; i++)
    {
        size_t at = backwards ? count - 1 - i : i;
        put_row(&server.list, names[at], documents[at]);
    }
    (void)ajar_buf_text(&server.list, "]");
    drive_run(&drive, answer, &server, (struct drive_cut){0, 0});
    uint64_t print = drive.evidence.indices.fingerprint;
    drive_free(&drive);
    ajar_buf_deinit(&server.list);
    return print;
}

Test(hostile, the_fingerprint_knows_data_and_not_order)
{
    static const char *const names[] = {"a", "b", ".kibana_1"};
    static const char *const other[] = {"a", "c", ".kibana_1"};
    static const char *const more_system[] = {"a", "b", ".kibana_2"};
    static const unsigned long long documents[] = {1, 2, 3};
    static const unsigned long long swapped[] = {2, 1, 3};
    static const unsigned long long none[] = {0, 0, 3};
    uint64_t print = fingerprint_of(names, documents, 3, false);
    cr_expect_neq(print, 0);
    cr_expect_eq(print, fingerprint_of(names, documents, 3, true));
    cr_expect_eq(print, fingerprint_of(more_system, documents, 3, false));
    cr_expect_neq(print, fingerprint_of(other, documents, 3, false));
    cr_expect_neq(print, fingerprint_of(names, swapped, 3, false));
    cr_expect_eq(fingerprint_of(names, none, 3, false), 0);
}

static void expect_list(const char *list, bool cut, enum ajar_exposure exposure,
                        uint64_t count, bool truncated)
{
    struct server server = {.list_cut = cut};
    struct drive drive;
    ajar_buf_init(&server.list, 1024 * 1024);
    (void)ajar_buf_text(&server.list, list);
    drive_run(&drive, answer, &server, (struct drive_cut){0, 1});
    cr_expect_eq(drive.verdict.exposure, exposure, "%s: %s", list,
                 ajar_exposure_word(drive.verdict.exposure));
    cr_expect_eq(drive.evidence.indices.count, count, "%s: %llu rows", list,
                 (unsigned long long)drive.evidence.indices.count);
    cr_expect_eq(drive.evidence.indices.truncated, truncated, "%s", list);
    drive_free(&drive);
    ajar_buf_deinit(&server.list);
}

Test(hostile, lists_that_lie)
{
    /* The count answers in this server, so RECORDS stands on that alone; what matters
     * here is which rows are believed. */
    expect_list("[{}]", false, AJAR_EXPOSURE_RECORDS, 0, false);
    expect_list("[1,2,3]", false, AJAR_EXPOSURE_RECORDS, 0, false);
    expect_list("[{\"index\":7}]", false, AJAR_EXPOSURE_RECORDS, 0, false);
    expect_list("[{\"index\":\"\"}]", false, AJAR_EXPOSURE_RECORDS, 0, false);
    expect_list("{\"error\":\"x\"}", false, AJAR_EXPOSURE_RECORDS, 0, false);
    expect_list("yellow open read_me 1 1", false, AJAR_EXPOSURE_RECORDS, 0, false);
    expect_list("[{\"index\":\"a\"},{\"other\":\"b\"}]", false, AJAR_EXPOSURE_RECORDS, 0,
                false);
    expect_list("[{\"index\":\"a\"},{\"index\":\"b\"},{\"ind", true,
                AJAR_EXPOSURE_RECORDS, 2, true);
    expect_list("[{\"index\":\"a\"},{\"index\":\"b\"}} nonsense", false,
                AJAR_EXPOSURE_RECORDS, 2, true);
    expect_list("[{\"index\":\"a\",\"docs.count\":\"-1\",\"store.size\":\"1e9\"}]", false,
                AJAR_EXPOSURE_RECORDS, 1, false);
}

Test(hostile, counts_that_overflow_stay_totals)
{
    struct server server = server_of(64 * 1024);
    struct drive drive;
    put_row(&server.list, "a", 18446744073709551615ull);
    put_row(&server.list, "b", 18446744073709551615ull);
    (void)ajar_buf_text(&server.list, "]");
    drive_run(&drive, answer, &server, (struct drive_cut){0, 0});
    cr_expect_eq(drive.evidence.indices.documents, UINT64_MAX);
    drive_free(&drive);
    ajar_buf_deinit(&server.list);
}

Test(hostile, a_row_too_long_is_a_lower_bound)
{
    struct server server = server_of(1024 * 1024);
    struct drive drive;
    put_row(&server.list, "a", 1);
    (void)ajar_buf_text(&server.list, ",{\"index\":\"b\",\"x\":\"");
    for (size_t i = 0; i < AJAR_MAX_ROW; i++)
    {
        (void)ajar_buf_byte(&server.list, 'x');
    }
    (void)ajar_buf_text(&server.list, "\"}]");
    drive_run(&drive, answer, &server, (struct drive_cut){0, 100});
    cr_expect_eq(drive.evidence.indices.count, 1);
    cr_expect(drive_has_flag(&drive, AJAR_FLAG(TRUNCATED)));
    cr_expect_eq(drive.verdict.severity, AJAR_SEVERITY_CRITICAL);
    drive_free(&drive);
    ajar_buf_deinit(&server.list);
}

static void expect_root(struct ajar_span root, enum ajar_exposure exposure)
{
    struct server server = server_of(1024);
    struct drive drive;
    server.root = root;
    (void)ajar_buf_text(&server.list, "]");
    drive_run(&drive, answer, &server, (struct drive_cut){0, 0});
    cr_expect_eq(drive.verdict.exposure, exposure, "%.40s: %s", root.data,
                 ajar_exposure_word(drive.verdict.exposure));
    cr_expect_eq(drive.requests, 1);
    drive_free(&drive);
    ajar_buf_deinit(&server.list);
}

Test(hostile, roots_that_are_none)
{
    static const char nul[] = "{\"name\":\"n\0\",\"version\":{\"number\":\"7.10.2\","
                              "\"lucene_version\":\"8.7.0\"},\"tagline\":\"x\"}";
    static const char escaped_nul[] = "{\"tagline\":\"\\u0000\",\"version\":{\"number\":"
                                      "\"7.10.2\",\"lucene_version\":\"8.7.0\"}}";
    expect_root((struct ajar_span){nul, sizeof(nul) - 1}, AJAR_EXPOSURE_INCONCLUSIVE);
    expect_root(ajar_span_of(escaped_nul), AJAR_EXPOSURE_INCONCLUSIVE);
    expect_root(ajar_span_of("{\"version\":\"8.7.1\"}"), AJAR_EXPOSURE_NOT_DATASTORE);
    expect_root(ajar_span_of("{\"version\":{\"number\":8},\"tagline\":\"You Know, for "
                             "Search\"}"),
                AJAR_EXPOSURE_NOT_DATASTORE);
    expect_root(ajar_span_of("{\"VERSION\":{\"number\":\"8.7.1\"},\"TAGLINE\":\"x\"}"),
                AJAR_EXPOSURE_NOT_DATASTORE);
    expect_root(ajar_span_of("\xff\xfe\x00"), AJAR_EXPOSURE_NOT_DATASTORE);
    expect_root(ajar_span_of("\"You Know, for Search\""), AJAR_EXPOSURE_NOT_DATASTORE);
}

/* A JSON object without end is neither a banner nor proof that there is none. */
Test(hostile, an_endless_root_is_inconclusive)
{
    size_t len = 200 * 1024;
    char *root = malloc(len);
    cr_assert_not_null(root);
    memset(root, 'x', len);
    memcpy(root, "{\"name\":\"", 9);
    expect_root((struct ajar_span){root, len}, AJAR_EXPOSURE_INCONCLUSIVE);
    memset(root, 'x', len); /* ... while a page without end is none */
    expect_root((struct ajar_span){root, len}, AJAR_EXPOSURE_NOT_DATASTORE);
    free(root);
}

/* Nothing that came is lost or leaked when memory runs out at any point of the arena. */
Test(hostile, any_arena_size_ends_well)
{
    struct server server = server_of(1024 * 1024);
    put_row(&server.list, "customers", 5);
    put_row(&server.list, "b", 4);
    (void)ajar_buf_text(&server.list, "]");
    for (size_t max = 0; max < 12 * 1024; max += 97)
    {
        const struct ajar_probe *probe = &ajar_probe_elasticsearch;
        struct ajar_arena arena;
        struct ajar_evidence evidence;
        struct ajar_verdict verdict;
        struct ajar_ask ask;
        ajar_arena_init(&arena, max);
        ajar_evidence_init(&evidence, &arena);
        void *state = calloc(1, probe->state_bytes);
        probe->begin(state, &evidence, 1);
        while (probe->next(state, &ask))
        {
            struct drive_reply reply = {0};
            struct ajar_reply_head head = {0};
            answer(&server, &ask, &reply);
            head.status = reply.status;
            probe->head(state, &head);
            bool more = probe->body(state, reply.body);
            probe->end(state, more ? AJAR_REPLY_END_WHOLE : AJAR_REPLY_END_STOPPED);
        }
        probe->finish(state);
        free(state);
        ajar_classify(AJAR_OUTCOME_REPLIED, &evidence, &verdict);
        cr_expect_neq(verdict.exposure, AJAR_EXPOSURE_PROTECTED);
        cr_expect_neq(verdict.exposure, AJAR_EXPOSURE_NOT_DATASTORE);
        ajar_arena_deinit(&arena);
    }
    ajar_buf_deinit(&server.list);
}

/* Ended in the middle of anything, finish gives all back. */
Test(hostile, finish_at_any_time)
{
    const struct ajar_probe *probe = &ajar_probe_elasticsearch;
    for (unsigned stop = 0; stop < 5; stop++)
    {
        struct ajar_arena arena;
        struct ajar_evidence evidence;
        struct ajar_ask ask;
        struct ajar_reply_head head = {.status = 200};
        ajar_arena_init(&arena, AJAR_MAX_VISIT_ARENA);
        ajar_evidence_init(&evidence, &arena);
        void *state = calloc(1, probe->state_bytes);
        probe->begin(state, &evidence, 1);
        (void)probe->next(state, &ask);
        probe->head(state, &head);
        (void)probe->body(state, ajar_span_of(banner));
        if (stop > 0)
        {
            probe->end(state, AJAR_REPLY_END_WHOLE);
            (void)probe->next(state, &ask);
            (void)probe->next(state, &ask);
            probe->head(state, &head);
            (void)probe->body(state, ajar_span_of("{\"cluster_name\":"));
        }
        probe->finish(state);
        free(state);
        ajar_arena_deinit(&arena);
    }
}

/* nginx answers a plain request to its TLS port with 400 and a page; the visit then asks
 * the same over TLS, without an end between the two. */
Test(hostile, a_reply_begun_again_counts_alone)
{
    const struct ajar_probe *probe = &ajar_probe_elasticsearch;
    struct ajar_arena arena;
    struct ajar_evidence evidence;
    struct ajar_ask ask;
    struct ajar_reply_head plain = {.status = 400};
    struct ajar_reply_head tls = {.status = 200};
    ajar_arena_init(&arena, AJAR_MAX_VISIT_ARENA);
    ajar_evidence_init(&evidence, &arena);
    void *state = calloc(1, probe->state_bytes);
    probe->begin(state, &evidence, 1);
    cr_assert(probe->next(state, &ask));
    probe->head(state, &plain);
    (void)probe->body(state,
                      ajar_span_of("<html>The plain HTTP request was sent to ..."));
    probe->head(state, &tls);
    (void)probe->body(state, ajar_span_of(banner));
    probe->end(state, AJAR_REPLY_END_WHOLE);
    cr_expect_eq(evidence.reading[AJAR_READ_ROOT], AJAR_READING_SHOWN);
    cr_expect_str_eq(evidence.version, "8.19.20");
    probe->finish(state);
    free(state);
    ajar_arena_deinit(&arena);
}

/* An engine lists its indices as a hash map has them: the report must not change with it.
 */
Test(hostile, rows_that_are_equal_are_kept_by_name)
{
    const char *const names[] = {"b", "a", "c", "f", "e", "d", "g", "i", "h", "k", "j"};
    char *signature[2] = {NULL, NULL};
    for (size_t turn = 0; turn < 2; turn++)
    {
        struct server server = server_of(AJAR_MAX_STREAM_BODY);
        for (size_t i = 0; i < AJAR_COUNT_OF(names); i++)
        {
            size_t at = turn == 0 ? i : AJAR_COUNT_OF(names) - 1 - i;
            put_row(&server.list, names[at], 5);
        }
        (void)ajar_buf_text(&server.list, "]");
        struct drive drive;
        drive_run(&drive, answer, &server, (struct drive_cut){0, 0});
        signature[turn] = drive_signature(&drive);
        cr_expect_str_eq(drive.evidence.indices.largest[0].name, "a");
        cr_expect_str_eq(drive.paths[3], "/a/_count");
        drive_free(&drive);
        ajar_buf_deinit(&server.list);
    }
    cr_expect_str_eq(signature[0], signature[1]);
    free(signature[0]);
    free(signature[1]);
}

/* A body that ends with its connection is never known to be whole, but JSON that is
 * complete is. */
Test(hostile, complete_json_without_framing_is_not_cut)
{
    const struct ajar_probe *probe = &ajar_probe_elasticsearch;
    static const struct
    {
        const char *body;
        enum ajar_reading reading;
    } rows[] = {
        {"{\"couchdb\":\"Welcome\",\"version\":\"3.3.3\"}\n", AJAR_READING_OTHER},
        {"{}", AJAR_READING_OTHER},
        {"{\"couchdb\":\"Welcome\",", AJAR_READING_CUT},
        {"", AJAR_READING_CUT},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        struct ajar_arena arena;
        struct ajar_evidence evidence;
        struct ajar_ask ask;
        struct ajar_reply_head head = {.status = 200};
        ajar_arena_init(&arena, AJAR_MAX_VISIT_ARENA);
        ajar_evidence_init(&evidence, &arena);
        void *state = calloc(1, probe->state_bytes);
        probe->begin(state, &evidence, 1);
        cr_assert(probe->next(state, &ask));
        probe->head(state, &head);
        (void)probe->body(state, ajar_span_of(rows[i].body));
        probe->end(state, AJAR_REPLY_END_STOPPED);
        cr_expect_eq(evidence.reading[AJAR_READ_ROOT], rows[i].reading, "%s",
                     rows[i].body);
        probe->finish(state);
        free(state);
        ajar_arena_deinit(&arena);
    }
}

/* A cluster is not shut because a name in it is broken; the name is shown with `?`, which
 * no engine accepts, and never asked for. */
Test(hostile, names_that_are_not_utf8)
{
    static const char root[] =
        "{\"name\":\"n\xff\xc0\x22\",\"cluster_name\":\"c\xe2\x82\",\"version\":{"
        "\"number\":\"8.19.20\",\"lucene_version\":\"9.12.2\"},"
        "\"tagline\":\"You Know, for Search\"}";
    struct server server = server_of(64 * 1024);
    struct drive drive;
    server.root = ajar_span_of(root);
    put_row(&server.list, "large\xff\xfe", 90000);
    put_row(&server.list, "small", 7);
    (void)ajar_buf_text(&server.list, "]");
    drive_run(&drive, answer, &server, (struct drive_cut){0, 0});
    /* the quote behind a byte that begins nothing still ends the text: no smuggling */
    cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_INCONCLUSIVE, "%d",
                 (int)drive.verdict.exposure);
    drive_free(&drive);

    server.root = (struct ajar_span){NULL, 0};
    drive_run(&drive, answer, &server, (struct drive_cut){0, 0});
    cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_RECORDS);
    cr_expect_eq(drive.evidence.indices.count, 2u);
    cr_expect_eq(drive.evidence.indices.documents, 90007u);
    cr_expect_str_eq(drive.evidence.indices.largest[0].name, "large??");
    for (size_t i = 0; i < drive.requests; i++)
    {
        cr_expect_null(strstr(drive.paths[i], "large"), "%s", drive.paths[i]);
    }
    drive_free(&drive);
    ajar_buf_deinit(&server.list);
}
