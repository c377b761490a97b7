/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every cap of limits.h at its last allowed value and one above it, fed whole and in
 * pieces: the answer must not depend on the cuts.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "reply_log.h"

static struct reply_log log_of_test;
static struct ajar_buf reply;

static void set_up(void)
{
    reply_log_init(&log_of_test);
    ajar_buf_init(&reply, REPLY_LOG_ROOM);
}

static void tear_down(void)
{
    ajar_buf_deinit(&reply);
    reply_log_deinit(&log_of_test);
}

TestSuite(reply_limits, .init = set_up, .fini = tear_down);

static void put(const char *text)
{
    cr_assert_eq(ajar_buf_text(&reply, text), AJAR_OK);
}

static void put_many(char byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        cr_assert_eq(ajar_buf_byte(&reply, byte), AJAR_OK);
    }
}

static void expect_end(enum ajar_reply_state wanted, uint64_t max_body)
{
    static const size_t steps[] = {REPLY_LOG_ROOM, 1, 7, 4096, 65535, 65536, 65537};
    for (size_t i = 0; i < AJAR_COUNT_OF(steps); i++)
    {
        reply_log_begin(&log_of_test, max_body);
        enum ajar_reply_state state =
            reply_log_feed_steps(&log_of_test, ajar_buf_span(&reply), steps[i]);
        cr_expect_eq(state, wanted, "steps of %zu: state %d instead of %d", steps[i],
                     (int)state, (int)wanted);
    }
}

/* A head of exactly `bytes` bytes with an empty body. */
static void put_head_of(size_t bytes)
{
    put("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ");
    put_many('v', bytes - reply.len - 4);
    put("\r\n\r\n");
    cr_assert_eq(reply.len, bytes);
}

Test(reply_limits, head_of_the_last_allowed_size)
{
    put_head_of(AJAR_MAX_HEADER_BYTES);
    expect_end(AJAR_REPLY_COMPLETE, 0);
}

