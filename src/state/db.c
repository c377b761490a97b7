/* SPDX-License-Identifier: Apache-2.0 */
#include "db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

/* vsnprintf alone of stdio: it prints into memory. */
#include <stdio.h>

enum
{
    SLOT_BEGIN = DB_SLOT_DB,
    SLOT_COMMIT,
    SLOT_SETTING,
    SLOT_SET,
    SLOT_OWNER,
    SLOT_OWNER_NEW
};

static int status_of(enum ajar_state_fault fault)
{
    switch (fault)
    {
    case AJAR_STATE_FAULT_NONE:
        return AJAR_OK;
    case AJAR_STATE_FAULT_MISSING:
    case AJAR_STATE_FAULT_UNKNOWN:
        return AJAR_ENOTFOUND;
    case AJAR_STATE_FAULT_LOCKED:
    case AJAR_STATE_FAULT_MISUSE:
        return AJAR_ESTATE;
    case AJAR_STATE_FAULT_AMBIGUOUS:
        return AJAR_ELIMIT;
    case AJAR_STATE_FAULT_MEMORY:
        return AJAR_ENOMEM;
    case AJAR_STATE_FAULT_PERMISSION:
    case AJAR_STATE_FAULT_READ_ONLY:
    case AJAR_STATE_FAULT_BUSY:
    case AJAR_STATE_FAULT_NEWER:
    case AJAR_STATE_FAULT_FOREIGN:
    case AJAR_STATE_FAULT_CORRUPT:
    case AJAR_STATE_FAULT_FULL:
    case AJAR_STATE_FAULT_IO:
        break;
    }
    return AJAR_ESYSTEM;
}

int db_fault(struct ajar_state *state, enum ajar_state_fault fault, const char *format,
             ...)
{
    va_list args;
    va_start(args, format);
    state->error.fault = fault;
    (void)vsnprintf(state->error.text, sizeof state->error.text, format, args);
    va_end(args);
    return status_of(fault);
}

static bool is_full(const struct ajar_state *state)
{
    /* SQLite reports a write past RLIMIT_FSIZE or a quota as a plain I/O error, and does
     * not always keep its number: errno still holds that of the last call that failed */
    const int numbers[] = {errno, sqlite3_system_errno(state->db)};
    for (size_t i = 0; i < AJAR_COUNT_OF(numbers); i++)
    {
        if (numbers[i] == ENOSPC || numbers[i] == EDQUOT || numbers[i] == EFBIG)
        {
            return true;
        }
    }
    return false;
}

static enum ajar_state_fault fault_of(const struct ajar_state *state, int code)
{
    switch (code & 0xff)
    {
    case SQLITE_FULL:
        return AJAR_STATE_FAULT_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return AJAR_STATE_FAULT_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return AJAR_STATE_FAULT_BUSY;
    case SQLITE_READONLY:
        return AJAR_STATE_FAULT_READ_ONLY;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return AJAR_STATE_FAULT_PERMISSION;
    case SQLITE_NOMEM:
        return AJAR_STATE_FAULT_MEMORY;
    case SQLITE_CANTOPEN:
        switch (sqlite3_system_errno(state->db))
        {
        case ENOENT:
        case ENOTDIR:
            return AJAR_STATE_FAULT_MISSING;
        case EROFS:
            return AJAR_STATE_FAULT_READ_ONLY;
        case EACCES:
        case EPERM:
            return AJAR_STATE_FAULT_PERMISSION;
        default:
            return AJAR_STATE_FAULT_IO;
        }
    default:
        break;
    }
    return is_full(state) ? AJAR_STATE_FAULT_FULL : AJAR_STATE_FAULT_IO;
}

static const char *advice(enum ajar_state_fault fault)
{
    switch (fault)
    {
    case AJAR_STATE_FAULT_FULL:
        return "there is no room to write; free some space and run again, nothing that "
               "was "
               "told is lost";
    case AJAR_STATE_FAULT_CORRUPT:
        return "the file is damaged; put it aside (keep it) and restore a backup, or "
               "start "
               "a new one";
    case AJAR_STATE_FAULT_BUSY:
        return "another process holds it; try again in a moment";
    case AJAR_STATE_FAULT_READ_ONLY:
        return "it cannot be written; look at the mode of the file and of its folder, "
               "and "
               "at the mount";
    case AJAR_STATE_FAULT_PERMISSION:
        return "this user may not read or write it; run as the user that made it";
    case AJAR_STATE_FAULT_MISSING:
        return "there is no such file or folder";
    case AJAR_STATE_FAULT_MEMORY:
        return "out of memory";
    case AJAR_STATE_FAULT_NONE:
    case AJAR_STATE_FAULT_LOCKED:
    case AJAR_STATE_FAULT_NEWER:
    case AJAR_STATE_FAULT_FOREIGN:
    case AJAR_STATE_FAULT_IO:
    case AJAR_STATE_FAULT_MISUSE:
    case AJAR_STATE_FAULT_UNKNOWN:
    case AJAR_STATE_FAULT_AMBIGUOUS:
        break;
    }
    return "the file could not be read or written";
}

