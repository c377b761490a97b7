/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_BASE_UTF8_H
#define AJAR_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* One strict UTF-8 decoder (RFC 3629) and the rule for what may not be shown. */

/* The character that data begins with: its length 1-4, or 0 when its first byte does not
 * begin a well-formed one within len bytes. */
size_t utf8_decode(const char *data, size_t len, uint32_t *out_char);

/* The classes of escape.h that a terminal, a log or a reader could be fooled by. */
bool utf8_is_unsafe(uint32_t character);

static inline uint64_t utf8_load(const char *data)
{
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

#define UTF8_ONES UINT64_C(0x0101010101010101)
#define UTF8_HIGHS UINT64_C(0x8080808080808080)

#endif
