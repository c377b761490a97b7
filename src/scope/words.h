/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_WORDS_H
#define AJAR_SCOPE_WORDS_H

#include "ajar/buf.h"

/* The word of the list that is nearest to `word` by edit distance, letter case aside. */
/* NULL when none is near: more than half of it would have to change. */
const char *words_nearest(struct ajar_span word, const char *const *list, size_t count);
/* A host name: RFC 1123 section 2.1, and '_', which real names have. */
bool words_are_host_name(struct ajar_span name);

#endif
