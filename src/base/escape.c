/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/escape.h"

#include "utf8.h"

#define ESCAPE_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ESCAPE_ELLIPSIS "\xe2\x80\xa6"    /* U+2026 */

/* A character made safe, at most: \u{10ffff} or two \uNNNN. */
struct escape_piece
{
    char text[12];
    size_t len;     /* bytes of text */
    size_t columns; /* characters of text */
    size_t taken;   /* bytes of input */
};

/* digits lower-case hexadecimal digits of value, with leading zeros. */
static void put_hex(struct escape_piece *piece, uint32_t value, unsigned digits)
{
    while (digits > 0)
    {
        digits--;
        piece->text[piece->len] = "0123456789abcdef"[value >> (4 * digits) & 0xf];
        piece->len++;
    }
}

static void put_text(struct escape_piece *piece, const char *text, size_t len)
{
    memcpy(piece->text + piece->len, text, len);
    piece->len += len;
}

static void put_json_unit(struct escape_piece *piece, uint32_t unit)
{
    put_text(piece, "\\u", 2);
    put_hex(piece, unit, 4);
}

static void put_json(struct escape_piece *piece, uint32_t c)
{
    const char *names = "\bb\tt\nn\ff\rr\"\"\\\\";
    for (const char *name = names; *name != '\0'; name += 2)
    {
        if (c == (uint8_t)name[0])
        {
            char escape[2] = {'\\', name[1]};
            put_text(piece, escape, sizeof escape);
            return;
        }
    }
    if (c >= 0x10000) /* RFC 8259 section 7: twelve characters, a surrogate pair */
    {
        put_json_unit(piece, 0xd800 + ((c - 0x10000) >> 10));
        put_json_unit(piece, 0xdc00 + (c & 0x3ff));
        return;
    }
    put_json_unit(piece, c);
}

static void put_terminal(struct escape_piece *piece, uint32_t c)
{
    if (c <= 0xff)
    {
        put_text(piece, "\\x", 2);
        put_hex(piece, c, 2);
        return;
    }
    put_text(piece, "\\u{", 3);
    put_hex(piece, c, c > 0xfffff ? 6 : (c > 0xffff ? 5 : 4));
    put_text(piece, "}", 1);
}

/* The first character of peer made safe. */
static struct escape_piece next_piece(struct ajar_span peer, bool json)
{
    struct escape_piece piece = {.columns = 1};
    uint32_t c = 0;
    piece.taken = utf8_decode(peer.data, peer.len, &c);
    if (piece.taken == 0)
    {
        piece.taken = 1;
        put_text(&piece, ESCAPE_REPLACEMENT, sizeof ESCAPE_REPLACEMENT - 1);
    }
    else if (!utf8_is_unsafe(c) && !(json && (c == '"' || c == '\\')))
    {
        put_text(&piece, peer.data, piece.taken);
    }
    else
    {
        (json ? put_json : put_terminal)(&piece, c);
        piece.columns = piece.len;
    }
    return piece;
}

/* A high bit for some byte of word when one is not plain: below 0x20, 0x22, 0x5c, or from
 * 0x7f on. Bytes above a hit may be marked wrongly, so it only says whether to look. */
static uint64_t not_plain(uint64_t word)
{
    uint64_t quote = word ^ (UTF8_ONES * '"');
    uint64_t backslash = word ^ (UTF8_ONES * '\\');
    return ((word - UTF8_ONES * 0x20) | (quote - UTF8_ONES) | (backslash - UTF8_ONES) |
            (word + UTF8_ONES) | word) &
           UTF8_HIGHS;
}

/* How many of the first bytes stand for themselves in every sink. */
static size_t plain_run(struct ajar_span peer)
{
    size_t at = 0;
    while (peer.len - at >= 8 && not_plain(utf8_load(peer.data + at)) == 0)
    {
        at += 8;
    }
    while (at < peer.len)
    {
        char c = peer.data[at];
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
        {
            break;
        }
        at++;
    }
    return at;
}

static struct ajar_span skip(struct ajar_span span, size_t bytes)
{
    return (struct ajar_span){.data = span.data + bytes, .len = span.len - bytes};
}

/* Half a string is worse than none: on failure the buffer is as it was. */
static int finish(struct ajar_buf *out, size_t before, int status)
{
    if (status < 0 && out->data != NULL)
    {
        out->len = before;
        out->data[before] = '\0';
    }
    return status;
}

int ajar_escape_text(struct ajar_buf *out, struct ajar_span peer, size_t max_columns)
{
    size_t before = out->len;
    size_t left = max_columns > 0 ? max_columns : SIZE_MAX;
    int status = ajar_buf_append(out, "", 0);
    while (status >= 0 && peer.len > 0)
    {
        size_t run = plain_run(peer);
        if (run > 0 && left > 0)
        {
            run = run < left ? run : left;
            status = ajar_buf_append(out, peer.data, run);
            peer = skip(peer, run);
            left -= run;
            continue;
        }
        struct escape_piece piece = next_piece(peer, false);
        if (piece.columns > left) /* an escape is shown whole or not at all */
        {
            status = ajar_buf_text(out, ESCAPE_ELLIPSIS);
            break;
        }
        status = ajar_buf_append(out, piece.text, piece.len);
        peer = skip(peer, piece.taken);
        left -= piece.columns;
    }
    return finish(out, before, status);
}

int ajar_escape_json(struct ajar_buf *out, struct ajar_span peer)
{
    size_t before = out->len;
    int status = ajar_buf_byte(out, '"');
    while (status >= 0 && peer.len > 0)
    {
        size_t run = plain_run(peer);
        if (run > 0)
        {
            status = ajar_buf_append(out, peer.data, run);
            peer = skip(peer, run);
            continue;
        }
        struct escape_piece piece = next_piece(peer, true);
        status = ajar_buf_append(out, piece.text, piece.len);
        peer = skip(peer, piece.taken);
    }
    if (status >= 0)
    {
        status = ajar_buf_byte(out, '"');
    }
    return finish(out, before, status);
}
