/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ajar/escape.h"
#include "ajar/num.h"

#include "page.h"

/* Bytes of the character that begins with `lead`; the text is valid UTF-8 (escaped). */
static size_t bytes_of(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Columns of a character, rather too many than too few: East Asian characters and emoji
 * take two; they all lie in sequences of three or four bytes (U+2000-2FFF aside, which
 * holds the ellipsis and other narrow signs). */
static unsigned columns_of(unsigned char lead)
{
    return lead >= 0xe0 && lead != 0xe2 ? 2 : 1;
}

static unsigned width(struct ajar_span text)
{
    unsigned sum = 0;
    for (size_t i = 0; i < text.len; i += bytes_of((unsigned char)text.data[i]))
    {
        sum += columns_of((unsigned char)text.data[i]);
    }
    return sum;
}

static void pad(struct page *page, unsigned to)
{
    while (page->at < to)
    {
        (void)ajar_buf_byte(page->out, ' ');
        page->at++;
    }
    page->run = page->out->len;
    page->run_at = page->at;
}

static void turn(struct page *page)
{
    /* no line ends in spaces: they would show in a diff and in a ticket */
    while (page->out->len > 0 && page->out->data[page->out->len - 1] == ' ')
    {
        page->out->data[--page->out->len] = '\0';
    }
    (void)ajar_buf_byte(page->out, '\n');
    page->at = 0;
    pad(page, page->indent);
    page->from = page->at;
}

static void put(struct page *page, struct ajar_span text, unsigned columns)
{
    (void)ajar_buf_append(page->out, text.data, text.len);
    page->at += columns;
}

/* A word wider than a whole line, broken where the line ends. */
static void put_long(struct page *page, struct ajar_span word)
{
    while (word.len > 0)
    {
        size_t bytes = bytes_of((unsigned char)word.data[0]);
        unsigned columns = columns_of((unsigned char)word.data[0]);
        bytes = bytes > word.len ? word.len : bytes;
        if (page->at + columns > page->columns)
        {
            turn(page);
        }
        put(page, (struct ajar_span){word.data, bytes}, columns);
        word.data += bytes;
        word.len -= bytes;
    }
}

/* Takes the word under way to the next line: "(" stays with what it encloses. False when
 * it began the line, or is longer than a name should be. */
static bool take_along(struct page *page, unsigned more)
{
    char tail[1024];
    struct ajar_buf *out = page->out;
    unsigned columns = page->at - page->run_at;
    size_t len = out->len - page->run;
    if (page->run_at <= page->from || page->indent + columns + more > page->columns ||
        len > sizeof(tail) || out->failed)
    {
        return false;
    }
    if (len > 0)
    {
        memcpy(tail, out->data + page->run, len);
    }
    out->len = page->run;
    turn(page);
    put(page, (struct ajar_span){tail, len}, columns);
    return true;
}

static void put_word(struct page *page, struct ajar_span word)
{
    unsigned columns = width(word);
    if (page->at + columns > page->columns && !take_along(page, columns))
    {
        if (page->at == page->run_at && page->at > page->from)
        {
            turn(page);
        }
        put_long(page, word);
        return;
    }
    put(page, word, columns);
}

void page_glue(struct page *page)
{
    put_word(page, (struct ajar_span){" ", 1});
}

static void put_space(struct page *page)
{
    if (page->at >= page->columns)
    {
        turn(page);
    }
    else if (page->at > page->from) /* none begins a line */
    {
        put(page, (struct ajar_span){" ", 1}, 1);
        page->run = page->out->len;
        page->run_at = page->at;
    }
}

void page_span(struct page *page, struct ajar_span text)
{
    while (text.len > 0)
    {
        const char *space = memchr(text.data, ' ', text.len);
        size_t len = space != NULL ? (size_t)(space - text.data) : text.len;
        put_word(page, (struct ajar_span){text.data, len});
        text.data += len;
        text.len -= len;
        if (text.len > 0)
        {
            put_space(page);
            text.data++;
            text.len--;
        }
    }
}

void page_text(struct page *page, const char *text)
{
    page_span(page, ajar_span_of(text));
}

void page_piece(struct page *page, const char *text)
{
    unsigned columns = width(ajar_span_of(text));
    if (columns == 0)
    {
        return;
    }
    if (page->at > page->from)
    {
        if (page->at + 2 + columns > page->columns)
        {
            turn(page);
        }
        else
        {
            pad(page, page->at + 2);
        }
    }
    page_text(page, text);
}

void page_peer(struct page *page, const char *text, size_t chars)
{
    struct ajar_buf safe;
    ajar_buf_init(&safe, chars * 16 + 64);
    if (ajar_escape_text(&safe, ajar_span_of(text), chars) == AJAR_OK)
    {
        page_span(page, ajar_buf_span(&safe));
    }
    else
    {
        page->out->failed = true;
    }
    ajar_buf_deinit(&safe);
}

/* Writes with a comma before each three digits; returns the length. At most 26 digits and
 * commas. */
static size_t grouped(uint64_t value, char out[32])
{
    char digits[20];
    size_t count = ajar_num_render(value, digits);
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
    {
        if (i > 0 && (count - i) % 3 == 0)
        {
            out[len++] = ',';
        }
        out[len++] = digits[i];
    }
    return len;
}

void page_u64(struct page *page, uint64_t value)
{
    char text[32];
    put_word(page, (struct ajar_span){text, grouped(value, text)});
}

void page_count(struct page *page, uint64_t value, const char *one, const char *many)
{
    page_u64(page, value);
    page_glue(page);
    page_text(page, value == 1 ? one : many);
}

/* value/unit with one decimal, rounded half up, then the unit's name as one word. */
static void decimal(struct page *page, uint64_t tenths, const char *name)
{
    char text[48];
    size_t len = grouped(tenths / 10, text);
    text[len++] = '.';
    text[len++] = (char)('0' + tenths % 10);
    text[len++] = ' ';
    memcpy(text + len, name, strlen(name));
    put_word(page, (struct ajar_span){text, len + strlen(name)});
}

void page_bytes(struct page *page, uint64_t bytes)
{
    static const char names[][4] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024)
    {
        page_u64(page, bytes);
        page_glue(page);
        page_text(page, "B");
        return;
    }
    for (unsigned i = 0;; i++)
    {
        uint64_t unit = UINT64_C(1) << (10 * (i + 1));
        uint64_t tenths =
            bytes / unit * 10 + (bytes % unit / 16 * 10 + unit / 32) / (unit / 16);
        if (tenths < 10240 || i + 1 == AJAR_COUNT_OF(names))
        {
            decimal(page, tenths, names[i]);
            return;
        }
    }
}

