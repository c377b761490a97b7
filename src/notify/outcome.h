/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NOTIFY_OUTCOME_H
#define AJAR_NOTIFY_OUTCOME_H

#include "command.h"

/* What a run of a command means for the event, in words that are safe to print. */
struct outcome
{
    enum ajar_delivery_result result;
    struct ajar_buf reference; /* empty: none given */
    struct ajar_buf detail;    /* empty: nothing to say */
};

void outcome_init(struct outcome *outcome);
void outcome_deinit(struct outcome *outcome);
void outcome_read(struct outcome *outcome, const struct command *command,
                  const struct ajar_tickets *tickets);

#endif
