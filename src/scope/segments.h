/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_SEGMENTS_H
#define AJAR_SCOPE_SEGMENTS_H

#include "declare.h"

/*
 * Declared lines flattened into disjoint, sorted segments, so that a question about an
 * address is one binary search. The narrowest line wins. Memory follows the number of
 * lines (and of the registry's blocks that they touch), never that of addresses.
 */
enum segment_kind
{
    SEGMENT_PLAIN,
    SEGMENT_LOOPBACK,
    SEGMENT_NEVER,   /* inside a special-purpose block */
    SEGMENT_UNLISTED /* private space inside a line that reaches beyond it */
};

struct segment
{
    struct ajar_addr first;
    struct ajar_addr last;
    const struct declared *line;
    enum segment_kind kind;
};

struct segment_list
{
    struct segment *items;
    size_t count;
    size_t cap;
};

/* With `special`, lines are cut along the special-purpose table and kinds are set. */
int segments_build(const struct declared *lines, size_t count, bool special,
                   struct segment_list *out) AJAR_MUST_CHECK;
void segments_free(struct segment_list *list);
const struct segment *segments_find(const struct segment_list *list,
                                    const struct ajar_addr *addr);
/* Index of the first segment that does not end before addr. */
size_t segments_lower(const struct segment_list *list, const struct ajar_addr *addr);

#endif
