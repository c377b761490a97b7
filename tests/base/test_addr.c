/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/addr.h"

#include <arpa/inet.h>
#include <string.h>

#include <criterion/criterion.h>

#include "ajar/prng.h"

static struct ajar_addr addr_of(const char *text)
{
    struct ajar_addr addr;
    cr_assert_eq(ajar_addr_parse(ajar_span_of(text), &addr), AJAR_OK, "%s", text);
    return addr;
}

static void check_text(struct ajar_addr addr, const char *want)
{
    char text[AJAR_ADDR_TEXT_MAX];
    size_t len = ajar_addr_format(&addr, text);
    cr_assert_str_eq(text, want);
    cr_assert_eq(len, strlen(want));
}

Test(addr, text_is_rfc_5952)
{
    static const char *const cases[][2] = {
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"198.51.100.7", "198.51.100.7"},
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"2001:DB8::00A7", "2001:db8::a7"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    /* the first of equal runs */
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          /* the longest run */
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, /* one group is not shortened */
        {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
        {"0:0:3:4:5:6:7:8", "::3:4:5:6:7:8"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
        {"::ffff:192.0.2.1", "192.0.2.1"}, /* mapped is IPv4 */
        {"::ffff:c000:201", "192.0.2.1"},
        {"::1.2.3.4", "::102:304"}, /* "compatible" is not: RFC 4291 2.5.5.1 */
        {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
        {"::fffe:1.2.3.4", "::fffe:102:304"},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        check_text(addr_of(cases[i][0]), cases[i][1]);
    }
}

Test(addr, what_is_no_literal_is_refused)
{
    static const char *const cases[] = {"",
                                        ".",
                                        "1",
                                        "127.1",
                                        "1.2.3",
                                        "1.2.3.",
                                        "1.2.3.4.",
                                        ".1.2.3.4",
                                        "1..2.3",
                                        "1.2.3.4.5",
                                        "256.1.1.1",
                                        "1.2.3.256",
                                        "1.2.3.1000",
                                        "010.1.1.1",
                                        "1.2.3.04",
                                        "00.0.0.0",
                                        "0x7f.0.0.1",
                                        "0x7f000001",
                                        "2130706433",
                                        " 1.2.3.4",
                                        "1.2.3.4 ",
                                        "+1.2.3.4",
                                        "1.2.3.-4",
                                        "1.2.3.4/32",
                                        "1.2.3.4:9200",
                                        "1,2,3,4",
                                        "a.b.c.d",
                                        ":",
                                        ":::",
                                        "1:::2",
                                        "1::2::3",
                                        "1:2:3:4:5:6:7",
                                        "1:2:3:4:5:6:7:8:9",
                                        "1:2:3:4:5:6:7:8::",
                                        ":1:2:3:4:5:6:7:8",
                                        "1:2:3:4:5:6:7:",
                                        "12345::",
                                        "g::",
                                        "[::1]",
                                        "::1%eth0",
                                        "fe80::1%1",
                                        "::1/128",
                                        " ::1",
                                        "::1 ",
                                        "::1.2.3",
                                        "::01.2.3.4",
                                        "::256.1.1.1",
                                        "1.2.3.4::",
                                        "::ffff:1.2.3.4.5",
                                        "0000:0000:0000:0000:0000:0000:0000:0000:0000:00",
                                        "localhost",
                                        "\xff"};
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        struct ajar_addr addr = ajar_addr_from_v4(0x01020304);
        int status = ajar_addr_parse(ajar_span_of(cases[i]), &addr);
        cr_assert_eq(status, AJAR_ESYNTAX, "%s", cases[i]);
        check_text(addr, "1.2.3.4");
    }
    struct ajar_addr addr;
    struct ajar_span nul = {.data = "1.2.3.4\0", .len = 8};
    cr_assert_eq(ajar_addr_parse(nul, &addr), AJAR_ESYNTAX);
    nul = (struct ajar_span){.data = "::1\0x", .len = 5};
    cr_assert_eq(ajar_addr_parse(nul, &addr), AJAR_ESYNTAX);
    cr_assert_eq(ajar_addr_parse((struct ajar_span){NULL, 0}, &addr), AJAR_ESYNTAX);
}

Test(addr, only_the_span_is_read)
{
    struct ajar_addr addr;
    struct ajar_span part = {.data = "10.1.2.34", .len = 8};
    cr_assert_eq(ajar_addr_parse(part, &addr), AJAR_OK);
    check_text(addr, "10.1.2.3");
}

Test(addr, format_and_parse_are_inverse)
{
    struct ajar_prng prng;
    ajar_prng_seed(&prng, 1);
    for (int i = 0; i < 20000; i++)
    {
        struct ajar_addr addr;
        uint64_t zeros = ajar_prng_next(&prng); /* many zero groups, for the runs */
        for (unsigned b = 0; b < 16; b++)
        {
            bool zero = (zeros >> (b / 2) & 1) != 0;
            addr.bytes[b] = zero ? 0 : (uint8_t)(ajar_prng_next(&prng) >> 40);
        }
        char text[AJAR_ADDR_TEXT_MAX];
        (void)ajar_addr_format(&addr, text);
        struct ajar_addr again = addr_of(text);
        cr_assert_eq(ajar_addr_compare(&addr, &again), 0, "%s", text);
    }
}

Test(addr, ports_follow_in_brackets)
{
    char text[AJAR_ADDR_TEXT_MAX + 8];
    struct ajar_addr v4 = addr_of("192.0.2.1");
    struct ajar_addr v6 = addr_of("2001:db8::1");
    size_t len = ajar_addr_format_port(&v4, 9200, text);
    cr_assert_str_eq(text, "192.0.2.1:9200");
    cr_assert_eq(len, strlen(text));
    len = ajar_addr_format_port(&v6, 65535, text);
    cr_assert_str_eq(text, "[2001:db8::1]:65535");
    cr_assert_eq(len, strlen(text));
    struct ajar_addr longest = addr_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    (void)ajar_addr_format_port(&longest, 65535, text);
    cr_assert_str_eq(text, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

Test(addr, one_order_for_both_families)
{
    static const char *const ordered[] = {"::",         "::1",        "::1.2.3.4",
                                          "0.0.0.0",    "9.255.0.0",  "10.0.0.0",
                                          "10.0.0.255", "200.0.0.0",  "255.255.255.255",
                                          "::1:0:0:0",  "2001:db8::", "ff02::1"};
    for (size_t i = 0; i < AJAR_COUNT_OF(ordered); i++)
    {
        for (size_t j = 0; j < AJAR_COUNT_OF(ordered); j++)
        {
            struct ajar_addr a = addr_of(ordered[i]);
            struct ajar_addr b = addr_of(ordered[j]);
            cr_assert_eq(ajar_addr_compare(&a, &b), (i > j) - (i < j));
        }
    }
}

Test(addr, adds_and_measures)
{
    struct ajar_addr first = addr_of("10.0.0.255");
    check_text(ajar_addr_add(&first, 0), "10.0.0.255");
    check_text(ajar_addr_add(&first, 1), "10.0.1.0");
    struct ajar_addr last = addr_of("10.1.0.0");
    cr_assert_eq(ajar_addr_distance(&first, &last), 65281);
    cr_assert_eq(ajar_addr_distance(&first, &first), 0);
    first = addr_of("2001:db8::ffff:ffff:ffff:ffff");
    check_text(ajar_addr_add(&first, 1), "2001:db8:0:1::");
    check_text(ajar_addr_add(&first, UINT64_MAX), "2001:db8:0:1:ffff:ffff:ffff:fffe");
    last = ajar_addr_add(&first, UINT64_MAX);
    cr_assert_eq(ajar_addr_distance(&first, &last), UINT64_MAX);
    last = ajar_addr_add(&last, 1); /* 2^64 */
    cr_assert_eq(ajar_addr_distance(&first, &last), UINT64_MAX);
    last = addr_of("ffff::");
    cr_assert_eq(ajar_addr_distance(&first, &last), UINT64_MAX);
    first = addr_of("::ffff:ffff:ffff:ffff");
    last = addr_of("::1:0:0:0:5");
    cr_assert_eq(ajar_addr_distance(&first, &last), 6, "the carry is borrowed");
}

/* Bit by bit, apart from the code under test. */
static bool bit_of(const struct ajar_addr *addr, unsigned bit)
{
    return (addr->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

static void check_prefix(const struct ajar_addr *addr, unsigned bits, unsigned keep)
{
    struct ajar_addr first = ajar_addr_prefix(addr, bits);
    struct ajar_addr last = ajar_addr_prefix_last(addr, bits);
    for (unsigned bit = 0; bit < 128; bit++)
    {
        bool kept = bit < keep;
        cr_assert_eq(bit_of(&first, bit), kept && bit_of(addr, bit), "/%u bit %u", bits,
                     bit);
        cr_assert_eq(bit_of(&last, bit), !kept || bit_of(addr, bit), "/%u bit %u", bits,
                     bit);
    }
}

Test(addr, prefixes_at_every_bit)
{
    static const char *const v6[] = {"2001:db8:a5a5:5a5a:1234:5678:9abc:def1", "::1",
                                     "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
    static const char *const v4[] = {"198.51.165.90", "0.0.0.0", "255.255.255.255"};
    for (unsigned bits = 0; bits <= 128; bits++)
    {
        for (size_t i = 0; i < AJAR_COUNT_OF(v6); i++)
        {
            struct ajar_addr addr = addr_of(v6[i]);
            check_prefix(&addr, bits, bits);
        }
    }
    for (unsigned bits = 0; bits <= 32; bits++)
    {
        for (size_t i = 0; i < AJAR_COUNT_OF(v4); i++)
        {
            struct ajar_addr addr = addr_of(v4[i]);
            check_prefix(&addr, bits, 96 + bits);
            struct ajar_addr first = ajar_addr_prefix(&addr, bits);
            struct ajar_addr last = ajar_addr_prefix_last(&addr, bits);
            cr_assert(ajar_addr_is_v4(&first) && ajar_addr_is_v4(&last));
            cr_assert_eq(ajar_addr_distance(&first, &last),
                         (UINT64_C(1) << (32 - bits)) - 1);
        }
    }
}

Test(addr, v4_numbers_are_in_host_order)
{
    struct ajar_addr addr = ajar_addr_from_v4(0xc0000201);
    check_text(addr, "192.0.2.1");
    cr_assert_eq(ajar_addr_to_v4(&addr), 0xc0000201);
    cr_assert(ajar_addr_is_v4(&addr));
    addr = addr_of("::1");
    cr_assert_not(ajar_addr_is_v4(&addr));
}
