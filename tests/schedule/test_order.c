/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "world.h"

static void run_space(enum world_space space, uint64_t hosts, uint32_t concurrency,
                      uint32_t per_prefix)
{
    struct ajar_schedule_config config = {.hosts = hosts,
                                          .seed = hosts * 31 + concurrency,
                                          .concurrency = concurrency,
                                          .per_prefix = per_prefix};
    struct world world;
    world_init(&world, space, &config);
    world.visit_random = WORLD_SECOND; /* ends come in any order */
    world_run(&world);
    world_deinit(&world);
}

Test(order, every_host_exactly_once)
{
    const enum world_space spaces[] = {WORLD_LINEAR_V4, WORLD_LINEAR_V6, WORLD_SPREAD_V6,
                                       WORLD_SHARED,    WORLD_ONE,       WORLD_MIXED};
    const uint64_t hosts[] = {0, 1, 2, 3, 7, 256, 1000};
    const uint32_t concurrency[] = {1, 2, 5, 64, 512};
    const uint32_t per_prefix[] = {0, 1, 3, 32};
    for (size_t s = 0; s < AJAR_COUNT_OF(spaces); s++)
    {
        for (size_t h = 0; h < AJAR_COUNT_OF(hosts); h++)
        {
            for (size_t c = 0; c < AJAR_COUNT_OF(concurrency); c++)
            {
                for (size_t p = 0; p < AJAR_COUNT_OF(per_prefix); p++)
                {
                    run_space(spaces[s], hosts[h], concurrency[c], per_prefix[p]);
                }
            }
        }
    }
}

/* One /24 and a cap of 32: eight rounds of 32, without a pause and without asking in a
 * loop. */
Test(order, a_single_prefix_runs_at_its_cap)
{
    struct ajar_schedule_config config = {
        .hosts = 256, .seed = 3, .concurrency = 512, .per_prefix = 32};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    world.visit_ns = WORLD_SECOND;
    uint64_t begin = world.now_ns;
    world_run(&world);
    cr_assert_eq(world.most_in_flight, 32);
    cr_assert_eq(world.now_ns - begin, 8ull * WORLD_SECOND);
    cr_assert_leq(world.calls, 3 * config.hosts);
    world_deinit(&world);
}

/* A crowded network does not hold up the others: half of all hosts are in one /24 that
 * takes four at a time, and still the scan fills its concurrency from the rest. */
Test(order, a_crowded_prefix_does_not_block_the_rest)
{
    struct ajar_schedule_config config = {
        .hosts = 400, .seed = 4, .concurrency = 64, .per_prefix = 4};
    struct world world;
    world_init(&world, WORLD_MIXED, &config);
    uint64_t at_ns = 0;
    while (world_next(&world, &at_ns) == AJAR_SCHEDULE_GO)
    {
    }
    cr_assert_eq(world.in_flight, 64);
    world_run(&world);
    world_deinit(&world);
}

Test(order, no_limit_fills_the_concurrency)
{
    struct ajar_schedule_config config = {.hosts = 10000, .seed = 4, .concurrency = 512};
    struct world world;
    world_init(&world, WORLD_LINEAR_V6, &config);
    uint64_t begin = world.now_ns;
    world_run(&world);
    cr_assert_eq(world.most_in_flight, 512);
    cr_assert_eq(world.now_ns - begin, 20ull * WORLD_SECOND / 10);
    world_deinit(&world);
}

/* Prefixes that wait take turns: of two crowded ones neither is finished before the other
 * has begun to move. */
Test(order, prefixes_take_turns)
{
    struct ajar_schedule_config config = {
        .hosts = 512, .seed = 8, .concurrency = 512, .per_prefix = 1};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    world_run(&world);
    uint32_t first = 0;
    for (uint64_t i = 0; i < 256; i++)
    {
        first += world.order[i] < 256 ? 1 : 0;
    }
    cr_assert(first > 120 && first < 136, "%u", first);
    world_deinit(&world);
}

static void record(uint64_t seed, uint64_t *out_order)
{
    struct ajar_schedule_config config = {
        .hosts = 1000, .seed = seed, .concurrency = 50, .per_prefix = 7};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    world_run(&world);
    memcpy(out_order, world.order, 1000 * sizeof(*out_order));
    world_deinit(&world);
}

Test(order, follows_from_the_seed)
{
    uint64_t first[1000];
    uint64_t second[1000];
    record(99, first);
    record(99, second);
    cr_assert_arr_eq(first, second, sizeof(first));
    record(100, second);
    cr_assert_arr_neq(first, second, sizeof(first));
}

