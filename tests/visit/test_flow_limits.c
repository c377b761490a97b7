/* SPDX-License-Identifier: Apache-2.0 */
/* Slow, endless, lying and broken peers: an outcome within the deadline and the budget.
 */
#include "flow.h"

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

TestSuite(flow_limits, .init = setup, .fini = teardown);

Test(flow_limits, no_answer_to_the_syn)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    uint64_t began_ns = flow.now_ns;
    flow_expire(&flow);
    flow_settle(&flow);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_TIMEOUT_CONNECT);
    cr_assert_eq(flow.result.verdict.exposure, AJAR_EXPOSURE_UNREACHABLE);
    cr_assert_leq(flow.now_ns - began_ns, 3000000001u);
}

Test(flow_limits, a_handshake_that_stalls_is_not_an_unreachable_host)
{
    flow_start(&flow, AJAR_SCHEME_HTTPS);
    flow.connected = true;
    flow_expire(&flow);
    flow_settle(&flow);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_TIMEOUT_REPLY);
    cr_assert_eq(flow.result.verdict.exposure, AJAR_EXPOSURE_INCONCLUSIVE);
}

Test(flow_limits, silence_after_the_request)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_expire(&flow);
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_TIMEOUT_REPLY);
    cr_assert_eq(flow.result.verdict.exposure, AJAR_EXPOSURE_INCONCLUSIVE);
    cr_assert_eq(flow.dials, 1);
}

Test(flow_limits, a_byte_a_second_ends_with_the_total_deadline)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    uint64_t began_ns = flow.now_ns;
    flow_open(&flow);
    flow_data(&flow, "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n");
    while (!flow.closing)
    {
        uint64_t next_ns = flow.now_ns + 1000000000u;
        if (next_ns >= flow.deadline_ns)
        {
            flow_expire(&flow);
        }
        else
        {
            flow.now_ns = next_ns;
            flow_data(&flow, " ");
        }
        cr_assert_leq(flow.now_ns - began_ns, 31000000000u);
    }
    flow_settle(&flow);
    cr_assert(flow.done);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_TIMEOUT_REPLY);
}

Test(flow_limits, one_stalled_path_does_not_hide_the_others)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    flow_open(&flow);
    flow_data(&flow, OK_REPLY);
    flow_expire(&flow); /* /two says nothing */
    flow_settle(&flow);
    flow_open(&flow);
    cr_assert(flow_asked(&flow, "/three"));
    flow_data(&flow, OK_REPLY);
    flow_settle(&flow);
    cr_assert_str_eq(flow_log(&flow), "200:WHOLE 0:NONE 200:WHOLE ");
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_REPLIED);
    cr_assert(flow.result.verdict.flags & AJAR_FLAG(PARTIAL));
}

struct broken_case
{
    const char *bytes;
    bool eof;
    enum ajar_outcome outcome;
};

Test(flow_limits, what_is_no_reply_has_a_name)
{
    static char
        too_large[sizeof "HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n" + 1025];
    static const struct broken_case cases[] = {
        {"SSH-2.0-OpenSSH_9.2p1\r\n", false, AJAR_OUTCOME_NOT_HTTP},
        {"-ERR unknown command 'GET'\r\n", false, AJAR_OUTCOME_NOT_HTTP},
        {"HTTP/1.1 2x0 OK\r\n\r\n", false, AJAR_OUTCOME_UNPARSEABLE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", true,
         AJAR_OUTCOME_UNPARSEABLE},
        {"HTTP/1.1 200 OK\r\nContent-Le", true, AJAR_OUTCOME_UNPARSEABLE},
        {too_large, false, AJAR_OUTCOME_TOO_LARGE},
    };
    memset(too_large, ' ', sizeof too_large - 1);
    memcpy(too_large, "HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n", 41);
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        flow.done = false;
        flow_start(&flow, AJAR_SCHEME_HTTP);
        flow_open(&flow);
        flow_data(&flow, cases[i].bytes);
        if (cases[i].eof)
        {
            flow_end(&flow, AJAR_LINK_EOF);
        }
        while (!flow.done)
        {
            flow_settle(&flow);
            if (!flow.done)
            {
                /* the other endpoints of a truncated server are worth a look */
                flow_end(&flow, AJAR_LINK_REFUSED);
            }
        }
        cr_assert_eq(flow.result.outcome, cases[i].outcome, "case %zu: %s", i,
                     ajar_outcome_word(flow.result.outcome));
        cr_assert_neq(flow.result.verdict.exposure, AJAR_EXPOSURE_PROTECTED);
        ajar_visit_reset(flow.visit);
    }
}

Test(flow_limits, connections_are_bounded)
{
    flow_start(&flow, AJAR_SCHEME_AUTO);
    for (int i = 0; i < 40 && !flow.done; i++)
    {
        flow_open(&flow);
        flow_data(&flow, OK_REPLY);
        flow_end(&flow, AJAR_LINK_EOF);
        flow_settle(&flow);
    }
    cr_assert(flow.done);
    cr_assert_leq(flow.dials, AJAR_MAX_DIALS);
    cr_assert_leq(flow.result.requests, AJAR_MAX_REQUESTS);
}

Test(flow_limits, late_events_are_nothing)
{
    flow_start(&flow, AJAR_SCHEME_HTTP);
    flow_open(&flow);
    flow_expire(&flow);
    flow_data(&flow, OK_REPLY);
    flow_end(&flow, AJAR_LINK_RESET);
    flow_settle(&flow);
    cr_assert(flow.done);
    flow_data(&flow, OK_REPLY);
    flow_end(&flow, AJAR_LINK_RESET);
    ajar_visit_deadline(flow.visit, flow.now_ns);
    cr_assert_eq(flow.result.outcome, AJAR_OUTCOME_TIMEOUT_REPLY);
}
