/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"

#include <stdio.h>
#include <unistd.h>

#include "ajar/escape.h"
#include "clock.h"

enum app_format view_format(const struct app_options *options)
{
    if (options->format != APP_FORMAT_AUTO)
    {
        return options->format;
    }
    bool terminal = options->output == NULL && isatty(STDOUT_FILENO) != 0;
    return terminal ? APP_FORMAT_TEXT : APP_FORMAT_JSONL;
}

static bool note_owner(void *context, const struct ajar_coverage_view *coverage)
{
    (void)coverage;
    *(bool *)context = true;
    return true;
}

static bool note_finding(void *context, const struct ajar_finding_view *finding)
{
    (void)finding;
    *(bool *)context = true;
    return false;
}

enum app_exit view_check_owner(struct store *store, const struct app_options *options)
{
    bool known = options->owner == NULL;
    struct ajar_finding_query query = {.owner = options->owner, .states = UINT32_MAX};
    if (!known &&
        (ajar_state_coverage(store->state, options->owner, clock_now_ms(), note_owner,
                             &known) != AJAR_OK ||
         ajar_state_findings(store->state, &query, note_finding, &known) != AJAR_OK))
    {
        return store_failed(store);
    }
    if (!known)
    {
        struct ajar_buf shown;
        ajar_buf_init(&shown, 1024);
        (void)ajar_escape_text(&shown, ajar_span_of(options->owner), 64);
        /* other owners are not named: this view may be handed on */
        (void)fprintf(
            stderr,
            "ajar: --owner %s: nothing of that section is remembered; write the "
            "[section] of the targets file, and scan it first\n",
            shown.data != NULL ? shown.data : "\"\"");
        ajar_buf_deinit(&shown);
        return APP_USAGE;
    }
    return APP_OK;
}

void view_count(uint64_t count, const char *noun, struct ajar_buf *out)
{
    (void)ajar_record_number(count, out);
    (void)ajar_buf_printf(out, " %s%s", noun, count == 1 ? "" : "s");
}

void view_where(const struct ajar_finding_view *finding, struct ajar_buf *out)
{
    char where[AJAR_ADDR_TEXT_MAX + 8];
    if (finding->endpoint_count == 0)
    {
        (void)ajar_buf_text(out, "-");
        return;
    }
    (void)ajar_addr_format_port(&finding->endpoints[0].addr, finding->endpoints[0].port,
                                where);
    (void)ajar_buf_text(out, where);
    if (finding->endpoints_total > 1)
    {
        (void)ajar_buf_text(out, " and ");
        (void)ajar_record_number(finding->endpoints_total - 1, out);
        (void)ajar_buf_text(out, " more");
    }
}

static void put_change(const struct ajar_change_view *change, struct ajar_buf *out)
{
    (void)ajar_buf_printf(out,
                          "                    %s: ", ajar_change_word(change->what));
    (void)ajar_escape_text(out, ajar_span_of(change->from), 120);
    (void)ajar_buf_text(out, change->from[0] != '\0' ? " -> " : "");
    (void)ajar_escape_text(out, ajar_span_of(change->to), 120);
    (void)ajar_buf_byte(out, '\n');
}

void view_event(const struct ajar_event_view *event, bool with_finding,
                struct ajar_buf *out)
{
    char when[24];
    clock_minute(event->time_ms, when);
    (void)ajar_buf_printf(out, "%s  %-12s  %-21s ", when,
                          ajar_event_kind_word(event->kind), event->id);
    (void)ajar_buf_text(out, event->delivered ? "delivered" : "owed     ");
    if (event->urgent)
    {
        (void)ajar_buf_text(out, "  URGENT");
    }
    if (with_finding)
    {
        (void)ajar_buf_text(out, "  ");
        (void)ajar_record_event_title(event, out);
    }
    (void)ajar_buf_byte(out, '\n');
    for (size_t i = 0; i < event->change_count; i++)
    {
        put_change(&event->changes[i], out);
    }
}

/* ---- the last lines ---- */

static void put_states(const struct ajar_state_metrics *now, struct ajar_buf *out)
{
    bool first = true;
    for (unsigned i = 0; i < AJAR_FINDING_STATE_COUNT; i++)
    {
        if (now->by_state[i] > 0 && i != AJAR_FINDING_RESOLVED)
        {
            (void)ajar_buf_text(out, first ? "" : ", ");
            (void)ajar_record_number(now->by_state[i], out);
            (void)ajar_buf_printf(out, " %s",
                                  ajar_finding_state_word((enum ajar_finding_state)i));
            first = false;
        }
    }
    (void)ajar_buf_text(out, first ? "Nothing is known to stand open.\n" : ".\n");
}

static void put_last_scan(const struct ajar_state_metrics *now, struct ajar_buf *out)
{
    char when[24];
    if (!now->has_run)
    {
        return;
    }
    clock_minute(now->run_started_ms, when);
    (void)ajar_buf_printf(out, "Last scan %s UTC: ", when);
    (void)ajar_record_number(now->run_observed, out);
    (void)ajar_buf_text(out, " of ");
    (void)ajar_record_number(now->run_targets, out);
    (void)ajar_buf_text(out, " targets looked at");
    (void)ajar_buf_text(out, !now->run_ended      ? ", NOT FINISHED"
                             : !now->run_complete ? ", INCOMPLETE"
                                                  : "");
    (void)ajar_buf_text(out,
                        now->run_ended && !now->run_trusted ? ", UNTRUSTED.\n" : ".\n");
}

void view_footer(struct store *store, const char *owner, struct ajar_buf *out)
{
    struct ajar_state_metrics now;
    if (ajar_state_standing(store->state, owner, &now) != AJAR_OK)
    {
        return; /* the list above stands without it; the next command will say why
                 */
    }
    put_states(&now, out);
    if (now.documents > 0)
    {
        (void)ajar_record_number(now.documents, out);
        (void)ajar_buf_text(out, " documents in ");
        view_count(now.datasets, "data set", out);
        if (now.documents_all > now.documents)
        {
            (void)ajar_buf_text(out, ", each counted once (");
            (void)ajar_record_number(now.documents_all, out);
            (void)ajar_buf_text(out, " with all copies)");
        }
        (void)ajar_buf_text(out, ".\n");
    }
    if (now.undelivered > 0 && store->config->ticket_count > 0)
    {
        view_count(now.undelivered, "event", out);
        (void)ajar_buf_text(out, " not delivered yet: `ajar events --undelivered`.\n");
    }
    if (owner == NULL)
    {
        put_last_scan(&now, out);
    }
}
