/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * The bytes that decided, for `ajar check --explain`: the members that the shape of the
 * endpoint is made of, else what a refusal said, else the first bytes as they came. No
 * path of ours returns a document, so none of these can hold a part of one.
 */
enum
{
    /* A list or a mapping is read as it streams: its first bytes are kept aside. */
    PROOF_FIRST_BYTES = 120,
    PROOF_TEXT_CHARS = 80
};

struct proof
{
    char text[AJAR_MAX_PROOF + 1];
    size_t len;
};

/* What the shape of each read stands on (readings.c); NULL ends a row. */
static const char *const members_of_read[AJAR_READ_COUNT_OF][6] = {
    [AJAR_READ_ROOT] = {"version.number", "version.distribution",
                        "version.lucene_version", "tagline", NULL},
    [AJAR_READ_HEALTH] = {"cluster_name", "status", "number_of_nodes",
                          "active_primary_shards", NULL},
    [AJAR_READ_COUNT] = {"count", "_shards.total", "_shards.successful", NULL},
    [AJAR_READ_CONTROL] = {"count", "_shards.total", "status", NULL},
};

static const char *const members_of_error[] = {
    "error.type", "error.reason", "error", "message", "Message", "status", NULL};

AJAR_PRINTF(2, 3)
static void add(struct proof *proof, const char *format, ...)
{
    va_list args;
    size_t room = sizeof(proof->text) - proof->len;
    va_start(args, format);
    int len = vsnprintf(proof->text + proof->len, room, format, args);
    va_end(args);
    proof->len += len > 0 ? ((size_t)len < room ? (size_t)len : room - 1) : 0;
}

/* One member by its dotted path, at most two deep, as `"a.b":value`. */
static void add_member(struct proof *proof, const struct cJSON *json, const char *path)
{
    char parent[32];
    uint64_t number = 0;
    const char *dot = strchr(path, '.');
    const char *name = dot != NULL ? dot + 1 : path;
    if (dot != NULL)
    {
        (void)snprintf(parent, sizeof(parent), "%.*s", (int)(dot - path), path);
        json = ajar_json_object(json, parent);
    }
    const char *text = json != NULL ? ajar_json_string(json, name) : NULL;
    if (text != NULL)
    {
        add(proof, "%s\"%s\":\"%.*s\"", proof->len > 0 ? "," : "", path, PROOF_TEXT_CHARS,
            text);
    }
    else if (json != NULL && ajar_json_count(json, name, &number))
    {
        add(proof, "%s\"%s\":%llu", proof->len > 0 ? "," : "", path,
            (unsigned long long)number);
    }
}

static void add_members(struct proof *proof, const struct cJSON *json,
                        const char *const *paths)
{
    for (size_t i = 0; json != NULL && paths[i] != NULL; i++)
    {
        add_member(proof, json, paths[i]);
    }
}

static struct ajar_span first_bytes(const struct es_state *state)
{
    if (state->first != NULL && state->first_len > 0)
    {
        return (struct ajar_span){state->first, state->first_len};
    }
    struct ajar_span body = ajar_buf_span(&state->body);
    body.len = body.len < PROOF_FIRST_BYTES ? body.len : PROOF_FIRST_BYTES;
    return body;
}

void es_proof_begin(struct es_state *state)
{
    state->first_len = 0;
    if (state->evidence->trace != NULL && state->first == NULL)
    {
        state->first = ajar_arena_alloc(state->evidence->arena, PROOF_FIRST_BYTES);
    }
}

void es_proof_feed(struct es_state *state, struct ajar_span bytes)
{
    if (state->first != NULL && state->first_len < PROOF_FIRST_BYTES)
    {
        size_t room = PROOF_FIRST_BYTES - state->first_len;
        size_t take = bytes.len < room ? bytes.len : room;
        memcpy(state->first + state->first_len, bytes.data, take);
        state->first_len += take;
    }
}

void es_proof_keep(struct es_state *state, const struct cJSON *json)
{
    if (state->evidence->trace == NULL)
    {
        return;
    }
    struct proof proof = {.len = 0};
    proof.text[0] = '\0';
    if (state->head.challenge != NULL)
    {
        add(&proof, "WWW-Authenticate: %.*s", PROOF_TEXT_CHARS, state->head.challenge);
    }
    if (state->head.status == 200)
    {
        add_members(&proof, json, members_of_read[es_steps[state->step].read]);
    }
    else
    {
        add_members(&proof, json, members_of_error);
    }
    if (state->head.status != 200 && state->step == ES_ROOT)
    {
        /* 1.x and 2.x send their banner with a 503 */
        add_members(&proof, json, members_of_read[AJAR_READ_ROOT]);
    }
    struct ajar_span bytes = {proof.text, proof.len};
    ajar_evidence_proof(state->evidence, proof.len > 0 ? bytes : first_bytes(state));
}
