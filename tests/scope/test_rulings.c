/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include <criterion/criterion.h>

struct expected_ruling
{
    const char *address;
    enum ajar_ruling ruling;
    const char *section; /* its id; NULL for none */
    unsigned line;       /* 0: no deciding line */
    const char *text;    /* NULL: none */
    const char *source;
};

static const char world[] =
    "exclude = 8.8.8.8\n"                                   /* 1 */
    "[wide]\n"                                              /* 2 */
    "owner = W\n"                                           /* 3 */
    "range = 9.255.0.0-10.254.255.255\n"                    /* 4: holds 10/8 */
    "[lab]\n"                                               /* 5 */
    "owner = L\n"                                           /* 6 */
    "range = 10.1.0.0/16, 10.2.0.5\n"                       /* 7 */
    "exclude = 10.1.7.0/24, 10.1.7.7\n"                     /* 8 */
    "ports = 9200\n"                                        /* 9 */
    "[old]\n"                                               /* 10 */
    "owner = O\n"                                           /* 11 */
    "range = 11.0.0.0/24\n"                                 /* 12 */
    "approved = until 2026-11-30, C1\n"                     /* 13 */
    "[doc]\n"                                               /* 14 */
    "owner = D\n"                                           /* 15 */
    "range = 198.51.100.0/24\n"                             /* 16 */
    "exclude = 198.51.100.9\n"                              /* 17 */
    "[self]\n"                                              /* 18 */
    "owner = S\n"                                           /* 19 */
    "range = 127.0.0.0/28, fc00:1::/120\n"                  /* 20 */
    "exclude = 127.0.0.3, 127.9.9.9\n"                      /* 21 */
    "range = 100.64.0.0/10, 198.18.0.0/15, 172.16.0.0/12\n" /* 22 */
    "range = 2001:470::/112\n";                             /* 23 */

static const struct expected_ruling rulings[] = {
    {"9.255.2.3", AJAR_RULING_OWNED, "wide", 4, "9.255.0.0-10.254.255.255", NULL},
    {"::ffff:9.255.2.3", AJAR_RULING_OWNED, "wide", 4, "9.255.0.0-10.254.255.255", NULL},
    {"8.8.8.8", AJAR_RULING_EXCLUDED, NULL, 1, "8.8.8.8", NULL},
    {"8.8.8.9", AJAR_RULING_UNDECLARED, NULL, 0, NULL, NULL},
    {"192.168.0.1", AJAR_RULING_UNDECLARED, NULL, 0, NULL, NULL},
    {"10.3.0.1", AJAR_RULING_PRIVATE_UNLISTED, "wide", 4, "9.255.0.0-10.254.255.255",
     "RFC 1918"},
    {"10.1.0.1", AJAR_RULING_OWNED, "lab", 7, "10.1.0.0/16", "RFC 1918"},
    {"10.2.0.5", AJAR_RULING_OWNED, "lab", 7, "10.2.0.5", "RFC 1918"},
    {"10.1.7.1", AJAR_RULING_EXCLUDED, "lab", 8, "10.1.7.0/24", NULL},
    {"10.1.7.7", AJAR_RULING_EXCLUDED, "lab", 8, "10.1.7.7", NULL},
    {"11.0.0.1", AJAR_RULING_EXPIRED, "old", 13, "until 2026-11-30, C1", NULL},
    {"198.51.100.1", AJAR_RULING_SPECIAL, "doc", 0,
     "Documentation (TEST-NET-2), 198.51.100.0/24", "RFC 5737"},
    {"198.51.100.9", AJAR_RULING_EXCLUDED, "doc", 17, "198.51.100.9", NULL},
    {"203.0.113.1", AJAR_RULING_SPECIAL, NULL, 0,
     "Documentation (TEST-NET-3), 203.0.113.0/24", "RFC 5737"},
    {"169.254.169.254", AJAR_RULING_SPECIAL, NULL, 0,
     "Cloud metadata service, 169.254.169.254/32", "RFC 3927 and vendor documentation"},
    {"127.0.0.1", AJAR_RULING_LOOPBACK, "self", 20, "127.0.0.0/28",
     "RFC 1122 section 3.2.1.3"},
    {"127.0.0.3", AJAR_RULING_EXCLUDED, "self", 21, "127.0.0.3", NULL},
    {"127.9.9.9", AJAR_RULING_EXCLUDED, NULL, 21, "127.9.9.9", NULL},
    {"127.1.2.3", AJAR_RULING_LOOPBACK, NULL, 0, "Loopback, 127.0.0.0/8",
     "RFC 1122 section 3.2.1.3"},
    {"::1", AJAR_RULING_LOOPBACK, NULL, 0, "Loopback Address, ::1/128",
     "RFC 4291 section 2.5.3"},
    {"fc00:1::7", AJAR_RULING_OWNED, "self", 20, "fc00:1::/120", "RFC 4193"},
    {"fc00:2::7", AJAR_RULING_UNDECLARED, NULL, 0, NULL, NULL},
    {"100.64.1.1", AJAR_RULING_OWNED, "self", 22, "100.64.0.0/10", "RFC 6598"},
    {"100.100.100.200", AJAR_RULING_SPECIAL, "self", 0,
     "Alibaba Cloud metadata service, 100.100.100.200/32", "vendor documentation"},
    {"198.19.255.255", AJAR_RULING_OWNED, "self", 22, "198.18.0.0/15", "RFC 2544"},
    {"2001:470::ffff", AJAR_RULING_OWNED, "self", 23, "2001:470::/112", NULL},
    {"2001:470::1:0", AJAR_RULING_UNDECLARED, NULL, 0, NULL, NULL},
};

