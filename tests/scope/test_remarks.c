/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "ajar/buf.h"

/* A text that gives exactly one remark. {x} in docs/targets.md stands for the same. */
struct remark
{
    const char *text;
    bool is_error;
    unsigned line;
    unsigned column;
    const char *what;
    const char *mend;
};

#define E true
#define W false
#define KEYS                                                                             \
    "owner, contact, range, host, exclude, ports, expect, every, canary, approved"
#define FORMS                                                                            \
    "write a CIDR (192.0.2.0/24), first-last (192.0.2.1-192.0.2.9) or one address"
#define PORTS "write ports from 1 to 65535, as in 9200-9205, 443/https"
#define DATES "write YYYY-MM-DD until YYYY-MM-DD, then a comma and the reference"
#define TEAM "[a]\nowner=A\n"
#define FINE TEAM "range=20.0.0.0/24\n"

static const struct remark file_remarks[] = {
    {FINE "\x1b[31m\n", E, 4, 1, "a control byte (0x1b)", "remove this byte"},
    {FINE "contact=a\rb\n", E, 4, 10, "a control byte (0x0d)",
     "end lines with LF or CR LF"},
    {FINE "contact=\xc3\x28\n", E, 4, 9, "not valid UTF-8", "save the file as UTF-8"},
    {FINE "contact=caf\xc3\xa9\xff\n", E, 4, 14, "not valid UTF-8",
     "save the file as UTF-8"},
    {"[a b]\nowner=A\nrange=20.0.0.1\n", E, 1, 2, "'a b' is not a section name",
     "use 1 to 64 letters, digits, '-', '_' and '.'; the display name belongs into owner "
     "="},
    {"[]\nowner=A\nrange=20.0.0.1\n", E, 1, 2, "'' is not a section name",
     "use 1 to 64 letters, digits, '-', '_' and '.'; the display name belongs into owner "
     "="},
    {"[a\nowner=A\nrange=20.0.0.1\n", E, 1, 1, "the section's ']' is missing",
     "write [name-of-the-team]"},
    {"[a] range=20.0.0.1\nowner=A\nrange=20.0.0.1\n", E, 1, 5,
     "text behind the section name", "put it on the next line"},
    {FINE "nothing\n", E, 4, 1, "there is no '=' on this line",
     "write key = value; a comment begins with ; or #"},
    {FINE "nothing", E, 4, 1, "there is no '=' on this line",
     "write key = value; a comment begins with ; or #"},
    {FINE "range ;= 20.0.0.1\n", E, 4, 1, "there is no '=' on this line",
     "write key = value; a comment begins with ; or #"},
    {FINE "  contact = c\n", E, 4, 3, "an indented line continues the value above it",
     "remove the blanks before it"},
    {FINE "\t[b]\n", E, 4, 2, "an indented line continues the value above it",
     "remove the blanks before it"},
    {FINE "= x\n", E, 4, 1, "there is no key before '='",
     "write one of these before it: " KEYS},
};

