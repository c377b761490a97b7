/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "failmem.h"

static const char sample[] = "exclude = 20.0.0.7\n"
                             "[team-1] ; the first\n"
                             "owner = Team\n"
                             "range = 20.0.0.0/24, 2001:470::/120\n"
                             "  20.0.9.1-20.0.9.9\n"
                             "host = es1.corp.example\n"
                             "ports = 9200-9205, 443/https,\n"
                             "\t9300\n"
                             "approved = 2026-11-01 until 2027-11-01, CHG0042\n"
                             "[b]\n"
                             "owner = B\n"
                             "range = 20.0.0.16/28\n"
                             "exclude = 20.0.0.20\n";

/* The text in memory of exactly its size, for AddressSanitizer. */
static int load_exact(const char *text, size_t len, struct ajar_diags *diags,
                      struct ajar_scope **out)
{
    char *copy = malloc(len > 0 ? len : 1);
    memcpy(copy, text, len);
    int status =
        ajar_scope_load_text("t.ini", (struct ajar_span){copy, len}, TODAY, diags, out);
    free(copy);
    return status;
}

static void same_digest(const char *text, size_t len, const char *want)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    cr_assert_eq(load_exact(text, len, &diags, &scope), AJAR_OK);
    cr_assert_eq(diags.errors, 0);
    cr_assert_str_eq(ajar_scope_digest(scope), want);
    ajar_diags_deinit(&diags);
    ajar_scope_free(scope);
}

Test(text, line_ends_and_byte_order_mark_do_not_matter)
{
    struct ajar_scope *scope = load_fine(sample);
    const char *want = ajar_scope_digest(scope);
    char other[2 * sizeof sample + 3];
    size_t len = 0;
    memcpy(other, "\xef\xbb\xbf", 3);
    for (len = 3; *(sample + len - 3) != '\0'; len++)
    {
        other[len] = sample[len - 3];
    }
    same_digest(other, len, want); /* a byte order mark */
    len = 0;
    for (const char *c = sample; *c != '\0'; c++)
    {
        if (*c == '\n')
        {
            other[len++] = '\r';
        }
        other[len++] = *c;
    }
    same_digest(other, len, want);                /* CR LF */
    same_digest(other, len - 1, want);            /* ... cut in the middle */
    same_digest(other, len - 2, want);            /* no line end at all */
    same_digest(sample, sizeof sample - 2, want); /* no final newline */
    ajar_scope_free(scope);
}

Test(text, columns_do_not_count_the_byte_order_mark)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    cr_assert_eq(load_exact("\xef\xbb\xbf  owner=A", 12, &diags, &scope), AJAR_ESYNTAX);
    cr_assert_eq(diags.items[0].line, 1);
    cr_assert_eq(diags.items[0].column, 3);
    ajar_diags_deinit(&diags);
}

/* What holds for whatever was read. */
static void check_outcome(const char *text, size_t len)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    int status = load_exact(text, len, &diags, &scope);
    cr_assert_eq(status == AJAR_OK, scope != NULL);
    cr_assert_eq(status == AJAR_OK, diags.errors == 0);
    for (size_t i = 0; i < diags.count; i++)
    {
        cr_assert(diags.items[i].what[0] != '\0' && diags.items[i].mend[0] != '\0');
        cr_assert(diags.items[i].line > 0 && diags.items[i].column > 0, "%s",
                  diags.items[i].what);
    }
    if (scope != NULL)
    {
        struct ajar_addr addr;
        const struct ajar_section *section = NULL;
        uint64_t count = ajar_scope_host_count(scope);
        if (count > 0)
        {
            cr_assert_eq(ajar_scope_host_at(scope, count - 1, &addr, &section), AJAR_OK);
            cr_assert_gt(section->port_count, 0);
        }
    }
    ajar_diags_deinit(&diags);
    ajar_scope_free(scope);
}

/* One byte of a fine file replaced by each of a choice of bytes, taken out, or doubled.
 */
Test(text, any_one_byte_may_be_wrong)
{
    static const char bytes[] = {'\0',   '\n',   '\r', '\t', ' ', ',',   '-', '/',
                                 '0',    '9',    ';',  '=',  '[', ']',   ':', '\\',
                                 '\x80', '\xff', 'a',  '#',  '.', '\x1b'};
    char text[sizeof sample + 1];
    size_t len = sizeof sample - 1;
    for (size_t at = 0; at < len; at++)
    {
        for (size_t b = 0; b < sizeof bytes; b++)
        {
            memcpy(text, sample, len);
            text[at] = bytes[b];
            check_outcome(text, len);
        }
        memcpy(text, sample, at);
        memcpy(text + at, sample + at + 1, len - at - 1);
        check_outcome(text, len - 1);
        memcpy(text, sample, at + 1);
        memcpy(text + at + 1, sample + at, len - at);
        check_outcome(text, len + 1);
    }
}

Test(text, it_may_end_anywhere)
{
    for (size_t len = 0; len < sizeof sample; len++)
    {
        check_outcome(sample, len);
    }
}

/* Every allocation of our own failed once: a status, no scope, nothing lost. */
Test(text, memory_may_run_out_anywhere)
{
    bool failed = true;
    for (unsigned long nth = 1; failed; nth++)
    {
        struct ajar_diags diags;
        struct ajar_scope *scope = NULL;
        failmem_arm(nth);
        int status =
            ajar_scope_load_text("t.ini", ajar_span_of(sample), TODAY, &diags, &scope);
        failed = failmem_disarm();
        cr_assert_eq(status == AJAR_OK, scope != NULL);
        cr_assert(failed || status == AJAR_OK);
        if (scope != NULL)
        {
            cr_assert_eq(ajar_scope_host_count(scope), 256 + 256 + 9 - 2);
        }
        ajar_diags_deinit(&diags);
        ajar_scope_free(scope);
    }
}
