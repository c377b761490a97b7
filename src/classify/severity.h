/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CLASSIFY_SEVERITY_H
#define AJAR_CLASSIFY_SEVERITY_H

#include "ajar/classify.h"

/* How urgent an exposure is: the table of docs/classification.md, section "Severity". */
enum ajar_severity severity_of(enum ajar_exposure exposure, uint32_t flags,
                               const struct ajar_evidence *evidence);

/* Notes in the evidence's trace, where one is kept, what made the severity. */
void severity_trace(const struct ajar_verdict *verdict, struct ajar_evidence *evidence);

/* Are the index names those that a ransom note or a wiper leaves? (wire-facts 6, R17) */
bool severity_is_compromised(const struct ajar_evidence *evidence);

#endif
