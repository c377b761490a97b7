/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_LOOK_H
#define AJAR_STATE_LOOK_H

#include "db.h"

/* A look at something open: finds or makes its finding, and tells at once what cannot
 * wait for the end of the run. In the open transaction. */
int look_open(struct ajar_state *state, const struct ajar_state_look *look,
              int64_t owner);

/* Ends acceptances whose date has come. Resets the arena. */
int look_expire_acceptances(struct ajar_state *state);

#endif
