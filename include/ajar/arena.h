/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_ARENA_H
#define AJAR_ARENA_H

#include "ajar/buf.h"

/*
 * Memory that is given back all at once: one arena a visit. It holds nothing until its
 * first use, never more than `max` bytes, and keeps one small block over a reset, so that
 * a pool of visits costs what its visits in flight hold and not what they once held.
 * Owner: whoever called init. What it hands out lives until reset or deinit.
 */
struct ajar_arena_block;

struct ajar_arena
{
    struct ajar_arena_block *blocks; /* newest first */
    size_t used;                     /* bytes held from the system, all blocks */
    size_t max;
};

void ajar_arena_init(struct ajar_arena *arena, size_t max_bytes);
void ajar_arena_deinit(struct ajar_arena *arena);
void ajar_arena_reset(struct ajar_arena *arena);
/* Zeroed memory, aligned for any type; NULL when memory or the maximum is at its end. */
void *ajar_arena_alloc(struct ajar_arena *arena, size_t bytes);
/* A NUL-terminated copy; NUL bytes inside are kept and so end it early for C readers. */
char *ajar_arena_copy(struct ajar_arena *arena, struct ajar_span span);
char *ajar_arena_printf(struct ajar_arena *arena, const char *format, ...)
    AJAR_PRINTF(2, 3);

#endif
