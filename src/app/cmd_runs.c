/* SPDX-License-Identifier: Apache-2.0 */
/* runs and coverage: what was looked at, what was not, and how late one would
 * know. */
#include <stdio.h>
#include <string.h>

#include "ajar/escape.h"
#include "clock.h"
#include "commands.h"
#include "table.h"
#include "view.h"

/* Runs shown without --since. */
#define RUNS_SHOWN 30u
/* Targets named that never answered. */
#define NEVER_SHOWN 20u

struct listing
{
    struct table table;
    struct ajar_buf out;
    int64_t since_ms;
    uint64_t count;
};

static const char *state_of(const struct ajar_run_view *run)
{
    if (!run->ended)
    {
        return "NOT FINISHED";
    }
    if (!run->trusted)
    {
        return "UNTRUSTED";
    }
    return run->complete ? "complete" : "INCOMPLETE";
}

static bool add_run(void *context, const struct ajar_run_view *run)
{
    struct listing *list = context;
    struct ajar_buf cell;
    uint64_t open = 0;
    if (run->started_ms < list->since_ms)
    {
        return false; /* newest first: all others are older */
    }
    ajar_buf_init(&cell, 1024);
    for (unsigned i = AJAR_EXPOSURE_IDENTITY; i < AJAR_EXPOSURE_COUNT; i++)
    {
        open += run->by_exposure[i];
    }
    list->count++;
    table_text(&list->table, run->id, 0);
    table_text(&list->table, ajar_state_source_word(run->source), 0);
    table_time(&list->table, run->started_ms);
    if (run->ended && run->ended_ms >= run->started_ms)
    {
        (void)ajar_record_span((uint64_t)(run->ended_ms - run->started_ms), false, &cell);
    }
    table_text(&list->table, cell.len > 0 ? cell.data : NULL, 0);
    table_text(&list->table, state_of(run), 0);
    table_number(&list->table, run->targets);
    table_number(&list->table, run->observed);
    table_number(&list->table, open);
    table_number(&list->table, run->events);
    table_text(&list->table, run->vantage, 24);
    ajar_buf_deinit(&cell);
    return !list->table.cells.failed;
}

int cmd_runs(const struct app_options *options)
{
    struct store store;
    struct listing list = {.count = 0};
    enum app_exit code = store_since(options, &list.since_ms);
    if (code == APP_OK)
    {
        code = store_begin(&store, options, STORE_READ);
    }
    if (code != APP_OK)
    {
        return (int)code;
    }
    ajar_buf_init(&list.out, VIEW_MAX_BYTES);
    table_init(&list.table, "RUN|KIND|BEGAN (UTC)|TOOK|STATE|>TARGETS|>LOOKED AT|>OPEN|"
                            ">EVENTS|VANTAGE");
    if (ajar_state_runs(store.state, options->since != NULL ? 0 : RUNS_SHOWN, add_run,
                        &list) != AJAR_OK)
    {
        code = store_failed(&store);
    }
    else if (list.count > 0)
    {
        table_print(&list.table, &list.out);
    }
    else
    {
        (void)ajar_buf_text(&list.out, "No run is remembered.\n");
    }
    table_deinit(&list.table);
    store_end(&store);
    return print_result(code, &list.out, options->output);
}

/* ---- coverage ---- */

struct coverage
{
    struct table table;
    struct ajar_buf out;
    int64_t now_ms;
    uint64_t targets;
    uint64_t reached;
    uint64_t never;
    uint64_t worst_gap_ms;
    uint64_t looked_once;
    uint64_t by_outcome[AJAR_OUTCOME_COUNT];
    uint64_t named;
};

static bool add_coverage(void *context, const struct ajar_coverage_view *one)
{
    struct coverage *all = context;
    struct ajar_buf cell;
    ajar_buf_init(&cell, 1024);
    all->targets += one->targets;
    all->reached += one->reached;
    all->never += one->never;
    all->looked_once += one->looked_once;
    all->worst_gap_ms =
        one->worst_gap_ms > all->worst_gap_ms ? one->worst_gap_ms : all->worst_gap_ms;
    for (unsigned i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        all->by_outcome[i] += one->by_outcome[i];
    }
    table_text(&all->table, one->owner[0] != '\0' ? one->owner : "(loopback)", 40);
    table_number(&all->table, one->targets);
    table_number(&all->table, one->reached);
    table_number(&all->table, one->never);
    table_number(&all->table, one->open);
    table_time(&all->table, one->oldest_ms);
    table_time(&all->table, one->newest_ms);
    (void)ajar_record_span(one->worst_gap_ms, true, &cell);
    table_text(&all->table, cell.data, 0);
    ajar_buf_deinit(&cell);
    return !all->table.cells.failed;
}

