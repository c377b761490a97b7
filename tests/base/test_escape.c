/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#define FFFD "\xef\xbf\xbd"
#define ELLIPSIS "\xe2\x80\xa6"
#define SPAN(literal) ((struct ajar_span){.data = (literal), .len = sizeof(literal) - 1})

struct escape_case
{
    struct ajar_span peer;
    const char *text;
    const char *json; /* without its quotes */
};

static const struct escape_case cases[] = {
    {SPAN(""), "", ""},
    {SPAN("logs-2026.11"), "logs-2026.11", "logs-2026.11"},
    {SPAN("\x1b[2J\x1b]0;owned\x07"), "\\x1b[2J\\x1b]0;owned\\x07",
     "\\u001b[2J\\u001b]0;owned\\u0007"},
    {SPAN("a\0b"), "a\\x00b", "a\\u0000b"},
    {SPAN("say \"hi\" \\ /"), "say \"hi\" \\ /", "say \\\"hi\\\" \\\\ /"},
    {SPAN("1\n2\r3\t4\b5\f6\v7"), "1\\x0a2\\x0d3\\x094\\x085\\x0c6\\x0b7",
     "1\\n2\\r3\\t4\\b5\\f6\\u000b7"},
    {SPAN("\x7f"), "\\x7f", "\\u007f"},
    {SPAN("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"), "\\x80\\x9b\\x9f\xc2\xa0",
     "\\u0080\\u009b\\u009f\xc2\xa0"},
    /* kept: umlauts, Cyrillic, Han, an emoji, U+FFFD itself */
    {SPAN("\xc3\xa4 \xd0\x96 \xe4\xb8\xad \xf0\x9f\x98\x80 " FFFD),
     "\xc3\xa4 \xd0\x96 \xe4\xb8\xad \xf0\x9f\x98\x80 " FFFD,
     "\xc3\xa4 \xd0\x96 \xe4\xb8\xad \xf0\x9f\x98\x80 " FFFD},
    /* bidi: U+061C, U+200E, U+200F, U+202A, U+202E, U+2066, U+2069 */
    {SPAN("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81"
          "\xa9"),
     "\\u{061c}\\u{200e}\\u{200f}\\u{202a}\\u{202e}\\u{2066}\\u{2069}",
     "\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069"},
    /* zero width and separators: U+200B, U+200D, U+2060, U+FEFF, U+2028, U+2029 */
    {SPAN("\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf\xe2\x80\xa8\xe2\x80\xa9"),
     "\\u{200b}\\u{200d}\\u{2060}\\u{feff}\\u{2028}\\u{2029}",
     "\\u200b\\u200d\\u2060\\ufeff\\u2028\\u2029"},
    /* tag characters U+E0000, U+E0041, U+E007F; U+E0080 is none */
    {SPAN("\xf3\xa0\x80\x80\xf3\xa0\x81\x81\xf3\xa0\x81\xbf\xf3\xa0\x82\x80"),
     "\\u{e0000}\\u{e0041}\\u{e007f}\xf3\xa0\x82\x80",
     "\\udb40\\udc00\\udb40\\udc41\\udb40\\udc7f\xf3\xa0\x82\x80"},
    /* noncharacters U+FDD0, U+FDEF, U+FFFE, U+1FFFF, U+10FFFF */
    {SPAN("\xef\xb7\x90\xef\xb7\xaf\xef\xbf\xbe\xf0\x9f\xbf\xbf\xf4\x8f\xbf\xbf"),
     "\\u{fdd0}\\u{fdef}\\u{fffe}\\u{1ffff}\\u{10ffff}",
     "\\ufdd0\\ufdef\\ufffe\\ud83f\\udfff\\udbff\\udfff"},
    /* overlong NUL, slash in two, three and four bytes: a U+FFFD a byte */
    {SPAN("\xc0\x80\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf"),
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD,
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD},
    /* surrogates U+D800 and U+DFFF, and above U+10FFFF */
    {SPAN("\xed\xa0\x80\xed\xbf\xbf\xf4\x90\x80\x80"),
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD,
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD},
    /* cut off, then good text goes on */
    {SPAN("\xe2\x80z\xf0\x9f\x98"), FFFD FFFD "z" FFFD FFFD FFFD,
     FFFD FFFD "z" FFFD FFFD FFFD},
    {SPAN("\xc3\"\x80\xff"), FFFD "\"" FFFD FFFD, FFFD "\\\"" FFFD FFFD},
};

