/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NOTIFY_PRIVATE_H
#define AJAR_NOTIFY_PRIVATE_H

#include "outcome.h"

/* A call to state that failed is made again after this, and on the way out so often. */
#define NOTIFY_RETRY_MS 1000
#define NOTIFY_LAST_TRIES 5
/* A wait is never longer: the clock of the back-off may be set. */
#define NOTIFY_LONGEST_WAIT_MS 60000

struct notify_section;

/* One delivery at a time: event, command, result. */
struct notify_slot
{
    struct ajar_notify *notify;
    struct notify_section *section;
    struct command command;
    struct outcome outcome;
    struct ajar_buf input; /* the event's line; the command reads it while it runs */
    int rendered;          /* status of rendering it */
    char event[AJAR_EVENT_ID_BYTES];
    char finding[AJAR_FINDING_ID_BYTES];
    enum ajar_event_kind kind;
    bool busy;
    bool unwritten; /* ended, but state has not taken the result */
    unsigned tries;
};

struct notify_section
{
    const struct ajar_tickets *tickets;
    struct notify_slot *slots;
    bool queued;     /* state knows it, and all events so far */
    bool idle;       /* state has nothing for it now */
    int64_t next_ms; /* then when; 0: not by itself */
    unsigned tries;  /* calls to state that failed, one after the other */
};

struct ajar_notify
{
    struct ajar_notify_options options;
    struct notify_section *sections;
    struct ajar_notify_tally tally;
    uv_timer_t timer;
    bool started;
    bool finishing;
    bool stopping;
    bool closing;
};

/* Looks at every section again; ends it all when there is nothing left to do. */
void notify_pump(struct ajar_notify *notify);
void notify_state_failed(struct ajar_notify *notify);

/* ajar_state_deliver_next's callback; context is the slot. */
bool slot_take(void *context, const struct ajar_event_view *event);
/* Runs the command with what slot_take took. */
void slot_run(struct notify_slot *slot);
/* Tells state the result again; false: it still does not take it. */
bool slot_write(struct notify_slot *slot);
void slot_deinit(struct notify_slot *slot);
void slot_init(struct notify_slot *slot, struct ajar_notify *notify,
               struct notify_section *section);

#endif
