/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/escape.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

/* Exactly as large as the bytes, so that ASan sees a read behind them. */
static bool is_valid(const char *bytes, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    cr_assert_not_null(copy);
    memcpy(copy, bytes, len);
    bool valid = ajar_utf8_is_valid((struct ajar_span){.data = copy, .len = len});
    free(copy);
    return valid;
}

/* The second opinion: the C library's own strict decoder. */
static bool is_valid_to_iconv(iconv_t decoder, const char *bytes, size_t len)
{
    char in[8];
    char out[64];
    memcpy(in, bytes, len);
    char *from = in;
    char *to = out;
    size_t left = len;
    size_t room = sizeof out;
    (void)iconv(decoder, NULL, NULL, NULL, NULL);
    return iconv(decoder, &from, &left, &to, &room) != (size_t)-1 && left == 0;
}

Test(utf8, agrees_with_iconv_on_every_pair_of_bytes)
{
    iconv_t decoder = iconv_open("UTF-32LE", "UTF-8");
    cr_assert_neq(decoder, (iconv_t)-1);
    for (unsigned pair = 0; pair < 0x10000; pair++)
    {
        char bytes[2] = {(char)(pair >> 8), (char)pair};
        cr_assert_eq(is_valid(bytes, 2), is_valid_to_iconv(decoder, bytes, 2), "%04x",
                     pair);
    }
    (void)iconv_close(decoder);
}

Test(utf8, agrees_with_iconv_on_the_edges_of_longer_forms)
{
    static const unsigned char edges[] = {0x00, 0x22, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x9f,
                                          0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xef, 0xf0,
                                          0xf4, 0xf5, 0xf8, 0xfc, 0xfe, 0xff};
    iconv_t decoder = iconv_open("UTF-32LE", "UTF-8");
    cr_assert_neq(decoder, (iconv_t)-1);
    for (unsigned first = 0xe0; first <= 0xff; first++)
    {
        for (unsigned rest = 0; rest < 22 * 22 * 22; rest++)
        {
            char bytes[4] = {(char)first, (char)edges[rest / 484],
                             (char)edges[rest / 22 % 22], (char)edges[rest % 22]};
            for (size_t len = 3; len <= 4; len++)
            {
                if (is_valid(bytes, len) != is_valid_to_iconv(decoder, bytes, len))
                {
                    cr_assert_fail("%02x and %u, %zu bytes", first, rest, len);
                }
            }
        }
    }
    (void)iconv_close(decoder);
}

Test(utf8, a_fault_is_found_wherever_it_stands)
{
    char bytes[40];
    for (size_t len = 1; len <= sizeof bytes; len++)
    {
        for (size_t at = 0; at < len; at++)
        {
            memset(bytes, 'a', sizeof bytes);
            cr_assert(is_valid(bytes, len));
            bytes[at] = (char)0xff;
            cr_assert_not(is_valid(bytes, len), "%zu of %zu", at, len);
            bytes[at] = (char)0xc3; /* needs one more byte, which is an 'a' or missing */
            cr_assert_not(is_valid(bytes, len), "%zu of %zu", at, len);
        }
    }
    cr_assert(ajar_utf8_is_valid((struct ajar_span){NULL, 0}));
}
