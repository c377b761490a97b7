/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

struct ajar_addr world_addr(const struct world *world, uint64_t host)
{
    struct ajar_addr net = {.bytes = {0x20, 0x01, 0x0d, 0xb8}};
    switch (world->space)
    {
    case WORLD_LINEAR_V4:
        return ajar_addr_from_v4(0x0A000000u + (uint32_t)host);
    case WORLD_LINEAR_V6:
        return ajar_addr_add(&net, host);
    case WORLD_SPREAD_V6:
        net.bytes[6] = (uint8_t)(host >> 8);
        net.bytes[7] = (uint8_t)host;
        return net;
    case WORLD_SHARED:
        return ajar_addr_from_v4(0x0A000000u + (uint32_t)(host / 3));
    case WORLD_ONE:
        return ajar_addr_from_v4(0x0A000001u);
    case WORLD_MIXED:
        break;
    }
    if (host % 2 == 0)
    {
        return ajar_addr_from_v4(0x0B000000u + (uint32_t)(host / 2 % 256));
    }
    return ajar_addr_from_v4(0x0A000000u + (uint32_t)host * 256u);
}

static void addr_of(void *context, uint64_t host, struct ajar_addr *out)
{
    const struct world *world = context;
    cr_assert_lt(host, world->config.hosts);
    *out = world_addr(world, host);
}

void world_init(struct world *world, enum world_space space,
                const struct ajar_schedule_config *config)
{
    memset(world, 0, sizeof(*world));
    world->space = space;
    world->config = *config;
    world->config.addr_of = addr_of;
    world->config.context = world;
    world->now_ns = 12345;
    world->visit_ns = WORLD_SECOND / 10;
    ajar_prng_seed(&world->prng, config->seed);
    world->visits = calloc(config->hosts + 1, sizeof(*world->visits));
    world->order = calloc(config->hosts + 1, sizeof(*world->order));
    world->times = calloc(config->hosts + 1, sizeof(*world->times));
    cr_assert_leq(config->concurrency, WORLD_MAX_FLIGHT);
    cr_assert_eq(ajar_schedule_new(&world->config, &world->schedule), AJAR_OK);
}

void world_deinit(struct world *world)
{
    ajar_schedule_free(world->schedule);
    free(world->visits);
    free(world->order);
    free(world->times);
}

static bool same_prefix(const struct ajar_addr *a, const struct ajar_addr *b)
{
    return memcmp(a, b, ajar_addr_is_v4(a) ? 15 : 8) == 0;
}

static void check_neighbours(const struct world *world, uint64_t host)
{
    struct ajar_addr addr = world_addr(world, host);
    uint32_t in_prefix = 1;
    for (uint32_t i = 0; i < world->in_flight; i++)
    {
        cr_assert_neq(memcmp(&world->flight[i].addr, &addr, sizeof(addr)), 0,
                      "two visits at one address");
        in_prefix += same_prefix(&world->flight[i].addr, &addr) ? 1 : 0;
    }
    uint32_t cap = world->config.per_prefix;
    cr_assert(cap == 0 || in_prefix <= cap, "%u in one prefix", in_prefix);
}

static void book(struct world *world, uint64_t host)
{
    cr_assert_lt(host, world->config.hosts);
    cr_assert_lt(world->in_flight, world->config.concurrency);
    cr_assert_eq(world->visits[host], 0, "host %lu twice", (unsigned long)host);
    check_neighbours(world, host);
    uint64_t more = ajar_prng_below(&world->prng, world->visit_random);
    world->visits[host] = 1;
    world->order[world->handed_out] = host;
    world->times[world->handed_out++] = world->now_ns;
    world->flight[world->in_flight++] =
        (struct world_visit){.host = host,
                             .end_ns = world->now_ns + world->visit_ns + more,
                             .addr = world_addr(world, host)};
    world->most_in_flight = world->in_flight > world->most_in_flight
                                ? world->in_flight
                                : world->most_in_flight;
}

enum ajar_schedule_answer world_next(struct world *world, uint64_t *out_at_ns)
{
    uint64_t host = UINT64_MAX;
    world->calls++;
    enum ajar_schedule_answer answer =
        ajar_schedule_next(world->schedule, world->now_ns, &host, out_at_ns);
    if (answer == AJAR_SCHEDULE_GO)
    {
        book(world, host);
    }
    if (answer == AJAR_SCHEDULE_WAIT)
    {
        cr_assert_gt(*out_at_ns, world->now_ns, "a wait that does not wait");
    }
    if (answer == AJAR_SCHEDULE_FULL)
    {
        cr_assert_gt(world->in_flight, 0, "full without a visit");
    }
    cr_assert_eq(ajar_schedule_in_flight(world->schedule), world->in_flight);
    return answer;
}

static uint32_t first_to_end(const struct world *world)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < world->in_flight; i++)
    {
        first = world->flight[i].end_ns < world->flight[first].end_ns ? i : first;
    }
    return first;
}

void world_end_one(struct world *world)
{
    cr_assert_gt(world->in_flight, 0);
    uint32_t first = first_to_end(world);
    struct world_visit visit = world->flight[first];
    world->flight[first] = world->flight[--world->in_flight];
    world->now_ns = visit.end_ns > world->now_ns ? visit.end_ns : world->now_ns;
    ajar_schedule_done(world->schedule, visit.host);
}

void world_run(struct world *world)
{
    for (;;)
    {
        uint64_t at_ns = 0;
        enum ajar_schedule_answer answer = world_next(world, &at_ns);
        if (answer == AJAR_SCHEDULE_FINISHED)
        {
            break;
        }
        if (answer == AJAR_SCHEDULE_FULL)
        {
            world_end_one(world);
        }
        else if (answer == AJAR_SCHEDULE_WAIT)
        {
            if (world->in_flight > 0 &&
                world->flight[first_to_end(world)].end_ns <= at_ns)
            {
                world_end_one(world);
                continue;
            }
            world->now_ns = at_ns;
        }
    }
    cr_assert_eq(world->in_flight, 0);
    cr_assert_eq(world->handed_out, world->config.hosts);
    cr_assert_eq(ajar_schedule_started(world->schedule), world->config.hosts);
}
