/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CLASSIFY_TRACE_H
#define AJAR_CLASSIFY_TRACE_H

#include "ajar/classify.h"

/* What `ajar check --explain` says of a decision. All are without effect, and cost a
 * comparison, where the evidence keeps no trace. */

/* A rule, with what each read of the visit was and then `why`. */
void trace_readings(struct ajar_evidence *evidence, bool decided, const char *rule,
                    const char *why);
/* Rule 2, where the highest level that was shown stands. */
void trace_shown(struct ajar_evidence *evidence, enum ajar_exposure level);
/* Rule 1 of the exposure: the path that cannot exist. */
void trace_control(struct ajar_evidence *evidence);
/* A line for each flag that is set. */
void trace_flags(uint32_t flags, struct ajar_evidence *evidence);

#endif
