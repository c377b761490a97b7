/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_RESOLVE_H
#define AJAR_APP_RESOLVE_H

#include "ajar/addr.h"

/*
 * Names to addresses, before a run begins: through the system's resolver, a few
 * at once, never in the hot path (the resolver blocks a thread).
 */
#define RESOLVE_MAX_ADDRS 32

/* Called once a name, in the order in which answers come. error: NULL, or the
 * resolver's words. Borrowed until return. */
typedef void (*resolve_fn)(void *context, size_t index, const struct ajar_addr *addrs,
                           size_t count, const char *error);

/* names: count texts. AJAR_OK when every name was answered, well or badly. */
int resolve_names(const char *const *names, size_t count, resolve_fn fn,
                  void *context) AJAR_MUST_CHECK;

#endif
