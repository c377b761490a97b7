/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "events.h"
#include "life.h"
#include "view.h"

enum
{
    SLOT_SECTION = DB_SLOT_DELIVER,
    SLOT_SECTION_STORE,
    SLOT_QUEUE,
    SLOT_QUEUED,
    SLOT_UNSETTLE,
    SLOT_NEXT,
    SLOT_WHEN,
    SLOT_UNDER_WAY,
    SLOT_EVENT,
    SLOT_ROW,
    SLOT_RESULT,
    SLOT_REFERENCE,
    SLOT_SETTLE,
    SLOT_BY_HAND,
    SLOT_SETTLE_HAND
};

#define DELIVER_TEXT_BYTES 400u

struct section
{
    int64_t num; /* 0: not known */
    const char *owners;
    int64_t queued_seq; /* -1: the backlog is still to be queued */
};

static int begin(struct ajar_state *state, int64_t now_ms)
{
    db_enter(state);
    int status = db_need_write(state);
    return status == AJAR_OK ? db_begin(state, now_ms) : status;
}

static int read_section(struct ajar_state *state, const char *name, struct section *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_SECTION,
                     "SELECT num, owners, queued_seq FROM section WHERE name = ?1");
    db_text(statement, 1, name);
    *out = (struct section){0, "", -1};
    int status = db_step(state, statement);
    if (status == 1)
    {
        out->num = db_get(statement, 0);
        out->owners = db_get_text(statement, 1, &state->arena);
        out->queued_seq = db_get(statement, 2);
        (void)sqlite3_reset(statement);
        status = out->owners != NULL
                     ? AJAR_OK
                     : db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
    }
    return status;
}

static int need_section(struct ajar_state *state, const char *name, struct section *out)
{
    int status = read_section(state, name, out);
    return status == AJAR_OK && out->num == 0
               ? db_fault(state, AJAR_STATE_FAULT_UNKNOWN,
                          "ticket section \"%.60s\" has never been queued", name)
               : status;
}

/* ---- queueing ---- */

static const char *owners_text(struct ajar_state *state,
                               const struct ajar_ticket_section *section)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 1024u * 1024u);
    (void)ajar_buf_text(&out, section->owners == NULL ? "*" : "");
    for (size_t i = 0; section->owners != NULL && i < section->owner_count; i++)
    {
        (void)ajar_buf_printf(&out, "%s\n", section->owners[i]);
    }
    const char *copy =
        out.failed ? NULL : ajar_arena_copy(&state->arena, ajar_buf_span(&out));
    ajar_buf_deinit(&out);
    return copy;
}

static int store_section(struct ajar_state *state, const char *name, const char *owners,
                         struct section *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_SECTION_STORE,
                     "INSERT INTO section (name, owners, queued_seq) VALUES (?1, ?2, -1)"
                     " ON CONFLICT (name) DO UPDATE SET owners = excluded.owners,"
                     " queued_seq = -1");
    db_text(statement, 1, name);
    db_text(statement, 2, owners);
    int status = db_run(state, statement);
    return status == AJAR_OK ? read_section(state, name, out) : status;
}

static int queue_owner(struct ajar_state *state, const struct section *section,
                       int64_t owner)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_QUEUE,
        "INSERT OR IGNORE INTO delivery (section, seq, finding, state, attempts, last_ms,"
        " next_ms, detail) SELECT ?1, event.seq, event.finding, 0, 0, 0, 0, NULL"
        " FROM event JOIN finding ON finding.num = event.finding WHERE event.seq > ?2"
        " AND event.settled != 2 AND (?3 = 0 OR event.owner = ?3)"
        " AND (?2 >= 0 OR finding.state < 3)");
    db_int(statement, 1, section->num);
    db_int(statement, 2, section->queued_seq);
    db_int(statement, 3, owner);
    return db_run(state, statement);
}

