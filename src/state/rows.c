/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

enum
{
    SLOT_FINDING = DB_SLOT_ROWS,
    SLOT_BY_KEY,
    SLOT_BY_ID,
    SLOT_FINDING_NEW,
    SLOT_FINDING_STORE,
    SLOT_ENDPOINT_NEW,
    SLOT_ENDPOINT_STORE,
    SLOT_ENDPOINT_AT,
    SLOT_ENDPOINTS,
    SLOT_ENDPOINT
};

#define MARK(name) ",?"
#define SET(name) "," #name "=?"

void rows_read_finding(sqlite3_stmt *statement, struct ajar_arena *arena,
                       struct row_finding *out)
{
    int column = 0;
    out->num = db_get(statement, column++);
#define I(name) out->name = db_get(statement, column++);
#define T(name) out->name = db_get_text(statement, column++, arena);
    FINDING_COLUMNS(I, T)
#undef I
#undef T
}

void rows_read_endpoint(sqlite3_stmt *statement, struct ajar_arena *arena,
                        struct row_endpoint *out)
{
    int column = 0;
    out->num = db_get(statement, column++);
#define I(name) out->name = db_get(statement, column++);
#define T(name) out->name = db_get_text(statement, column++, arena);
    ENDPOINT_COLUMNS(I, T)
#undef I
#undef T
    out->addr = db_get_addr(statement, column);
    out->facts = (struct ajar_span){NULL, 0};
}

static int take_finding(struct ajar_state *state, sqlite3_stmt *statement,
                        struct row_finding *out)
{
    int status = db_step(state, statement);
    if (status == 1)
    {
        rows_read_finding(statement, &state->arena, out);
        (void)sqlite3_reset(statement);
    }
    return status;
}

int rows_finding(struct ajar_state *state, int64_t num, struct row_finding *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_FINDING,
                     "SELECT " ROWS_FINDING_SELECT " FROM finding WHERE num = ?1");
    db_int(statement, 1, num);
    return take_finding(state, statement, out);
}

int rows_finding_by_key(struct ajar_state *state, const char *key,
                        struct row_finding *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_BY_KEY,
                     "SELECT " ROWS_FINDING_SELECT
                     " FROM finding WHERE key = ?1 ORDER BY seq DESC LIMIT 1");
    db_text(statement, 1, key);
    return take_finding(state, statement, out);
}

int rows_finding_by_id(struct ajar_state *state, const char *id, struct row_finding *out)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_BY_ID, "SELECT " ROWS_FINDING_SELECT " FROM finding WHERE id = ?1");
    db_text(statement, 1, id);
    return take_finding(state, statement, out);
}

int rows_store_finding(struct ajar_state *state, struct row_finding *finding)
{
    bool is_new = finding->num == 0;
    sqlite3_stmt *statement =
        is_new
            ? db_statement(state, SLOT_FINDING_NEW,
                           "INSERT INTO finding (num" FINDING_COLUMNS(
                               ROWS_NAME,
                               ROWS_NAME) ") VALUES (?1" FINDING_COLUMNS(MARK, MARK) ")")
            : db_statement(
                  state, SLOT_FINDING_STORE,
                  "UPDATE finding SET num=?1" FINDING_COLUMNS(SET, SET) " WHERE num=?1");
    int at = 1;
    if (!is_new)
    {
        db_int(statement, at, finding->num);
    }
    at++;
#define I(name) db_int(statement, at++, finding->name);
#define T(name) db_text(statement, at++, finding->name);
    FINDING_COLUMNS(I, T)
#undef I
#undef T
    int status = db_run(state, statement);
    if (status == AJAR_OK && is_new)
    {
        finding->num = sqlite3_last_insert_rowid(state->db);
    }
    return status;
}

int rows_store_endpoint(struct ajar_state *state, struct row_endpoint *endpoint)
{
    bool is_new = endpoint->num == 0;
    sqlite3_stmt *statement =
        is_new
            ? db_statement(
                  state, SLOT_ENDPOINT_NEW,
                  "INSERT INTO endpoint (num" ENDPOINT_COLUMNS(
                      ROWS_NAME,
                      ROWS_NAME) ",addr,facts) VALUES (?1" ENDPOINT_COLUMNS(MARK,
                                                                            MARK) ",?,?)")
            : db_statement(state, SLOT_ENDPOINT_STORE,
                           "UPDATE endpoint SET num=?1" ENDPOINT_COLUMNS(
                               SET, SET) ",addr=?,facts=coalesce(?,facts) WHERE num=?1");
    int at = 1;
    if (!is_new)
    {
        db_int(statement, at, endpoint->num);
    }
    at++;
#define I(name) db_int(statement, at++, endpoint->name);
#define T(name) db_text(statement, at++, endpoint->name);
    ENDPOINT_COLUMNS(I, T)
#undef I
#undef T
    db_addr(statement, at++, &endpoint->addr);
    if (endpoint->facts.len > 0 || is_new)
    {
        db_blob(statement, at, endpoint->facts.data, endpoint->facts.len);
    }
    int status = db_run(state, statement);
    if (status == AJAR_OK && is_new)
    {
        endpoint->num = sqlite3_last_insert_rowid(state->db);
    }
    return status;
}

