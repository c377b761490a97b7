/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <criterion/criterion.h>

#include "elasticsearch/es.h"
#include "words.h"

/* What can ever be sent: the table itself, and what may be put into its holes. */

static const struct ajar_probe *const probe = &ajar_probe_elasticsearch;

Test(steps, every_row_is_a_read_of_no_document)
{
    static const char *const never[] = {
        "_search", "_doc",    "_source", "_all",    "_mget",        "_msearch", "_bulk",
        "_sql",    "_scroll", "_delete", "_update", "_termvectors", "_explain"};
    cr_assert_eq(probe->step_count, ES_STEP_COUNT);
    for (size_t i = 0; i < probe->step_count; i++)
    {
        const struct ajar_step *step = &probe->steps[i];
        cr_assert_not_null(step->path, "row %zu is empty", i);
        cr_expect_eq(step->path[0], '/');
        cr_expect(strlen(step->path) + 3u * AJAR_MAX_INDEX_NAME < 2048, "%s", step->path);
        cr_expect(strlen(step->why) > 0 && strlen(step->products) > 0, "%s", step->path);
        cr_expect(step->read < AJAR_READ_COUNT_OF);
        cr_expect(step->max_body == AJAR_MAX_BODY ||
                  step->max_body == AJAR_MAX_STREAM_BODY);
        for (size_t k = 0; k < AJAR_COUNT_OF(never); k++)
        {
            cr_expect_null(strstr(step->path, never[k]), "%s", step->path);
        }
    }
}

/* Without it 1.x and 2.x answer a table of text whatever is accepted (R7). */
Test(steps, every_list_is_asked_for_as_json)
{
    for (size_t i = 0; i < probe->step_count; i++)
    {
        const char *path = probe->steps[i].path;
        cr_expect(strncmp(path, "/_cat/", 6) != 0 || strstr(path, "format=json") != NULL);
    }
}

Test(steps, every_row_can_be_rendered)
{
    for (size_t i = 0; i < probe->step_count; i++)
    {
        struct ajar_get get = {probe->steps[i].path, "192.0.2.1:9200", "ajar/0"};
        struct ajar_buf out;
        ajar_buf_init(&out, AJAR_MAX_REQUEST);
        bool hole = strchr(get.path, '{') != NULL;
        cr_expect(hole || ajar_get_render(&get, &out) == AJAR_OK, "%s", get.path);
        ajar_buf_deinit(&out);
    }
}

Test(steps, each_hole_is_one_that_the_probe_fills)
{
    for (size_t i = 0; i < probe->step_count; i++)
    {
        const char *hole = strchr(probe->steps[i].path, '{');
        if (hole != NULL)
        {
            cr_expect(strncmp(hole, "{index}", 7) == 0 ||
                      strncmp(hole, "{nonce}", 7) == 0);
            cr_expect_null(strchr(hole + 1, '{'), "one hole at most");
        }
    }
}

Test(steps, the_count_of_all_leaves_out_what_is_a_system_index)
{
    const char *path = probe->steps[ES_COUNT_ALL].path;
    cr_expect_not_null(strstr(path, ",-.*,"));
    for (size_t i = 0; i < words_system_count; i++)
    {
        char part[64] = ",-";
        strncat(part, words_system[i], sizeof(part) - 3);
        cr_expect_not_null(strstr(path, part), "%s is counted as user data",
                           words_system[i]);
    }
}

Test(steps, names_that_are_asked_for)
{
    static const char *const good[] = {"customers", "logs-2024.01", ".ds-logs-a-000001",
                                       "a_b",       "caf\xc3\xa9",  "A",
                                       "a;b",       "a%2f",         "a&b=c"};
    for (size_t i = 0; i < AJAR_COUNT_OF(good); i++)
    {
        cr_expect(es_path_index_ok(ajar_span_of(good[i])), "%s", good[i]);
    }
}

