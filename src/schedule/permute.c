/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/schedule.h"

#include "ajar/prng.h"

/*
 * A Feistel network over the smallest power of two that holds the range, walked until it
 * lands inside (cycle walking, Black and Rogaway 2002). The domain is below twice the
 * range, so fewer than two turns are expected; each turn is a bijection of the domain for
 * any round function, so the walk is one of the range. The halves may differ by one bit:
 * each round changes one half by a function of the other, which needs no equal halves.
 */
#define PERMUTE_ROUNDS 6
#define PERMUTE_STEP 0x9E3779B97F4A7C15u /* 2^64 / golden ratio: round keys far apart */

static unsigned domain_bits(uint64_t hosts)
{
    unsigned bits = 64u - (unsigned)__builtin_clzll(hosts - 1);
    return bits < 2 ? 2 : bits; /* each half needs one */
}

static uint64_t permute_once(uint64_t value, unsigned bits, uint64_t seed)
{
    unsigned low_bits = bits / 2;
    uint64_t low_mask = ((uint64_t)1 << low_bits) - 1;
    uint64_t high_mask = ((uint64_t)1 << (bits - low_bits)) - 1;
    uint64_t low = value & low_mask;
    uint64_t high = value >> low_bits;
    uint64_t key = seed;
    for (int round = 0; round < PERMUTE_ROUNDS; round += 2)
    {
        high ^= ajar_prng_mix(key, low) & high_mask;
        key += PERMUTE_STEP;
        low ^= ajar_prng_mix(key, high) & low_mask;
        key += PERMUTE_STEP;
    }
    return high << low_bits | low;
}

uint64_t ajar_permute(uint64_t position, uint64_t hosts, uint64_t seed)
{
    /* Outside the range the walk might not end; and 0 and 1 hosts have one order. */
    if (hosts < 2 || position >= hosts)
    {
        return position;
    }
    unsigned bits = domain_bits(hosts);
    uint64_t value = position;
    do
    {
        value = permute_once(value, bits, seed);
    } while (value >= hosts);
    return value;
}