/* A host that met a local shortage comes once more, not before its time. */
Test(order, again_at_its_time)
{
    struct ajar_schedule_config config = {.hosts = 3, .seed = 1, .concurrency = 3};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    uint64_t host[3] = {0};
    uint64_t at_ns = 0;
    for (int i = 0; i < 3; i++)
    {
        cr_assert_eq(ajar_schedule_next(world.schedule, 0, &host[i], &at_ns),
                     AJAR_SCHEDULE_GO);
    }
    cr_assert_eq(ajar_schedule_again(world.schedule, host[0], 900), AJAR_OK);
    cr_assert_eq(ajar_schedule_again(world.schedule, host[1], 500), AJAR_OK);
    cr_assert_eq(ajar_schedule_in_flight(world.schedule), 1);
    uint64_t got = UINT64_MAX;
    cr_assert_eq(ajar_schedule_next(world.schedule, 10, &got, &at_ns),
                 AJAR_SCHEDULE_WAIT);
    cr_assert_eq(at_ns, 500);
    ajar_schedule_done(world.schedule, host[2]);
    cr_assert_eq(ajar_schedule_next(world.schedule, 499, &got, &at_ns),
                 AJAR_SCHEDULE_WAIT);
    cr_assert_eq(ajar_schedule_next(world.schedule, 500, &got, &at_ns), AJAR_SCHEDULE_GO);
    cr_assert_eq(got, host[1]);
    cr_assert_eq(ajar_schedule_next(world.schedule, 500, &got, &at_ns),
                 AJAR_SCHEDULE_WAIT);
    cr_assert_eq(at_ns, 900);
    cr_assert_eq(ajar_schedule_next(world.schedule, 901, &got, &at_ns), AJAR_SCHEDULE_GO);
    cr_assert_eq(got, host[0]);
    cr_assert_eq(ajar_schedule_next(world.schedule, 902, &got, &at_ns),
                 AJAR_SCHEDULE_FULL);
    ajar_schedule_done(world.schedule, host[0]);
    ajar_schedule_done(world.schedule, host[1]);
    cr_assert_eq(ajar_schedule_next(world.schedule, 903, &got, &at_ns),
                 AJAR_SCHEDULE_FINISHED);
    /* The host was counted when it was handed out first. */
    cr_assert_eq(ajar_schedule_started(world.schedule), 3);
    world_deinit(&world);
}

/* Every host fails locally now and then: in the end each was visited, none was lost. */
Test(order, again_and_again_loses_nothing)
{
    struct ajar_schedule_config config = {
        .hosts = 500, .seed = 12, .concurrency = 16, .per_prefix = 5};
    struct world world;
    world_init(&world, WORLD_SHARED, &config);
    uint32_t postponed = 0;
    uint32_t ended = 0;
    for (uint64_t now = 1;; now++)
    {
        uint64_t at_ns = 0;
        world.now_ns = now;
        enum ajar_schedule_answer answer = world_next(&world, &at_ns);
        if (answer == AJAR_SCHEDULE_FINISHED)
        {
            break;
        }
        if (world.in_flight == 0 || answer == AJAR_SCHEDULE_GO)
        {
            continue;
        }
        struct world_visit *visit =
            &world.flight[ajar_prng_below(&world.prng, world.in_flight)];
        uint64_t host = visit->host;
        *visit = world.flight[--world.in_flight];
        if (ajar_prng_below(&world.prng, 3) == 0 &&
            ajar_schedule_again(world.schedule, host, now + 40) == AJAR_OK)
        {
            world.visits[host] = 0;
            world.handed_out--;
            postponed++;
            continue;
        }
        if (ajar_schedule_in_flight(world.schedule) > world.in_flight)
        {
            ajar_schedule_done(world.schedule, host);
        }
        ended++;
    }
    cr_assert_gt(postponed, 100);
    cr_assert_eq(ended, 500);
    cr_assert_eq(ajar_schedule_started(world.schedule), 500);
    world_deinit(&world);
}

Test(order, again_has_a_limit)
{
    struct ajar_schedule_config config = {.hosts = 3, .seed = 1, .concurrency = 1};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    uint64_t host = 0;
    uint64_t at_ns = 0;
    cr_assert_eq(ajar_schedule_next(world.schedule, 0, &host, &at_ns), AJAR_SCHEDULE_GO);
    cr_assert_eq(ajar_schedule_again(world.schedule, host, 1000), AJAR_OK);
    cr_assert_eq(ajar_schedule_next(world.schedule, 1, &host, &at_ns), AJAR_SCHEDULE_GO);
    cr_assert_eq(ajar_schedule_again(world.schedule, host, 1000), AJAR_ELIMIT);
    cr_assert_eq(ajar_schedule_in_flight(world.schedule), 0);
    cr_assert_eq(ajar_schedule_next(world.schedule, 2, &host, &at_ns), AJAR_SCHEDULE_GO);
    world_deinit(&world);
}
