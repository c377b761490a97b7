/* SPDX-License-Identifier: Apache-2.0 */
/* The parser's contract beside the golden replies: stopping, states that stay, memory. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "../../src/http/reply_parser.h"
#include "reply_log.h"

/* The linker sends the allocations of the libraries here (--wrap); the n-th one fails. */
void *__real_realloc(void *memory, size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);

static size_t allocations_left = SIZE_MAX;

static bool may_allocate(void)
{
    if (allocations_left == 0)
    {
        return false;
    }
    allocations_left -= allocations_left == SIZE_MAX ? 0 : 1;
    return true;
}

void *__wrap_realloc(void *memory, size_t bytes)
{
    return may_allocate() ? __real_realloc(memory, bytes) : NULL;
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return may_allocate() ? __real_calloc(count, bytes) : NULL;
}

static struct reply_log one;

static void set_up(void)
{
    reply_log_init(&one);
    reply_log_begin(&one, 4096);
}

static void tear_down(void)
{
    reply_log_deinit(&one);
}

TestSuite(reply, .init = set_up, .fini = tear_down);

static enum ajar_reply_state feed(const char *text)
{
    return reply_log_feed(&one, text, strlen(text));
}

static const char *const two_hundred =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello";

Test(reply, the_head_function_may_stop)
{
    one.stop_at_head = true;
    cr_expect_eq(feed(two_hundred), AJAR_REPLY_STOPPED);
    cr_expect_eq(one.body.len, (size_t)0);
    cr_expect_eq(feed("hello"), AJAR_REPLY_STOPPED);
    cr_expect_eq(ajar_reply_parser_finish(one.parser), AJAR_REPLY_STOPPED);
    cr_expect_not(ajar_reply_parser_keeps_alive(one.parser));
}

Test(reply, the_body_function_may_stop)
{
    one.stop_at_body = 1;
    cr_expect_eq(feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh"),
                 AJAR_REPLY_STOPPED);
    cr_expect_eq(feed("ello"), AJAR_REPLY_STOPPED);
    cr_expect_eq(one.body.len, (size_t)1);
    cr_expect_not(ajar_reply_parser_keeps_alive(one.parser));
}

Test(reply, functions_may_be_absent)
{
    struct ajar_reply_sink nothing = {0};
    ajar_reply_parser_reset(one.parser, &nothing, 4096);
    cr_expect_eq(feed(two_hundred), AJAR_REPLY_COMPLETE);
    cr_expect_eq(ajar_reply_parser_bytes(one.parser), 5u);
}

Test(reply, headers_are_found_without_case_and_by_number)
{
    (void)feed("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nX: 1\r\n"
               "www-authenticate: ApiKey\r\nContent-Length: 0\r\n\r\n");
    const struct ajar_reply_head *head = ajar_reply_parser_head(one.parser);
    cr_assert_not_null(head);
    cr_expect(ajar_span_is(ajar_reply_header(head, "Www-Authenticate", 0), "Basic"));
    cr_expect(ajar_span_is(ajar_reply_header(head, "WWW-AUTHENTICATE", 1), "ApiKey"));
    cr_expect_null(ajar_reply_header(head, "www-authenticate", 2).data);
    cr_expect_null(ajar_reply_header(head, "www", 0).data);
}

/* An empty value is there, which is not the same as absent. */
Test(reply, an_empty_header_is_not_an_absent_one)
{
    (void)feed("HTTP/1.1 200 OK\r\nServer:\r\nContent-Length: 0\r\n\r\n");
    struct ajar_span server =
        ajar_reply_header(ajar_reply_parser_head(one.parser), "server", 0);
    cr_expect_not_null(server.data);
    cr_expect_eq(server.len, (size_t)0);
}

/* The head is borrowed until the reset: neither body nor trailers may move it. */
Test(reply, the_head_outlives_the_body_and_the_trailers)
{
    (void)feed("HTTP/1.1 200 OK\r\nServer: here\r\nTransfer-Encoding: chunked\r\n\r\n");
    const struct ajar_reply_head *head = ajar_reply_parser_head(one.parser);
    struct ajar_span server = ajar_reply_header(head, "server", 0);
    size_t held = one.parser->store.text.len;
    (void)feed("5\r\nhello\r\n0\r\nServer: elsewhere\r\nA: b\r\nC: d\r\n\r\n");
    cr_expect_eq(one.parser->store.text.len, held);
    cr_expect(ajar_span_is(server, "here"));
    cr_expect_eq(head->header_count, (size_t)2);
    cr_expect(ajar_reply_parser_keeps_alive(one.parser));
}

