/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include "events.h"

enum
{
    SLOT_LIVE = DB_SLOT_RUN + 8,
    SLOT_LOOKS
};

/* What this run's look at one endpoint was: read from the remembered target. */
struct judged
{
    enum life_look look;
    int64_t time_ms;
    const char *silence; /* SILENT: why, in words */
};

struct judgement
{
    struct row_finding finding;
    struct row_endpoint *endpoints;
    size_t count;
    struct judged *looks;
    struct life_endpoint *lives;
    bool covered; /* any endpoint was looked at */
    enum ajar_finding_state before;
};

static int no_memory(struct ajar_state *state)
{
    return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
}

static int read_look(struct ajar_state *state, const struct row_finding *finding,
                     const struct row_endpoint *endpoint, struct judged *out)
{
    *out = (struct judged){LIFE_LOOK_NONE, 0, NULL};
    sqlite3_stmt *statement =
        db_statement(state, SLOT_LOOKS,
                     "SELECT exposure, outcome, finding, owner, seen_ms FROM target"
                     " WHERE addr = ?1 AND port = ?2 AND name = ?3 AND run = ?4");
    db_addr(statement, 1, &endpoint->addr);
    db_int(statement, 2, endpoint->port);
    db_text(statement, 3, endpoint->name);
    db_int(statement, 4, state->run.num);
    int status = db_step(state, statement);
    if (status != 1)
    {
        return status;
    }
    enum ajar_exposure exposure = (enum ajar_exposure)db_get(statement, 0);
    enum ajar_outcome outcome = (enum ajar_outcome)db_get(statement, 1);
    bool same_owner = db_get(statement, 3) == finding->owner;
    out->look = life_look_of(exposure, outcome, db_get(statement, 2) == finding->num);
    out->time_ms = db_get(statement, 4);
    (void)sqlite3_reset(statement);
    if (!same_owner)
    {
        /* another section's now: what is seen there is not this owner's to hear */
        out->look = LIFE_LOOK_SILENT;
        out->silence = "the address is no longer declared for this owner";
    }
    else if (out->look == LIFE_LOOK_SILENT)
    {
        out->silence = outcome == AJAR_OUTCOME_REPLIED ? ajar_exposure_word(exposure)
                                                       : ajar_outcome_word(outcome);
    }
    /* what one vantage sees open, another cannot prove closed */
    if (out->look != LIFE_LOOK_OPEN && finding->vantage != NULL &&
        strcmp(finding->vantage, state->run.vantage) != 0)
    {
        out->look = LIFE_LOOK_NONE;
    }
    return AJAR_OK;
}

static int read_looks(struct ajar_state *state, bool trusted, struct judgement *judgement)
{
    size_t count = judgement->count;
    judgement->looks =
        ajar_arena_alloc(&state->arena, (count + 1) * sizeof *judgement->looks);
    judgement->lives =
        ajar_arena_alloc(&state->arena, (count + 1) * sizeof *judgement->lives);
    if (judgement->looks == NULL || judgement->lives == NULL)
    {
        return no_memory(state);
    }
    int status = AJAR_OK;
    for (size_t i = 0; i < count && status == AJAR_OK; i++)
    {
        struct judged *look = &judgement->looks[i];
        status = read_look(state, &judgement->finding, &judgement->endpoints[i], look);
        if (!trusted && look->look != LIFE_LOOK_OPEN)
        {
            look->look = LIFE_LOOK_NONE;
        }
        judgement->covered = judgement->covered || look->look != LIFE_LOOK_NONE;
    }
    return status;
}

/* ---- moved ---- */

static bool is_born_now(const struct ajar_state *state,
                        const struct row_endpoint *endpoint)
{
    return endpoint->first_run == state->run.num;
}

/* New doors, and none of the old ones open any more: the cluster moved. */
static bool has_moved(const struct ajar_state *state, const struct judgement *judgement)
{
    bool any_new = false;
    bool any_old = false;
    for (size_t i = 0; i < judgement->count; i++)
    {
        const struct life_endpoint *life = &judgement->lives[i];
        if (is_born_now(state, &judgement->endpoints[i]))
        {
            any_new = true;
        }
        else if (!life->retired)
        {
            any_old = true;
            if (life_endpoint_state(life) == AJAR_ENDPOINT_OPEN)
            {
                return false;
            }
        }
    }
    return any_new && any_old && judgement->finding.born_run != state->run.num;
}

/* The old doors are left behind: they neither hold the finding open nor unverified. */
static void retire_old(const struct ajar_state *state, struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->count; i++)
    {
        if (!is_born_now(state, &judgement->endpoints[i]))
        {
            judgement->lives[i].retired = true;
        }
    }
}

static int store_lives(struct ajar_state *state, struct judgement *judgement)
{
    int status = AJAR_OK;
    for (size_t i = 0; i < judgement->count && status == AJAR_OK; i++)
    {
        struct life_endpoint was = rows_life(&judgement->endpoints[i]);
        const struct life_endpoint *now = &judgement->lives[i];
        if (was.closed_looks != now->closed_looks || was.silent != now->silent ||
            was.retired != now->retired || was.closed_ms != now->closed_ms)
        {
            rows_set_life(&judgement->endpoints[i], now);
            status = rows_store_endpoint(state, &judgement->endpoints[i]);
        }
    }
    return status;
}

/* ---- what to tell ---- */

static int emit(struct ajar_state *state, struct judgement *judgement,
                enum ajar_event_kind kind, const struct events_changes *changes)
{
    return events_emit(state, &judgement->finding, judgement->endpoints, judgement->count,
                       kind, changes, false);
}

