/* SPDX-License-Identifier: Apache-2.0 */
#include "segments.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "range.h"
#include "special.h"

/* Pieces of lines before they are flattened: as segments, but they may overlap. */
struct sweep
{
    struct segment *pieces; /* sorted by first */
    size_t piece_count;
    const struct segment **heap; /* the piece that wins on top */
    size_t heap_count;
    struct segment_list *out;
};

void segments_free(struct segment_list *list)
{
    free(list->items);
    *list = (struct segment_list){NULL, 0, 0};
}

static int push(struct segment_list *list, struct segment item)
{
    int status = declare_grow(&list->items, list->count, &list->cap, sizeof *list->items,
                              DECLARE_MAX_SEGMENTS);
    if (status == AJAR_OK)
    {
        list->items[list->count++] = item;
    }
    return status;
}

/* The kind of a line's part inside a block. Private space counts only when the line
 * itself lies within the block: 8.0.0.0-12.0.0.0 does not list 10.0.0.0/8. */
static enum segment_kind kind_in(const struct declared *line,
                                 const struct special_block *block)
{
    switch (block->class)
    {
    case SPECIAL_LOOPBACK:
        return SEGMENT_LOOPBACK;
    case SPECIAL_PRIVATE:
        return ajar_addr_compare(&block->first, &line->first) <= 0 &&
                       ajar_addr_compare(&line->last, &block->last) <= 0
                   ? SEGMENT_PLAIN
                   : SEGMENT_UNLISTED;
    case SPECIAL_NEVER:
    default:
        return SEGMENT_NEVER;
    }
}

static int cut_special(struct segment_list *pieces, const struct declared *line)
{
    struct ajar_addr at = line->first;
    size_t from = 0;
    size_t to = 0;
    special_range(&line->first, &line->last, &from, &to);
    int status = AJAR_OK;
    for (size_t i = from; i < to && status == AJAR_OK; i++)
    {
        const struct special_segment *special = special_segment_at(i);
        if (ajar_addr_compare(&at, &special->first) < 0)
        {
            struct segment gap = {at, range_before(&special->first), line, SEGMENT_PLAIN};
            status = push(pieces, gap);
            at = special->first;
        }
        bool ends = ajar_addr_compare(&line->last, &special->last) <= 0;
        struct segment part = {at, ends ? line->last : special->last, line,
                               kind_in(line, special_block_of(special))};
        status = status == AJAR_OK ? push(pieces, part) : status;
        if (ends)
        {
            return status;
        }
        at = ajar_addr_add(&special->last, 1);
    }
    struct segment rest = {at, line->last, line, SEGMENT_PLAIN};
    return status == AJAR_OK ? push(pieces, rest) : status;
}

/* An IPv6 line that spans ::ffff:0:0/96, where addr.h keeps IPv4, says nothing of IPv4.
 */
static int cut_mapped(struct segment_list *pieces, const struct declared *line)
{
    struct ajar_addr low = ajar_addr_from_v4(0);
    struct ajar_addr high = ajar_addr_from_v4(UINT32_MAX);
    struct segment whole = {line->first, line->last, line, SEGMENT_PLAIN};
    if (ajar_addr_is_v4(&line->first) || ajar_addr_compare(&line->last, &low) < 0 ||
        ajar_addr_compare(&line->first, &high) > 0)
    {
        return push(pieces, whole);
    }
    struct segment below = {line->first, range_before(&low), line, SEGMENT_PLAIN};
    struct segment above = {ajar_addr_add(&high, 1), line->last, line, SEGMENT_PLAIN};
    int status = push(pieces, below);
    return status == AJAR_OK ? push(pieces, above) : status;
}

static int by_first(const void *left, const void *right)
{
    const struct segment *a = left;
    const struct segment *b = right;
    return ajar_addr_compare(&a->first, &b->first);
}

/* True when a wins over b: what is listed over what is not, then the narrower line, then
 * the one that stands earlier. */
static bool wins(const struct segment *a, const struct segment *b)
{
    bool a_listed = a->kind != SEGMENT_UNLISTED;
    bool b_listed = b->kind != SEGMENT_UNLISTED;
    if (a_listed != b_listed)
    {
        return a_listed;
    }
    int order = ajar_addr_compare(&a->line->width, &b->line->width);
    return order != 0 ? order < 0 : a->line < b->line;
}

