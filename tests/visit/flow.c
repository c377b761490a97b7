/* SPDX-License-Identifier: Apache-2.0 */
#include "flow.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

/* ---- the stub probe ---- */

struct stub
{
    struct ajar_evidence *evidence;
    unsigned asked;
    unsigned status;
    bool guarded;
    bool shows;
    char log[256];
};

static const struct ajar_step stub_steps[] = {
    {"/one", "-", "-", AJAR_READ_ROOT, 1024},
    {"/two", "-", "-", AJAR_READ_HEALTH, 64},
    {"/three", "-", "-", AJAR_READ_LIST, 64},
};

static void stub_begin(void *state, struct ajar_evidence *evidence, uint64_t nonce)
{
    struct stub *stub = state;
    (void)nonce;
    stub->evidence = evidence;
}

static bool stub_next(void *state, struct ajar_ask *out)
{
    struct stub *stub = state;
    if (stub->guarded || stub->asked == AJAR_COUNT_OF(stub_steps))
    {
        return false;
    }
    out->step = &stub_steps[stub->asked++];
    out->path = out->step->path;
    stub->status = 0;
    stub->shows = false;
    return true;
}

static void stub_head(void *state, const struct ajar_reply_head *head)
{
    struct stub *stub = state;
    stub->status = head->status;
}

static bool stub_body(void *state, struct ajar_span bytes)
{
    struct stub *stub = state;
    stub->shows = stub->shows || ajar_span_starts(bytes, "SHOW");
    return !ajar_span_starts(bytes, "STOP");
}

static void stub_end(void *state, enum ajar_reply_end how)
{
    static const char *const words[] = {"WHOLE", "STOPPED", "CUT", "TOO_LARGE", "NONE"};
    struct stub *stub = state;
    size_t len = strlen(stub->log);
    (void)snprintf(stub->log + len, sizeof stub->log - len, "%u:%s ", stub->status,
                   words[how]);
    stub->guarded = stub->status == 401;
    stub->evidence->reading[stub_steps[stub->asked - 1].read] =
        stub->shows ? AJAR_READING_SHOWN : AJAR_READING_OTHER;
    stub->evidence->node_name =
        ajar_arena_copy(stub->evidence->arena, ajar_span_of(stub->log));
}

static void stub_finish(void *state)
{
    (void)state;
}

const struct ajar_probe flow_probe = {
    .name = "stub",
    .steps = stub_steps,
    .step_count = AJAR_COUNT_OF(stub_steps),
    .state_bytes = sizeof(struct stub),
    .begin = stub_begin,
    .next = stub_next,
    .head = stub_head,
    .body = stub_body,
    .end = stub_end,
    .finish = stub_finish,
};

/* ---- what the visit asks for ---- */

static int io_dial(void *context, bool tls, enum ajar_link_end *out_why)
{
    struct flow *flow = context;
    cr_assert_not(flow->open, "a second connection while one is open");
    flow->dials++;
    flow->tls_dials += tls;
    ajar_buf_reset(&flow->sent, 4096);
    *out_why = flow->dial_why;
    flow->open = flow->dial_status >= 0;
    return flow->dial_status;
}

static bool io_is_connected(void *context)
{
    return ((struct flow *)context)->connected;
}

static bool io_source(void *context, struct ajar_addr *out)
{
    struct flow *flow = context;
    flow->sources++;
    *out = ajar_addr_from_v4(0x7f000001u);
    return true;
}

static int io_send(void *context, struct ajar_span bytes)
{
    struct flow *flow = context;
    flow->sends++;
    return ajar_buf_append(&flow->sent, bytes.data, bytes.len);
}

static void io_close(void *context)
{
    struct flow *flow = context;
    flow->closes++;
    flow->closing = true;
}

static void io_set_deadline(void *context, uint64_t at_ns)
{
    ((struct flow *)context)->deadline_ns = at_ns;
}

