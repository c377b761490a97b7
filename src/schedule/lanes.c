/* SPDX-License-Identifier: Apache-2.0 */
#include "lanes.h"

#include <stdlib.h>

#define LANES_V4_BITS 24
#define LANES_V6_BITS 64

static const struct lane_queue empty_queue = {LANES_NONE, LANES_NONE};

static void queue_push(struct lane_queue *queue, uint32_t *next, uint32_t at)
{
    next[at] = LANES_NONE;
    if (queue->head == LANES_NONE)
    {
        queue->head = at;
    }
    else
    {
        next[queue->tail] = at;
    }
    queue->tail = at;
}

/* The queue is not empty. */
static uint32_t queue_pop(struct lane_queue *queue, const uint32_t *next)
{
    uint32_t at = queue->head;
    AJAR_REQUIRE(at != LANES_NONE);
    queue->head = next[at];
    return at;
}

int lanes_init(struct lanes *lanes, uint32_t max, uint32_t per_prefix, uint64_t seed)
{
    uint32_t count = 2 * max;
    *lanes = (struct lanes){
        .unused = empty_queue,
        .ready = empty_queue,
        .per_prefix = per_prefix == 0 ? UINT32_MAX : per_prefix,
        .max = max,
    };
    lanes->hosts = calloc(count, sizeof(*lanes->hosts));
    lanes->places = calloc(count, sizeof(*lanes->places));
    lanes->prefixes = calloc(count, sizeof(*lanes->prefixes));
    lanes->host_next = calloc(count, sizeof(*lanes->host_next));
    lanes->place_next = calloc(count, sizeof(*lanes->place_next));
    lanes->prefix_next = calloc(count, sizeof(*lanes->prefix_next));
    if (lanes->hosts == NULL || lanes->places == NULL || lanes->prefixes == NULL ||
        lanes->host_next == NULL || lanes->place_next == NULL ||
        lanes->prefix_next == NULL ||
        addrmap_init(&lanes->place_of, count, seed) != AJAR_OK ||
        addrmap_init(&lanes->prefix_of, count, seed) != AJAR_OK)
    {
        lanes_deinit(lanes);
        return AJAR_ENOMEM;
    }
    for (uint32_t at = 0; at < count; at++)
    {
        queue_push(&lanes->unused, lanes->host_next, at);
    }
    return AJAR_OK;
}

void lanes_deinit(struct lanes *lanes)
{
    free(lanes->hosts);
    free(lanes->places);
    free(lanes->prefixes);
    free(lanes->host_next);
    free(lanes->place_next);
    free(lanes->prefix_next);
    addrmap_deinit(&lanes->place_of);
    addrmap_deinit(&lanes->prefix_of);
    *lanes = (struct lanes){0};
}

static void ready_push(struct lanes *lanes, uint32_t prefix)
{
    lanes->prefixes[prefix].is_ready = true;
    queue_push(&lanes->ready, lanes->prefix_next, prefix);
}

static void place_wait(struct lanes *lanes, uint32_t place)
{
    struct lane_prefix *prefix = &lanes->prefixes[lanes->places[place].prefix];
    queue_push(&prefix->waiting, lanes->place_next, place);
}

/* Without a limit all addresses share one lane: the same road, and nobody ever waits. */
static uint32_t prefix_of(struct lanes *lanes, const struct ajar_addr *addr)
{
    unsigned bits = ajar_addr_is_v4(addr) ? LANES_V4_BITS : LANES_V6_BITS;
    bits = lanes->per_prefix == UINT32_MAX ? 0 : bits;
    struct ajar_addr key = ajar_addr_prefix(addr, bits);
    uint32_t prefix = addrmap_find(&lanes->prefix_of, &key);
    if (prefix == ADDRMAP_NONE)
    {
        prefix = addrmap_add(&lanes->prefix_of, &key);
        lanes->prefixes[prefix] = (struct lane_prefix){.waiting = empty_queue};
    }
    return prefix;
}

bool lanes_enter(struct lanes *lanes, uint64_t host, const struct ajar_addr *addr,
                 bool repeat)
{
    uint32_t at = queue_pop(&lanes->unused, lanes->host_next);
    lanes->hosts[at] = (struct lane_host){.host = host, .repeat = repeat};
    uint32_t place = addrmap_find(&lanes->place_of, addr);
    if (place != ADDRMAP_NONE)
    {
        queue_push(&lanes->places[place].behind, lanes->host_next, at);
        lanes->waiting++;
        return false;
    }
    place = addrmap_add(&lanes->place_of, addr);
    lanes->places[place] = (struct lane_place){
        .host = at, .prefix = prefix_of(lanes, addr), .behind = empty_queue};
    struct lane_prefix *prefix = &lanes->prefixes[lanes->places[place].prefix];
    if (prefix->running >= lanes->per_prefix || prefix->waiting.head != LANES_NONE)
    {
        place_wait(lanes, place);
        lanes->waiting++;
        return false;
    }
    prefix->running++;
    lanes->running++;
    return true;
}

bool lanes_wake(struct lanes *lanes, uint64_t *out_host, bool *out_repeat)
{
    if (!lanes_has_ready(lanes))
    {
        return false;
    }
    uint32_t at = queue_pop(&lanes->ready, lanes->prefix_next);
    struct lane_prefix *prefix = &lanes->prefixes[at];
    prefix->is_ready = false;
    uint32_t place = queue_pop(&prefix->waiting, lanes->place_next);
    prefix->running++;
    lanes->running++;
    lanes->waiting--;
    if (prefix->waiting.head != LANES_NONE && prefix->running < lanes->per_prefix)
    {
        ready_push(lanes, at); /* behind the others: prefixes take turns */
    }
    const struct lane_host *host = &lanes->hosts[lanes->places[place].host];
    *out_host = host->host;
    *out_repeat = host->repeat;
    return true;
}

/* The next host with that address, if any, stands for the place and waits its turn. */
static void place_hand_over(struct lanes *lanes, uint32_t place)
{
    struct lane_place *it = &lanes->places[place];
    if (it->behind.head == LANES_NONE)
    {
        addrmap_remove(&lanes->place_of, place);
        return;
    }
    it->host = queue_pop(&it->behind, lanes->host_next);
    place_wait(lanes, place);
}

void lanes_leave(struct lanes *lanes, uint64_t host, const struct ajar_addr *addr)
{
    uint32_t place = addrmap_find(&lanes->place_of, addr);
    AJAR_REQUIRE(place != ADDRMAP_NONE);
    uint32_t at = lanes->places[place].host;
    AJAR_REQUIRE(lanes->hosts[at].host == host);
    uint32_t prefix_at = lanes->places[place].prefix;
    struct lane_prefix *prefix = &lanes->prefixes[prefix_at];

    place_hand_over(lanes, place);
    queue_push(&lanes->unused, lanes->host_next, at);
    prefix->running--;
    lanes->running--;
    if (prefix->waiting.head != LANES_NONE)
    {
        if (!prefix->is_ready)
        {
            ready_push(lanes, prefix_at);
        }
    }
    else if (prefix->running == 0)
    {
        addrmap_remove(&lanes->prefix_of, prefix_at);
    }
}
