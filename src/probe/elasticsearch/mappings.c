/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "es.h"

/*
 * Field names of up to AJAR_MAX_MAPPINGS indices, as their mappings stream in: nothing of
 * them is held but what the finding names.
 */
struct es_mappings
{
    struct ajar_mapping reader;
    struct ajar_sensitivity sensitivity;
    char asked[AJAR_MAX_INDEX_NAME + 1];
    bool answered;   /* the index that was asked for is in the reply */
    uint64_t fields; /* of this reply */
};

/* An alias or a data stream may bring others along; the reply's own word counts. */
static void on_index(void *context, struct ajar_span name)
{
    struct es_mappings *mappings = context;
    mappings->answered = mappings->answered || ajar_span_is(name, mappings->asked);
    ajar_sensitivity_index(&mappings->sensitivity, name);
}

static void on_field(void *context, struct ajar_span path, struct ajar_span type)
{
    struct es_mappings *mappings = context;
    /* A reply about something else than what was asked is no mapping of it. */
    if (mappings->answered)
    {
        mappings->fields++;
        ajar_sensitivity_field(&mappings->sensitivity, path, ajar_field_type_of(type));
    }
}

static bool make(struct es_state *state)
{
    if (state->mappings == NULL)
    {
        state->mappings =
            ajar_arena_alloc(state->evidence->arena, sizeof(*state->mappings));
        if (state->mappings != NULL)
        {
            ajar_sensitivity_begin(&state->mappings->sensitivity, state->evidence->arena);
        }
    }
    return state->mappings != NULL;
}

bool es_mappings_begin(struct es_state *state)
{
    if (!make(state))
    {
        return false;
    }
    struct es_mappings *mappings = state->mappings;
    struct ajar_mapping_sink sink = {on_index, on_field, mappings};
    ajar_mapping_init(&mappings->reader, &sink);
    mappings->answered = false;
    mappings->fields = 0;
    struct ajar_span asked = es_list_mapping_target(state, state->mappings_asked - 1u);
    memset(mappings->asked, 0, sizeof(mappings->asked));
    if (asked.len > 0 && asked.len < sizeof(mappings->asked))
    {
        memcpy(mappings->asked, asked.data, asked.len);
    }
    return true;
}

bool es_mappings_feed(struct es_state *state, struct ajar_span bytes)
{
    if (state->mappings == NULL)
    {
        return false;
    }
    /* DONE too: the connection is kept only when the reply is read to its end. */
    return ajar_mapping_feed(&state->mappings->reader, bytes) != AJAR_MAPPING_BAD;
}

enum ajar_reading es_mappings_end(struct es_state *state, bool whole)
{
    struct es_mappings *mappings = state->mappings;
    if (mappings == NULL)
    {
        return AJAR_READING_CUT;
    }
    bool done = mappings->reader.state == AJAR_MAPPING_DONE;
    if (mappings->answered && (done || mappings->fields > 0))
    {
        if (!done)
        {
            ajar_sensitivity_cut(&mappings->sensitivity);
        }
        return AJAR_READING_SHOWN;
    }
    bool cut = !whole && mappings->reader.state == AJAR_MAPPING_MORE;
    return cut ? AJAR_READING_CUT : AJAR_READING_OTHER;
}

void es_mappings_conclude(struct es_state *state)
{
    if (state->mappings != NULL)
    {
        ajar_sensitivity_finish(&state->mappings->sensitivity,
                                &state->evidence->sensitivity);
        state->mappings = NULL; /* once: finish may come twice */
    }
}
