/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <criterion/criterion.h>

#include "failmem.h"

static bool is_zero(const char *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
    {
        if (memory[i] != 0)
        {
            return false;
        }
    }
    return true;
}

Test(arena, holds_nothing_until_its_first_use)
{
    struct ajar_arena arena;
    ajar_arena_init(&arena, 4096);
    cr_assert_null(arena.blocks);
    cr_assert_eq(arena.used, 0);
    ajar_arena_reset(&arena);
    ajar_arena_deinit(&arena);
}

Test(arena, memory_is_zeroed_aligned_and_apart)
{
    struct ajar_arena arena;
    ajar_arena_init(&arena, 1u << 20);
    for (int round = 0; round < 3; round++)
    {
        unsigned char *all[300];
        for (size_t i = 0; i < 300; i++)
        {
            all[i] = ajar_arena_alloc(&arena, i * 3);
            cr_assert_not_null(all[i]);
            cr_assert_eq((uintptr_t)all[i] % _Alignof(max_align_t), 0);
            cr_assert(is_zero((char *)all[i], i * 3), "also after a reset");
            memset(all[i], (int)(i % 250) + 1, i * 3);
        }
        for (size_t i = 1; i < 300; i++)
        {
            cr_assert_eq(all[i][0], i % 250 + 1, "no later piece wrote over it");
            cr_assert_eq(all[i][i * 3 - 1], i % 250 + 1);
        }
        ajar_arena_reset(&arena);
    }
    ajar_arena_deinit(&arena);
}

Test(arena, a_reset_keeps_one_small_block)
{
    struct ajar_arena arena;
    ajar_arena_init(&arena, 256u * 1024u);
    for (int i = 0; i < 200; i++)
    {
        cr_assert_not_null(ajar_arena_alloc(&arena, 500));
    }
    cr_assert_geq(arena.used, 100000);
    ajar_arena_reset(&arena);
    cr_assert_leq(arena.used, 1024);
    cr_assert_gt(arena.used, 0);
    failmem_arm(1);
    cr_assert_not_null(ajar_arena_alloc(&arena, 500));
    cr_assert_not(failmem_disarm(), "a small visit costs no allocation");
    ajar_arena_deinit(&arena);
    cr_assert_eq(arena.used, 0);
}

Test(arena, a_large_first_block_is_not_kept)
{
    struct ajar_arena arena;
    ajar_arena_init(&arena, 256u * 1024u);
    cr_assert_not_null(ajar_arena_alloc(&arena, 100000));
    ajar_arena_reset(&arena);
    cr_assert_eq(arena.used, 0);
    ajar_arena_deinit(&arena);
}

Test(arena, never_holds_more_than_its_maximum)
{
    static const size_t maxima[] = {0, 1, 47, 48, 100, 1023, 1024, 1025, 5000, 70000};
    for (size_t m = 0; m < AJAR_COUNT_OF(maxima); m++)
    {
        struct ajar_arena arena;
        ajar_arena_init(&arena, maxima[m]);
        size_t got = 0;
        while (ajar_arena_alloc(&arena, 40) != NULL)
        {
            got += 40;
            cr_assert_leq(arena.used, maxima[m]);
        }
        cr_assert_geq(got, maxima[m] / 2 > 100 ? maxima[m] / 2 : 0,
                      "most of it is usable");
        cr_assert_null(ajar_arena_alloc(&arena, SIZE_MAX));
        cr_assert_null(ajar_arena_alloc(&arena, SIZE_MAX - 8));
        ajar_arena_deinit(&arena);
    }
}

Test(arena, copies_and_prints)
{
    struct ajar_arena arena;
    ajar_arena_init(&arena, 10000);
    char *copy = ajar_arena_copy(&arena, (struct ajar_span){.data = "a\0b", .len = 3});
    cr_assert_eq(memcmp(copy, "a\0b", 4), 0);
    cr_assert_str_eq(ajar_arena_copy(&arena, (struct ajar_span){NULL, 0}), "");
    cr_assert_str_eq(ajar_arena_printf(&arena, "%s:%u", "host", 9200u), "host:9200");
    cr_assert_eq(strlen(ajar_arena_printf(&arena, "%3000d", 1)), 3000);
    cr_assert_null(ajar_arena_printf(&arena, "%9000d", 1));
    ajar_arena_deinit(&arena);
}

Test(arena, each_failed_allocation_is_a_null)
{
    unsigned long nth = 0;
    bool failed = true;
    while (failed)
    {
        nth++;
        struct ajar_arena arena;
        ajar_arena_init(&arena, 100000);
        failmem_arm(nth);
        unsigned nulls = 0;
        for (int i = 0; i < 50; i++)
        {
            char *text = ajar_arena_printf(&arena, "%*d", i * 20 + 1, i);
            nulls += text == NULL;
            cr_assert(text == NULL || strlen(text) == (size_t)(i * 20 + 1));
        }
        failed = failmem_disarm();
        cr_assert_eq(nulls, failed ? 1 : 0, "the next use goes on");
        ajar_arena_deinit(&arena);
    }
    cr_assert_gt(nth, 4);
}