static const struct remark key_remarks[] = {
    {FINE "ragne = 20.0.1.1\n  20.0.1.2\n", E, 4, 1, "unknown key 'ragne'",
     "write 'range' (the keys are " KEYS ")"},
    {FINE "Ports = 1\n", E, 4, 1, "unknown key 'Ports'",
     "write 'ports' (the keys are " KEYS ")"},
    {FINE "exclusion = 20.0.0.1\n", E, 4, 1, "unknown key 'exclusion'",
     "write 'exclude' (the keys are " KEYS ")"},
    {FINE "zq = 1\n", E, 4, 1, "unknown key 'zq'", "write one of these: " KEYS},
    {FINE "expect = a public demo\n", E, 4, 10, "'a public demo' is not an IP address",
     "write the address or block that is meant to be open, a comma, and the reason: "
     "expect = 192.0.2.7, public demo"},
    {FINE "expect = 20.0.1.9, demo\n", W, 4, 10, "expect = lies in no range of [a]",
     "check the address, or remove the line when the range is gone"},
    {FINE "every = 24\n", E, 4, 9, "'24' is not a time between looks",
     "write a number and m, h or d, from 1m to 366d, as in 24h"},
    {FINE "every = 367d\n", E, 4, 9, "'367d' is not a time between looks",
     "write a number and m, h or d, from 1m to 366d, as in 24h"},
    {FINE "canary = open\n", E, 4, 10, "'open' is not what a canary can be",
     "write records (it must be seen wide open) or protected (it must be seen refusing)"},
    {FINE "contact =\n", E, 4, 1, "contact is empty",
     "write a value behind 'contact =' or remove the line"},
    {FINE "exclude = ; nothing\n", E, 4, 1, "exclude is empty",
     "write a value behind 'exclude =' or remove the line"},
    {"range = 20.0.0.1\n", E, 1, 1, "range stands before the first section",
     "put a [name-of-the-team] line above it"},
    {FINE "owner = B\n", E, 4, 1, "owner stands twice in this section, first in line 2",
     "keep one of the two"},
    {FINE "approved = 2026-01-01\n; and\napproved = 2026-01-01\n", E, 6, 1,
     "approved stands twice in this section, first in line 4", "keep one of the two"},
    {FINE "[b]\nowner=B\nrange=20.0.1.1\n[a]\nrange=20.0.2.1\nowner=C\n", E, 7, 1,
     "[a] is declared twice, first in line 1", "merge the two sections or rename one"},
    {TEAM, W, 1, 1, "[a] declares no address",
     "add range = or host =, or remove the section"},
    {"[a]\nrange=20.0.0.1\n", W, 1, 1, "[a] has no owner; findings will name the section",
     "add owner = with the team's name"},
    {TEAM "host=es1.corp.example:9200\n", E, 3, 6,
     "'es1.corp.example:9200' is not a host name",
     "write the name alone, as in es1.corp.example; ports belong into ports ="},
    {TEAM "host=es1.corp.example, https://x.example/\n", E, 3, 24,
     "'https://x.example/' is not a host name",
     "write the name alone, as in es1.corp.example; ports belong into ports ="},
    {TEAM "host=a..example\n", E, 3, 6, "'a..example' is not a host name",
     "write the name alone, as in es1.corp.example; ports belong into ports ="},
    {TEAM "host=20.0.0.1\n", E, 3, 6, "20.0.0.1 is an address",
     "write it as range =; host = takes names"},
};

