/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch.h"
#include "db.h"
#include "schema.h"

/* The arena of one call: one finding and its endpoints, which is small; a cluster behind
 * a whole /16 is not. */
#define OPEN_ARENA_BYTES (256u * 1024u * 1024u)
#define OPEN_BUSY_MS 10000u

/* ---- files ---- */

static int fault_of_errno(struct ajar_state *state, const char *path, int number)
{
    switch (number)
    {
    case ENOENT:
    case ENOTDIR:
        return db_fault(state, AJAR_STATE_FAULT_MISSING,
                        "state file %s: there is no such file or folder", path);
    case EACCES:
    case EPERM:
        return db_fault(state, AJAR_STATE_FAULT_PERMISSION,
                        "state file %s: this user may not open it; run as the user that "
                        "made it, or name another with --state",
                        path);
    case EROFS:
        return db_fault(state, AJAR_STATE_FAULT_READ_ONLY,
                        "state file %s: the file system is read-only", path);
    case ENOSPC:
    case EDQUOT:
        return db_fault(state, AJAR_STATE_FAULT_FULL,
                        "state file %s: there is no room to make it", path);
    default:
        return db_fault(state, AJAR_STATE_FAULT_IO,
                        "state file %s: cannot be opened (%s)", path,
                        strerrordesc_np(number));
    }
}

