/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * One reply into one reading. The status decides what a reply can be, the shape whether
 * it is that; only 200 with the endpoint's shape is SHOWN. Each function adds the one
 * line of proof that a report shows.
 */

/* A reply in judgement. */
struct reply
{
    enum ajar_reply_end how;
    bool whole;
    struct cJSON *json; /* the body, when it is whole and JSON */
    struct es_error error;
};

static void say(struct es_state *state, const char *what)
{
    ajar_evidence_reason(state->evidence, "%s answered %u: %s", es_step_word(state),
                         state->head.status, what);
}

/* Identity was asked for. A body that has its shape all the same was read; else nobody
 * knows what it says. A status needs no body. */
#define CODED "in a content coding that was not asked for, so it cannot be read"

#define FOR_BROWSERS "a challenge for browsers stands before it, which is no refusal"

/* ---- replies that show nothing ---- */

static enum ajar_reading refused(struct es_state *state, const struct reply *reply)
{
    bool known = es_guard_name(state, reply->json, &reply->error);
    const char *guard = state->evidence->guard;
    state->speaks = state->speaks || known;
    if (known || guard != NULL)
    {
        ajar_evidence_reason(state->evidence, "%s answered %u: refused by %s%s",
                             es_step_word(state), state->head.status, guard,
                             known || state->speaks ? ""
                                                    : "; what it guards is not known");
    }
    else
    {
        say(state,
            state->speaks ? "refused" : "refused; what stands behind it is not known");
    }
    return AJAR_READING_REFUSED;
}

/* OpenSearch 2.0 renamed it; 0.x and 1.x have the string form. */
static bool is_no_master(const struct es_error *error)
{
    if (error->type != NULL)
    {
        return strcmp(error->type, "master_not_discovered_exception") == 0 ||
               strcmp(error->type, "cluster_manager_not_discovered_exception") == 0;
    }
    static const char string_form[] = "MasterNotDiscoveredException[";
    return error->reason != NULL &&
           strncmp(error->reason, string_form, sizeof(string_form) - 1) == 0;
}

static enum ajar_reading not_ready(struct es_state *state, const struct reply *reply)
{
    if (es_guard_not_ready(state) || es_guard_has_no_rules(state, reply->json))
    {
        ajar_evidence_reason(state->evidence, "%s answered %u: %s is not initialized yet",
                             es_step_word(state), state->head.status,
                             state->evidence->guard);
        state->over = true;
        return AJAR_READING_NOT_READY;
    }
    const char *type = reply->error.type;
    if (is_no_master(&reply->error))
    {
        state->no_master = true;
        say(state, "the cluster has no master at the moment");
        return AJAR_READING_NOT_READY;
    }
    if (type != NULL)
    {
        ajar_evidence_reason(state->evidence, "%s answered %u: not ready (%.60s)",
                             es_step_word(state), state->head.status, type);
        return AJAR_READING_NOT_READY;
    }
    say(state,
        state->speaks ? "not ready" : "the server or what stands behind it is not ready");
    return AJAR_READING_NOT_READY;
}

/* 403 has more than one meaning. */
static enum ajar_reading forbidden(struct es_state *state, const struct reply *reply)
{
    if (es_error_says(&reply->error, "current license is non-compliant for ["))
    {
        (void)es_guard_name(state, reply->json, &reply->error);
        say(state, "the licence has lapsed; cluster data is blocked, but reading "
                   "documents may still work");
        return AJAR_READING_IN_DOUBT;
    }
    if (es_guard_has_no_rules(state, reply->json))
    {
        return not_ready(state, reply);
    }
    const char *type = reply->error.type;
    if ((type != NULL && (strcmp(type, "cluster_block_exception") == 0 ||
                          strcmp(type, "index_closed_exception") == 0)) ||
        es_error_says(&reply->error, "blocked by: ["))
    {
        say(state, "the index is blocked or closed, which is no refusal");
        return AJAR_READING_OTHER;
    }
    return refused(state, reply);
}

