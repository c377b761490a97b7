/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * Who refuses (wire-facts 2). A guard is named by its realm or by the fixed beginning of
 * its reason; a guard that nobody knows is still a guard: what it guards is then unknown.
 */

#define ELASTICSEARCH "elasticsearch"
#define OPENSEARCH "opensearch"

/* Realms of WWW-Authenticate, compared whole. */
static const struct es_guard realms[] = {
    {"security", "Elastic security", ELASTICSEARCH, false}, /* X-Pack 5 to 9 */
    {"shield", "Shield", ELASTICSEARCH, false},             /* 1.x, 2.x */
    {"Search Guard", "Search Guard", ELASTICSEARCH, false},
    {"Open Distro Security", "Open Distro Security", ELASTICSEARCH, false},
    {"OpenSearch Security", "OpenSearch Security", OPENSEARCH, false},
    {"CrateDB Authenticator", "CrateDB authentication", "cratedb", true},
    {"Couchbase Server Admin / REST", "Couchbase authentication", "couchbase", false},
    {"InfluxDB", "InfluxDB authentication", "influxdb", false},
    {"ArangoDB", "ArangoDB authentication", "arangodb", false},
    {"solr", "Solr authentication", "solr", false},
};

/* Beginnings of the reason in an error body. */
static const struct es_guard reasons[] = {
    {"missing authentication ", "Elastic security", ELASTICSEARCH, false},
    {"unable to authenticate ", "Elastic security", ELASTICSEARCH, false},
    {"action [", "Elastic security", ELASTICSEARCH, false},
    {"current license is non-compliant for [", "Elastic security", ELASTICSEARCH, false},
    {"no permissions for [", "OpenSearch Security or Search Guard", NULL, false},
    {"Forbidden by ReadonlyREST", "ReadonlyREST", ELASTICSEARCH, false},
};

/* Text bodies of a 503 before the plugin has its configuration. */
static const struct es_guard starting[] = {
    {"OpenSearch Security not initialized", "OpenSearch Security", OPENSEARCH, false},
    {"Open Distro Security not initialized", "Open Distro Security", ELASTICSEARCH,
     false},
    {"Search Guard not initialized", "Search Guard", ELASTICSEARCH, false},
};

static const struct es_guard api_key = {"ApiKey", "Elastic security", ELASTICSEARCH,
                                        false};
static const struct es_guard aws = {"", "AWS access policy", NULL, false};
static const struct es_guard aws_serverless = {"", "AWS OpenSearch Serverless",
                                               OPENSEARCH, false};
static const struct es_guard cloud_edge = {"", "Elastic Cloud proxy", NULL, false};
static const struct es_guard finally = {"", "OpenSearch Security or Search Guard", NULL,
                                        false};
static const struct es_guard meilisearch = {"", "Meilisearch master key", "meilisearch",
                                            false};
static const struct es_guard typesense = {"", "Typesense API key", "typesense", false};
static const struct es_guard certificate = {"", "a TLS client certificate", NULL, false};
static const struct es_guard unknown_challenge = {"", "HTTP authentication", NULL, false};

void es_guard_set(struct es_state *state, const struct es_guard *guard)
{
    struct ajar_evidence *evidence = state->evidence;
    if (evidence->guard == NULL)
    {
        evidence->guard = guard->guard;
    }
    if (evidence->product == NULL && guard->product != NULL)
    {
        evidence->product = guard->product;
        evidence->flags |= guard->lookalike ? AJAR_FLAG(LOOKALIKE) : 0;
    }
}

/* The quoted text behind `realm=`; parameters may be parted by commas or by spaces alone
 * (Elastic sends both forms). */
static struct ajar_span realm_of(struct ajar_span challenge)
{
    static const char key[] = "realm=\"";
    size_t len = sizeof(key) - 1;
    for (size_t i = 0; i + len < challenge.len; i++)
    {
        if (strncasecmp(challenge.data + i, key, len) == 0)
        {
            const char *from = challenge.data + i + len;
            const char *end = memchr(from, '"', challenge.len - i - len);
            size_t size = end != NULL ? (size_t)(end - from) : 0;
            return (struct ajar_span){from, size};
        }
    }
    return (struct ajar_span){NULL, 0};
}

const struct es_guard *es_guard_of_realm(struct ajar_span challenge)
{
    struct ajar_span realm = realm_of(challenge);
    for (size_t i = 0; i < AJAR_COUNT_OF(realms); i++)
    {
        if (ajar_span_is(realm, realms[i].mark))
        {
            return &realms[i];
        }
    }
    return ajar_span_is(challenge, "ApiKey") ? &api_key : NULL;
}

