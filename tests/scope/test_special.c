/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

/*
 * The table against lists written down by hand from the RFCs, not from special.csv, so
 * that a block lost there is noticed here. The neighbours on both sides are ordinary.
 */
static const char *const never[][2] = {
    {"0.0.0.0", "0.255.255.255"},
    {"168.63.129.16", "168.63.129.16"},
    {"169.254.0.0", "169.254.255.255"},
    {"192.0.0.0", "192.0.0.255"},
    {"192.0.2.0", "192.0.2.255"},
    {"192.88.99.0", "192.88.99.255"},
    {"198.51.100.0", "198.51.100.255"},
    {"203.0.113.0", "203.0.113.255"},
    {"224.0.0.0", "239.255.255.255"},
    {"240.0.0.0", "255.255.255.255"},
    {"::", "::"},
    {"64:ff9b::", "64:ff9b::ffff:ffff"},
    {"64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"},
    {"100::", "100::ffff:ffff:ffff:ffff"},
    {"2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fd00:ec2::254", "fd00:ec2::254"},
    {"fd20:ce::254", "fd20:ce::254"},
    {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"::7f00:1", "::7f00:1"}, /* ::127.0.0.1, deprecated, is not loopback */
    {"2002:7f00:1::", "2002:7f00:1::"},
};

static const char *const ordinary[] = {
    "1.0.0.0",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
    "100.128.0.0",     "126.255.255.255", "128.0.0.0",       "168.63.129.15",
    "168.63.129.17",   "169.253.255.255", "169.255.0.0",     "172.15.255.255",
    "172.32.0.0",      "191.255.255.255", "192.0.1.0",       "192.0.3.0",
    "192.88.98.255",   "192.88.100.0",    "192.167.255.255", "192.169.0.0",
    "198.17.255.255",  "198.20.0.0",      "198.51.99.255",   "198.51.101.0",
    "203.0.112.255",   "203.0.114.0",     "223.255.255.255", "2001:200::",
    "2001:db7:ffff::", "2001:db9::",      "2003::",          "2a00::1",
    "2620:4f:8000::1", "3ffe::1",         "3fff:1000::",
};

Test(special, blocks_are_never_scannable)
{
    struct ajar_scope *scope = load_fine("");
    for (size_t i = 0; i < AJAR_COUNT_OF(never); i++)
    {
        cr_assert_eq(ruling_of(scope, never[i][0]), AJAR_RULING_SPECIAL, "%s",
                     never[i][0]);
        cr_assert_eq(ruling_of(scope, never[i][1]), AJAR_RULING_SPECIAL, "%s",
                     never[i][1]);
    }
    ajar_scope_free(scope);
}

Test(special, neighbours_are_ordinary)
{
    struct ajar_scope *scope = load_fine("");
    for (size_t i = 0; i < AJAR_COUNT_OF(ordinary); i++)
    {
        cr_assert_eq(ruling_of(scope, ordinary[i]), AJAR_RULING_UNDECLARED, "%s",
                     ordinary[i]);
    }
    ajar_scope_free(scope);
}

/* Also when a file lists exactly that address. */
Test(special, listing_it_does_not_help)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(never); i++)
    {
        char text[200];
        (void)snprintf(text, sizeof text, "[a]\nowner=A\nrange=%s\n", never[i][0]);
        struct ajar_scope *scope = load_fine(text);
        cr_assert_eq(ruling_of(scope, never[i][0]), AJAR_RULING_SPECIAL, "%s",
                     never[i][0]);
        cr_assert_eq(ajar_scope_host_count(scope), 0);
        ajar_scope_free(scope);
    }
}

Test(special, private_space_counts_only_when_listed)
{
    static const char *const private_space[][2] = {
        {"10.0.0.0", "10.255.255.255"},
        {"172.16.0.0", "172.31.255.255"},
        {"192.168.0.0", "192.168.255.255"},
        {"100.64.0.0", "100.127.255.255"},
        {"198.18.0.0", "198.19.255.255"},
        {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}};
    struct ajar_scope *nothing = load_fine("");
    for (size_t i = 0; i < AJAR_COUNT_OF(private_space); i++)
    {
        for (size_t j = 0; j < 2; j++)
        {
            char text[200];
            const char *address = private_space[i][j];
            (void)snprintf(text, sizeof text, "[a]\nowner=A\nrange=%s\n", address);
            struct ajar_scope *scope = load_fine(text);
            cr_assert_eq(ruling_of(scope, address), AJAR_RULING_OWNED, "%s", address);
            cr_assert_eq(ruling_of(nothing, address), AJAR_RULING_UNDECLARED);
            ajar_scope_free(scope);
        }
    }
    ajar_scope_free(nothing);
}

Test(special, the_table_has_a_date)
{
    const char *date = ajar_scope_registry_date();
    cr_assert_eq(strlen(date), 10);
    cr_assert(date[4] == '-' && date[7] == '-' && strcmp(date, "2025-01-01") > 0);
}
