/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "batch.h"
#include "events.h"
#include "judge.h"
#include "life.h"
#include "look.h"

enum
{
    SLOT_NEW = DB_SLOT_RUN,
    SLOT_END,
    SLOT_DISTRUST,
    SLOT_CANARY,
    SLOT_CANARY_EXAMPLE
};

/* An open finding is durable this soon, in passed-in time: well within the minute in
 * which it has to be told, and one sync for many. */
#define RUN_COMMIT_MS 1000
#define RUN_COMMIT_LOOKS 2000u

static int misuse(struct ajar_state *state, const char *what)
{
    return db_fault(state, AJAR_STATE_FAULT_MISUSE, "%s", what);
}

static void pass_time(struct ajar_state *state, int64_t now_ms)
{
    state->now_ms = now_ms;
}

static bool copy_text(char *out, size_t size, const char *text)
{
    size_t len = text != NULL ? strlen(text) : 0;
    if (len >= size)
    {
        return false;
    }
    memcpy(out, text != NULL ? text : "", len);
    out[len] = '\0';
    return true;
}

static int insert_run(struct ajar_state *state, const struct ajar_state_run *run)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_NEW,
        "INSERT INTO run (id, version, scope_digest, vantage, source, manual, state,"
        " complete, trusted, started_ms, ended_ms, targets, excluded, observed,"
        " not_visited, requests, events, totals) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0,"
        " ?7, 0, ?8, ?9, 0, 0, 0, 0, '')");
    db_text(statement, 1, state->run.id);
    db_text(statement, 2, run->info->version != NULL ? run->info->version : "");
    db_text(statement, 3, run->info->scope_digest != NULL ? run->info->scope_digest : "");
    db_text(statement, 4, state->run.vantage);
    db_int(statement, 5, run->source);
    db_int(statement, 6, run->manual ? 1 : 0);
    db_int(statement, 7, run->info->started_unix_ms);
    db_int(statement, 8, db_sat(run->info->targets));
    db_int(statement, 9, db_sat(run->info->excluded));
    return db_run(state, statement);
}

int ajar_state_run_begin(struct ajar_state *state, const struct ajar_state_run *run)
{
    db_enter(state);
    int status = db_need_write(state);
    if (status == AJAR_OK && state->run.num != 0)
    {
        status = misuse(state, "a run is under way already");
    }
    if (status == AJAR_OK &&
        (!copy_text(state->run.id, sizeof state->run.id, run->info->id) ||
         !copy_text(state->run.vantage, sizeof state->run.vantage, run->vantage)))
    {
        status = misuse(state, "the run's id or vantage is longer than 63 bytes");
    }
    if (status != AJAR_OK)
    {
        return status;
    }
    pass_time(state, run->now_ms);
    state->run.info = *run;
    memset(&state->run.summary, 0, sizeof state->run.summary);
    status = db_begin(state, run->now_ms);
    status = status == AJAR_OK ? insert_run(state, run) : status;
    if (status == AJAR_OK)
    {
        state->run.num = sqlite3_last_insert_rowid(state->db);
        status = look_expire_acceptances(state);
    }
    status = db_finish(state, status);
    if (status != AJAR_OK)
    {
        state->run.num = 0;
    }
    return status;
}

/* ---- looks ---- */

/* All that is gathered and pending, durably. On failure the gathered looks stay for the
 * next try; those in the transaction are lost, which reads as not covered. */
static int flush(struct ajar_state *state, int64_t now_ms, bool gathered_too)
{
    int status = AJAR_OK;
    bool write_batch = gathered_too && batch_count(state->batch) > 0;
    if (write_batch)
    {
        status = db_begin(state, now_ms);
        status = status == AJAR_OK ? batch_write(state) : status;
    }
    status = db_finish(state, status);
    if (status != AJAR_OK)
    {
        return status;
    }
    if (write_batch)
    {
        batch_clear(state->batch);
    }
    return AJAR_OK;
}

static int gather(struct ajar_state *state, const struct ajar_target_record *record,
                  int64_t owner)
{
    struct batch_row row = {
        .addr = record->addr,
        .port = record->port,
        .owner = owner,
        .seen_ms = record->time_unix_ms,
        .exposure = (uint8_t)record->result.verdict.exposure,
        .outcome = (uint8_t)record->result.outcome,
    };
    int status = batch_add(state->batch, &row, record->name);
    if (status == AJAR_ELIMIT)
    {
        status = flush(state, state->now_ms, true);
        status = status == AJAR_OK ? batch_add(state->batch, &row, record->name) : status;
    }
    return status == AJAR_ENOMEM
               ? db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory")
               : status;
}