void page_ms(struct page *page, uint64_t ms)
{
    if (ms < 60000)
    {
        decimal(page, ms / 100 + (ms % 100 >= 50 ? 1 : 0), "s");
        return;
    }
    uint64_t seconds = ms / 1000;
    if (seconds >= 3600)
    {
        page_u64(page, seconds / 3600);
        page_text(page, " h ");
    }
    page_u64(page, seconds / 60 % 60);
    page_text(page, " min ");
    page_u64(page, seconds % 60);
    page_text(page, " s");
}

void page_code(struct page *page, const char *code)
{
    (void)ajar_buf_text(page->out, code);
}

void page_end(struct page *page)
{
    if (page->at > 0)
    {
        page->indent = 0;
        turn(page);
    }
}

void page_tab(struct page *page, unsigned indent)
{
    page->indent = indent;
    pad(page, indent);
    page->from = page->at;
}

void page_hang(struct page *page, unsigned lead, unsigned indent)
{
    page_end(page);
    page_tab(page, lead);
    page->indent = indent;
}

void page_line(struct page *page, unsigned lead, const char *label, unsigned indent)
{
    page_end(page);
    page_tab(page, lead);
    page_text(page, label);
    page_tab(page, indent);
}

void page_blank(struct page *page)
{
    page_end(page);
    (void)ajar_buf_byte(page->out, '\n');
}
