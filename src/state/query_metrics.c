/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "ajar/num.h"
#include "life.h"
#include "db.h"

enum
{
    SLOT_FINDINGS = DB_SLOT_QUERY + 14,
    SLOT_DATASETS,
    SLOT_EVENTS,
    SLOT_OWED,
    SLOT_TARGETS,
    SLOT_RUN,
    SLOT_GOOD,
    SLOT_SIZE
};

static int findings(struct ajar_state *state, int64_t owner,
                    struct ajar_state_metrics *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_FINDINGS,
                     "SELECT state, accept_kind IN (1, 2), exposure, severity, count(*)"
                     " FROM finding WHERE ?1 = 0 OR owner = ?1 GROUP BY 1, 2, 3, 4");
    db_int(statement, 1, owner);
    int status = db_step(state, statement);
    while (status == 1)
    {
        uint64_t word = db_get_u64(statement, 0);
        bool accepted = db_get(statement, 1) != 0 && word != AJAR_FINDING_RESOLVED;
        uint64_t exposure = db_get_u64(statement, 2);
        uint64_t severity = db_get_u64(statement, 3);
        uint64_t count = db_get_u64(statement, 4);
        word = accepted ? AJAR_FINDING_ACCEPTED : word;
        if (word < AJAR_FINDING_STATE_COUNT && exposure < AJAR_EXPOSURE_COUNT &&
            severity < AJAR_SEVERITY_COUNT)
        {
            out->by_state[word] += count;
            bool counts = word != AJAR_FINDING_RESOLVED && !accepted;
            out->open_by_exposure[exposure] += counts ? count : 0;
            out->open_by_severity[severity] += counts ? count : 0;
        }
        status = db_step(state, statement);
    }
    return status;
}

/* Data sets among what is unresolved: walked in order of names and then of documents,
 * from the largest down; a set is what stays within 5 % of its largest. Those without
 * names are told apart by the exact fingerprint. */
static int datasets(struct ajar_state *state, int64_t owner,
                    struct ajar_state_metrics *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_DATASETS,
                     "SELECT names_digest, iif(names_digest, 0, fingerprint), documents,"
                     " copyable FROM finding WHERE state < 3 AND documents > 0"
                     " AND (?1 = 0 OR owner = ?1) GROUP BY cluster"
                     " ORDER BY copyable, 1, 2, documents DESC");
    db_int(statement, 1, owner);
    int64_t names = 0;
    int64_t exact = 0;
    uint64_t largest = 0;
    int status = db_step(state, statement);
    while (status == 1)
    {
        uint64_t documents = db_get_u64(statement, 2);
        bool copy =
            db_get(statement, 3) != 0 && largest > 0 && db_get(statement, 0) == names &&
            db_get(statement, 1) == exact &&
            (exact != 0 ? documents == largest : life_is_near(largest, documents));
        if (!copy)
        {
            names = db_get(statement, 0);
            exact = db_get(statement, 1);
            largest = db_get(statement, 3) != 0 ? documents : 0;
            out->datasets++;
            out->documents = ajar_num_add(out->documents, documents);
        }
        out->documents_all = ajar_num_add(out->documents_all, documents);
        status = db_step(state, statement);
    }
    return status;
}

static int events(struct ajar_state *state, int64_t owner, struct ajar_state_metrics *out)
{
    int status = AJAR_OK;
    for (size_t i = 0; i < AJAR_EVENT_KIND_COUNT && status == AJAR_OK && owner == 0; i++)
    {
        char name[32] = "kind:";
        int64_t value = 0;
        const char *word = ajar_event_kind_word((enum ajar_event_kind)i);
        memcpy(name + 5, word, strlen(word) + 1);
        status = db_setting(state, name, &value);
        out->events_by_kind[i] = (uint64_t)value;
    }
    sqlite3_stmt *statement =
        db_statement(state, SLOT_EVENTS,
                     "SELECT kind, count(*) FROM event WHERE owner = ?1 GROUP BY kind");
    db_int(statement, 1, owner);
    status = status == AJAR_OK && owner != 0 ? db_step(state, statement) : status;
    while (status == 1)
    {
        uint64_t kind = db_get_u64(statement, 0);
        if (kind < AJAR_EVENT_KIND_COUNT)
        {
            out->events_by_kind[kind] = db_get_u64(statement, 1);
        }
        status = db_step(state, statement);
    }
    return status;
}

