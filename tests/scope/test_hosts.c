/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "ajar/buf.h"
#include "ajar/prng.h"

struct counts
{
    const char *text;
    uint64_t hosts;
    uint64_t targets;
    uint64_t excluded;
};

static const struct counts counted[] = {
    {"", 0, 0, 0},
    {"[a]\nowner=A\nrange=20.0.0.1\n", 1, 8, 0},
    {"[a]\nowner=A\nrange=20.0.0.0/24\nports=9200\n", 256, 256, 0},
    {"[a]\nowner=A\nrange=20.0.0.0/24\nports=9200-9202\nexclude=20.0.0.7\n", 255, 765, 3},
    /* excluded twice counts once; what lies outside counts nothing */
    {"[a]\nowner=A\nrange=20.0.0.0/24\nports=9200\nexclude=20.0.0.0/25, 20.0.0.7\n"
     "exclude=20.0.0.120-20.0.1.255\n",
     0, 0, 256},
    /* the narrower range's ports count for its addresses */
    {"[a]\nowner=A\nrange=20.0.0.0/24\nports=9200\n"
     "[b]\nowner=B\nrange=20.0.0.16/28\nports=1,2,3\n",
     256, 240 + 48, 0},
    {"[a]\nowner=A\nrange=20.0.0.0/24\nports=9200\n"
     "[b]\nowner=B\nrange=20.0.0.16/28\nports=1,2,3\nexclude=20.0.0.15, 20.0.0.16\n",
     254, 239 + 45, 4},
    /* overlapping and repeated ranges of one team are one space */
    {"[a]\nowner=A\nrange=20.0.0.0-20.0.0.9, 20.0.0.5-20.0.0.14, 20.0.0.5\nports=1\n", 15,
     15, 0},
    /* special, expired and unlisted addresses are no targets, excluded or not */
    {"[a]\nowner=A\nrange=198.51.100.0/24\nexclude=198.51.100.1\n", 0, 0, 0},
    {"[a]\nowner=A\nrange=20.0.0.0/24\napproved=until 2020-01-01\nexclude=20.0.0.1\n", 0,
     0, 0},
    {"[a]\nowner=A\nrange=9.255.255.254-10.0.0.9\nports=1\nexclude=10.0.0.1\n", 2, 2, 0},
    {"[a]\nowner=A\nrange=100.100.100.0/24\nports=1\n", 255, 255, 0},
    {"[a]\nowner=A\nrange=127.0.0.0/30, ::1\nports=1\nexclude=127.0.0.1\n", 4, 4, 1},
    {"[a]\nowner=A\nrange=2001:470::/112\nports=1\n", 65536, 65536, 0},
    {"[a]\nowner=A\nrange=20.0.0.0/8\nports=1-256\n", 1u << 24, UINT64_C(1) << 32, 0},
    {"[a]\nowner=A\nhost=es1.corp.example, es2.corp.example\n", 0, 0, 0},
};

Test(hosts, are_counted)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(counted); i++)
    {
        struct ajar_scope *scope = load_fine(counted[i].text);
        cr_assert_eq(ajar_scope_host_count(scope), counted[i].hosts, "%s: %llu hosts",
                     counted[i].text, (unsigned long long)ajar_scope_host_count(scope));
        cr_assert_eq(ajar_scope_target_count(scope), counted[i].targets,
                     "%s: %llu targets", counted[i].text,
                     (unsigned long long)ajar_scope_target_count(scope));
        cr_assert_eq(ajar_scope_excluded_count(scope), counted[i].excluded,
                     "%s: %llu excluded", counted[i].text,
                     (unsigned long long)ajar_scope_excluded_count(scope));
        ajar_scope_free(scope);
    }
}

/* Every index gives an address of its own, in order; each may be dialled, with the same
 * section; the targets add up; one index more gives none. */
static void check_enumeration(const struct ajar_scope *scope)
{
    struct ajar_addr before;
    struct ajar_addr addr;
    const struct ajar_section *section = NULL;
    uint64_t targets = 0;
    for (uint64_t i = 0; i < ajar_scope_host_count(scope); i++)
    {
        struct ajar_explanation found;
        cr_assert_eq(ajar_scope_host_at(scope, i, &addr, &section), AJAR_OK);
        cr_assert(i == 0 || ajar_addr_compare(&before, &addr) < 0);
        ajar_scope_explain(scope, &addr, &found);
        cr_assert(found.ruling == AJAR_RULING_OWNED ||
                  found.ruling == AJAR_RULING_LOOPBACK);
        cr_assert_eq(found.section, section);
        targets += section->port_count;
        before = addr;
    }
    cr_assert_eq(targets, ajar_scope_target_count(scope));
    cr_assert_eq(ajar_scope_host_at(scope, ajar_scope_host_count(scope), &addr, &section),
                 AJAR_ENOTFOUND);
    cr_assert_eq(ajar_scope_host_at(scope, UINT64_MAX, &addr, &section), AJAR_ENOTFOUND);
}