static enum ajar_reading absent(struct es_state *state, const struct reply *reply)
{
    static const char unknown[] = "request [";
    bool edge = state->head.status == 404 && state->head.cloud_edge &&
                reply->json != NULL && es_guard_name(state, reply->json, &reply->error);
    if (edge)
    {
        say(state, "the Elastic Cloud proxy routes nothing under this name or address");
        state->over = true;
        return AJAR_READING_REFUSED;
    }
    if (es_guard_wants_certificate(state))
    {
        state->over = true; /* as after a 401: no path is answered without it */
        return refused(state, reply);
    }
    if (state->head.status == 400 && state->head.coded)
    {
        say(state, CODED); /* that it does not know one of our parameters, perhaps */
        return AJAR_READING_CUT;
    }
    /* "request [/_cat/indices] contains unrecognized parameter: [..]" (5.0 and later) */
    state->unknown_parameter =
        state->head.status == 400 && es_error_says(&reply->error, unknown);
    state->no_handler = es_error_says(&reply->error, "No handler found for uri [") ||
                        es_error_says(&reply->error, "no handler found for uri [");
    if (!state->unknown_parameter)
    {
        say(state, "there is no such endpoint");
    }
    return AJAR_READING_ABSENT;
}

/* "action [cluster:monitor/main] requires authentication": Elastic's anonymous user lacks
 * this one permission, and authz_exception is false (6.8 to 8.17 seen). It may hold
 * others, a count among them. Nothing is asked after a 401, so that stays open; where
 * something was shown already, the level is a lower bound anyway. */
static enum ajar_reading unauthorized(struct es_state *state, const struct reply *reply)
{
    static const char anonymous[] = "] requires authentication";
    state->over = true; /* some guards count towards a lock-out: not one more */
    enum ajar_reading reading = refused(state, reply);
    const char *action = reply->error.reason;
    const char *end =
        es_error_says(&reply->error, "action [") ? strchr(action, ']') : NULL;
    bool known = end != NULL && strncmp(end, anonymous, sizeof(anonymous) - 1) == 0;
    if (!known || es_plan_shown_any(state))
    {
        return reading;
    }
    ajar_evidence_reason(state->evidence,
                         "strangers have a user there: this read is refused to it, what "
                         "else it may read is not known");
    return AJAR_READING_IN_DOUBT;
}

/* Any status but 200. */
static enum ajar_reading by_status(struct es_state *state, const struct reply *reply)
{
    uint16_t status = state->head.status;
    if (status == 401)
    {
        return unauthorized(state, reply);
    }
    if (state->head.for_browsers)
    {
        say(state, FOR_BROWSERS);
        return AJAR_READING_NOT_READY;
    }
    if (status == 403)
    {
        return forbidden(state, reply);
    }
    if (status == 408 || status == 429 || status >= 500)
    {
        return not_ready(state, reply);
    }
    if (status == 400 || status == 404 || status == 405)
    {
        return absent(state, reply);
    }
    say(state, status >= 300 && status < 400 ? "a redirect, which is not followed"
                                             : "nothing that a datastore would say");
    return AJAR_READING_OTHER;
}

/* A 200 without the endpoint's shape. */
static enum ajar_reading shapeless(struct es_state *state, const struct reply *reply)
{
    uint64_t status = 0;
    const struct ajar_buf *body = &state->body;
    size_t at = body->len > 0 ? strspn(body->data, " \t\r\n") : 0;
    bool could_be = at == body->len || body->data[at] == '{';
    if (state->head.for_browsers)
    {
        say(state, FOR_BROWSERS);
        return AJAR_READING_NOT_READY;
    }
    if (state->head.coded && reply->json == NULL)
    {
        say(state, CODED);
        return AJAR_READING_CUT;
    }
    if (!reply->whole && could_be && reply->json == NULL)
    {
        say(state, "the reply broke off or was too large");
        return AJAR_READING_CUT;
    }
    if (reply->whole && reply->json == NULL && at < body->len && body->data[at] == '{')
    {
        /* broken JSON hides what it would have said */
        say(state, "a JSON object that is not well-formed");
        return AJAR_READING_CUT;
    }
    /* No engine says 200 in its head and an error in its body. */
    if (reply->json != NULL && ajar_json_count(reply->json, "status", &status) &&
        status >= 400)
    {
        es_decoy_add(state, 2, "an error in the body of a 200");
    }
    say(state, "not what this endpoint of a datastore says");
    return AJAR_READING_OTHER;
}

