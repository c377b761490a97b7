/* SPDX-License-Identifier: Apache-2.0 */
#include "notify_private.h"

#include <stdio.h>

void slot_init(struct notify_slot *slot, struct ajar_notify *notify,
               struct notify_section *section)
{
    *slot = (struct notify_slot){.notify = notify, .section = section};
    ajar_buf_init(&slot->input, AJAR_MAX_RECORD);
    outcome_init(&slot->outcome);
}

void slot_deinit(struct notify_slot *slot)
{
    ajar_buf_deinit(&slot->input);
    outcome_deinit(&slot->outcome);
    command_deinit(&slot->command);
}

bool slot_take(void *context, const struct ajar_event_view *event)
{
    struct notify_slot *slot = context;
    memcpy(slot->event, event->id, sizeof(slot->event));
    memcpy(slot->finding, event->finding.id, sizeof(slot->finding));
    slot->kind = event->kind;
    ajar_buf_reset(&slot->input, 0);
    slot->rendered = ajar_record_event(event, &slot->input);
    return false;
}

bool slot_write(struct notify_slot *slot)
{
    const struct ajar_notify_options *options = &slot->notify->options;
    const struct outcome *outcome = &slot->outcome;
    int64_t now_ms = options->now_ms(options->context);
    struct ajar_delivery_report report = {
        .section = slot->section->tickets->name,
        .event = slot->event,
        .result = outcome->result,
        .reference = outcome->reference.len > 0 ? outcome->reference.data : NULL,
        .detail = outcome->detail.len > 0 ? outcome->detail.data : NULL,
        .now_ms = now_ms,
        /* who was stopped did nothing wrong: no back-off */
        .retry_ms = slot->command.end.stopped ? now_ms : 0,
    };
    slot->tries++;
    slot->unwritten = ajar_state_delivered(options->state, &report) < 0;
    if (slot->unwritten)
    {
        notify_state_failed(slot->notify);
        return false;
    }
    slot->busy = false;
    return true;
}

static void tell(struct notify_slot *slot, bool written)
{
    const struct ajar_notify_options *options = &slot->notify->options;
    const struct outcome *outcome = &slot->outcome;
    struct ajar_notify_told told = {
        .section = slot->section->tickets->name,
        .command = slot->section->tickets->command,
        .event = slot->event,
        .finding = slot->finding,
        .kind = slot->kind,
        .result = outcome->result,
        .reference = outcome->reference.len > 0 ? outcome->reference.data : NULL,
        .detail = outcome->detail.len > 0 ? outcome->detail.data : NULL,
        .written = written,
    };
    if (options->told != NULL)
    {
        options->told(options->context, &told);
    }
}

static void settle(struct notify_slot *slot)
{
    struct ajar_notify *notify = slot->notify;
    notify->tally.under_way--;
    if (slot->outcome.result == AJAR_DELIVERY_ACKED)
    {
        notify->tally.acked++;
    }
    else
    {
        notify->tally.failed++;
    }
    slot->tries = 0;
    tell(slot, slot_write(slot));
    notify_pump(notify);
}

static void on_done(void *context)
{
    struct notify_slot *slot = context;
    outcome_read(&slot->outcome, &slot->command, slot->section->tickets);
    if (slot->rendered < 0)
    {
        ajar_buf_reset(&slot->outcome.detail, 0);
        (void)ajar_buf_printf(&slot->outcome.detail, "the event could not be written: %s",
                              ajar_status_text(slot->rendered));
    }
    settle(slot);
}

/* An event that cannot be put into words (no memory) is a failure like any other. It is
 * told through the loop as they are: a command that cannot start. */
static char *const *no_command(void)
{
    static const char empty[] = "";
    static char *const none[] = {(char *)(uintptr_t)empty, NULL};
    return none;
}

/* NAME=VALUE; what is not known is left out. */
static void put_variable(char **env, size_t *count, char *text, size_t size,
                         const char *name, const char *value)
{
    if (value != NULL)
    {
        int len = snprintf(text, size, "%s=%s", name, value);
        if (len > 0 && (size_t)len < size)
        {
            env[(*count)++] = text;
        }
    }
}

void slot_run(struct notify_slot *slot)
{
    const struct ajar_tickets *tickets = slot->section->tickets;
    const struct ajar_notify_options *options = &slot->notify->options;
    char *argv[AJAR_MAX_TICKET_ARGUMENTS + 2] = {(char *)(uintptr_t)tickets->command};
    char *env[6] = {NULL};
    char texts[5][4096];
    size_t count = 0;
    for (size_t i = 0; i < tickets->argument_count && i < AJAR_MAX_TICKET_ARGUMENTS; i++)
    {
        argv[i + 1] = (char *)(uintptr_t)tickets->arguments[i];
    }
    put_variable(env, &count, texts[0], sizeof(texts[0]), "AJAR_EVENT_ID", slot->event);
    put_variable(env, &count, texts[1], sizeof(texts[1]), "AJAR_FINDING_ID",
                 slot->finding);
    put_variable(env, &count, texts[2], sizeof(texts[2]), "PATH", options->path);
    put_variable(env, &count, texts[3], sizeof(texts[3]), "HOME", options->home);
    put_variable(env, &count, texts[4], sizeof(texts[4]), "LANG", options->lang);
    struct command_ask ask = {
        .loop = options->loop,
        .argv = slot->rendered < 0 ? no_command() : argv,
        .env = env,
        .input = ajar_buf_span(&slot->input),
        .timeout_ms = tickets->timeout_ms,
        .grace_ms = options->grace_ms,
    };
    slot->busy = true;
    slot->notify->tally.under_way++;
    command_start(&slot->command, &ask, on_done, slot);
}
