/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_ROWS_H
#define AJAR_STATE_ROWS_H

#include "db.h"
#include "life.h"

/*
 * The two rows that have a life, as structs. One list a table makes the struct, the
 * column list, the reading and the binding, so that none can fall behind. I: number, T:
 * text. Texts are the arena's.
 */
/* clang-format off */
#define FINDING_COLUMNS(I, T)                                                            \
    T(id) T(key) I(seq) T(cluster) I(owner) I(state) I(announced) I(events) I(run)       \
    T(run_id) T(vantage) T(product) T(uuid) T(contact) I(opened_ms) I(last_closed_ms)    \
    I(first_open_ms) I(last_open_ms) I(first_closed_ms) I(resolved_ms) I(reopened)       \
    I(born_run) I(event_ms) I(history_flags) I(accept_kind) I(accept_since_ms)           \
    I(accept_until_ms) I(accept_exposure) I(accept_severity) T(accept_indices)           \
    T(accept_shapes) T(accept_by) T(accept_reason) I(told_state) I(told_exposure)        \
    I(told_severity) I(told_flags) T(told_version) I(told_count) I(told_documents)       \
    T(told_shapes) T(told_endpoints) I(rep) I(exposure) I(severity) I(flags)             \
    I(documents) I(fingerprint) I(names_digest) I(copyable)

#define ENDPOINT_COLUMNS(I, T)                                                           \
    I(finding) I(port) T(name) I(scheme) I(silent) I(closed_looks) I(retired)            \
    I(first_ms) I(last_ms) I(closed_ms) I(first_run) I(exposure) I(severity) I(flags)    \
    I(documents) I(fingerprint) I(names_digest) I(copyable) I(ransom) I(list_count)      \
    T(version) T(shapes)
/* clang-format on */

#define ROWS_INT(name) int64_t name;
#define ROWS_TEXT(name) const char *name;

struct row_finding
{
    int64_t num; /* 0: not stored yet */
    FINDING_COLUMNS(ROWS_INT, ROWS_TEXT)
};

struct row_endpoint
{
    int64_t num;
    ENDPOINT_COLUMNS(ROWS_INT, ROWS_TEXT)
    struct ajar_addr addr;
    struct ajar_span facts; /* read: empty; write: written where not empty */
};

#undef ROWS_INT
#undef ROWS_TEXT

/* accept_kind */
enum
{
    ROWS_ACCEPT_NONE,
    ROWS_ACCEPT_BY_HAND,
    ROWS_ACCEPT_EXPECTED,
    ROWS_ACCEPT_SPENT /* ended; expect= alone does not begin it again */
};

/* "num, id, key, ..." for a SELECT; the row then is read from column `from` on. */
#define ROWS_NAME(name) "," #name
#define ROWS_FINDING_SELECT "num" FINDING_COLUMNS(ROWS_NAME, ROWS_NAME)
#define ROWS_ENDPOINT_SELECT "num" ENDPOINT_COLUMNS(ROWS_NAME, ROWS_NAME) ",addr"

void rows_read_finding(sqlite3_stmt *statement, struct ajar_arena *arena,
                       struct row_finding *out);
void rows_read_endpoint(sqlite3_stmt *statement, struct ajar_arena *arena,
                        struct row_endpoint *out);

/* 1: found, 0: none, negative: failed. */
int rows_finding(struct ajar_state *state, int64_t num, struct row_finding *out);
/* The newest finding of this key. */
int rows_finding_by_key(struct ajar_state *state, const char *key,
                        struct row_finding *out);
int rows_finding_by_id(struct ajar_state *state, const char *id, struct row_finding *out);
/* Inserts (num 0: sets num) or updates. */
int rows_store_finding(struct ajar_state *state, struct row_finding *finding);
int rows_store_endpoint(struct ajar_state *state, struct row_endpoint *endpoint);
int rows_endpoint_at(struct ajar_state *state, int64_t finding,
                     const struct ajar_addr *addr, uint16_t port, const char *name,
                     struct row_endpoint *out);
/* All endpoints of a finding, in order of address, port and name, in the arena. That with
 * the number facts_of (0: none) has its facts too: not to be stored again. */
int rows_endpoints(struct ajar_state *state, int64_t finding, int64_t facts_of,
                   struct row_endpoint **out, size_t *out_count);

struct life_endpoint rows_life(const struct row_endpoint *endpoint);
void rows_set_life(struct row_endpoint *endpoint, const struct life_endpoint *life);

/* Takes exposure, severity, flags and figures of the finding from the worst of its open
 * endpoints (the lowest address among equals, so that the order of looks is no change).
 */
void rows_represent(struct row_finding *finding, const struct row_endpoint *endpoints,
                    size_t count);
bool rows_is_worse(const struct row_endpoint *a, const struct row_endpoint *b);
int rows_endpoint(struct ajar_state *state, int64_t num, struct row_endpoint *out);
const struct row_endpoint *rows_representative(const struct row_finding *finding,
                                               const struct row_endpoint *endpoints,
                                               size_t count);

#endif