static int observe_open(struct ajar_state *state, const struct ajar_state_look *look,
                        const char *owner_name)
{
    int64_t owner = 0;
    int status = db_begin(state, state->now_ms);
    status = status == AJAR_OK ? db_owner(state, owner_name, &owner) : status;
    status = status == AJAR_OK ? look_open(state, look, owner) : status;
    if (status != AJAR_OK)
    {
        struct ajar_state_error error = state->error;
        db_rollback(state);
        state->error = error;
    }
    return status;
}

/* A new owner needs a row, which needs a transaction: once a section. */
static int owner_of(struct ajar_state *state, const char *name, int64_t *out)
{
    if (state->owner_num != 0 && strcmp(state->owner_name, name) == 0)
    {
        *out = state->owner_num;
        return AJAR_OK;
    }
    int status = db_owner_find(state, name, out);
    if (status == AJAR_OK && *out > 0 && strlen(name) < sizeof state->owner_name)
    {
        memcpy(state->owner_name, name, strlen(name) + 1);
        state->owner_num = *out;
    }
    if (status == AJAR_OK && *out < 0)
    {
        status = db_begin(state, state->now_ms);
        status = status == AJAR_OK ? db_owner(state, name, out) : status;
    }
    return status;
}

int ajar_state_observe(struct ajar_state *state, const struct ajar_state_look *look)
{
    const struct ajar_target_record *record = look->record;
    const char *owner_name = record->owner != NULL ? record->owner : "";
    db_enter(state);
    if (state->run.num == 0)
    {
        return misuse(state, "a look without a run");
    }
    if (record->time_unix_ms > state->now_ms)
    {
        pass_time(state, record->time_unix_ms);
    }
    state->run.summary.observed++;
    int status = AJAR_OK;
    if (ajar_exposure_is_open(record->result.verdict.exposure) && !look->canary)
    {
        status = observe_open(state, look, owner_name);
    }
    else
    {
        int64_t owner = 0;
        status = owner_of(state, owner_name, &owner);
        status = status == AJAR_OK ? gather(state, record, owner) : status;
    }
    if (status != AJAR_OK)
    {
        return status;
    }
    bool due =
        state->in_transaction &&
        (state->now_ms - state->transaction_ms >= RUN_COMMIT_MS ||
         state->run.summary.observed - state->run.committed.observed >= RUN_COMMIT_LOOKS);
    return due ? flush(state, state->now_ms, false) : AJAR_OK;
}

int ajar_state_tick(struct ajar_state *state, int64_t now_ms, bool *out_new_events)
{
    db_enter(state);
    int status = AJAR_OK;
    if (now_ms < state->now_ms || state->run.num == 0 ||
        (state->in_transaction && now_ms - state->transaction_ms >= RUN_COMMIT_MS))
    {
        status = state->in_transaction ? flush(state, now_ms, false) : AJAR_OK;
    }
    pass_time(state, now_ms);
    if (status == AJAR_OK && state->run.num != 0 && batch_count(state->batch) > 0 &&
        (now_ms < batch_since(state->batch) ||
         now_ms - batch_since(state->batch) >= BATCH_WAIT_MS))
    {
        status = flush(state, now_ms, true);
    }
    if (out_new_events != NULL)
    {
        *out_new_events = state->told_events;
        state->told_events = false;
    }
    return status;
}

/* ---- end ---- */

static int store_end(struct ajar_state *state, const struct ajar_run_totals *totals,
                     bool trusted, int64_t now_ms)
{
    struct ajar_buf text;
    ajar_buf_init(&text, 4096);
    for (size_t i = 0; i < AJAR_EXPOSURE_COUNT; i++)
    {
        (void)ajar_buf_u64(&text, totals->by_exposure[i]);
        (void)ajar_buf_byte(&text, ' ');
    }
    for (size_t i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        (void)ajar_buf_u64(&text, totals->by_outcome[i]);
        (void)ajar_buf_byte(&text, ' ');
    }
    sqlite3_stmt *statement = db_statement(
        state, SLOT_END,
        "UPDATE run SET state = 1, complete = ?2, trusted = ?3, ended_ms = ?4,"
        " observed = ?5, not_visited = ?6, requests = ?7, events = ?8,"
        " totals = ?9 WHERE num = ?1");
    db_int(statement, 1, state->run.num);
    db_int(statement, 2, totals->complete ? 1 : 0);
    db_int(statement, 3, trusted ? 1 : 0);
    db_int(statement, 4, now_ms);
    db_int(statement, 5, db_sat(state->run.summary.observed));
    db_int(statement, 6, db_sat(totals->not_visited));
    db_int(statement, 7, db_sat(totals->requests));
    db_int(statement, 8, db_sat(state->run.summary.events));
    db_text(statement, 9, text.failed ? "" : text.data);
    int status = db_run(state, statement);
    ajar_buf_deinit(&text);
    return status;
}

