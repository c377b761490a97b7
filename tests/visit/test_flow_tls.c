/* SPDX-License-Identifier: Apache-2.0 */
/* Plain first, TLS once, and only when the answer says so. */
#include "flow.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

static struct flow flow;

static void setup(void)
{
    flow_init(&flow);
}

static void teardown(void)
{
    flow_deinit(&flow);
}

TestSuite(flow_tls, .init = setup, .fini = teardown);

static void expect_tls_retry(void)
{
    flow_settle(&flow);
    cr_assert_eq(flow.dials, 2);
    cr_assert_eq(flow.tls_dials, 1);
    flow_open(&flow);
    cr_assert(flow_asked(&flow, "/one"), "the same first request goes over TLS");
    flow_data(&flow, OK_REPLY);
    flow_data(&flow, OK_REPLY);
    flow_data(&flow, OK_REPLY);
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert(flow.result.tls);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_REPLIED);
    cr_assert_eq(flow.result.requests, 4);
    cr_assert_eq(flow.result.evidence->exchange_count, 4, "the plain one is told, too");
    cr_assert_str_eq(flow_log(&flow), "200:WHOLE 200:WHOLE 200:WHOLE ");
}

Test(flow_tls, after_a_close_without_a_byte)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_end(&flow, AJAR_LINK_EOF);
    expect_tls_retry();
}

Test(flow_tls, after_a_reset_without_a_byte)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_end(&flow, AJAR_LINK_RESET);
    expect_tls_retry();
}

/* Its first byte is not HTTP; that it is TLS is known with the third. */
Test(flow_tls, after_an_alert_byte_by_byte)
{
    static const char alert[] = {0x15, 0x03, 0x01};
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    for (size_t i = 0; i < sizeof alert; i++)
    {
        cr_assert_not(flow.closing, "byte %zu", i);
        ajar_visit_data(flow.visit, (struct ajar_span){alert + i, 1}, flow.now_ns);
    }
    expect_tls_retry();
}

Test(flow_tls, not_after_what_only_begins_like_an_alert)
{
    static const char noise[] = {0x15, 'x', 'y'};
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    for (size_t i = 0; i < sizeof noise && !flow.closing; i++)
    {
        ajar_visit_data(flow.visit, (struct ajar_span){noise + i, 1}, flow.now_ns);
    }
    flow_settle(&flow);
    cr_assert_eq(flow.tls_dials, 0u);
    cr_assert(flow.done);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_NOT_HTTP);
}

/* One byte, and then the end. */
Test(flow_tls, not_after_the_first_byte_of_an_alert)
{
    static const char first = 0x15;
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    ajar_visit_data(flow.visit, (struct ajar_span){&first, 1}, flow.now_ns);
    cr_assert_not(flow.closing);
    flow_end(&flow, AJAR_LINK_EOF);
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_NOT_HTTP);
}

Test(flow_tls, after_an_alert)
{
    static const char alert[] = {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46};
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    ajar_visit_data(flow.visit, (struct ajar_span){alert, sizeof alert}, flow.now_ns);
    expect_tls_retry();
}

static const char plain_to_tls[] =
    "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\n"
    "Content-Length: 220\r\nConnection: close\r\n\r\n"
    "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS "
    "port</title></head>"
    "\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n"
    "<center>The plain HTTP request was sent to HTTPS "
    "port</center>\r\n</body>\r\n</html>\r\n";

static void feed_plain_to_tls(bool bytewise)
{
    char reply[1024];
    const char *body = strstr(plain_to_tls, "<html>");
    (void)snprintf(reply, sizeof reply,
                   "HTTP/1.1 400 Bad Request\r\nContent-Length: %zu\r\n\r\n%s",
                   strlen(body), body);
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    if (bytewise)
    {
        flow_data_bytewise(&flow, reply);
    }
    else
    {
        flow_data(&flow, reply);
    }
    expect_tls_retry();
}

Test(flow_tls, after_a_400_that_says_so)
{
    feed_plain_to_tls(false);
}

Test(flow_tls, after_a_400_that_says_so_byte_by_byte)
{
    feed_plain_to_tls(true);
}

Test(flow_tls, never_after_another_400)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_data(&flow, "HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\nHTTPS");
    cr_assert_eq(flow.dials, 1);
    cr_assert(flow_asked(&flow, "/one") || flow.sends == 2);
}

Test(flow_tls, never_when_the_target_says_http)
{
    flow_start(&flow, AJAR_SCHEME_HTTP);
    flow_open(&flow);
    flow_end(&flow, AJAR_LINK_EOF);
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.tls_dials, 0);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_CLOSED);
}

Test(flow_tls, never_twice)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_end(&flow, AJAR_LINK_EOF);
    flow_settle(&flow);
    flow_end(&flow, AJAR_LINK_EOF); /* in the handshake */
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.dials, 2);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_CLOSED, "plain and TLS alike");
}

Test(flow_tls, a_failed_handshake_is_its_own_outcome)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_end(&flow, AJAR_LINK_EOF);
    flow_settle(&flow);
    flow_end(&flow, AJAR_LINK_TLS_FAILED);
    flow_settle(&flow);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_TLS_FAILED);
}

Test(flow_tls, a_client_certificate_asked_for_after_the_handshake_is_a_tls_failure)
{
    flow_start(&flow, AJAR_SCHEME_HTTPS);
    cr_assert_eq(flow.tls_dials, 1);
    flow_open(&flow);
    flow_end(&flow, AJAR_LINK_TLS_FAILED); /* TLS 1.3: the alert is the first record */
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_TLS_FAILED);
    cr_assert_eq(flow.result.verdict.exposure, AJAR_EXPOSURE_INCONCLUSIVE);
}

Test(flow_tls, reset_twice_is_a_reset)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_end(&flow, AJAR_LINK_RESET);
    flow_settle(&flow);
    flow_end(&flow, AJAR_LINK_RESET);
    flow_settle(&flow);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_RESET);
    cr_assert_eq(flow.result.evidence->exchange_count, 1);
}
