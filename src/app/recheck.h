/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_RECHECK_H
#define AJAR_APP_RECHECK_H

#include "intake.h"
#include "store.h"

/* The arguments of `ajar recheck`: findings (which need the state: it is opened
 * here, and stays open) and addresses. */
enum app_exit recheck_intake(struct intake *intake, const struct session *session,
                             struct store *store, const struct app_options *options);

#endif