Test(steps, names_that_are_never_asked_for)
{
    static const char *const bad[] = {"",           "_search",
                                      "_all",       "-x",
                                      "+x",         ".",
                                      "..",         "a/b",
                                      "a\\b",       "*",
                                      "a*",         "a?b",
                                      "a\"b",       "<a>",
                                      "a|b",        "a b",
                                      "a,b",        "a#b",
                                      "remote:idx", "a..b",
                                      "a\tb",       "a\r\nX: y",
                                      "a\x7f",      "\xff\xfe",
                                      "a\xc3",      "<logstash-{now/d}>"};
    for (size_t i = 0; i < AJAR_COUNT_OF(bad); i++)
    {
        cr_expect_not(es_path_index_ok(ajar_span_of(bad[i])), "%s", bad[i]);
    }
    cr_expect_not(es_path_index_ok((struct ajar_span){"a\0b", 3}));
    char longest[AJAR_MAX_INDEX_NAME + 2];
    memset(longest, 'a', sizeof(longest));
    cr_expect(es_path_index_ok((struct ajar_span){longest, AJAR_MAX_INDEX_NAME}));
    cr_expect_not(es_path_index_ok((struct ajar_span){longest, AJAR_MAX_INDEX_NAME + 1}));
}

static void with_state(void (*look)(struct es_state *state))
{
    struct ajar_arena arena;
    struct ajar_evidence evidence;
    ajar_arena_init(&arena, AJAR_MAX_VISIT_ARENA);
    ajar_evidence_init(&evidence, &arena);
    struct es_state state = {.evidence = &evidence, .nonce = 0x0123456789abcdefu};
    look(&state);
    ajar_arena_deinit(&arena);
}

static void expect_encoded(struct es_state *state)
{
    const struct ajar_step *step = &probe->steps[ES_COUNT_INDEX];
    cr_expect_str_eq(es_path_of_index(state, step, ajar_span_of("a%2f&b=c;\xc3\xa9")),
                     "/a%252f%26b%3Dc%3B%C3%A9/_count");
    cr_expect_null(es_path_of_index(state, step, ajar_span_of("_search")));
    char longest[AJAR_MAX_INDEX_NAME];
    memset(longest, '\'', sizeof(longest));
    const char *path =
        es_path_of_index(state, step, (struct ajar_span){longest, sizeof(longest)});
    cr_assert_not_null(path);
    cr_expect(strlen(path) < 1024); /* a request line stays below 4096 (R15) */
    cr_expect_str_eq(es_path_of_nonce(state, &probe->steps[ES_CONTROL]),
                     "/0123456789abcdef/_count");
}

Test(steps, holes_are_percent_encoded)
{
    with_state(expect_encoded);
}

Test(steps, the_register_has_the_probe)
{
    size_t count = 0;
    const struct ajar_probe *const *all = ajar_probes(&count);
    cr_assert_eq(count, 1);
    cr_expect_eq(all[0], probe);
    cr_expect_str_eq(all[0]->name, "elasticsearch");
    cr_expect(all[0]->state_bytes <= 512, "%zu bytes a visit", all[0]->state_bytes);
}

/* Each path that any fixture makes the probe send is a row of the table with its hole
 * filled. */
static bool is_of_table(const char *path)
{
    for (size_t i = 0; i < probe->step_count; i++)
    {
        const char *row = probe->steps[i].path;
        const char *hole = strchr(row, '{');
        size_t head = hole != NULL ? (size_t)(hole - row) : strlen(row);
        const char *tail = hole != NULL ? strchr(hole, '}') + 1 : "";
        size_t len = strlen(path);
        bool fits = strncmp(path, row, head) == 0 && len >= head + strlen(tail) &&
                    strcmp(path + len - strlen(tail), tail) == 0;
        bool clean = hole == NULL
                         ? len == head
                         : memchr(path + head, '/', len - head - strlen(tail)) == NULL;
        if (fits && clean)
        {
            return true;
        }
    }
    return false;
}

