/* SPDX-License-Identifier: Apache-2.0 */
#include "run_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

#define TICK_MS 100u

/* ---- who is next ---- */

static void on_pump_timer(uv_timer_t *timer)
{
    run_pump(timer->data);
}

static void pump_at(struct run *run, uint64_t at_ns)
{
    uint64_t now_ns = uv_hrtime();
    uint64_t ms = at_ns > now_ns ? (at_ns - now_ns + 999999u) / 1000000u : 0;
    (void)uv_timer_start(&run->pump_timer, on_pump_timer, ms > 0 ? ms : 1, 0);
}

void run_postpone(struct run *run, struct slot *slot)
{
    slot->next = NULL;
    if (run->postponed_last != NULL)
    {
        run->postponed_last->next = slot;
    }
    else
    {
        run->postponed_first = slot;
    }
    run->postponed_last = slot;
    if (!uv_is_active((uv_handle_t *)&run->pump_timer))
    {
        pump_at(run, 0);
    }
}

/* Connections that visits in flight wait for come before new hosts: what was
 * begun is finished first. False when the rate allows no more now. */
static bool pump_postponed(struct run *run)
{
    while (run->postponed_first != NULL)
    {
        uint64_t at_ns = 0;
        if (!ajar_schedule_pay(run->schedule, uv_hrtime(), &at_ns))
        {
            pump_at(run, at_ns);
            return false;
        }
        struct slot *slot = run->postponed_first;
        run->postponed_first = slot->next;
        if (run->postponed_first == NULL)
        {
            run->postponed_last = NULL;
        }
        slot_dial_postponed(slot);
    }
    return true;
}

static struct slot *take_slot(struct run *run)
{
    struct slot *slot = run->free_slots;
    if (slot != NULL)
    {
        run->free_slots = slot->next;
        slot->next = NULL;
        return slot;
    }
    return slot_new(run, &slot) == AJAR_OK ? slot : NULL;
}

static void finish_if_idle(struct run *run)
{
    if (ajar_schedule_in_flight(run->schedule) == 0)
    {
        uv_stop(&run->loop);
    }
}

static void pump(struct run *run)
{
    if (!pump_postponed(run))
    {
        return;
    }
    while (!run->stopping)
    {
        uint64_t host = 0;
        uint64_t at_ns = 0;
        switch (ajar_schedule_next(run->schedule, uv_hrtime(), &host, &at_ns))
        {
        case AJAR_SCHEDULE_GO:
        {
            struct slot *slot = take_slot(run);
            if (slot == NULL)
            {
                /* no memory for one more visit: those in flight will free some */
                if (ajar_schedule_again(run->schedule, host, uv_hrtime() + 100000000u) <
                    0)
                {
                    run->result.local_failures++;
                }
                pump_at(run, uv_hrtime() + 100000000u);
                return;
            }
            slot_start(slot, host);
            break;
        }
        case AJAR_SCHEDULE_WAIT:
            pump_at(run, at_ns);
            return;
        case AJAR_SCHEDULE_FULL:
            return;
        case AJAR_SCHEDULE_FINISHED:
            uv_stop(&run->loop);
            return;
        }
    }
    finish_if_idle(run);
}

/* A slot that ends within the pump (an excluded host) asks for it again: that
 * is a turn of the loop in `pump`, not a call deeper. */
void run_pump(struct run *run)
{
    if (!run->pumping)
    {
        run->pumping = true;
        pump(run);
        run->pumping = false;
    }
}

void run_stop(struct run *run)
{
    run->stopping = true;
    run->result.totals.complete = false;
    finish_if_idle(run);
}

/* ---- scope, while it runs ---- */

static void print_remarks(struct run *run, const struct ajar_diags *diags)
{
    progress_clear(run);
    for (size_t i = 0; i < diags->count; i++)
    {
        const struct ajar_diag *diag = &diags->items[i];
        (void)fprintf(stderr, "ajar: %s:%u: %s; the exclusions of before stay in force\n",
                      diag->file, diag->line, diag->what);
    }
}