static const struct remark range_remarks[] = {
    {TEAM "range = 20.0.0.5/24\n", E, 3, 9, "20.0.0.5/24 has host bits set",
     "write 20.0.0.0/24 for the block or 20.0.0.5 for the one address"},
    {TEAM "range = 2001:db8::5/120\n", E, 3, 9, "2001:db8::5/120 has host bits set",
     "write 2001:db8::/120 for the block or 2001:db8::5 for the one address"},
    {TEAM "range = 20.0.0.1, 20.0.0.0/33\n", E, 3, 28, "'33' is not a prefix length",
     "write a number from 0 to 32, as in 192.0.2.0/24"},
    {TEAM "range = 20.0.0.0/255.255.255.0\n", E, 3, 18,
     "'255.255.255.0' is not a prefix length",
     "write a number from 0 to 32, as in 192.0.2.0/24"},
    {TEAM "range = 2001:470::/129\n", E, 3, 20, "'129' is not a prefix length",
     "write a number from 0 to 128, as in 2001:db8::/120"},
    {TEAM "range = 020.0.0.1\n", E, 3, 9, "'020.0.0.1' is not an IP address",
     "write four decimal numbers from 0 to 255 without leading zeros"},
    {TEAM "range = 20.0.256.1/32\n", E, 3, 9, "'20.0.256.1' is not an IP address",
     "write four decimal numbers from 0 to 255 without leading zeros"},
    {TEAM "range = es-1.corp.example\n", E, 3, 9,
     "'es-1.corp.example' is not an IP address",
     "write an address here; a name belongs into host ="},
    {TEAM "range = [2001:470::1]\n", E, 3, 9, "'[2001:470::1]' is not an IP address",
     "write the IPv6 address without brackets; ports belong into ports ="},
    {TEAM "range = 20.0.0.1:9200\n", E, 3, 9, "'20.0.0.1:9200' is not an IP address",
     "write the address alone; ports belong into ports ="},
    {TEAM "range = fe80::1%eth0\n", E, 3, 9, "'fe80::1%eth0' is not an IP address",
     "write the address without its zone; link-local addresses are no targets"},
    {TEAM "range = 20.0.0.1 # lab\n", E, 3, 9, "'20.0.0.1 # lab' is not an IP address",
     "begin the comment with ; when it stands behind a value"},
    {TEAM "range = 20.0.0.*\n", E, 3, 9, "'20.0.0.*' is not an IP address", FORMS},
    {TEAM "range = 20.0.0.1\n  20.0.0.3,, 20.0.0.5\n", E, 4, 12,
     "an address is missing here", FORMS},
    {TEAM "range = 20.0.0.1-\n", E, 3, 18, "an address is missing here", FORMS},
    {TEAM "range = 20.0.0.9 - 20.0.0.1\n", E, 3, 20,
     "the last address is below the first", "write 20.0.0.1-20.0.0.9"},
    {TEAM "range = 20.0.0.1-20\n", E, 3, 18, "the last address is not written out",
     "write 20.0.0.1-20.0.0.20"},
    {TEAM "range = 20.0.0.1-2001:470::1\n", E, 3, 18, "IPv4 and IPv6 in one pair",
     "write one pair for each family"},
    {TEAM "range = ::ffff:20.0.0.0/104\n", E, 3, 9, "an IPv4 block in IPv6 spelling",
     "write it as IPv4: 20.0.0.0 and a prefix length of at most 32"},
    {TEAM "range = 20.0.0.0/7\n", E, 3, 9, "20.0.0.0/7 is larger than a /8",
     "list the blocks that are yours, each a /8 or smaller"},
    {TEAM "range = 20.0.0.0-21.0.0.0\n", E, 3, 9, "20.0.0.0-21.0.0.0 is larger than a /8",
     "list the blocks that are yours, each a /8 or smaller"},
    {TEAM "range = 2001:470::/64\n", E, 3, 9,
     "2001:470::/64 holds more than 65536 addresses and cannot be enumerated",
     "list smaller ranges (a /112 or narrower), or the hosts by host ="},
    {TEAM "range = 2001:470::-2001:470::1:0\n", E, 3, 9,
     "2001:470::-2001:470::1:0 holds more than 65536 addresses and cannot be enumerated",
     "list smaller ranges (a /112 or narrower), or the hosts by host ="},
    {FINE "range = 20.0.0.0-20.0.0.255\n", W, 4, 9,
     "20.0.0.0-20.0.0.255 is listed twice in [a], first in line 3",
     "remove one of the two"},
    {FINE "[b]\nowner=B\nrange = 20.0.0.0/24\n", E, 6, 9,
     "20.0.0.0/24 belongs to [a] already, line 3", "leave it with the team that owns it"},
    {FINE "[b]\nowner=B\nrange = 20.0.0.9\n", W, 6, 9,
     "20.0.0.9 lies inside 20.0.0.0/24 of [a], line 3; [b] owns it",
     "nothing, when that is meant: the narrower range wins"},
    {FINE "[b]\nowner=B\nrange = 20.0.0.200-20.0.1.9\n", E, 6, 9,
     "20.0.0.200-20.0.1.9 overlaps 20.0.0.0/24 of [a], line 3",
     "cut one of the two, so that each address has one owner"},
    {"[b]\nowner=B\nrange = 20.0.0.200-20.0.1.9\n" FINE, E, 3, 9,
     "20.0.0.200-20.0.1.9 overlaps 20.0.0.0/24 of [a], line 6",
     "cut one of the two, so that each address has one owner"},
};

