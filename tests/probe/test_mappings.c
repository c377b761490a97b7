/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

/* Field names: when they are asked for, what is made of the replies, and that nothing
 * else hangs on them. */
struct server
{
    const char *list;
    const char *mapping; /* of every index; "%s" is its name */
    uint16_t mapping_status;
    uint16_t control_status;
    uint16_t list_status;
    bool cut;
    size_t padding; /* bytes of one more field name */
    char *made;
};

#define ROW(name, documents)                                                             \
    "{\"health\":\"green\",\"status\":\"open\",\"index\":\"" name "\",\"uuid\":\"u\","   \
    "\"pri\":\"1\",\"rep\":\"0\",\"docs.count\":\"" documents "\",\"store.size\":\"9\"}"

static const char mapping_7[] =
    "{\"%s\":{\"mappings\":{\"properties\":{\"contact\":{\"properties\":{\"email\":{"
    "\"type\":\"keyword\"}}},\"client_ip\":{\"type\":\"ip\"},\"price\":{\"type\":"
    "\"double\"}}}}}";

static struct server server_of(const char *list)
{
    return (struct server){.list = list,
                           .mapping = mapping_7,
                           .mapping_status = 200,
                           .control_status = 404,
                           .list_status = 200};
}

static void answer_mapping(struct server *server, const char *path,
                           struct drive_reply *out)
{
    char name[300] = {0};
    size_t len = strcspn(path + 1, "/");
    memcpy(name, path + 1, len);
    free(server->made);
    size_t room = strlen(server->mapping) + len + server->padding + 64;
    server->made = calloc(1, room);
    const char *hole = strstr(server->mapping, "%s");
    size_t head = hole != NULL ? (size_t)(hole - server->mapping) : 0;
    (void)snprintf(server->made, room, "%.*s%s%s", (int)head, server->mapping,
                   hole != NULL ? name : "", hole != NULL ? hole + 2 : server->mapping);
    if (server->padding > 0)
    {
        size_t at = strlen(server->made) - 4; /* before }}}} */
        memset(server->made + at, ' ', server->padding);
        memcpy(server->made + at + server->padding, "}}}}", 5);
    }
    *out = (struct drive_reply){.status = server->mapping_status,
                                .body = ajar_span_of(server->made),
                                .cut = server->cut};
}

static void answer(void *context, const struct ajar_ask *ask, struct drive_reply *out)
{
    struct server *server = context;
    static const char root[] =
        "{\"name\":\"n1\",\"cluster_name\":\"c1\",\"cluster_uuid\":"
        "\"SEqBRvyiSjCBPJLpMBVgrg\","
        "\"version\":{\"number\":\"8.19.20\",\"lucene_version\":\"9.12.2\"},"
        "\"tagline\":\"You Know, for Search\"}";
    static const char health[] =
        "{\"cluster_name\":\"c1\",\"status\":\"green\",\"timed_out\":false,"
        "\"number_of_nodes\":1,\"number_of_data_nodes\":1,\"active_primary_shards\":3}";
    static const char count[] =
        "{\"count\":7,\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}}";
    out->headers[0] = "X-elastic-product: Elasticsearch";
    out->status = 200;
    switch ((enum ajar_read)ask->step->read)
    {
    case AJAR_READ_ROOT:
        out->body = ajar_span_of(root);
        return;
    case AJAR_READ_HEALTH:
        out->body = ajar_span_of(health);
        return;
    case AJAR_READ_LIST:
        out->status = server->list_status;
        out->body = ajar_span_of(server->list);
        return;
    case AJAR_READ_COUNT:
        out->body = ajar_span_of(count);
        return;
    case AJAR_READ_CONTROL:
        out->status = server->control_status;
        out->body = ajar_span_of("{}");
        return;
    case AJAR_READ_MAPPING:
        answer_mapping(server, ask->path, out);
        return;
    case AJAR_READ_COUNT_OF:
        break;
    }
}

static struct drive run(struct server *server, size_t piece)
{
    struct drive drive;
    drive_run(&drive, answer, server, (struct drive_cut){0, piece});
    free(server->made);
    server->made = NULL;
    return drive;
}

static size_t mappings_asked(const struct drive *drive)
{
    size_t count = 0;
    for (size_t i = 0; i < drive->requests; i++)
    {
        count += strstr(drive->paths[i], "/_mapping") != NULL ? 1 : 0;
    }
    return count;
}

Test(mappings, of_the_three_largest_of_different_names)
{
    struct server server = server_of(
        "[" ROW("logs-2024.01.01", "900") "," ROW("logs-2024.01.02", "800") "," ROW(
            "shop", "70") "," ROW(".kibana", "9999") "," ROW("b", "6") "," ROW("c",
                                                                               "5") "]");
    for (size_t piece = 0; piece < 3; piece++)
    {
        struct drive drive = run(&server, piece);
        cr_assert_eq(drive.requests, 8u);
        cr_expect_str_eq(drive.paths[4], "/feedfacecafebeef/_count");
        cr_expect_str_eq(drive.paths[5], "/logs-2024.01.01/_mapping");
        cr_expect_str_eq(drive.paths[6], "/shop/_mapping");
        cr_expect_str_eq(drive.paths[7], "/b/_mapping");
        const struct ajar_sensitivity_facts *facts = &drive.evidence.sensitivity;
        cr_expect_eq(facts->score, 82u);
        cr_expect_eq(facts->indices_looked_at, 3u);
        cr_expect_eq(facts->fields_seen, 9u);
        cr_expect_str_eq(facts->fields[0], "logs-2024.01.01.contact.email");
        cr_expect_str_eq(facts->fields[1], "logs-2024.01.01.client_ip");
        cr_expect_not(facts->truncated);
        cr_expect_eq(drive.evidence.reading[AJAR_READ_MAPPING], AJAR_READING_SHOWN);
        cr_expect_eq(drive.verdict.severity, AJAR_SEVERITY_CRITICAL);
        drive_free(&drive);
    }
}

