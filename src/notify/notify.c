/* SPDX-License-Identifier: Apache-2.0 */
#include "notify_private.h"

#include <signal.h>
#include <stdlib.h>

static bool is_sigpipe_ignored(void)
{
    struct sigaction now;
    return sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler != SIG_DFL;
}

static bool make_sections(struct ajar_notify *notify)
{
    const struct ajar_notify_options *options = &notify->options;
    notify->sections = calloc(options->section_count, sizeof(*notify->sections));
    for (size_t i = 0; notify->sections != NULL && i < options->section_count; i++)
    {
        struct notify_section *section = &notify->sections[i];
        section->tickets = &options->sections[i];
        section->slots = calloc(options->parallel, sizeof(*section->slots));
        for (unsigned j = 0; section->slots != NULL && j < options->parallel; j++)
        {
            slot_init(&section->slots[j], notify, section);
        }
        if (section->slots == NULL)
        {
            return false;
        }
    }
    return notify->sections != NULL || options->section_count == 0;
}

int ajar_notify_new(const struct ajar_notify_options *options, struct ajar_notify **out)
{
    if (!is_sigpipe_ignored())
    {
        return AJAR_ESTATE;
    }
    struct ajar_notify *notify = calloc(1, sizeof(*notify));
    if (notify == NULL)
    {
        return AJAR_ENOMEM;
    }
    notify->options = *options;
    notify->options.parallel =
        options->parallel > 0 ? options->parallel : AJAR_NOTIFY_PARALLEL;
    notify->options.grace_ms = options->grace_ms > 0 ? options->grace_ms : 2000;
    if (!make_sections(notify))
    {
        ajar_notify_free(notify);
        return AJAR_ENOMEM;
    }
    *out = notify;
    return AJAR_OK;
}

void ajar_notify_free(struct ajar_notify *notify)
{
    if (notify == NULL)
    {
        return;
    }
    for (size_t i = 0; notify->sections != NULL && i < notify->options.section_count; i++)
    {
        struct notify_section *section = &notify->sections[i];
        for (unsigned j = 0; section->slots != NULL && j < notify->options.parallel; j++)
        {
            slot_deinit(&section->slots[j]);
        }
        free(section->slots);
    }
    free(notify->sections);
    free(notify);
}

void notify_state_failed(struct ajar_notify *notify)
{
    const struct ajar_state_error *error = ajar_state_error(notify->options.state);
    if (!notify->tally.state_failed && error != NULL)
    {
        notify->tally.error = *error;
    }
    notify->tally.state_failed = true;
}

static bool is_ending(const struct ajar_notify *notify)
{
    return notify->finishing || notify->stopping;
}

/* A call to state failed: again in a second; on the way out a few times only. */
static void put_off(struct ajar_notify *notify, struct notify_section *section,
                    int64_t now_ms)
{
    notify_state_failed(notify);
    section->tries++;
    section->idle = is_ending(notify) && section->tries >= NOTIFY_LAST_TRIES;
    section->next_ms = section->idle ? 0 : now_ms + NOTIFY_RETRY_MS;
}

/* Results that state did not take yet. On the way out some are given up at last: the
 * event then comes again, which its id makes harmless. */
