/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_VISIT_H
#define AJAR_VISIT_H

#include "ajar/classify.h"
#include "ajar/net.h"
#include "ajar/probe.h"

/*
 * Visit: one target from dial to verdict. A state machine that is told events and asks
 * for actions through ajar_visit_io; it holds no socket and no clock, so that the same
 * code runs under libuv (app) and under a script with a virtual clock (tests).
 */
struct ajar_timeouts
{
    uint32_t connect_ms;
    uint32_t tls_ms;
    uint32_t header_ms; /* from the request to the end of the reply's head */
    uint32_t body_ms;   /* from the head to the end of the body */
    uint32_t total_ms;  /* the whole visit, all connections and requests */
};

/* What a visit asks of its surroundings. All calls return at once; what follows from them
 * comes later through ajar_visit_*. */
struct ajar_visit_io
{
    /* Start a connection (the last one is closed). The answer is ajar_visit_opened or
     * ajar_visit_ended, later. AJAR_VISIT_POSTPONED: the rate allows none yet;
     * ajar_visit_dialing tells when it starts. Negative: nothing started; *out_why as in
     * net.h; AJAR_EREFUSED: the permit is no longer valid. */
    int (*dial)(void *context, bool tls, enum ajar_link_end *out_why);
    /* Has the peer accepted the connection (though TLS may still be under way)? Asked
     * when a deadline passes before `opened`: silence before and after it are two
     * outcomes. */
    bool (*is_connected)(void *context);
    /* Our own address on the connection, asked when the first reply has shown something
     * (the peer may have ended it by then); NULL: not asked for. */
    bool (*source)(void *context, struct ajar_addr *out);
    int (*send)(void *context, struct ajar_span bytes);
    /* Close the connection; ajar_visit_closed comes later. */
    void (*close)(void *context);
    /* One timer: ajar_visit_deadline is called at at_ns unless set again. UINT64_MAX:
     * off. */
    void (*set_deadline)(void *context, uint64_t at_ns);
    /* The visit is over (exactly once, the last call). Its facts may be read until reset.
     */
    void (*done)(void *context);
    void *context;
};

#define AJAR_VISIT_POSTPONED 1

struct ajar_visit;

struct ajar_visit_target
{
    const struct ajar_permit *permit; /* borrowed until done */
    const char *name;                 /* for Host and SNI; NULL: the address */
    enum ajar_scheme scheme;
    uint64_t nonce;
};

struct ajar_visit_config
{
    struct ajar_timeouts timeouts;
    const char *user_agent;
    const struct ajar_probe *probe;
    bool explain; /* keep a trace of the decision (evidence.h) */
};

/* The config is borrowed for the visit's life. */
int ajar_visit_new(const struct ajar_visit_config *config,
                   struct ajar_visit **out) AJAR_MUST_CHECK;
void ajar_visit_free(struct ajar_visit *visit);

/* Begins. `done` may only come later, from an event. */
void ajar_visit_start(struct ajar_visit *visit, const struct ajar_visit_target *target,
                      const struct ajar_visit_io *io, uint64_t now_ns);
/* Events. */
/* The dial that is under way was given back (a shortage on this machine) and will be
 * tried again: as if dial had returned AJAR_VISIT_POSTPONED. */
void ajar_visit_postponed(struct ajar_visit *visit);
/* A postponed dial starts now (its connect deadline too), or could not start: status and
 * why as dial would have returned them. */
void ajar_visit_dialing(struct ajar_visit *visit, int status, enum ajar_link_end why,
                        uint64_t now_ns);
void ajar_visit_opened(struct ajar_visit *visit, const struct ajar_tls_facts *tls,
                       uint64_t now_ns);
void ajar_visit_data(struct ajar_visit *visit, struct ajar_span bytes, uint64_t now_ns);
void ajar_visit_ended(struct ajar_visit *visit, enum ajar_link_end why, uint64_t now_ns);
void ajar_visit_closed(struct ajar_visit *visit, uint64_t now_ns);
void ajar_visit_deadline(struct ajar_visit *visit, uint64_t now_ns);
/* Stop as soon as possible, with this outcome where nothing was proven yet. */
void ajar_visit_cancel(struct ajar_visit *visit, enum ajar_outcome outcome,
                       uint64_t now_ns);

/* After `done`, until reset: what came of it. All borrowed. */
struct ajar_visit_result
{
    enum ajar_outcome outcome;
    bool tls; /* the last connection that spoke was TLS */
    uint64_t duration_ns;
    uint32_t dials;
    uint32_t requests; /* sent; those that TLS or a lost connection made us repeat, too */
    struct ajar_verdict verdict;
    const struct ajar_evidence *evidence;
    const struct ajar_tls_facts *tls_facts; /* copied into the visit's arena; NULL */
    bool source_known;
    struct ajar_addr source; /* our own address where something was shown first */
};
void ajar_visit_result(const struct ajar_visit *visit, struct ajar_visit_result *out);
/* Gives its memory back; ready for start. */
void ajar_visit_reset(struct ajar_visit *visit);

#endif
