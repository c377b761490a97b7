/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_PRNG_H
#define AJAR_PRNG_H

#include <stdint.h>

/*
 * A seeded generator (splitmix64) and a mixing function. Same seed, same numbers, on
 * every machine: a run can be replayed from its printed seed. Not for secrets.
 */
struct ajar_prng
{
    uint64_t state;
};

void ajar_prng_seed(struct ajar_prng *prng, uint64_t seed);
uint64_t ajar_prng_next(struct ajar_prng *prng);
/* 0 .. bound-1 without bias; bound 0 gives 0. */
uint64_t ajar_prng_below(struct ajar_prng *prng, uint64_t bound);
/* One value hashed under a key: for derived seeds and hash tables. */
uint64_t ajar_prng_mix(uint64_t key, uint64_t value);

#endif
