/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"

#include <stdlib.h>

#include "codec.h"

enum
{
    SLOT_FACTS = DB_SLOT_DATASET,
    SLOT_COPIES,
    SLOT_OWNER_NAME,
    SLOT_REFERENCE
};

static int no_memory(struct ajar_state *state)
{
    return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
}

static int damaged(struct ajar_state *state, const char *what)
{
    return db_fault(state, AJAR_STATE_FAULT_CORRUPT,
                    "state file %s: damaged (%s cannot be read); put it aside (keep it) "
                    "and restore a backup, or start a new one",
                    state->path, what);
}

const char *view_owner(struct ajar_state *state, int64_t owner)
{
    if (state->shown_owner_num != 0 && state->shown_owner_num == owner)
    {
        return state->shown_owner;
    }
    sqlite3_stmt *statement =
        db_statement(state, SLOT_OWNER_NAME, "SELECT name FROM owner WHERE num = ?1");
    db_int(statement, 1, owner);
    const char *name = NULL;
    if (db_step(state, statement) == 1)
    {
        name = db_get_text(statement, 0, &state->arena);
        (void)sqlite3_reset(statement);
    }
    if (name != NULL && strlen(name) < sizeof state->shown_owner)
    {
        memcpy(state->shown_owner, name, strlen(name) + 1);
        state->shown_owner_num = owner;
        return state->shown_owner;
    }
    return name != NULL ? name : "";
}

static enum ajar_finding_state shown_state(const struct row_finding *finding)
{
    if (finding->state == AJAR_FINDING_RESOLVED)
    {
        return AJAR_FINDING_RESOLVED;
    }
    return finding->accept_kind == ROWS_ACCEPT_BY_HAND ||
                   finding->accept_kind == ROWS_ACCEPT_EXPECTED
               ? AJAR_FINDING_ACCEPTED
               : (enum ajar_finding_state)finding->state;
}

static struct ajar_endpoint_view endpoint_view(const struct row_endpoint *row)
{
    struct life_endpoint life = rows_life(row);
    return (struct ajar_endpoint_view){
        .addr = row->addr,
        .port = (uint16_t)row->port,
        .name = row->name != NULL && row->name[0] != '\0' ? row->name : NULL,
        .scheme = (enum ajar_scheme)row->scheme,
        .state = life_endpoint_state(&life),
        .exposure = (enum ajar_exposure)row->exposure,
        .first_seen_ms = row->first_ms,
        .last_seen_ms = row->last_ms,
        .closed_ms = row->closed_ms,
    };
}

/* Open ones first; within, the order of the rows: address, port, name. */
static int take_endpoints(struct ajar_state *state, const struct row_endpoint *rows,
                          size_t count, struct ajar_finding_view *out)
{
    size_t shown = count < AJAR_MAX_VIEW_ENDPOINTS ? count : AJAR_MAX_VIEW_ENDPOINTS;
    struct ajar_endpoint_view *views =
        ajar_arena_alloc(&state->arena, (shown + 1) * sizeof *views);
    if (views == NULL)
    {
        return no_memory(state);
    }
    size_t filled = 0;
    for (int pass = 0; pass < 2; pass++)
    {
        for (size_t i = 0; i < count && filled < shown; i++)
        {
            struct ajar_endpoint_view view = endpoint_view(&rows[i]);
            if ((view.state == AJAR_ENDPOINT_OPEN) == (pass == 0))
            {
                views[filled++] = view;
            }
        }
    }
    out->endpoints = views;
    out->endpoint_count = filled;
    out->endpoints_total = count;
    return AJAR_OK;
}

static int take_facts(struct ajar_state *state, int64_t endpoint, bool details,
                      struct ajar_finding_view *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_FACTS, "SELECT facts FROM endpoint WHERE num = ?1");
    db_int(statement, 1, endpoint);
    int status = db_step(state, statement);
    if (status != 1)
    {
        return status;
    }
    int len = sqlite3_column_bytes(statement, 0);
    struct ajar_span bytes = {sqlite3_column_blob(statement, 0),
                              len > 0 ? (size_t)len : 0};
    bool whole = codec_get_facts(bytes, &state->arena, details, out);
    (void)sqlite3_reset(statement);
    return whole ? AJAR_OK : damaged(state, "what an endpoint showed");
}

static const char *or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

int view_of_finding(struct ajar_state *state, const struct row_finding *finding,
                    const struct row_endpoint *endpoints, size_t count, bool details,
                    struct ajar_finding_view *out)
{
    memset(out, 0, sizeof *out);
    if (strlen(finding->id) >= sizeof out->id)
    {
        return damaged(state, "an id");
    }
    memcpy(out->id, finding->id, strlen(finding->id) + 1);
    out->state = shown_state(finding);
    out->exposure = (enum ajar_exposure)finding->exposure;
    out->severity = (enum ajar_severity)finding->severity;
    out->flags = (uint32_t)finding->flags;
    out->announced = finding->announced != 0;
    out->product = or_null(finding->product);
    out->cluster_uuid = or_null(finding->uuid);
    out->owner = view_owner(state, finding->owner);
    out->contact = finding->contact;
    out->run = finding->run_id;
    out->vantage = or_null(finding->vantage);
    out->window = (struct ajar_window){finding->last_closed_ms, finding->first_open_ms,
                                       finding->last_open_ms, finding->first_closed_ms};
    out->opened_ms = finding->opened_ms;
    out->resolved_ms = finding->resolved_ms;
    out->times_reopened = (uint32_t)finding->reopened;
    if (finding->accept_kind == ROWS_ACCEPT_BY_HAND ||
        finding->accept_kind == ROWS_ACCEPT_EXPECTED)
    {
        out->acceptance = (struct ajar_acceptance_view){
            .active = true,
            .by_targets_file = finding->accept_kind == ROWS_ACCEPT_EXPECTED,
            .since_ms = finding->accept_since_ms,
            .until_ms = finding->accept_until_ms,
            .indices = finding->accept_indices,
            .by = finding->accept_by,
            .reason = finding->accept_reason,
        };
    }
    int status = take_endpoints(state, endpoints, count, out);
    const struct row_endpoint *rep = rows_representative(finding, endpoints, count);
    if (status == AJAR_OK && rep != NULL && rep->num == finding->rep &&
        rep->facts.len > 0)
    {
        return codec_get_facts(rep->facts, &state->arena, details, out)
                   ? AJAR_OK
                   : damaged(state, "what an endpoint showed");
    }
    return status == AJAR_OK ? take_facts(state, finding->rep, details, out) : status;
}

