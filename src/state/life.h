/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_LIFE_H
#define AJAR_STATE_LIFE_H

#include "ajar/state.h"

/*
 * The rules of a finding's life, pure: no database, no clock. docs/state.md says them in
 * words; test_life.c tells them as histories.
 */

#define LIFE_CLOSING_LOOKS 2u /* proofs that an endpoint is closed, before it counts */
#define LIFE_REOPEN_MS (90ll * 86400000ll)

/* What one look at an endpoint of a finding means for that finding. */
enum life_look
{
    LIFE_LOOK_NONE, /* not covered */
    LIFE_LOOK_OPEN,
    LIFE_LOOK_CLOSED, /* refused, guarded, another product or cluster: positive evidence
                       */
    LIFE_LOOK_SILENT  /* everything else proves nothing */
};

/* same: what was open there is this finding. */
enum life_look life_look_of(enum ajar_exposure exposure, enum ajar_outcome outcome,
                            bool same);
/* Does this look prove that nothing was open there? */
bool life_proves_closed(enum ajar_exposure exposure, enum ajar_outcome outcome);
/* Did the target give an answer of any kind? */
bool life_answered(enum ajar_outcome outcome);

struct life_endpoint
{
    uint32_t closed_looks; /* in a row, silence between them not counted */
    bool silent;           /* at the last look */
    bool retired;          /* the cluster moved away from here */
    int64_t closed_ms;     /* the first of the looks in a row */
};

/* True when anything changed. */
bool life_endpoint_look(struct life_endpoint *endpoint, enum life_look look,
                        int64_t time_ms);
enum ajar_endpoint_state life_endpoint_state(const struct life_endpoint *endpoint);
/* Is it still counted among the finding's addresses? */
bool life_endpoint_counts(const struct life_endpoint *endpoint);

/* OPEN while any endpoint is; RESOLVED when all are closed for good; UNVERIFIED when any
 * is silent; else CLOSING. Retired endpoints are left out, unless none other is there. */
enum ajar_finding_state life_state(const struct life_endpoint *endpoints, size_t count);
/* When the last endpoint was first proven closed; 0 when one is not. */
int64_t life_first_closed(const struct life_endpoint *endpoints, size_t count);

/* Half as many again, or half gone, and 1,000 at least; or from none, or to none. */
bool life_documents_changed(uint64_t told, uint64_t now);
/* Nine in ten documents are gone, of 100 at least. */
bool life_is_collapse(uint64_t before, uint64_t now);
/* Two counts of one data set that drifted: within 5 % of the larger. */
bool life_is_near(uint64_t a, uint64_t b);
/* The bounds that life_is_near sets around documents. */
void life_near_bounds(uint64_t documents, uint64_t *out_low, uint64_t *out_high);

/* Waiting time before attempt number `attempts` + 1: 30 s, doubled, at most 6 h. */
uint64_t life_backoff_ms(uint32_t attempts);

#endif
