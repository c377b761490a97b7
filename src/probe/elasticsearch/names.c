/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "es.h"

/*
 * The first names in byte order, whatever the order of the rows: 50,000 rows cost what
 * AJAR_MAX_NAMES cost. The arena gives nothing back, so a name that falls out leaves its
 * slot to the one that came in.
 */
enum
{
    NAMES_SLOT_BYTES = AJAR_MAX_INDEX_NAME + 1
};

static size_t place_of(const struct es_names *names, const char *name)
{
    size_t low = 0;
    size_t high = names->count;
    while (low < high)
    {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->slots[middle], name) < 0)
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

void es_names_add(struct es_names *names, struct ajar_arena *arena, const char *name)
{
    size_t at = place_of(names, name);
    bool full = names->count == AJAR_MAX_NAMES;
    names->more = names->more || full;
    if (at == AJAR_MAX_NAMES)
    {
        return;
    }
    char *slot = full ? names->slots[AJAR_MAX_NAMES - 1]
                      : ajar_arena_alloc(arena, NAMES_SLOT_BYTES);
    if (slot == NULL)
    {
        names->more = true;
        return;
    }
    names->count += full ? 0 : 1;
    memmove(&names->slots[at + 1], &names->slots[at],
            (names->count - 1 - at) * sizeof(names->slots[0]));
    memset(slot, 0, NAMES_SLOT_BYTES);
    memcpy(slot, name, strnlen(name, AJAR_MAX_INDEX_NAME));
    names->slots[at] = slot;
}
