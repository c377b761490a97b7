/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * What to ask next. The road is root, health, list, count, control; each answer may cut
 * it short or turn one step into its variant. docs/classification.md draws it.
 *
 *   - a 401, or nothing more to learn: over
 *   - `/` 403, 404, 405, 3xx: go on, an open list may stand behind it
 *   - `/` 200 without a banner: over, one request
 *   - nothing had the family's shape after three: over
 */
enum
{
    PLAN_MAX_REQUESTS = 8, /* the last one is kept for the control */
    /* with mappings; two are left for what TLS or a lost connection makes us repeat */
    PLAN_MAX_IN_ALL = AJAR_MAX_REQUESTS - 2,
    PLAN_MAX_FAILURES = 2 /* exchanges without a reply */
};

enum es_stage
{
    STAGE_ROOT,
    STAGE_HEALTH,
    STAGE_HEALTH_PLAIN,
    STAGE_LIST,
    STAGE_LIST_PLAIN,
    STAGE_ALIASES,
    STAGE_COUNT_INDEX,
    STAGE_COUNT_ALL,
    STAGE_CONTROL,
    STAGE_MAPPING,
    STAGE_END
};

static bool is_product(const struct es_state *state, const char *product)
{
    const char *is = state->evidence->product;
    return is != NULL && strcmp(is, product) == 0;
}

static enum es_step health_step(const struct es_state *state)
{
    bool known = is_product(state, "elasticsearch") && state->release_known;
    return known ? ES_HEALTH_BOTH : ES_HEALTH_TIMEOUT;
}

/* OpenSearch 2.0 and later. In compatibility mode the number is not its own, but Lucene 9
 * is (2.x; 1.x has 8; 3.0 has no such mode). */
static bool is_opensearch_2(const struct es_state *state)
{
    struct ajar_release lucene;
    if (!state->compat)
    {
        return state->release.major >= 2;
    }
    return ajar_release_parse(state->evidence->lucene_version, &lucene) &&
           lucene.major >= 9;
}

/* Which form of the list this version takes (R8). */
static enum es_step list_step(const struct es_state *state)
{
    if (is_product(state, "opensearch"))
    {
        if (!state->release_known)
        {
            return ES_LIST_ALL;
        }
        return is_opensearch_2(state) ? ES_LIST_ALL_MANAGER : ES_LIST_ALL_MASTER;
    }
    if (is_product(state, "elasticsearch") && state->release_known)
    {
        bool before = ajar_release_before(&state->release, 7, 7, 0);
        return before ? ES_LIST_MASTER : ES_LIST_ALL_MASTER;
    }
    if (is_product(state, "elasticsearch") && state->elastic_header)
    {
        /* `/` is shut, so the version is not known; who sends that header is 7.14 or
         * later. Without the parameter a data stream would be missed. */
        return ES_LIST_ALL_MASTER;
    }
    return ES_LIST_PLAIN;
}

/* _cat came with 1.0. */
static bool is_before_cat(const struct es_state *state)
{
    return is_product(state, "elasticsearch") && state->release_known &&
           state->release.major == 0;
}

static enum es_step count_step(const struct es_state *state)
{
    const struct ajar_evidence *evidence = state->evidence;
    bool listed = evidence->reading[AJAR_READ_LIST] == AJAR_READING_SHOWN;
    if (!listed || !es_list_is_names_only(state))
    {
        return ES_COUNT_ALL;
    }
    return evidence->indices.system > 0 ? ES_COUNT_NO_DOT : ES_COUNT_STAR;
}

static enum es_step step_of(const struct es_state *state)
{
    switch ((enum es_stage)state->stage)
    {
    case STAGE_ROOT:
        return ES_ROOT;
    case STAGE_HEALTH:
        return health_step(state);
    case STAGE_HEALTH_PLAIN:
        return ES_HEALTH_PLAIN;
    case STAGE_LIST:
        return list_step(state);
    case STAGE_LIST_PLAIN:
        return ES_LIST_PLAIN;
    case STAGE_ALIASES:
        return ES_ALIASES;
    case STAGE_COUNT_INDEX:
        return ES_COUNT_INDEX;
    case STAGE_COUNT_ALL:
        return count_step(state);
    case STAGE_CONTROL:
        return ES_CONTROL;
    case STAGE_MAPPING:
        return ES_MAPPING;
    case STAGE_END:
        break;
    }
    return ES_STEP_COUNT;
}

