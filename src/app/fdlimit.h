/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_FDLIMIT_H
#define AJAR_APP_FDLIMIT_H

#include <stdint.h>

/*
 * Makes room for `concurrency` sockets: raises the soft limit of descriptors as
 * far as the hard one allows. Returns the concurrency that fits; *out_limit is
 * the limit then.
 */
uint32_t fdlimit_fit(uint32_t concurrency, uint64_t *out_limit);

#endif
