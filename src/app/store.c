/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ajar/escape.h"
#include "clock.h"

#define SYSTEM_STATE "/var/lib/ajar/state.db"
#define SYSTEM_CONFIG "/etc/ajar/ajar.ini"
#define LOCK_POLL_MS 200u

/* ---- places ---- */

/* $XDG_x/ajar/NAME, or ~/FALLBACK/ajar/NAME. The specification has relative
 * paths in these variables ignored. */
static bool xdg_place(const char *variable, const char *fallback, const char *name,
                      char out[STORE_PATH_MAX])
{
    const char *base = getenv(variable);
    const char *home = getenv("HOME");
    int len = 0;
    if (base != NULL && base[0] == '/')
    {
        len = snprintf(out, STORE_PATH_MAX, "%s/ajar/%s", base, name);
    }
    else if (home != NULL && home[0] == '/')
    {
        len = snprintf(out, STORE_PATH_MAX, "%s/%s/ajar/%s", home, fallback, name);
    }
    return len > 0 && len < STORE_PATH_MAX;
}

/* systemd's StateDirectory=: the first of the folders that it names. */
static bool service_place(char out[STORE_PATH_MAX])
{
    const char *folders = getenv("STATE_DIRECTORY");
    if (folders == NULL || folders[0] != '/')
    {
        return false;
    }
    int first = (int)strcspn(folders, ":");
    int len = snprintf(out, STORE_PATH_MAX, "%.*s/state.db", first, folders);
    return len > 0 && len < STORE_PATH_MAX;
}

static bool find_place(struct store *store, const struct app_options *options,
                       enum store_mode mode)
{
    const char *named = options->state;
    if (named == NULL && store->config != NULL)
    {
        named = store->config->state_file;
    }
    if (named != NULL)
    {
        int len = snprintf(store->path, sizeof store->path, "%s", named);
        return len > 0 && len < STORE_PATH_MAX;
    }
    if (service_place(store->path))
    {
        return true;
    }
    store->own_place =
        xdg_place("XDG_STATE_HOME", ".local/state", "state.db", store->path);
    bool missing = !store->own_place || access(store->path, F_OK) != 0;
    if (mode != STORE_RUN && missing && access(SYSTEM_STATE, R_OK) == 0)
    {
        store->own_place = false;
        (void)snprintf(store->path, sizeof store->path, "%s", SYSTEM_STATE);
        return true;
    }
    return store->own_place;
}

/* The folders above a file in the default place, which nobody has made yet. */
static void make_parents(const char *path)
{
    char folder[STORE_PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/'))
    {
        *slash = '\0';
        /* one that cannot be made shows when the file is opened */
        (void)mkdir(folder, 0700);
        *slash = '/';
    }
}

/* ---- configuration ---- */

static void print_faults(const struct ajar_config_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
    {
        const struct ajar_diag *diag = &faults->items[i];
        (void)fprintf(stderr, "%s:", diag->file);
        if (diag->line > 0)
        {
            (void)fprintf(stderr, "%u:", diag->line);
        }
        if (diag->column > 0)
        {
            (void)fprintf(stderr, "%u:", diag->column);
        }
        (void)fprintf(stderr, " error: %s\n", diag->what);
        if (diag->mend != NULL && diag->mend[0] != '\0')
        {
            (void)fprintf(stderr, "    mend: %s\n", diag->mend);
        }
    }
    if (faults->more > 0)
    {
        (void)fprintf(stderr, "    and %zu more\n", faults->more);
    }
}

enum app_exit store_configure(struct store *store, const struct app_options *options)
{
    char own[STORE_PATH_MAX];
    struct ajar_config_path paths[2];
    size_t count = 0;
    struct ajar_config_faults faults;
    if (options->config != NULL)
    {
        paths[count++] = (struct ajar_config_path){options->config, true};
    }
    else
    {
        paths[count++] = (struct ajar_config_path){SYSTEM_CONFIG, false};
        if (xdg_place("XDG_CONFIG_HOME", ".config", "ajar.ini", own))
        {
            paths[count++] = (struct ajar_config_path){own, false};
        }
    }
    int status = ajar_config_load(paths, count, &faults, &store->config);
    if (status == AJAR_OK)
    {
        return APP_OK;
    }
    if (status == AJAR_ENOMEM)
    {
        (void)fprintf(stderr, "ajar: out of memory while reading the configuration\n");
        return APP_OUR_FAULT;
    }
    print_faults(&faults);
    (void)fprintf(stderr, "ajar: the configuration cannot be used; nothing was done\n");
    return APP_USAGE;
}

/* ---- open ---- */

static void pause_ms(uint32_t ms)
{
    struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&span, NULL);
}