int view_dataset(struct ajar_state *state, const struct row_finding *finding,
                 int64_t owner, struct ajar_dataset_view *out)
{
    uint64_t low = 0;
    uint64_t high = 0;
    *out = (struct ajar_dataset_view){
        db_unbits(finding->fingerprint), 1,
        finding->documents > 0 ? (uint64_t)finding->documents : 0};
    if (finding->copyable == 0)
    {
        return AJAR_OK;
    }
    life_near_bounds(out->documents, &low, &high);
    sqlite3_stmt *statement =
        db_statement(state, SLOT_COPIES,
                     "SELECT count(DISTINCT cluster), max(documents) FROM finding"
                     " WHERE num IN (" VIEW_COPIES ") AND (?5 = 0 OR owner = ?5)");
    db_int(statement, 1, finding->fingerprint);
    db_int(statement, 2, finding->names_digest);
    db_int(statement, 3, db_sat(low));
    db_int(statement, 4, db_sat(high));
    db_int(statement, 5, owner);
    int status = db_step(state, statement);
    if (status == 1)
    {
        uint64_t copies = db_get_u64(statement, 0);
        uint64_t documents = db_get_u64(statement, 1);
        out->copies = copies > 0 ? copies : 1; /* a resolved one is not among them */
        out->documents = documents > out->documents ? documents : out->documents;
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

int view_reference(struct ajar_state *state, int64_t finding, const char *section,
                   const char **out)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_REFERENCE,
        "SELECT text FROM reference WHERE finding = ?1 AND (?2 IS NULL OR section = 0 OR"
        " section = (SELECT num FROM section WHERE name = ?2)) ORDER BY section DESC");
    db_int(statement, 1, finding);
    db_text(statement, 2, section);
    int status = db_step(state, statement);
    *out = NULL;
    if (status == 1)
    {
        *out = db_get_text(statement, 0, &state->arena);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

int view_read_event(struct ajar_state *state, sqlite3_stmt *statement,
                    struct view_event_row *out)
{
    int column = 0;
    out->seq = db_get(statement, column++);
    out->id = db_get_text(statement, column++, &state->arena);
    out->finding = db_get(statement, column++);
    out->owner = db_get(statement, column++);
    out->kind = db_get(statement, column++);
    out->time_ms = db_get(statement, column++);
    out->urgent = db_get(statement, column++);
    out->delivered = db_get(statement, column++) != 0;
    out->frozen = db_get(statement, column++);
    out->copies = db_get(statement, column++);
    out->copy_documents = db_get(statement, column++);
    out->fingerprint = db_get(statement, column++);
    int len = sqlite3_column_bytes(statement, column);
    struct ajar_span bytes = {sqlite3_column_blob(statement, column),
                              len > 0 ? (size_t)len : 0};
    char *copy = ajar_arena_copy(&state->arena, bytes);
    out->body = (struct ajar_span){copy, bytes.len};
    return copy != NULL && out->id != NULL ? AJAR_OK : no_memory(state);
}

static int event_dataset(struct ajar_state *state, const struct view_event_row *row,
                         struct ajar_finding_view *finding)
{
    if (row->frozen != 0)
    {
        finding->dataset =
            (struct ajar_dataset_view){db_unbits(row->fingerprint), (uint64_t)row->copies,
                                       (uint64_t)row->copy_documents};
        return AJAR_OK;
    }
    struct row_finding now;
    int status = rows_finding(state, row->finding, &now);
    return status == 1 ? view_dataset(state, &now, row->owner, &finding->dataset)
                       : status;
}

int view_of_event(struct ajar_state *state, const struct view_event_row *row,
                  const char *section, struct ajar_event_view *out)
{
    memset(out, 0, sizeof *out);
    if (!codec_get_event(row->body, &state->arena, out) || row->kind < 0 ||
        row->kind >= AJAR_EVENT_KIND_COUNT || strlen(row->id) >= sizeof out->id)
    {
        return damaged(state, "an event");
    }
    memcpy(out->id, row->id, strlen(row->id) + 1);
    out->seq = (uint64_t)row->seq;
    out->kind = (enum ajar_event_kind)row->kind;
    out->time_ms = row->time_ms;
    out->urgent = row->urgent != 0;
    out->delivered = row->delivered;
    /* "E-<12>-n" of "F-<12>" */
    (void)memcpy(out->finding.id, "F-", 2);
    size_t len = strcspn(row->id + 2, "-");
    len = len < sizeof out->finding.id - 3 ? len : sizeof out->finding.id - 3;
    memcpy(out->finding.id + 2, row->id + 2, len);
    out->finding.id[2 + len] = '\0';
    out->finding.owner = view_owner(state, row->owner);
    int status = event_dataset(state, row, &out->finding);
    return status == AJAR_OK
               ? view_reference(state, row->finding, section, &out->finding.reference)
               : status;
}
