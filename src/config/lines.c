/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include "ajar/escape.h"

struct lines
{
    const char *file;
    unsigned number;
    struct ajar_span line; /* without its end */
    const struct lines_sink *sink;
    struct ajar_config_faults *faults;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct faults_place place_of(const struct lines *lines, const char *at)
{
    return (struct faults_place){lines->file, lines->number,
                                 (unsigned)(at - lines->line.data) + 1};
}

/* A remark begins at ; or # at the start or behind a blank: "a;b" and "team#3" are
 * values.
 */
static struct ajar_span without_remark(struct ajar_span text)
{
    for (size_t i = 0; i < text.len; i++)
    {
        bool mark = text.data[i] == ';' || text.data[i] == '#';
        if (mark && (i == 0 || is_blank(text.data[i - 1])))
        {
            text.len = i;
        }
    }
    return ajar_span_trim(text, AJAR_BLANKS);
}

/* False when the file is no text: then nothing behind it is read either. */
static bool is_text(const struct lines *lines)
{
    for (size_t i = 0; i < lines->line.len; i++)
    {
        unsigned char c = (unsigned char)lines->line.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
        {
            faults_add(lines->faults, place_of(lines, lines->line.data + i),
                       c == 0 ? "save the file as plain UTF-8 text" : "remove this byte",
                       "a control byte (0x%02x)", c);
            return false;
        }
    }
    if (!ajar_utf8_is_valid(lines->line))
    {
        faults_add(lines->faults, (struct faults_place){lines->file, lines->number, 0},
                   "save the file as UTF-8", "not valid UTF-8");
        return false;
    }
    return true;
}

static void read_section(struct lines *lines, struct ajar_span line)
{
    const char *close = memchr(line.data, ']', line.len);
    struct faults_place place = place_of(lines, line.data);
    if (close == NULL)
    {
        faults_add(lines->faults, place,
                   "write [tickets], [tickets NAME], [state] or [scan]",
                   "the section's ']' is missing");
        lines->sink->on_section(lines->sink->user, (struct ajar_span){"", 0},
                                (struct ajar_span){"", 0}, place);
        return;
    }
    size_t inside_len = (size_t)(close - line.data) - 1;
    struct ajar_span inside =
        ajar_span_trim((struct ajar_span){line.data + 1, inside_len}, AJAR_BLANKS);
    struct ajar_span behind =
        without_remark((struct ajar_span){close + 1, line.len - inside_len - 2});
    if (behind.len > 0)
    {
        faults_add(lines->faults, place_of(lines, behind.data), "put it on the next line",
                   "text behind the section's ']'");
    }
    size_t kind_len = 0;
    while (kind_len < inside.len && !is_blank(inside.data[kind_len]))
    {
        kind_len++;
    }
    struct ajar_span kind = {inside.data, kind_len};
    struct ajar_span name = ajar_span_trim(
        (struct ajar_span){inside.data + kind_len, inside.len - kind_len}, AJAR_BLANKS);
    lines->sink->on_section(lines->sink->user, kind, name, place);
}

/* Undoes the quotes into out; false: a fault was told. */
static bool unquote(const struct lines *lines, struct ajar_span text, char *out,
                    size_t *out_len)
{
    size_t len = 0;
    size_t i = 1;
    for (; i < text.len && text.data[i] != '"'; i++)
    {
        bool escaped = text.data[i] == '\\' && i + 1 < text.len &&
                       (text.data[i + 1] == '"' || text.data[i + 1] == '\\');
        i += escaped ? 1 : 0;
        out[len++] = text.data[i];
    }
    if (i >= text.len)
    {
        faults_add(lines->faults, place_of(lines, text.data),
                   "end it with \" on the same line; a quote inside is written \\\"",
                   "the value's closing quote is missing");
        return false;
    }
    struct ajar_span behind =
        without_remark((struct ajar_span){text.data + i + 1, text.len - i - 1});
    if (behind.len > 0)
    {
        faults_add(lines->faults, place_of(lines, behind.data),
                   "put the whole value between the quotes",
                   "text behind the closing quote");
        return false;
    }
    *out_len = len;
    return true;
}

static void read_pair(struct lines *lines, struct ajar_span line)
{
    const char *equals = memchr(line.data, '=', line.len);
    if (equals == NULL)
    {
        faults_add(lines->faults, place_of(lines, line.data),
                   "write key = value; a remark begins with ; or #",
                   "there is no '=' on this line");
        return;
    }
    size_t key_len = (size_t)(equals - line.data);
    struct ajar_span raw = ajar_span_trim(
        (struct ajar_span){equals + 1, line.len - key_len - 1}, AJAR_BLANKS);
    char plain[AJAR_MAX_CONFIG_TEXT];
    struct lines_value found = {
        .key = ajar_span_trim((struct ajar_span){line.data, key_len}, AJAR_BLANKS),
        .value = without_remark(raw),
        .place = place_of(lines, line.data),
        .value_at = place_of(lines, raw.data),
    };
    if (raw.len > sizeof(plain))
    {
        faults_add(lines->faults, found.value_at, "write a shorter one",
                   "the value is longer than %d bytes", AJAR_MAX_CONFIG_TEXT);
        return;
    }
    if (raw.len > 0 && raw.data[0] == '"')
    {
        found.value.data = plain;
        if (!unquote(lines, raw, plain, &found.value.len))
        {
            return;
        }
    }
    lines->sink->on_value(lines->sink->user, &found);
}

static void read_line(struct lines *lines)
{
    struct ajar_span line = ajar_span_trim(lines->line, AJAR_BLANKS);
    if (line.len == 0 || line.data[0] == ';' || line.data[0] == '#')
    {
        return;
    }
    if (line.data[0] == '[')
    {
        read_section(lines, line);
        return;
    }
    read_pair(lines, line);
}

void lines_read(const char *file, struct ajar_span text, const struct lines_sink *sink,
                struct ajar_config_faults *faults)
{
    struct lines lines = {.file = file, .sink = sink, .faults = faults};
    if (ajar_span_starts(text, "\xef\xbb\xbf")) /* a byte order mark is no column */
    {
        text.data += 3;
        text.len -= 3;
    }
    while (text.len > 0)
    {
        const char *end = memchr(text.data, '\n', text.len);
        size_t len = end != NULL ? (size_t)(end - text.data) : text.len;
        size_t taken = end != NULL ? len + 1 : len;
        lines.line = (struct ajar_span){text.data, len};
        if (len > 0 && text.data[len - 1] == '\r')
        {
            lines.line.len--;
        }
        text.data += taken;
        text.len -= taken;
        lines.number++;
        if (!is_text(&lines))
        {
            return;
        }
        read_line(&lines);
    }
}
