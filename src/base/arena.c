/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ajar_arena_block
{
    struct ajar_arena_block *next; /* the one before it */
    size_t size;                   /* as taken from the system, this header included */
    size_t used;                   /* this header included */
    max_align_t memory[];
};

enum
{
    ARENA_FIRST_BYTES = 1024, /* what most visits need, and all that a reset keeps */
    ARENA_BLOCK_BYTES = 16 * 1024,
    ARENA_ALIGN = _Alignof(max_align_t),
    ARENA_HEADER = offsetof(struct ajar_arena_block, memory)
};

void ajar_arena_init(struct ajar_arena *arena, size_t max_bytes)
{
    *arena = (struct ajar_arena){.max = max_bytes};
}

void ajar_arena_deinit(struct ajar_arena *arena)
{
    while (arena->blocks != NULL)
    {
        struct ajar_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
    arena->used = 0;
}

void ajar_arena_reset(struct ajar_arena *arena)
{
    struct ajar_arena_block *kept = NULL;
    while (arena->blocks != NULL)
    {
        struct ajar_arena_block *block = arena->blocks;
        arena->blocks = block->next;
        if (block->next == NULL && block->size <= ARENA_FIRST_BYTES)
        {
            kept = block;
        }
        else
        {
            free(block);
        }
    }
    arena->used = 0;
    if (kept != NULL)
    {
        kept->used = ARENA_HEADER;
        arena->blocks = kept;
        arena->used = kept->size;
    }
}

/* The next block: twice the newest, at least what is asked for, at most what is left. */
static size_t next_size(const struct ajar_arena *arena, size_t bytes)
{
    size_t size = ARENA_FIRST_BYTES;
    if (arena->blocks != NULL)
    {
        size = arena->blocks->size * 2;
        size = size < ARENA_BLOCK_BYTES ? size : ARENA_BLOCK_BYTES;
    }
    size_t need = bytes + ARENA_HEADER;
    size = size > need ? size : need;
    size_t left = arena->max - arena->used;
    size = size < left ? size : left;
    return size >= need ? size : 0;
}

static bool add_block(struct ajar_arena *arena, size_t bytes)
{
    size_t size = next_size(arena, bytes);
    struct ajar_arena_block *block = size > 0 ? malloc(size) : NULL;
    if (block == NULL)
    {
        return false;
    }
    block->next = arena->blocks;
    block->size = size;
    block->used = ARENA_HEADER;
    arena->blocks = block;
    arena->used += size;
    return true;
}

void *ajar_arena_alloc(struct ajar_arena *arena, size_t bytes)
{
    if (bytes > arena->max || bytes > SIZE_MAX / 2)
    {
        return NULL;
    }
    /* no bytes still get an address of their own */
    size_t rounded = bytes > 0 ? bytes : 1;
    rounded = (rounded + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    struct ajar_arena_block *block = arena->blocks;
    if (block == NULL || rounded > block->size - block->used)
    {
        if (!add_block(arena, rounded))
        {
            return NULL;
        }
        block = arena->blocks;
    }
    char *memory = (char *)block + block->used;
    block->used += rounded;
    return memset(memory, 0, rounded);
}

char *ajar_arena_copy(struct ajar_arena *arena, struct ajar_span span)
{
    char *copy = span.len < SIZE_MAX ? ajar_arena_alloc(arena, span.len + 1) : NULL;
    if (copy != NULL && span.len > 0)
    {
        memcpy(copy, span.data, span.len);
    }
    return copy;
}

char *ajar_arena_printf(struct ajar_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len >= 0 ? ajar_arena_alloc(arena, (size_t)len + 1) : NULL;
    if (text != NULL)
    {
        va_start(args, format);
        (void)vsnprintf(text, (size_t)len + 1, format, args);
        va_end(args);
    }
    return text;
}