Test(hosts, index_and_address_are_one_to_one)
{
    struct ajar_scope *scope = load_fine(
        "[a]\nowner=A\nrange=20.0.0.0/22, ::1, 9.255.255.0-10.0.0.9, 2001:470::/120\n"
        "exclude=20.0.0.0, 20.0.1.7-20.0.1.9, 20.0.3.255, 2001:470::80/121\n"
        "[b]\nowner=B\nrange=20.0.1.0/24, 127.0.0.0/28\nports=1\n"
        "[c]\nowner=C\nrange=20.0.1.128/25\nports=1,2\n"
        "[d]\nowner=D\nrange=20.0.2.0/24\napproved=2027-01-01\n");
    cr_assert_eq(ajar_scope_host_count(scope), 1024 - 256 - 5 + 1 + 16 + 256 + 128);
    check_enumeration(scope);
    ajar_scope_free(scope);
}

/* A few hundred addresses, random ranges and exclusions of one team: the enumeration
 * against a plain array of flags. */
Test(hosts, agree_with_a_plain_model)
{
    struct ajar_prng prng;
    ajar_prng_seed(&prng, 42);
    for (int round = 0; round < 60; round++)
    {
        bool owned[256] = {false};
        char text[4096] = "[a]\nowner=A\nports=1\n";
        size_t lines = 1 + ajar_prng_below(&prng, 12);
        uint64_t want = 0;
        bool held[256] = {false};
        for (size_t i = 0; i < lines; i++)
        {
            bool exclude = ajar_prng_below(&prng, 3) == 0;
            unsigned first = (unsigned)ajar_prng_below(&prng, 256);
            unsigned last = first + (unsigned)ajar_prng_below(&prng, 256 - first);
            size_t len = strlen(text);
            (void)snprintf(text + len, sizeof text - len, "%s=20.0.0.%u-20.0.0.%u\n",
                           exclude ? "exclude" : "range", first, last);
            for (unsigned a = first; a <= last; a++)
            {
                held[a] = held[a] || exclude;
                owned[a] = owned[a] || !exclude;
            }
        }
        uint64_t excluded = 0;
        for (size_t a = 0; a < 256; a++)
        {
            want += owned[a] && !held[a] ? 1 : 0;
            excluded += owned[a] && held[a] ? 1 : 0;
        }
        struct ajar_scope *scope = load_fine(text);
        cr_assert_eq(ajar_scope_host_count(scope), want, "%s", text);
        cr_assert_eq(ajar_scope_excluded_count(scope), excluded, "%s", text);
        check_enumeration(scope);
        ajar_scope_free(scope);
    }
}

Test(hosts, names_are_listed)
{
    struct ajar_scope *scope = load_fine("[a]\nowner=A\nhost=es1.corp.example,\n"
                                         "  es2.corp.example\n[b]\nhost=x_1.example\n");
    cr_assert_eq(ajar_scope_name_count(scope), 3);
    cr_assert_str_eq(ajar_scope_name_at(scope, 0)->name, "es1.corp.example");
    cr_assert_str_eq(ajar_scope_name_at(scope, 1)->name, "es2.corp.example");
    cr_assert_eq(ajar_scope_name_at(scope, 1)->line, 4);
    cr_assert_str_eq(ajar_scope_name_at(scope, 2)->section->id, "b");
    cr_assert_null(ajar_scope_name_at(scope, 3));
    ajar_scope_free(scope);
}

/* 20,000 ranges of 200 teams and as many exclusions: quick, and what they hold adds up.
 * The limit is ctest's; with a quadratic step this takes minutes under the sanitizers. */
Test(hosts, many_ranges_load_fast)
{
    struct ajar_buf text;
    ajar_buf_init(&text, AJAR_MAX_TARGETS_FILE);
    for (unsigned team = 0; team < 200; team++)
    {
        (void)ajar_buf_printf(&text, "[team-%u]\nowner=T\nports=9200\n", team);
        for (unsigned i = 0; i < 100; i++)
        {
            (void)ajar_buf_printf(&text, "range=20.%u.%u.0/25\nexclude=20.%u.%u.7\n",
                                  team, i, team, i);
        }
    }
    cr_assert_not(text.failed);
    struct ajar_scope *scope = load_fine(text.data);
    cr_assert_eq(ajar_scope_host_count(scope), 20000u * 127);
    cr_assert_eq(ajar_scope_excluded_count(scope), 20000u);
    for (uint64_t i = 0; i < ajar_scope_host_count(scope); i += 997)
    {
        struct ajar_addr addr;
        const struct ajar_section *section = NULL;
        cr_assert_eq(ajar_scope_host_at(scope, i, &addr, &section), AJAR_OK);
    }
    ajar_scope_free(scope);
    ajar_buf_deinit(&text);
}
