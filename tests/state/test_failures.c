/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world.h"

/* What can be wrong with the file, the folder, the disk and the clock: a clear fault, and
 * nothing that was told is lost. */

static int try_open(const char *path, bool write, bool create,
                    struct ajar_state_error *error)
{
    struct ajar_state *state = NULL;
    struct ajar_state_options options = {
        .path = path, .write = write, .create = create, .busy_ms = 50};
    error->fault = AJAR_STATE_FAULT_NONE;
    error->text[0] = '\0';
    int status = ajar_state_open(&options, &state, error);
    ajar_state_close(state);
    return status;
}

static void sql(struct world *world, const char *text)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    cr_assert_eq(sqlite3_open(world->path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, text, NULL, NULL, &why), SQLITE_OK, "%s", why);
    (void)sqlite3_close(db);
}

Test(failures, modes_of_the_file_and_its_folder)
{
    struct world world;
    struct stat about;
    char path[160];
    struct ajar_state_error error;
    world_init(&world);
    cr_expect_eq(stat(world.path, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);
    (void)snprintf(path, sizeof path, "%s/new/state.db", world.folder);
    cr_expect_eq(try_open(path, true, true, &error), AJAR_OK, "%s", error.text);
    (void)snprintf(path, sizeof path, "%s/new", world.folder);
    cr_expect_eq(stat(path, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0700);
    (void)snprintf(path, sizeof path, "%s/new/state.db", world.folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/new/state.db.lock", world.folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/new", world.folder);
    (void)rmdir(path);
    world_deinit(&world);
}

Test(failures, missing)
{
    struct ajar_state_error error;
    cr_expect_eq(try_open("/nonexistent/a/state.db", false, false, &error),
                 AJAR_ENOTFOUND);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_MISSING);
    cr_expect_not_null(strstr(error.text, "/nonexistent/a/state.db"), "%s", error.text);
    cr_expect_eq(try_open("/nonexistent/a/b/state.db", true, true, &error),
                 AJAR_ENOTFOUND);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_MISSING);
}

Test(failures, locked_by_another_writer_but_readable)
{
    struct world world;
    struct ajar_state_error error;
    world_init(&world);
    cr_expect_eq(try_open(world.path, true, true, &error), AJAR_ESTATE);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_LOCKED);
    cr_expect_eq(try_open(world.path, false, false, &error), AJAR_OK, "%s", error.text);
    world_close(&world);
    cr_expect_eq(try_open(world.path, true, true, &error), AJAR_OK, "%s", error.text);
    world_deinit(&world);
}

Test(failures, from_the_future)
{
    struct world world;
    struct ajar_state_error error;
    world_init(&world);
    world_close(&world);
    sql(&world, "PRAGMA user_version = 99");
    cr_expect_eq(try_open(world.path, true, true, &error), AJAR_ESYSTEM);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_NEWER);
    cr_expect_not_null(strstr(error.text, "99"), "%s", error.text);
    world_deinit(&world);
}

Test(failures, not_ours)
{
    struct world world;
    struct ajar_state_error error;
    world_init(&world);
    world_close(&world);
    cr_assert_eq(unlink(world.path), 0);
    sql(&world, "CREATE TABLE theirs (a); PRAGMA application_id = 7");
    cr_expect_eq(try_open(world.path, true, true, &error), AJAR_ESYSTEM);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_FOREIGN, "%s", error.text);
    world_deinit(&world);
}

Test(failures, corrupt)
{
    struct world world;
    struct ajar_state_error error;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    world_close(&world);
    int fd = open(world.path, O_WRONLY);
    cr_assert_geq(fd, 0);
    cr_assert_eq(pwrite(fd, "garbage!garbage!", 16, 0), 16);
    (void)close(fd);
    cr_expect_eq(try_open(world.path, true, true, &error), AJAR_ESYSTEM);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_CORRUPT, "%s", error.text);
    world_deinit(&world);
}

Test(failures, damaged_in_the_middle_is_found_by_verify)
{
    struct world world;
    char page[4096];
    world_init(&world);
    world_run(&world, "1=records,u=A 2=records,u=B");
    world_close(&world);
    memset(page, 0x5a, sizeof page);
    struct stat about;
    int fd = open(world.path, O_RDWR);
    cr_assert_eq(fstat(fd, &about), 0);
    for (off_t at = 4096 * 3; at < about.st_size; at += 4096)
    {
        cr_assert_eq(pwrite(fd, page, sizeof page, at), (ssize_t)sizeof page);
    }
    (void)close(fd);
    struct ajar_state *state = NULL;
    struct ajar_state_error error;
    struct ajar_state_options options = {.path = world.path};
    int status = ajar_state_open(&options, &state, &error);
    if (status == AJAR_OK)
    {
        status = ajar_state_verify(state);
        error = *ajar_state_error(state);
    }
    cr_expect_eq(status, AJAR_ESYSTEM);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_CORRUPT, "%s", error.text);
    ajar_state_close(state);
    world_deinit(&world);
}

