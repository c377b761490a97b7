/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_DELIVER_H
#define AJAR_APP_DELIVER_H

#include "ajar/notify.h"
#include "store.h"

/* What a run's deliveries and `ajar deliver` say alike. */

/* One delivery that went wrong, on stderr. *said (NULL allowed) keeps it to the
 * first. */
void deliver_say(const struct ajar_notify_told *told, bool *said);
/* Events owed in all sections of the configuration. */
uint64_t deliver_owed(const struct store *store);

#endif
