/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include <stdlib.h>

#include "life.h"

struct batch
{
    size_t count;
    int64_t since_ms;
    struct batch_row rows[BATCH_ROWS];
};

int batch_new(struct batch **out)
{
    struct batch *batch = malloc(sizeof *batch);
    if (batch == NULL)
    {
        return AJAR_ENOMEM;
    }
    batch->count = 0;
    batch->since_ms = 0;
    *out = batch;
    return AJAR_OK;
}

void batch_free(struct batch *batch)
{
    if (batch != NULL)
    {
        batch_clear(batch);
        free(batch);
    }
}

size_t batch_count(const struct batch *batch)
{
    return batch->count;
}

int64_t batch_since(const struct batch *batch)
{
    return batch->since_ms;
}

int batch_add(struct batch *batch, const struct batch_row *row, const char *name)
{
    if (batch->count == BATCH_ROWS)
    {
        return AJAR_ELIMIT;
    }
    struct batch_row *mine = &batch->rows[batch->count];
    *mine = *row;
    mine->name = name != NULL && name[0] != '\0' ? strdup(name) : NULL;
    if (name != NULL && name[0] != '\0' && mine->name == NULL)
    {
        return AJAR_ENOMEM;
    }
    if (batch->count++ == 0)
    {
        batch->since_ms = row->seen_ms;
    }
    return AJAR_OK;
}

static int compare_rows(const void *a, const void *b)
{
    const struct batch_row *left = a;
    const struct batch_row *right = b;
    int order = ajar_addr_compare(&left->addr, &right->addr);
    return order != 0 ? order : (int)left->port - (int)right->port;
}

int batch_store_target(struct ajar_state *state, const struct batch_row *row,
                       const char *name, int64_t finding)
{
    sqlite3_stmt *statement = db_statement(
        state, DB_SLOT_RUN + 15,
        "INSERT INTO target (addr, port, name, owner, run, seen_ms, exposure, outcome,"
        " proof, closed_ms, answered_ms, gap_ms, finding)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, 0, ?11)"
        " ON CONFLICT (addr, port, name) DO UPDATE SET owner = excluded.owner,"
        " run = excluded.run,"
        " closed_ms = iif(target.proof, target.seen_ms, target.closed_ms),"
        " gap_ms = max(target.gap_ms, excluded.seen_ms - target.seen_ms),"
        " answered_ms = max(target.answered_ms, excluded.answered_ms),"
        " seen_ms = excluded.seen_ms, exposure = excluded.exposure,"
        " outcome = excluded.outcome, proof = excluded.proof,"
        " finding = iif(excluded.finding, excluded.finding, target.finding)");
    enum ajar_exposure exposure = (enum ajar_exposure)row->exposure;
    enum ajar_outcome outcome = (enum ajar_outcome)row->outcome;
    db_addr(statement, 1, &row->addr);
    db_int(statement, 2, row->port);
    db_text(statement, 3, name != NULL ? name : "");
    db_int(statement, 4, row->owner);
    db_int(statement, 5, state->run.num);
    db_int(statement, 6, row->seen_ms);
    db_int(statement, 7, row->exposure);
    db_int(statement, 8, row->outcome);
    db_int(statement, 9, life_proves_closed(exposure, outcome) ? 1 : 0);
    db_int(statement, 10, life_answered(outcome) ? row->seen_ms : 0);
    db_int(statement, 11, finding);
    return db_run(state, statement);
}

int batch_write(struct ajar_state *state)
{
    struct batch *batch = state->batch;
    int status = AJAR_OK;
    qsort(batch->rows, batch->count, sizeof batch->rows[0], compare_rows);
    for (size_t i = 0; i < batch->count && status == AJAR_OK; i++)
    {
        status = batch_store_target(state, &batch->rows[i], batch->rows[i].name, 0);
    }
    return status;
}

void batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
    {
        free(batch->rows[i].name);
    }
    batch->count = 0;
}