/* Neither exposure nor flags hang on it; the severity rests on what was seen. */
Test(mappings, a_refusal_changes_nothing_and_is_the_last)
{
    static const uint16_t statuses[] = {401, 403, 404, 400, 500, 503, 302};
    struct server server = server_of("[" ROW("a", "9") "," ROW("b", "8") "]");
    for (size_t i = 0; i < AJAR_COUNT_OF(statuses); i++)
    {
        server.mapping_status = statuses[i];
        struct drive drive = run(&server, 0);
        cr_expect_eq(mappings_asked(&drive), 1u, "%u", statuses[i]);
        cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_RECORDS);
        cr_expect_eq(drive.verdict.flags, 0u, "%u", statuses[i]);
        cr_expect_eq(drive.verdict.severity, AJAR_SEVERITY_HIGH);
        cr_expect_eq(drive.evidence.sensitivity.indices_looked_at, 0u);
        drive_free(&drive);
    }
}

Test(mappings, are_not_asked_where_answers_prove_nothing)
{
    struct server server = server_of("[" ROW("a", "9") "]");
    server.control_status = 200;
    struct drive drive = run(&server, 0);
    cr_expect_eq(mappings_asked(&drive), 0u);
    drive_free(&drive);
    server.control_status = 404;
    server.list_status = 403;
    drive = run(&server, 0);
    cr_expect_eq(mappings_asked(&drive), 0u);
    drive_free(&drive);
    server.list_status = 200;
    server.list = "[" ROW(".kibana_1", "9") "]";
    drive = run(&server, 0);
    cr_expect_eq(mappings_asked(&drive), 0u);
    drive_free(&drive);
    server.list = "[" ROW("_search", "9") "," ROW("a,b", "8") "]";
    drive = run(&server, 0);
    cr_expect_eq(mappings_asked(&drive), 0u);
    drive_free(&drive);
}

Test(mappings, what_was_seen_of_a_cut_one_stands)
{
    struct server server = server_of("[" ROW("a", "9") "]");
    server.mapping =
        "{\"%s\":{\"mappings\":{\"properties\":{\"iban\":{\"type\":\"keyword\"},\"x";
    server.cut = true;
    struct drive drive = run(&server, 0);
    cr_expect(drive.evidence.sensitivity.truncated);
    cr_expect_eq(drive.evidence.sensitivity.kinds, AJAR_KIND_BIT(PAYMENT));
    cr_expect_not(drive_has_flag(&drive, AJAR_FLAG(TRUNCATED)));
    cr_expect_not(drive_has_flag(&drive, AJAR_FLAG(PARTIAL)));
    drive_free(&drive);
}

Test(mappings, are_read_up_to_256_KiB)
{
    struct server server = server_of("[" ROW("a", "9") "]");
    server.padding = 200u * 1024;
    struct drive drive = run(&server, 0);
    size_t used = drive.arena.used;
    cr_expect_not(drive.evidence.sensitivity.truncated);
    drive_free(&drive);
    server.padding = 300u * 1024;
    drive = run(&server, 0);
    cr_expect(drive.evidence.sensitivity.truncated);
    cr_expect_eq(drive.evidence.sensitivity.score, 82u);
    cr_expect_eq(drive.arena.used, used, "a mapping is not held");
    drive_free(&drive);
}

Test(mappings, what_is_none_is_not_believed)
{
    static const char *const bodies[] = {
        "",
        "{}",
        "[]",
        "<html>",
        "{\"error\":\"x\",\"status\":404}",
        "{\"count\":3}",
        "{\"other\":{\"mappings\":{\"properties\":{\"email\":{\"type\":\"keyword\"}}}}}"};
    struct server server = server_of("[" ROW("a", "9") "," ROW("b", "8") "]");
    for (size_t i = 0; i < AJAR_COUNT_OF(bodies); i++)
    {
        server.mapping = bodies[i];
        struct drive drive = run(&server, 0);
        cr_expect_eq(mappings_asked(&drive), 1u, "%s", bodies[i]);
        cr_expect_eq(drive.evidence.sensitivity.indices_looked_at, 0u, "%s", bodies[i]);
        drive_free(&drive);
    }
}

/* The names that a finding keeps, and the digest over them. */
Test(names, in_byte_order_and_never_of_a_part)
{
    struct server one =
        server_of("[" ROW("b", "9") "," ROW(".kibana", "1") "," ROW("a", "8") "]");
    struct server two = server_of("[" ROW("a", "4") "," ROW("b", "0") "]");
    struct server cut = server_of("[" ROW("a", "4") "," ROW("b", "0"));
    struct drive first = run(&one, 0);
    struct drive second = run(&two, 0);
    struct drive third = run(&cut, 0);
    const struct ajar_index_facts *facts = &first.evidence.indices;
    cr_assert_eq(facts->name_count, 2u);
    cr_expect_str_eq(facts->names[0], "a");
    cr_expect_str_eq(facts->names[1], "b");
    cr_expect(facts->names_complete);
    cr_expect_neq(facts->names_digest, 0u);
    cr_expect_eq(facts->names_digest, second.evidence.indices.names_digest);
    cr_expect_neq(facts->fingerprint, second.evidence.indices.fingerprint);
    cr_expect(third.evidence.indices.truncated);
    cr_expect_eq(third.evidence.indices.names_digest, 0u);
    cr_expect_eq(third.evidence.indices.fingerprint, 0u);
    cr_expect_eq(third.evidence.indices.name_count, 0u);
    drive_free(&first);
    drive_free(&second);
    drive_free(&third);
}
