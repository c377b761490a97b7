/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_RANGE_H
#define AJAR_SCOPE_RANGE_H

#include "ajar/addr.h"

#include "fault.h"

/* A CIDR, "first-last" or one address. AJAR_ESYNTAX fills *fault. */
int range_parse(struct ajar_span text, struct ajar_addr *out_first,
                struct ajar_addr *out_last, struct fault *fault) AJAR_MUST_CHECK;
/* May it be enumerated? IPv4 down to /8, IPv6 up to AJAR_MAX_V6_HOSTS addresses. */
int range_check_size(struct ajar_span text, const struct ajar_addr *first,
                     const struct ajar_addr *last, struct fault *fault) AJAR_MUST_CHECK;

/* Is a in [first, last]? */
bool range_holds(const struct ajar_addr *first, const struct ajar_addr *last,
                 const struct ajar_addr *a);
/* The neighbour below; the caller knows that there is one. */
struct ajar_addr range_before(const struct ajar_addr *addr);
/* last - first as a 128-bit number, to compare widths. */
struct ajar_addr range_width(const struct ajar_addr *first, const struct ajar_addr *last);

#endif
