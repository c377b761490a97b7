/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/buf.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "failmem.h"

Test(span, compares_whole_bytes)
{
    struct ajar_span span = {.data = "Elastic\0search", .len = 14};
    cr_assert_not(ajar_span_is(span, "Elastic"));
    cr_assert(ajar_span_is(ajar_span_of("Elastic"), "Elastic"));
    cr_assert_not(ajar_span_is(ajar_span_of("Elastic"), "elastic"));
    cr_assert(
        ajar_span_is_nocase(ajar_span_of("X-Elastic-Product"), "x-eLASTIC-pRODUCT"));
    cr_assert_not(ajar_span_is_nocase(ajar_span_of("a@"), "a`"), "only letters fold");
    cr_assert_not(ajar_span_is_nocase(ajar_span_of("ab"), "abc"));
    cr_assert(ajar_span_starts(ajar_span_of("Basic realm"), "Basic"));
    cr_assert_not(ajar_span_starts(ajar_span_of("Bas"), "Basic"));
}

Test(span, the_empty_span_is_the_empty_text)
{
    struct ajar_span none = ajar_span_of(NULL);
    cr_assert_null(none.data);
    cr_assert_eq(none.len, 0);
    cr_assert(ajar_span_is(none, ""));
    cr_assert(ajar_span_is_nocase(none, ""));
    cr_assert(ajar_span_starts(none, ""));
    cr_assert_not(ajar_span_starts(none, "a"));
}

Test(buf, collects_pieces_as_text)
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, 1000);
    cr_assert_eq(ajar_buf_text(&buf, "count="), AJAR_OK);
    cr_assert_eq(ajar_buf_u64(&buf, UINT64_MAX), AJAR_OK);
    cr_assert_eq(ajar_buf_byte(&buf, '\n'), AJAR_OK);
    cr_assert_eq(ajar_buf_append(&buf, "\0x", 2), AJAR_OK);
    cr_assert_eq(ajar_buf_printf(&buf, "%s/%d", "docs", 7), AJAR_OK);
    cr_assert_eq(ajar_buf_text(&buf, NULL), AJAR_OK);
    const char want[] = "count=18446744073709551615\n\0xdocs/7";
    cr_assert_eq(buf.len, sizeof want - 1);
    cr_assert_eq(memcmp(buf.data, want, sizeof want), 0, "the NUL behind it included");
    cr_assert_not(buf.failed);
    cr_assert_eq(ajar_buf_span(&buf).len, buf.len);
    ajar_buf_deinit(&buf);
}

Test(buf, takes_its_maximum_and_not_a_byte_more)
{
    for (size_t max = 0; max <= 200; max++)
    {
        struct ajar_buf buf;
        ajar_buf_init(&buf, max);
        for (size_t i = 0; i < max; i++)
        {
            cr_assert_eq(ajar_buf_byte(&buf, (char)('a' + i % 26)), AJAR_OK);
        }
        cr_assert_not(buf.failed);
        cr_assert_eq(ajar_buf_byte(&buf, '!'), AJAR_ELIMIT);
        cr_assert(buf.failed);
        cr_assert_eq(buf.len, max);
        cr_assert_leq(buf.cap, max + 1, "memory stays within the maximum and a NUL");
        ajar_buf_deinit(&buf);
    }
}

Test(buf, a_refused_append_changes_nothing)
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, 10);
    cr_assert_eq(ajar_buf_text(&buf, "12345"), AJAR_OK);
    cr_assert_eq(ajar_buf_text(&buf, "678901"), AJAR_ELIMIT);
    cr_assert_str_eq(buf.data, "12345");
    cr_assert_eq(ajar_buf_printf(&buf, "%0200d", 1), AJAR_ELIMIT);
    cr_assert_str_eq(buf.data, "12345");
    cr_assert_eq(ajar_buf_reserve(&buf, SIZE_MAX), AJAR_ELIMIT, "no sum wraps around");
    cr_assert_eq(ajar_buf_text(&buf, "67890"), AJAR_OK, "what fits is taken");
    cr_assert_str_eq(buf.data, "1234567890");
    cr_assert(buf.failed, "the refusal is remembered");
    ajar_buf_reset(&buf, 100);
    cr_assert_not(buf.failed);
    ajar_buf_deinit(&buf);
}

