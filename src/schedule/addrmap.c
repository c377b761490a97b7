/* SPDX-License-Identifier: Apache-2.0 */
#include "addrmap.h"

#include <stdlib.h>
#include <string.h>

#include "ajar/prng.h"

int addrmap_init(struct addrmap *map, uint32_t capacity, uint64_t seed)
{
    uint32_t slots = 4;
    while (slots < 2 * capacity)
    {
        slots *= 2;
    }
    *map = (struct addrmap){.mask = slots - 1, .seed = seed};
    map->keys = calloc(capacity, sizeof(*map->keys));
    map->hashes = calloc(capacity, sizeof(*map->hashes));
    map->unused = calloc(capacity, sizeof(*map->unused));
    map->slots = calloc(slots, sizeof(*map->slots));
    if (map->keys == NULL || map->hashes == NULL || map->unused == NULL ||
        map->slots == NULL)
    {
        addrmap_deinit(map);
        return AJAR_ENOMEM;
    }
    while (map->unused_count < capacity)
    {
        map->unused[map->unused_count] = capacity - 1 - map->unused_count;
        map->unused_count++;
    }
    return AJAR_OK;
}

void addrmap_deinit(struct addrmap *map)
{
    free(map->keys);
    free(map->hashes);
    free(map->unused);
    free(map->slots);
    *map = (struct addrmap){0};
}

static uint32_t hash_of(const struct addrmap *map, const struct ajar_addr *key)
{
    uint64_t high = 0;
    uint64_t low = 0;
    memcpy(&high, key->bytes, sizeof(high));
    memcpy(&low, key->bytes + sizeof(high), sizeof(low));
    return (uint32_t)(ajar_prng_mix(ajar_prng_mix(map->seed, high), low) >> 32);
}

uint32_t addrmap_find(const struct addrmap *map, const struct ajar_addr *key)
{
    uint32_t hash = hash_of(map, key);
    for (uint32_t at = hash & map->mask; map->slots[at] != 0; at = (at + 1) & map->mask)
    {
        uint32_t number = map->slots[at] - 1;
        if (map->hashes[number] == hash &&
            memcmp(&map->keys[number], key, sizeof(*key)) == 0)
        {
            return number;
        }
    }
    return ADDRMAP_NONE;
}

uint32_t addrmap_add(struct addrmap *map, const struct ajar_addr *key)
{
    AJAR_REQUIRE(map->unused_count > 0);
    uint32_t number = map->unused[--map->unused_count];
    uint32_t hash = hash_of(map, key);
    map->keys[number] = *key;
    map->hashes[number] = hash;
    uint32_t at = hash & map->mask;
    while (map->slots[at] != 0)
    {
        at = (at + 1) & map->mask;
    }
    map->slots[at] = number + 1;
    return number;
}

void addrmap_remove(struct addrmap *map, uint32_t number)
{
    uint32_t hole = map->hashes[number] & map->mask;
    while (map->slots[hole] != number + 1)
    {
        hole = (hole + 1) & map->mask;
    }
    /* Whatever was pushed past the hole by a collision moves back into it (Knuth 6.4 R).
     */
    uint32_t at = hole;
    for (;;)
    {
        at = (at + 1) & map->mask;
        if (map->slots[at] == 0)
        {
            break;
        }
        uint32_t home = map->hashes[map->slots[at] - 1] & map->mask;
        if (((at - home) & map->mask) >= ((at - hole) & map->mask))
        {
            map->slots[hole] = map->slots[at];
            hole = at;
        }
    }
    map->slots[hole] = 0;
    map->unused[map->unused_count++] = number;
}