int store_open(struct store *store, const struct app_options *options,
               enum store_mode mode, uint32_t wait_ms)
{
    if (!find_place(store, options, mode))
    {
        store->error.fault = AJAR_STATE_FAULT_MISUSE;
        (void)snprintf(store->error.text, sizeof store->error.text,
                       "no place for the state: $HOME is not set; name a file with "
                       "--state FILE");
        return AJAR_EINVAL;
    }
    if (mode == STORE_RUN && (store->own_place))
    {
        make_parents(store->path);
    }
    struct ajar_state_options want = {
        .path = store->path, .write = mode != STORE_READ, .create = mode == STORE_RUN};
    uint32_t waited_ms = 0;
    int status = ajar_state_open(&want, &store->state, &store->error);
    while (status != AJAR_OK && store->error.fault == AJAR_STATE_FAULT_LOCKED &&
           waited_ms < wait_ms)
    {
        pause_ms(LOCK_POLL_MS);
        waited_ms += LOCK_POLL_MS;
        status = ajar_state_open(&want, &store->state, &store->error);
    }
    return status;
}

enum app_exit store_open_failed(const struct store *store, enum store_mode mode)
{
    (void)fprintf(stderr, "ajar: %s\n", store->error.text);
    if (store->error.fault == AJAR_STATE_FAULT_MISSING && mode != STORE_RUN)
    {
        (void)fprintf(stderr, "  `ajar scan` makes it; --state FILE names another one\n");
        return APP_USAGE;
    }
    return APP_INCOMPLETE;
}

enum app_exit store_failed(const struct store *store)
{
    (void)fprintf(stderr, "ajar: %s\n", ajar_state_error(store->state)->text);
    return APP_INCOMPLETE;
}

enum app_exit store_begin(struct store *store, const struct app_options *options,
                          enum store_mode mode)
{
    /* a person's short command waits for another one of its kind, not for a scan
     */
    uint32_t wait_ms = mode == STORE_READ ? 0 : 5000;
    memset(store, 0, sizeof *store);
    enum app_exit code = store_configure(store, options);
    if (code == APP_OK && store_open(store, options, mode, wait_ms) != AJAR_OK)
    {
        code = store_open_failed(store, mode);
    }
    if (code != APP_OK)
    {
        store_end(store);
    }
    return code;
}

void store_end(struct store *store)
{
    ajar_state_close(store->state);
    ajar_config_free(store->config);
    store->state = NULL;
    store->config = NULL;
}

/* ---- what was typed ---- */

static void print_candidates(const struct ajar_state_match *match)
{
    size_t shown = 0;
    for (size_t i = 0; i < AJAR_STATE_CANDIDATES && match->ids[i][0] != '\0'; i++)
    {
        shown++;
        (void)fprintf(stderr, "    %s\n", match->ids[i]);
    }
    if (match->count > shown)
    {
        (void)fprintf(stderr, "    and %zu more\n", match->count - shown);
    }
}

enum app_exit store_match(struct store *store, const char *text, const char *owner,
                          char out_id[AJAR_FINDING_ID_BYTES])
{
    struct ajar_state_match match = {0};
    struct ajar_buf shown;
    int status =
        ajar_state_match_finding(store->state, ajar_span_of(text), owner, &match);
    if (status == AJAR_OK)
    {
        memcpy(out_id, match.ids[0], AJAR_FINDING_ID_BYTES);
        return APP_OK;
    }
    if (status != AJAR_ENOTFOUND && status != AJAR_ELIMIT)
    {
        return store_failed(store);
    }
    ajar_buf_init(&shown, 1024);
    (void)ajar_escape_text(&shown, ajar_span_of(text), 60);
    if (status == AJAR_ELIMIT)
    {
        (void)fprintf(stderr,
                      "ajar: %s is the beginning of %zu findings: write more of "
                      "it\n",
                      shown.data, match.count);
    }
    else
    {
        (void)fprintf(stderr, "ajar: there is no finding %s%s%s%s\n", shown.data,
                      owner != NULL ? " of " : "", owner != NULL ? owner : "",
                      match.ids[0][0] != '\0' ? "; the nearest:"
                                              : "; `ajar findings` lists them");
    }
    print_candidates(&match);
    ajar_buf_deinit(&shown);
    return APP_USAGE;
}

enum app_exit store_since(const struct app_options *options, int64_t *out_ms)
{
    struct ajar_buf what;
    *out_ms = 0;
    if (options->since == NULL)
    {
        return APP_OK;
    }
    ajar_buf_init(&what, 1024);
    int status = clock_parse(options->since, false, true, clock_now_ms(), out_ms, &what);
    if (status != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: --since %s\n", what.data);
    }
    ajar_buf_deinit(&what);
    return status == AJAR_OK ? APP_OK : APP_USAGE;
}
