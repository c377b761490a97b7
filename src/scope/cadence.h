/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_CADENCE_H
#define AJAR_SCOPE_CADENCE_H

#include "ajar/buf.h"

/* every = of a section: "90m", "24h", "7d", from 1m to 366d. AJAR_ESYNTAX leaves *out_ms.
 */
int cadence_parse(struct ajar_span text, uint64_t *out_ms) AJAR_MUST_CHECK;

#endif