/* Exactly as large as the bytes, so that ASan sees a read behind them. */
static char *exact_copy(struct ajar_span span)
{
    char *copy = malloc(span.len > 0 ? span.len : 1);
    cr_assert_not_null(copy);
    memcpy(copy, span.data, span.len);
    return copy;
}

static void render(struct ajar_buf *out, struct ajar_span peer, bool json, size_t columns)
{
    char *copy = exact_copy(peer);
    struct ajar_span exact = {.data = copy, .len = peer.len};
    ajar_buf_reset(out, 4096);
    int status =
        json ? ajar_escape_json(out, exact) : ajar_escape_text(out, exact, columns);
    cr_assert_eq(status, AJAR_OK);
    free(copy);
}

Test(escape, hostile_text_is_made_safe)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 4096);
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        render(&out, cases[i].peer, false, 0);
        cr_assert_eq(strcmp(out.data, cases[i].text), 0, "text of case %zu", i);
        render(&out, cases[i].peer, true, 0);
        cr_assert_eq(out.len, strlen(cases[i].json) + 2, "json of case %zu", i);
        cr_assert(out.data[0] == '"' && out.data[out.len - 1] == '"');
        cr_assert_eq(memcmp(out.data + 1, cases[i].json, out.len - 2), 0, "case %zu", i);
    }
    ajar_buf_deinit(&out);
}

/* The fast path takes eight bytes at a time: every case at every place beside them. */
Test(escape, the_place_in_the_text_makes_no_difference)
{
    struct ajar_buf out;
    struct ajar_buf peer;
    ajar_buf_init(&out, 4096);
    ajar_buf_init(&peer, 4096);
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        for (int shift = 0; shift < 18; shift++)
        {
            char want[512];
            ajar_buf_reset(&peer, 4096);
            (void)ajar_buf_printf(&peer, "%.*s", shift, "..................");
            (void)ajar_buf_append(&peer, cases[i].peer.data, cases[i].peer.len);
            (void)ajar_buf_text(&peer, "0123456789");
            render(&out, ajar_buf_span(&peer), true, 0);
            (void)snprintf(want, sizeof want, "\"%.*s%s0123456789\"", shift,
                           "..................", cases[i].json);
            cr_assert_str_eq(out.data, want);
        }
    }
    ajar_buf_deinit(&peer);
    ajar_buf_deinit(&out);
}

/* What no output may hold, spelled out apart from the code under test. */
static bool is_forbidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || c == 0x2060 ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe007f) || (c >= 0xfdd0 && c <= 0xfdef) ||
           (c & 0xffff) >= 0xfffe;
}

static size_t encode(uint32_t c, char out[4])
{
    if (c < 0x80)
    {
        out[0] = (char)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : (c < 0x10000 ? 3 : 4);
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len; i-- > 1;)
    {
        out[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (char)(marks[len] | c);
    return len;
}

Test(escape, every_character_is_kept_or_escaped)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 64);
    for (uint32_t c = 0; c <= 0x10ffff; c++)
    {
        char bytes[4];
        size_t len = encode(c, bytes);
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        ajar_buf_reset(&out, 64);
        struct ajar_span peer = {.data = bytes, .len = len};
        (void)ajar_escape_text(&out, peer, 0);
        bool kept = out.len == len && memcmp(out.data, bytes, len) == 0;
        if (kept == (surrogate || is_forbidden(c)))
        {
            cr_assert_fail("text U+%04X", c);
        }
        ajar_buf_reset(&out, 64);
        (void)ajar_escape_json(&out, peer);
        kept = out.len == len + 2 && memcmp(out.data + 1, bytes, len) == 0;
        if (kept == (surrogate || is_forbidden(c) || c == '"' || c == '\\'))
        {
            cr_assert_fail("json U+%04X", c);
        }
    }
    ajar_buf_deinit(&out);
}

