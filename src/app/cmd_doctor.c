/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: what a scheduled run would trip over. It connects to nothing, starts
 * no command and writes nothing. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "ajar/escape.h"
#include "clock.h"
#include "commands.h"
#include "fdlimit.h"
#include "view.h"

#define LEAST_FREE_BYTES (256ull * 1024 * 1024)

struct doctor
{
    const struct app_options *options;
    struct store store;
    struct session session;
    bool has_session;
    struct ajar_buf out;
    unsigned failures;
    unsigned warnings;
};

enum health
{
    HEALTH_FINE,
    HEALTH_WARNING,
    HEALTH_FAILS
};

static void say(struct doctor *doctor, enum health health, const char *what,
                const char *format, ...) AJAR_PRINTF(4, 5);

static void say(struct doctor *doctor, enum health health, const char *what,
                const char *format, ...)
{
    static const char *const words[] = {"ok  ", "warn", "FAIL"};
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    doctor->warnings += health == HEALTH_WARNING;
    doctor->failures += health == HEALTH_FAILS;
    (void)ajar_buf_printf(&doctor->out, "%s  %-12s ", words[health], what);
    (void)ajar_escape_text(&doctor->out, ajar_span_of(text), 0);
    (void)ajar_buf_byte(&doctor->out, '\n');
}

static void check_targets(struct doctor *doctor)
{
    const struct app_options *options = doctor->options;
    const struct ajar_config *config = doctor->store.config;
    const char *const *paths = options->arg_count > 0 ? options->args : options->targets;
    size_t count = options->arg_count > 0 ? options->arg_count : options->target_count;
    if (count == 0 && config != NULL)
    {
        paths = config->targets;
        count = config->target_count;
    }
    if (session_open(&doctor->session, paths, count, false) != APP_OK)
    {
        session_close(&doctor->session);
        say(doctor, HEALTH_FAILS, "targets", "the targets files cannot be used (above)");
        return;
    }
    doctor->has_session = true;
    uint64_t targets = ajar_scope_target_count(doctor->session.scope);
    size_t names = ajar_scope_name_count(doctor->session.scope);
    size_t canaries = 0;
    for (size_t i = 0; i < ajar_scope_section_count(doctor->session.scope); i++)
    {
        canaries +=
            ajar_scope_section_at(doctor->session.scope, i)->canary != AJAR_CANARY_NONE;
    }
    if (targets == 0 && names == 0)
    {
        say(doctor, HEALTH_FAILS, "targets",
            "no targets file declares an address that may be dialled");
        return;
    }
    say(doctor, HEALTH_FINE, "targets", "%llu targets and %zu names in %zu sections",
        (unsigned long long)targets, names,
        ajar_scope_section_count(doctor->session.scope));
    say(doctor, canaries > 0 ? HEALTH_FINE : HEALTH_WARNING, "canaries",
        canaries > 0 ? "%zu section(s) say what a run must see"
                     : "%zu: without a canary = section, a run that sees nothing because "
                       "of a firewall looks like a good one",
        canaries);
}

/* ---- the state ---- */