static void check_text(const char *got, const char *want, const char *address)
{
    cr_assert_eq(got == NULL, want == NULL, "%s: %s", address, got != NULL ? got : want);
    if (want != NULL)
    {
        cr_assert_str_eq(got, want, "%s", address);
    }
}

Test(rulings, are_explained_by_the_deciding_line)
{
    struct ajar_scope *scope = load_fine(world);
    for (size_t i = 0; i < AJAR_COUNT_OF(rulings); i++)
    {
        const struct expected_ruling *want = &rulings[i];
        struct ajar_addr addr = addr_of(want->address);
        struct ajar_explanation got;
        ajar_scope_explain(scope, &addr, &got);
        cr_assert_eq(got.ruling, want->ruling, "%s: %d", want->address, got.ruling);
        cr_assert_eq(ruling_of(scope, want->address), want->ruling);
        check_text(got.section != NULL ? got.section->id : NULL, want->section,
                   want->address);
        cr_assert_eq(got.line, want->line, "%s: line %u", want->address, got.line);
        check_text(got.file, want->line > 0 ? "t.ini" : NULL, want->address);
        check_text(got.text, want->text, want->address);
        check_text(got.source, want->source, want->address);
    }
    ajar_scope_free(scope);
}

Test(rulings, without_a_file_loopback_alone_is_owned)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    cr_assert_eq(ajar_scope_load(NULL, 0, TODAY, &diags, &scope), AJAR_OK);
    cr_assert_eq(diags.count, 0);
    cr_assert_eq(ruling_of(scope, "127.0.0.1"), AJAR_RULING_LOOPBACK);
    cr_assert_eq(ruling_of(scope, "127.255.255.255"), AJAR_RULING_LOOPBACK);
    cr_assert_eq(ruling_of(scope, "::1"), AJAR_RULING_LOOPBACK);
    cr_assert_eq(ruling_of(scope, "::2"), AJAR_RULING_SPECIAL);
    cr_assert_eq(ruling_of(scope, "10.0.0.1"), AJAR_RULING_UNDECLARED);
    cr_assert_eq(ruling_of(scope, "128.0.0.0"), AJAR_RULING_UNDECLARED);
    cr_assert_eq(ruling_of(scope, "8.8.8.8"), AJAR_RULING_UNDECLARED);
    cr_assert_eq(ajar_scope_host_count(scope), 0);
    cr_assert_eq(ajar_scope_name_count(scope), 0);
    cr_assert_null(ajar_scope_name_at(scope, 0));
    cr_assert_not(ajar_scope_is_stale(scope));
    cr_assert_eq(strlen(ajar_scope_digest(scope)), 64);
    ajar_scope_free(scope);
}