static int queue_in(struct ajar_state *state, const struct ajar_ticket_section *config)
{
    struct section section;
    const char *owners = owners_text(state, config);
    if (owners == NULL)
    {
        return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
    }
    int status = read_section(state, config->name, &section);
    if (status == AJAR_OK && (section.num == 0 || strcmp(owners, section.owners) != 0))
    {
        status = store_section(state, config->name, owners, &section);
    }
    if (config->owners == NULL)
    {
        status = status == AJAR_OK ? queue_owner(state, &section, 0) : status;
    }
    for (size_t i = 0;
         status == AJAR_OK && config->owners != NULL && i < config->owner_count; i++)
    {
        int64_t owner = 0;
        status = db_owner_find(state, config->owners[i], &owner);
        status = status == AJAR_OK ? queue_owner(state, &section, owner) : status;
    }
    if (status != AJAR_OK)
    {
        return status;
    }
    /* delivered elsewhere, but not here: owed again */
    sqlite3_stmt *statement = db_statement(
        state, SLOT_UNSETTLE,
        "UPDATE event SET settled = 0 WHERE settled = 1 AND seq IN (SELECT seq"
        " FROM delivery WHERE section = ?1 AND state < 2)");
    db_int(statement, 1, section.num);
    status = db_run(state, statement);
    statement =
        db_statement(state, SLOT_QUEUED,
                     "UPDATE section SET queued_seq = max(0, queued_seq,"
                     " (SELECT coalesce(max(seq), 0) FROM event)) WHERE num = ?1");
    db_int(statement, 1, section.num);
    return status == AJAR_OK ? db_run(state, statement) : status;
}

int ajar_state_queue(struct ajar_state *state, const struct ajar_ticket_section *section,
                     int64_t now_ms)
{
    int status = begin(state, now_ms);
    status = status == AJAR_OK ? queue_in(state, section) : status;
    return db_finish(state, status);
}

/* ---- next ---- */

/* A time ahead of the clock that set it is no reason to wait: the clock was set back. */
#define IS_FREE                                                                          \
    " NOT EXISTS (SELECT 1 FROM delivery AS earlier WHERE earlier.section = d.section"   \
    " AND earlier.finding = d.finding AND earlier.seq < d.seq AND earlier.state < 2)"

static int find_next(struct ajar_state *state, int64_t section, int64_t now_ms,
                     int64_t *out_seq)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_NEXT,
                     "SELECT seq FROM delivery AS d WHERE section = ?1 AND state < 2"
                     " AND state = 0 AND (next_ms <= ?2 OR last_ms > ?2) AND" IS_FREE
                     " ORDER BY seq LIMIT 1");
    db_int(statement, 1, section);
    db_int(statement, 2, now_ms);
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out_seq = db_get(statement, 0);
        (void)sqlite3_reset(statement);
    }
    return status;
}

static int find_when(struct ajar_state *state, int64_t section, int64_t *out_next_ms)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_WHEN,
        "SELECT coalesce(min(next_ms), 0) FROM delivery AS d WHERE section = ?1"
        " AND state < 2 AND state = 0 AND" IS_FREE);
    db_int(statement, 1, section);
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out_next_ms = db_get(statement, 0);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

static int mark_under_way(struct ajar_state *state, int64_t section, int64_t seq,
                          int64_t now_ms)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_UNDER_WAY,
        "UPDATE delivery SET state = 1, attempts = attempts + 1, last_ms = ?3"
        " WHERE section = ?1 AND seq = ?2");
    db_int(statement, 1, section);
    db_int(statement, 2, seq);
    db_int(statement, 3, now_ms);
    return db_run(state, statement);
}

static int hand_over(struct ajar_state *state, const char *section, int64_t seq,
                     ajar_event_fn each, void *context)
{
    struct view_event_row row;
    struct ajar_event_view view;
    sqlite3_stmt *statement = db_statement(
        state, SLOT_EVENT, "SELECT " VIEW_EVENT_SELECT " FROM event WHERE seq = ?1");
    db_int(statement, 1, seq);
    int status = db_step(state, statement);
    if (status != 1)
    {
        return status < 0 ? status
                          : db_fault(state, AJAR_STATE_FAULT_CORRUPT,
                                     "state file %s: an event that is owed is not there",
                                     state->path);
    }
    status = view_read_event(state, statement, &row);
    (void)sqlite3_reset(statement);
    status = status == AJAR_OK ? view_of_event(state, &row, section, &view) : status;
    if (status == AJAR_OK)
    {
        (void)each(context, &view);
    }
    return status;
}

