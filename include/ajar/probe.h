/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_PROBE_H
#define AJAR_PROBE_H

#include "ajar/evidence.h"
#include "ajar/http.h"

/*
 * Probe: what to ask next, and what the answer proves, for one family of products. All
 * paths that it can ever send stand in its constant step table. No socket, no clock.
 *
 * One visit drives it so:  begin; { next -> head, body*, end } until next says no;
 * finish. Instances are independent; nothing is static.
 */

/* A row of a step table. */
struct ajar_step
{
    const char *path;     /* may hold one {index} or {nonce}, filled by the probe */
    const char *products; /* which products and versions are asked this */
    const char *why;      /* what it proves and why it carries no document */
    uint8_t read;         /* enum ajar_read */
    uint64_t max_body; /* AJAR_MAX_BODY, or AJAR_MAX_STREAM_BODY when read row by row */
};

struct ajar_ask
{
    const struct ajar_step *step;
    const char *path; /* the step's path with its hole filled; arena or static */
};

/* How an exchange ended, for ajar_probe.end. */
enum ajar_reply_end
{
    AJAR_REPLY_END_WHOLE,
    AJAR_REPLY_END_STOPPED, /* the probe itself had enough */
    AJAR_REPLY_END_CUT,     /* broke off after the head, or malformed */
    AJAR_REPLY_END_TOO_LARGE,
    AJAR_REPLY_END_NONE /* no head came: connection or deadline */
};

struct ajar_probe
{
    const char *name;
    const struct ajar_step *steps;
    size_t step_count;
    size_t state_bytes; /* memory that the visit gives, zeroed, for one visit */

    /* nonce: 64 bits for the nonsense path. */
    void (*begin)(void *state, struct ajar_evidence *evidence, uint64_t nonce);
    /* True and *out: ask this. False: the visit is over. Never asks again after a 401. */
    bool (*next)(void *state, struct ajar_ask *out);
    /* The head of the reply to the last ask. */
    void (*head)(void *state, const struct ajar_reply_head *head);
    /* Body bytes. False: enough was seen, the rest is not needed. */
    bool (*body)(void *state, struct ajar_span bytes);
    /* The exchange is over: sets evidence->reading[...] and facts. */
    void (*end)(void *state, enum ajar_reply_end how);
    /* Frees what begin and the readers hold; evidence stays. */
    void (*finish)(void *state);
};

extern const struct ajar_probe
    ajar_probe_elasticsearch; /* Elasticsearch and OpenSearch */

/* The register: all probes of this build, in order. */
const struct ajar_probe *const *ajar_probes(size_t *out_count);

#endif
