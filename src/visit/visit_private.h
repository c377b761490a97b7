/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_VISIT_PRIVATE_H
#define AJAR_VISIT_PRIVATE_H

#include "ajar/visit.h"

enum visit_state
{
    VISIT_IDLE,
    VISIT_POSTPONED, /* the rate allows no connection yet */
    VISIT_DIALING,
    VISIT_HEAD,    /* a request is out, its reply's head is awaited */
    VISIT_BODY,    /* the head came */
    VISIT_CLOSING, /* `after` says what comes when the connection is closed */
    VISIT_OVER
};

enum visit_after
{
    AFTER_FINISH,
    AFTER_REDIAL
};

/* Failed exchanges (no reply, cut, deadline) before a visit gives up: a server that
 * stalls on one path may answer the next, one that stalls on two has shown what it does.
 */
#define VISIT_MAX_FAILURES 2

/* "HTTP/1.1 400" */
#define VISIT_SNIFF_HEAD 12
#define VISIT_SNIFF_MAX 1024
/* type and version of a TLS record */
#define VISIT_SNIFF_RECORD 3

struct ajar_visit
{
    const struct ajar_visit_config *config;
    const struct ajar_visit_io *io;
    struct ajar_visit_target target;
    enum visit_state state;
    enum visit_after after;

    struct ajar_arena arena;
    struct ajar_evidence evidence;
    void *probe_state;
    bool probe_open;
    struct ajar_ask ask;
    bool asking;     /* `ask` is not answered yet */
    bool ask_resent; /* a kept-alive connection died under it once already */

    struct ajar_reply_parser *parser;
    struct ajar_reply_sink sink;
    struct ajar_buf request;
    const char *authority; /* of the requests, in the arena; NULL: not rendered yet */
    bool authority_tls;

    uint64_t started_ns;
    uint64_t asked_ns;
    uint64_t finished_ns;

    uint64_t reply_bytes;  /* received since the last request */
    uint32_t link_replies; /* whole replies on this connection */
    uint32_t replies;      /* whole replies in the visit */
    uint32_t failures;
    uint32_t dials;
    uint32_t requests; /* sent, resent ones included */
    bool tls;          /* this connection is, or is to be, TLS */
    bool tls_tried;
    bool spoke_tls; /* the last connection that gave a reply was TLS */
    enum ajar_link_end
        plain_end;        /* how the plain connection ended before the TLS retry */
    bool plain_wants_tls; /* the plain answer said so in words or by an alert */
    bool link_open;       /* dial went out, closed has not come */
    bool outcome_set;
    bool
        never_keeps; /* it closes after a reply without saying so: do not ask into that */
    bool called_off;
    bool source_known;
    struct ajar_addr source;
    enum ajar_outcome outcome;
    const struct ajar_tls_facts *tls_facts;

    char sniff_head[VISIT_SNIFF_HEAD];
    size_t sniff_len;
    char *sniff; /* arena: the raw first bytes of a 400, or of what is not HTTP */
    struct ajar_verdict verdict;
};

/* visit.c */
/* ms from now, but never past the total deadline of the visit. */
void visit_set_deadline(struct ajar_visit *visit, uint64_t now_ns, uint32_t ms);
void visit_set_outcome(struct ajar_visit *visit, enum ajar_outcome outcome);
void visit_close_then(struct ajar_visit *visit, enum visit_after after, uint64_t now_ns);

/* exchange.c: one request and its reply */
void exchange_begin(struct ajar_visit *visit, uint64_t now_ns);
void exchange_feed(struct ajar_visit *visit, struct ajar_span bytes, uint64_t now_ns);
/* The connection ended or a deadline passed while a reply was awaited. */
void exchange_link_ended(struct ajar_visit *visit, enum ajar_link_end why,
                         uint64_t now_ns);
void exchange_timed_out(struct ajar_visit *visit, uint64_t now_ns);
void exchange_init(struct ajar_visit *visit);

/* facts.c */
const struct ajar_tls_facts *facts_copy(struct ajar_arena *arena,
                                        const struct ajar_tls_facts *tls);
enum ajar_outcome facts_outcome_of_end(enum ajar_link_end why);
/* The value of Host: the name or the address, with the port unless it is the scheme's own
 * (RFC 9110 section 4.2.1). */
const char *facts_authority(struct ajar_arena *arena,
                            const struct ajar_visit_target *target, bool tls);

#endif
