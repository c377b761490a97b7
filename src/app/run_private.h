/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_RUN_PRIVATE_H
#define AJAR_APP_RUN_PRIVATE_H

#include "ajar/prng.h"
#include "ajar/schedule.h"
#include "run.h"

/* A shortage here (descriptors, ports) is waited out: 50 ms, doubled, this many
 * times. */
#define SLOT_MAX_RETRIES 7
#define SLOT_FIRST_RETRY_MS 50u

/*
 * A slot of the pool: one host in flight, its ports one after another, each a
 * visit. Slots are made as they are first needed and kept to the end of the
 * run.
 */
struct slot
{
    struct run *run;
    struct slot *next; /* in the free list, or in the queue of postponed dials */
    struct ajar_link link;
    uv_timer_t timer;
    uint64_t deadline_ns; /* what the visit asked for; the timer may fire earlier */
    uint64_t armed_ns;    /* when the timer fires; UINT64_MAX: not armed */
    struct ajar_visit *visit;
    struct ajar_visit_io io; /* borrowed by the visit */
    struct ajar_permit *permit;
    struct work_host host;
    uint64_t index;
    size_t port;
    unsigned retries;
    bool paid;        /* the next connection was paid for by the schedule */
    bool dial_tls;    /* of a postponed dial */
    bool opened;      /* the connection was up */
    bool giving_back; /* closed for a local shortage, to be dialled again */
    bool retrying;    /* the timer stands for a retry, not for a deadline */
    struct slot *all; /* every slot, for the end */
};

struct run
{
    const struct run_config *config;
    uv_loop_t loop;
    struct ajar_net *net;
    struct ajar_schedule *schedule;
    struct ajar_visit_config visit_config;
    struct slot *slots;
    struct slot *free_slots;
    struct slot *postponed_first;
    struct slot *postponed_last;
    uv_timer_t pump_timer;
    uv_timer_t tick;
    uv_signal_t on_int;
    uv_signal_t on_term;
    uv_signal_t on_hup;
    struct run_result result;
    uint64_t started_ns;
    uint64_t scope_checked_ms; /* loop time of the last look at the targets files */
    uint64_t ended;            /* targets with a record */
    uint64_t open;             /* of these: something can be read */
    uint64_t started;          /* targets begun */
    bool stopping;
    bool visited; /* no visit any more: only the company is in the loop */
    bool pumping;
    bool progress_drawn;
    uint64_t status_ns;
};

/* run.c */
void run_pump(struct run *run);
void run_stop(struct run *run);
void run_postpone(struct run *run, struct slot *slot);
void run_record(struct run *run, const struct slot *slot,
                const struct ajar_visit_result *result);
/* Reads the exclusions again when a targets file changed; at most once a loop
 * turn. */
void run_refresh_scope(struct run *run, bool forced);

/* slot.c */
int slot_new(struct run *run, struct slot **out) AJAR_MUST_CHECK;
void slot_close(struct slot *slot); /* its handles; memory is freed with slot_free */
void slot_free(struct slot *slot);
void slot_start(struct slot *slot, uint64_t index);
/* A postponed dial that the rate allows now. */
void slot_dial_postponed(struct slot *slot);

/* progress.c */
void progress_tick(struct run *run);
void progress_clear(struct run *run);

#endif