/* ---- the five reads ---- */

static enum ajar_reading read_root(struct es_state *state, const struct reply *reply)
{
    struct ajar_evidence *evidence = state->evidence;
    bool banner = reply->json != NULL && es_banner_read(state, reply->json);
    if (banner)
    {
        state->speaks = true;
    }
    if (state->head.status != 200)
    {
        enum ajar_reading reading = by_status(state, reply);
        if (!banner && !state->speaks)
        {
            es_stranger_name(state, reply->json);
        }
        return reading;
    }
    if (!banner)
    {
        es_stranger_name(state, reply->json);
        return shapeless(state, reply);
    }
    ajar_evidence_reason(evidence, "GET / answered 200 with the banner of %s%s%s",
                         evidence->product != NULL ? evidence->product
                                                   : "an unknown look-alike",
                         evidence->version != NULL ? " " : "",
                         evidence->version != NULL ? evidence->version : "");
    return AJAR_READING_SHOWN;
}

static const char *health_word(const char *text)
{
    static const char *const words[] = {"green", "yellow", "red"};
    for (size_t i = 0; text != NULL && i < AJAR_COUNT_OF(words); i++)
    {
        if (strcmp(text, words[i]) == 0)
        {
            return words[i];
        }
    }
    return NULL;
}

/* Health says what the banner may not have said: OpenSearch has discovered_master
 * from 1.0 on, Elasticsearch never. */
static void identify_by_health(struct es_state *state, const struct cJSON *json)
{
    struct ajar_evidence *evidence = state->evidence;
    const char *name = ajar_json_string(json, "cluster_name");
    if (evidence->cluster_name == NULL)
    {
        evidence->cluster_name = ajar_arena_copy(evidence->arena, ajar_span_of(name));
    }
    if (evidence->product == NULL && (evidence->flags & AJAR_FLAG(LOOKALIKE)) == 0)
    {
        bool opensearch = ajar_json_get(json, "discovered_master") != NULL ||
                          ajar_json_get(json, "discovered_cluster_manager") != NULL;
        evidence->product = opensearch ? "opensearch" : "elasticsearch";
    }
}

static enum ajar_reading read_health(struct es_state *state, const struct reply *reply)
{
    struct ajar_evidence *evidence = state->evidence;
    uint64_t nodes = 0;
    if (state->head.status != 200)
    {
        return by_status(state, reply);
    }
    const char *status =
        reply->json != NULL ? health_word(ajar_json_string(reply->json, "status")) : NULL;
    if (reply->json != NULL)
    {
        es_decoy_health(state, reply->json);
    }
    if (status == NULL || ajar_json_string(reply->json, "cluster_name") == NULL ||
        !ajar_json_count(reply->json, "number_of_nodes", &nodes))
    {
        return shapeless(state, reply);
    }
    state->speaks = true;
    evidence->health_known = true;
    evidence->cluster_status = status;
    evidence->nodes = nodes;
    (void)ajar_json_count(reply->json, "active_primary_shards",
                          &evidence->active_primary_shards);
    state->primaries = evidence->active_primary_shards;
    identify_by_health(state, reply->json);
    ajar_evidence_reason(evidence,
                         "GET /_cluster/health answered 200: status %s, %llu node%s",
                         status, (unsigned long long)nodes, nodes == 1 ? "" : "s");
    return AJAR_READING_SHOWN;
}

