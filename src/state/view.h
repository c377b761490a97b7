/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_VIEW_H
#define AJAR_STATE_VIEW_H

#include "rows.h"

/* Rows as the structs that the rest of ajar reads; everything in the state's arena. */

/* Endpoints as they stand, and facts of the representative one. The data set and the
 * ticket's reference are not filled: they depend on who asks. */
int view_of_finding(struct ajar_state *state, const struct row_finding *finding,
                    const struct row_endpoint *endpoints, size_t count, bool details,
                    struct ajar_finding_view *out);
/* owner: the number whose clusters alone are counted; 0: all. */
int view_dataset(struct ajar_state *state, const struct row_finding *finding,
                 int64_t owner, struct ajar_dataset_view *out);
/* The unresolved findings that hold the data set of ?1 fingerprint, ?2 digest of names,
 * ?3 to ?4 documents. In two halves, each told its index: of a disjunction the planner
 * makes a walk over all findings. */
#define VIEW_COPIES                                                                      \
    "SELECT num FROM finding INDEXED BY finding_fingerprint WHERE copyable = 1"          \
    " AND fingerprint = ?1 AND state < 3"                                                \
    " UNION SELECT num FROM finding INDEXED BY finding_names WHERE copyable = 1"         \
    " AND names_digest = ?2 AND ?2 != 0 AND documents BETWEEN ?3 AND ?4 AND state < 3"
/* section NULL: the first that is known. */
int view_reference(struct ajar_state *state, int64_t finding, const char *section,
                   const char **out);
const char *view_owner(struct ajar_state *state, int64_t owner);
/* An event's row: its body, data set and reference. */
struct view_event_row
{
    int64_t seq;
    const char *id;
    int64_t finding;
    int64_t owner;
    int64_t kind;
    int64_t time_ms;
    int64_t urgent;
    bool delivered;
    int64_t frozen;
    int64_t copies;
    int64_t copy_documents;
    int64_t fingerprint;
    struct ajar_span body;
};
int view_of_event(struct ajar_state *state, const struct view_event_row *row,
                  const char *section, struct ajar_event_view *out);
/* What view_of_event needs: a SELECT's columns, and their reading. */
#define VIEW_EVENT_SELECT                                                                \
    "event.seq, event.id, event.finding, event.owner, event.kind, event.time_ms,"        \
    " event.urgent, event.settled != 0, event.frozen, event.copies,"                     \
    " event.copy_documents, event.fingerprint, event.body"
int view_read_event(struct ajar_state *state, sqlite3_stmt *statement,
                    struct view_event_row *out);

#endif