static int distrust(struct ajar_state *state)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_DISTRUST, "UPDATE target SET proof = 0 WHERE run = ?1 AND proof = 1");
    db_int(statement, 1, state->run.num);
    return db_run(state, statement);
}

static int count_open(struct ajar_state *state, uint64_t *out)
{
    sqlite3_stmt *statement = db_statement(state, DB_SLOT_RUN + 7,
                                           "SELECT count(*) FROM finding WHERE state < 3"
                                           " AND accept_kind NOT IN (1, 2)");
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out = db_get_u64(statement, 0);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

int ajar_state_run_end(struct ajar_state *state, const struct ajar_run_totals *totals,
                       bool trusted, int64_t now_ms, struct ajar_state_summary *out)
{
    db_enter(state);
    if (state->run.num == 0)
    {
        return misuse(state, "no run is under way");
    }
    int status = flush(state, now_ms, true);
    pass_time(state, now_ms);
    status = status == AJAR_OK ? db_begin(state, now_ms) : status;
    status = status == AJAR_OK ? judge_run(state, trusted) : status;
    status = status == AJAR_OK && !trusted ? distrust(state) : status;
    status = status == AJAR_OK ? look_expire_acceptances(state) : status;
    status = status == AJAR_OK ? events_freeze(state, 0) : status;
    status =
        status == AJAR_OK ? count_open(state, &state->run.summary.still_open) : status;
    status = status == AJAR_OK ? store_end(state, totals, trusted, now_ms) : status;
    status = db_finish(state, status);
    if (status != AJAR_OK)
    {
        return status; /* may be tried again */
    }
    *out = state->run.summary;
    state->run.num = 0;
    return AJAR_OK;
}

/* ---- canaries ---- */

static int canary_example(struct ajar_state *state, int64_t owner,
                          enum ajar_exposure expected, struct ajar_state_canary *out)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_CANARY_EXAMPLE,
        "SELECT addr, port, exposure FROM target WHERE owner = ?1 AND run = ?2"
        " AND exposure != ?3 LIMIT 1");
    db_int(statement, 1, owner);
    db_int(statement, 2, state->run.num);
    db_int(statement, 3, expected);
    int status = db_step(state, statement);
    if (status == 1)
    {
        out->example = db_get_addr(statement, 0);
        out->example_port = (uint16_t)db_get(statement, 1);
        out->example_exposure = (enum ajar_exposure)db_get(statement, 2);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

int ajar_state_canary(struct ajar_state *state, const char *owner,
                      enum ajar_exposure expected, struct ajar_state_canary *out)
{
    db_enter(state);
    int64_t num = 0;
    if (state->run.num == 0)
    {
        return misuse(state, "no run is under way");
    }
    int status = flush(state, state->now_ms, true);
    status = status == AJAR_OK ? db_owner_find(state, owner != NULL ? owner : "", &num)
                               : status;
    if (status != AJAR_OK)
    {
        return status;
    }
    sqlite3_stmt *statement =
        db_statement(state, SLOT_CANARY,
                     "SELECT count(*) FILTER (WHERE run = ?2 AND exposure = ?3),"
                     " count(*) FILTER (WHERE run = ?2 AND exposure != ?3),"
                     " count(*) FILTER (WHERE run != ?2) FROM target WHERE owner = ?1");
    db_int(statement, 1, num);
    db_int(statement, 2, state->run.num);
    db_int(statement, 3, expected);
    struct ajar_state_canary found = {.as_declared = 0};
    status = db_step(state, statement);
    if (status == 1)
    {
        found.as_declared = db_get_u64(statement, 0);
        found.otherwise = db_get_u64(statement, 1);
        found.not_looked_at = db_get_u64(statement, 2);
        (void)sqlite3_reset(statement);
        status =
            found.otherwise > 0 ? canary_example(state, num, expected, &found) : AJAR_OK;
    }
    if (status == AJAR_OK)
    {
        *out = found;
    }
    return status;
}
