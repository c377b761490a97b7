/* SPDX-License-Identifier: Apache-2.0 */
#include "due.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define WORDS_PER_BLOCK 8u
#define BITS_PER_BLOCK 512u
#define DAY_MS UINT64_C(86400000)
#define HOUR_MS UINT64_C(3600000)

uint64_t due_nth(const struct due_set *set, uint64_t n)
{
    size_t low = 0;
    size_t high = set->blocks;
    while (high - low > 1)
    {
        size_t middle = low + (high - low) / 2;
        if (set->before[middle] <= n)
        {
            low = middle;
        }
        else
        {
            high = middle;
        }
    }
    uint64_t left = n - set->before[low];
    for (size_t word = low * WORDS_PER_BLOCK;; word++)
    {
        uint64_t bits = set->bits[word];
        uint64_t here = (uint64_t)__builtin_popcountll(bits);
        if (left >= here)
        {
            left -= here;
            continue;
        }
        while (left-- > 0)
        {
            bits &= bits - 1;
        }
        return (uint64_t)word * 64 + (uint64_t)__builtin_ctzll(bits);
    }
}

void due_free(struct due_set *set)
{
    free(set->bits);
    free(set->before);
    memset(set, 0, sizeof *set);
}

struct cadence
{
    struct store *store;
    uint64_t every_ms;
    uint64_t open_every_ms;
    int64_t now_ms;
};

static int is_due(const struct cadence *cadence, const struct work_host *host, bool *out)
{
    const struct ajar_section *section = host->section;
    int64_t at_ms = 0;
    if (section != NULL && section->canary != AJAR_CANARY_NONE)
    {
        *out = true;
        return AJAR_OK;
    }
    struct ajar_due_query query = {.addr = &host->addr,
                                   .name = host->name,
                                   .port_count = (uint32_t)host->port_count,
                                   .every_ms = section != NULL && section->every_ms > 0
                                                   ? section->every_ms
                                                   : cadence->every_ms,
                                   .hot_every_ms = cadence->open_every_ms,
                                   .now_ms = cadence->now_ms};
    int status = ajar_state_due(cadence->store->state, &query, &at_ms);
    *out = at_ms <= cadence->now_ms;
    return status;
}

static int choose_ranges(struct due_set *set, const struct cadence *cadence,
                         struct worklist *list)
{
    set->blocks = (size_t)(list->range_hosts / BITS_PER_BLOCK + 1);
    set->bits = calloc(set->blocks * WORDS_PER_BLOCK, sizeof *set->bits);
    set->before = calloc(set->blocks, sizeof *set->before);
    if (set->bits == NULL || set->before == NULL)
    {
        return AJAR_ENOMEM;
    }
    for (uint64_t i = 0; i < list->range_hosts; i++)
    {
        struct work_host host;
        bool due = false;
        worklist_host_at(list, i, &host);
        int status = is_due(cadence, &host, &due);
        if (status != AJAR_OK)
        {
            return status;
        }
        if (i % BITS_PER_BLOCK == 0)
        {
            set->before[i / BITS_PER_BLOCK] = set->count;
        }
        if (due)
        {
            set->bits[i / 64] |= UINT64_C(1) << (i % 64);
            set->count++;
        }
        else
        {
            list->targets -= host.port_count;
        }
    }
    if (list->range_hosts % BITS_PER_BLOCK == 0)
    {
        set->before[set->blocks - 1] = set->count; /* the empty block behind the last */
    }
    return AJAR_OK;
}

static int choose_names(const struct cadence *cadence, struct worklist *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->extra_count; i++)
    {
        bool due = false;
        int status = is_due(cadence, &list->extra[i], &due);
        if (status != AJAR_OK)
        {
            return status;
        }
        if (due)
        {
            struct work_host host = list->extra[kept];
            list->extra[kept++] = list->extra[i];
            list->extra[i] = host; /* what is left out is still to be freed */
        }
        else
        {
            list->targets -= list->extra[i].port_count;
        }
    }
    list->extra_hidden = list->extra_count - kept;
    list->extra_count = kept;
    return AJAR_OK;
}

enum app_exit due_choose(struct due_set *set, struct worklist *list, struct store *store)
{
    const struct ajar_config *config = store->config;
    struct cadence cadence = {.store = store,
                              .every_ms = DAY_MS,
                              .open_every_ms = HOUR_MS,
                              .now_ms = clock_now_ms()};
    if (config != NULL && config->every.given)
    {
        cadence.every_ms = config->every.value;
    }
    if (config != NULL && config->open_every.given)
    {
        cadence.open_every_ms = config->open_every.value;
    }
    int status = choose_ranges(set, &cadence, list);
    if (status == AJAR_OK)
    {
        status = choose_names(&cadence, list);
    }
    if (status == AJAR_ENOMEM)
    {
        (void)fprintf(stderr, "ajar: out of memory\n");
        return APP_OUR_FAULT;
    }
    if (status != AJAR_OK)
    {
        return store_failed(store);
    }
    list->due = set;
    list->range_hosts = set->count;
    return APP_OK;
}
