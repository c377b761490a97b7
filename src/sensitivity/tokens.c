/* SPDX-License-Identifier: Apache-2.0 */
#include "tokens.h"

#include <string.h>

/* One character of a name. */
struct letter
{
    char base[3]; /* lower case ASCII, one or two letters; empty: none */
    bool upper;
    bool lower;
    bool dot;
};

/* Base letters of U+00C0 to U+017F. A blank is no letter. */
static const char fold_latin[] = "aaaaaaaceeeeiiii"
                                 "dnooooo ouuuuyts"
                                 "aaaaaaaceeeeiiii"
                                 "dnooooo ouuuuyty"
                                 "aaaaaaccccccccdd"
                                 "ddeeeeeeeeeegggg"
                                 "gggghhhhiiiiiiii"
                                 "iiiijjkkklllllll"
                                 "lllnnnnnnnnnoooo"
                                 "oooorrrrrrssssss"
                                 "ssttttttuuuuuuuu"
                                 "uuuuwwyyyzzzzzzs";

static struct letter ascii(char byte)
{
    struct letter letter = {.dot = byte == '.'};
    letter.upper = byte >= 'A' && byte <= 'Z';
    letter.lower = byte >= 'a' && byte <= 'z';
    if (letter.upper || letter.lower)
    {
        letter.base[0] = (char)(byte | 0x20);
    }
    return letter;
}

static struct letter latin(unsigned point)
{
    struct letter letter = {.base = {fold_latin[point - 0xc0], '\0', '\0'}};
    if (letter.base[0] == ' ')
    {
        letter.base[0] = '\0';
        return letter;
    }
    /* U+00C0 to U+00DE are capitals; from U+0100 on they alternate, nearly. */
    letter.upper = point < 0xdf || (point >= 0x100 && point % 2 == 0);
    letter.lower = !letter.upper;
    bool two = point == 0xdf || point == 0xc6 || point == 0xe6 || point == 0x152 ||
               point == 0x153;
    if (two) /* sharp s, ae, oe */
    {
        letter.base[1] = point == 0xdf ? 's' : 'e';
    }
    return letter;
}

/* The character at `at` and where the next one stands. Other scripts separate. */
static struct letter letter_at(struct ajar_span name, size_t at, size_t *out_next)
{
    unsigned char first = (unsigned char)name.data[at];
    *out_next = at + 1;
    if (first < 0x80)
    {
        return ascii(name.data[at]);
    }
    if (first >= 0xc3 && first <= 0xc5 && at + 1 < name.len &&
        ((unsigned char)name.data[at + 1] & 0xc0) == 0x80)
    {
        *out_next = at + 2;
        return latin((unsigned)(first & 0x1f) << 6 |
                     ((unsigned char)name.data[at + 1] & 0x3f));
    }
    return (struct letter){.base = {0}};
}

static bool is_letter(const struct letter *letter)
{
    return letter->base[0] != '\0';
}

/* Does a new token begin here? userData; HTTPServer, but not the s of userIDs. */
static bool breaks_before(struct ajar_span name, size_t next, const struct letter *before,
                          const struct letter *here)
{
    if (!here->upper)
    {
        return false;
    }
    if (before->lower)
    {
        return true;
    }
    if (next >= name.len)
    {
        return false;
    }
    size_t after_at = 0;
    struct letter after = letter_at(name, next, &after_at);
    if (!after.lower)
    {
        return false;
    }
    bool plural = name.data[next] == 's';
    if (plural && after_at < name.len)
    {
        size_t unused = 0;
        struct letter beyond = letter_at(name, after_at, &unused);
        plural = !beyond.lower;
    }
    return !plural;
}

struct builder
{
    struct tokens *out;
    char text[TOKENS_BYTES];
    size_t len;
    uint8_t part;
};

static void push(struct builder *builder)
{
    struct tokens *out = builder->out;
    if (builder->len == 0)
    {
        return;
    }
    if (out->count == TOKENS_MAX)
    {
        memmove(out->text[0], out->text[1], sizeof(out->text) - sizeof(out->text[0]));
        memmove(out->part, out->part + 1, sizeof(out->part) - 1);
        out->count--;
    }
    bool fits = builder->len < TOKENS_BYTES;
    memset(out->text[out->count], 0, TOKENS_BYTES);
    memcpy(out->text[out->count], builder->text, fits ? builder->len : 0);
    out->part[out->count] = builder->part;
    out->count++;
    builder->len = 0;
}

static void put(struct builder *builder, const struct letter *letter)
{
    for (size_t i = 0; letter->base[i] != '\0'; i++)
    {
        if (builder->len < TOKENS_BYTES)
        {
            builder->text[builder->len++] = letter->base[i];
        }
    }
}

void tokens_split(struct ajar_span name, struct tokens *out)
{
    struct builder builder = {.out = out};
    struct letter before = {.base = {0}};
    out->count = 0;
    size_t at = 0;
    while (at < name.len)
    {
        size_t next = 0;
        struct letter here = letter_at(name, at, &next);
        if (!is_letter(&here) || breaks_before(name, next, &before, &here))
        {
            push(&builder);
        }
        if (here.dot && builder.part < UINT8_MAX)
        {
            builder.part++;
        }
        put(&builder, &here);
        before = here;
        at = next;
    }
    push(&builder);
    out->parts = out->count > 0 ? (size_t)out->part[out->count - 1] + 1 : 0;
}
