/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * Other products, named where `/` alone tells by a header of their own or by the shape of
 * their reply (wire-facts 4 and 5). A name makes a report better; it never makes anything
 * open: only a reading does.
 */

struct header_row
{
    const char *name;
    const char *prefix; /* of the value; "" for any */
    struct es_guard product;
};

static const struct header_row header_rows[] = {
    {"kbn-name", "", {"", NULL, "kibana", false}},
    {"kbn-version", "", {"", NULL, "kibana", false}},
    {"kbn-license-sig", "", {"", NULL, "kibana", false}},
    {"osd-name", "", {"", NULL, "opensearch-dashboards", false}},
    {"osd-version", "", {"", NULL, "opensearch-dashboards", false}},
    {"x-graylog-node-id", "", {"", NULL, "graylog", false}},
    {"x-influxdb-version", "", {"", NULL, "influxdb", false}},
    {"x-clickhouse-server-display-name", "", {"", NULL, "clickhouse", false}},
    {"x-clickhouse-summary", "", {"", NULL, "clickhouse", false}},
    {"x-consul-index", "", {"", NULL, "consul", false}},
    {"x-etcd-cluster-id", "", {"", NULL, "etcd", false}},
    {"docker-distribution-api-version", "", {"", NULL, "docker-registry", false}},
    {"x-ms-request-id", "", {"", NULL, "azure-storage", false}},
    {"server", "CouchDB/", {"", NULL, "couchdb", false}},
    {"server", "ArangoDB", {"", NULL, "arangodb", false}},
    {"server", "MinIO", {"", NULL, "minio", false}},
    {"server", "Azurite", {"", NULL, "azure-storage", false}},
    {"server", "AmazonS3", {"", NULL, "s3", false}},
    {"location", "/solr/", {"", NULL, "solr", false}},
};

const struct es_guard *es_stranger_of_header(struct ajar_span name,
                                             struct ajar_span value)
{
    /* most headers are ruled out by their first letter; the table is in lower case */
    char first = name.len > 0 ? (char)(name.data[0] | 0x20) : '\0';
    for (size_t i = 0; i < AJAR_COUNT_OF(header_rows); i++)
    {
        const struct header_row *row = &header_rows[i];
        if (row->name[0] == first && ajar_span_is_nocase(name, row->name) &&
            ajar_span_starts(value, row->prefix))
        {
            return &row->product;
        }
    }
    return NULL;
}

struct shape_row
{
    const char *product;
    const char *member;  /* a member that must be there ... */
    const char *text;    /* ... with this beginning, or NULL for any */
    const char *second;  /* and this one, or NULL */
    const char *version; /* the member that holds the version, or NULL */
};

static const struct shape_row shape_rows[] = {
    {"couchdb", "couchdb", "Welcome", NULL, "version"},
    {"pouchdb", "express-pouchdb", "Welcome", NULL, "version"},
    {"graylog", "tagline", "Manage your logs in the dark", "cluster_id", "version"},
    {"logstash", "http_address", NULL, "build_sha", "version"},
    {"logstash", "http_address", NULL, "pipeline", "version"},
    {"qdrant", "title", "qdrant - vector", "version", "version"},
    {"neo4j", "neo4j_version", NULL, "neo4j_edition", "neo4j_version"},
    {"meilisearch", "status", "Meilisearch is running", NULL, NULL},
};

static bool has_shape(const struct cJSON *json, const struct shape_row *row)
{
    if (ajar_json_get(json, row->member) == NULL ||
        (row->second != NULL && ajar_json_get(json, row->second) == NULL))
    {
        return false;
    }
    const char *text = ajar_json_string(json, row->member);
    return row->text == NULL ||
           (text != NULL && strncmp(text, row->text, strlen(row->text)) == 0);
}

static bool name_by_json(struct ajar_evidence *evidence, const struct cJSON *json)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(shape_rows); i++)
    {
        const struct shape_row *row = &shape_rows[i];
        if (!has_shape(json, row))
        {
            continue;
        }
        const char *version =
            row->version != NULL ? ajar_json_string(json, row->version) : NULL;
        evidence->product = row->product;
        evidence->version = version != NULL
                                ? ajar_arena_copy(evidence->arena, ajar_span_of(version))
                                : NULL;
        return true;
    }
    return false;
}

/* Pages without a JSON body that are fixed byte for byte. */
static const char *by_text(const struct ajar_buf *body)
{
    struct ajar_span text = ajar_buf_span(body);
    if (ajar_span_is(text, "Ok.\n"))
    {
        return "clickhouse";
    }
    bool manticore =
        text.len > 0 && strstr(text.data, "<h1>Manticore daemon</h1>") != NULL;
    return manticore ? "manticore" : NULL;
}

void es_stranger_name(struct es_state *state, const struct cJSON *json)
{
    struct ajar_evidence *evidence = state->evidence;
    if (evidence->product != NULL)
    {
        return;
    }
    if (state->head.stranger != NULL)
    {
        evidence->product = state->head.stranger->product;
    }
    else if (json == NULL || !name_by_json(evidence, json))
    {
        evidence->product = json == NULL ? by_text(&state->body) : NULL;
    }
}
