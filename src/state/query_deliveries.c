/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "db.h"

enum
{
    SLOT_OWED = DB_SLOT_DELIVER + 16,
    SLOT_RETRY,
    SLOT_LIST
};

static int section_num(struct ajar_state *state, const char *name, int64_t *out)
{
    sqlite3_stmt *statement = db_statement(state, DB_SLOT_DELIVER + 19,
                                           "SELECT num FROM section WHERE name = ?1");
    db_text(statement, 1, name);
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out = db_get(statement, 0);
        (void)sqlite3_reset(statement);
        return AJAR_OK;
    }
    return status < 0 ? status
                      : db_fault(state, AJAR_STATE_FAULT_UNKNOWN,
                                 "ticket section \"%.60s\" has never been queued", name);
}

int ajar_state_owed(struct ajar_state *state, const char *section, uint64_t *out_owed)
{
    int64_t num = 0;
    db_enter(state);
    int status = section_num(state, section, &num);
    if (status != AJAR_OK)
    {
        return status;
    }
    sqlite3_stmt *statement =
        db_statement(state, SLOT_OWED,
                     "SELECT count(*) FROM delivery WHERE section = ?1 AND state < 2");
    db_int(statement, 1, num);
    status = db_step(state, statement);
    if (status == 1)
    {
        *out_owed = db_get_u64(statement, 0);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

int ajar_state_retry_now(struct ajar_state *state, const char *section)
{
    int64_t num = 0;
    db_enter(state);
    int status = db_need_write(state);
    status = status == AJAR_OK ? section_num(state, section, &num) : status;
    status = status == AJAR_OK ? db_begin(state, state->now_ms) : status;
    if (status != AJAR_OK)
    {
        return status;
    }
    sqlite3_stmt *statement =
        db_statement(state, SLOT_RETRY,
                     "UPDATE delivery SET next_ms = 0 WHERE section = ?1 AND state < 2"
                     " AND state = 0 AND next_ms > 0");
    db_int(statement, 1, num);
    status = db_run(state, statement);
    return db_finish(state, status);
}

static bool read_view(struct ajar_state *state, sqlite3_stmt *statement,
                      struct ajar_delivery_view *out)
{
    memset(out, 0, sizeof *out);
    const char *id = db_get_text(statement, 0, &state->arena);
    uint64_t kind = db_get_u64(statement, 1);
    uint64_t word = db_get_u64(statement, 3);
    if (id == NULL || strlen(id) >= sizeof out->event || kind >= AJAR_EVENT_KIND_COUNT ||
        word > AJAR_DELIVERY_STATE_SKIPPED)
    {
        return false;
    }
    memcpy(out->event, id, strlen(id) + 1);
    out->kind = (enum ajar_event_kind)kind;
    out->section = db_get_text(statement, 2, &state->arena);
    out->state = (enum ajar_delivery_state)word;
    out->attempts = (uint32_t)db_get(statement, 4);
    out->last_ms = db_get(statement, 5);
    out->next_ms = db_get(statement, 6);
    out->detail = db_get_text(statement, 7, &state->arena);
    out->reference = db_get_text(statement, 8, &state->arena);
    return true;
}

int ajar_state_deliveries(struct ajar_state *state, const char *finding,
                          const char *owner, ajar_delivery_fn each, void *context)
{
    int64_t owner_num = 0;
    db_enter(state);
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, owner, &owner_num) : status;
    sqlite3_stmt *statement = db_statement(
        state, SLOT_LIST,
        "SELECT event.id, event.kind, section.name, delivery.state, attempts, last_ms,"
        " next_ms, detail, reference.text FROM delivery"
        " JOIN event ON event.seq = delivery.seq"
        " JOIN section ON section.num = delivery.section"
        " LEFT JOIN reference ON reference.finding = delivery.finding"
        " AND reference.section = delivery.section"
        " WHERE (?1 IS NULL OR event.finding = (SELECT num FROM finding WHERE id = ?1))"
        " AND (?1 IS NOT NULL OR delivery.state < 2) AND (?2 = 0 OR event.owner = ?2)"
        " ORDER BY event.seq, section.name");
    db_text(statement, 1, finding);
    db_int(statement, 2, owner_num);
    status = status == AJAR_OK ? db_step(state, statement) : status;
    while (status == 1)
    {
        struct ajar_delivery_view view;
        ajar_arena_reset(&state->arena);
        if (!read_view(state, statement, &view))
        {
            (void)sqlite3_reset(statement);
            status = db_fault(state, AJAR_STATE_FAULT_CORRUPT,
                              "state file %s: a delivery cannot be read", state->path);
            break;
        }
        if (!each(context, &view))
        {
            (void)sqlite3_reset(statement);
            status = AJAR_OK;
            break;
        }
        status = db_step(state, statement);
    }
    db_end_read(state);
    return status;
}
