/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_COPIES_H
#define AJAR_STATE_COPIES_H

#include "rows.h"

/*
 * All data sets of unresolved findings at once, for a list: one pass over the table, then
 * each finding's copies without a query. The same rule as view_dataset, which a test
 * holds beside it.
 */
struct copies;

/* owner 0: all. */
int copies_load(struct ajar_state *state, int64_t owner, struct copies **out);
void copies_free(struct copies *copies); /* NULL is fine */
int copies_of(struct copies *copies, const struct row_finding *finding,
              struct ajar_dataset_view *out);

#endif