static void io_done(void *context)
{
    struct flow *flow = context;
    cr_assert_not(flow->done, "done came twice");
    cr_assert_not(flow->open, "done came with a connection open");
    flow->done = true;
    ajar_visit_result(flow->visit, &flow->result);
}

/* ---- the script's side ---- */

void flow_init(struct flow *flow)
{
    struct ajar_diags diags;
    struct ajar_addr addr;
    memset(flow, 0, sizeof *flow);
    cr_assert_eq(ajar_scope_load(NULL, 0, 0, &diags, &flow->scope), AJAR_OK);
    ajar_diags_deinit(&diags);
    cr_assert_eq(ajar_addr_parse(ajar_span_of("127.0.0.1"), &addr), AJAR_OK);
    cr_assert_eq(ajar_scope_permit(flow->scope, &addr, 9200, &flow->permit), AJAR_OK);
    flow->config = (struct ajar_visit_config){
        .timeouts = {.connect_ms = 3000,
                     .tls_ms = 5000,
                     .header_ms = 5000,
                     .body_ms = 10000,
                     .total_ms = 30000},
        .user_agent = "ajar/test",
        .probe = &flow_probe,
    };
    flow->io = (struct ajar_visit_io){.dial = io_dial,
                                      .is_connected = io_is_connected,
                                      .source = io_source,
                                      .send = io_send,
                                      .close = io_close,
                                      .set_deadline = io_set_deadline,
                                      .done = io_done,
                                      .context = flow};
    ajar_buf_init(&flow->sent, 65536);
    flow->now_ns = 1000000000u;
    cr_assert_eq(ajar_visit_new(&flow->config, &flow->visit), AJAR_OK);
}

void flow_start(struct flow *flow, enum ajar_scheme scheme)
{
    struct ajar_visit_target target = {
        .permit = flow->permit, .name = NULL, .scheme = scheme, .nonce = 7};
    ajar_visit_start(flow->visit, &target, &flow->io, flow->now_ns);
}

void flow_deinit(struct flow *flow)
{
    ajar_visit_free(flow->visit);
    ajar_permit_release(flow->permit);
    ajar_scope_free(flow->scope);
    ajar_buf_deinit(&flow->sent);
}

void flow_open(struct flow *flow)
{
    flow->connected = true;
    ajar_visit_opened(flow->visit, NULL, flow->now_ns);
}

void flow_data(struct flow *flow, const char *bytes)
{
    flow->now_ns += 1000000u;
    ajar_visit_data(flow->visit, ajar_span_of(bytes), flow->now_ns);
}

void flow_data_bytewise(struct flow *flow, const char *bytes)
{
    for (size_t i = 0; bytes[i] != '\0' && !flow->closing; i++)
    {
        ajar_visit_data(flow->visit, (struct ajar_span){bytes + i, 1}, ++flow->now_ns);
    }
}

void flow_end(struct flow *flow, enum ajar_link_end why)
{
    ajar_visit_ended(flow->visit, why, ++flow->now_ns);
}

void flow_settle(struct flow *flow)
{
    cr_assert(flow->closing, "no close was asked for");
    flow->closing = false;
    flow->open = false;
    flow->connected = false;
    ajar_visit_closed(flow->visit, ++flow->now_ns);
}

void flow_expire(struct flow *flow)
{
    cr_assert_neq(flow->deadline_ns, UINT64_MAX, "no deadline stands");
    if (flow->deadline_ns > flow->now_ns)
    {
        flow->now_ns = flow->deadline_ns;
    }
    ajar_visit_deadline(flow->visit, flow->now_ns);
}

bool flow_asked(struct flow *flow, const char *path)
{
    char line[128];
    (void)snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", path);
    bool is = flow->sent.len > 0 && ajar_span_starts(ajar_buf_span(&flow->sent), line);
    ajar_buf_reset(&flow->sent, 4096);
    return is;
}

const char *flow_log(const struct flow *flow)
{
    return flow->result.evidence->node_name != NULL ? flow->result.evidence->node_name
                                                    : "";
}