static bool add_never(void *context, const struct ajar_remembered_view *target)
{
    struct coverage *all = context;
    char where[AJAR_ADDR_TEXT_MAX + 8];
    char when[24];
    if (all->named++ == 0)
    {
        (void)ajar_buf_text(&all->out, "\nNever reached, with what the last look got:\n");
    }
    (void)ajar_addr_format_port(&target->addr, target->port, where);
    clock_minute(target->seen_ms, when);
    (void)ajar_buf_printf(&all->out, "  %-24s %-17s %s  ", where,
                          ajar_outcome_word(target->outcome), when);
    (void)ajar_escape_text(&all->out, ajar_span_of(target->owner), 40);
    (void)ajar_buf_byte(&all->out, '\n');
    return true;
}

static void put_reasons(struct coverage *all)
{
    bool first = true;
    (void)ajar_buf_text(&all->out, "\nAt the last look: ");
    for (unsigned i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        if (all->by_outcome[i] > 0)
        {
            (void)ajar_buf_text(&all->out, first ? "" : ", ");
            (void)ajar_record_number(all->by_outcome[i], &all->out);
            (void)ajar_buf_printf(&all->out, " %s",
                                  ajar_outcome_word((enum ajar_outcome)i));
            first = false;
        }
    }
    (void)ajar_buf_text(&all->out, ".\n");
}

static void put_detection(struct coverage *all)
{
    (void)ajar_buf_text(&all->out, "Worst-case time to detect, from what really ran: ");
    (void)ajar_record_span(all->worst_gap_ms, true, &all->out);
    (void)ajar_buf_text(&all->out, " between two looks at one target.\n");
    if (all->looked_once > 0)
    {
        view_count(all->looked_once, "target", &all->out);
        (void)ajar_buf_text(&all->out, all->looked_once == 1 ? " was" : " were");
        (void)ajar_buf_text(&all->out, " looked at once: the gap is the time since.\n");
    }
}

/* What the targets files declare and nobody has looked at. */
static void put_declared(struct coverage *all, const struct app_options *options)
{
    struct session session;
    if (options->owner != NULL)
    {
        return; /* the count would be that of all owners */
    }
    if (session_open(&session, options->targets, options->target_count, true) != APP_OK)
    {
        return; /* said on stderr; what is remembered stands without it */
    }
    uint64_t declared = ajar_scope_target_count(session.scope);
    if (session.path_count > 0 && declared > all->targets)
    {
        (void)ajar_buf_text(&all->out, "The targets files declare ");
        view_count(declared, "target", &all->out);
        (void)ajar_buf_text(&all->out, ": at least ");
        (void)ajar_record_number(declared - all->targets, &all->out);
        (void)ajar_buf_text(&all->out, " of them no run has looked at yet.\n");
    }
    session_close(&session);
}

static enum app_exit cover(struct store *store, const struct app_options *options,
                           struct coverage *all)
{
    struct ajar_remembered_query never = {
        .owner = options->owner, .never_reached = true, .limit = NEVER_SHOWN};
    enum app_exit code = view_check_owner(store, options);
    if (code != APP_OK)
    {
        return code;
    }
    if (ajar_state_coverage(store->state, options->owner, all->now_ms, add_coverage,
                            all) != AJAR_OK)
    {
        return store_failed(store);
    }
    table_print(&all->table, &all->out);
    put_reasons(all);
    if (ajar_state_remembered(store->state, &never, add_never, all) != AJAR_OK)
    {
        return store_failed(store);
    }
    if (all->never > all->named)
    {
        (void)ajar_buf_text(&all->out, "  and ");
        (void)ajar_record_number(all->never - all->named, &all->out);
        (void)ajar_buf_text(&all->out, " more\n");
    }
    (void)ajar_buf_byte(&all->out, '\n');
    put_detection(all);
    return APP_OK;
}

int cmd_coverage(const struct app_options *options)
{
    struct store store;
    struct coverage all = {.now_ms = clock_now_ms()};
    enum app_exit code = store_begin(&store, options, STORE_READ);
    if (code != APP_OK)
    {
        return (int)code;
    }
    ajar_buf_init(&all.out, VIEW_MAX_BYTES);
    table_init(&all.table, "OWNER|>TARGETS|>REACHED|>NEVER|>OPEN|OLDEST LOOK|NEWEST LOOK|"
                           ">LONGEST GAP");
    code = cover(&store, options, &all);
    if (code == APP_OK)
    {
        put_declared(&all, options);
    }
    table_deinit(&all.table);
    store_end(&store);
    return print_result(code, &all.out, options->output);
}
