/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "events.h"

enum
{
    SLOT_LOST = DB_SLOT_QUERY + 22
};

#define DAY_MS 86400000ll

/* docs/state.md, "Retention". A resolved finding can come back within 90 days. */
static struct ajar_retention filled(const struct ajar_retention *given)
{
    struct ajar_retention out = given != NULL ? *given : (struct ajar_retention){0, 0, 0};
    out.run_days = out.run_days > 0 ? out.run_days : 400;
    out.finding_days = out.finding_days > 0 ? out.finding_days : 400;
    out.finding_days = out.finding_days > 91 ? out.finding_days : 91;
    out.target_days = out.target_days > 0 ? out.target_days : 90;
    return out;
}

static int delete_where(struct ajar_state *state, const char *sql, int64_t before_ms,
                        uint64_t *out_count)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(state->db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
    {
        return db_failed(state, code);
    }
    db_int(statement, 1, before_ms);
    int status = db_run(state, statement);
    *out_count += status == AJAR_OK ? (uint64_t)sqlite3_changes64(state->db) : 0;
    (void)sqlite3_finalize(statement);
    return status;
}

/* Endpoints of one unresolved finding that nobody looks at any more are silent. */
static int silence(struct ajar_state *state, struct row_finding *finding,
                   int64_t before_ms)
{
    struct row_endpoint *endpoints = NULL;
    size_t count = 0;
    int status = rows_endpoints(state, finding->num, 0, &endpoints, &count);
    struct life_endpoint *lives =
        ajar_arena_alloc(&state->arena, (count + 1) * sizeof *lives);
    if (status == AJAR_OK && lives == NULL)
    {
        return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < count && status == AJAR_OK; i++)
    {
        lives[i] = rows_life(&endpoints[i]);
        /* the last look here was at the latest one that found it open or closed */
        int64_t seen_ms = endpoints[i].last_ms > endpoints[i].closed_ms
                              ? endpoints[i].last_ms
                              : endpoints[i].closed_ms;
        if (seen_ms < before_ms && life_endpoint_look(&lives[i], LIFE_LOOK_SILENT, 0))
        {
            rows_set_life(&endpoints[i], &lives[i]);
            status = rows_store_endpoint(state, &endpoints[i]);
        }
    }
    if (status != AJAR_OK)
    {
        return status;
    }
    finding->state = life_state(lives, count);
    bool tells = finding->state == AJAR_FINDING_UNVERIFIED && finding->announced != 0 &&
                 finding->told_state != AJAR_FINDING_UNVERIFIED &&
                 finding->accept_kind != ROWS_ACCEPT_BY_HAND &&
                 finding->accept_kind != ROWS_ACCEPT_EXPECTED;
    if (tells)
    {
        struct events_changes changes = {.count = 0};
        status = events_change(state, &changes, AJAR_CHANGE_SILENCE, "open",
                               "no run has looked at it for long");
        status = status == AJAR_OK ? events_emit(state, finding, endpoints, count,
                                                 AJAR_EVENT_UNVERIFIED, &changes, false)
                                   : status;
    }
    return status == AJAR_OK ? rows_store_finding(state, finding) : status;
}

static int silence_all(struct ajar_state *state, int64_t before_ms)
{
    int64_t after = 0;
    for (;;)
    {
        struct row_finding finding;
        ajar_arena_reset(&state->arena);
        sqlite3_stmt *statement = db_statement(
            state, SLOT_LOST,
            "SELECT " ROWS_FINDING_SELECT " FROM finding WHERE state < 3 AND num > ?1 AND"
            " EXISTS (SELECT 1 FROM endpoint LEFT JOIN target USING (addr, port, name)"
            " WHERE endpoint.finding = finding.num AND endpoint.silent = 0 AND"
            " endpoint.retired = 0 AND endpoint.closed_looks < 2 AND"
            " coalesce(target.seen_ms, 0) < ?2) ORDER BY num LIMIT 1");
        db_int(statement, 1, after);
        db_int(statement, 2, before_ms);
        int status = db_step(state, statement);
        if (status != 1)
        {
            return status;
        }
        rows_read_finding(statement, &state->arena, &finding);
        (void)sqlite3_reset(statement);
        after = finding.num;
        status = silence(state, &finding, before_ms);
        if (status != AJAR_OK)
        {
            return status;
        }
    }
}

static int prune_in(struct ajar_state *state, const struct ajar_retention *retention,
                    int64_t now_ms, struct ajar_pruned *out)
{
    int64_t findings_ms = now_ms - (int64_t)retention->finding_days * DAY_MS;
    int64_t targets_ms = now_ms - (int64_t)retention->target_days * DAY_MS;
    int64_t runs_ms = now_ms - (int64_t)retention->run_days * DAY_MS;
    int status = silence_all(state, targets_ms);
    status = status == AJAR_OK
                 ? delete_where(state, "DELETE FROM target WHERE seen_ms < ?1",
                                targets_ms, &out->targets)
                 : status;
    /* old events: of resolved findings with them (ON DELETE CASCADE), of others those
     * that nobody is owed; how it began stays */
    status =
        status == AJAR_OK
            ? delete_where(state,
                           "DELETE FROM event WHERE time_ms < ?1 AND kind != 0 AND NOT"
                           " EXISTS (SELECT 1 FROM delivery WHERE delivery.seq ="
                           " event.seq AND state < 2)",
                           findings_ms, &out->events)
            : status;
    status = status == AJAR_OK
                 ? delete_where(state,
                                "DELETE FROM finding WHERE state = 3 AND resolved_ms < ?1"
                                " AND NOT EXISTS (SELECT 1 FROM delivery WHERE"
                                " delivery.finding = finding.num AND delivery.state < 2)",
                                findings_ms, &out->findings)
                 : status;
    return status == AJAR_OK
               ? delete_where(
                     state,
                     "DELETE FROM run WHERE started_ms < ?1 AND state != 0 AND num"
                     " NOT IN (SELECT max(num) FROM run WHERE source = 0)",
                     runs_ms, &out->runs)
               : status;
}

int ajar_state_prune(struct ajar_state *state, const struct ajar_retention *retention,
                     int64_t now_ms, struct ajar_pruned *out)
{
    struct ajar_retention days = filled(retention);
    struct ajar_pruned pruned = {0, 0, 0, 0};
    db_enter(state);
    int status = db_need_write(state);
    if (status == AJAR_OK && state->run.num != 0)
    {
        status = db_fault(state, AJAR_STATE_FAULT_MISUSE, "a run is under way");
    }
    if (status != AJAR_OK)
    {
        return status;
    }
    state->now_ms = now_ms;
    status = db_begin(state, now_ms);
    status = status == AJAR_OK ? prune_in(state, &days, now_ms, &pruned) : status;
    status = db_finish(state, status);
    if (status != AJAR_OK)
    {
        return status;
    }
    *out = pruned;
    return AJAR_OK;
}