static int owed(struct ajar_state *state, int64_t owner, struct ajar_state_metrics *out)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_OWED,
        "SELECT count(*), coalesce(min(time_ms), 0), coalesce((SELECT"
        " sum(attempts) FROM delivery WHERE state < 2 AND (?1 = 0 OR finding IN"
        " (SELECT num FROM finding WHERE owner = ?1))), 0)"
        " FROM event WHERE settled = 0 AND (?1 = 0 OR owner = ?1)");
    db_int(statement, 1, owner);
    int status = db_step(state, statement);
    if (status == 1)
    {
        out->undelivered = db_get_u64(statement, 0);
        out->oldest_undelivered_ms = db_get(statement, 1);
        out->failed_attempts = db_get_u64(statement, 2);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

static int targets(struct ajar_state *state, int64_t owner,
                   struct ajar_state_metrics *out)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_TARGETS,
        "SELECT count(*), count(*) FILTER (WHERE answered_ms = 0) FROM target"
        " WHERE ?1 = 0 OR owner = ?1");
    db_int(statement, 1, owner);
    int status = db_step(state, statement);
    if (status == 1)
    {
        out->targets = db_get_u64(statement, 0);
        out->never_reached = db_get_u64(statement, 1);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

static int last_run(struct ajar_state *state, struct ajar_state_metrics *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_RUN,
                     "SELECT complete, trusted, state = 1, started_ms, ended_ms, targets,"
                     " observed FROM run WHERE source = 0 ORDER BY num DESC LIMIT 1");
    int status = db_step(state, statement);
    if (status == 1)
    {
        out->has_run = true;
        out->run_complete = db_get(statement, 0) != 0;
        out->run_trusted = db_get(statement, 1) != 0;
        out->run_ended = db_get(statement, 2) != 0;
        out->run_started_ms = db_get(statement, 3);
        out->run_ended_ms = db_get(statement, 4);
        out->run_targets = db_get_u64(statement, 5);
        out->run_observed = db_get_u64(statement, 6);
        (void)sqlite3_reset(statement);
        statement = db_statement(state, SLOT_GOOD,
                                 "SELECT coalesce(max(ended_ms), 0) FROM run WHERE"
                                 " source = 0 AND complete = 1 AND trusted = 1");
        status = db_step(state, statement);
    }
    if (status == 1)
    {
        out->last_good_ms = db_get(statement, 0);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

static int file_size(struct ajar_state *state, struct ajar_state_metrics *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_SIZE,
                     "SELECT page_count * page_size FROM pragma_page_count(),"
                     " pragma_page_size()");
    int status = db_step(state, statement);
    if (status == 1)
    {
        out->file_bytes = db_get_u64(statement, 0);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

static int collect(struct ajar_state *state, const char *owner, bool with_targets,
                   struct ajar_state_metrics *out)
{
    struct ajar_state_metrics metrics;
    int64_t num = 0;
    memset(&metrics, 0, sizeof metrics);
    db_enter(state);
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, owner, &num) : status;
    status = status == AJAR_OK ? findings(state, num, &metrics) : status;
    status = status == AJAR_OK ? datasets(state, num, &metrics) : status;
    status = status == AJAR_OK ? events(state, num, &metrics) : status;
    status = status == AJAR_OK ? owed(state, num, &metrics) : status;
    if (with_targets)
    {
        status = status == AJAR_OK ? targets(state, num, &metrics) : status;
    }
    if (owner == NULL)
    {
        status = status == AJAR_OK ? last_run(state, &metrics) : status;
        status = status == AJAR_OK ? file_size(state, &metrics) : status;
    }
    db_end_read(state);
    if (status == AJAR_OK)
    {
        *out = metrics;
    }
    return status;
}

int ajar_state_metrics(struct ajar_state *state, const char *owner,
                       struct ajar_state_metrics *out)
{
    return collect(state, owner, true, out);
}

int ajar_state_standing(struct ajar_state *state, const char *owner,
                        struct ajar_state_metrics *out)
{
    return collect(state, owner, false, out);
}
