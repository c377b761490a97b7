/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ajar/prng.h"
#include "world.h"

/*
 * SIGKILL at random points of a process that looks and delivers. What it did not finish
 * may be missing; what it told is there, once, under one id, and goes on. The child
 * writes down outside the state file, byte by byte, each event it was handed and each
 * that it had acknowledged: the ticket system's side of the story.
 *
 * AJAR_KILLS and AJAR_SEED change how often and from which seed.
 */
#define HOSTS 40u

static unsigned long number_of(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

struct handed
{
    FILE *log;
    char event[AJAR_EVENT_ID_BYTES];
};

static bool hand(void *context, const struct ajar_event_view *event)
{
    struct handed *handed = context;
    memcpy(handed->event, event->id, sizeof handed->event);
    (void)fprintf(handed->log, "handed %s %s\n", event->id, event->finding.id);
    (void)fflush(handed->log);
    return true;
}

static void deliver(struct world *world, FILE *log)
{
    struct ajar_ticket_section section = {.name = "jira"};
    struct handed handed = {.log = log};
    cr_assert_eq(ajar_state_queue(world->state, &section, world->now_ms), AJAR_OK);
    for (int i = 0; i < 6; i++)
    {
        if (ajar_state_deliver_next(world->state, "jira", world->now_ms, hand, &handed,
                                    NULL) != AJAR_OK)
        {
            return;
        }
        struct ajar_delivery_report report = {.section = "jira",
                                              .event = handed.event,
                                              .result = AJAR_DELIVERY_ACKED,
                                              .reference = handed.event,
                                              .now_ms = world->now_ms};
        cr_assert_eq(ajar_state_delivered(world->state, &report), AJAR_OK);
        (void)fprintf(log, "acked %s\n", handed.event);
        (void)fflush(log);
    }
}

/* Runs until it is killed: clusters open and close at random. */
static void live(struct world *world, uint64_t seed, FILE *log)
{
    struct ajar_prng prng;
    ajar_prng_seed(&prng, seed);
    world->runs = (unsigned)(seed % 1000000);
    for (;;)
    {
        world_begin(world);
        for (unsigned host = 1; host <= HOSTS; host++)
        {
            char text[64];
            static const char *const kinds[] = {"records", "refused", "protected",
                                                "records", "timeout_connect"};
            const char *kind = kinds[ajar_prng_below(&prng, AJAR_COUNT_OF(kinds))];
            (void)snprintf(text, sizeof text, "%u=%s,u=c%u", host, kind, host);
            cr_assert_eq(world_look(world, text), AJAR_OK);
            world->now_ms += 400;
            if (host % 8 == 0)
            {
                cr_assert_eq(ajar_state_tick(world->state, world->now_ms, NULL), AJAR_OK);
                deliver(world, log);
            }
        }
        cr_assert_eq(world_end(world, true, true), AJAR_OK);
        deliver(world, log);
        world->now_ms += 3600000;
    }
}

static void nap(uint64_t us)
{
    struct timespec span = {(time_t)(us / 1000000u), (long)(us % 1000000u) * 1000};
    (void)nanosleep(&span, NULL);
}

static void kill_once(struct world *world, uint64_t seed, uint64_t us,
                      const char *log_path)
{
    world_close(world);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0)
    {
        FILE *log = fopen(log_path, "a");
        world_open(world);
        live(world, seed, log);
        _exit(1);
    }
    nap(us);
    (void)kill(child, SIGKILL);
    int how = 0;
    cr_assert_eq(waitpid(child, &how, 0), child);
    cr_assert(WIFSIGNALED(how), "the child ended by itself: %d", how);
    world_open(world);
    world->now_ms += WORLD_DAY;
}

/* Each event that was handed out is in the outbox; each that was acknowledged is settled.
 */
static void check_log(struct world *world, const char *log_path)
{
    char line[128];
    FILE *log = fopen(log_path, "r");
    cr_assert_not_null(log);
    while (fgets(line, sizeof line, log) != NULL)
    {
        char id[AJAR_EVENT_ID_BYTES] = "";
        char query[200];
        bool acked = strncmp(line, "acked ", 6) == 0;
        const char *from = strchr(line, ' ');
        if (from == NULL || strchr(line, '\n') == NULL)
        {
            continue; /* killed while it wrote this line */
        }
        size_t len = strcspn(from + 1, " \n");
        cr_assert_lt(len, sizeof id);
        memcpy(id, from + 1, len);
        (void)snprintf(query, sizeof query,
                       "SELECT count(*) FROM event WHERE id = '%s' AND settled >= %d", id,
                       acked ? 1 : 0);
        cr_assert_eq(world_count(world, query), 1u, "%s", line);
    }
    (void)fclose(log);
}

Test(kill, nothing_lost_nothing_twice, .timeout = 280)
{
    struct world world;
    char log_path[128];
    struct ajar_prng prng;
    unsigned long kills = number_of("AJAR_KILLS", 20);
    uint64_t seed = number_of("AJAR_SEED", (unsigned long)time(NULL) * 1000003u);
    (void)fprintf(stderr, "kill: AJAR_SEED=%llu AJAR_KILLS=%lu\n",
                  (unsigned long long)seed, kills);
    ajar_prng_seed(&prng, seed);
    world_init(&world);
    (void)snprintf(log_path, sizeof log_path, "%s/log", world.folder);
    FILE *log = fopen(log_path, "w");
    cr_assert_not_null(log);
    (void)fclose(log);
    for (unsigned long i = 0; i < kills; i++)
    {
        uint64_t child_seed = ajar_prng_next(&prng);
        kill_once(&world, child_seed, 20000 + ajar_prng_below(&prng, 180000), log_path);
        cr_assert_eq(ajar_state_verify(world.state), AJAR_OK, "%s",
                     ajar_state_error(world.state)->text);
        check_log(&world, log_path);
        /* one finding a cluster that is not resolved; as many events as it counts */
        cr_assert_eq(world_count(&world,
                                 "SELECT count(*) FROM (SELECT cluster FROM finding"
                                 " WHERE state < 3 GROUP BY cluster HAVING"
                                 " count(*) > 1)"),
                     0u);
        cr_assert_eq(
            world_count(&world,
                        "SELECT count(*) FROM finding WHERE events != (SELECT"
                        " count(*) FROM event WHERE event.finding = finding.num)"),
            0u);
        cr_assert_eq(world_count(&world,
                                 "SELECT count(*) FROM finding WHERE announced = 1"
                                 " AND NOT EXISTS (SELECT 1 FROM event WHERE"
                                 " event.finding = finding.num AND kind = 0)"),
                     0u);
    }
    cr_expect_gt(world_count(&world, "SELECT count(*) FROM event"), 0u);
    /* what is still owed comes out in the end, in order */
    FILE *rest = fopen(log_path, "a");
    uint64_t owed = 1;
    for (int i = 0; i < 2000 && owed > 0; i++)
    {
        deliver(&world, rest);
        cr_assert_eq(ajar_state_owed(world.state, "jira", &owed), AJAR_OK);
    }
    (void)fclose(rest);
    cr_expect_eq(owed, 0u);
    check_log(&world, log_path);
    world_deinit(&world);
}
