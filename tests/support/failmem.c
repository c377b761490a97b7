/* SPDX-License-Identifier: Apache-2.0 */
#include "failmem.h"

#include <stdlib.h>

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);

/* 0: not armed. A test is one thread. */
static unsigned long fail_at;
static unsigned long seen;
static bool failed;

static bool is_to_fail(void)
{
    if (fail_at == 0)
    {
        return false;
    }
    seen++;
    failed = failed || seen == fail_at;
    return seen == fail_at;
}

void failmem_arm(unsigned long nth)
{
    seen = 0;
    failed = false;
    fail_at = nth;
}

bool failmem_disarm(void)
{
    fail_at = 0;
    return failed;
}

unsigned long failmem_count(void)
{
    return seen;
}

void *__wrap_malloc(size_t bytes)
{
    return is_to_fail() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return is_to_fail() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *memory, size_t bytes)
{
    return is_to_fail() ? NULL : __real_realloc(memory, bytes);
}

void *failmem_malloc(size_t bytes)
{
    return __wrap_malloc(bytes);
}
