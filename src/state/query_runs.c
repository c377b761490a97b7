/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include <stdlib.h>

#include "life.h"
#include "view.h"

enum
{
    SLOT_RUNS = DB_SLOT_QUERY + 7,
    SLOT_OWNERS,
    SLOT_COVERAGE,
    SLOT_COVERAGE_WORDS,
    SLOT_REMEMBERED,
    SLOT_DUE,
    SLOT_HOT
};

/* ---- runs ---- */

static void read_totals(const char *text, struct ajar_run_view *out)
{
    uint64_t *const lists[] = {out->by_exposure, out->by_outcome};
    const size_t counts[] = {AJAR_EXPOSURE_COUNT, AJAR_OUTCOME_COUNT};
    char *at = NULL;
    for (size_t i = 0; text != NULL && i < 2; i++)
    {
        for (size_t j = 0; j < counts[i]; j++)
        {
            lists[i][j] = strtoull(text, &at, 10);
            text = at;
        }
    }
}

static void read_run(struct ajar_state *state, sqlite3_stmt *statement,
                     struct ajar_run_view *out)
{
    memset(out, 0, sizeof *out);
    struct ajar_arena *arena = &state->arena;
    out->id = db_get_text(statement, 0, arena);
    out->version = db_get_text(statement, 1, arena);
    out->scope_digest = db_get_text(statement, 2, arena);
    const char *vantage = db_get_text(statement, 3, arena);
    out->vantage = vantage != NULL && vantage[0] != '\0' ? vantage : NULL;
    out->source = (enum ajar_state_source)db_get(statement, 4);
    out->manual = db_get(statement, 5) != 0;
    out->ended = db_get(statement, 6) == 1;
    out->complete = db_get(statement, 7) != 0;
    out->trusted = db_get(statement, 8) != 0;
    out->started_ms = db_get(statement, 9);
    out->ended_ms = db_get(statement, 10);
    out->targets = db_get_u64(statement, 11);
    out->excluded = db_get_u64(statement, 12);
    out->observed = db_get_u64(statement, 13);
    out->not_visited = db_get_u64(statement, 14);
    out->requests = db_get_u64(statement, 15);
    out->events = db_get_u64(statement, 16);
    read_totals(db_get_text(statement, 17, arena), out);
}

int ajar_state_runs(struct ajar_state *state, uint64_t limit, ajar_run_fn each,
                    void *context)
{
    db_enter(state);
    sqlite3_stmt *statement =
        db_statement(state, SLOT_RUNS,
                     "SELECT id, version, scope_digest, vantage, source, manual, state,"
                     " complete, trusted, started_ms, ended_ms, targets, excluded,"
                     " observed, not_visited, requests, events, totals FROM run"
                     " ORDER BY num DESC LIMIT ?1");
    db_int(statement, 1, limit == 0 ? -1 : db_sat(limit));
    int status = db_step(state, statement);
    while (status == 1)
    {
        struct ajar_run_view view;
        ajar_arena_reset(&state->arena);
        read_run(state, statement, &view);
        if (!each(context, &view))
        {
            (void)sqlite3_reset(statement);
            return AJAR_OK;
        }
        status = db_step(state, statement);
    }
    return status;
}

/* ---- coverage ---- */

static int coverage_words(struct ajar_state *state, int64_t owner,
                          struct ajar_coverage_view *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_COVERAGE_WORDS,
                     "SELECT outcome, exposure, count(*) FROM target WHERE owner = ?1"
                     " GROUP BY outcome, exposure");
    db_int(statement, 1, owner);
    int status = db_step(state, statement);
    while (status == 1)
    {
        uint64_t outcome = db_get_u64(statement, 0);
        uint64_t exposure = db_get_u64(statement, 1);
        uint64_t count = db_get_u64(statement, 2);
        if (outcome < AJAR_OUTCOME_COUNT && exposure < AJAR_EXPOSURE_COUNT)
        {
            out->by_outcome[outcome] += count;
            out->by_exposure[exposure] += count;
            out->open += ajar_exposure_is_open((enum ajar_exposure)exposure) ? count : 0;
        }
        status = db_step(state, statement);
    }
    return status;
}

static int coverage_of(struct ajar_state *state, int64_t owner, int64_t now_ms,
                       struct ajar_coverage_view *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_COVERAGE,
                     "SELECT count(*), count(*) FILTER (WHERE answered_ms = 0),"
                     " min(seen_ms), max(seen_ms), max(max(gap_ms, ?2 - seen_ms)),"
                     " count(*) FILTER (WHERE gap_ms = 0) FROM target WHERE owner = ?1");
    db_int(statement, 1, owner);
    db_int(statement, 2, now_ms);
    int status = db_step(state, statement);
    if (status != 1)
    {
        return status;
    }
    out->targets = db_get_u64(statement, 0);
    out->never = db_get_u64(statement, 1);
    out->reached = out->targets - out->never;
    out->oldest_ms = db_get(statement, 2);
    out->newest_ms = db_get(statement, 3);
    out->worst_gap_ms = db_get_u64(statement, 4);
    out->looked_once = db_get_u64(statement, 5);
    (void)sqlite3_reset(statement);
    return coverage_words(state, owner, out);
}