static enum ajar_reading read_list(struct es_state *state, const struct reply *reply)
{
    const struct ajar_index_facts *facts = &state->evidence->indices;
    if (state->head.status != 200)
    {
        return by_status(state, reply);
    }
    enum ajar_reading reading =
        state->list != NULL ? es_list_end(state, reply->whole) : AJAR_READING_CUT;
    if (reading != AJAR_READING_SHOWN && state->head.coded)
    {
        say(state, CODED);
        return AJAR_READING_CUT;
    }
    if (reading != AJAR_READING_SHOWN)
    {
        say(state, reading == AJAR_READING_CUT
                       ? "the reply broke off before a row was read"
                       : "not an index list");
        return reading;
    }
    state->speaks = true;
    if (facts->count == 0 &&
        state->evidence->reading[AJAR_READ_ROOT] == AJAR_READING_NOT_READY)
    {
        /* 0.90 shows the names of a state that it has not recovered yet: none */
        say(state, "no names yet, since the node is not ready");
        return AJAR_READING_NOT_READY;
    }
    ajar_evidence_reason(
        state->evidence, "%s answered 200 with %s%llu ind%s (%llu of them system ones)",
        es_step_word(state), facts->truncated ? "at least " : "",
        (unsigned long long)facts->count, facts->count == 1 ? "ex" : "ices",
        (unsigned long long)facts->system);
    return AJAR_READING_SHOWN;
}

/* {"count":N,"_shards":{"total":T,"successful":S,...}}. No shard asked: nothing proven.
 */
static bool take_count(const struct cJSON *json, uint64_t *out_count,
                       uint64_t *out_shards)
{
    const struct cJSON *shards = json != NULL ? ajar_json_object(json, "_shards") : NULL;
    uint64_t total = 0;
    uint64_t successful = 0;
    if (shards == NULL || !ajar_json_count(json, "count", out_count) ||
        !ajar_json_count(shards, "total", &total) ||
        !ajar_json_count(shards, "successful", &successful))
    {
        return false;
    }
    *out_shards = successful < total ? successful : total;
    return true;
}

static void keep_count(struct es_state *state, uint64_t count, uint64_t shards)
{
    struct ajar_evidence *evidence = state->evidence;
    evidence->counted = count;
    evidence->count_shards = shards;
    evidence->counted_index = NULL;
    if (state->step == ES_COUNT_INDEX)
    {
        struct ajar_span name = es_list_target(state, state->count_at);
        evidence->counted_index = ajar_arena_copy(evidence->arena, name);
    }
    else if (!es_list_has_counts(state))
    {
        evidence->indices.documents = count; /* no list, or one of names alone */
        evidence->indices.unknown = 0;
    }
    const char *where = evidence->counted_index != NULL ? evidence->counted_index : NULL;
    ajar_evidence_reason(
        evidence,
        "GET %s%.80s/_count answered 200: %llu document%s, so reading them is allowed",
        where != NULL ? "/" : "/*,-.*", where != NULL ? where : "",
        (unsigned long long)count, count == 1 ? "" : "s");
}

static enum ajar_reading read_count(struct es_state *state, const struct reply *reply)
{
    uint64_t count = 0;
    uint64_t shards = 0;
    if (state->head.status != 200)
    {
        return by_status(state, reply);
    }
    if (!take_count(reply->json, &count, &shards))
    {
        return shapeless(state, reply);
    }
    if (shards == 0)
    {
        say(state, "no shard was asked, which proves nothing");
        return AJAR_READING_OTHER;
    }
    state->speaks = true;
    keep_count(state, count, shards);
    return AJAR_READING_SHOWN;
}

/* Any 200 is a mark, whatever its body, but one: a count of nothing over no shard is how
 * OpenSearch Security says "not yours" when do_not_fail_on_forbidden is set. */