Test(reply_limits, head_one_byte_too_large)
{
    put_head_of(AJAR_MAX_HEADER_BYTES + 1);
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

/* What stands behind the cap is not looked at, so it cannot change the answer. */
Test(reply_limits, malformed_behind_the_cap)
{
    put("HTTP/1.1 200 OK\r\nX: ");
    put_many('v', AJAR_MAX_HEADER_BYTES);
    put_many('\0', 1);
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

Test(reply_limits, malformed_before_the_cap)
{
    put("HTTP/1.1 200 OK\r\nX: ");
    put_many('v', AJAR_MAX_HEADER_BYTES - 100);
    put_many('\0', 1);
    put_many('v', AJAR_MAX_HEADER_BYTES);
    expect_end(AJAR_REPLY_MALFORMED, 0);
}

Test(reply_limits, endless_reason_phrase)
{
    put("HTTP/1.1 200 ");
    put_many('A', 2 * AJAR_MAX_HEADER_BYTES);
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

Test(reply_limits, endless_header_name)
{
    put("HTTP/1.1 200 OK\r\n");
    put_many('A', 2 * AJAR_MAX_HEADER_BYTES);
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

/* llhttp drops this white space, so no callback ever sees it. */
Test(reply_limits, endless_white_space_before_a_value)
{
    put("HTTP/1.1 200 OK\r\nA:");
    put_many(' ', 2 * AJAR_MAX_HEADER_BYTES);
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

static void put_lines(size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        put("A: b\r\n");
    }
}

Test(reply_limits, header_lines)
{
    put("HTTP/1.1 204 No\r\n");
    put_lines(AJAR_MAX_HEADER_LINES);
    put("\r\n");
    expect_end(AJAR_REPLY_COMPLETE, 0);
    cr_expect_eq(ajar_reply_parser_head(log_of_test.parser)->header_count,
                 (size_t)AJAR_MAX_HEADER_LINES);
}

Test(reply_limits, one_header_line_too_many)
{
    put("HTTP/1.1 204 No\r\n");
    put_lines(AJAR_MAX_HEADER_LINES + 1);
    put("\r\n");
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

Test(reply_limits, trailers_count_as_header_lines)
{
    put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
    put_lines(AJAR_MAX_HEADER_LINES - 1);
    put("\r\n");
    expect_end(AJAR_REPLY_COMPLETE, 0);
    reply.len -= 2;
    put("A: b\r\n\r\n");
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

Test(reply_limits, endless_trailer)
{
    put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ");
    put_many('t', 2 * AJAR_MAX_CHUNK_EXTENSION);
    put("\r\n\r\n");
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
}

/* "5;aaa..." CRLF: with the 20 bytes and a few zeros that are free, 16 KiB pass. */
static void put_extension_of(size_t line_bytes)
{
    put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    size_t begin = reply.len;
    put("5;");
    put_many('a', line_bytes - 4);
    put("\r\n");
    cr_assert_eq(reply.len - begin, line_bytes);
    put("hello\r\n0\r\n\r\n");
}

Test(reply_limits, chunk_extension)
{
    put_extension_of(AJAR_MAX_CHUNK_EXTENSION);
    expect_end(AJAR_REPLY_COMPLETE, 5);
}

Test(reply_limits, chunk_extension_too_long)
{
    put_extension_of(AJAR_MAX_CHUNK_EXTENSION + 100);
    expect_end(AJAR_REPLY_TOO_LARGE, 5);
}

/* One byte of body for a hundred of extension: the sum has the cap, not each. */
Test(reply_limits, many_small_chunk_extensions)
{
    put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (size_t i = 0; i < 1000; i++)
    {
        put("1;");
        put_many('e', 100);
        put("\r\nx\r\n");
    }
    put("0\r\n\r\n");
    expect_end(AJAR_REPLY_TOO_LARGE, 4096);
}

/* An honest server may send chunks of one byte: plain framing costs nothing. */
Test(reply_limits, many_small_chunks)
{
    put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (size_t i = 0; i < 20000; i++)
    {
        put("00000001\r\nx\r\n");
    }
    put("0\r\n\r\n");
    expect_end(AJAR_REPLY_COMPLETE, 20000);
    cr_expect_eq(ajar_reply_parser_bytes(log_of_test.parser), 20000u);
    cr_expect_eq(log_of_test.body.len, (size_t)20000);
}

Test(reply_limits, body_of_the_last_allowed_size)
{
    put("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    put_many('b', 100000);
    expect_end(AJAR_REPLY_COMPLETE, 100000);
}

/* The allowed bytes are delivered, whatever the cuts, and the head stays readable. */
Test(reply_limits, body_one_byte_too_large)
{
    put("HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n");
    put_many('b', 100001);
    expect_end(AJAR_REPLY_TOO_LARGE, 100000);
    cr_expect_eq(log_of_test.body.len, (size_t)100000);
    cr_expect_eq(ajar_reply_parser_bytes(log_of_test.parser), 100000u);
    cr_expect_eq(ajar_reply_parser_head(log_of_test.parser)->status, 200);
}

Test(reply_limits, endless_body_without_length)
{
    put("HTTP/1.0 200 OK\r\n\r\n");
    put_many('b', 5000);
    expect_end(AJAR_REPLY_TOO_LARGE, 4096);
}

/* A length is a claim: it allocates nothing and refuses nothing by itself. */
Test(reply_limits, a_claimed_length_is_not_believed)
{
    put("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nabc");
    expect_end(AJAR_REPLY_MORE, 4096);
    cr_expect_eq(ajar_reply_parser_finish(log_of_test.parser), AJAR_REPLY_MALFORMED);
    cr_expect_eq(ajar_reply_parser_bytes(log_of_test.parser), 3u);
}

Test(reply_limits, no_body_wanted)
{
    put("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
    expect_end(AJAR_REPLY_MORE, 0);
    put("x");
    expect_end(AJAR_REPLY_TOO_LARGE, 0);
    cr_expect_eq(log_of_test.body.len, (size_t)0);
}
