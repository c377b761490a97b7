/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_BATCH_H
#define AJAR_STATE_BATCH_H

#include "db.h"

/*
 * Plain looks wait here and are written together, in key order: one upsert each, and each
 * page of the file touched once a batch. Fixed memory, whatever the estate's size.
 */
#define BATCH_ROWS 65536u /* 4 MB */
#define BATCH_WAIT_MS 30000

struct batch_row
{
    struct ajar_addr addr;
    int64_t seen_ms;
    int64_t owner;
    char *name; /* NULL: none; owned by the batch */
    uint16_t port;
    uint8_t exposure;
    uint8_t outcome;
};

int batch_new(struct batch **out);
void batch_free(struct batch *batch);
size_t batch_count(const struct batch *batch);
/* The passed-in time at which the oldest row came. */
int64_t batch_since(const struct batch *batch);
/* Copies row and name. AJAR_ELIMIT: full, flush first. */
int batch_add(struct batch *batch, const struct batch_row *row, const char *name);
/* Writes all rows in the open transaction; they stay until batch_clear. */
int batch_write(struct ajar_state *state);
void batch_clear(struct batch *batch);

/* One target row. finding 0: not open (the last finding there is remembered). */
int batch_store_target(struct ajar_state *state, const struct batch_row *row,
                       const char *name, int64_t finding);

#endif
