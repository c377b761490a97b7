/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_VISIT_FLOW_H
#define AJAR_TESTS_VISIT_FLOW_H

#include "ajar/visit.h"

/*
 * A visit under a script: the test plays the network and owns the clock. Every action
 * that the visit asks for is recorded; every event is a call of the test.
 */
struct flow
{
    struct ajar_scope *scope;
    struct ajar_permit *permit;
    struct ajar_visit_config config;
    struct ajar_visit_io io;
    struct ajar_visit *visit;
    uint64_t now_ns;
    uint64_t deadline_ns;
    struct ajar_buf sent; /* of the current connection */
    unsigned dials;
    unsigned tls_dials;
    unsigned sends;
    unsigned closes;
    unsigned sources; /* how often our own address was asked for */
    bool open;        /* a connection is dialled and not closed */
    bool closing;     /* close was asked for */
    bool connected;   /* what is_connected answers */
    bool done;
    int dial_status; /* what the next dial returns */
    enum ajar_link_end dial_why;
    struct ajar_visit_result result; /* valid once done */
};

/* The stub probe asks /one, /two, /three and goes on whatever the answers are; it stops
 * after a 401, and has enough of a body that begins with "STOP"; one that begins with
 * "SHOW" is a reading. */
extern const struct ajar_probe flow_probe;

/* Where the stub notes what it was told, in the node_name of the evidence: e.g.
 * "200:WHOLE 200:CUT 0:NONE ". */
void flow_init(struct flow *flow);
void flow_start(struct flow *flow, enum ajar_scheme scheme);
void flow_deinit(struct flow *flow);

void flow_open(struct flow *flow);
void flow_data(struct flow *flow, const char *bytes);
void flow_data_bytewise(struct flow *flow, const char *bytes);
void flow_end(struct flow *flow, enum ajar_link_end why);
/* Carries out a close that was asked for. */
void flow_settle(struct flow *flow);
/* Moves the clock to the deadline and reports it. */
void flow_expire(struct flow *flow);
/* True when the current connection was sent exactly one more request, for that path. */
bool flow_asked(struct flow *flow, const char *path);
const char *flow_log(const struct flow *flow);

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

#endif
