/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "events.h"
#include "look.h"
#include "names.h"
#include "view.h"

static int no_memory(struct ajar_state *state)
{
    return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
}

static bool is_accepted(const struct row_finding *finding)
{
    return finding->accept_kind == ROWS_ACCEPT_BY_HAND ||
           finding->accept_kind == ROWS_ACCEPT_EXPECTED;
}

/* An acceptance that does not cover what is there would end with the next look. */
static int check_names(struct ajar_state *state, const struct ajar_finding_view *view,
                       const char *patterns)
{
    for (size_t i = 0; patterns != NULL && i < view->name_count; i++)
    {
        if (!names_match(patterns, ajar_span_of(view->names[i])))
        {
            (void)db_fault(
                state, AJAR_STATE_FAULT_MISUSE,
                "index \"%.200s\" is there now and matches none of \"%.100s\"; "
                "add a pattern for it",
                view->names[i], patterns);
            return AJAR_EREFUSED;
        }
    }
    return AJAR_OK;
}

static const char *until_text(struct ajar_state *state,
                              const struct ajar_acceptance *acceptance)
{
    /* the time as a number: this room renders no dates; a renderer shows the acceptance
     */
    return ajar_arena_printf(&state->arena, "accepted by %s until %lld, indices %s",
                             acceptance->by != NULL ? acceptance->by : "?",
                             (long long)(acceptance->until_ms / 1000),
                             acceptance->indices != NULL ? acceptance->indices
                                                         : "as they are");
}

static int apply(struct ajar_state *state, struct row_finding *finding,
                 const struct ajar_acceptance *acceptance, int64_t now_ms)
{
    struct row_endpoint *endpoints = NULL;
    size_t count = 0;
    struct ajar_finding_view view;
    int status = rows_endpoints(state, finding->num, 0, &endpoints, &count);
    status = status == AJAR_OK
                 ? view_of_finding(state, finding, endpoints, count, true, &view)
                 : status;
    status = status == AJAR_OK ? check_names(state, &view, acceptance->indices) : status;
    if (status != AJAR_OK)
    {
        return status;
    }
    const struct row_endpoint *now = rows_representative(finding, endpoints, count);
    const char *to = until_text(state, acceptance);
    struct events_changes changes = {.count = 0};
    status = to != NULL ? events_change(state, &changes, AJAR_CHANGE_ACCEPTANCE,
                                        is_accepted(finding) ? "accepted before" : "", to)
                        : no_memory(state);
    finding->accept_kind = ROWS_ACCEPT_BY_HAND;
    finding->accept_since_ms = now_ms;
    finding->accept_until_ms = acceptance->until_ms;
    finding->accept_exposure = finding->exposure;
    finding->accept_severity = finding->severity;
    finding->accept_indices = acceptance->indices;
    finding->accept_shapes = now != NULL && now->shapes != NULL ? now->shapes : "";
    finding->accept_by = acceptance->by;
    finding->accept_reason = acceptance->reason;
    finding->announced = 1;
    status = status == AJAR_OK ? events_emit(state, finding, endpoints, count,
                                             AJAR_EVENT_ACCEPTED, &changes, false)
                               : status;
    return status == AJAR_OK ? rows_store_finding(state, finding) : status;
}

static int accept_in(struct ajar_state *state, const char *id,
                     const struct ajar_acceptance *acceptance, int64_t now_ms)
{
    struct row_finding finding;
    int status = rows_finding_by_id(state, id, &finding);
    if (status == 0)
    {
        return db_fault(state, AJAR_STATE_FAULT_UNKNOWN, "there is no finding %.40s", id);
    }
    if (status == 1 && finding.state == AJAR_FINDING_RESOLVED)
    {
        return db_fault(state, AJAR_STATE_FAULT_MISUSE,
                        "finding %s is resolved: there is nothing to accept", finding.id);
    }
    if (status == 1 && acceptance->until_ms != 0 && acceptance->until_ms <= now_ms)
    {
        (void)db_fault(state, AJAR_STATE_FAULT_MISUSE, "the acceptance ends in the past");
        return AJAR_EINVAL;
    }
    return status == 1 ? apply(state, &finding, acceptance, now_ms) : status;
}

int ajar_state_accept(struct ajar_state *state, const char *finding,
                      const struct ajar_acceptance *acceptance, int64_t now_ms)
{
    db_enter(state);
    int status = db_need_write(state);
    if (status != AJAR_OK)
    {
        return status;
    }
    state->now_ms = now_ms;
    status = db_begin(state, now_ms);
    status = status == AJAR_OK ? accept_in(state, finding, acceptance, now_ms) : status;
    return db_finish(state, status);
}

/* ---- its end ---- */

static const char *acceptance_text(struct ajar_state *state,
                                   const struct row_finding *finding)
{
    if (finding->accept_kind == ROWS_ACCEPT_EXPECTED)
    {
        return ajar_arena_printf(&state->arena, "expected: %s",
                                 finding->accept_reason != NULL ? finding->accept_reason
                                                                : "");
    }
    return ajar_arena_printf(&state->arena, "accepted by %s",
                             finding->accept_by != NULL ? finding->accept_by : "?");
}

int look_end_acceptance(struct ajar_state *state, struct row_finding *finding,
                        const struct row_endpoint *endpoints, size_t count,
                        const char *why, bool urgent)
{
    struct events_changes changes = {.count = 0};
    const char *from = acceptance_text(state, finding);
    int status = from != NULL && why != NULL
                     ? events_change(state, &changes, AJAR_CHANGE_ACCEPTANCE, from, why)
                     : no_memory(state);
    finding->accept_kind = ROWS_ACCEPT_SPENT;
    if (status != AJAR_OK)
    {
        return status;
    }
    enum ajar_event_kind kind = AJAR_EVENT_ACCEPT_ENDED;
    if (finding->announced == 0)
    {
        finding->announced = 1;
        kind = AJAR_EVENT_OPENED;
    }
    else
    {
        status = events_compare(state, finding, endpoints, count, false, &changes);
    }
    return status == AJAR_OK
               ? events_emit(state, finding, endpoints, count, kind, &changes, urgent)
               : status;
}

int look_expire_acceptances(struct ajar_state *state)
{
    for (;;)
    {
        struct row_finding finding;
        struct row_endpoint *endpoints = NULL;
        size_t count = 0;
        ajar_arena_reset(&state->arena);
        sqlite3_stmt *statement =
            db_statement(state, DB_SLOT_RUN + 11,
                         "SELECT " ROWS_FINDING_SELECT
                         " FROM finding WHERE state < 3 AND accept_kind = 1"
                         " AND accept_until_ms != 0 AND accept_until_ms <= ?1 LIMIT 1");
        db_int(statement, 1, state->now_ms);
        int status = db_step(state, statement);
        if (status != 1)
        {
            return status;
        }
        rows_read_finding(statement, &state->arena, &finding);
        (void)sqlite3_reset(statement);
        status = rows_endpoints(state, finding.num, 0, &endpoints, &count);
        status = status == AJAR_OK
                     ? look_end_acceptance(state, &finding, endpoints, count,
                                           "its date has come", false)
                     : status;
        status = status == AJAR_OK ? rows_store_finding(state, &finding) : status;
        if (status != AJAR_OK)
        {
            return status;
        }
    }
}