Test(steps, nothing_else_is_ever_sent)
{
    size_t count = 0;
    char **names = drive_names(&count);
    for (size_t i = 0; i < count; i++)
    {
        struct cJSON *fixture = drive_load(names[i]);
        struct drive drive;
        drive_run(&drive, drive_fixture_answer, fixture, (struct drive_cut){0, 0});
        for (size_t k = 0; k < drive.requests; k++)
        {
            cr_expect(is_of_table(drive.paths[k]), "%s: %s", names[i], drive.paths[k]);
        }
        drive_free(&drive);
        cJSON_Delete(fixture);
    }
    drive_names_free(names);
}

/* 8.17.4 as its integration build answers, or any later one behind a proxy that shuts
 * `/`: the version is not known, and the only index is behind a data stream. */
static void shut_root(void *context, const struct ajar_ask *ask, struct drive_reply *out)
{
    out->headers[0] = context != NULL ? "X-elastic-product: Elasticsearch" : NULL;
    out->status = 404;
    out->body = ajar_span_of("{\"error\":\"no handler found\",\"status\":404}");
    if (strcmp(ask->path, "/") == 0)
    {
        out->status = 405;
        out->body = ajar_span_of("{\"error\":\"Incorrect HTTP method for uri [/] and "
                                 "method [GET], allowed: [DELETE]\",\"status\":405}");
    }
    else if (strncmp(ask->path, "/_cluster/health", 16) == 0)
    {
        out->status = 200;
        out->body = ajar_span_of("{\"cluster_name\":\"c\",\"status\":\"green\","
                                 "\"number_of_nodes\":1,\"active_primary_shards\":1}");
    }
}

Test(steps, a_late_version_that_hides_is_asked_for_hidden_indices_too)
{
    struct drive drive;
    bool header = true;
    drive_run(&drive, shut_root, &header, (struct drive_cut){0, 0});
    cr_assert_geq(drive.requests, 3u);
    cr_expect_not_null(strstr(drive.paths[2], "expand_wildcards=all"), "%s",
                       drive.paths[2]);
    drive_free(&drive);
    drive_run(&drive, shut_root, NULL, (struct drive_cut){0, 0});
    cr_assert_geq(drive.requests, 3u);
    cr_expect_null(strstr(drive.paths[2], "expand_wildcards"), "%s", drive.paths[2]);
    drive_free(&drive);
}

/* 0.90.13 before it has recovered its state: `/` and every read are 503, and the list of
 * names is 200 and empty, whatever is on its disk. context: the names that it shows. */
static void unrecovered(void *context, const struct ajar_ask *ask,
                        struct drive_reply *out)
{
    out->status = 503;
    out->body =
        ajar_span_of("{\"error\":\"ClusterBlockException[blocked by: [1/state not "
                     "recovered / initialized];]\",\"status\":503}");
    if (strcmp(ask->path, "/") == 0)
    {
        out->body = ajar_span_of(
            "{\"ok\":true,\"status\":503,\"name\":\"node-1\",\"version\":{\"number\":"
            "\"0.90.13\",\"build_snapshot\":false,\"lucene_version\":\"4.6\"},"
            "\"tagline\":\"You Know, for Search\"}");
    }
    else if (strncmp(ask->path, "/_cluster/health", 16) == 0)
    {
        out->status = 200;
        out->body = ajar_span_of("{\"cluster_name\":\"c\",\"status\":\"red\","
                                 "\"number_of_nodes\":1,\"active_primary_shards\":0}");
    }
    else if (strcmp(ask->path, "/_aliases") == 0)
    {
        out->status = 200;
        out->body = ajar_span_of(context);
    }
}

Test(steps, no_names_of_a_node_that_is_not_ready_are_no_list)
{
    static char none[] = "{}";
    static char some[] = "{\"people\":{\"aliases\":{}}}";
    struct drive drive;
    drive_run(&drive, unrecovered, none, (struct drive_cut){0, 0});
    cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_INCONCLUSIVE);
    cr_expect_str_eq(drive.evidence.version, "0.90.13");
    drive_free(&drive);
    drive_run(&drive, unrecovered, some, (struct drive_cut){0, 0});
    cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_INDICES);
    drive_free(&drive);
}
