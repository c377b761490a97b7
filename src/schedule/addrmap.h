/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCHEDULE_ADDRMAP_H
#define AJAR_SCHEDULE_ADDRMAP_H

#include "ajar/addr.h"

/*
 * Addresses (or prefixes) to small numbers 0 .. capacity-1, which index the caller's own
 * arrays. All memory is taken at the start. Open addressing with linear probing, at most
 * half full, deletion by shifting back, so that it never fills with tombstones.
 */
struct addrmap
{
    struct ajar_addr *keys; /* by number */
    uint32_t *hashes;       /* by number */
    uint32_t *slots;        /* number + 1; 0 is empty */
    uint32_t *unused;       /* a stack of numbers */
    uint32_t unused_count;
    uint32_t mask;
    uint64_t seed;
};

#define ADDRMAP_NONE UINT32_MAX

int addrmap_init(struct addrmap *map, uint32_t capacity, uint64_t seed) AJAR_MUST_CHECK;
void addrmap_deinit(struct addrmap *map);
uint32_t addrmap_find(const struct addrmap *map, const struct ajar_addr *key);
/* The key is not there yet, and fewer than capacity are. */
uint32_t addrmap_add(struct addrmap *map, const struct ajar_addr *key);
void addrmap_remove(struct addrmap *map, uint32_t number);

#endif
