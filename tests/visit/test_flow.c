/* SPDX-License-Identifier: Apache-2.0 */
/* One connection, several, and the ways in which a peer ends one. */
#include "flow.h"

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

TestSuite(flow, .init = setup, .fini = teardown);

Test(flow, one_connection_carries_all_requests)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    cr_assert(flow_asked(&flow, "/one"));
    flow_data(&flow, OK_REPLY);
    cr_assert(flow_asked(&flow, "/two"));
    flow_data(&flow, OK_REPLY);
    cr_assert(flow_asked(&flow, "/three"));
    flow_data(&flow, OK_REPLY);
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.dials, 1);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_REPLIED);
    cr_assert_eq(flow.result.requests, 3);
    cr_assert_str_eq(flow_log(&flow), "200:WHOLE 200:WHOLE 200:WHOLE ");
    cr_assert_eq(flow.result.evidence->exchange_count, 3);
    cr_assert_str_eq(flow.result.evidence->exchanges[1].path, "/two");
    cr_assert_eq(flow.result.evidence->exchanges[1].status, 200);
    cr_assert_eq(flow.result.evidence->exchanges[1].body_bytes, 2);
    cr_assert_eq(flow.result.evidence->exchanges[1].duration_us, 1000);
}

Test(flow, replies_byte_by_byte_give_the_same)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    for (int i = 0; i < 3; i++)
    {
        flow_data_bytewise(&flow, OK_REPLY);
    }
    flow_settle(&flow);
    cr_assert_str_eq(flow_log(&flow), "200:WHOLE 200:WHOLE 200:WHOLE ");
}

Test(flow, nothing_is_asked_after_a_401)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_data(&flow, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.sends, 1);
    cr_assert_eq(flow.result.requests, 1);
}

Test(flow, a_server_that_closes_is_dialled_again)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    for (int i = 0; i < 3; i++)
    {
        flow_open(&flow);
        flow_data(&flow,
                  "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
        flow_settle(&flow);
    }
    cr_assert(flow.done);
    cr_assert_eq(flow.dials, 3);
    cr_assert_str_eq(flow_log(&flow), "200:WHOLE 200:WHOLE 200:WHOLE ");
}

Test(flow, a_body_that_ends_with_the_connection_is_whole)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    for (int i = 0; i < 3; i++)
    {
        flow_open(&flow);
        flow_data(&flow, "HTTP/1.0 200 OK\r\n\r\n{}");
        flow_end(&flow, AJAR_LINK_EOF);
        flow_settle(&flow);
    }
    cr_assert(flow.done);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_REPLIED);
    cr_assert_eq(flow.result.evidence->exchange_count, 3);
}

Test(flow, a_kept_connection_that_dies_under_a_request_is_replaced_once)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_data(&flow, OK_REPLY);
    cr_assert_eq(flow.sends, 2);
    flow_end(&flow, AJAR_LINK_RESET); /* the idle close crossed our request */
    flow_settle(&flow);
    cr_assert_eq(flow.dials, 2);
    flow_open(&flow);
    cr_assert(flow_asked(&flow, "/two"), "the same request is sent again");
    flow_data(&flow, OK_REPLY);
    flow_settle(&flow);
    flow_open(&flow);
    flow_data(&flow, OK_REPLY);
    flow_settle(&flow);
    cr_assert_str_eq(flow_log(&flow), "200:WHOLE 200:WHOLE 200:WHOLE ");
    cr_assert_eq(flow.result.requests, 4, "a repeated request counts");
}

Test(flow, a_body_the_probe_has_enough_of_ends_the_connection_not_the_visit)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_data(&flow, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nSTOP");
    flow_settle(&flow);
    cr_assert_not(flow.done);
    cr_assert_eq(flow.dials, 2);
    flow_open(&flow);
    cr_assert(flow_asked(&flow, "/two"));
    ajar_visit_cancel(flow.visit, AJAR_OUTCOME_INTERRUPTED, flow.now_ns);
    flow_settle(&flow);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_INTERRUPTED);
}

struct end_case
{
    enum ajar_link_end why;
    enum ajar_outcome outcome;
};

