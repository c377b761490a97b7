/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_SPECIAL_H
#define AJAR_SCOPE_SPECIAL_H

#include "ajar/addr.h"

/*
 * The IANA special-purpose registries as a constant table (special.csv says what stands
 * in it and from when). Blocks nest; segments are disjoint and point to the narrowest
 * block.
 */
enum special_class
{
    SPECIAL_NEVER,
    SPECIAL_PRIVATE,
    SPECIAL_LOOPBACK
};

struct special_block
{
    struct ajar_addr first;
    struct ajar_addr last;
    enum special_class class;
    const char *block; /* "198.51.100.0/24" */
    const char *name;  /* "Documentation (TEST-NET-2), 198.51.100.0/24" */
    const char *reference;
};

struct special_segment
{
    struct ajar_addr first;
    struct ajar_addr last;
    unsigned block;
};

/* Segments that touch first..last: [*out_from, *out_to). */
void special_range(const struct ajar_addr *first, const struct ajar_addr *last,
                   size_t *out_from, size_t *out_to);
const struct special_segment *special_segment_at(size_t index);
const struct special_block *special_block_of(const struct special_segment *segment);
/* The narrowest block that holds the address; NULL for ordinary space. */
const struct special_block *special_find(const struct ajar_addr *addr);
/* The narrowest block that holds all of first..last; NULL when none does. */
const struct special_block *special_around(const struct ajar_addr *first,
                                           const struct ajar_addr *last);
const char *special_date(void);

#endif
