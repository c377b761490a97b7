/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/prng.h"

#include <criterion/criterion.h>

Test(prng, is_splitmix64_on_every_machine)
{
    /* the reference outputs for seed 1234567 (Vigna, splitmix64.c) */
    static const uint64_t want[] = {
        UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
        UINT64_C(16408922859458223821)};
    struct ajar_prng prng;
    ajar_prng_seed(&prng, 1234567);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
    {
        cr_assert_eq(ajar_prng_next(&prng), want[i]);
    }
}

Test(prng, same_seed_same_numbers)
{
    struct ajar_prng a;
    struct ajar_prng b;
    ajar_prng_seed(&a, 7);
    ajar_prng_seed(&b, 7);
    for (int i = 0; i < 1000; i++)
    {
        cr_assert_eq(ajar_prng_below(&a, 1000), ajar_prng_below(&b, 1000));
    }
}

Test(prng, below_stays_below_and_is_even)
{
    struct ajar_prng prng;
    ajar_prng_seed(&prng, 42);
    cr_assert_eq(ajar_prng_below(&prng, 0), 0);
    cr_assert_eq(ajar_prng_below(&prng, 1), 0);
    unsigned counts[7] = {0};
    for (int i = 0; i < 70000; i++)
    {
        uint64_t value = ajar_prng_below(&prng, 7);
        cr_assert_lt(value, 7);
        counts[value]++;
    }
    for (int i = 0; i < 7; i++)
    {
        cr_assert(counts[i] > 9600 && counts[i] < 10400, "%d: %u", i, counts[i]);
    }
    /* three quarters of the range: modulo alone would give the low third twice as often
     */
    uint64_t bound = UINT64_C(3) << 62;
    unsigned low = 0;
    for (int i = 0; i < 30000; i++)
    {
        uint64_t value = ajar_prng_below(&prng, bound);
        cr_assert_lt(value, bound);
        low += value < bound / 3;
    }
    cr_assert(low > 9600 && low < 10400, "%u", low);
}

Test(prng, mix_depends_on_every_bit_of_both)
{
    for (unsigned bit = 0; bit < 64; bit++)
    {
        uint64_t one = UINT64_C(1) << bit;
        uint64_t by_key = ajar_prng_mix(5, 9) ^ ajar_prng_mix(5 ^ one, 9);
        uint64_t by_value = ajar_prng_mix(5, 9) ^ ajar_prng_mix(5, 9 ^ one);
        int key_bits = __builtin_popcountll(by_key);
        int value_bits = __builtin_popcountll(by_value);
        cr_assert(key_bits > 12 && key_bits < 52, "bit %u: %d", bit, key_bits);
        cr_assert(value_bits > 12 && value_bits < 52, "bit %u: %d", bit, value_bits);
    }
    cr_assert_eq(ajar_prng_mix(1, 2), ajar_prng_mix(1, 2));
    cr_assert_neq(ajar_prng_mix(1, 2), ajar_prng_mix(2, 1));
}
