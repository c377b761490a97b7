/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NUM_H
#define AJAR_NUM_H

#include "ajar/buf.h"

/*
 * Strict decimal numbers: digits only, no sign, no space, no overflow, at least one
 * digit. On failure *out is untouched. AJAR_ESYNTAX: not a number; AJAR_ELIMIT: above
 * max.
 */
int ajar_num_u64(struct ajar_span text, uint64_t max, uint64_t *out) AJAR_MUST_CHECK;

/* a + b, or UINT64_MAX where that overflows: totals of hostile numbers stay totals. */
uint64_t ajar_num_add(uint64_t a, uint64_t b);

/* Writes the decimal digits of value, at most 20, no NUL; returns how many. */
size_t ajar_num_render(uint64_t value, char out[20]);

#endif
