/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * Marks of known decoys (wire-facts 7). Each mark has a weight, and only a sum of 3 makes
 * the flag: a proxy that strips a header or sends Date is no decoy. The flag never
 * changes the level by itself; the nonsense path does (catch_all).
 *
 *   - 3: a constant of one decoy's source
 *   - 2: a field that this version never had, or an error in the body of a 200
 *   - 1: what a proxy could have done as well
 */
enum
{
    DECOY_ENOUGH = 3
};

void es_decoy_add(struct es_state *state, uint8_t points, const char *mark)
{
    if (points > state->decoy_heaviest)
    {
        state->decoy_heaviest = points;
        state->decoy_mark = mark;
    }
    if (state->decoy_points < 100)
    {
        state->decoy_points = (uint8_t)(state->decoy_points + points);
    }
}

static bool text_is(const char *text, const char *other)
{
    return text != NULL && strcmp(text, other) == 0;
}

static bool text_starts(const char *text, const char *prefix)
{
    return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Only Elasticsearch's own versions say which fields there were: OpenSearch 1.3 and the
 * lookalikes count for themselves. */
static bool is_before(const struct es_state *state, uint32_t major, uint32_t minor,
                      uint32_t patch)
{
    return state->release_known && text_is(state->evidence->product, "elasticsearch") &&
           ajar_release_before(&state->release, major, minor, patch);
}

/* Names and hashes that stand in the sources of elastichoney, elasticpot and Fisher. */
static void known_constants(struct es_state *state, const struct cJSON *json,
                            const struct cJSON *version)
{
    const char *name = ajar_json_string(json, "name");
    const char *number = ajar_json_string(version, "number");
    const char *hash = ajar_json_string(version, "build_hash");
    if (text_is(name, "Green Goblin") && text_is(number, "1.4.1"))
    {
        es_decoy_add(state, 3, "the node \"Green Goblin\" of version 1.4.1");
    }
    if (text_starts(hash, "89d3241") && strlen(hash) == 39)
    {
        es_decoy_add(state, 3, "a build hash of 39 digits that elastichoney sends");
    }
    if (text_is(number, "1.4.1") && text_starts(hash, "b88f43fc"))
    {
        es_decoy_add(state, 3, "the build hash of 1.7.1 in a 1.4.1");
    }
    if (text_is(name, "b5c8bbb2116f") ||
        text_is(ajar_json_string(json, "cluster_uuid"), "zaB2D2C_Qqabg7a3uzUgIw"))
    {
        es_decoy_add(state, 3, "the node name or cluster uuid of the decoy Fisher");
    }
}

void es_decoy_banner(struct es_state *state, const struct cJSON *json)
{
    known_constants(state, json, ajar_json_object(json, "version"));
    if (is_before(state, 2, 4, 1) && ajar_json_get(json, "cluster_uuid") != NULL)
    {
        es_decoy_add(state, 2, "a cluster uuid before 2.4.1, which had none");
    }
    if (state->head.plain_text)
    {
        es_decoy_add(state, 1, "a banner sent as text/plain");
    }
    if (state->head.scripted_server)
    {
        es_decoy_add(state, 1, "the Server header of a script's HTTP library");
    }
    bool is_elasticsearch = text_is(state->evidence->product, "elasticsearch");
    if (state->head.status == 200 && is_elasticsearch && state->release_known &&
        !is_before(state, 7, 14, 0) && !state->head.elastic_product)
    {
        es_decoy_add(state, 1, "no X-elastic-product, which 7.14 and later send");
    }
}

void es_decoy_health(struct es_state *state, const struct cJSON *json)
{
    if (ajar_json_get(json, "cluser_name") != NULL)
    {
        es_decoy_add(state, 3, "the misspelt member cluser_name of elasticpot");
    }
    /* Both members came with 2.0. */
    if (is_before(state, 2, 0, 0) &&
        ajar_json_get(json, "task_max_waiting_in_queue_millis") != NULL)
    {
        es_decoy_add(state, 2, "health members that came with 2.0 in an older version");
    }
}

void es_decoy_row(struct es_state *state, struct ajar_span name, bool has_uuid)
{
    if (ajar_span_is(name, "1cf0aa9d61f185b59f643939f862c01f89b21360") ||
        ajar_span_is(name, "db18744ea5570fa9bf868df44fecd4b58332ff24"))
    {
        es_decoy_add(state, 3, "an index name of elasticpot");
    }
    if (has_uuid && state->decoy_heaviest < 2 && is_before(state, 5, 0, 0))
    {
        es_decoy_add(state, 2, "index uuids before 5.0, which lists none");
    }
}

void es_decoy_conclude(struct es_state *state)
{
    struct ajar_evidence *evidence = state->evidence;
    if (state->decoy_points < DECOY_ENOUGH ||
        (evidence->flags & AJAR_FLAG(HONEYPOT)) != 0)
    {
        return;
    }
    evidence->flags |= AJAR_FLAG(HONEYPOT);
    ajar_evidence_reason(evidence, "it looks like a decoy: it has %s", state->decoy_mark);
}
