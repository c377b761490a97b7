/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_SESSION_H
#define AJAR_APP_SESSION_H

#include "ajar/scope.h"

/* What the commands share: exit codes, the declared scope, messages about it.
 */

enum app_exit
{
    APP_OK = 0,
    APP_OUR_FAULT = 1,
    APP_USAGE = 2,
    APP_OUT_OF_SCOPE = 3,
    APP_INCOMPLETE = 4,
    APP_EXPOSED = 10, /* with --fail-on */
    APP_INTERRUPTED = 130
};

#define SESSION_MAX_PATHS 64

struct session
{
    struct ajar_scope *scope;
    const char *paths[SESSION_MAX_PATHS]; /* what the scope was read from */
    size_t path_count;
    char *env_copy; /* $AJAR_TARGETS, taken apart */
};

/*
 * Reads the scope from the given paths, or else from those of the default
 * places that exist: $AJAR_TARGETS (separated by colons), ./targets,
 * /etc/ajar/targets.d. Prints remarks to stderr (warnings only when not quiet).
 * Returns an app_exit.
 */
enum app_exit session_open(struct session *session, const char *const *paths,
                           size_t count, bool quiet);
void session_close(struct session *session);

/* Why the address is not dialled and how to declare it, on stderr. */
void session_explain_refusal(const struct session *session, const struct ajar_addr *addr,
                             const char *as_given);

#endif
