/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * Identity from the banner of `/`. Product before version (R4): distribution, then
 * constants of lookalikes, then tagline, then whether number and Lucene belong together.
 * The tagline alone is no proof of Elasticsearch (R2), nor is a header (R3).
 */

enum
{
    BANNER_TEXT_BYTES = 256 /* of any peer text that is kept */
};

struct banner
{
    const struct cJSON *json;
    const char *name;
    const char *cluster_name;
    const char *cluster_uuid;
    const char *tagline;
    const char *number;
    const char *lucene;
    const char *distribution;
    const char *hash;
    bool has_ok; /* 0.x and CrateDB */
};

static bool text_is(const char *text, const char *other)
{
    return text != NULL && strcmp(text, other) == 0;
}

static bool text_starts(const char *text, const char *prefix)
{
    return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *keep(struct es_state *state, const char *text)
{
    struct ajar_span span = ajar_span_of(text);
    if (span.len == 0)
    {
        return NULL;
    }
    span.len = span.len < BANNER_TEXT_BYTES ? span.len : BANNER_TEXT_BYTES;
    return ajar_arena_copy(state->evidence->arena, span);
}

/* The shape: a version object with a number, and one of the members that only this family
 * has beside it. */
static bool take_banner(const struct cJSON *json, struct banner *out)
{
    const struct cJSON *version = ajar_json_object(json, "version");
    bool ok = false;
    if (version == NULL)
    {
        return false;
    }
    out->json = json;
    out->name = ajar_json_string(json, "name");
    out->cluster_name = ajar_json_string(json, "cluster_name");
    out->cluster_uuid = ajar_json_string(json, "cluster_uuid");
    out->tagline = ajar_json_string(json, "tagline");
    out->number = ajar_json_string(version, "number");
    out->lucene = ajar_json_string(version, "lucene_version");
    out->distribution = ajar_json_string(version, "distribution");
    out->hash = ajar_json_string(version, "build_hash");
    out->has_ok = ajar_json_bool(json, "ok", &ok);
    return out->number != NULL &&
           (out->tagline != NULL || out->lucene != NULL || out->distribution != NULL);
}

/* Which Lucene major each Elasticsearch major is built on: 0.20 on 3, 0.90 and 1 on 4,
 * then one ahead up to 9 on 10. */
static bool lucene_fits(const struct ajar_release *release, const char *text)
{
    struct ajar_release lucene;
    if (release->major == 0 && text == NULL)
    {
        return true; /* 0.90.0 and before do not say */
    }
    if (!ajar_release_parse(text, &lucene))
    {
        return false;
    }
    if (release->major <= 1)
    {
        return lucene.major == 4 || (release->major == 0 && lucene.major == 3);
    }
    return release->major == 2 ? lucene.major == 5 : lucene.major == release->major + 1;
}

/* Elasticsearch 7.10.2 is built on Lucene 8.7.0; OpenSearch 1 and 2 that call themselves
 * 7.10.2 are built on 8.8.2 to 9.12 (R5). */
static bool is_compat(const struct banner *banner)
{
    struct ajar_release lucene;
    return text_is(banner->number, "7.10.2") &&
           ajar_release_parse(banner->lucene, &lucene) &&
           (lucene.major == 9 || (lucene.major == 8 && lucene.minor >= 8));
}

static void set_product(struct es_state *state, const char *product, bool lookalike)
{
    state->evidence->product = product;
    state->evidence->flags |= lookalike ? AJAR_FLAG(LOOKALIKE) : 0;
}

static bool by_distribution(struct es_state *state, const struct banner *banner)
{
    struct ajar_span distribution = ajar_span_of(banner->distribution);
    if (banner->distribution == NULL)
    {
        return false;
    }
    if (ajar_span_is_nocase(distribution, "opensearch"))
    {
        set_product(state, "opensearch", false);
    }
    else if (ajar_span_is_nocase(distribution, "easysearch"))
    {
        set_product(state, "easysearch", true);
    }
    else if (ajar_span_is_nocase(distribution, "quickwit"))
    {
        set_product(state, "quickwit", true);
    }
    else
    {
        set_product(state, NULL, true); /* a distribution that we do not know */
    }
    return true;
}

/* Lookalikes that send the tagline of Elasticsearch, by what is constant in their source
 * (wire-facts 4). */
static bool by_constants(struct es_state *state, const struct banner *banner)
{
    if (text_is(banner->cluster_uuid, "N/A") && text_is(banner->lucene, "N/A"))
    {
        set_product(state, "zincsearch", true);
    }
    else if (text_is(banner->cluster_uuid, "h3nGzoJ1R12fZz") &&
             text_is(banner->cluster_name, "opensearch-cluster"))
    {
        set_product(state, "openobserve", true);
    }
    else if (text_is(banner->cluster_uuid, "Z7igA6xDRDKCVwnMuyXCOQ") ||
             text_is(banner->name, "4e9d933ebde2"))
    {
        set_product(state, "manticore", true);
    }
    else if (banner->has_ok && banner->tagline == NULL && banner->cluster_name != NULL)
    {
        set_product(state, "cratedb", true); /* 0.90 has ok too, but a tagline */
    }
    else
    {
        return false;
    }
    return true;
}

static void by_tagline(struct es_state *state, const struct banner *banner)
{
    bool elastic = text_is(banner->tagline, "You Know, for Search");
    if (text_starts(banner->tagline, "The OpenSearch Project"))
    {
        state->compat = text_is(banner->number, "7.10.2");
        set_product(state, "opensearch", false);
    }
    else if (text_is(banner->tagline, "You Know, For Easy Search!"))
    {
        set_product(state, "easysearch", true);
    }
    else if ((elastic || banner->tagline == NULL) && is_compat(banner))
    {
        state->compat = true;
        set_product(state, "opensearch", false);
    }
    else if ((elastic || banner->tagline == NULL) && state->release_known &&
             lucene_fits(&state->release, banner->lucene))
    {
        set_product(state, "elasticsearch", false);
    }
    else
    {
        set_product(state, NULL, true);
        es_decoy_add(state, 2, "a Lucene version that does not belong to its number");
    }
}

static void keep_identity(struct es_state *state, const struct banner *banner)
{
    struct ajar_evidence *evidence = state->evidence;
    evidence->node_name = keep(state, banner->name);
    evidence->cluster_name = keep(state, banner->cluster_name);
    evidence->lucene_version = keep(state, banner->lucene);
    /* "_na_": no master was ever elected, so there is no cluster yet. */
    if (!text_is(banner->cluster_uuid, "_na_") && !text_is(banner->cluster_uuid, "N/A"))
    {
        evidence->cluster_uuid = keep(state, banner->cluster_uuid);
    }
    /* In compatibility mode the number is that of another product. */
    evidence->version = state->compat ? NULL : keep(state, banner->number);
    if (state->compat)
    {
        ajar_evidence_reason(evidence,
                             "it calls itself 7.10.2 on Lucene %s: OpenSearch in "
                             "compatibility mode, its own version is not shown",
                             evidence->lucene_version != NULL ? evidence->lucene_version
                                                              : "?");
    }
}

bool es_banner_read(struct es_state *state, const struct cJSON *json)
{
    struct banner banner = {0};
    if (!take_banner(json, &banner))
    {
        return false;
    }
    state->evidence->product = NULL;
    state->release_known = ajar_release_parse(banner.number, &state->release);
    if (!by_distribution(state, &banner) && !by_constants(state, &banner))
    {
        by_tagline(state, &banner);
    }
    keep_identity(state, &banner);
    es_decoy_banner(state, json);
    return true;
}
