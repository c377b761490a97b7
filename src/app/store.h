/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_STORE_H
#define AJAR_APP_STORE_H

#include "ajar/config.h"
#include "ajar/state.h"
#include "options.h"
#include "session.h"

/*
 * Where the memory and the configuration lie, and what to say when they cannot
 * be used. Everything that goes wrong is said here on stderr, with the file and
 * what to do.
 */
#define STORE_PATH_MAX 4096

enum store_mode
{
    STORE_READ,  /* views */
    STORE_WRITE, /* accept, ack, deliver: an existing file */
    STORE_RUN    /* scan, check, recheck: made when missing */
};

struct store
{
    struct ajar_state *state; /* NULL: not open */
    struct ajar_config *config;
    char path[STORE_PATH_MAX];
    bool own_place; /* the default place of this user, not named by --state or
                       config */
    struct ajar_state_error error; /* why it could not be opened */
};

/* Reads the configuration: --config, or else those of the default places that
 * exist. APP_USAGE after remarks with file, line and the nearest valid word. */
enum app_exit store_configure(struct store *store, const struct app_options *options);
/* Finds the place (configuration first: it may name one) and opens it. On
 * failure store->error.fault says why, and nothing has been printed yet.
 * AJAR_EINVAL: there is no place at all (no home). wait_ms: how long to wait
 * for another writer. */
int store_open(struct store *store, const struct app_options *options,
               enum store_mode mode, uint32_t wait_ms) AJAR_MUST_CHECK;
/* Both of them, and what went wrong on stderr. APP_OK: store->state is open. */
enum app_exit store_begin(struct store *store, const struct app_options *options,
                          enum store_mode mode);
void store_end(struct store *store); /* fine on a zeroed one */

/* The last fault on stderr; the exit code for it. */
enum app_exit store_failed(const struct store *store);
/* The same for a fault of opening. */
enum app_exit store_open_failed(const struct store *store, enum store_mode mode);

/* The finding that the text names; on failure the nearest or the candidates on
 * stderr. */
enum app_exit store_match(struct store *store, const char *text, const char *owner,
                          char out_id[AJAR_FINDING_ID_BYTES]);
/* --since, 0 when not given. */
enum app_exit store_since(const struct app_options *options, int64_t *out_ms);

#endif