int rows_endpoint(struct ajar_state *state, int64_t num, struct row_endpoint *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_ENDPOINT,
                     "SELECT " ROWS_ENDPOINT_SELECT " FROM endpoint WHERE num = ?1");
    db_int(statement, 1, num);
    int status = db_step(state, statement);
    if (status == 1)
    {
        rows_read_endpoint(statement, &state->arena, out);
        (void)sqlite3_reset(statement);
    }
    return status;
}

int rows_endpoint_at(struct ajar_state *state, int64_t finding,
                     const struct ajar_addr *addr, uint16_t port, const char *name,
                     struct row_endpoint *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_ENDPOINT_AT,
                     "SELECT " ROWS_ENDPOINT_SELECT
                     " FROM endpoint WHERE finding = ?1 AND addr = ?2 AND port = ?3"
                     " AND name = ?4");
    db_int(statement, 1, finding);
    db_addr(statement, 2, addr);
    db_int(statement, 3, port);
    db_text(statement, 4, name);
    int status = db_step(state, statement);
    if (status == 1)
    {
        rows_read_endpoint(statement, &state->arena, out);
        (void)sqlite3_reset(statement);
    }
    return status;
}

/* The last column, borrowed no longer than the arena. */
static struct ajar_span read_facts(sqlite3_stmt *statement, struct ajar_arena *arena)
{
    int column = sqlite3_column_count(statement) - 1;
    const void *bytes = sqlite3_column_blob(statement, column);
    int len = sqlite3_column_bytes(statement, column);
    struct ajar_span facts = {bytes, bytes != NULL && len > 0 ? (size_t)len : 0};
    char *copy = facts.len > 0 ? ajar_arena_copy(arena, facts) : NULL;
    return (struct ajar_span){copy, copy != NULL ? facts.len : 0};
}

int rows_endpoints(struct ajar_state *state, int64_t finding, int64_t facts_of,
                   struct row_endpoint **out, size_t *out_count)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_ENDPOINTS,
                     "SELECT " ROWS_ENDPOINT_SELECT ", iif(num = ?2, facts, NULL)"
                     " FROM endpoint WHERE finding = ?1 ORDER BY addr, port, name");
    db_int(statement, 1, finding);
    db_int(statement, 2, facts_of);
    struct row_endpoint *rows = NULL;
    size_t count = 0;
    size_t room = 0;
    int status = db_step(state, statement);
    while (status == 1)
    {
        if (count == room)
        {
            size_t more = room > 0 ? room * 2 : 4;
            struct row_endpoint *grown =
                ajar_arena_alloc(&state->arena, more * sizeof *grown);
            if (grown == NULL)
            {
                (void)sqlite3_reset(statement);
                return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
            }
            if (count > 0)
            {
                memcpy(grown, rows, count * sizeof *grown);
            }
            rows = grown;
            room = more;
        }
        rows_read_endpoint(statement, &state->arena, &rows[count]);
        rows[count].facts = facts_of != 0 ? read_facts(statement, &state->arena)
                                          : (struct ajar_span){NULL, 0};
        count++;
        status = db_step(state, statement);
    }
    if (status == AJAR_OK)
    {
        *out = rows;
        *out_count = count;
    }
    return status;
}

struct life_endpoint rows_life(const struct row_endpoint *endpoint)
{
    return (struct life_endpoint){
        .closed_looks = (uint32_t)endpoint->closed_looks,
        .silent = endpoint->silent != 0,
        .retired = endpoint->retired != 0,
        .closed_ms = endpoint->closed_ms,
    };
}

void rows_set_life(struct row_endpoint *endpoint, const struct life_endpoint *life)
{
    endpoint->closed_looks = life->closed_looks;
    endpoint->silent = life->silent ? 1 : 0;
    endpoint->retired = life->retired ? 1 : 0;
    endpoint->closed_ms = life->closed_ms;
}

/* What is open now speaks before what is only known to have been. */
bool rows_is_worse(const struct row_endpoint *a, const struct row_endpoint *b)
{
    struct life_endpoint life_a = rows_life(a);
    struct life_endpoint life_b = rows_life(b);
    bool open_a = life_endpoint_state(&life_a) == AJAR_ENDPOINT_OPEN;
    bool open_b = life_endpoint_state(&life_b) == AJAR_ENDPOINT_OPEN;
    if (open_a != open_b)
    {
        return open_a;
    }
    if (a->exposure != b->exposure)
    {
        return a->exposure > b->exposure;
    }
    return a->severity > b->severity;
}

void rows_represent(struct row_finding *finding, const struct row_endpoint *endpoints,
                    size_t count)
{
    const struct row_endpoint *worst = NULL;
    for (size_t i = 0; i < count; i++)
    {
        if (worst == NULL || rows_is_worse(&endpoints[i], worst))
        {
            worst = &endpoints[i];
        }
    }
    if (worst == NULL)
    {
        return;
    }
    finding->rep = worst->num;
    finding->exposure = worst->exposure;
    finding->severity =
        finding->history_flags != 0 ? AJAR_SEVERITY_CRITICAL : worst->severity;
    finding->flags = worst->flags | finding->history_flags;
    finding->documents = worst->documents;
    finding->fingerprint = worst->fingerprint;
    finding->names_digest = worst->names_digest;
    finding->copyable = worst->copyable;
}

const struct row_endpoint *rows_representative(const struct row_finding *finding,
                                               const struct row_endpoint *endpoints,
                                               size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        if (endpoints[i].num == finding->rep)
        {
            return &endpoints[i];
        }
    }
    return count > 0 ? &endpoints[0] : NULL;
}