int ajar_state_deliver_next(struct ajar_state *state, const char *section, int64_t now_ms,
                            ajar_event_fn each, void *context, int64_t *out_next_ms)
{
    struct section known = {.num = 0};
    int64_t seq = 0;
    int64_t next_ms = 0;
    int status = begin(state, now_ms);
    status = status == AJAR_OK ? need_section(state, section, &known) : status;
    int found = status == AJAR_OK ? find_next(state, known.num, now_ms, &seq) : status;
    status = found < 0 ? found : AJAR_OK;
    if (found == 1)
    {
        status = events_freeze(state, seq);
        status =
            status == AJAR_OK ? mark_under_way(state, known.num, seq, now_ms) : status;
    }
    else if (status == AJAR_OK)
    {
        status = find_when(state, known.num, &next_ms);
    }
    status = db_finish(state, status);
    if (status != AJAR_OK)
    {
        return status;
    }
    if (found == 1)
    {
        return hand_over(state, section, seq, each, context);
    }
    if (out_next_ms != NULL)
    {
        *out_next_ms = next_ms;
    }
    return AJAR_ENOTFOUND;
}

/* ---- results ---- */

struct delivery_row
{
    int64_t seq;
    int64_t finding;
    int64_t attempts;
};

static int read_row(struct ajar_state *state, int64_t section, const char *event,
                    struct delivery_row *out)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_ROW,
        "SELECT delivery.seq, delivery.finding, attempts FROM delivery JOIN"
        " event ON event.seq = delivery.seq WHERE section = ?1 AND event.id ="
        " ?2");
    db_int(statement, 1, section);
    db_text(statement, 2, event);
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out = (struct delivery_row){db_get(statement, 0), db_get(statement, 1),
                                     db_get(statement, 2)};
        (void)sqlite3_reset(statement);
        return AJAR_OK;
    }
    return status < 0 ? status
                      : db_fault(state, AJAR_STATE_FAULT_UNKNOWN,
                                 "event %.40s is not owed in that section", event);
}

static const char *bounded(struct ajar_state *state, const char *text)
{
    struct ajar_span span = ajar_span_of(text);
    span.len = span.len < DELIVER_TEXT_BYTES ? span.len : DELIVER_TEXT_BYTES;
    return span.len > 0 ? ajar_arena_copy(&state->arena, span) : NULL;
}

static int store_result(struct ajar_state *state, int64_t section,
                        const struct delivery_row *row,
                        const struct ajar_delivery_report *report)
{
    bool acked = report->result == AJAR_DELIVERY_ACKED;
    int64_t next_ms =
        report->retry_ms > 0
            ? report->retry_ms
            : report->now_ms + (int64_t)life_backoff_ms((uint32_t)row->attempts);
    sqlite3_stmt *statement =
        db_statement(state, SLOT_RESULT,
                     "UPDATE delivery SET state = ?3, next_ms = ?4, detail = ?5"
                     " WHERE section = ?1 AND seq = ?2 AND state < 2");
    db_int(statement, 1, section);
    db_int(statement, 2, row->seq);
    db_int(statement, 3, acked ? AJAR_DELIVERY_STATE_ACKED : AJAR_DELIVERY_STATE_OWED);
    db_int(statement, 4, acked ? 0 : next_ms);
    const char *detail = report->detail;
    if (report->result == AJAR_DELIVERY_TIMEOUT && detail == NULL)
    {
        detail = "it did not end in time";
    }
    db_text(statement, 5, acked ? NULL : bounded(state, detail));
    return db_run(state, statement);
}

