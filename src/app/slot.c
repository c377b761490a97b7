/* SPDX-License-Identifier: Apache-2.0 */
#include "run_private.h"

#include <stdlib.h>

/* ---- deadlines: one timer a slot, moved only when it would fire too late ----
 */

static void on_timer(uv_timer_t *timer);

static void arm(struct slot *slot, uint64_t at_ns)
{
    uint64_t now_ns = uv_hrtime();
    uint64_t ms = at_ns > now_ns ? (at_ns - now_ns + 999999u) / 1000000u : 0;
    slot->armed_ns = at_ns;
    /* libuv counts from the time its loop turned last; a deadline must not come
     * early */
    uv_update_time(&slot->run->loop);
    (void)uv_timer_start(&slot->timer, on_timer, ms, 0);
}

static void retry_dial(struct slot *slot);

static void on_timer(uv_timer_t *timer)
{
    struct slot *slot = timer->data;
    slot->armed_ns = UINT64_MAX;
    if (slot->retrying)
    {
        retry_dial(slot);
        return;
    }
    uint64_t now_ns = uv_hrtime();
    if (slot->deadline_ns == UINT64_MAX)
    {
        return;
    }
    if (slot->deadline_ns > now_ns)
    {
        arm(slot, slot->deadline_ns);
        return;
    }
    slot->deadline_ns = UINT64_MAX;
    ajar_visit_deadline(slot->visit, now_ns);
}

/* ---- what the visit asks for ---- */

static const struct ajar_link_events link_events;

static int dial_now(struct slot *slot, enum ajar_link_end *out_why)
{
    slot->opened = false;
    return ajar_link_dial(slot->run->net, &slot->link, slot->permit, slot->dial_tls,
                          slot->host.name, &link_events, out_why);
}

static bool may_retry(const struct slot *slot, enum ajar_link_end why)
{
    return why == AJAR_LINK_LOCAL_RESOURCE && slot->retries < SLOT_MAX_RETRIES &&
           !slot->run->stopping;
}

static void retry_later(struct slot *slot)
{
    uint64_t wait_ms = (uint64_t)SLOT_FIRST_RETRY_MS << slot->retries++;
    slot->retrying = true;
    arm(slot, uv_hrtime() + wait_ms * 1000000u);
}

/* A shortage on this machine says nothing about the target: wait and try again.
 */
static bool wait_out(struct slot *slot, int status, enum ajar_link_end why)
{
    if (status != AJAR_ESYSTEM || !may_retry(slot, why))
    {
        return false;
    }
    retry_later(slot);
    return true;
}

static int io_dial(void *context, bool tls, enum ajar_link_end *out_why)
{
    struct slot *slot = context;
    uint64_t at_ns = 0;
    slot->dial_tls = tls;
    bool paid = slot->paid || ajar_schedule_pay(slot->run->schedule, uv_hrtime(), &at_ns);
    slot->paid = false;
    if (!paid)
    {
        run_postpone(slot->run, slot);
        return AJAR_VISIT_POSTPONED;
    }
    run_refresh_scope(slot->run, false);
    int status = dial_now(slot, out_why);
    return wait_out(slot, status, *out_why) ? AJAR_VISIT_POSTPONED : status;
}

static void retry_dial(struct slot *slot)
{
    enum ajar_link_end why = AJAR_LINK_LOCAL_RESOURCE;
    slot->retrying = false;
    run_refresh_scope(slot->run, false);
    int status = dial_now(slot, &why);
    if (!wait_out(slot, status, why))
    {
        ajar_visit_dialing(slot->visit, status, why, uv_hrtime());
    }
}

void slot_dial_postponed(struct slot *slot)
{
    retry_dial(slot);
}

static bool io_is_connected(void *context)
{
    struct slot *slot = context;
    struct sockaddr_storage peer;
    int len = sizeof peer;
    return uv_tcp_getpeername(&slot->link.tcp, (struct sockaddr *)&peer, &len) == 0;
}

static bool io_source(void *context, struct ajar_addr *out)
{
    struct slot *slot = context;
    return ajar_link_local_addr(&slot->link, out) == AJAR_OK;
}

static int io_send(void *context, struct ajar_span bytes)
{
    struct slot *slot = context;
    return ajar_link_send(&slot->link, bytes);
}

static void io_close(void *context)
{
    struct slot *slot = context;
    ajar_link_close(&slot->link);
}

static void io_set_deadline(void *context, uint64_t at_ns)
{
    struct slot *slot = context;
    slot->deadline_ns = at_ns;
    if (at_ns < slot->armed_ns && !slot->retrying)
    {
        arm(slot, at_ns);
    }
}

/* ---- the ports of a host, one after another ---- */

static void start_target(struct slot *slot);

