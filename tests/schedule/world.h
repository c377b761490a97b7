/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_SCHEDULE_WORLD_H
#define AJAR_TESTS_SCHEDULE_WORLD_H

#include "ajar/prng.h"
#include "ajar/schedule.h"

/*
 * A simulated scan in virtual time: hosts with addresses, visits that last. It keeps its
 * own dumb books (arrays, searched) and fails the test when the schedule breaks a
 * promise.
 */
#define WORLD_SECOND 1000000000u
#define WORLD_MAX_FLIGHT 1024

enum world_space
{
    WORLD_LINEAR_V4, /* 10.0.0.0 + host */
    WORLD_LINEAR_V6, /* 2001:db8::host, all in one /64 */
    WORLD_SPREAD_V6, /* one /64 a host */
    WORLD_SHARED,    /* three hosts an address */
    WORLD_ONE,       /* all hosts on one address */
    WORLD_MIXED      /* every other host in one /24, the others spread */
};

struct world_visit
{
    uint64_t host;
    uint64_t end_ns;
    struct ajar_addr addr;
};

struct world
{
    enum world_space space;
    struct ajar_schedule *schedule;
    struct ajar_schedule_config config;
    struct ajar_prng prng;
    uint64_t now_ns;
    uint64_t visit_ns;     /* how long a visit lasts */
    uint64_t visit_random; /* and at random more, below this */
    struct world_visit flight[WORLD_MAX_FLIGHT];
    uint32_t in_flight;
    uint32_t most_in_flight;
    uint64_t calls;  /* of ajar_schedule_next */
    uint8_t *visits; /* by host */
    uint64_t *order; /* hosts as handed out */
    uint64_t *times; /* when */
    uint64_t handed_out;
};

void world_init(struct world *world, enum world_space space,
                const struct ajar_schedule_config *config);
void world_deinit(struct world *world);
struct ajar_addr world_addr(const struct world *world, uint64_t host);
/* Asks once, books and checks the answer. */
enum ajar_schedule_answer world_next(struct world *world, uint64_t *out_at_ns);
/* Ends the visit in flight that ends first and moves the clock there. */
void world_end_one(struct world *world);
/* Until FINISHED; every host must have been handed out exactly once. */
void world_run(struct world *world);

#endif