/* A user who may not write: root may always, so a child gives that up first. */
static int as_nobody(const char *path, bool write)
{
    pid_t child = fork();
    if (child == 0)
    {
        struct ajar_state_error error;
        if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        {
            _exit(100);
        }
        int status = try_open(path, write, false, &error);
        _exit(status == AJAR_OK ? 50 : (int)error.fault);
    }
    int how = 0;
    cr_assert_eq(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

Test(failures, read_only_and_forbidden)
{
    struct world world;
    world_init(&world);
    world_close(&world);
    cr_assert_eq(chmod(world.folder, 0755), 0);
    cr_assert_eq(chmod(world.path, 0444), 0);
    cr_expect_eq(as_nobody(world.path, true), AJAR_STATE_FAULT_READ_ONLY);
    cr_expect_eq(as_nobody(world.path, false), 50);
    cr_assert_eq(chmod(world.path, 0000), 0);
    cr_expect_eq(as_nobody(world.path, false), AJAR_STATE_FAULT_PERMISSION);
    world_deinit(&world);
}

/* No room: RLIMIT_FSIZE makes the write fail as a full disk does (EFBIG for ENOSPC). What
 * was committed before is there, what was not is not told, and with room it goes on. */
Test(failures, full)
{
    struct world world;
    struct rlimit was;
    uint64_t seq = 0;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    cr_expect_str_eq(world_events(&world, &seq), "opened");
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
    struct stat about;
    cr_assert_eq(stat(world.path, &about), 0);
    struct rlimit small = {(rlim_t)about.st_size, was.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    world_begin(&world);
    int status = AJAR_OK;
    for (unsigned i = 2; i < 250 && status == AJAR_OK; i++)
    {
        char look[64];
        (void)snprintf(look, sizeof look, "%u=records,u=%u", i, i);
        status = world_look(&world, look);
        world.now_ms += 300;
    }
    status = status == AJAR_OK ? world_end(&world, true, true) : status;
    cr_expect_eq(status, AJAR_ESYSTEM);
    cr_expect_eq(ajar_state_error(world.state)->fault, AJAR_STATE_FAULT_FULL, "%s",
                 ajar_state_error(world.state)->text);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &was), 0);
    cr_expect_eq(world_look(&world, "7=records,u=late"), AJAR_OK, "%s",
                 ajar_state_error(world.state)->text);
    cr_expect_eq(world_end(&world, false, true), AJAR_OK);
    cr_expect_eq(ajar_state_verify(world.state), AJAR_OK);
    cr_expect_eq(world_count(&world, "SELECT count(*) FROM finding"),
                 world_count(&world, "SELECT count(*) FROM event WHERE kind = 0"));
    world_deinit(&world);
}

static bool check_time(void *context, const struct ajar_event_view *event)
{
    int64_t *last = context;
    cr_expect_geq(event->time_ms, *last);
    *last = event->time_ms;
    return true;
}

Test(failures, a_clock_set_back_does_not_break_the_order)
{
    struct world world;
    int64_t last = 0;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    world.now_ms -= 40 * WORLD_DAY;
    world_run(&world, "1=refused 2=records,u=B");
    world_run(&world, "1=refused 2=records,u=B");
    world.now_ms -= 400 * WORLD_DAY;
    world_run(&world, "1=records,u=A 2=records,u=B");
    struct ajar_event_query query = {.after_seq = 0};
    cr_expect_eq(ajar_state_events(world.state, &query, check_time, &last), AJAR_OK);
    cr_expect_str_eq(world_states(&world), "open open");
    world_deinit(&world);
}

/* Step 1 of the schema is what the first ajar wrote: here is a file of its, and it is
 * brought forward with what it holds. A reader says what to do instead. */
Test(failures, an_older_file_is_brought_forward)
{
    struct world world;
    struct ajar_state_error error;
    uint64_t seq = 0;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    world_close(&world);
    sql(&world, "PRAGMA foreign_keys = OFF; DROP TABLE reference; DROP TABLE delivery;"
                " DROP TABLE section; PRAGMA user_version = 1");
    cr_expect_eq(try_open(world.path, false, false, &error), AJAR_ESYSTEM);
    cr_expect_eq(error.fault, AJAR_STATE_FAULT_READ_ONLY);
    cr_expect_not_null(strstr(error.text, "ajar scan"), "%s", error.text);
    world_open(&world);
    cr_expect_str_eq(world_events(&world, &seq), "opened");
    struct ajar_ticket_section section = {.name = ""};
    uint64_t owed = 0;
    cr_expect_eq(ajar_state_queue(world.state, &section, world.now_ms), AJAR_OK);
    cr_expect_eq(ajar_state_owed(world.state, "", &owed), AJAR_OK);
    cr_expect_eq(owed, 1u);
    cr_expect_eq(ajar_state_verify(world.state), AJAR_OK);
    world_deinit(&world);
}

/* The run under way when the process ended is told as such, and closes nothing. */
Test(failures, an_interrupted_run_closes_nothing)
{
    struct world world;
    uint64_t seq = 0;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    for (int i = 0; i < 2; i++)
    {
        world_begin(&world);
        cr_assert_eq(world_look(&world, "1=refused"), AJAR_OK);
        world.now_ms += 60000;
        cr_assert_eq(ajar_state_tick(world.state, world.now_ms, NULL), AJAR_OK);
        world_close(&world);
        world_open(&world);
    }
    cr_expect_str_eq(world_events(&world, &seq), "opened");
    cr_expect_str_eq(world_states(&world), "open");
    cr_expect_eq(world_count(&world, "SELECT count(*) FROM run WHERE state = 2"), 2u);
    world_deinit(&world);
}
