/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_MEMORY_H
#define AJAR_APP_MEMORY_H

#include <uv.h>

#include "ajar/notify.h"
#include "run.h"
#include "store.h"

/*
 * A run's memory: looks go to the state as targets end, events to the ticket
 * commands while the run goes on. When the state fails on the way (a full disk)
 * the run goes on, the failure is said once, and the run ends as incomplete:
 * what it saw is printed, what was not committed is not told to anyone.
 */
struct memory
{
    struct store store;
    const struct ajar_scope *scope;
    const struct ajar_run_info *info;
    struct ajar_notify *notify; /* NULL: no ticket sections */
    uv_loop_t *loop;
    const struct ajar_section **canaries;
    size_t canary_count;
    bool on;            /* it remembers this run */
    bool only_declared; /* check: loopback that nobody declared leaves no trace */
    bool failed;        /* an error was said */
    bool trusted;
    bool ended;     /* run_end was called */
    bool delivered; /* notify is done */
    bool quiet;
    bool said_delivery;
    uint64_t lost; /* looks that the state did not take */
    uint64_t undelivered;
    struct ajar_state_summary summary;
};

struct memory_run
{
    const struct ajar_run_info *info;
    const struct ajar_scope *scope;
    enum ajar_state_source source;
    const char *vantage;
    bool quiet;
};

/* store is open for writing and moves into the memory. */
enum app_exit memory_begin(struct memory *memory, struct store *store,
                           const struct memory_run *run);
/* Starts the ticket commands beside the visits. */
int memory_company_start(struct memory *memory, uv_loop_t *loop);
void memory_look(struct memory *memory, const struct ajar_target_record *record);
void memory_tick(struct memory *memory);
/* Judges canaries, ends the run, and says what is untrusted. */
void memory_judge(struct memory *memory, const struct ajar_run_totals *totals);
/* What changed since the last time, for a person. */
void memory_summarize(struct memory *memory, const struct ajar_run_totals *totals,
                      struct ajar_buf *out);
/* Runs the loop until all that is due is delivered; at once: only what is under
 * way. */
void memory_deliver(struct memory *memory, bool at_once);
/* A signal while memory_deliver runs. */
void memory_stop_delivery(struct memory *memory);
/* APP_INCOMPLETE when something was not remembered or not delivered. Closes the
 * state. */
enum app_exit memory_end(struct memory *memory);

#endif