int ajar_state_coverage(struct ajar_state *state, const char *owner, int64_t now_ms,
                        ajar_coverage_fn each, void *context)
{
    int64_t wanted = 0;
    db_enter(state);
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, owner, &wanted) : status;
    sqlite3_stmt *statement = db_statement(
        state, SLOT_OWNERS,
        "SELECT num, name FROM owner WHERE ?1 = 0 OR num = ?1 ORDER BY name");
    db_int(statement, 1, wanted);
    status = status == AJAR_OK ? db_step(state, statement) : status;
    while (status == 1)
    {
        struct ajar_coverage_view view;
        memset(&view, 0, sizeof view);
        ajar_arena_reset(&state->arena);
        view.owner = db_get_text(statement, 1, &state->arena);
        status = coverage_of(state, db_get(statement, 0), now_ms, &view);
        if (status != AJAR_OK || (view.targets > 0 && !each(context, &view)))
        {
            (void)sqlite3_reset(statement);
            break;
        }
        status = db_step(state, statement);
    }
    db_end_read(state);
    return status;
}

int ajar_state_remembered(struct ajar_state *state,
                          const struct ajar_remembered_query *query,
                          ajar_remembered_fn each, void *context)
{
    int64_t owner = 0;
    db_enter(state);
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, query->owner, &owner) : status;
    sqlite3_stmt *statement = db_statement(
        state, SLOT_REMEMBERED,
        "SELECT addr, port, target.name, owner.name, exposure, outcome, seen_ms,"
        " answered_ms, iif(proof, seen_ms, closed_ms), gap_ms FROM target JOIN owner"
        " ON owner.num = target.owner WHERE (?1 = 0 OR owner = ?1) AND (?2 = 0 OR"
        " answered_ms = 0) ORDER BY addr, port, target.name LIMIT ?3");
    db_int(statement, 1, owner);
    db_int(statement, 2, query->never_reached ? 1 : 0);
    db_int(statement, 3, query->limit == 0 ? -1 : db_sat(query->limit));
    status = status == AJAR_OK ? db_step(state, statement) : status;
    while (status == 1)
    {
        ajar_arena_reset(&state->arena);
        const char *name = db_get_text(statement, 2, &state->arena);
        struct ajar_remembered_view view = {
            .addr = db_get_addr(statement, 0),
            .port = (uint16_t)db_get(statement, 1),
            .name = name != NULL && name[0] != '\0' ? name : NULL,
            .owner = db_get_text(statement, 3, &state->arena),
            .exposure = (enum ajar_exposure)db_get(statement, 4),
            .outcome = (enum ajar_outcome)db_get(statement, 5),
            .seen_ms = db_get(statement, 6),
            .answered_ms = db_get(statement, 7),
            .closed_ms = db_get(statement, 8),
            .worst_gap_ms = db_get_u64(statement, 9),
        };
        if (!each(context, &view))
        {
            (void)sqlite3_reset(statement);
            break;
        }
        status = db_step(state, statement);
    }
    db_end_read(state);
    return status < 0 ? status : AJAR_OK;
}

/* ---- what is due ---- */

static int is_hot(struct ajar_state *state, const struct ajar_due_query *query, bool *out)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_HOT,
        "SELECT 1 FROM endpoint JOIN finding ON finding.num = endpoint.finding"
        " WHERE endpoint.addr = ?1 AND endpoint.name = ?2 AND"
        " finding.state < 3 AND finding.accept_kind NOT IN (1, 2)"
        " AND endpoint.retired = 0 LIMIT 1");
    db_addr(statement, 1, query->addr);
    db_text(statement, 2, query->name != NULL ? query->name : "");
    int status = db_step(state, statement);
    *out = status == 1;
    if (status == 1)
    {
        (void)sqlite3_reset(statement);
    }
    return status < 0 ? status : AJAR_OK;
}

int ajar_state_due(struct ajar_state *state, const struct ajar_due_query *query,
                   int64_t *out_due_ms)
{
    db_enter(state);
    sqlite3_stmt *statement =
        db_statement(state, SLOT_DUE,
                     "SELECT count(*), min(seen_ms), max(seen_ms) FROM target"
                     " WHERE addr = ?1 AND name = ?2");
    db_addr(statement, 1, query->addr);
    db_text(statement, 2, query->name != NULL ? query->name : "");
    int status = db_step(state, statement);
    if (status != 1)
    {
        return status;
    }
    uint64_t ports = db_get_u64(statement, 0);
    int64_t oldest = db_get(statement, 1);
    int64_t newest = db_get(statement, 2);
    (void)sqlite3_reset(statement);
    bool hot = false;
    if (ports < query->port_count || newest > query->now_ms)
    {
        *out_due_ms = query->now_ms; /* never seen whole, or the clock was set back */
        return AJAR_OK;
    }
    status = is_hot(state, query, &hot);
    uint64_t every = hot && query->hot_every_ms < query->every_ms ? query->hot_every_ms
                                                                  : query->every_ms;
    if (status == AJAR_OK)
    {
        *out_due_ms = oldest + db_sat(every - every / 10);
    }
    return status;
}
