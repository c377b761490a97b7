/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_DUE_H
#define AJAR_APP_DUE_H

#include "store.h"
#include "worklist.h"

/*
 * `ajar scan --due`: which of the declared hosts are due now. One bit a
 * declared host, and a running count every 512 of them, so that the n-th due
 * host is found without a list.
 */
struct due_set
{
    uint64_t *bits;
    uint64_t *before; /* due hosts before each block of 512 */
    size_t blocks;
    uint64_t count;
};

/* The n-th due host's index in the scope; n below count. */
uint64_t due_nth(const struct due_set *set, uint64_t n);

/* Takes what is not due out of the list (and out of its count of targets). What
 * stands open is due hourly (or as the configuration says), canaries are always
 * due. The set must live as long as the list. APP_OK, or said on stderr. */
enum app_exit due_choose(struct due_set *set, struct worklist *list, struct store *store);
void due_free(struct due_set *set);

#endif
