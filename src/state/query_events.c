/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "view.h"

enum
{
    SLOT_EVENTS = DB_SLOT_QUERY + 5,
    SLOT_EVENT
};

/* Each row of a statement whose columns are VIEW_EVENT_SELECT. */
static int list(struct ajar_state *state, sqlite3_stmt *statement, ajar_event_fn each,
                void *context, size_t *out_seen)
{
    int status = db_step(state, statement);
    while (status == 1)
    {
        struct view_event_row row;
        struct ajar_event_view view;
        ajar_arena_reset(&state->arena);
        status = view_read_event(state, statement, &row);
        status = status == AJAR_OK ? view_of_event(state, &row, NULL, &view) : status;
        (*out_seen)++;
        if (status != AJAR_OK || !each(context, &view))
        {
            (void)sqlite3_reset(statement);
            return status;
        }
        status = db_step(state, statement);
    }
    return status;
}

int ajar_state_events(struct ajar_state *state, const struct ajar_event_query *query,
                      ajar_event_fn each, void *context)
{
    int64_t owner = 0;
    size_t seen = 0;
    db_enter(state);
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, query->owner, &owner) : status;
    if (status == AJAR_OK)
    {
        sqlite3_stmt *statement = db_statement(
            state, SLOT_EVENTS,
            "SELECT " VIEW_EVENT_SELECT " FROM event WHERE event.seq > ?1"
            " AND (?2 = 0 OR event.owner = ?2) AND event.time_ms >= ?3"
            " AND (?4 IS NULL OR event.finding = (SELECT num FROM finding WHERE id = ?4))"
            " AND (?5 = 0 OR event.settled = 0) ORDER BY event.seq");
        db_int(statement, 1, db_sat(query->after_seq));
        db_int(statement, 2, owner);
        db_int(statement, 3, query->since_ms);
        db_text(statement, 4, query->finding);
        db_int(statement, 5, query->undelivered ? 1 : 0);
        status = list(state, statement, each, context, &seen);
    }
    db_end_read(state);
    return status;
}

/* "E-" and letters in upper case: ids are told over the phone too. */
static bool normal_id(const char *text, char out[AJAR_EVENT_ID_BYTES])
{
    size_t len = strlen(text);
    if (len >= AJAR_EVENT_ID_BYTES)
    {
        return false;
    }
    for (size_t i = 0; i <= len; i++)
    {
        out[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
    }
    return true;
}

int ajar_state_event(struct ajar_state *state, const char *id, const char *owner,
                     ajar_event_fn each, void *context)
{
    char wanted[AJAR_EVENT_ID_BYTES] = "";
    int64_t owner_num = 0;
    size_t seen = 0;
    db_enter(state);
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, owner, &owner_num) : status;
    if (status == AJAR_OK && normal_id(id, wanted))
    {
        sqlite3_stmt *statement =
            db_statement(state, SLOT_EVENT,
                         "SELECT " VIEW_EVENT_SELECT " FROM event WHERE event.id = ?1"
                         " AND (?2 = 0 OR event.owner = ?2)");
        db_text(statement, 1, wanted);
        db_int(statement, 2, owner_num);
        status = list(state, statement, each, context, &seen);
    }
    db_end_read(state);
    return status == AJAR_OK && seen == 0
               ? db_fault(state, AJAR_STATE_FAULT_UNKNOWN, "there is no event %.40s", id)
               : status;
}