Test(flow, a_connection_that_never_opens_gives_its_outcome)
{
    static const struct end_case cases[] = {
        {AJAR_LINK_REFUSED, AJAR_OUTCOME_REFUSED},
        {AJAR_LINK_TIMEOUT, AJAR_OUTCOME_TIMEOUT_CONNECT},
        {AJAR_LINK_RESET, AJAR_OUTCOME_RESET},
        {AJAR_LINK_HOST_UNREACHABLE, AJAR_OUTCOME_HOST_UNREACHABLE},
        {AJAR_LINK_NET_UNREACHABLE, AJAR_OUTCOME_NET_UNREACHABLE},
        {AJAR_LINK_LOCAL_RESOURCE, AJAR_OUTCOME_LOCAL_RESOURCE},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        flow.done = false;
        flow_start(&flow, AJAR_SCHEME_AUTO);
        flow_end(&flow, cases[i].why);
        flow_settle(&flow);
        cr_assert(flow.done);
        cr_assert_eq(flow.result.outcome, cases[i].outcome, "case %zu", i);
        cr_assert_eq(flow.result.requests, 0);
        ajar_visit_reset(flow.visit);
    }
}

Test(flow, a_dial_that_cannot_start_ends_later_not_at_once)
{
    flow.dial_status = AJAR_ESYSTEM;
    flow.dial_why = AJAR_LINK_LOCAL_RESOURCE;
    flow_start(&flow, AJAR_SCHEME_AUTO);
    cr_assert_not(flow.done, "done must not come from within start");
    flow_expire(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_LOCAL_RESOURCE);
}

Test(flow, a_permit_that_lost_its_validity_is_an_exclusion)
{
    flow.dial_status = AJAR_EREFUSED;
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_expire(&flow);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_EXCLUDED);
}

Test(flow, a_postponed_dial_has_no_deadline_until_it_starts)
{
    flow.dial_status = AJAR_VISIT_POSTPONED;
    flow_start(&flow, AJAR_SCHEME_AUTO);
    cr_assert_eq(flow.deadline_ns, UINT64_MAX);
    flow.now_ns += 2000000000u;
    ajar_visit_dialing(flow.visit, AJAR_OK, AJAR_LINK_EOF, flow.now_ns);
    cr_assert_eq(flow.deadline_ns, flow.now_ns + 3000000000u);
    flow_open(&flow);
    cr_assert(flow_asked(&flow, "/one"));
}

Test(flow, a_visit_can_be_used_again_and_again)
{
    for (int i = 0; i < 50; i++)
    {
        flow.done = false;
        flow_start(&flow, AJAR_SCHEME_AUTO);
        flow_open(&flow);
        flow_data(&flow, OK_REPLY);
        flow_data(&flow, OK_REPLY);
        flow_data(&flow, OK_REPLY);
        flow_settle(&flow);
        cr_assert(flow.done);
        cr_assert_eq(flow.result.requests, 3);
        ajar_visit_reset(flow.visit);
    }
}

Test(flow, a_dial_given_back_for_a_local_shortage_is_tried_again)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    ajar_visit_postponed(flow.visit); /* the app closed the link: no port was free */
    flow.open = false;
    cr_assert_eq(flow.deadline_ns, UINT64_MAX);
    flow.now_ns += 10000000000u;
    flow.open = true;
    ajar_visit_dialing(flow.visit, AJAR_OK, AJAR_LINK_EOF, flow.now_ns);
    flow_open(&flow);
    cr_assert(flow_asked(&flow, "/one"));
    flow_data(&flow, OK_REPLY);
    cr_assert(flow_asked(&flow, "/two"));
}

Test(flow, a_server_that_closes_unannounced_is_asked_once_too_often_not_each_time)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_data(&flow, OK_REPLY);
    flow_end(&flow, AJAR_LINK_EOF);
    flow_settle(&flow);
    flow_open(&flow);
    flow_data(&flow, OK_REPLY);
    cr_assert_eq(flow.sends, 3, "the third request waits for a connection of its own");
    flow_settle(&flow);
    flow_open(&flow);
    flow_data(&flow, OK_REPLY);
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.result.requests, 4);
}

/* A call to the kernel for each connection is what a page that is no datastore need not
 * cost. */
Test(flow, our_own_address_is_asked_once_and_only_where_something_was_shown)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_data(&flow, OK_REPLY);
    cr_assert_eq(flow.sources, 0);
    flow_data(&flow, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nSHOW");
    cr_assert_eq(flow.sources, 1);
    flow_data(&flow, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nSHOW");
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.sources, 1);
    cr_assert(flow.result.source_known);
    cr_assert_eq(ajar_addr_to_v4(&flow.result.source), 0x7f000001u);
}

Test(flow, where_nothing_was_shown_our_own_address_is_not_known)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    for (int i = 0; i < 3; i++)
    {
        flow_data(&flow, OK_REPLY);
    }
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.sources, 0);
    cr_assert_not(flow.result.source_known);
}