Test(escape, every_pair_of_bytes_gives_utf8)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 64);
    for (unsigned pair = 0; pair < 0x10000; pair++)
    {
        char bytes[2] = {(char)(pair >> 8), (char)pair};
        struct ajar_span peer = {.data = bytes, .len = 2};
        ajar_buf_reset(&out, 64);
        cr_assert_eq(ajar_escape_text(&out, peer, 0), AJAR_OK);
        cr_assert(ajar_utf8_is_valid(ajar_buf_span(&out)), "%04x", pair);
        ajar_buf_reset(&out, 64);
        cr_assert_eq(ajar_escape_json(&out, peer), AJAR_OK);
        cr_assert(ajar_utf8_is_valid(ajar_buf_span(&out)), "%04x", pair);
    }
    ajar_buf_deinit(&out);
}

struct width_case
{
    struct ajar_span peer;
    size_t columns;
    const char *want;
};

static const struct width_case widths[] = {
    {SPAN("abcdef"), 6, "abcdef"},
    {SPAN("abcdef"), 5, "abcde" ELLIPSIS},
    {SPAN("abcdef"), 1, "a" ELLIPSIS},
    {SPAN("a long name of an index in plain text"), 20, "a long name of an in" ELLIPSIS},
    {SPAN("\xc3\xa4\xc3\xb6\xc3\xbc"), 3, "\xc3\xa4\xc3\xb6\xc3\xbc"},
    {SPAN("\xc3\xa4\xc3\xb6\xc3\xbc"), 2, "\xc3\xa4\xc3\xb6" ELLIPSIS},
    /* an escape is shown whole or not at all */
    {SPAN("ab\x1b"), 6, "ab\\x1b"},
    {SPAN("ab\x1b"), 5, "ab" ELLIPSIS},
    {SPAN("ab\x1b"
          "cd"),
     6, "ab\\x1b" ELLIPSIS},
    {SPAN("\xe2\x80\xae"), 7, ELLIPSIS},
    {SPAN("\xe2\x80\xae"), 8, "\\u{202e}"},
    {SPAN("\xff\xff\xff"), 2, FFFD FFFD ELLIPSIS},
    {SPAN(""), 1, ""},
};

Test(escape, text_is_cut_at_its_columns)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 4096);
    for (size_t i = 0; i < AJAR_COUNT_OF(widths); i++)
    {
        render(&out, widths[i].peer, false, widths[i].columns);
        cr_assert_str_eq(out.data, widths[i].want, "case %zu", i);
    }
    ajar_buf_deinit(&out);
}

Test(escape, half_a_string_is_never_left)
{
    struct ajar_span peer = SPAN("plain text \x1b and \"quotes\" \xff to the end of it");
    for (size_t max = 3; max < 70; max++)
    {
        struct ajar_buf out;
        ajar_buf_init(&out, max);
        cr_assert_eq(ajar_buf_text(&out, "x: "), AJAR_OK);
        int status = ajar_escape_json(&out, peer);
        bool whole = out.len > 4 && out.data[out.len - 1] == '"';
        cr_assert_eq(status, whole ? AJAR_OK : AJAR_ELIMIT);
        cr_assert_eq(out.failed, !whole);
        cr_assert(whole || strcmp(out.data, "x: ") == 0);
        ajar_buf_reset(&out, 0);
        cr_assert_eq(ajar_buf_text(&out, "x: "), AJAR_OK);
        status = ajar_escape_text(&out, peer, 0);
        cr_assert(status == AJAR_OK || strcmp(out.data, "x: ") == 0);
        ajar_buf_deinit(&out);
    }
}