/* Whatever the order of the sections, the narrower range owns the address. */
Test(rulings, the_narrower_range_wins)
{
    static const char *const orders[] = {
        "[a]\nowner=A\nrange=20.0.0.0/16\n[b]\nowner=B\nrange=20.0.1.0/24\n"
        "[c]\nowner=C\nrange=20.0.1.128/25\n",
        "[c]\nowner=C\nrange=20.0.1.128/25\n[b]\nowner=B\nrange=20.0.1.0/24\n"
        "[a]\nowner=A\nrange=20.0.0.0/16\n",
        "[b]\nowner=B\nrange=20.0.1.0/24\n[a]\nowner=A\nrange=20.0.0.0/16\n"
        "[c]\nowner=C\nrange=20.0.1.128/25\n",
    };
    static const char *const want[][2] = {
        {"20.0.0.255", "a"}, {"20.0.1.0", "b"}, {"20.0.1.127", "b"},  {"20.0.1.128", "c"},
        {"20.0.1.255", "c"}, {"20.0.2.0", "a"}, {"20.0.255.255", "a"}};
    for (size_t i = 0; i < AJAR_COUNT_OF(orders); i++)
    {
        struct ajar_scope *scope = load_fine(orders[i]);
        for (size_t j = 0; j < AJAR_COUNT_OF(want); j++)
        {
            struct ajar_addr addr = addr_of(want[j][0]);
            struct ajar_explanation got;
            ajar_scope_explain(scope, &addr, &got);
            cr_assert_str_eq(got.section->id, want[j][1], "%s", want[j][0]);
        }
        cr_assert_eq(ajar_scope_host_count(scope), 65536);
        ajar_scope_free(scope);
    }
}

/* A pair of one team that reaches into private space does not hide that the same team
 * lists that space, though the pair is the narrower one. */
Test(rulings, listed_private_space_wins_over_an_unlisted_part)
{
    struct ajar_scope *scope =
        load_fine("[a]\nowner=A\nrange=9.255.255.0-10.0.0.255\nrange=10.0.0.0/8\n");
    cr_assert_eq(ruling_of(scope, "10.0.0.5"), AJAR_RULING_OWNED);
    cr_assert_eq(ruling_of(scope, "9.255.255.5"), AJAR_RULING_OWNED);
    cr_assert_eq(ajar_scope_host_count(scope), (1u << 24) + 256);
    ajar_scope_free(scope);
}

Test(rulings, exclusions_of_one_family_leave_the_other_alone)
{
    struct ajar_scope *scope =
        load_fine("exclude = ::/0\n[a]\nowner=A\nrange=20.0.0.0/30, 2001:470::/127\n");
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_OWNED);
    cr_assert_eq(ruling_of(scope, "2001:470::1"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "::1"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "127.0.0.1"), AJAR_RULING_LOOPBACK);
    ajar_scope_free(scope);
    scope = load_fine(
        "exclude = 0.0.0.0/0\n[a]\nowner=A\nrange=20.0.0.0/30, 2001:470::/127\n");
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "127.0.0.1"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "2001:470::1"), AJAR_RULING_OWNED);
    ajar_scope_free(scope);
}

/* Loopback is owned without a file, but a lapsed approval speaks about it too. */
Test(rulings, a_lapsed_approval_covers_declared_loopback)
{
    struct ajar_scope *scope =
        load_fine("[a]\nowner=A\nrange=127.0.0.2\napproved=until 2026-01-01\n");
    cr_assert_eq(ruling_of(scope, "127.0.0.2"), AJAR_RULING_EXPIRED);
    cr_assert_eq(ruling_of(scope, "127.0.0.1"), AJAR_RULING_LOOPBACK);
    cr_assert_eq(ajar_scope_host_count(scope), 0);
    ajar_scope_free(scope);
}