int db_failed(struct ajar_state *state, int code)
{
    enum ajar_state_fault fault = fault_of(state, code);
    return db_fault(state, fault, "state file %s: %s (%s)", state->path, advice(fault),
                    state->db != NULL ? sqlite3_errmsg(state->db) : sqlite3_errstr(code));
}

void db_clear(struct ajar_state *state)
{
    state->error.fault = AJAR_STATE_FAULT_NONE;
    state->error.text[0] = '\0';
}

void db_enter(struct ajar_state *state)
{
    db_clear(state);
    ajar_arena_reset(&state->arena);
}

int db_need_write(struct ajar_state *state)
{
    return state->writable
               ? AJAR_OK
               : db_fault(state, AJAR_STATE_FAULT_MISUSE,
                          "state file %s was opened for reading", state->path);
}

/* ---- statements ---- */

sqlite3_stmt *db_statement(struct ajar_state *state, unsigned slot, const char *sql)
{
    AJAR_REQUIRE(slot < DB_STATEMENTS);
    sqlite3_stmt **statement = &state->statements[slot];
    if (*statement == NULL)
    {
        int code = sqlite3_prepare_v3(state->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                      statement, NULL);
        if (code != SQLITE_OK)
        {
            (void)db_failed(state, code);
            return NULL;
        }
        return *statement;
    }
    /* a slot belongs to one text: two sites that share one would answer each other */
    AJAR_REQUIRE(strcmp(sqlite3_sql(*statement), sql) == 0);
    (void)sqlite3_reset(*statement);
    (void)sqlite3_clear_bindings(*statement);
    return *statement;
}

int db_step(struct ajar_state *state, sqlite3_stmt *statement)
{
    if (statement == NULL)
    {
        return state->error.fault == AJAR_STATE_FAULT_MEMORY ? AJAR_ENOMEM : AJAR_ESYSTEM;
    }
    errno = 0; /* is_full looks at it */
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
    {
        return 1;
    }
    if (code == SQLITE_DONE)
    {
        (void)sqlite3_reset(statement);
        return 0;
    }
    int status = db_failed(state, code);
    (void)sqlite3_reset(statement);
    return status;
}

int db_run(struct ajar_state *state, sqlite3_stmt *statement)
{
    int status = db_step(state, statement);
    while (status == 1)
    {
        status = db_step(state, statement);
    }
    return status;
}

