/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <criterion/criterion.h>

#include "ajar/schedule.h"

static void check_bijection(uint64_t hosts, uint64_t seed)
{
    uint8_t *seen = calloc(hosts + 1, 1);
    for (uint64_t i = 0; i < hosts; i++)
    {
        uint64_t host = ajar_permute(i, hosts, seed);
        cr_assert_lt(host, hosts);
        cr_assert_eq(seen[host], 0, "%lu hosts: %lu twice", (unsigned long)hosts,
                     (unsigned long)host);
        seen[host] = 1;
    }
    free(seen);
}

Test(permute, every_host_once)
{
    for (uint64_t hosts = 0; hosts <= 300; hosts++)
    {
        for (uint64_t seed = 0; seed < 4; seed++)
        {
            check_bijection(hosts, seed * 0x123456789u);
        }
    }
    const uint64_t sizes[] = {509, 1021, 4093, 4096, 4097, 65535, 65536, 65537, 100003};
    for (size_t i = 0; i < AJAR_COUNT_OF(sizes); i++)
    {
        check_bijection(sizes[i], UINT64_MAX - i);
    }
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b ? 1 : 0;
}

/* Sizes that nobody counts through: a sample of positions from both ends. */
Test(permute, large_ranges)
{
    const uint64_t sizes[] = {(1ull << 32) - 5, (1ull << 32) + 15, (1ull << 40) + 1,
                              (1ull << 63) + 29, UINT64_MAX};
    enum
    {
        SAMPLE = 100000
    };
    uint64_t *hosts = calloc(SAMPLE, sizeof(*hosts));
    for (size_t i = 0; i < AJAR_COUNT_OF(sizes); i++)
    {
        for (uint64_t k = 0; k < SAMPLE; k++)
        {
            uint64_t position = k % 2 == 0 ? k : sizes[i] - k;
            hosts[k] = ajar_permute(position, sizes[i], 7);
            cr_assert_lt(hosts[k], sizes[i]);
        }
        qsort(hosts, SAMPLE, sizeof(*hosts), compare);
        for (uint64_t k = 1; k < SAMPLE; k++)
        {
            cr_assert_neq(hosts[k], hosts[k - 1]);
        }
    }
    free(hosts);
}

Test(permute, outside_the_range_nothing_loops)
{
    cr_assert_eq(ajar_permute(0, 0, 1), 0);
    cr_assert_eq(ajar_permute(0, 1, 1), 0);
    cr_assert_eq(ajar_permute(9, 5, 1), 9);
}

/* What the order is for: no network sees its addresses asked one after the other. */
Test(permute, neighbours_are_scattered)
{
    uint32_t same_network = 0;
    uint8_t touched[256] = {0};
    uint32_t networks = 0;
    for (uint64_t i = 0; i + 1 < 65536; i++)
    {
        uint64_t host = ajar_permute(i, 65536, 42);
        same_network += host >> 8 == ajar_permute(i + 1, 65536, 42) >> 8 ? 1 : 0;
        if (i < 2048 && touched[host >> 8] == 0)
        {
            touched[host >> 8] = 1;
            networks++;
        }
    }
    /* One pair in 256 by chance. */
    cr_assert_lt(same_network, 2 * 256);
    cr_assert_gt(networks, 250);
}

Test(permute, seeds_give_orders)
{
    uint32_t equal = 0;
    for (uint64_t i = 0; i < 1000; i++)
    {
        cr_assert_eq(ajar_permute(i, 1000, 5), ajar_permute(i, 1000, 5));
        equal += ajar_permute(i, 1000, 5) == ajar_permute(i, 1000, 6) ? 1 : 0;
    }
    cr_assert_lt(equal, 20);
}
