/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <string.h>

/* The scan has passed these four digits, so they are hexadecimal. */
static uint32_t read_unit(const char *digits)
{
    uint32_t unit = 0;
    for (unsigned i = 0; i < 4; i++)
    {
        char byte = digits[i];
        uint32_t digit =
            byte <= '9' ? (uint32_t)(byte - '0') : (uint32_t)((byte | 0x20) - 'a' + 10);
        unit = unit << 4 | digit;
    }
    return unit;
}

/* UTF-8, at most four bytes (RFC 3629 section 3). */
static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80)
    {
        out[0] = (char)c;
        return 1;
    }
    size_t tail = c < 0x800 ? 1 : (c < 0x10000 ? 2 : 3);
    for (size_t i = tail; i > 0; i--)
    {
        out[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (char)((0xf00u >> (tail + 1) & 0xff) | c);
    return tail + 1;
}

/* The character at text, which begins with \u; *out_taken is what stood for it. A
 * surrogate without its other half becomes U+FFFD. */
static uint32_t read_character(const char *text, size_t len, size_t *out_taken)
{
    uint32_t unit = read_unit(text + 2);
    *out_taken = 6;
    if (unit < 0xd800 || unit > 0xdfff)
    {
        return unit;
    }
    if (unit <= 0xdbff && len >= 12 && text[6] == '\\' && text[7] == 'u')
    {
        uint32_t low = read_unit(text + 8);
        if (low >= 0xdc00 && low <= 0xdfff)
        {
            *out_taken = 12;
            return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return 0xfffd;
}

static char short_escape(char letter)
{
    const char *names = "b\bf\fn\nr\rt\t";
    for (const char *name = names; *name != '\0'; name += 2)
    {
        if (letter == name[0])
        {
            return name[1];
        }
    }
    return letter; /* the quote, the backslash, the slash */
}

size_t unescape_in_place(char *text, size_t len)
{
    char *slash = len > 0 ? memchr(text, '\\', len) : NULL;
    if (slash == NULL)
    {
        return len;
    }
    size_t from = (size_t)(slash - text);
    size_t to = from;
    while (from < len)
    {
        size_t taken = 1;
        if (text[from] != '\\')
        {
            text[to++] = text[from];
        }
        else if (text[from + 1] != 'u')
        {
            text[to++] = short_escape(text[from + 1]);
            taken = 2;
        }
        else
        {
            uint32_t character = read_character(text + from, len - from, &taken);
            to += put_utf8(text + to, character);
        }
        from += taken;
    }
    return to;
}