void run_refresh_scope(struct run *run, bool forced)
{
    uint64_t now_ms = uv_now(&run->loop);
    if (!forced && now_ms == run->scope_checked_ms)
    {
        return;
    }
    run->scope_checked_ms = now_ms;
    if (!forced && !ajar_scope_is_stale(run->config->scope))
    {
        return;
    }
    struct ajar_diags diags;
    if (ajar_scope_reload_exclusions(run->config->scope, &diags) != AJAR_OK)
    {
        print_remarks(run, &diags);
    }
    else if (run->config->verbose)
    {
        progress_clear(run);
        (void)fprintf(stderr, "ajar: exclusions read again\n");
    }
    ajar_diags_deinit(&diags);
}

/* ---- records ---- */

void run_record(struct run *run, const struct slot *slot,
                const struct ajar_visit_result *result)
{
    const struct run_config *config = run->config;
    const struct ajar_section *section = slot->host.section;
    struct ajar_target_record record = {
        .run = config->info,
        .time_unix_ms = clock_now_ms(),
        .addr = slot->host.addr,
        .port = slot->host.ports[slot->port].port,
        .name = slot->host.name,
        .owner = section != NULL ? section->id : NULL,
        .contact = section != NULL ? section->contact : NULL,
        .expect = ajar_scope_expected(config->scope, section, &slot->host.addr),
        .result = *result,
    };
    run->result.totals.by_exposure[result->verdict.exposure]++;
    run->result.totals.by_outcome[result->outcome]++;
    run->result.totals.requests += result->requests;
    run->result.local_failures += result->outcome == AJAR_OUTCOME_LOCAL_RESOURCE;
    run->ended++;
    if (ajar_exposure_is_open(result->verdict.exposure))
    {
        run->open++;
        if (record.expect == NULL && result->verdict.severity > run->result.worst)
        {
            run->result.worst = result->verdict.severity;
        }
    }
    int status = config->sink.target(config->sink.context, &record);
    if (status < 0 && run->result.sink_status == AJAR_OK)
    {
        run->result.sink_status = status;
        run_stop(run);
    }
}

static void on_tick(uv_timer_t *timer)
{
    struct run *run = timer->data;
    if (run->visited)
    {
        return;
    }
    int status = run->config->sink.flush(run->config->sink.context);
    if (status < 0 && run->result.sink_status == AJAR_OK)
    {
        run->result.sink_status = status;
        run_stop(run);
    }
    progress_tick(run);
}

/* ---- signals ---- */

static void on_stop_signal(uv_signal_t *signal, int number)
{
    struct run *run = signal->data;
    progress_clear(run);
    if (number == SIGINT && run->result.interrupted)
    {
        _exit(130);
    }
    run->result.interrupted = run->result.interrupted || number == SIGINT;
    run->result.terminated = run->result.terminated || number == SIGTERM;
    if (run->visited)
    {
        (void)fprintf(stderr, "ajar: stopping: deliveries under way are being ended\n");
        if (run->config->company.stop != NULL)
        {
            run->config->company.stop(run->config->company.context);
        }
        return;
    }
    (void)fprintf(stderr, "ajar: stopping: %u visits in flight are being finished%s\n",
                  ajar_schedule_in_flight(run->schedule),
                  number == SIGINT ? "; Ctrl-C again leaves at once" : "");
    run_stop(run);
}

static void on_hup(uv_signal_t *signal, int number)
{
    (void)number;
    run_refresh_scope(signal->data, true);
}

/* ---- life ---- */

static void host_addr(void *context, uint64_t host, struct ajar_addr *out)
{
    struct work_host work;
    worklist_host_at(context, host, &work);
    *out = work.addr;
}

