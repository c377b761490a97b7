/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_NOTIFY_FAKE_STATE_H
#define AJAR_TESTS_NOTIFY_FAKE_STATE_H

#include "ajar/state.h"

/*
 * A double of state's deliveries: events in order, one at a time a finding, back-off as
 * the test says. It keeps what it was told.
 */
#define FAKE_EVENTS 64

struct fake_event
{
    char id[AJAR_EVENT_ID_BYTES];
    char finding[AJAR_FINDING_ID_BYTES];
    bool owed;
    bool under_way;
    int64_t next_ms;
    unsigned attempts;
    enum ajar_delivery_result result;
    char reference[2048];
    char detail[8192];
    int64_t retry_ms;
};

struct ajar_state
{
    struct fake_event events[FAKE_EVENTS];
    size_t count;
    struct ajar_state_error error;
    int64_t backoff_ms;
    unsigned queued;     /* calls of ajar_state_queue */
    unsigned fail_queue; /* so many calls fail first */
    unsigned fail_next;
    unsigned fail_delivered;
    unsigned order[1024]; /* of deliveries begun: index of the event */
    size_t begun;
    unsigned most_at_once;
};

void fake_add(struct ajar_state *state, unsigned finding, unsigned number);

#endif
