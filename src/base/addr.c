/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/addr.h"

#include <string.h>

/* ::ffff:0:0/96, RFC 4291 section 2.5.5.2 */
static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

bool ajar_addr_is_v4(const struct ajar_addr *addr)
{
    return memcmp(addr->bytes, mapped, sizeof mapped) == 0;
}

struct ajar_addr ajar_addr_from_v4(uint32_t host_order)
{
    struct ajar_addr addr;
    memcpy(addr.bytes, mapped, sizeof mapped);
    for (unsigned i = 0; i < 4; i++)
    {
        addr.bytes[12 + i] = (uint8_t)(host_order >> (24 - 8 * i));
    }
    return addr;
}

uint32_t ajar_addr_to_v4(const struct ajar_addr *addr)
{
    AJAR_REQUIRE(ajar_addr_is_v4(addr));
    uint32_t value = 0;
    for (unsigned i = 12; i < 16; i++)
    {
        value = value << 8 | addr->bytes[i];
    }
    return value;
}

int ajar_addr_compare(const struct ajar_addr *a, const struct ajar_addr *b)
{
    int order = memcmp(a->bytes, b->bytes, sizeof a->bytes);
    return (order > 0) - (order < 0);
}

/* Written out, because compilers then see one load or store and a byte swap: each host's
 * address is computed three times. */
static uint64_t load_half(const uint8_t *bytes)
{
    return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[1] << 48 |
           (uint64_t)bytes[2] << 40 | (uint64_t)bytes[3] << 32 |
           (uint64_t)bytes[4] << 24 | (uint64_t)bytes[5] << 16 | (uint64_t)bytes[6] << 8 |
           (uint64_t)bytes[7];
}

static void store_half(uint8_t *bytes, uint64_t value)
{
    bytes[0] = (uint8_t)(value >> 56);
    bytes[1] = (uint8_t)(value >> 48);
    bytes[2] = (uint8_t)(value >> 40);
    bytes[3] = (uint8_t)(value >> 32);
    bytes[4] = (uint8_t)(value >> 24);
    bytes[5] = (uint8_t)(value >> 16);
    bytes[6] = (uint8_t)(value >> 8);
    bytes[7] = (uint8_t)value;
}

struct ajar_addr ajar_addr_add(const struct ajar_addr *addr, uint64_t offset)
{
    uint64_t low = load_half(addr->bytes + 8);
    uint64_t high = load_half(addr->bytes);
    struct ajar_addr sum;
    store_half(sum.bytes + 8, low + offset);
    store_half(sum.bytes, high + (low > UINT64_MAX - offset ? 1 : 0));
    return sum;
}

uint64_t ajar_addr_distance(const struct ajar_addr *first, const struct ajar_addr *last)
{
    AJAR_REQUIRE(ajar_addr_compare(first, last) <= 0);
    uint64_t low_first = load_half(first->bytes + 8);
    uint64_t low_last = load_half(last->bytes + 8);
    uint64_t high = load_half(last->bytes) - load_half(first->bytes);
    high -= low_last < low_first ? 1 : 0;
    return high == 0 ? low_last - low_first : UINT64_MAX;
}

/* addr with every bit behind its prefix cleared, or set when fill is 0xff. */
static struct ajar_addr fill_host(const struct ajar_addr *addr, unsigned bits,
                                  uint8_t fill)
{
    unsigned keep = bits;
    if (ajar_addr_is_v4(addr))
    {
        keep = 96 + (bits < 32 ? bits : 32);
    }
    struct ajar_addr result = *addr;
    for (unsigned i = 0; i < 16; i++)
    {
        unsigned kept = keep > 8 * i ? keep - 8 * i : 0;
        unsigned mask = kept < 8 ? 0xffu >> kept : 0; /* the host bits of this byte */
        result.bytes[i] = (uint8_t)((addr->bytes[i] & ~mask) | (fill & mask));
    }
    return result;
}

struct ajar_addr ajar_addr_prefix(const struct ajar_addr *addr, unsigned bits)
{
    return fill_host(addr, bits, 0);
}

struct ajar_addr ajar_addr_prefix_last(const struct ajar_addr *addr, unsigned bits)
{
    return fill_host(addr, bits, 0xff);
}