static const struct remark other_remarks[] = {
    {FINE "ports = 0, 9200\n", E, 4, 9, "a port is a number from 1 to 65535", PORTS},
    {FINE "ports = 9200,, 9201\n", E, 4, 14, "a port is missing here", PORTS},
    {FINE "ports = 92oo\n", E, 4, 9, "this is not a port number", PORTS},
    {FINE "ports = 9200,\n  9201/htps\n", E, 5, 8, "unknown port scheme",
     "write /https (the schemes are http and https)"},
    {FINE "ports = 9201/ssl\n", E, 4, 14, "unknown port scheme",
     "write /http or /https (the schemes are http and https)"},
    {FINE "ports = 9200/http\nports = 9200/https\n", E, 5, 9, "this port has two schemes",
     "keep one of them, or leave the scheme out: both are tried"},
    {FINE "ports = 9300-9200\n", E, 4, 9, "the last port is below the first",
     "write the smaller port first"},
    {FINE "ports = 1-257\n", E, 4, 9, "more than 256 ports",
     "list the ports that your datastores listen on"},
    {FINE "exclude = 30.0.0.0/8\n", W, 4, 11,
     "exclude = 30.0.0.0/8 hits no declared range",
     "check the address, or remove the line when the range is gone"},
    {FINE "exclude = 20.0.0.7/24\n", E, 4, 11, "20.0.0.7/24 has host bits set",
     "write 20.0.0.0/24 for the block or 20.0.0.7 for the one address"},
    {TEAM "range = 198.51.100.0/24\n", W, 3, 9,
     "198.51.100.0/24 is special-purpose space (Documentation (TEST-NET-2), "
     "198.51.100.0/24, RFC 5737) and is never dialled",
     "remove it, or write the range that is meant"},
    {TEAM "range = 192.0.0.0/24\n", W, 3, 9,
     "192.0.0.0/24 is special-purpose space (IETF Protocol Assignments, 192.0.0.0/24, "
     "RFC 6890 section 2.1) and is never dialled",
     "remove it, or write the range that is meant"},
    {TEAM "range = 100.100.100.0/24\n", W, 3, 9,
     "a part of 100.100.100.0/24 is special-purpose space (Alibaba Cloud metadata "
     "service, 100.100.100.200/32, vendor documentation) and is never dialled",
     "nothing, when the rest is meant: that part is left out"},
    {TEAM "range = 223.255.255.255-224.0.0.0\n", W, 3, 9,
     "a part of 223.255.255.255-224.0.0.0 is special-purpose space (Multicast, "
     "224.0.0.0/4, RFC 5771) and is never dialled",
     "nothing, when the rest is meant: that part is left out"},
    {TEAM "range = 9.255.255.255-10.0.0.0\n", W, 3, 9,
     "a part of 9.255.255.255-10.0.0.0 is private space (Private-Use, 10.0.0.0/8), which "
     "this range does not list",
     "list the private ranges that are yours by themselves"},
    {FINE "approved = CHG0042\n", E, 4, 12, "'CHG0042' is not a date", DATES},
    {FINE "approved = 2026-02-29\n", E, 4, 12, "'2026-02-29' is not a date", DATES},
    {FINE "approved = 2026-11-01 until\n", E, 4, 28, "a date is missing here", DATES},
    {FINE "approved = 2026-11-01 to 2027-11-01\n", E, 4, 23,
     "'to' where 'until' or a comma belongs", DATES},
    {FINE "approved = 2026-11-01 until 2027-11-01 CHG0042\n", E, 4, 40,
     "text after the dates without a comma", DATES},
    {FINE "approved = 2026-11-01 until 2026-10-31\n", E, 4, 29,
     "the approval ends before it begins", "write the earlier date first"},
    {FINE "approved = 2025-11-01 until 2026-11-30, CHG0042\n", W, 4, 12,
     "the approval of [a] ended on 2026-11-30: its addresses are not dialled",
     "have it approved again and write the new dates"},
    {FINE "approved = 2026-12-02 until 2027-11-30\n", W, 4, 12,
     "the approval of [a] begins on 2026-12-02: its addresses are not dialled before",
     "wait, or correct the date"},
    {FINE "approved = until 2026-12-31\n", W, 4, 12,
     "the approval of [a] ends on 2026-12-31, in 30 days",
     "have it approved again in time"},
    {FINE "approved = until 2026-12-01\n", W, 4, 12,
     "the approval of [a] ends on 2026-12-01, in 0 days",
     "have it approved again in time"},
};

static void check_remark(const struct remark *want)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    int status =
        ajar_scope_load_text("corp.ini", ajar_span_of(want->text), TODAY, &diags, &scope);
    cr_assert_eq(diags.count, 1, "%s: %zu remarks, %s", want->text, diags.count,
                 diags.count > 0 ? diags.items[0].what : "");
    const struct ajar_diag *got = &diags.items[0];
    cr_assert_str_eq(got->what, want->what, "%s", want->text);
    cr_assert_str_eq(got->mend, want->mend, "%s", want->text);
    cr_assert_str_eq(got->file, "corp.ini");
    cr_assert_eq(got->line, want->line, "%s: line %u", want->text, got->line);
    cr_assert_eq(got->column, want->column, "%s: column %u", want->text, got->column);
    cr_assert_eq(got->is_error, want->is_error, "%s", want->text);
    cr_assert_eq(diags.errors, want->is_error ? 1 : 0);
    cr_assert_eq(status, want->is_error ? AJAR_ESYNTAX : AJAR_OK);
    cr_assert_eq(scope == NULL, want->is_error);
    ajar_diags_deinit(&diags);
    cr_assert_eq(diags.count, 0);
    ajar_scope_free(scope);
}

#define CHECK_ALL(table)                                                                 \
    for (size_t i = 0; i < AJAR_COUNT_OF(table); i++)                                    \
    {                                                                                    \
        check_remark(&table[i]);                                                         \
    }

Test(remarks, about_lines){CHECK_ALL(file_remarks)}

Test(remarks, about_keys){CHECK_ALL(key_remarks)}

