/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_EVENTS_H
#define AJAR_STATE_EVENTS_H

#include "rows.h"

/*
 * Telling: what differs from what was told last, and the outbox row that tells it, in the
 * same transaction as the change itself.
 */
struct events_changes
{
    struct ajar_change_view items[AJAR_MAX_CHANGES];
    size_t count;
};

/* Adds one; texts are copied into the arena. */
int events_change(struct ajar_state *state, struct events_changes *changes,
                  enum ajar_change_what what, const char *from, const char *to);
/* What the finding's rows say now against told_*. endpoints_too: at the end of a run,
 * when all of them have been looked at. */
int events_compare(struct ajar_state *state, const struct row_finding *finding,
                   const struct row_endpoint *endpoints, size_t count, bool endpoints_too,
                   struct events_changes *changes);
/* Writes the event and sets told_* (the caller stores the finding). */
int events_emit(struct ajar_state *state, struct row_finding *finding,
                const struct row_endpoint *endpoints, size_t count,
                enum ajar_event_kind kind, const struct events_changes *changes,
                bool urgent);
/* Where the finding was opened or reopened by this very run and nobody was handed that
 * event yet, it is made to say what is known now, instead of a second event. 1: done. */
int events_refresh(struct ajar_state *state, struct row_finding *finding,
                   const struct row_endpoint *endpoints, size_t count);
/* Fixes what an event says of copies: of one, or of all (seq 0: resets the arena). */
int events_freeze(struct ajar_state *state, int64_t seq);
/* The finding's addresses as a text that is equal when they are. */
const char *events_endpoints_text(struct ajar_state *state,
                                  const struct row_endpoint *endpoints, size_t count);

#endif