static int make_folder(struct ajar_state *state)
{
    const char *slash = strrchr(state->path, '/');
    if (slash == NULL || slash == state->path)
    {
        return AJAR_OK;
    }
    char *folder = ajar_arena_copy(
        &state->arena, (struct ajar_span){state->path, (size_t)(slash - state->path)});
    if (folder == NULL)
    {
        return AJAR_ENOMEM;
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
    {
        return fault_of_errno(state, folder, errno);
    }
    return AJAR_OK;
}

/* The lock is a file of its own: SQLite's locks are POSIX ones, which closing any other
 * descriptor of the same file would drop. */
static int take_lock(struct ajar_state *state)
{
    const char *path = ajar_arena_printf(&state->arena, "%s.lock", state->path);
    if (path == NULL)
    {
        return AJAR_ENOMEM;
    }
    state->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (state->lock_fd < 0)
    {
        return fault_of_errno(state, path, errno);
    }
    if (flock(state->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
        return errno == EWOULDBLOCK
                   ? db_fault(state, AJAR_STATE_FAULT_LOCKED,
                              "state file %s: another ajar is writing to it; nothing was "
                              "done here",
                              state->path)
                   : fault_of_errno(state, path, errno);
    }
    return AJAR_OK;
}

/* SQLite makes files by the umask: make it first, with the mode that it is to have. */
static int make_file(struct ajar_state *state)
{
    int fd = open(state->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
    {
        return fault_of_errno(state, state->path, errno);
    }
    (void)close(fd);
    return AJAR_OK;
}

static int check_file(struct ajar_state *state, bool write)
{
    struct stat about;
    if (stat(state->path, &about) != 0)
    {
        return fault_of_errno(state, state->path, errno);
    }
    if (!S_ISREG(about.st_mode))
    {
        return db_fault(state, AJAR_STATE_FAULT_FOREIGN,
                        "state file %s: not a plain file", state->path);
    }
    if (access(state->path, write ? R_OK | W_OK : R_OK) != 0)
    {
        return errno == EACCES && access(state->path, R_OK) == 0
                   ? db_fault(state, AJAR_STATE_FAULT_READ_ONLY,
                              "state file %s: it is read-only for this user", state->path)
                   : fault_of_errno(state, state->path, errno);
    }
    return AJAR_OK;
}

/* ---- schema ---- */

static int pragma(struct ajar_state *state, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(state->db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
    {
        return db_failed(state, code);
    }
    int status = db_step(state, statement);
    if (status == 1)
    {
        *out = db_get(statement, 0);
        status = AJAR_OK;
    }
    (void)sqlite3_finalize(statement);
    return status;
}

static int migrate(struct ajar_state *state, int64_t from)
{
    char set[96];
    int status = db_begin(state, 0);
    for (size_t i = (size_t)from; status == AJAR_OK && i < schema_version; i++)
    {
        status = db_exec(state, schema_steps[i]);
    }
    (void)snprintf(set, sizeof set,
                   "PRAGMA application_id = %d; PRAGMA user_version = %zu",
                   SCHEMA_APPLICATION_ID, schema_version);
    status = status == AJAR_OK ? db_exec(state, set) : status;
    return db_finish(state, status);
}

static int check_schema(struct ajar_state *state)
{
    int64_t id = 0;
    int64_t version = 0;
    int64_t tables = 0;
    int status = pragma(state, "PRAGMA application_id", &id);
    status = status == AJAR_OK ? pragma(state, "PRAGMA user_version", &version) : status;
    status = status == AJAR_OK
                 ? pragma(state, "SELECT count(*) FROM sqlite_schema", &tables)
                 : status;
    if (status != AJAR_OK)
    {
        return status;
    }
    bool empty = id == 0 && version == 0 && tables == 0;
    if (!empty && (id != SCHEMA_APPLICATION_ID || version < 1))
    {
        return db_fault(state, AJAR_STATE_FAULT_FOREIGN,
                        "state file %s: a database, but not one of ajar's; name another "
                        "with --state",
                        state->path);
    }
    if (version > (int64_t)schema_version)
    {
        return db_fault(
            state, AJAR_STATE_FAULT_NEWER,
            "state file %s: its version is %lld and this ajar knows up to %zu; "
            "use the newer ajar that wrote it",
            state->path, (long long)version, schema_version);
    }
    if (version == (int64_t)schema_version)
    {
        return AJAR_OK;
    }
    if (!state->writable)
    {
        return db_fault(state, AJAR_STATE_FAULT_READ_ONLY,
                        "state file %s: %s; run `ajar scan` once to bring it forward",
                        state->path, empty ? "it is empty" : "an older ajar wrote it");
    }
    return migrate(state, version);
}

static const char writer_pragmas[] =
    /* Rollback journal with FULL: the WAL-reset defect (3.7.0 to 3.51.2) is in both
     * Debian releases. DELETE and not PERSIST: a journal that stays keeps the mode it was
     * made with, and a reader who may not open it may not read the file either. */
    "PRAGMA journal_mode = DELETE;"
    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON; PRAGMA cache_size = -32768; PRAGMA temp_store = "
    "MEMORY;";
static const char reader_pragmas[] =
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
    "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;";

static int open_database(struct ajar_state *state,
                         const struct ajar_state_options *options)
{
    /* A reader too opens for writing, where it may: after a kill the journal has to be
     * rolled back by whoever comes next. query_only keeps it from all other writing. */
    int flags = SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(state->path, &state->db,
                               flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK)
    {
        return db_failed(state, code);
    }
    (void)sqlite3_db_config(state->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_busy_timeout(
        state->db, (int)(options->busy_ms > 0 ? options->busy_ms : OPEN_BUSY_MS));
    if (options->write && sqlite3_db_readonly(state->db, "main") == 1)
    {
        return db_fault(state, AJAR_STATE_FAULT_READ_ONLY,
                        "state file %s: it is read-only for this user", state->path);
    }
    int status = db_exec(state, options->write ? writer_pragmas : reader_pragmas);
    return status == AJAR_OK ? check_schema(state) : status;
}

/* What a killed process left. Its run will never end, and nobody knows whether it was to
 * be trusted: its looks prove nothing closed. Nobody knows what became of the deliveries
 * that it had under way: they are made again, under the same event id. */
static int mark_killed(struct ajar_state *state)
{
    int64_t running = 0;
    int status = pragma(state,
                        "SELECT (SELECT count(*) FROM run WHERE state = 0) +"
                        " (SELECT count(*) FROM delivery WHERE state = 1)",
                        &running);
    if (status != AJAR_OK || running == 0)
    {
        return status;
    }
    status = db_begin(state, 0);
    status =
        status == AJAR_OK
            ? db_exec(state, "UPDATE target SET proof = 0 WHERE proof = 1 AND run IN"
                             " (SELECT num FROM run WHERE state = 0);"
                             "UPDATE run SET state = 2, observed = (SELECT count(*) FROM"
                             " target WHERE target.run = run.num) WHERE state = 0;"
                             "UPDATE delivery SET state = 0 WHERE state = 1")
            : status;
    return db_finish(state, status);
}

static int open_all(struct ajar_state *state, const struct ajar_state_options *options)
{
    int status = AJAR_OK;
    if (options->write && options->create)
    {
        status = make_folder(state);
    }
    if (status == AJAR_OK && options->write)
    {
        status = options->create ? AJAR_OK : check_file(state, true);
        status = status == AJAR_OK ? take_lock(state) : status;
        status = status == AJAR_OK && options->create ? make_file(state) : status;
    }
    status = status == AJAR_OK ? check_file(state, options->write) : status;
    status = status == AJAR_OK ? open_database(state, options) : status;
    if (status == AJAR_OK && options->write)
    {
        status = mark_killed(state);
        status =
            status == AJAR_OK ? db_setting(state, "event_ms", &state->event_ms) : status;
        status = status == AJAR_OK ? batch_new(&state->batch) : status;
    }
    if (status == AJAR_ENOMEM && state->error.fault == AJAR_STATE_FAULT_NONE)
    {
        (void)db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
    }
    return status;
}

int ajar_state_open(const struct ajar_state_options *options, struct ajar_state **out,
                    struct ajar_state_error *error)
{
    struct ajar_state *state = calloc(1, sizeof *state);
    if (state == NULL)
    {
        *error = (struct ajar_state_error){AJAR_STATE_FAULT_MEMORY, "out of memory"};
        return AJAR_ENOMEM;
    }
    state->lock_fd = -1;
    state->writable = options->write;
    ajar_arena_init(&state->arena, OPEN_ARENA_BYTES);
    state->path = strdup(options->path);
    int status = state->path != NULL ? open_all(state, options) : AJAR_ENOMEM;
    *error = state->error;
    if (status != AJAR_OK)
    {
        ajar_state_close(state);
        return status;
    }
    *out = state;
    return AJAR_OK;
}

void ajar_state_close(struct ajar_state *state)
{
    if (state == NULL)
    {
        return;
    }
    db_rollback(state);
    for (size_t i = 0; i < DB_STATEMENTS; i++)
    {
        (void)sqlite3_finalize(state->statements[i]);
    }
    (void)sqlite3_close(state->db);
    if (state->lock_fd >= 0)
    {
        (void)close(state->lock_fd); /* the lock goes with it; the file stays */
    }
    batch_free(state->batch);
    ajar_arena_deinit(&state->arena);
    free(state->path);
    free(state);
}

const struct ajar_state_error *ajar_state_error(const struct ajar_state *state)
{
    return &state->error;
}

int ajar_state_verify(struct ajar_state *state)
{
    db_enter(state);
    sqlite3_stmt *statement = NULL;
    int code =
        sqlite3_prepare_v2(state->db, "PRAGMA integrity_check(1)", -1, &statement, NULL);
    if (code != SQLITE_OK)
    {
        return db_failed(state, code);
    }
    int status = db_step(state, statement);
    if (status == 1)
    {
        const char *text = db_get_text(statement, 0, &state->arena);
        status = text != NULL && strcmp(text, "ok") == 0
                     ? AJAR_OK
                     : db_fault(state, AJAR_STATE_FAULT_CORRUPT,
                                "state file %s: damaged (%s); put it aside (keep it) and "
                                "restore a backup, or start a new one",
                                state->path, text != NULL ? text : "?");
    }
    (void)sqlite3_finalize(statement);
    int64_t orphans = 0;
    if (status == AJAR_OK)
    {
        status = pragma(state, "SELECT count(*) FROM pragma_foreign_key_check", &orphans);
    }
    return status == AJAR_OK && orphans > 0
               ? db_fault(state, AJAR_STATE_FAULT_CORRUPT,
                          "state file %s: damaged (%lld rows without their finding)",
                          state->path, (long long)orphans)
               : status;
}