static bool text_starts(const char *text, const char *prefix)
{
    return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

static const struct es_guard *by_reason(const struct es_error *error)
{
    for (size_t i = 0; error->shape && i < AJAR_COUNT_OF(reasons); i++)
    {
        if (es_error_says(error, reasons[i].mark))
        {
            return &reasons[i];
        }
    }
    return NULL;
}

/* Products that answer in JSON of their own. */
static const struct es_guard *by_json(const struct es_state *state,
                                      const struct cJSON *json)
{
    const char *code = ajar_json_string(json, "code");
    const char *message = ajar_json_string(json, "message");
    const struct cJSON *error = ajar_json_object(json, "error");
    if (text_starts(ajar_json_string(json, "Message"),
                    "User: anonymous is not authorized") ||
        text_starts(ajar_json_string(json, "Message"),
                    "User: anonymous is not authorised"))
    {
        return &aws;
    }
    if (ajar_json_get(json, "request-id") != NULL && error != NULL &&
        text_starts(ajar_json_string(error, "reason"), "403 Forbidden"))
    {
        return &aws_serverless;
    }
    if (state->head.cloud_edge && text_starts(message, "Unknown resource."))
    {
        return &cloud_edge;
    }
    if (code != NULL && strcmp(code, "missing_authorization_header") == 0)
    {
        return &meilisearch;
    }
    return text_starts(message, "Forbidden - a valid `x-typesense-api-key`") ? &typesense
                                                                             : NULL;
}

/* A guard of the family whose exact name depends on what it guards. */
static void settle_family(struct es_state *state)
{
    struct ajar_evidence *evidence = state->evidence;
    if (evidence->guard != finally.guard)
    {
        return;
    }
    if (state->head.opensearch_version != NULL ||
        (evidence->product != NULL && strcmp(evidence->product, OPENSEARCH) == 0))
    {
        evidence->guard = "OpenSearch Security";
    }
}

/* ReadonlyREST's reason can be set by the operator; `due_to` cannot. */
static bool is_readonlyrest(const struct cJSON *json)
{
    const struct cJSON *error = ajar_json_object(json, "error");
    return error != NULL && ajar_json_get(error, "due_to") != NULL;
}

static bool is_not_loaded(const char *cause)
{
    return text_starts(cause, "READONLYREST_NOT_READY_YET") ||
           text_starts(cause, "READONLYREST_FAILED_TO_START");
}

/* One cause of a list, as JSON text; escapes are undone where it is a member. */
static bool on_cause(void *context, struct ajar_span key, struct ajar_span text)
{
    bool *starts = context;
    struct ajar_buf object;
    (void)key;
    ajar_buf_init(&object, AJAR_MAX_ROW);
    (void)ajar_buf_printf(&object, "{\"cause\":%.*s}", (int)text.len, text.data);
    struct cJSON *json = object.failed ? NULL : ajar_json_parse(ajar_buf_span(&object));
    *starts = *starts || is_not_loaded(ajar_json_string(json, "cause"));
    ajar_json_free(json);
    ajar_buf_deinit(&object);
    return true;
}

bool es_guard_has_no_rules(struct es_state *state, const struct cJSON *json)
{
    const struct cJSON *error = json != NULL ? ajar_json_object(json, "error") : NULL;
    if (error == NULL || ajar_json_get(error, "due_to") == NULL)
    {
        return false;
    }
    bool starts = false;
    const char *cause = ajar_json_string(error, "due_to"); /* or a list of them */
    if (cause != NULL)
    {
        starts = is_not_loaded(cause);
    }
    else
    {
        struct ajar_rows rows;
        ajar_rows_init(&rows, "error.due_to", on_cause, &starts);
        (void)ajar_rows_feed(&rows, ajar_buf_span(&state->body));
        ajar_rows_deinit(&rows);
    }
    if (starts)
    {
        es_guard_set(state, &reasons[AJAR_COUNT_OF(reasons) - 1]);
    }
    return starts;
}

bool es_guard_wants_certificate(struct es_state *state)
{
    static const char page[] =
        "<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>";
    if (state->head.status != 400 || state->body.len == 0 ||
        !text_starts(state->body.data, page))
    {
        return false;
    }
    es_guard_set(state, &certificate);
    return true;
}

bool es_guard_name(struct es_state *state, const struct cJSON *json,
                   const struct es_error *error)
{
    const struct es_guard *guard = by_reason(error);
    if (guard == NULL && json != NULL)
    {
        guard = is_readonlyrest(json) ? &reasons[AJAR_COUNT_OF(reasons) - 1]
                                      : by_json(state, json);
    }
    if (guard == NULL)
    {
        guard = state->head.realm;
    }
    if (guard == NULL && state->body.len > 0 &&
        text_starts(state->body.data, "Authentication finally failed"))
    {
        guard = &finally; /* no challenge configured, or our address is blocked */
    }
    bool known = guard != NULL;
    if (guard == NULL && state->head.status == 401)
    {
        guard = &unknown_challenge;
    }
    if (guard != NULL)
    {
        es_guard_set(state, guard);
        settle_family(state);
    }
    return known;
}

bool es_guard_not_ready(struct es_state *state)
{
    for (size_t i = 0; state->body.len > 0 && i < AJAR_COUNT_OF(starting); i++)
    {
        if (text_starts(state->body.data, starting[i].mark))
        {
            es_guard_set(state, &starting[i]);
            return true;
        }
    }
    return false;
}