static void check_folder(struct doctor *doctor)
{
    char folder[STORE_PATH_MAX];
    struct statvfs space;
    (void)snprintf(folder, sizeof folder, "%s", doctor->store.path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
    {
        (void)snprintf(folder, sizeof folder, ".");
    }
    else
    {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    if (access(folder, W_OK | X_OK) != 0)
    {
        bool missing = errno == ENOENT;
        say(doctor, missing ? HEALTH_WARNING : HEALTH_FAILS, "folder", "%s: %s%s", folder,
            strerror(errno), missing ? " (the first scan makes it)" : "");
        return;
    }
    if (statvfs(folder, &space) == 0)
    {
        unsigned long long free_bytes =
            (unsigned long long)space.f_bavail * space.f_frsize;
        say(doctor, free_bytes >= LEAST_FREE_BYTES ? HEALTH_FINE : HEALTH_WARNING, "disk",
            "%llu MiB are free in %s", free_bytes >> 20, folder);
    }
}

static void check_mode(struct doctor *doctor)
{
    struct stat info;
    if (stat(doctor->store.path, &info) != 0)
    {
        return;
    }
    bool others = (info.st_mode & 077) != 0;
    bool foreign = info.st_uid != geteuid();
    say(doctor, others || foreign ? HEALTH_WARNING : HEALTH_FINE, "permissions",
        "%s is mode %04o, owned by user %u%s%s", doctor->store.path,
        (unsigned)info.st_mode & 07777, (unsigned)info.st_uid,
        others ? "; others can read what stands open: chmod 600" : "",
        foreign ? "; the scheduled run must be that user" : "");
}

static bool newest_run(void *context, const struct ajar_run_view *run)
{
    int64_t *newest_ms = context;
    *newest_ms = run->ended_ms > run->started_ms ? run->ended_ms : run->started_ms;
    return false;
}

static void check_open_state(struct doctor *doctor)
{
    struct store *store = &doctor->store;
    int64_t newest_ms = 0;
    char when[24];
    if (ajar_state_verify(store->state) != AJAR_OK)
    {
        say(doctor, HEALTH_FAILS, "state", "%s", ajar_state_error(store->state)->text);
        return;
    }
    say(doctor, HEALTH_FINE, "state", "%s is whole", store->path);
    if (ajar_state_runs(store->state, 1, newest_run, &newest_ms) == AJAR_OK &&
        newest_ms > clock_now_ms())
    {
        clock_minute(newest_ms, when);
        say(doctor, HEALTH_FAILS, "clock",
            "it is behind the last remembered run (%s UTC): was it set back?", when);
    }
}

static void check_state(struct doctor *doctor)
{
    struct store *store = &doctor->store;
    int status = store_open(store, doctor->options, STORE_READ, 0);
    if (status != AJAR_OK && store->error.fault == AJAR_STATE_FAULT_MISSING)
    {
        say(doctor, HEALTH_WARNING, "state",
            "%s is not there yet: the first scan makes it", store->path);
    }
    else if (status != AJAR_OK)
    {
        say(doctor, HEALTH_FAILS, "state", "%s", store->error.text);
    }
    else
    {
        check_open_state(doctor);
    }
    if (store->path[0] != '\0')
    {
        check_mode(doctor);
        check_folder(doctor);
    }
}

static void check_writing(struct doctor *doctor)
{
    struct ajar_state_options want = {.path = doctor->store.path, .write = true};
    struct ajar_state *state = NULL;
    struct ajar_state_error error;
    ajar_state_close(doctor->store.state);
    doctor->store.state = NULL;
    if (doctor->store.path[0] == '\0' || access(doctor->store.path, F_OK) != 0)
    {
        return;
    }
    int status = ajar_state_open(&want, &state, &error);
    if (status == AJAR_OK)
    {
        say(doctor, HEALTH_FINE, "writing", "this user may write the state");
        ajar_state_close(state);
    }
    else
    {
        bool locked = error.fault == AJAR_STATE_FAULT_LOCKED;
        say(doctor, locked ? HEALTH_FINE : HEALTH_FAILS, "writing", "%s", error.text);
    }
}

/* ---- the ticket commands ---- */

static void check_owners(struct doctor *doctor, const struct ajar_tickets *tickets)
{
    for (size_t i = 0; doctor->has_session && i < tickets->owner_count; i++)
    {
        bool known = false;
        for (size_t k = 0; k < ajar_scope_section_count(doctor->session.scope); k++)
        {
            known = known || strcmp(ajar_scope_section_at(doctor->session.scope, k)->id,
                                    tickets->owners[i]) == 0;
        }
        if (!known)
        {
            say(doctor, HEALTH_WARNING, "tickets",
                "%s:%u: no targets file has a section [%s]", tickets->file, tickets->line,
                tickets->owners[i]);
        }
    }
}

static void check_command(struct doctor *doctor, const struct ajar_tickets *tickets)
{
    struct stat info;
    if (stat(tickets->command, &info) != 0)
    {
        say(doctor, HEALTH_FAILS, "tickets", "%s:%u: %s: %s", tickets->file,
            tickets->line, tickets->command, strerror(errno));
    }
    else if (!S_ISREG(info.st_mode) || access(tickets->command, X_OK) != 0)
    {
        say(doctor, HEALTH_FAILS, "tickets", "%s:%u: %s cannot be run by this user",
            tickets->file, tickets->line, tickets->command);
    }
    else if ((info.st_mode & 022) != 0)
    {
        say(doctor, HEALTH_WARNING, "tickets",
            "%s can be changed by others (mode %04o): chmod go-w", tickets->command,
            (unsigned)info.st_mode & 07777);
    }
    else
    {
        say(doctor, HEALTH_FINE, "tickets", "%s", tickets->command);
    }
    check_owners(doctor, tickets);
}

static void check_tickets(struct doctor *doctor)
{
    const struct ajar_config *config = doctor->store.config;
    if (config == NULL)
    {
        return;
    }
    for (size_t i = 0; i < config->ticket_count; i++)
    {
        check_command(doctor, &config->tickets[i]);
    }
    if (config->ticket_count == 0)
    {
        say(doctor, HEALTH_WARNING, "tickets",
            "no [tickets] section: events are remembered and go nowhere");
    }
}

/* ---- this machine ---- */

static void check_machine(struct doctor *doctor)
{
    uint64_t limit = 0;
    uint32_t wanted = 512;
    struct timex clock = {.modes = 0};
    const struct ajar_config *config = doctor->store.config;
    if (config != NULL && config->concurrency.given && config->concurrency.value > 0)
    {
        wanted = (uint32_t)config->concurrency.value;
    }
    uint32_t fits = fdlimit_fit(wanted, &limit);
    say(doctor, fits >= wanted ? HEALTH_FINE : HEALTH_WARNING, "descriptors",
        "%llu may be open, %u visits in flight are wanted%s", (unsigned long long)limit,
        wanted, fits >= wanted ? "" : "; raise LimitNOFILE= or lower concurrency");
    if (adjtimex(&clock) == TIME_ERROR || (clock.status & STA_UNSYNC) != 0)
    {
        say(doctor, HEALTH_WARNING, "clock",
            "the kernel says that nothing keeps it right; the times in tickets "
            "follow it");
    }
    else
    {
        say(doctor, HEALTH_FINE, "clock", "kept right by a time service");
    }
}

int cmd_doctor(const struct app_options *options)
{
    struct doctor doctor = {.options = options};
    ajar_buf_init(&doctor.out, 1024u * 1024u);
    if (store_configure(&doctor.store, options) != APP_OK)
    {
        say(&doctor, HEALTH_FAILS, "configuration", "it cannot be used (above)");
    }
    check_targets(&doctor);
    check_state(&doctor);
    check_writing(&doctor);
    check_tickets(&doctor);
    check_machine(&doctor);
    (void)ajar_buf_printf(&doctor.out, "%u would fail, %u to look at\n", doctor.failures,
                          doctor.warnings);
    if (doctor.has_session)
    {
        session_close(&doctor.session);
    }
    store_end(&doctor.store);
    int printed = print_buf(&doctor.out);
    return printed != APP_OK || doctor.failures == 0 ? printed : APP_INCOMPLETE;
}
