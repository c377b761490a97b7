/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_LOOK_H
#define AJAR_STATE_LOOK_H

#include "rows.h"

/* A look at something open: finds or makes its finding, and tells at once what cannot
 * wait for the end of the run. In the open transaction. */
int look_open(struct ajar_state *state, const struct ajar_state_look *look,
              int64_t owner);

/* Ends one acceptance and tells it, or tells at last of what was expected from the first
 * look (the caller stores the finding). why NULL: no memory. */
int look_end_acceptance(struct ajar_state *state, struct row_finding *finding,
                        const struct row_endpoint *endpoints, size_t count,
                        const char *why, bool urgent);

/* Ends acceptances whose date has come. Resets the arena. */
int look_expire_acceptances(struct ajar_state *state);

#endif
