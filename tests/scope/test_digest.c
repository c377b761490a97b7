/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include <criterion/criterion.h>

static const char base_text[] = "[a]\nowner=A\nrange=20.0.0.0/24\nports=9200,9300/https\n"
                                "exclude=20.0.0.7\nhost=x.example,y.example\n"
                                "[b]\nowner=B\nrange=20.0.1.0/24\n";

static void digest_of(const char *text, char out[65])
{
    struct ajar_scope *scope = load_fine(text);
    cr_assert_eq(strlen(ajar_scope_digest(scope)), 64);
    cr_assert_eq(strspn(ajar_scope_digest(scope), "0123456789abcdef"), 64);
    memcpy(out, ajar_scope_digest(scope), 65);
    ajar_scope_free(scope);
}

Test(digest, does_not_depend_on_order_spelling_or_comments)
{
    static const char *const same[] = {
        "; a comment\n\n[b]\nrange = 20.0.1.0/24 ; here\nowner = B\n"
        "[a]\nhost=y.example\nhost=x.example\nexclude=20.0.0.7-20.0.0.7\n"
        "ports=9300/https\nports=9200\nrange=20.0.0.0-20.0.0.255\nowner=A\n",
        "\xef\xbb\xbf[a]\r\nowner=A\r\nrange=20.0.0.0/25,20.0.0.128/25\r\n"
        "ports=9200,9300/https\r\nexclude=20.0.0.7\r\nhost=x.example,y.example\r\n"
        "[b]\r\nowner=B\r\nrange=20.0.1.0/24",
        "exclude=20.0.0.7,20.0.0.7\n"
        "[a]\nowner=A\nrange=20.0.0.0/24,20.0.0.9\nports=9200,9300/https\n"
        "host=x.example,y.example\n[b]\nowner=B\nrange=20.0.1.0/"
        "24\ncontact=c\nexpect=20.0.1.1, e\nevery=1h\n",
    };
    char want[65];
    char got[65];
    digest_of(base_text, want);
    for (size_t i = 0; i < AJAR_COUNT_OF(same); i++)
    {
        digest_of(same[i], got);
        cr_assert_str_eq(got, want, "%s", same[i]);
    }
}

Test(digest, changes_with_what_is_declared)
{
    static const char *const others[] = {
        "", /* nothing */
        "[a]\nowner=A\nrange=20.0.0.0/24\nports=9200,9300/https\nexclude=20.0.0.7\n"
        "host=x.example,y.example\n[b]\nowner=B\nrange=20.0.1.0/25\n", /* a range */
        "[a]\nowner=A\nrange=20.0.0.0/24\nports=9200,9300/https\nexclude=20.0.0.8\n"
        "host=x.example,y.example\n[b]\nowner=B\nrange=20.0.1.0/24\n", /* an exclusion */
        "[a]\nowner=A\nrange=20.0.0.0/24\nports=9200,9300\nexclude=20.0.0.7\n"
        "host=x.example,y.example\n[b]\nowner=B\nrange=20.0.1.0/24\n", /* a scheme */
        "[a]\nowner=A\nrange=20.0.0.0/24\nports=9200,9301/https\nexclude=20.0.0.7\n"
        "host=x.example,y.example\n[b]\nowner=B\nrange=20.0.1.0/24\n", /* a port */
        "[a]\nowner=A2\nrange=20.0.0.0/24\nports=9200,9300/https\nexclude=20.0.0.7\n"
        "host=x.example,y.example\n[b]\nowner=B\nrange=20.0.1.0/24\n", /* an owner */
        "[a]\nowner=A\nrange=20.0.1.0/24\nports=9200,9300/https\nexclude=20.0.0.7\n"
        "host=x.example,y.example\n[b]\nowner=B\nrange=20.0.0.0/24\n", /* swapped */
        "[a]\nowner=A\nrange=20.0.0.0/24\nports=9200,9300/https\nexclude=20.0.0.7\n"
        "host=x.example\n[b]\nowner=B\nrange=20.0.1.0/24\n", /* a name */
        "[a]\nowner=A\nrange=20.0.0.0/24\nports=9200,9300/https\nexclude=20.0.0.7\n"
        "host=x.example,y.example\napproved=until 2020-01-01\n[b]\nowner=B\n"
        "range=20.0.1.0/24\n", /* lapsed */
    };
    char digests[AJAR_COUNT_OF(others) + 1][65];
    digest_of(base_text, digests[AJAR_COUNT_OF(others)]);
    for (size_t i = 0; i < AJAR_COUNT_OF(others); i++)
    {
        digest_of(others[i], digests[i]);
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(digests); i++)
    {
        for (size_t j = 0; j < i; j++)
        {
            cr_assert_str_neq(digests[i], digests[j], "%zu and %zu", i, j);
        }
    }
}
