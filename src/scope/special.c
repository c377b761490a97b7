/* SPDX-License-Identifier: Apache-2.0 */
#include "special.h"

#include "special_table.inc"

const struct special_segment *special_segment_at(size_t index)
{
    return &special_segments[index];
}

const struct special_block *special_block_of(const struct special_segment *segment)
{
    return &special_blocks[segment->block];
}

/* The first segment that does not end before addr. */
static size_t lower(const struct ajar_addr *addr)
{
    size_t low = 0;
    size_t high = AJAR_COUNT_OF(special_segments);
    while (low < high)
    {
        size_t middle = low + (high - low) / 2;
        if (ajar_addr_compare(&special_segments[middle].last, addr) < 0)
        {
            low = middle + 1;
        }
        else
        {
            high = middle;
        }
    }
    return low;
}

void special_range(const struct ajar_addr *first, const struct ajar_addr *last,
                   size_t *out_from, size_t *out_to)
{
    size_t from = lower(first);
    size_t to = from;
    while (to < AJAR_COUNT_OF(special_segments) &&
           ajar_addr_compare(&special_segments[to].first, last) <= 0)
    {
        to++;
    }
    *out_from = from;
    *out_to = to;
}

const struct special_block *special_find(const struct ajar_addr *addr)
{
    size_t at = lower(addr);
    if (at == AJAR_COUNT_OF(special_segments) ||
        ajar_addr_compare(&special_segments[at].first, addr) > 0)
    {
        return NULL;
    }
    return special_block_of(&special_segments[at]);
}

const struct special_block *special_around(const struct ajar_addr *first,
                                           const struct ajar_addr *last)
{
    const struct special_block *best = NULL;
    for (size_t i = 0; i < AJAR_COUNT_OF(special_blocks); i++)
    {
        const struct special_block *block = &special_blocks[i];
        /* ::/8 holds the numbers of IPv4 (addr.h), but not their meaning */
        bool holds = ajar_addr_is_v4(&block->first) == ajar_addr_is_v4(first) &&
                     ajar_addr_compare(&block->first, first) <= 0 &&
                     ajar_addr_compare(last, &block->last) <= 0;
        /* blocks nest: the narrower of two around one range begins later or ends earlier
         */
        if (holds &&
            (best == NULL || ajar_addr_compare(&block->first, &best->first) > 0 ||
             ajar_addr_compare(&block->last, &best->last) < 0))
        {
            best = block;
        }
    }
    return best;
}

const char *special_date(void)
{
    return SPECIAL_DATE;
}