Test(buf, printf_of_any_length_is_whole)
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, 4096);
    for (int width = 1; width < 600; width++)
    {
        ajar_buf_reset(&buf, 4096);
        cr_assert_eq(ajar_buf_printf(&buf, "%*d.", width, 7), AJAR_OK);
        cr_assert_eq(buf.len, (size_t)width + 1);
        cr_assert_eq(buf.data[width - 1], '7');
        cr_assert_eq(strlen(buf.data), buf.len);
    }
    ajar_buf_deinit(&buf);
}

Test(buf, reset_gives_back_what_is_above)
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, 100000);
    for (int i = 0; i < 1000; i++)
    {
        cr_assert_eq(ajar_buf_text(&buf, "0123456789"), AJAR_OK);
    }
    size_t cap = buf.cap;
    ajar_buf_reset(&buf, cap);
    cr_assert_eq(buf.cap, cap);
    cr_assert_str_eq(buf.data, "");
    ajar_buf_reset(&buf, 4096);
    cr_assert_eq(buf.cap, 0);
    cr_assert_null(buf.data);
    cr_assert_eq(ajar_buf_text(&buf, "again"), AJAR_OK);
    cr_assert_str_eq(buf.data, "again");
    ajar_buf_deinit(&buf);
}

Test(buf, zeroed_memory_is_a_deinitialised_buffer)
{
    struct ajar_buf buf = {0};
    ajar_buf_deinit(&buf);
    ajar_buf_reset(&buf, 0);
    cr_assert_eq(ajar_buf_text(&buf, "x"), AJAR_ELIMIT);
    cr_assert_eq(ajar_buf_span(&buf).len, 0);
    ajar_buf_deinit(&buf);
    ajar_buf_deinit(&buf);
}

Test(buf, the_largest_maximum_does_not_wrap)
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, SIZE_MAX);
    cr_assert_eq(ajar_buf_text(&buf, "x"), AJAR_OK);
    cr_assert_eq(ajar_buf_reserve(&buf, SIZE_MAX), AJAR_ELIMIT);
    cr_assert_str_eq(buf.data, "x");
    ajar_buf_deinit(&buf);
}

static void append_all(struct ajar_buf *buf, char *want, size_t want_size)
{
    want[0] = '\0';
    for (int i = 0; i < 40; i++)
    {
        size_t len = buf->len;
        int status = ajar_buf_printf(buf, "%0*d,", i * 7, i);
        cr_assert(status == AJAR_OK || (status == AJAR_ENOMEM && buf->len == len));
        if (status == AJAR_OK)
        {
            size_t have = strlen(want);
            (void)snprintf(want + have, want_size - have, "%0*d,", i * 7, i);
        }
    }
}

Test(buf, each_failed_allocation_is_a_status)
{
    for (unsigned long nth = 1;; nth++)
    {
        char want[8192];
        struct ajar_buf buf;
        ajar_buf_init(&buf, 100000);
        failmem_arm(nth);
        append_all(&buf, want, sizeof want);
        bool failed = failmem_disarm();
        cr_assert_eq(buf.failed, failed);
        cr_assert_str_eq(buf.data, want, "what was accepted stands, in order");
        ajar_buf_deinit(&buf);
        if (!failed)
        {
            cr_assert_gt(nth, 3);
            break;
        }
    }
}

Test(status, every_failure_has_words)
{
    cr_assert_str_eq(ajar_status_text(AJAR_OK), "ok");
    cr_assert_str_eq(ajar_status_text(AJAR_EREFUSED), "refused by the declared scope");
    cr_assert_str_eq(ajar_status_text(1), "unknown status");
    cr_assert_str_eq(ajar_status_text(-1000), "unknown status");
}

Test(status, a_broken_precondition_ends_the_process, .signal = SIGABRT)
{
    AJAR_REQUIRE(1 + 1 == 2);
    AJAR_REQUIRE(1 + 1 == 3);
}
