/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/num.h"

#include <string.h>

int ajar_num_u64(struct ajar_span text, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    bool above = false;
    for (size_t i = 0; i < text.len; i++)
    {
        if (text.data[i] < '0' || text.data[i] > '9')
        {
            return AJAR_ESYNTAX; /* also behind an overflow: it is no number at all */
        }
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        above = above || value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    if (text.len == 0)
    {
        return AJAR_ESYNTAX;
    }
    if (above || value > max)
    {
        return AJAR_ELIMIT;
    }
    *out = value;
    return AJAR_OK;
}

uint64_t ajar_num_add(uint64_t a, uint64_t b)
{
    return a <= UINT64_MAX - b ? a + b : UINT64_MAX;
}

size_t ajar_num_render(uint64_t value, char out[20])
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char digits[20];
    size_t at = sizeof digits;
    /* two digits a division: a line holds a dozen numbers, so the divisions show */
    while (value >= 10)
    {
        at -= 2;
        memcpy(digits + at, pairs + (value % 100) * 2, 2);
        value /= 100;
    }
    if (value > 0 || at == sizeof digits)
    {
        at--;
        digits[at] = (char)('0' + value);
    }
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}
