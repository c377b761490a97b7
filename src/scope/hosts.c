/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include <stdlib.h>

#include "range.h"

bool hosts_are_in(const struct segment *segment)
{
    bool scannable = segment->kind == SEGMENT_PLAIN || segment->kind == SEGMENT_LOOPBACK;
    return scannable && !segment->line->section->is_expired;
}

void hosts_free(struct host_list *list)
{
    free(list->runs);
    *list = (struct host_list){.count = 0};
}

static int add_run(struct host_list *list, const struct ajar_addr *first,
                   const struct ajar_addr *last, const struct ajar_section *section)
{
    int status = declare_grow(&list->runs, list->count, &list->cap, sizeof *list->runs,
                              2 * DECLARE_MAX_SEGMENTS);
    if (status == AJAR_OK)
    {
        uint64_t hosts = ajar_addr_distance(first, last) + 1;
        list->runs[list->count++] = (struct host_run){*first, list->hosts, section};
        list->hosts += hosts;
        list->targets += hosts * section->port_count;
    }
    return status;
}

static void add_excluded(struct host_list *list, const struct ajar_addr *first,
                         const struct ajar_addr *last, const struct ajar_section *section)
{
    list->excluded += (ajar_addr_distance(first, last) + 1) * section->port_count;
}

/* The segment without what the exclusions take from it. */
static int add_segment(struct host_list *list, const struct segment *segment,
                       const struct segment_list *exclusions)
{
    const struct ajar_section *section = &segment->line->section->shown;
    struct ajar_addr at = segment->first;
    for (size_t i = segments_lower(exclusions, &at); i < exclusions->count; i++)
    {
        const struct segment *out = &exclusions->items[i];
        if (ajar_addr_compare(&out->first, &segment->last) > 0)
        {
            break;
        }
        if (ajar_addr_compare(&at, &out->first) < 0)
        {
            struct ajar_addr end = range_before(&out->first);
            int status = add_run(list, &at, &end, section);
            if (status < 0)
            {
                return status;
            }
            at = out->first;
        }
        if (ajar_addr_compare(&segment->last, &out->last) <= 0)
        {
            add_excluded(list, &at, &segment->last, section);
            return AJAR_OK;
        }
        add_excluded(list, &at, &out->last, section);
        at = ajar_addr_add(&out->last, 1);
    }
    return add_run(list, &at, &segment->last, section);
}

int hosts_build(struct ajar_scope *scope)
{
    int status = AJAR_OK;
    for (size_t i = 0; i < scope->ranges.count && status == AJAR_OK; i++)
    {
        if (hosts_are_in(&scope->ranges.items[i]))
        {
            status =
                add_segment(&scope->hosts, &scope->ranges.items[i], &scope->exclusions);
        }
    }
    return status;
}

uint64_t ajar_scope_host_count(const struct ajar_scope *scope)
{
    return scope->hosts.hosts;
}

uint64_t ajar_scope_target_count(const struct ajar_scope *scope)
{
    return scope->hosts.targets;
}

uint64_t ajar_scope_excluded_count(const struct ajar_scope *scope)
{
    return scope->hosts.excluded;
}

int ajar_scope_host_at(const struct ajar_scope *scope, uint64_t index,
                       struct ajar_addr *out_addr,
                       const struct ajar_section **out_section)
{
    const struct host_list *list = &scope->hosts;
    if (index >= list->hosts)
    {
        return AJAR_ENOTFOUND;
    }
    size_t low = 0; /* runs[low].before <= index < runs[high].before */
    size_t high = list->count;
    while (high - low > 1)
    {
        size_t middle = low + (high - low) / 2;
        if (list->runs[middle].before <= index)
        {
            low = middle;
        }
        else
        {
            high = middle;
        }
    }
    const struct host_run *run = &list->runs[low];
    *out_addr = ajar_addr_add(&run->first, index - run->before);
    *out_section = run->section;
    return AJAR_OK;
}