Test(rulings, a_permit_needs_a_port)
{
    struct ajar_scope *scope = load_fine("");
    struct ajar_addr addr = addr_of("127.0.0.1");
    struct ajar_permit *permit = NULL;
    cr_assert_eq(ajar_scope_permit(scope, &addr, 0, &permit), AJAR_EINVAL);
    cr_assert_null(permit);
    ajar_permit_release(NULL);
    ajar_scope_free(scope);
}

Test(rulings, a_section_says_what_the_file_says)
{
    struct ajar_scope *scope =
        load_fine("\n[team-1]\nrange = 20.0.0.1\nowner = The\n"
                  "  Team\ncontact = t@corp.example\n"
                  "expect = 20.0.0.1, a demo\n  that is open ; really\n"
                  "every = 12h\ncanary = records\n"
                  "approved = 2026-11-01 until 2027-11-01,\n"
                  "  change CHG0042\n");
    struct ajar_addr addr = addr_of("20.0.0.1");
    struct ajar_explanation got;
    ajar_scope_explain(scope, &addr, &got);
    cr_assert_str_eq(got.section->id, "team-1");
    cr_assert_str_eq(got.section->owner, "The Team");
    cr_assert_str_eq(got.section->contact, "t@corp.example");
    cr_assert_str_eq(ajar_scope_expected(scope, got.section, &addr),
                     "a demo that is open");
    cr_assert_eq(got.section->every_ms, 12u * 3600000u);
    cr_assert_eq(got.section->canary, AJAR_CANARY_RECORDS);
    cr_assert_str_eq(got.section->approval,
                     "2026-11-01 until 2027-11-01, change CHG0042");
    cr_assert_str_eq(got.section->file, "t.ini");
    cr_assert_eq(got.section->line, 2);
    cr_assert_eq(got.section->port_count, 8);
    cr_assert_eq(got.section->ports[6].port, 9243);
    cr_assert_eq(got.section->ports[7].scheme, AJAR_SCHEME_HTTPS);
    ajar_scope_free(scope);
}

/* Only the addresses that are named are meant to be open, and only by their own team. */
Test(rulings, an_expectation_holds_for_its_addresses_alone)
{
    struct ajar_scope *scope =
        load_fine("[a]\nowner=A\nrange=20.0.0.0/24\nexpect=20.0.0.8/30, decoys\n"
                  "expect=20.0.0.9\nexpect=20.0.0.64-20.0.0.66,\n  for the,\n  public\n"
                  "[b]\nowner=B\nrange=20.0.1.0/24\nexpect=20.0.1.7,x\n");
    static const struct
    {
        const char *addr;
        const char *why;
    } rows[] = {{"20.0.0.7", NULL},
                {"20.0.0.8", "decoys"},
                {"20.0.0.11", "decoys"},
                {"20.0.0.12", NULL},
                {"20.0.0.9", "declared by expect ="},
                {"20.0.0.65", "for the, public"},
                {"20.0.1.7", NULL}};
    cr_assert_eq(ajar_scope_section_count(scope), 2);
    const struct ajar_section *a = ajar_scope_section_at(scope, 0);
    const struct ajar_section *b = ajar_scope_section_at(scope, 1);
    cr_assert_null(ajar_scope_section_at(scope, 2));
    cr_assert_str_eq(b->id, "b");
    cr_assert_eq(b->every_ms, 0);
    cr_assert_eq(b->canary, AJAR_CANARY_NONE);
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        struct ajar_addr addr = addr_of(rows[i].addr);
        const char *got = ajar_scope_expected(scope, a, &addr);
        cr_assert_eq(got == NULL, rows[i].why == NULL, "%s", rows[i].addr);
        cr_assert(got == NULL || strcmp(got, rows[i].why) == 0, "%s: %s", rows[i].addr,
                  got);
        cr_assert_null(ajar_scope_expected(scope, NULL, &addr));
    }
    ajar_scope_free(scope);
}
