/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * The contract of ajar/probe.h, for Elasticsearch, OpenSearch and what speaks like them.
 * One reply at a time: its head is looked at, its body held (or read row by row), and its
 * end judged.
 */
enum
{
    /* A banner is 600 bytes; what is no JSON is only looked at to name it. */
    PROBE_HELD_BYTES = 64 * 1024,
    PROBE_PAGE_BYTES = 1024,
    PROBE_KEPT_BYTES = 0 /* between exchanges */
};

static void probe_begin(void *memory, struct ajar_evidence *evidence, uint64_t nonce)
{
    struct es_state *state = memory;
    state->evidence = evidence;
    state->nonce = nonce;
    ajar_buf_init(&state->body, PROBE_HELD_BYTES);
}

static bool is_list(const struct es_state *state)
{
    return state->head.status == 200 && es_steps[state->step].read == AJAR_READ_LIST;
}

static bool is_mapping(const struct es_state *state)
{
    return state->head.status == 200 && state->step == ES_MAPPING;
}

static bool probe_next(void *memory, struct ajar_ask *out)
{
    struct es_state *state = memory;
    state->head = (struct es_head){0};
    state->unknown_parameter = false;
    state->no_handler = false;
    state->body_full = false;
    return es_plan_next(state, out);
}

static void probe_head(void *memory, const struct ajar_reply_head *head)
{
    struct es_state *state = memory;
    /* The same ask may be answered again, over TLS after a plain 400: what the first
     * reply said must not stand before the second. */
    ajar_buf_reset(&state->body, PROBE_HELD_BYTES);
    state->body_full = false;
    es_head_read(state, head);
    es_proof_begin(state);
    if (is_list(state))
    {
        es_list_release(state);
        (void)es_list_begin(state);
    }
    else if (is_mapping(state))
    {
        (void)es_mappings_begin(state);
    }
}

/* How much of a body is worth holding: all of a JSON object, the beginning of the rest.
 */
static size_t worth(const struct ajar_buf *body)
{
    size_t at = body->len > 0 ? strspn(body->data, " \t\r\n") : 0;
    bool object = at < body->len && body->data[at] == '{';
    return object ? PROBE_HELD_BYTES : PROBE_PAGE_BYTES;
}

/* Holds the same bytes however they were cut. */
static bool hold(struct es_state *state, struct ajar_span bytes)
{
    struct ajar_buf *body = &state->body;
    for (size_t at = 0; at < bytes.len;)
    {
        size_t left = bytes.len - at;
        size_t room = worth(body) - body->len;
        size_t take = left < room ? left : room;
        if (take == 0 || ajar_buf_append(body, bytes.data + at, take) < 0)
        {
            state->body_full = true;
            return false;
        }
        at += take;
    }
    return true;
}

static bool probe_body(void *memory, struct ajar_span bytes)
{
    struct es_state *state = memory;
    if (bytes.len == 0)
    {
        return true;
    }
    es_proof_feed(state, bytes);
    if (is_mapping(state))
    {
        return es_mappings_feed(state, bytes);
    }
    if (is_list(state))
    {
        return state->list != NULL && es_list_feed(state, bytes);
    }
    return hold(state, bytes);
}

static void probe_end(void *memory, enum ajar_reply_end how)
{
    struct es_state *state = memory;
    enum ajar_reading reading = es_reading_of(state, how);
    es_plan_after(state, reading);
    es_decoy_conclude(state);
    ajar_buf_reset(&state->body, PROBE_KEPT_BYTES);
    es_list_release(state);
}

static void probe_finish(void *memory)
{
    struct es_state *state = memory;
    ajar_buf_deinit(&state->body);
    es_list_release(state);
    es_mappings_conclude(state);
}

const struct ajar_probe ajar_probe_elasticsearch = {
    .name = "elasticsearch",
    .steps = es_steps,
    .step_count = ES_STEP_COUNT,
    .state_bytes = sizeof(struct es_state),
    .begin = probe_begin,
    .next = probe_next,
    .head = probe_head,
    .body = probe_body,
    .end = probe_end,
    .finish = probe_finish,
};