static int store_reference(struct ajar_state *state, int64_t finding, int64_t section,
                           const char *reference)
{
    const char *text = bounded(state, reference);
    if (text == NULL)
    {
        return AJAR_OK;
    }
    sqlite3_stmt *statement = db_statement(
        state, SLOT_REFERENCE,
        "INSERT INTO reference (finding, section, text) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (finding, section) DO UPDATE SET text = excluded.text");
    db_int(statement, 1, finding);
    db_int(statement, 2, section);
    db_text(statement, 3, text);
    return db_run(state, statement);
}

/* Delivered, when nobody is owed it any more. */
static int settle(struct ajar_state *state, int64_t seq)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_SETTLE,
                     "UPDATE event SET settled = 1 WHERE seq = ?1 AND settled = 0 AND NOT"
                     " EXISTS (SELECT 1 FROM delivery WHERE seq = ?1 AND state < 2)");
    db_int(statement, 1, seq);
    return db_run(state, statement);
}

int ajar_state_delivered(struct ajar_state *state,
                         const struct ajar_delivery_report *report)
{
    struct section section;
    struct delivery_row row = {0, 0, 0};
    int status = begin(state, report->now_ms);
    status = status == AJAR_OK ? need_section(state, report->section, &section) : status;
    status =
        status == AJAR_OK ? read_row(state, section.num, report->event, &row) : status;
    status = status == AJAR_OK ? store_result(state, section.num, &row, report) : status;
    if (status == AJAR_OK && report->result == AJAR_DELIVERY_ACKED)
    {
        status = store_reference(state, row.finding, section.num, report->reference);
        status = status == AJAR_OK ? settle(state, row.seq) : status;
    }
    return db_finish(state, status);
}

/* ---- by hand ---- */

static int find_event(struct ajar_state *state, const char *id, int64_t *out_seq,
                      int64_t *out_finding)
{
    char wanted[AJAR_EVENT_ID_BYTES] = "";
    for (size_t i = 0; id[i] != '\0' && i + 1 < sizeof wanted; i++)
    {
        wanted[i] = id[i] >= 'a' && id[i] <= 'z' ? (char)(id[i] - 'a' + 'A') : id[i];
    }
    sqlite3_stmt *statement = db_statement(
        state, DB_SLOT_DELIVER + 15, "SELECT seq, finding FROM event WHERE id = ?1");
    db_text(statement, 1, wanted);
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out_seq = db_get(statement, 0);
        *out_finding = db_get(statement, 1);
        (void)sqlite3_reset(statement);
        return AJAR_OK;
    }
    return status < 0
               ? status
               : db_fault(state, AJAR_STATE_FAULT_UNKNOWN, "there is no event %.40s", id);
}

static int settle_by_hand(struct ajar_state *state, int64_t seq, int64_t section)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_BY_HAND,
                     "UPDATE delivery SET state = 3 WHERE seq = ?1 AND state < 2"
                     " AND (?2 = 0 OR section = ?2)");
    db_int(statement, 1, seq);
    db_int(statement, 2, section);
    int status = db_run(state, statement);
    if (status != AJAR_OK || section != 0)
    {
        return status == AJAR_OK ? settle(state, seq) : status;
    }
    statement = db_statement(state, SLOT_SETTLE_HAND,
                             "UPDATE event SET settled = 2 WHERE seq = ?1");
    db_int(statement, 1, seq);
    return db_run(state, statement);
}

int ajar_state_ack(struct ajar_state *state, const char *event, const char *section,
                   const char *reference, int64_t now_ms)
{
    struct section known = {0, "", 0};
    int64_t seq = 0;
    int64_t finding = 0;
    int status = begin(state, now_ms);
    status = status == AJAR_OK ? find_event(state, event, &seq, &finding) : status;
    if (status == AJAR_OK && section != NULL)
    {
        status = need_section(state, section, &known);
    }
    status = status == AJAR_OK ? settle_by_hand(state, seq, known.num) : status;
    status = status == AJAR_OK ? store_reference(state, finding, known.num, reference)
                               : status;
    return db_finish(state, status);
}