Test(remarks, about_ranges){CHECK_ALL(range_remarks)}

Test(remarks,
     about_ports_exclusions_special_space_and_approvals){CHECK_ALL(other_remarks)}

/* What could be taken for a slip and is none. */
Test(remarks, fine_text_gives_none)
{
    static const char *const fine[] = {
        "",
        "\n\n; nothing\n# nothing\n  ; nothing\n\t\n",
        FINE,
        "  [a]\n  owner=A\nrange=20.0.0.1\n", /* nothing stands above that could go on */
        "[ a ] ; comment\nowner = A = B\nrange : 20.0.0.1\n",
        FINE "contact = a;b is no comment, a #1 neither\n",
        FINE "exclude = 20.0.0.7, 127.0.0.1, ::1\n",
        FINE "expect = 20.0.0.7, a demo, open\n  to all\nexpect=20.0.0.8/30\n",
        FINE "every = 90m\ncanary = protected\n",
        FINE "every = 366d\ncanary = records\n",
        TEAM "host = es1.corp.example\nexpect = 20.0.0.7\n",
        "exclude=20.0.0.1\n" FINE,
        "[exclusions]\nexclude=20.0.0.1\n" FINE, /* no team, so no owner */
        FINE "approved = 2026-12-01\n",
        FINE "approved = until 2027-01-01, CHG\n",
        FINE "approved = 2026-12-01, CHG\n",
        FINE "approved = 2026-11-01 UNTIL 2027-11-01 , CHG\n",
        TEAM "range = 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/12\n",
        TEAM "range = 127.0.0.0/8, ::1, fc00:1::/112\n",
        TEAM "range = ::ffff:20.0.0.1\n",
        TEAM "range = 20.0.0.1,\n  20.0.0.2,\n  20.0.0.3 ; the last\n",
        TEAM "range = 20.0.0.0/24, 20.0.0.5, 20.0.0.200-20.0.1.9\n",
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(fine); i++)
    {
        struct ajar_diags diags;
        struct ajar_scope *scope = NULL;
        cr_assert_eq(
            ajar_scope_load_text("t.ini", ajar_span_of(fine[i]), TODAY, &diags, &scope),
            AJAR_OK, "%s", fine[i]);
        cr_assert_eq(diags.count, 0, "%s: %s", fine[i],
                     diags.count > 0 ? diags.items[0].what : "");
        ajar_diags_deinit(&diags);
        ajar_scope_free(scope);
    }
}

/* inih 55 cuts at 200 bytes; we end earlier and say so. */
Test(remarks, a_line_has_a_longest_length)
{
    for (size_t len = AJAR_MAX_TARGETS_LINE - 1; len <= 400; len++)
    {
        char text[512] = FINE "contact=";
        size_t head = strlen(text);
        size_t line = strlen("contact=");
        memset(text + head, 'x', len - line);
        memcpy(text + head + len - line, "\r\nexclude=20.0.0.1\n", 19);
        struct ajar_diags diags;
        struct ajar_scope *scope = NULL;
        int status =
            ajar_scope_load_text("t.ini", ajar_span_of(text), TODAY, &diags, &scope);
        bool fits = len <= AJAR_MAX_TARGETS_LINE;
        cr_assert_eq(status, fits ? AJAR_OK : AJAR_ESYNTAX, "%zu", len);
        if (fits)
        {
            cr_assert_eq(ajar_scope_excluded_count(scope), 8);
        }
        else
        {
            cr_assert_eq(diags.count, 1);
            cr_assert_str_eq(diags.items[0].what, "the line is longer than 190 bytes");
            cr_assert_str_eq(
                diags.items[0].mend,
                "write several lines; keys like range and ports may be repeated");
            cr_assert_eq(diags.items[0].line, 4);
            cr_assert_eq(diags.items[0].column, 191);
        }
        ajar_diags_deinit(&diags);
        ajar_scope_free(scope);
    }
}

Test(remarks, a_nul_byte_ends_the_reading)
{
    static const char text[] = FINE "contact=a\0b\nnothing\n";
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    struct ajar_span span = {text, sizeof text - 1};
    cr_assert_eq(ajar_scope_load_text("t.ini", span, TODAY, &diags, &scope),
                 AJAR_ESYNTAX);
    cr_assert_eq(diags.count, 1);
    cr_assert_str_eq(diags.items[0].what, "a control byte (0x00)");
    cr_assert_str_eq(diags.items[0].mend, "save the file as plain UTF-8 text");
    cr_assert_eq(diags.items[0].line, 4);
    cr_assert_eq(diags.items[0].column, 10);
    ajar_diags_deinit(&diags);
}