static const char *path_of(struct es_state *state, const struct ajar_step *step)
{
    if (state->step == ES_COUNT_INDEX)
    {
        return es_path_of_index(state, step, es_list_target(state, state->count_at));
    }
    if (state->step == ES_MAPPING)
    {
        return es_path_of_index(state, step,
                                es_list_mapping_target(state, state->mappings_asked));
    }
    return state->step == ES_CONTROL ? es_path_of_nonce(state, step) : step->path;
}

static bool shown(const struct es_state *state, enum ajar_read read)
{
    return state->evidence->reading[read] == AJAR_READING_SHOWN;
}

bool es_plan_shown_any(const struct es_state *state)
{
    return shown(state, AJAR_READ_ROOT) || shown(state, AJAR_READ_HEALTH) ||
           shown(state, AJAR_READ_LIST) || shown(state, AJAR_READ_COUNT);
}

bool es_plan_next(struct es_state *state, struct ajar_ask *out)
{
    if (state->asked + 1 >= PLAN_MAX_REQUESTS && state->stage < STAGE_CONTROL)
    {
        state->stage = STAGE_CONTROL;
    }
    if (state->stage == STAGE_CONTROL && !es_plan_shown_any(state))
    {
        state->stage = STAGE_END; /* nothing to control */
    }
    size_t most = state->stage == STAGE_MAPPING ? PLAN_MAX_IN_ALL : PLAN_MAX_REQUESTS;
    if (state->over || state->stage >= STAGE_END || state->asked >= most)
    {
        return false;
    }
    state->step = (uint8_t)step_of(state);
    const struct ajar_step *step = &es_steps[state->step];
    const char *path = path_of(state, step);
    if (path == NULL)
    {
        state->over = true; /* no memory */
        return false;
    }
    state->asked++;
    if (state->step == ES_MAPPING)
    {
        state->mappings_asked++;
    }
    *out = (struct ajar_ask){.step = step, .path = path};
    return true;
}

static enum es_stage after_root(const struct es_state *state, enum ajar_reading reading)
{
    bool is_200 = state->head.status == 200;
    if (reading == AJAR_READING_FAILED || reading == AJAR_READING_CUT ||
        (is_200 && reading != AJAR_READING_SHOWN))
    {
        return STAGE_END;
    }
    if (reading == AJAR_READING_NOT_READY && !state->speaks)
    {
        return STAGE_END; /* a proxy without its server, or any server in trouble */
    }
    return STAGE_HEALTH;
}

static enum es_stage after_health(const struct es_state *state, enum ajar_reading reading)
{
    bool root_waits = state->evidence->reading[AJAR_READ_ROOT] == AJAR_READING_NOT_READY;
    if (state->unknown_parameter && state->stage == STAGE_HEALTH)
    {
        return STAGE_HEALTH_PLAIN;
    }
    if (root_waits && reading != AJAR_READING_SHOWN)
    {
        return STAGE_END;
    }
    enum es_step list = list_step(state);
    bool endless = list == ES_LIST_ALL || list == ES_LIST_PLAIN;
    bool waits = reading == AJAR_READING_NOT_READY || reading == AJAR_READING_FAILED;
    if (state->no_master || (waits && endless && state->speaks))
    {
        /* The list would wait 30 s for a master; a count is answered, or blocked, at
         * once. */
        return STAGE_COUNT_ALL;
    }
    return is_before_cat(state) ? STAGE_ALIASES : STAGE_LIST;
}

/* A list that was read says which index to count; without counts, or without a list, all
 * user indices are counted at once. A list of nothing but system indices leaves nothing
 * to count, an empty one only when no shard is active either (R9). */
static enum es_stage after_shown_list(const struct es_state *state)
{
    const struct ajar_index_facts *indices = &state->evidence->indices;
    if (es_list_target(state, 0).len > 0)
    {
        return STAGE_COUNT_INDEX;
    }
    bool users = indices->count > indices->system;
    bool hidden = indices->count == 0 && state->primaries > 0;
    return users || hidden || indices->truncated ? STAGE_COUNT_ALL : STAGE_CONTROL;
}

