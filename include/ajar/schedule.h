/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCHEDULE_H
#define AJAR_SCHEDULE_H

#include "ajar/addr.h"

/*
 * Schedule: which host next, and when. Hosts are numbers 0 .. hosts-1; the order is a
 * keyed permutation of that range, so that order, shards and resume follow from one seed
 * and one position. It holds no clock (time is passed in, monotonic nanoseconds) and no
 * socket. Memory follows `concurrency`, not `hosts`.
 *
 * Fairness: one visit a host at a time (two numbers may name one address), at most
 * `per_prefix` hosts in flight in one /24 (IPv4) or /64 (IPv6), and `rate` new
 * connections a second over all, as a token bucket that holds at most a tenth of a
 * second.
 */
struct ajar_schedule;

struct ajar_schedule_config
{
    uint64_t hosts;
    uint64_t seed;
    uint32_t concurrency; /* hosts in flight, at least 1 */
    uint32_t rate;        /* new connections a second; 0 is no limit */
    uint32_t per_prefix;  /* hosts in flight a prefix; 0 is no limit */
    /* The address of a host: for fairness. The same host has always the same. */
    void (*addr_of)(void *context, uint64_t host, struct ajar_addr *out);
    void *context;
};

enum ajar_schedule_answer
{
    AJAR_SCHEDULE_GO,      /* *out_host is in flight now; a connection was paid for */
    AJAR_SCHEDULE_WAIT,    /* nothing before *out_at_ns, unless a host is done sooner */
    AJAR_SCHEDULE_FULL,    /* nothing before a host in flight is done */
    AJAR_SCHEDULE_FINISHED /* every host was handed out and is done */
};

int ajar_schedule_new(const struct ajar_schedule_config *config,
                      struct ajar_schedule **out) AJAR_MUST_CHECK;
void ajar_schedule_free(struct ajar_schedule *schedule);
enum ajar_schedule_answer ajar_schedule_next(struct ajar_schedule *schedule,
                                             uint64_t now_ns, uint64_t *out_host,
                                             uint64_t *out_at_ns);
/* The host is no longer in flight. */
void ajar_schedule_done(struct ajar_schedule *schedule, uint64_t host);
/* The host is no longer in flight, and is handed out once more not before at_ns (a local
 * shortage). At most `concurrency` hosts can wait so: AJAR_ELIMIT leaves it done. */
int ajar_schedule_again(struct ajar_schedule *schedule, uint64_t host,
                        uint64_t at_ns) AJAR_MUST_CHECK;
/* One more connection for a host in flight (its next port, a TLS retry, a redial): true
 * and paid for, or false and *out_at_ns says when to ask again: a token is kept for that
 * time, so come not sooner (that would be a second wish) and not much later. */
bool ajar_schedule_pay(struct ajar_schedule *schedule, uint64_t now_ns,
                       uint64_t *out_at_ns);
/* Hosts handed out so far (each once, whatever `again` did) and hosts in flight. */
uint64_t ajar_schedule_started(const struct ajar_schedule *schedule);
uint32_t ajar_schedule_in_flight(const struct ajar_schedule *schedule);

/* The permutation by itself: the host at a position, 0 .. hosts-1. A bijection for each
 * seed. */
uint64_t ajar_permute(uint64_t position, uint64_t hosts, uint64_t seed);

#endif
