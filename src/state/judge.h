/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_JUDGE_H
#define AJAR_STATE_JUDGE_H

#include "db.h"

/* The end of a trusted run: what it covered of each unresolved finding is judged, and
 * told. In the open transaction. trusted false: only additions and changes, nothing
 * closed and nothing called silent. */
int judge_run(struct ajar_state *state, bool trusted);

#endif
