/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SIMNET_REQUEST_H
#define AJAR_SIMNET_REQUEST_H

#include "simnet.h"

/* Reads the first request head of the bytes; its length, 0 while it is not whole. The
 * request borrows the bytes. Lenient: whatever comes is answered. */
size_t request_parse(const char *bytes, size_t length, struct request *out);

#endif
