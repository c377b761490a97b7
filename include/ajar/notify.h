/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NOTIFY_H
#define AJAR_NOTIFY_H

#include <uv.h>

#include "ajar/config.h"
#include "ajar/record.h"

/*
 * Notify: hands every event that state owes to the ticket commands, until they
 * acknowledge it. Each event is one run of the command: no shell, its own session, the
 * event as one JSON line on stdin, AJAR_EVENT_ID, AJAR_FINDING_ID, PATH, HOME and LANG as
 * its whole environment, no descriptor but 0, 1 and 2. Exit 0 acknowledges, and the first
 * line of stdout is the ticket's reference; all else is a failure that state will owe
 * again. What it leaves running is killed with its process group. It prints nothing and
 * reads no clock. In order per finding, several at once; state keeps that order. It lives
 * in a libuv loop beside a scan, or alone (ajar deliver). The program must ignore SIGPIPE
 * (a command need not read its stdin).
 *
 * Life: new, start, wake as often as there is news, finish or stop once, free after
 * `done`.
 */
struct ajar_notify;

#define AJAR_NOTIFY_PARALLEL 4    /* commands at once for each section */
#define AJAR_NOTIFY_REFERENCE 200 /* bytes of stdout's first line that are kept */
#define AJAR_NOTIFY_DETAIL 500    /* bytes of stderr that are kept */
#define AJAR_NOTIFY_OUTPUT                                                               \
    (1u << 20) /* bytes of output that are read before it is killed */

/* What became of one delivery. Texts are safe to print and borrowed until return. */
struct ajar_notify_told
{
    const char *section; /* "" for [tickets] */
    const char *command;
    const char *event;
    const char *finding;
    enum ajar_event_kind kind;
    enum ajar_delivery_result result;
    const char *reference; /* ACKED: what the command printed, or NULL */
    const char *detail;    /* what went wrong, or NULL; may stand beside ACKED, too */
    bool written;          /* false: state could not take it (yet); its error says why */
};

struct ajar_notify_options
{
    uv_loop_t *loop;
    struct ajar_state *state; /* opened for writing */
    const struct ajar_tickets *sections;
    size_t section_count;
    const char *path; /* the commands' PATH, HOME and LANG; NULL: left out */
    const char *home;
    const char *lang;
    unsigned parallel;                /* a section; 0: AJAR_NOTIFY_PARALLEL */
    uint32_t grace_ms;                /* from SIGTERM to SIGKILL; 0: 2 s */
    int64_t (*now_ms)(void *context); /* Unix time */
    /* After each delivery; NULL: not asked for. Must not call notify or state. */
    void (*told)(void *context, const struct ajar_notify_told *told);
    /* Once, after finish or stop, when nothing of ours is left in the loop; the last
     * thing notify does, so it may free. */
    void (*done)(void *context);
    void *context;
};

struct ajar_notify_tally
{
    uint64_t acked;
    uint64_t failed;    /* timeouts included */
    uint64_t unwritten; /* results that state could not take: these will come again */
    uint64_t under_way;
    bool state_failed; /* a call to state failed: `error` holds the first one */
    struct ajar_state_error error;
};

/* Copies the options; sections, state, loop and texts are borrowed until done.
 * AJAR_ENOMEM; AJAR_ESTATE: SIGPIPE is not ignored. */
int ajar_notify_new(const struct ajar_notify_options *options,
                    struct ajar_notify **out) AJAR_MUST_CHECK;
/* Makes the sections known to state and delivers what is due, and later what becomes due.
 * Failures of state do not stop it: they are counted in the tally and tried again. */
void ajar_notify_start(struct ajar_notify *notify);
/* There are new events (ajar_state_tick said so). */
void ajar_notify_wake(struct ajar_notify *notify);
/* Delivers what is due now, waits for what is under way, then `done`. What waits for its
 * back-off stays owed: ajar_state_owed tells. */
void ajar_notify_finish(struct ajar_notify *notify);
/* Begins nothing more. What is under way has wait_ms to end, is then killed and stays
 * owed. May follow finish (a Ctrl-C). */
void ajar_notify_stop(struct ajar_notify *notify, uint32_t wait_ms);
void ajar_notify_tally(const struct ajar_notify *notify, struct ajar_notify_tally *out);
/* Before start, or from `done` on. NULL is fine. */
void ajar_notify_free(struct ajar_notify *notify);

#endif
