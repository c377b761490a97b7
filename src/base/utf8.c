/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include "ajar/escape.h"

/* The rest of a character whose first byte says that it has `tail` more. */
static size_t decode_tail(const char *data, size_t len, size_t tail, uint32_t *out_char)
{
    /* the least character that needs so many bytes: below it the form is overlong */
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (len <= tail)
    {
        return 0;
    }
    uint32_t character = (uint8_t)data[0] & (0x3fu >> tail);
    for (size_t i = 1; i <= tail; i++)
    {
        uint32_t byte = (uint8_t)data[i];
        if ((byte & 0xc0) != 0x80)
        {
            return 0;
        }
        character = character << 6 | (byte & 0x3f);
    }
    bool surrogate = character >= 0xd800 && character <= 0xdfff;
    if (character < least[tail] || character > 0x10ffff || surrogate)
    {
        return 0;
    }
    *out_char = character;
    return tail + 1;
}

size_t utf8_decode(const char *data, size_t len, uint32_t *out_char)
{
    if (len == 0)
    {
        return 0;
    }
    uint8_t first = (uint8_t)data[0];
    if (first < 0x80)
    {
        *out_char = first;
        return 1;
    }
    if (first < 0xc2 || first > 0xf4) /* a tail byte, C0/C1 (overlong), above U+10FFFF */
    {
        return 0;
    }
    size_t tail = first < 0xe0 ? 1 : (first < 0xf0 ? 2 : 3);
    return decode_tail(data, len, tail, out_char);
}

bool utf8_is_unsafe(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) /* C0, DEL, C1 */
    {
        return true;
    }
    if (c < 0x061c)
    {
        return false;
    }
    bool bidi = c == 0x061c || c == 0x200e || c == 0x200f ||
                (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    bool zero_width = (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff;
    bool separator = c == 0x2028 || c == 0x2029;
    bool tag = c >= 0xe0000 && c <= 0xe007f;
    bool nonchar = (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
    return bidi || zero_width || separator || tag || nonchar;
}

size_t ajar_utf8_length(struct ajar_span bytes)
{
    uint32_t character;
    return utf8_decode(bytes.data, bytes.len, &character);
}

bool ajar_utf8_is_valid(struct ajar_span bytes)
{
    size_t at = 0;
    while (at < bytes.len)
    {
        if (bytes.len - at >= 8 && (utf8_load(bytes.data + at) & UTF8_HIGHS) == 0)
        {
            at += 8;
            continue;
        }
        uint32_t character;
        size_t len = utf8_decode(bytes.data + at, bytes.len - at, &character);
        if (len == 0)
        {
            return false;
        }
        at += len;
    }
    return true;
}
