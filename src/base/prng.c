/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/prng.h"

#define PRNG_GOLDEN UINT64_C(0x9e3779b97f4a7c15) /* 2^64 / golden ratio, odd */

/* The finalizer of splitmix64 (Steele, Lea, Flood 2014, variant 13 of Stafford). */
static uint64_t finalize(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

void ajar_prng_seed(struct ajar_prng *prng, uint64_t seed)
{
    prng->state = seed;
}

uint64_t ajar_prng_next(struct ajar_prng *prng)
{
    prng->state += PRNG_GOLDEN;
    return finalize(prng->state);
}

uint64_t ajar_prng_below(struct ajar_prng *prng, uint64_t bound)
{
    if (bound == 0)
    {
        return 0;
    }
    /* 2^64 mod bound numbers are too many to share out evenly: draw again below that */
    uint64_t surplus = (UINT64_MAX - bound + 1) % bound;
    uint64_t value = ajar_prng_next(prng);
    while (value < surplus)
    {
        value = ajar_prng_next(prng);
    }
    return value % bound;
}

uint64_t ajar_prng_mix(uint64_t key, uint64_t value)
{
    /* the key is spread first, so that near keys do not give near tables; a bijection of
     * value under each key */
    return finalize(finalize(key + PRNG_GOLDEN) + value * PRNG_GOLDEN);
}