int db_exec(struct ajar_state *state, const char *sql)
{
    errno = 0;
    int code = sqlite3_exec(state->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? AJAR_OK : db_failed(state, code);
}

/* A binding fails for want of memory alone; the NOT NULL that it then meets fails the
 * statement. Texts and blobs are borrowed until it is run: all callers run it at once. */
void db_int(sqlite3_stmt *statement, int at, int64_t value)
{
    if (statement != NULL)
    {
        (void)sqlite3_bind_int64(statement, at, value);
    }
}

void db_text(sqlite3_stmt *statement, int at, const char *text)
{
    if (statement != NULL && text != NULL)
    {
        (void)sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
    }
}

void db_blob(sqlite3_stmt *statement, int at, const void *data, size_t len)
{
    if (statement != NULL)
    {
        (void)sqlite3_bind_blob64(statement, at, len > 0 ? data : "", len, SQLITE_STATIC);
    }
}

void db_addr(sqlite3_stmt *statement, int at, const struct ajar_addr *addr)
{
    if (statement != NULL)
    {
        (void)sqlite3_bind_blob(statement, at, addr->bytes, sizeof addr->bytes,
                                SQLITE_STATIC);
    }
}

int64_t db_get(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_int64(statement, column);
}

uint64_t db_get_u64(sqlite3_stmt *statement, int column)
{
    int64_t value = sqlite3_column_int64(statement, column);
    return value > 0 ? (uint64_t)value : 0;
}

const char *db_get_text(sqlite3_stmt *statement, int column, struct ajar_arena *arena)
{
    const void *text = sqlite3_column_text(statement, column);
    int len = sqlite3_column_bytes(statement, column);
    return text == NULL ? NULL
                        : ajar_arena_copy(
                              arena, (struct ajar_span){text, len > 0 ? (size_t)len : 0});
}

struct ajar_addr db_get_addr(sqlite3_stmt *statement, int column)
{
    struct ajar_addr addr = {{0}};
    const void *bytes = sqlite3_column_blob(statement, column);
    if (bytes != NULL &&
        sqlite3_column_bytes(statement, column) == (int)sizeof addr.bytes)
    {
        memcpy(addr.bytes, bytes, sizeof addr.bytes);
    }
    return addr;
}

/* ---- transactions ---- */

int db_begin(struct ajar_state *state, int64_t now_ms)
{
    if (state->in_transaction)
    {
        return AJAR_OK;
    }
    int status = db_run(state, db_statement(state, SLOT_BEGIN, "BEGIN IMMEDIATE"));
    if (status == AJAR_OK)
    {
        state->in_transaction = true;
        state->transaction_ms = now_ms;
        state->new_events = false;
        state->run.committed = state->run.summary;
    }
    return status;
}

int db_commit(struct ajar_state *state)
{
    if (!state->in_transaction)
    {
        return AJAR_OK;
    }
    int status = db_run(state, db_statement(state, SLOT_COMMIT, "COMMIT"));
    if (status != AJAR_OK)
    {
        struct ajar_state_error error = state->error;
        db_rollback(state);
        state->error = error;
        return status;
    }
    state->in_transaction = false;
    state->told_events = state->told_events || state->new_events;
    state->new_events = false;
    return AJAR_OK;
}

void db_rollback(struct ajar_state *state)
{
    if (state->in_transaction)
    {
        /* some failures (FULL, IOERR) roll back by themselves: then this one fails */
        (void)sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
        state->in_transaction = false;
        state->new_events = false;
        state->owner_num = 0; /* may have been made in it */
        state->shown_owner_num = 0;
        state->run.summary = state->run.committed;
    }
}

int db_finish(struct ajar_state *state, int status)
{
    status = status == AJAR_OK ? db_commit(state) : status;
    if (status != AJAR_OK)
    {
        struct ajar_state_error error = state->error;
        db_rollback(state);
        state->error = error;
    }
    return status;
}

int db_begin_read(struct ajar_state *state)
{
    return state->in_transaction ? AJAR_OK : db_exec(state, "BEGIN");
}

void db_end_read(struct ajar_state *state)
{
    if (!state->in_transaction)
    {
        (void)sqlite3_exec(state->db, "COMMIT", NULL, NULL, NULL);
    }
}

/* ---- small tables ---- */

int db_setting(struct ajar_state *state, const char *name, int64_t *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_SETTING, "SELECT value FROM setting WHERE name = ?1");
    db_text(statement, 1, name);
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out = db_get(statement, 0);
        (void)sqlite3_reset(statement);
        return AJAR_OK;
    }
    if (status == 0)
    {
        *out = 0;
    }
    return status;
}

int db_set(struct ajar_state *state, const char *name, int64_t value)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_SET,
                     "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                     " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    db_text(statement, 1, name);
    db_int(statement, 2, value);
    return db_run(state, statement);
}

static int owner_look_up(struct ajar_state *state, const char *name, int64_t *out)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_OWNER, "SELECT num FROM owner WHERE name = ?1");
    db_text(statement, 1, name);
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out = db_get(statement, 0);
        (void)sqlite3_reset(statement);
    }
    return status;
}

int db_owner(struct ajar_state *state, const char *name, int64_t *out)
{
    name = name != NULL ? name : "";
    if (state->owner_num != 0 && strcmp(state->owner_name, name) == 0)
    {
        *out = state->owner_num;
        return AJAR_OK;
    }
    int status = owner_look_up(state, name, out);
    if (status == 0)
    {
        sqlite3_stmt *statement =
            db_statement(state, SLOT_OWNER_NEW, "INSERT INTO owner (name) VALUES (?1)");
        db_text(statement, 1, name);
        status = db_run(state, statement);
        if (status < 0)
        {
            return status;
        }
        *out = sqlite3_last_insert_rowid(state->db);
    }
    if (status >= 0 && strlen(name) < sizeof state->owner_name)
    {
        memcpy(state->owner_name, name, strlen(name) + 1);
        state->owner_num = *out;
    }
    return status < 0 ? status : AJAR_OK;
}

int db_owner_find(struct ajar_state *state, const char *name, int64_t *out)
{
    if (name == NULL)
    {
        *out = 0;
        return AJAR_OK;
    }
    int status = owner_look_up(state, name, out);
    if (status == 0)
    {
        *out = -1;
    }
    return status < 0 ? status : AJAR_OK;
}

int64_t db_sat(uint64_t value)
{
    return value > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)value;
}

int64_t db_bits(uint64_t value)
{
    int64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

uint64_t db_unbits(int64_t bits)
{
    uint64_t value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}
