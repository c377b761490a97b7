/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SENSITIVITY_NAME_H
#define AJAR_SENSITIVITY_NAME_H

#include "tokens.h"
#include "words.h"

/*
 * A name with what the word lists say of each token: particles between two words left out
 * (date_of_birth), plurals of no list brought back to their word, and compounds taken
 * apart that are written without a sign (kundenstrasse, shiptocity).
 */
struct name
{
    struct tokens tokens;
    const struct words_entry *word[TOKENS_MAX];
};

void name_read(struct ajar_span text, struct name *out);

#endif