static void next_target(struct slot *slot)
{
    struct run *run = slot->run;
    ajar_permit_release(slot->permit);
    slot->permit = NULL;
    slot->port++;
    if (slot->port < slot->host.port_count && !run->stopping)
    {
        start_target(slot);
        return;
    }
    ajar_schedule_done(run->schedule, slot->index);
    slot->next = run->free_slots;
    run->free_slots = slot;
    run_pump(run);
}

static void io_done(void *context)
{
    struct slot *slot = context;
    struct ajar_visit_result result;
    ajar_visit_result(slot->visit, &result);
    run_record(slot->run, slot, &result);
    ajar_visit_reset(slot->visit);
    next_target(slot);
}

/* An exclusion that came during the run covers the address: recorded, never
 * dialled. */
static void record_excluded(struct slot *slot)
{
    struct ajar_evidence evidence;
    struct ajar_visit_result result = {.outcome = AJAR_OUTCOME_EXCLUDED,
                                       .evidence = &evidence};
    struct ajar_arena arena;
    ajar_arena_init(&arena, AJAR_MAX_VISIT_ARENA);
    ajar_evidence_init(&evidence, &arena);
    ajar_classify(result.outcome, &evidence, &result.verdict);
    run_record(slot->run, slot, &result);
    ajar_arena_deinit(&arena);
}

static void start_target(struct slot *slot)
{
    struct run *run = slot->run;
    const struct run_config *config = run->config;
    /* a loop, not recursion: a large excluded host has many ports */
    for (;;)
    {
        run_refresh_scope(run, false);
        const struct ajar_port *port = &slot->host.ports[slot->port];
        run->started++;
        slot->retries = 0;
        int status =
            ajar_scope_permit(config->scope, &slot->host.addr, port->port, &slot->permit);
        if (status == AJAR_OK)
        {
            struct ajar_visit_target target = {
                .permit = slot->permit,
                .name = slot->host.name,
                .scheme = port->scheme,
                .nonce = ajar_prng_mix(config->info->seed,
                                       (slot->index << 16) + slot->port + 1),
            };
            ajar_visit_start(slot->visit, &target, &slot->io, uv_hrtime());
            return;
        }
        record_excluded(slot);
        if (slot->port + 1 >= slot->host.port_count || run->stopping)
        {
            next_target(slot);
            return;
        }
        slot->port++;
    }
}

void slot_start(struct slot *slot, uint64_t index)
{
    slot->index = index;
    slot->port = 0;
    slot->paid = true;
    worklist_host_at(slot->run->config->list, index, &slot->host);
    start_target(slot);
}

/* ---- what the link says ---- */

static void on_opened(struct ajar_link *link)
{
    struct slot *slot = link->user;
    slot->opened = true;
    ajar_visit_opened(slot->visit, ajar_link_tls_facts(link), uv_hrtime());
}

static void on_data(struct ajar_link *link, struct ajar_span bytes)
{
    struct slot *slot = link->user;
    ajar_visit_data(slot->visit, bytes, uv_hrtime());
}

static void on_ended(struct ajar_link *link, enum ajar_link_end why)
{
    struct slot *slot = link->user;
    if (!slot->opened && may_retry(slot, why))
    {
        /* no local port was free: the kernel says so only when it connects */
        slot->giving_back = true;
        ajar_visit_postponed(slot->visit);
        ajar_link_close(link);
        return;
    }
    ajar_visit_ended(slot->visit, why, uv_hrtime());
}

static void on_closed(struct ajar_link *link)
{
    struct slot *slot = link->user;
    if (slot->giving_back)
    {
        slot->giving_back = false;
        retry_later(slot);
        return;
    }
    ajar_visit_closed(slot->visit, uv_hrtime());
}

static const struct ajar_link_events link_events = {on_opened, on_data, on_ended,
                                                    on_closed};

/* ---- life ---- */

int slot_new(struct run *run, struct slot **out)
{
    struct slot *slot = calloc(1, sizeof *slot);
    if (slot == NULL || ajar_visit_new(&run->visit_config, &slot->visit) != AJAR_OK)
    {
        free(slot);
        return AJAR_ENOMEM;
    }
    slot->run = run;
    slot->link.user = slot;
    slot->deadline_ns = UINT64_MAX;
    slot->armed_ns = UINT64_MAX;
    slot->io = (struct ajar_visit_io){
        .dial = io_dial,
        .is_connected = io_is_connected,
        .source = io_source,
        .send = io_send,
        .close = io_close,
        .set_deadline = io_set_deadline,
        .done = io_done,
        .context = slot,
    };
    AJAR_REQUIRE(uv_timer_init(&run->loop, &slot->timer) == 0);
    slot->timer.data = slot;
    slot->all = run->slots;
    run->slots = slot;
    *out = slot;
    return AJAR_OK;
}

void slot_close(struct slot *slot)
{
    uv_close((uv_handle_t *)&slot->timer, NULL);
}

void slot_free(struct slot *slot)
{
    ajar_visit_free(slot->visit);
    free(slot);
}
