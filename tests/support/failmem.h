/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_FAILMEM_H
#define AJAR_TESTS_FAILMEM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Fails one allocation of the code under test. The program links with FAILMEM_LINK of
 * tests/base/CMakeLists.txt (-Wl,--wrap=malloc,...), which reaches every object linked
 * statically, the rooms among them; shared libraries (cJSON) keep their own malloc and
 * take failmem_malloc through their hooks. Works under ASan: the real one is ASan's.
 *
 *     for (unsigned long nth = 1; ; nth++)
 *     {
 *         failmem_arm(nth);
 *         int status = under_test();
 *         if (!failmem_disarm()) { break; }      the nth was never asked for: all seen
 *         cr_assert_lt(status, 0);
 *     }
 */
void failmem_arm(unsigned long nth);
/* Ends it; true when an allocation was made to fail. */
bool failmem_disarm(void);
/* Allocations since failmem_arm. */
unsigned long failmem_count(void);
void *failmem_malloc(size_t bytes);

#endif