static void start_handles(struct run *run)
{
    uv_signal_t *signals[] = {&run->on_int, &run->on_term, &run->on_hup};
    AJAR_REQUIRE(uv_timer_init(&run->loop, &run->pump_timer) == 0);
    AJAR_REQUIRE(uv_timer_init(&run->loop, &run->tick) == 0);
    run->pump_timer.data = run;
    run->tick.data = run;
    (void)uv_timer_start(&run->tick, on_tick, TICK_MS, TICK_MS);
    for (size_t i = 0; i < AJAR_COUNT_OF(signals); i++)
    {
        AJAR_REQUIRE(uv_signal_init(&run->loop, signals[i]) == 0);
        signals[i]->data = run;
    }
    (void)uv_signal_start(&run->on_int, on_stop_signal, SIGINT);
    (void)uv_signal_start(&run->on_term, on_stop_signal, SIGTERM);
    (void)uv_signal_start(&run->on_hup, on_hup, SIGHUP);
}

static void close_handles(struct run *run)
{
    uv_handle_t *handles[] = {(uv_handle_t *)&run->pump_timer, (uv_handle_t *)&run->tick,
                              (uv_handle_t *)&run->on_int, (uv_handle_t *)&run->on_term,
                              (uv_handle_t *)&run->on_hup};
    for (size_t i = 0; i < AJAR_COUNT_OF(handles); i++)
    {
        uv_close(handles[i], NULL);
    }
    for (struct slot *slot = run->slots; slot != NULL; slot = slot->all)
    {
        slot_close(slot);
    }
    while (uv_run(&run->loop, UV_RUN_DEFAULT) != 0)
    {
        /* a uv_stop that was left over ends the first turn early */
    }
}

static int prepare(struct run *run, const struct run_config *config)
{
    struct ajar_schedule_config schedule = {
        .hosts = worklist_hosts(config->list),
        .seed = config->info->seed,
        .concurrency = config->concurrency,
        .rate = config->rate,
        .per_prefix = config->per_prefix,
        .addr_of = host_addr,
        /* read only: the schedule's context is not const because others may write
         */
        .context = (void *)(uintptr_t)config->list,
    };
    run->config = config;
    run->visit_config = (struct ajar_visit_config){
        .timeouts = config->timeouts,
        .user_agent = config->user_agent,
        .probe = &ajar_probe_elasticsearch,
        .explain = config->explain,
    };
    int status = ajar_schedule_new(&schedule, &run->schedule);
    if (status == AJAR_OK && uv_loop_init(&run->loop) != 0)
    {
        ajar_schedule_free(run->schedule);
        status = AJAR_ESYSTEM;
    }
    return status;
}

static void free_slots(struct run *run)
{
    while (run->slots != NULL)
    {
        struct slot *slot = run->slots;
        run->slots = slot->all;
        slot_free(slot);
    }
}

static void visit_all(struct run *run)
{
    const struct run_config *config = run->config;
    run->started_ns = uv_hrtime();
    run->status_ns = run->started_ns;
    run->result.totals.complete = true;
    run_pump(run);
    if (worklist_hosts(config->list) > 0)
    {
        (void)uv_run(&run->loop, UV_RUN_DEFAULT);
    }
    progress_clear(run);
    run->visited = true;
    run->result.totals.duration_ms = (uv_hrtime() - run->started_ns) / 1000000u;
    run->result.totals.not_visited = config->list->targets - run->ended;
    run->result.totals.complete =
        run->result.totals.complete && run->result.totals.not_visited == 0;
    if (config->company.visited != NULL)
    {
        config->company.visited(config->company.context, &run->result);
    }
}

int run_execute(const struct run_config *config, struct run_result *out)
{
    struct run *run = calloc(1, sizeof *run);
    int status = run != NULL ? prepare(run, config) : AJAR_ENOMEM;
    if (status != AJAR_OK)
    {
        free(run);
        return status;
    }
    status = ajar_net_new(&run->loop, &run->net);
    start_handles(run);
    if (status == AJAR_OK && config->company.start != NULL)
    {
        status = config->company.start(config->company.context, &run->loop);
    }
    if (status == AJAR_OK)
    {
        visit_all(run);
        *out = run->result;
    }
    close_handles(run);
    ajar_net_free(run->net);
    (void)uv_loop_close(&run->loop);
    free_slots(run);
    ajar_schedule_free(run->schedule);
    free(run);
    return status;
}
