/* SPDX-License-Identifier: Apache-2.0 */
/* findings and show: what is remembered to stand open. */
#include <stdio.h>

#include "ajar/escape.h"
#include "clock.h"
#include "commands.h"
#include "table.h"
#include "view.h"

/* Data sets that stand open more than once, as far as the list names them. */
#define SETS_SHOWN 8u

struct listing
{
    enum app_format format;
    struct ajar_buf out;
    struct table table;
    int64_t now_ms;
    uint64_t count;
    struct ajar_dataset_view sets[SETS_SHOWN];
    size_t set_count;
};

static void add_set(struct listing *list, const struct ajar_dataset_view *set)
{
    for (size_t i = 0; i < list->set_count; i++)
    {
        if (list->sets[i].fingerprint == set->fingerprint)
        {
            return;
        }
    }
    if (list->set_count < SETS_SHOWN)
    {
        list->sets[list->set_count++] = *set;
    }
}

static void put_sets(const struct listing *list, struct ajar_buf *out)
{
    for (size_t i = 0; i < list->set_count; i++)
    {
        (void)ajar_buf_text(out, "One data set of ");
        (void)ajar_record_number(list->sets[i].documents, out);
        (void)ajar_buf_text(out, " documents with ");
        (void)ajar_record_number(list->sets[i].copies, out);
        (void)ajar_buf_text(out, " copies.\n");
    }
}

static void add_row(struct listing *list, const struct ajar_finding_view *finding)
{
    struct ajar_buf cell;
    ajar_buf_init(&cell, 4096);
    table_text(&list->table, finding->id, 0);
    table_text(&list->table, ajar_finding_state_word(finding->state), 0);
    table_text(&list->table, ajar_severity_word(finding->severity), 0);
    table_text(&list->table, ajar_exposure_word(finding->exposure), 0);
    if (finding->list_known || finding->count_known)
    {
        table_number(&list->table,
                     finding->list_known ? finding->documents : finding->counted);
    }
    else
    {
        table_text(&list->table, "?", 0);
    }
    if (finding->dataset.copies > 1)
    {
        table_number(&list->table, finding->dataset.copies);
        add_set(list, &finding->dataset);
    }
    else
    {
        table_text(&list->table, "-", 0);
    }
    table_time(&list->table, finding->window.first_open_ms);
    table_text(&list->table, finding->owner[0] != '\0' ? finding->owner : "-", 32);
    view_where(finding, &cell);
    table_text(&list->table, cell.data, 0);
    ajar_buf_reset(&cell, 4096);
    (void)ajar_buf_printf(&cell, "%s %s",
                          finding->product != NULL ? finding->product : "?",
                          finding->version != NULL ? finding->version : "");
    table_text(&list->table, cell.data, 32);
    ajar_buf_deinit(&cell);
}

static bool add_finding(void *context, const struct ajar_finding_view *finding)
{
    struct listing *list = context;
    list->count++;
    switch (list->format)
    {
    case APP_FORMAT_JSONL:
        (void)ajar_record_finding(finding, list->now_ms, &list->out);
        break;
    case APP_FORMAT_CSV:
        (void)ajar_record_csv(finding, &list->out);
        break;
    case APP_FORMAT_TEXT:
    case APP_FORMAT_AUTO:
        add_row(list, finding);
        break;
    }
    return !list->out.failed && !list->table.cells.failed;
}

static uint32_t states_of(const struct app_options *options)
{
    if (options->open)
    {
        return 1u << AJAR_FINDING_OPEN | 1u << AJAR_FINDING_CLOSING;
    }
    if (options->resolved)
    {
        return 1u << AJAR_FINDING_RESOLVED;
    }
    return options->since != NULL ? (1u << AJAR_FINDING_STATE_COUNT) - 1 : 0;
}

static void finish_text(struct listing *list, struct store *store,
                        const struct app_options *options)
{
    if (list->count > 0)
    {
        table_print(&list->table, &list->out);
        (void)ajar_buf_byte(&list->out, '\n');
    }
    else if (options->open || options->resolved || options->since != NULL)
    {
        (void)ajar_buf_text(&list->out, "No finding is of that kind.\n");
    }
    put_sets(list, &list->out);
    view_footer(store, options->owner, &list->out);
}

static enum app_exit list_findings(struct store *store, const struct app_options *options,
                                   struct listing *list)
{
    struct ajar_finding_query query = {.owner = options->owner,
                                       .states = states_of(options),
                                       .details = list->format != APP_FORMAT_TEXT};
    enum app_exit code = store_since(options, &query.since_ms);
    if (code == APP_OK)
    {
        code = view_check_owner(store, options);
    }
    if (code != APP_OK)
    {
        return code;
    }
    if (list->format == APP_FORMAT_CSV)
    {
        (void)ajar_record_csv_head(&list->out);
    }
    if (ajar_state_findings(store->state, &query, add_finding, list) != AJAR_OK)
    {
        return store_failed(store);
    }
    if (list->format == APP_FORMAT_TEXT)
    {
        finish_text(list, store, options);
    }
    return APP_OK;
}

int cmd_findings(const struct app_options *options)
{
    struct store store;
    struct listing list = {.format = view_format(options), .now_ms = clock_now_ms()};
    enum app_exit code = store_begin(&store, options, STORE_READ);
    if (code != APP_OK)
    {
        return (int)code;
    }
    ajar_buf_init(&list.out, VIEW_MAX_BYTES);
    table_init(&list.table,
               "FINDING|STATE|SEVERITY|EXPOSURE|>DOCUMENTS|>COPIES|OPEN SINCE|"
               "OWNER|WHERE|WHAT");
    code = list_findings(&store, options, &list);
    table_deinit(&list.table);
    store_end(&store);
    return print_result(code, &list.out, options->output);
}