static void heap_push(struct sweep *sweep, const struct segment *piece)
{
    size_t at = sweep->heap_count++;
    while (at > 0 && wins(piece, sweep->heap[(at - 1) / 2]))
    {
        sweep->heap[at] = sweep->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    sweep->heap[at] = piece;
}

static void heap_pop(struct sweep *sweep)
{
    const struct segment *moved = sweep->heap[--sweep->heap_count];
    size_t at = 0;
    for (size_t child = 1; child < sweep->heap_count; child = 2 * at + 1)
    {
        if (child + 1 < sweep->heap_count &&
            wins(sweep->heap[child + 1], sweep->heap[child]))
        {
            child++;
        }
        if (!wins(sweep->heap[child], moved))
        {
            break;
        }
        sweep->heap[at] = sweep->heap[child];
        at = child;
    }
    sweep->heap[at] = moved;
}

static int emit(struct segment_list *out, struct segment item)
{
    if (out->count > 0)
    {
        struct segment *before = &out->items[out->count - 1];
        struct ajar_addr next = ajar_addr_add(&before->last, 1);
        if (before->line == item.line && before->kind == item.kind &&
            ajar_addr_compare(&next, &item.first) == 0)
        {
            before->last = item.last;
            return AJAR_OK;
        }
    }
    return push(out, item);
}

/* From left to right: at every address the heap's top is the winner; it is written up to
 * where it ends or the next piece begins. Each step ends or begins a piece: O(n log n).
 */
static int flatten(struct sweep *sweep)
{
    size_t next = 0;
    struct ajar_addr at = sweep->pieces[0].first;
    int status = AJAR_OK;
    while (status == AJAR_OK)
    {
        while (sweep->heap_count > 0 && ajar_addr_compare(&sweep->heap[0]->last, &at) < 0)
        {
            heap_pop(sweep);
        }
        if (sweep->heap_count == 0)
        {
            if (next == sweep->piece_count)
            {
                return AJAR_OK;
            }
            at = sweep->pieces[next].first;
        }
        while (next < sweep->piece_count &&
               ajar_addr_compare(&sweep->pieces[next].first, &at) <= 0)
        {
            heap_push(sweep, &sweep->pieces[next++]);
        }
        /* the piece at `at` was pushed: the heap is not empty */
        const struct segment *top = sweep->heap[0];
        AJAR_REQUIRE(top != NULL);
        struct ajar_addr end = top->last;
        if (next < sweep->piece_count &&
            ajar_addr_compare(&sweep->pieces[next].first, &end) <= 0)
        {
            end = range_before(&sweep->pieces[next].first);
        }
        status = emit(sweep->out, (struct segment){at, end, top->line, top->kind});
        struct ajar_addr after = ajar_addr_add(&end, 1);
        if (ajar_addr_compare(&after, &end) < 0)
        {
            return status; /* the very last address there is */
        }
        at = after;
    }
    return status;
}

int segments_build(const struct declared *lines, size_t count, bool special,
                   struct segment_list *out)
{
    struct segment_list pieces = {NULL, 0, 0};
    struct segment_list built = {NULL, 0, 0};
    struct sweep sweep = {.out = &built};
    int status = AJAR_OK;
    for (size_t i = 0; i < count && status == AJAR_OK; i++)
    {
        status =
            special ? cut_special(&pieces, &lines[i]) : cut_mapped(&pieces, &lines[i]);
    }
    if (status == AJAR_OK && pieces.count > 0)
    {
        qsort(pieces.items, pieces.count, sizeof *pieces.items, by_first);
        sweep.pieces = pieces.items;
        sweep.piece_count = pieces.count;
        sweep.heap = calloc(pieces.count, sizeof *sweep.heap);
        status = sweep.heap != NULL ? flatten(&sweep) : AJAR_ENOMEM;
    }
    free(sweep.heap);
    segments_free(&pieces);
    if (status < 0)
    {
        segments_free(&built);
        return status;
    }
    *out = built;
    return AJAR_OK;
}

/* The two halves of an address as numbers: a search compares a dozen times, and every
 * permit and every dial searches. */
struct halves
{
    uint64_t high;
    uint64_t low;
};

static inline struct halves halves_of(const struct ajar_addr *addr)
{
    struct halves out;
    memcpy(&out, addr->bytes, sizeof out);
    return (struct halves){be64toh(out.high), be64toh(out.low)};
}

static inline bool is_below(const struct ajar_addr *addr, struct halves limit)
{
    struct halves own = halves_of(addr);
    return own.high != limit.high ? own.high < limit.high : own.low < limit.low;
}

size_t segments_lower(const struct segment_list *list, const struct ajar_addr *addr)
{
    struct halves limit = halves_of(addr);
    size_t low = 0;
    size_t high = list->count;
    while (low < high)
    {
        size_t middle = low + (high - low) / 2;
        if (is_below(&list->items[middle].last, limit))
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

const struct segment *segments_find(const struct segment_list *list,
                                    const struct ajar_addr *addr)
{
    size_t at = segments_lower(list, addr);
    if (at == list->count || ajar_addr_compare(&list->items[at].first, addr) > 0)
    {
        return NULL;
    }
    return &list->items[at];
}
