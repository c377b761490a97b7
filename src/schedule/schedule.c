/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/schedule.h"

#include <stdlib.h>

#include "bucket.h"
#include "lanes.h"

#define SCHEDULE_MAX_CONCURRENCY (1u << 20) /* about 250 bytes each */

/* A host that waits for its time (ajar_schedule_again). */
struct later
{
    uint64_t at_ns;
    uint64_t host;
};

struct ajar_schedule
{
    struct ajar_schedule_config config;
    struct bucket bucket;
    struct lanes lanes;
    struct later *later; /* a binary heap, earliest first */
    uint32_t later_count;
    uint64_t position; /* of the permutation: next to look at */
    uint64_t started;
};

int ajar_schedule_new(const struct ajar_schedule_config *config,
                      struct ajar_schedule **out)
{
    if (config->concurrency == 0 || config->addr_of == NULL)
    {
        return AJAR_EINVAL;
    }
    if (config->concurrency > SCHEDULE_MAX_CONCURRENCY)
    {
        return AJAR_ELIMIT;
    }
    struct ajar_schedule *schedule = calloc(1, sizeof(*schedule));
    if (schedule == NULL)
    {
        return AJAR_ENOMEM;
    }
    schedule->config = *config;
    bucket_init(&schedule->bucket, config->rate);
    schedule->later = calloc(config->concurrency, sizeof(*schedule->later));
    if (schedule->later == NULL || lanes_init(&schedule->lanes, config->concurrency,
                                              config->per_prefix, config->seed) < 0)
    {
        ajar_schedule_free(schedule);
        return AJAR_ENOMEM;
    }
    *out = schedule;
    return AJAR_OK;
}

void ajar_schedule_free(struct ajar_schedule *schedule)
{
    if (schedule == NULL)
    {
        return;
    }
    lanes_deinit(&schedule->lanes);
    free(schedule->later);
    free(schedule);
}

static void later_push(struct ajar_schedule *schedule, struct later entry)
{
    struct later *heap = schedule->later;
    uint32_t at = schedule->later_count++;
    while (at > 0 && heap[(at - 1) / 2].at_ns > entry.at_ns)
    {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = entry;
}

static uint64_t later_pop(struct ajar_schedule *schedule)
{
    struct later *heap = schedule->later;
    uint64_t host = heap[0].host;
    uint32_t count = --schedule->later_count;
    struct later last = heap[count];
    uint32_t at = 0;
    for (uint32_t child = 1; child < count; child = 2 * at + 1)
    {
        if (child + 1 < count && heap[child + 1].at_ns < heap[child].at_ns)
        {
            child++;
        }
        if (heap[child].at_ns >= last.at_ns)
        {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return host;
}

static bool is_later_due(const struct ajar_schedule *schedule, uint64_t now_ns)
{
    return schedule->later_count > 0 && schedule->later[0].at_ns <= now_ns;
}

static bool may_look_ahead(const struct ajar_schedule *schedule)
{
    return schedule->lanes.waiting < schedule->lanes.max;
}

static bool has_work(const struct ajar_schedule *schedule, uint64_t now_ns)
{
    return lanes_has_ready(&schedule->lanes) ||
           (may_look_ahead(schedule) && (schedule->position < schedule->config.hosts ||
                                         is_later_due(schedule, now_ns)));
}

static bool enter(struct ajar_schedule *schedule, uint64_t host, bool repeat)
{
    struct ajar_addr addr;
    schedule->config.addr_of(schedule->config.context, host, &addr);
    return lanes_enter(&schedule->lanes, host, &addr, repeat);
}

/* The next host that can run: one that waited for its lane, one whose time came, a new
 * one. Each host that cannot is put aside once, so the loops cost nothing in the long
 * run. */
static bool pick(struct ajar_schedule *schedule, uint64_t now_ns, uint64_t *out_host,
                 bool *out_repeat)
{
    if (lanes_wake(&schedule->lanes, out_host, out_repeat))
    {
        return true;
    }
    while (may_look_ahead(schedule) && is_later_due(schedule, now_ns))
    {
        uint64_t host = later_pop(schedule);
        if (enter(schedule, host, true))
        {
            *out_host = host;
            *out_repeat = true;
            return true;
        }
    }
    while (may_look_ahead(schedule) && schedule->position < schedule->config.hosts)
    {
        uint64_t host = ajar_permute(schedule->position++, schedule->config.hosts,
                                     schedule->config.seed);
        if (enter(schedule, host, false))
        {
            *out_host = host;
            *out_repeat = false;
            return true;
        }
    }
    return false;
}

static enum ajar_schedule_answer nothing_now(const struct ajar_schedule *schedule,
                                             uint64_t now_ns, uint64_t *out_at_ns)
{
    if (schedule->later_count > 0 && !is_later_due(schedule, now_ns))
    {
        *out_at_ns = schedule->later[0].at_ns;
        return AJAR_SCHEDULE_WAIT;
    }
    /* Whoever waits for a lane waits for a host in flight: with none, nobody is left. */
    return schedule->lanes.running > 0 ? AJAR_SCHEDULE_FULL : AJAR_SCHEDULE_FINISHED;
}

enum ajar_schedule_answer ajar_schedule_next(struct ajar_schedule *schedule,
                                             uint64_t now_ns, uint64_t *out_host,
                                             uint64_t *out_at_ns)
{
    if (schedule->lanes.running == schedule->lanes.max)
    {
        return AJAR_SCHEDULE_FULL;
    }
    if (!has_work(schedule, now_ns))
    {
        return nothing_now(schedule, now_ns, out_at_ns);
    }
    /* The token first: a host that was picked cannot be put back. */
    struct bucket before = schedule->bucket;
    if (!bucket_take_new(&schedule->bucket, now_ns, out_at_ns))
    {
        return AJAR_SCHEDULE_WAIT;
    }
    bool repeat = false;
    if (!pick(schedule, now_ns, out_host, &repeat))
    {
        schedule->bucket = before;
        return nothing_now(schedule, now_ns, out_at_ns);
    }
    schedule->started += repeat ? 0 : 1;
    return AJAR_SCHEDULE_GO;
}

void ajar_schedule_done(struct ajar_schedule *schedule, uint64_t host)
{
    struct ajar_addr addr;
    schedule->config.addr_of(schedule->config.context, host, &addr);
    lanes_leave(&schedule->lanes, host, &addr);
}

int ajar_schedule_again(struct ajar_schedule *schedule, uint64_t host, uint64_t at_ns)
{
    ajar_schedule_done(schedule, host);
    if (schedule->later_count == schedule->config.concurrency)
    {
        return AJAR_ELIMIT;
    }
    later_push(schedule, (struct later){.at_ns = at_ns, .host = host});
    return AJAR_OK;
}

bool ajar_schedule_pay(struct ajar_schedule *schedule, uint64_t now_ns,
                       uint64_t *out_at_ns)
{
    return bucket_take_more(&schedule->bucket, now_ns, schedule->lanes.running,
                            out_at_ns);
}

uint64_t ajar_schedule_started(const struct ajar_schedule *schedule)
{
    return schedule->started;
}

uint32_t ajar_schedule_in_flight(const struct ajar_schedule *schedule)
{
    return schedule->lanes.running;
}
