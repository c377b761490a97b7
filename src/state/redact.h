/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_REDACT_H
#define AJAR_STATE_REDACT_H

#include "ajar/state.h"

/* Each looks at text[at] as a possible beginning and returns how many bytes the piece of
 * personal data takes, 0 for none. */
size_t redact_card(struct ajar_span text, size_t at);
size_t redact_national_id(struct ajar_span text, size_t at);
size_t redact_phone(struct ajar_span text, size_t at);

static inline bool redact_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool redact_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

#endif
