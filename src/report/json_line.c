/* SPDX-License-Identifier: Apache-2.0 */
#include "json_line.h"

#include "ajar/escape.h"
#include "ajar/num.h"

#include "facts.h"

struct json_line json_line_open(struct ajar_buf *out)
{
    return (struct json_line){.out = out, .start = out->len, .status = AJAR_OK};
}

int json_line_close(struct json_line *line)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_buf_byte(line->out, '\n');
    }
    if (line->status != AJAR_OK && line->out->data != NULL)
    {
        line->out->len = line->start;
        line->out->data[line->start] = '\0';
    }
    return line->status;
}

void json_line_word(struct json_line *line, const char *word)
{
    json_line_put(line, word, strlen(word));
}

void json_line_u64(struct json_line *line, uint64_t value)
{
    char digits[20];
    json_line_put(line, digits, ajar_num_render(value, digits));
}

void json_line_u64_or_null(struct json_line *line, bool known, uint64_t value)
{
    if (known)
    {
        json_line_u64(line, value);
    }
    else
    {
        PUT(line, "null");
    }
}

void json_line_bool(struct json_line *line, bool value)
{
    json_line_word(line, value ? "true" : "false");
}

void json_line_ms(struct json_line *line, uint64_t microseconds)
{
    uint64_t tenths = microseconds / 100 + (microseconds % 100 >= 50 ? 1 : 0);
    char tail[2] = {'.', (char)('0' + tenths % 10)};
    json_line_u64(line, tenths / 10);
    json_line_put(line, tail, sizeof(tail));
}

/* The first characters and an ellipsis. Apart from put_text, and not put into it by the
 * compiler: hardened builds clear the array at each entry, which costs more than a line.
 */
__attribute__((noinline)) static int put_cut(struct json_line *line,
                                             struct ajar_span text)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    char cut[FACTS_TEXT_CHARS * 4];
    size_t len = facts_prefix(text, FACTS_TEXT_CHARS - 1);
    memcpy(cut, text.data, len);
    memcpy(cut + len, ellipsis, sizeof(ellipsis) - 1);
    return ajar_escape_json(line->out,
                            (struct ajar_span){cut, len + sizeof(ellipsis) - 1});
}

void json_line_text(struct json_line *line, const char *text)
{
    if (text == NULL)
    {
        PUT(line, "null");
    }
    else if (line->status == AJAR_OK)
    {
        struct ajar_span span = ajar_span_of(text);
        bool fits = span.len <= FACTS_TEXT_CHARS ||
                    facts_prefix(span, FACTS_TEXT_CHARS) == span.len;
        line->status = fits ? ajar_escape_json(line->out, span) : put_cut(line, span);
    }
}

void json_line_text_or_null(struct json_line *line, const char *text)
{
    json_line_text(line, text != NULL && text[0] != '\0' ? text : NULL);
}