static void write_again(struct ajar_notify *notify, struct notify_section *section)
{
    for (unsigned j = 0; j < notify->options.parallel; j++)
    {
        struct notify_slot *slot = &section->slots[j];
        if (slot->unwritten && !slot_write(slot) && is_ending(notify) &&
            slot->tries >= NOTIFY_LAST_TRIES)
        {
            notify->tally.unwritten++;
            slot->unwritten = false;
            slot->busy = false;
        }
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct ajar_notify *notify = timer->data;
    for (size_t i = 0; i < notify->options.section_count; i++)
    {
        write_again(notify, &notify->sections[i]);
    }
    notify_pump(notify);
}

static struct notify_slot *free_slot(const struct ajar_notify *notify,
                                     struct notify_section *section)
{
    for (unsigned j = 0; j < notify->options.parallel; j++)
    {
        if (!section->slots[j].busy)
        {
            return &section->slots[j];
        }
    }
    return NULL;
}

static bool queue(struct ajar_notify *notify, struct notify_section *section,
                  int64_t now_ms)
{
    struct ajar_ticket_section ask = {.name = section->tickets->name,
                                      .owners = section->tickets->owners,
                                      .owner_count = section->tickets->owner_count};
    if (!section->queued)
    {
        section->queued =
            ajar_state_queue(notify->options.state, &ask, now_ms) == AJAR_OK;
    }
    return section->queued;
}

/* Begins what may begin now. */
static void pump_section(struct ajar_notify *notify, struct notify_section *section,
                         int64_t now_ms)
{
    struct notify_slot *slot = NULL;
    if (section->tries > 0 && section->next_ms > now_ms &&
        section->next_ms <= now_ms + NOTIFY_RETRY_MS)
    {
        return; /* a failed call is not repeated before its time */
    }
    if (!queue(notify, section, now_ms))
    {
        put_off(notify, section, now_ms);
        return;
    }
    section->idle = false;
    section->next_ms = 0;
    while ((slot = free_slot(notify, section)) != NULL)
    {
        int64_t next_ms = 0;
        int status =
            ajar_state_deliver_next(notify->options.state, section->tickets->name, now_ms,
                                    slot_take, slot, &next_ms);
        if (status == AJAR_ENOTFOUND)
        {
            section->idle = true;
            section->next_ms = next_ms;
            section->tries = 0;
            return;
        }
        if (status < 0)
        {
            put_off(notify, section, now_ms);
            return;
        }
        section->tries = 0;
        slot_run(slot);
    }
}

static bool is_over(const struct ajar_notify *notify)
{
    bool over = is_ending(notify);
    for (size_t i = 0; over && i < notify->options.section_count; i++)
    {
        const struct notify_section *section = &notify->sections[i];
        over = section->idle || notify->stopping;
        for (unsigned j = 0; over && j < notify->options.parallel; j++)
        {
            over = !section->slots[j].busy;
        }
    }
    return over;
}

/* When to look again by ourselves; UINT64_MAX: only when something happens. */
static uint64_t next_wait(const struct ajar_notify *notify, int64_t now_ms)
{
    uint64_t wait = UINT64_MAX;
    for (size_t i = 0; i < notify->options.section_count; i++)
    {
        const struct notify_section *section = &notify->sections[i];
        bool counts = section->next_ms != 0 && !(is_ending(notify) && section->idle);
        if (counts && !notify->stopping)
        {
            int64_t left = section->next_ms > now_ms ? section->next_ms - now_ms : 1;
            wait = (uint64_t)left < wait ? (uint64_t)left : wait;
        }
        for (unsigned j = 0; j < notify->options.parallel; j++)
        {
            bool again = section->slots[j].unwritten && wait > NOTIFY_RETRY_MS;
            wait = again ? NOTIFY_RETRY_MS : wait;
        }
    }
    return wait == UINT64_MAX || wait < NOTIFY_LONGEST_WAIT_MS ? wait
                                                               : NOTIFY_LONGEST_WAIT_MS;
}

static void on_closed(uv_handle_t *handle)
{
    struct ajar_notify *notify = handle->data;
    if (notify->options.done != NULL)
    {
        notify->options.done(notify->options.context);
    }
}

void notify_pump(struct ajar_notify *notify)
{
    int64_t now_ms = notify->options.now_ms(notify->options.context);
    if (!notify->started || notify->closing)
    {
        return;
    }
    for (size_t i = 0; i < notify->options.section_count; i++)
    {
        if (!notify->stopping)
        {
            pump_section(notify, &notify->sections[i], now_ms);
        }
    }
    if (is_over(notify))
    {
        notify->closing = true;
        uv_close((uv_handle_t *)&notify->timer, on_closed);
        return;
    }
    uint64_t wait = next_wait(notify, now_ms);
    (void)uv_timer_stop(&notify->timer);
    if (wait != UINT64_MAX)
    {
        (void)uv_timer_start(&notify->timer, on_timer, wait, 0);
    }
}

void ajar_notify_start(struct ajar_notify *notify)
{
    (void)uv_timer_init(notify->options.loop, &notify->timer);
    notify->timer.data = notify;
    notify->started = true;
    notify_pump(notify);
}

void ajar_notify_wake(struct ajar_notify *notify)
{
    for (size_t i = 0; i < notify->options.section_count; i++)
    {
        notify->sections[i].queued = false;
    }
    notify_pump(notify);
}

void ajar_notify_finish(struct ajar_notify *notify)
{
    notify->finishing = true;
    ajar_notify_wake(notify);
}

void ajar_notify_stop(struct ajar_notify *notify, uint32_t wait_ms)
{
    notify->stopping = true;
    for (size_t i = 0; i < notify->options.section_count; i++)
    {
        for (unsigned j = 0; j < notify->options.parallel; j++)
        {
            struct notify_slot *slot = &notify->sections[i].slots[j];
            if (slot->busy && !slot->unwritten)
            {
                command_stop(&slot->command, wait_ms);
            }
        }
    }
    notify_pump(notify);
}

void ajar_notify_tally(const struct ajar_notify *notify, struct ajar_notify_tally *out)
{
    *out = notify->tally;
}