static enum ajar_reading read_control(struct es_state *state, const struct reply *reply)
{
    uint64_t count = 0;
    uint64_t shards = 0;
    if (state->head.status == 200)
    {
        bool empty =
            take_count(reply->json, &count, &shards) && count == 0 && shards == 0;
        if (!empty && reply->json != NULL)
        {
            uint64_t status = 0;
            if (ajar_json_count(reply->json, "status", &status) && status >= 400)
            {
                es_decoy_add(state, 2, "an error in the body of a 200");
            }
        }
        return empty ? AJAR_READING_OTHER : AJAR_READING_SHOWN;
    }
    if (state->head.status == 401 || state->head.status == 403)
    {
        state->over = state->over || state->head.status == 401;
        return AJAR_READING_REFUSED;
    }
    bool gone = state->head.status == 400 || state->head.status == 404;
    return gone ? AJAR_READING_ABSENT : AJAR_READING_OTHER;
}

/* Says nothing about exposure, so it adds no reason: what was read stands in the facts.
 */
static enum ajar_reading read_mapping(struct es_state *state, const struct reply *reply)
{
    uint16_t status = state->head.status;
    if (status == 200)
    {
        return es_mappings_end(state, reply->whole);
    }
    if (status == 401 || status == 403)
    {
        state->over = state->over || status == 401;
        return AJAR_READING_REFUSED;
    }
    bool waits = status == 408 || status == 429 || status >= 500;
    bool gone = status == 400 || status == 404 || status == 405;
    return waits  ? AJAR_READING_NOT_READY
           : gone ? AJAR_READING_ABSENT
                  : AJAR_READING_OTHER;
}

/* What a header tells on every status, 401 included. */
static void identify_by_head(struct es_state *state, const struct es_error *error)
{
    struct ajar_evidence *evidence = state->evidence;
    if (state->head.opensearch_version != NULL)
    {
        state->speaks = true;
        evidence->product = evidence->product != NULL ? evidence->product : "opensearch";
        if (evidence->version == NULL && !state->compat &&
            strcmp(evidence->product, "opensearch") == 0)
        {
            evidence->version = state->head.opensearch_version;
            state->release_known = ajar_release_parse(evidence->version, &state->release);
        }
    }
    if (error->shape)
    {
        state->speaks = true;
    }
    /* The header alone is no proof (R3); beside the family's own error shape it names,
     * but not what its banner has shown to be something else: look-alikes send it too. */
    bool lookalike = (evidence->flags & AJAR_FLAG(LOOKALIKE)) != 0;
    if (evidence->product == NULL && !lookalike && error->shape &&
        state->head.elastic_product)
    {
        evidence->product = "elasticsearch";
    }
}

static enum ajar_reading judge(struct es_state *state, const struct reply *reply)
{
    switch ((enum ajar_read)es_steps[state->step].read)
    {
    case AJAR_READ_ROOT:
        return read_root(state, reply);
    case AJAR_READ_HEALTH:
        return read_health(state, reply);
    case AJAR_READ_LIST:
        return read_list(state, reply);
    case AJAR_READ_COUNT:
        return read_count(state, reply);
    case AJAR_READ_CONTROL:
        return read_control(state, reply);
    case AJAR_READ_MAPPING:
        return read_mapping(state, reply);
    case AJAR_READ_COUNT_OF:
        break;
    }
    return AJAR_READING_OTHER;
}

enum ajar_reading es_reading_of(struct es_state *state, enum ajar_reply_end how)
{
    if (how == AJAR_REPLY_END_NONE || state->head.status == 0)
    {
        ajar_evidence_reason(state->evidence, "%s got no reply", es_step_word(state));
        return AJAR_READING_FAILED;
    }
    struct reply reply = {.how = how, .whole = how == AJAR_REPLY_END_WHOLE};
    bool held = state->body.len > 0 && !state->body_full;
    if (held && (reply.whole || how == AJAR_REPLY_END_STOPPED))
    {
        reply.json = es_json_parse(ajar_buf_span(&state->body));
    }
    es_error_read(state, reply.json, &reply.error);
    identify_by_head(state, &reply.error);
    enum ajar_reading reading = judge(state, &reply);
    es_proof_keep(state, reply.json);
    ajar_json_free(reply.json);
    return reading;
}
