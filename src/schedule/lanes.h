/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCHEDULE_LANES_H
#define AJAR_SCHEDULE_LANES_H

#include "addrmap.h"

/*
 * Lanes: who may be visited beside whom. A host runs when no other host with its address
 * does and its prefix has room; else it is put aside where its turn will come: behind its
 * address, or in its prefix's queue. Nothing is ever searched: the end of a visit names
 * the one queue that it can move, and that prefix goes to the list of ready ones.
 *
 * Of the hosts that share an address one stands for all: it runs or waits in the prefix's
 * queue, the others wait behind it. So whatever leaves a prefix's queue can run.
 */
struct lane_queue /* of numbers; each kind has one array of links */
{
    uint32_t head; /* LANES_NONE when empty */
    uint32_t tail;
};

struct lane_host
{
    uint64_t host;
    bool repeat; /* handed out before (ajar_schedule_again) */
};

struct lane_place /* an address with a host that runs or waits */
{
    uint32_t host; /* who stands for it */
    uint32_t prefix;
    struct lane_queue behind;
};

struct lane_prefix
{
    uint32_t running;
    struct lane_queue waiting; /* places */
    bool is_ready;             /* has both room and someone waiting */
};

struct lanes
{
    struct addrmap place_of;
    struct addrmap prefix_of;
    struct lane_host *hosts; /* as many as may run and wait together */
    struct lane_place *places;
    struct lane_prefix *prefixes;
    uint32_t *host_next;
    uint32_t *place_next;
    uint32_t *prefix_next;
    struct lane_queue unused; /* hosts */
    struct lane_queue ready;  /* prefixes */
    uint32_t per_prefix;      /* UINT32_MAX for no limit */
    uint32_t max;             /* hosts that run, and again hosts that wait */
    uint32_t running;
    uint32_t waiting;
};

#define LANES_NONE UINT32_MAX

/* per_prefix 0 is no limit. */
int lanes_init(struct lanes *lanes, uint32_t max, uint32_t per_prefix,
               uint64_t seed) AJAR_MUST_CHECK;
void lanes_deinit(struct lanes *lanes);
/* True: the host runs. False: it waits. There must be room for both. */
bool lanes_enter(struct lanes *lanes, uint64_t host, const struct ajar_addr *addr,
                 bool repeat);
/* Someone who waited runs now; false when nobody can. There must be room to run. */
bool lanes_wake(struct lanes *lanes, uint64_t *out_host, bool *out_repeat);
/* The host, which runs, ends. */
void lanes_leave(struct lanes *lanes, uint64_t host, const struct ajar_addr *addr);

static inline bool lanes_has_ready(const struct lanes *lanes)
{
    return lanes->ready.head != LANES_NONE;
}

#endif
