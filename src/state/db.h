/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_DB_H
#define AJAR_STATE_DB_H

#include <sqlite3.h>

#include "ajar/state.h"

/*
 * The handle, and the few words in which this room speaks to SQLite. Nothing outside
 * src/state sees this header.
 */

/* At most this many statements are kept prepared; each site owns one number. */
#define DB_STATEMENTS 96

struct batch;

struct ajar_state
{
    sqlite3 *db;
    sqlite3_stmt *statements[DB_STATEMENTS];
    int lock_fd; /* -1: read only */
    bool writable;
    bool in_transaction;
    int64_t transaction_ms; /* when it began, in passed-in time */
    char *path;
    struct ajar_state_error error;
    struct ajar_arena arena; /* of one call: reset where a public function begins */

    /* the current run; run.num 0: none */
    struct
    {
        int64_t num;
        struct ajar_state_run info;
        char id[64];
        char vantage[64];
        struct ajar_state_summary summary;
        struct ajar_state_summary committed; /* as of the last commit */
        bool judging;
    } run;
    int64_t now_ms;   /* the latest time that was passed in */
    int64_t event_ms; /* of the newest event */
    bool new_events;  /* in the open transaction */
    bool told_events; /* committed, and not yet reported by tick */
    struct batch *batch;
    char owner_name[256]; /* the last owner that was looked up, and its number */
    int64_t owner_num;
    char shown_owner[256]; /* the same, the other way round */
    int64_t shown_owner_num;
};

/* Sets the fault; returns the status that belongs to it. */
int db_fault(struct ajar_state *state, enum ajar_state_fault fault, const char *format,
             ...) AJAR_PRINTF(3, 4);
/* The same from what SQLite said last. */
int db_failed(struct ajar_state *state, int code);
void db_clear(struct ajar_state *state);
/* Begins a public call: clears the fault and the arena. */
void db_enter(struct ajar_state *state);
/* AJAR_ESTATE when the state was opened read only. */
int db_need_write(struct ajar_state *state);

/* A statement, prepared once for its site (`slot`, unique, see DB_SLOT lists), reset and
 * with its parameters cleared. NULL: failed, fault set. */
sqlite3_stmt *db_statement(struct ajar_state *state, unsigned slot, const char *sql);
/* 1: a row, 0: done (and reset), negative: failed (and reset), fault set. */
int db_step(struct ajar_state *state, sqlite3_stmt *statement);
/* Steps to the end; negative on failure. */
int db_run(struct ajar_state *state, sqlite3_stmt *statement);
int db_exec(struct ajar_state *state, const char *sql);

void db_int(sqlite3_stmt *statement, int at, int64_t value);
void db_text(sqlite3_stmt *statement, int at, const char *text); /* NULL is NULL */
void db_blob(sqlite3_stmt *statement, int at, const void *data, size_t len);
void db_addr(sqlite3_stmt *statement, int at, const struct ajar_addr *addr);
int64_t db_get(sqlite3_stmt *statement, int column);
uint64_t db_get_u64(sqlite3_stmt *statement, int column); /* never below 0 */
/* A copy in the arena; NULL for NULL or no memory. */
const char *db_get_text(sqlite3_stmt *statement, int column, struct ajar_arena *arena);
struct ajar_addr db_get_addr(sqlite3_stmt *statement, int column);

/* A write transaction, unless one is open. */
int db_begin(struct ajar_state *state, int64_t now_ms);
int db_commit(struct ajar_state *state);
void db_rollback(struct ajar_state *state);
/* Ends it: commits when status is AJAR_OK so far, else (or when that fails) takes it back
 * and keeps the error that stood before. Returns the status. */
int db_finish(struct ajar_state *state, int status);
/* A read transaction, so that a question sees one moment. */
int db_begin_read(struct ajar_state *state);
void db_end_read(struct ajar_state *state);

int db_setting(struct ajar_state *state, const char *name, int64_t *out);
int db_set(struct ajar_state *state, const char *name, int64_t value);
/* The owner's number; made when it is new. */
int db_owner(struct ajar_state *state, const char *name, int64_t *out);
/* The owner's number, -1 when there is none (which matches nothing); 0 for NULL: all. */
int db_owner_find(struct ajar_state *state, const char *name, int64_t *out);

/* uint64_t to the signed column and back, saturated: totals of hostile numbers. */
int64_t db_sat(uint64_t value);
/* All 64 bits of a digest, in the signed column. */
int64_t db_bits(uint64_t value);
uint64_t db_unbits(int64_t bits);

/* One number a site. Files keep their own lists in these ranges. */
enum
{
    DB_SLOT_DB = 0,       /* 8 */
    DB_SLOT_ROWS = 8,     /* 16 */
    DB_SLOT_RUN = 24,     /* 16 */
    DB_SLOT_EVENTS = 40,  /* 8 */
    DB_SLOT_DATASET = 48, /* 4 */
    DB_SLOT_DELIVER = 52, /* 20 */
    DB_SLOT_QUERY = 72    /* 24 */
};

#endif
