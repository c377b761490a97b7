/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CONFIG_NEAREST_H
#define AJAR_CONFIG_NEAREST_H

#include "ajar/buf.h"

/* The word of the list that takes the fewest changes of a letter; of words that are all
 * far away still one, since there is always a nearest. */
const char *nearest_word(struct ajar_span word, const char *const *list, size_t count);

#endif