Test(reply, no_head_before_it_is_whole)
{
    cr_expect_null(ajar_reply_parser_head(one.parser));
    (void)feed("HTTP/1.1 200 OK\r\nServer: here\r\n");
    cr_expect_null(ajar_reply_parser_head(one.parser));
    (void)feed("\r\n");
    cr_expect_not_null(ajar_reply_parser_head(one.parser));
    (void)reply_log_begin(&one, 1);
    cr_expect_null(ajar_reply_parser_head(one.parser));
}

/* Bytes that come in a later read are as foreign as those in the same one. */
Test(reply, late_surplus_ends_the_connection)
{
    cr_expect_eq(feed(two_hundred), AJAR_REPLY_COMPLETE);
    cr_expect(ajar_reply_parser_keeps_alive(one.parser));
    cr_expect_eq(feed(""), AJAR_REPLY_COMPLETE);
    cr_expect(ajar_reply_parser_keeps_alive(one.parser));
    cr_expect_eq(feed("HTTP/1.1 401 Unauthorized\r\n\r\n"), AJAR_REPLY_COMPLETE);
    cr_expect_eq(ajar_reply_parser_head(one.parser)->status, 200);
    cr_expect_not(ajar_reply_parser_keeps_alive(one.parser));
}

Test(reply, the_connection_may_end_after_a_whole_reply)
{
    cr_expect_eq(feed(two_hundred), AJAR_REPLY_COMPLETE);
    cr_expect_eq(ajar_reply_parser_finish(one.parser), AJAR_REPLY_COMPLETE);
}

Test(reply, a_new_parser_holds_only_itself)
{
    struct ajar_reply_parser *fresh = NULL;
    allocations_left = 1;
    cr_assert_eq(ajar_reply_parser_new(&fresh), AJAR_OK);
    ajar_reply_parser_reset(fresh, &one.sink, 4096);
    allocations_left = SIZE_MAX;
    cr_expect_leq(sizeof *fresh, (size_t)400);
    cr_expect_eq(fresh->store.text.cap + fresh->store.headers.cap, (size_t)0);
    ajar_reply_parser_free(fresh);
    ajar_reply_parser_free(NULL);
}

Test(reply, a_reset_keeps_little_memory)
{
    (void)feed("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100; i++)
    {
        (void)feed("A-Rather-Long-Header-Name: with a value of some length\r\n");
    }
    cr_expect_eq(feed("Content-Length: 0\r\n\r\n"), AJAR_REPLY_COMPLETE);
    cr_expect_gt(one.parser->store.text.cap, (size_t)4096);
    reply_log_begin(&one, 4096);
    cr_expect_leq(one.parser->store.text.cap + one.parser->store.headers.cap,
                  (size_t)1024);
}

/* Each allocation fails once: the answer is TOO_LARGE, never a crash, never COMPLETE. */
Test(reply, memory_runs_out)
{
    for (size_t n = 0;; n++)
    {
        struct ajar_reply_parser *parser = NULL;
        struct ajar_reply_sink nothing = {0};
        allocations_left = n;
        int status = ajar_reply_parser_new(&parser);
        if (status < 0)
        {
            cr_expect_eq(status, AJAR_ENOMEM);
            cr_expect_null(parser);
            continue;
        }
        ajar_reply_parser_reset(parser, &nothing, 4096);
        enum ajar_reply_state state =
            ajar_reply_parser_feed(parser, ajar_span_of(two_hundred));
        allocations_left = SIZE_MAX;
        ajar_reply_parser_free(parser);
        if (state == AJAR_REPLY_COMPLETE)
        {
            cr_expect_geq(n, (size_t)3);
            return;
        }
        cr_expect_eq(state, AJAR_REPLY_TOO_LARGE);
        cr_assert_lt(n, (size_t)100);
    }
}
