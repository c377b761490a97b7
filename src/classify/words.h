/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CLASSIFY_WORDS_H
#define AJAR_CLASSIFY_WORDS_H

#include "ajar/buf.h"

/*
 * The word lists of names.c, as data. Sources: wire-facts.md sections 6 and 8; the marks
 * there say how sure each is. Not a matcher: names.c says how a word is compared.
 */

/* One way to spell a name. The pattern is compared without case with the whole name; a
 * '*' at its end stands for any rest. */
struct words_pattern
{
    const char *text;
    uint8_t strength; /* ransom lists only: enum ajar_ransom */
};

extern const char *const words_system[];
extern const size_t words_system_count;

extern const struct words_pattern words_ransom[];
extern const size_t words_ransom_count;

/* Sorted, lower case, for bsearch. */
extern const char *const words_sensitive[];
extern const size_t words_sensitive_count;

#endif
