/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "world.h"

/* Never more than rate * t + burst in any window that begins with a connection: a bucket
 * of our own in floating point, which must never run dry. */
struct meter
{
    double rate;
    double burst;
    double level;
    uint64_t last_ns;
    uint64_t count;
};

static void meter_init(struct meter *meter, uint32_t rate)
{
    double burst = rate < 20 ? 1 : rate / 10;
    *meter = (struct meter){.rate = rate, .burst = burst, .level = burst};
}

static void meter_count(struct meter *meter, uint64_t now_ns)
{
    double seconds = (double)(now_ns - meter->last_ns) / WORLD_SECOND;
    meter->level += meter->count == 0 ? 0 : seconds * meter->rate;
    meter->level = meter->level > meter->burst ? meter->burst : meter->level;
    meter->level -= 1;
    meter->last_ns = now_ns;
    meter->count++;
    cr_assert_gt(meter->level, -1e-3, "connection %lu came too early",
                 (unsigned long)meter->count);
}

static void check_rate(uint32_t rate, uint64_t hosts, uint64_t timer_ns)
{
    struct ajar_schedule_config config = {
        .hosts = hosts, .seed = rate, .concurrency = 1024, .rate = rate};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    world.visit_ns = 1000;
    struct meter meter;
    meter_init(&meter, rate);
    uint64_t begin = world.now_ns;
    for (;;)
    {
        uint64_t at_ns = 0;
        enum ajar_schedule_answer answer = world_next(&world, &at_ns);
        if (answer == AJAR_SCHEDULE_FINISHED)
        {
            break;
        }
        if (answer == AJAR_SCHEDULE_GO)
        {
            meter_count(&meter, world.now_ns);
        }
        else if (answer == AJAR_SCHEDULE_WAIT)
        {
            /* A timer that fires at its own ticks only. */
            world.now_ns = (at_ns + timer_ns - 1) / timer_ns * timer_ns;
        }
        while (world.in_flight > 0 && answer != AJAR_SCHEDULE_GO)
        {
            uint64_t now_ns = world.now_ns;
            world_end_one(&world);
            world.now_ns = now_ns > world.now_ns ? now_ns : world.now_ns;
        }
    }
    double seconds = (double)(meter.last_ns - begin) / WORLD_SECOND;
    double expected = ((double)hosts - meter.burst) / rate;
    expected = expected < 0 ? 0 : expected;
    cr_assert_lt(seconds, expected * 1.01 + 0.002, "rate %u: %f s, not %f", rate, seconds,
                 expected);
    cr_assert_gt(seconds, expected * 0.99 - 0.002);
    world_deinit(&world);
}

Test(rate, is_kept_and_used)
{
    check_rate(1, 100, 1);
    check_rate(7, 300, 1);
    check_rate(19, 300, 1000000);
    check_rate(500, 20000, 1);
    check_rate(500, 20000, 1000000); /* libuv's timers tick in milliseconds */
    check_rate(100000, 200000, 1000000);
    check_rate(UINT32_MAX, 2000, 1);
}

Test(rate, a_clock_that_stands_or_steps_back_gives_nothing_away)
{
    struct ajar_schedule_config config = {
        .hosts = 100, .seed = 1, .concurrency = 100, .rate = 10};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    uint64_t at_ns = 0;
    world.now_ns = 5000u * (uint64_t)WORLD_SECOND;
    cr_assert_eq(world_next(&world, &at_ns), AJAR_SCHEDULE_GO);
    cr_assert_eq(world_next(&world, &at_ns), AJAR_SCHEDULE_WAIT);
    cr_assert_eq(at_ns, world.now_ns + WORLD_SECOND / 10);
    world.now_ns -= WORLD_SECOND;
    cr_assert_eq(world_next(&world, &at_ns), AJAR_SCHEDULE_WAIT);
    /* A day's sleep fills the bucket, no more. */
    world.now_ns += 86400u * (uint64_t)WORLD_SECOND;
    cr_assert_eq(world_next(&world, &at_ns), AJAR_SCHEDULE_GO);
    cr_assert_eq(world_next(&world, &at_ns), AJAR_SCHEDULE_WAIT);
    world_deinit(&world);
}

/* Visits that need `more` connections each after their first. */
struct payer
{
    uint64_t host;
    uint64_t ask_ns; /* UINT64_MAX: nobody */
    uint64_t since_ns;
    uint32_t left;
};

struct payers
{
    struct world world;
    struct payer payer[64];
    struct meter meter;
    uint32_t more;
    uint64_t asked;
    uint64_t paid;
    uint64_t longest_ns; /* that one connection waited */
};

static void admit(struct payers *payers, uint64_t host)
{
    struct payer *free_one = payers->payer;
    while (free_one->ask_ns != UINT64_MAX)
    {
        free_one++;
    }
    uint64_t now_ns = payers->world.now_ns;
    *free_one = (struct payer){
        .host = host, .ask_ns = now_ns, .since_ns = now_ns, .left = payers->more};
}

