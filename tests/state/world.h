/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_STATE_WORLD_H
#define AJAR_TESTS_STATE_WORLD_H

#include "ajar/state.h"

/*
 * A state file in a folder of its own, and looks told in one line of text, so that a
 * history reads as a history. A line is looks with a blank between them:
 *
 *     HOST[:PORT]=WHAT[,key=value]...
 *
 * HOST: the last byte of 192.0.2.HOST. WHAT: records, indices, metadata, identity,
 * protected, other (not a datastore), inconclusive, or an outcome's word (refused,
 * timeout_connect ...). Keys: u (cluster uuid), d (documents), n (names, '+' between
 * them), v (version), o (owner), x (expect), s (severity), r (ransom rows), fp
 * (fingerprint; else made of names and documents), name (host name), canary.
 */
#define WORLD_DAY 86400000ll
#define WORLD_START 1575417600000ll /* 2019-12-04T00:00:00Z */

struct world
{
    char folder[64];
    char path[96];
    struct ajar_state *state;
    int64_t now_ms;
    unsigned runs;
    struct ajar_run_info info;
    char run_id[64];
    const char *vantage;
    const char *owner; /* of looks without o=; "team" at first */
    struct ajar_state_summary summary;
};

void world_init(struct world *world); /* a new folder, opened for writing */
void world_deinit(struct world *world);
void world_open(struct world *world);
void world_close(struct world *world);

void world_begin(struct world *world);
/* Returns the first failing status. */
int world_look(struct world *world, const char *looks);
int world_end(struct world *world, bool complete, bool trusted);
/* A whole run an hour later... */
void world_run(struct world *world, const char *looks);

/* All events after seq as "opened changed(severity,documents) resolved"; static memory.
 * *seq moves on. */
const char *world_events(struct world *world, uint64_t *seq);
/* States of all findings in order of opening: "open closing". */
const char *world_states(struct world *world);
/* "*path" of the first file that exists; removes the folder's files. */
uint64_t world_count(struct world *world, const char *sql);

#endif