/* ---- show ---- */

struct life
{
    struct ajar_buf out;
    int64_t now_ms;
    uint64_t rows;
};

static void put_acceptance(const struct ajar_acceptance_view *acceptance,
                           struct ajar_buf *out)
{
    char until[16];
    if (!acceptance->active)
    {
        return;
    }
    (void)ajar_buf_text(out, "\nAccepted by ");
    (void)ajar_escape_text(
        out,
        ajar_span_of(acceptance->by_targets_file ? "the targets file" : acceptance->by),
        100);
    if (acceptance->until_ms > 0)
    {
        /* shown as it was given: the last day, not the moment after it */
        clock_date(acceptance->until_ms - 1, until);
        (void)ajar_buf_printf(out, " until %s", until);
    }
    if (acceptance->indices != NULL)
    {
        (void)ajar_buf_text(out, ", for the indices ");
        (void)ajar_escape_text(out, ajar_span_of(acceptance->indices), 200);
    }
    (void)ajar_buf_text(out, ": ");
    (void)ajar_escape_text(out, ajar_span_of(acceptance->reason), 300);
    (void)ajar_buf_byte(out, '\n');
}

static bool put_finding(void *context, const struct ajar_finding_view *finding)
{
    struct life *life = context;
    struct ajar_buf *out = &life->out;
    (void)ajar_record_finding_title(finding, out);
    (void)ajar_buf_text(out, "\n\n");
    (void)ajar_record_finding_text(finding, life->now_ms, out);
    put_acceptance(&finding->acceptance, out);
    if (finding->times_reopened > 0)
    {
        (void)ajar_buf_printf(out, "\nReopened %u time%s.\n", finding->times_reopened,
                              finding->times_reopened == 1 ? "" : "s");
    }
    if (finding->reference != NULL)
    {
        (void)ajar_buf_text(out, "\nTicket: ");
        (void)ajar_escape_text(out, ajar_span_of(finding->reference), 200);
        (void)ajar_buf_byte(out, '\n');
    }
    return true;
}

static bool put_copy(void *context, const struct ajar_finding_view *finding)
{
    struct life *life = context;
    if (life->rows++ == 0)
    {
        (void)ajar_buf_text(&life->out, "\nThe same data set stands open here, too:\n");
    }
    (void)ajar_buf_printf(&life->out, "  %s  %-10s  ", finding->id,
                          ajar_finding_state_word(finding->state));
    (void)ajar_escape_text(&life->out, ajar_span_of(finding->owner), 40);
    (void)ajar_buf_text(&life->out, "  ");
    view_where(finding, &life->out);
    (void)ajar_buf_byte(&life->out, '\n');
    return true;
}

static bool put_event(void *context, const struct ajar_event_view *event)
{
    struct life *life = context;
    if (life->rows++ == 0)
    {
        (void)ajar_buf_text(&life->out, "\nEvents (UTC):\n");
    }
    (void)ajar_buf_text(&life->out, "  ");
    view_event(event, false, &life->out);
    return true;
}

static bool put_delivery(void *context, const struct ajar_delivery_view *delivery)
{
    struct life *life = context;
    struct ajar_buf *out = &life->out;
    char when[24];
    if (life->rows++ == 0)
    {
        (void)ajar_buf_text(out, "\nDeliveries:\n");
    }
    clock_minute(delivery->last_ms, when);
    (void)ajar_buf_printf(out, "  %-21s  [tickets%s%s]  %s, %u attempt%s, last %s",
                          delivery->event, delivery->section[0] != '\0' ? " " : "",
                          delivery->section, ajar_delivery_state_word(delivery->state),
                          delivery->attempts, delivery->attempts == 1 ? "" : "s", when);
    if (delivery->reference != NULL)
    {
        (void)ajar_buf_text(out, ", ticket ");
        (void)ajar_escape_text(out, ajar_span_of(delivery->reference), 100);
    }
    if (delivery->state == AJAR_DELIVERY_STATE_OWED && delivery->next_ms > 0)
    {
        clock_minute(delivery->next_ms, when);
        (void)ajar_buf_printf(out, ", next %s", when);
    }
    if (delivery->detail != NULL)
    {
        (void)ajar_buf_text(out, "\n      ");
        (void)ajar_escape_text(out, ajar_span_of(delivery->detail), 300);
    }
    (void)ajar_buf_byte(out, '\n');
    return true;
}

static enum app_exit show(struct store *store, const struct app_options *options,
                          struct life *life)
{
    char id[AJAR_FINDING_ID_BYTES];
    const char *owner = options->owner;
    enum app_exit code = store_match(store, options->args[0], owner, id);
    if (code != APP_OK)
    {
        return code;
    }
    struct ajar_event_query events = {.owner = owner, .finding = id};
    int status = ajar_state_finding(store->state, id, owner, put_finding, life);
    life->rows = 0;
    if (status == AJAR_OK)
    {
        status = ajar_state_copies(store->state, id, owner, put_copy, life);
    }
    life->rows = 0;
    if (status == AJAR_OK)
    {
        status = ajar_state_events(store->state, &events, put_event, life);
    }
    life->rows = 0;
    if (status == AJAR_OK)
    {
        status = ajar_state_deliveries(store->state, id, owner, put_delivery, life);
    }
    return status == AJAR_OK ? APP_OK : store_failed(store);
}

int cmd_show(const struct app_options *options)
{
    struct store store;
    struct life life = {.now_ms = clock_now_ms()};
    enum app_exit code = store_begin(&store, options, STORE_READ);
    if (code != APP_OK)
    {
        return (int)code;
    }
    ajar_buf_init(&life.out, VIEW_MAX_BYTES);
    code = show(&store, options, &life);
    store_end(&store);
    return print_result(code, &life.out, options->output);
}