static void ask(struct payers *payers, struct payer *payer)
{
    struct world *world = &payers->world;
    if (payer->left == 0)
    {
        payer->ask_ns = UINT64_MAX;
        ajar_schedule_done(world->schedule, payer->host);
        return;
    }
    uint64_t at_ns = 0;
    payers->asked++;
    if (ajar_schedule_pay(world->schedule, world->now_ns, &at_ns))
    {
        uint64_t waited = world->now_ns - payer->since_ns;
        payers->longest_ns = waited > payers->longest_ns ? waited : payers->longest_ns;
        meter_count(&payers->meter, world->now_ns);
        payers->paid++;
        payer->left--;
        payer->ask_ns = world->now_ns + 1000000;
        payer->since_ns = payer->ask_ns;
        return;
    }
    cr_assert_gt(at_ns, world->now_ns);
    payer->ask_ns = at_ns;
}

static void payers_run(struct payers *payers)
{
    struct world *world = &payers->world;
    for (size_t i = 0; i < AJAR_COUNT_OF(payers->payer); i++)
    {
        payers->payer[i].ask_ns = UINT64_MAX;
    }
    for (;;)
    {
        uint64_t host = 0;
        uint64_t at_ns = UINT64_MAX;
        enum ajar_schedule_answer answer;
        while ((answer = ajar_schedule_next(world->schedule, world->now_ns, &host,
                                            &at_ns)) == AJAR_SCHEDULE_GO)
        {
            meter_count(&payers->meter, world->now_ns);
            admit(payers, host);
        }
        if (answer == AJAR_SCHEDULE_FINISHED)
        {
            return;
        }
        struct payer *next = payers->payer;
        for (size_t i = 1; i < AJAR_COUNT_OF(payers->payer); i++)
        {
            next = payers->payer[i].ask_ns < next->ask_ns ? &payers->payer[i] : next;
        }
        if (answer == AJAR_SCHEDULE_WAIT && at_ns < next->ask_ns)
        {
            world->now_ns = at_ns;
            continue;
        }
        world->now_ns = next->ask_ns > world->now_ns ? next->ask_ns : world->now_ns;
        ask(payers, next);
    }
}

/* The rate holds over first and further connections together; visits under way come
 * first, and nobody asks in a herd. */
Test(rate, further_connections_are_paid_from_the_same_rate)
{
    struct ajar_schedule_config config = {
        .hosts = 2000, .seed = 6, .concurrency = 64, .rate = 200};
    static struct payers payers;
    world_init(&payers.world, WORLD_LINEAR_V4, &config);
    meter_init(&payers.meter, 200);
    payers.more = 3;
    uint64_t begin = payers.world.now_ns;
    payers_run(&payers);
    cr_assert_eq(payers.paid, 6000);
    double seconds = (double)(payers.world.now_ns - begin) / WORLD_SECOND;
    cr_assert_lt(seconds, 8000 / 200.0 * 1.02, "%f s", seconds);
    cr_assert_lt(payers.asked, 3 * payers.paid);
    cr_assert_lt(payers.longest_ns, WORLD_SECOND);
    world_deinit(&payers.world);
}

/* Visits that were promised a connection and then ended without it (their deadline, an
 * interrupt) do not hold back new hosts for long. */
Test(rate, promises_that_nobody_claims_lapse)
{
    struct ajar_schedule_config config = {
        .hosts = 1000, .seed = 6, .concurrency = 100, .rate = 100};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    uint64_t at_ns = 0;
    while (world.in_flight < 50)
    {
        if (world_next(&world, &at_ns) == AJAR_SCHEDULE_WAIT)
        {
            world.now_ns = at_ns;
        }
        for (uint32_t i = 0; i < world.in_flight; i++)
        {
            world.flight[i].end_ns = UINT64_MAX;
        }
    }
    for (int i = 0; i < 50; i++)
    {
        (void)ajar_schedule_pay(world.schedule, world.now_ns, &at_ns);
    }
    uint64_t begin = world.now_ns;
    uint64_t before = world.handed_out;
    for (; world.now_ns < begin + 2ull * WORLD_SECOND; world.now_ns += WORLD_SECOND / 100)
    {
        while (world_next(&world, &at_ns) == AJAR_SCHEDULE_GO)
        {
        }
    }
    /* Two seconds at 100, of which half a second was promised away. */
    cr_assert_geq(world.handed_out - before, 50, "%lu",
                  (unsigned long)(world.handed_out - before));
    cr_assert_eq(world.in_flight, 100);
    world_deinit(&world);
}

Test(rate, zero_is_no_limit)
{
    struct ajar_schedule_config config = {.hosts = 1000, .seed = 6, .concurrency = 1000};
    struct world world;
    world_init(&world, WORLD_LINEAR_V4, &config);
    uint64_t at_ns = 0;
    for (int i = 0; i < 1000; i++)
    {
        cr_assert_eq(world_next(&world, &at_ns), AJAR_SCHEDULE_GO);
        cr_assert(ajar_schedule_pay(world.schedule, world.now_ns, &at_ns));
    }
    cr_assert_eq(world_next(&world, &at_ns), AJAR_SCHEDULE_FULL);
    world_deinit(&world);
}
