/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CONFIG_H
#define AJAR_CONFIG_H

#include "ajar/scope.h"

/*
 * Config: what ajar.ini says about a scheduled run: where the state is, how often to
 * look, and which commands take the events. It reads text and files and knows no command
 * line; which files count (/etc/ajar/ajar.ini, the XDG one, --config) is app's to say.
 * Format and every key: docs/tickets.md and docs/schedule.md. Not inih as in scope: its
 * lines end at 200 bytes, and an argument may be longer.
 */

#define AJAR_MAX_CONFIG_FILE (256u * 1024u)
#define AJAR_MAX_CONFIG_TEXT 4096 /* of one value */
#define AJAR_MAX_TICKET_SECTIONS 16
#define AJAR_MAX_TICKET_ARGUMENTS 64
#define AJAR_MAX_TICKET_OWNERS 256
#define AJAR_MAX_CONFIG_TARGETS 64

/* [tickets] or [tickets NAME]. */
struct ajar_tickets
{
    const char *name;             /* "" for the section without one */
    const char *command;          /* an absolute path */
    const char *const *arguments; /* in order, without the command; never NULL */
    size_t argument_count;
    uint32_t timeout_ms;       /* 30 s unless given; 1 s to 1 h */
    const char *const *owners; /* section ids of the targets files; NULL: all */
    size_t owner_count;
    const char *file; /* where the section stands */
    unsigned line;
};

/* A number that a file may leave to the program's own default. */
struct ajar_config_number
{
    bool given;
    uint64_t value; /* milliseconds for times */
};

/* Keys of [state] and [scan]: X(SECTION, member, "key", KIND, min, max).
 * NUMBER is a plain count; TIME is digits and a unit (ms, s, m, h, d), min and max in
 * milliseconds; DAYS is digits with or without a "d", counted in days. */
#define AJAR_CONFIG_NUMBER_MAP(X)                                                        \
    X(STATE, keep_runs, "keep-runs", DAYS, 1, 36500)                                     \
    X(STATE, keep_findings, "keep-findings", DAYS, 1, 36500)                             \
    X(STATE, keep_targets, "keep-targets", DAYS, 1, 36500)                               \
    X(SCAN, every, "every", TIME, 60000, 31622400000)                                    \
    X(SCAN, open_every, "open-every", TIME, 60000, 31622400000)                          \
    X(SCAN, concurrency, "concurrency", NUMBER, 0, 60000)                                \
    X(SCAN, rate, "rate", NUMBER, 0, 1000000)                                            \
    X(SCAN, per_prefix, "per-prefix", NUMBER, 0, 65536)                                  \
    X(SCAN, connect_timeout, "connect-timeout", TIME, 1, 600000)                         \
    X(SCAN, tls_timeout, "tls-timeout", TIME, 1, 600000)                                 \
    X(SCAN, header_timeout, "header-timeout", TIME, 1, 600000)                           \
    X(SCAN, body_timeout, "body-timeout", TIME, 1, 600000)                               \
    X(SCAN, total_timeout, "total-timeout", TIME, 1, 600000)

struct ajar_config
{
#define X(section, member, key, kind, min, max) struct ajar_config_number member;
    AJAR_CONFIG_NUMBER_MAP(X)
#undef X
    const char *state_file;     /* [state] file; NULL: not given */
    const char *vantage;        /* [scan] vantage; NULL */
    const char *url;            /* [scan] url; NULL */
    const char *const *targets; /* [scan] targets, may repeat; never NULL */
    size_t target_count;
    const struct ajar_tickets *tickets; /* in the order of the files; never NULL */
    size_t ticket_count;
};

/* A file to read. */
struct ajar_config_path
{
    const char *path;
    bool required; /* else it may be missing */
};

/* Faults, all of them errors. Held by the caller, frees nothing, must not be copied (the
 * items point into it and to the paths given). To print it as a scope's remarks are:
 * (struct ajar_diags){faults.items, shown, shown}. */
#define AJAR_CONFIG_FAULTS 8
struct ajar_config_faults
{
    struct ajar_diag items[AJAR_CONFIG_FAULTS];
    size_t count; /* of the items */
    size_t more;  /* found, but not kept */
    char texts[AJAR_CONFIG_FAULTS][2][320];
};

/*
 * Reads the files in order into one configuration; no file at all gives an empty one. Of
 * a key that may not repeat the later file wins; within one file saying it twice is an
 * error. A [tickets NAME] of a later file replaces the earlier one of that name as a
 * whole. AJAR_ESYNTAX: faults say what, where and the nearest valid word; *out is
 * untouched. AJAR_ENOTFOUND: a required file is missing. AJAR_ESYSTEM: one cannot be
 * read.
 */
int ajar_config_load(const struct ajar_config_path *paths, size_t path_count,
                     struct ajar_config_faults *faults,
                     struct ajar_config **out) AJAR_MUST_CHECK;
/* The same from text, for tests and fuzzing: one file called `name`. */
int ajar_config_load_text(const char *name, struct ajar_span text,
                          struct ajar_config_faults *faults,
                          struct ajar_config **out) AJAR_MUST_CHECK;
void ajar_config_free(struct ajar_config *config); /* NULL is fine */

/* "30s", "24h", "1500ms", "7d": at least one digit and a unit. AJAR_ESYNTAX; AJAR_ELIMIT:
 * outside min_ms .. max_ms. For every=, --since and their like. */
int ajar_config_time(struct ajar_span text, uint64_t min_ms, uint64_t max_ms,
                     uint64_t *out_ms) AJAR_MUST_CHECK;

#endif
