/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_state.h"

#include <stdio.h>
#include <string.h>

void fake_add(struct ajar_state *state, unsigned finding, unsigned number)
{
    struct fake_event *event = &state->events[state->count++];
    (void)snprintf(event->id, sizeof(event->id), "E-AAAAAAAAAA%02u-%u", finding % 100,
                   number);
    (void)snprintf(event->finding, sizeof(event->finding), "F-AAAAAAAAAA%02u",
                   finding % 100);
    event->owed = true;
}

static bool fails(struct ajar_state *state, unsigned *left)
{
    if (*left == 0)
    {
        return false;
    }
    --*left;
    state->error.fault = AJAR_STATE_FAULT_FULL;
    (void)snprintf(state->error.text, sizeof(state->error.text), "the disk is full");
    return true;
}

const struct ajar_state_error *ajar_state_error(const struct ajar_state *state)
{
    return &state->error;
}

int ajar_state_queue(struct ajar_state *state, const struct ajar_ticket_section *section,
                     int64_t now_ms)
{
    (void)section;
    (void)now_ms;
    state->queued++;
    return fails(state, &state->fail_queue) ? AJAR_ESYSTEM : AJAR_OK;
}

static bool is_free(const struct ajar_state *state, size_t index)
{
    for (size_t i = 0; i < index; i++)
    {
        const struct fake_event *before = &state->events[i];
        if (before->owed && strcmp(before->finding, state->events[index].finding) == 0)
        {
            return false;
        }
    }
    return state->events[index].owed && !state->events[index].under_way;
}

static void note(struct ajar_state *state, size_t index)
{
    unsigned at_once = 0;
    state->order[state->begun++] = (unsigned)index;
    for (size_t i = 0; i < state->count; i++)
    {
        at_once += state->events[i].under_way ? 1 : 0;
    }
    state->most_at_once = at_once > state->most_at_once ? at_once : state->most_at_once;
}

int ajar_state_deliver_next(struct ajar_state *state, const char *section, int64_t now_ms,
                            ajar_event_fn each, void *context, int64_t *out_next_ms)
{
    int64_t next_ms = 0;
    (void)section;
    if (fails(state, &state->fail_next))
    {
        return AJAR_ESYSTEM;
    }
    for (size_t i = 0; i < state->count; i++)
    {
        struct fake_event *event = &state->events[i];
        if (!is_free(state, i))
        {
            continue;
        }
        if (event->next_ms > now_ms)
        {
            next_ms = next_ms == 0 || event->next_ms < next_ms ? event->next_ms : next_ms;
            continue;
        }
        struct ajar_event_view view = {
            .kind = AJAR_EVENT_OPENED, .run = "", .time_ms = now_ms};
        memcpy(view.id, event->id, sizeof(view.id));
        memcpy(view.finding.id, event->finding, sizeof(view.finding.id));
        view.finding.owner = "";
        view.finding.exposure = AJAR_EXPOSURE_RECORDS;
        event->under_way = true;
        event->attempts++;
        note(state, i);
        (void)each(context, &view);
        return AJAR_OK;
    }
    *out_next_ms = next_ms;
    return AJAR_ENOTFOUND;
}

static void keep(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text != NULL ? text : "");
}

int ajar_state_delivered(struct ajar_state *state,
                         const struct ajar_delivery_report *report)
{
    if (fails(state, &state->fail_delivered))
    {
        return AJAR_ESYSTEM;
    }
    for (size_t i = 0; i < state->count; i++)
    {
        struct fake_event *event = &state->events[i];
        if (strcmp(event->id, report->event) == 0)
        {
            event->under_way = false;
            event->owed = report->result != AJAR_DELIVERY_ACKED;
            event->result = report->result;
            event->retry_ms = report->retry_ms;
            event->next_ms = report->now_ms + state->backoff_ms;
            keep(event->reference, sizeof(event->reference), report->reference);
            keep(event->detail, sizeof(event->detail), report->detail);
            return AJAR_OK;
        }
    }
    return AJAR_ENOTFOUND;
}