static const char *silence_of(const struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->count; i++)
    {
        if (judgement->looks[i].look == LIFE_LOOK_SILENT &&
            judgement->looks[i].silence != NULL)
        {
            return judgement->looks[i].silence;
        }
    }
    return "no answer";
}

static int tell_unverified(struct ajar_state *state, struct judgement *judgement)
{
    struct events_changes changes = {.count = 0};
    if (judgement->finding.told_state == AJAR_FINDING_UNVERIFIED)
    {
        return AJAR_OK; /* said once */
    }
    int status = events_change(state, &changes, AJAR_CHANGE_SILENCE, "open",
                               silence_of(judgement));
    return status == AJAR_OK ? emit(state, judgement, AJAR_EVENT_UNVERIFIED, &changes)
                             : status;
}

static int tell_open(struct ajar_state *state, struct judgement *judgement, bool moved)
{
    struct row_finding *finding = &judgement->finding;
    struct events_changes changes = {.count = 0};
    int status = AJAR_OK;
    if (finding->told_state == AJAR_FINDING_UNVERIFIED)
    {
        status = events_change(state, &changes, AJAR_CHANGE_STATE, "unverified", "open");
    }
    status = status == AJAR_OK ? events_compare(state, finding, judgement->endpoints,
                                                judgement->count, true, &changes)
                               : status;
    if (status != AJAR_OK || changes.count == 0)
    {
        return status;
    }
    if (!moved)
    {
        status = events_refresh(state, finding, judgement->endpoints, judgement->count);
        if (status != 0)
        {
            return status < 0 ? status : AJAR_OK;
        }
    }
    return emit(state, judgement, moved ? AJAR_EVENT_MOVED : AJAR_EVENT_CHANGED,
                &changes);
}

/* Accepted: only its end is told (the level and names were compared as it was looked at).
 * Not announced: nothing was told, so nothing has an end. */
static int tell(struct ajar_state *state, struct judgement *judgement, bool moved)
{
    struct row_finding *finding = &judgement->finding;
    struct events_changes none = {.count = 0};
    bool accepted = finding->accept_kind == ROWS_ACCEPT_BY_HAND ||
                    finding->accept_kind == ROWS_ACCEPT_EXPECTED;
    switch ((enum ajar_finding_state)finding->state)
    {
    case AJAR_FINDING_RESOLVED:
        return finding->announced != 0
                   ? emit(state, judgement, AJAR_EVENT_RESOLVED, &none)
                   : AJAR_OK;
    case AJAR_FINDING_UNVERIFIED:
        return accepted || finding->announced == 0 ? AJAR_OK
                                                   : tell_unverified(state, judgement);
    case AJAR_FINDING_OPEN:
        return accepted || finding->announced == 0 ? AJAR_OK
                                                   : tell_open(state, judgement, moved);
    case AJAR_FINDING_CLOSING:
    case AJAR_FINDING_ACCEPTED:
    case AJAR_FINDING_STATE_COUNT:
        break;
    }
    return AJAR_OK;
}

static int64_t latest_look(const struct judgement *judgement)
{
    int64_t latest = 0;
    for (size_t i = 0; i < judgement->count; i++)
    {
        int64_t time_ms = judgement->looks[i].time_ms;
        latest = time_ms > latest ? time_ms : latest;
    }
    return latest;
}

static int judge(struct ajar_state *state, bool trusted, struct judgement *judgement)
{
    struct row_finding *finding = &judgement->finding;
    int status =
        rows_endpoints(state, finding->num, 0, &judgement->endpoints, &judgement->count);
    status = status == AJAR_OK ? read_looks(state, trusted, judgement) : status;
    if (status != AJAR_OK || !judgement->covered)
    {
        return status;
    }
    judgement->before = (enum ajar_finding_state)finding->state;
    for (size_t i = 0; i < judgement->count; i++)
    {
        judgement->lives[i] = rows_life(&judgement->endpoints[i]);
        /* open looks were entered as they came */
        if (judgement->looks[i].look != LIFE_LOOK_OPEN)
        {
            (void)life_endpoint_look(&judgement->lives[i], judgement->looks[i].look,
                                     judgement->looks[i].time_ms);
        }
    }
    bool moved = has_moved(state, judgement);
    if (moved)
    {
        retire_old(state, judgement);
    }
    status = store_lives(state, judgement);
    finding->state = life_state(judgement->lives, judgement->count);
    finding->first_closed_ms = life_first_closed(judgement->lives, judgement->count);
    if (finding->state == AJAR_FINDING_RESOLVED)
    {
        finding->resolved_ms = latest_look(judgement);
        finding->accept_kind = ROWS_ACCEPT_NONE;
    }
    rows_represent(finding, judgement->endpoints, judgement->count);
    status = status == AJAR_OK ? tell(state, judgement, moved) : status;
    return status == AJAR_OK ? rows_store_finding(state, finding) : status;
}

int judge_run(struct ajar_state *state, bool trusted)
{
    int64_t after = 0;
    for (;;)
    {
        ajar_arena_reset(&state->arena);
        struct judgement judgement = {.count = 0};
        sqlite3_stmt *statement =
            db_statement(state, SLOT_LIVE,
                         "SELECT " ROWS_FINDING_SELECT
                         " FROM finding INDEXED BY finding_live WHERE state < 3 AND"
                         " num > ?1 ORDER BY num LIMIT 1");
        db_int(statement, 1, after);
        int status = db_step(state, statement);
        if (status != 1)
        {
            return status;
        }
        rows_read_finding(statement, &state->arena, &judgement.finding);
        (void)sqlite3_reset(statement);
        after = judgement.finding.num;
        status = judge(state, trusted, &judgement);
        if (status != AJAR_OK)
        {
            return status;
        }
    }
}