Test(remarks, all_faults_come_at_once_and_in_order)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    const char *text = "[a]\nrnge=1\nrange=20.0.0.0/24\nports=x\n[a]\nowner=B\n"
                       "range=20.0.0.0/24\nexclude=8.8\n";
    cr_assert_eq(ajar_scope_load_text("t.ini", ajar_span_of(text), TODAY, &diags, &scope),
                 AJAR_ESYNTAX);
    static const unsigned lines[] = {1, 2, 4, 5, 7, 8};
    cr_assert_eq(diags.count, AJAR_COUNT_OF(lines));
    cr_assert_eq(diags.errors, 5);
    for (size_t i = 0; i < diags.count; i++)
    {
        cr_assert_eq(diags.items[i].line, lines[i]);
    }
    ajar_diags_deinit(&diags);
}

/* Inside one range of [a], but across the end of another one: not a clean nesting. */
Test(remarks, an_overlap_is_seen_behind_a_wider_range)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    const char *text = TEAM "range=20.0.0.0-20.0.0.10, 20.0.0.5-20.0.0.20\n"
                            "[b]\nowner=B\nrange=20.0.0.8-20.0.0.15\n";
    cr_assert_eq(ajar_scope_load_text("t.ini", ajar_span_of(text), TODAY, &diags, &scope),
                 AJAR_ESYNTAX);
    cr_assert_eq(diags.count, 2);
    cr_assert_eq(diags.errors, 1);
    cr_assert_str_eq(diags.items[1].what,
                     "20.0.0.8-20.0.0.15 overlaps 20.0.0.0-20.0.0.10 of [a], line 3");
    ajar_diags_deinit(&diags);
}

/* A flood of warnings neither fills the memory nor hides the error at its end. */
Test(remarks, are_limited)
{
    struct ajar_buf text;
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    ajar_buf_init(&text, AJAR_MAX_TARGETS_FILE);
    (void)ajar_buf_text(&text, TEAM);
    for (unsigned i = 0; i < 5000; i++)
    {
        (void)ajar_buf_printf(&text, "range=198.51.100.%u\n", i % 256);
    }
    (void)ajar_buf_text(&text, "rnge=1\n");
    cr_assert_eq(
        ajar_scope_load_text("t.ini", ajar_buf_span(&text), TODAY, &diags, &scope),
        AJAR_ESYNTAX);
    cr_assert_eq(diags.count, 102);
    cr_assert_eq(diags.errors, 1);
    bool error = false;
    bool more = false;
    for (size_t i = 0; i < diags.count; i++)
    {
        error = error || diags.items[i].is_error;
        more = more || strcmp(diags.items[i].what, "more warnings follow") == 0;
    }
    cr_assert(error && more);
    ajar_diags_deinit(&diags);
    ajar_buf_deinit(&text);
}

/* Does the page know this remark, whatever address or word it is about? */
static bool is_known(const char *page, const char *what)
{
    char head[12] = "";
    size_t len = strlen(what);
    memcpy(head, what, len < 11 ? len : 11);
    return strstr(page, head) != NULL ||
           strstr(page, what + (len > 14 ? len - 14 : 0)) != NULL;
}

/* docs/targets.md lists every remark with its mend, by one example each. */
static void check_documented(const char *page, const struct remark *remarks, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        cr_assert(is_known(page, remarks[i].what), "%s", remarks[i].what);
        bool whole = strstr(page, remarks[i].what) != NULL;
        cr_assert(!whole || strstr(page, remarks[i].mend) != NULL, "%s", remarks[i].mend);
    }
}

Test(remarks, are_documented)
{
    static char page[64 * 1024];
    FILE *file = fopen(AJAR_SOURCE_DIR "/docs/targets.md", "rb");
    cr_assert_not_null(file);
    size_t len = fread(page, 1, sizeof page - 1, file);
    (void)fclose(file);
    cr_assert(len > 0 && len < sizeof page - 1);
    check_documented(page, file_remarks, AJAR_COUNT_OF(file_remarks));
    check_documented(page, key_remarks, AJAR_COUNT_OF(key_remarks));
    check_documented(page, range_remarks, AJAR_COUNT_OF(range_remarks));
    check_documented(page, other_remarks, AJAR_COUNT_OF(other_remarks));
    cr_assert_not_null(strstr(page, ajar_scope_registry_date()));
}