static enum es_stage after_list(const struct es_state *state, enum ajar_reading reading)
{
    if (reading == AJAR_READING_SHOWN)
    {
        return after_shown_list(state);
    }
    if (state->unknown_parameter && state->stage == STAGE_LIST &&
        state->step != ES_LIST_PLAIN)
    {
        return STAGE_LIST_PLAIN;
    }
    if (!state->speaks)
    {
        return STAGE_END;
    }
    if (state->no_handler && state->stage != STAGE_ALIASES && !state->release_known)
    {
        return STAGE_ALIASES; /* 0.x behind a proxy that hides its banner */
    }
    return STAGE_COUNT_ALL;
}

/* Field names are asked for only where a list was shown and can be believed, and only as
 * long as they are: an index that refuses its own speaks for the others. */
static enum es_stage after_control(const struct es_state *state,
                                   enum ajar_reading reading)
{
    bool first = state->stage == STAGE_CONTROL;
    bool passed = first ? reading != AJAR_READING_SHOWN && reading != AJAR_READING_FAILED
                        : reading == AJAR_READING_SHOWN;
    bool decoy = (state->evidence->flags & AJAR_FLAG(HONEYPOT)) != 0;
    if (!passed || decoy || state->no_master || !shown(state, AJAR_READ_LIST) ||
        state->evidence->exchange_count >= PLAN_MAX_IN_ALL)
    {
        return STAGE_END;
    }
    bool more = es_list_mapping_target(state, state->mappings_asked).len > 0;
    return more ? STAGE_MAPPING : STAGE_END;
}

/* One index that is blocked or refused shuts the count of all; the next largest may be
 * readable all the same. Once: one more answer tells enough. */
static bool wants_next_count(const struct es_state *state, enum ajar_reading reading)
{
    bool shut = reading == AJAR_READING_REFUSED || reading == AJAR_READING_OTHER;
    bool decoy = (state->evidence->flags & AJAR_FLAG(HONEYPOT)) != 0;
    return shut && !decoy && state->count_at == 0 && es_list_target(state, 1).len > 0;
}

static enum es_stage stage_after(const struct es_state *state, enum ajar_reading reading)
{
    switch ((enum es_stage)state->stage)
    {
    case STAGE_ROOT:
        return after_root(state, reading);
    case STAGE_HEALTH:
    case STAGE_HEALTH_PLAIN:
        return after_health(state, reading);
    case STAGE_LIST:
    case STAGE_LIST_PLAIN:
    case STAGE_ALIASES:
        return after_list(state, reading);
    case STAGE_COUNT_INDEX:
        /* Refused for one index, or red: another one may answer. */
        return reading == AJAR_READING_SHOWN || state->count_at > 0 ? STAGE_CONTROL
                                                                    : STAGE_COUNT_ALL;
    case STAGE_COUNT_ALL:
        return wants_next_count(state, reading) ? STAGE_COUNT_INDEX : STAGE_CONTROL;
    case STAGE_CONTROL:
    case STAGE_MAPPING:
        return after_control(state, reading);
    case STAGE_END:
        break;
    }
    return STAGE_END;
}

/* A second try at a read never hides that the first left a question open. */
static enum ajar_reading merge(enum ajar_reading before, enum ajar_reading now)
{
    bool open = before == AJAR_READING_IN_DOUBT || before == AJAR_READING_NOT_READY ||
                before == AJAR_READING_CUT || before == AJAR_READING_FAILED;
    return open && now != AJAR_READING_SHOWN ? before : now;
}

void es_plan_after(struct es_state *state, enum ajar_reading reading)
{
    uint8_t *kept = &state->evidence->reading[es_steps[state->step].read];
    bool stands = state->step == ES_MAPPING && *kept == AJAR_READING_SHOWN;
    if (!stands) /* one mapping that was shown is what the others cannot take back */
    {
        *kept = (uint8_t)merge((enum ajar_reading) * kept, reading);
    }
    if (reading == AJAR_READING_FAILED && ++state->failures >= PLAN_MAX_FAILURES)
    {
        state->over = true;
    }
    enum es_stage before = (enum es_stage)state->stage;
    state->stage = (uint8_t)stage_after(state, reading);
    if (before == STAGE_COUNT_ALL && state->stage == STAGE_COUNT_INDEX)
    {
        state->count_at = 1;
    }
}
