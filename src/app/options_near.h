/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_OPTIONS_NEAR_H
#define AJAR_APP_OPTIONS_NEAR_H

#include "ajar/buf.h"

/* Farther than any two words that a suggestion is made of. */
#define OPTIONS_FAR 32

/* Keeps the nearer of two: at most a third of the word may be wrong, one letter of a
 * short one. *best begins as OPTIONS_FAR. */
void options_nearer(struct ajar_span typed, const char *name, size_t *best,
                    const char **nearest);

#endif
