/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_REPORT_JSON_LINE_H
#define AJAR_REPORT_JSON_LINE_H

#include <string.h>

#include "ajar/buf.h"

/*
 * One JSON line under way. Most lines of a run say "refused", so nothing here calls
 * printf: literals of known length, digits, and escaping only where a stranger or a file
 * chose the text. After the first failure nothing more is appended.
 */
struct json_line
{
    struct ajar_buf *out;
    size_t start;
    int status;
};

struct json_line json_line_open(struct ajar_buf *out);
/* A line is whole or it is not there: half of one would break every reader behind it. */
int json_line_close(struct json_line *line);
void json_line_word(struct json_line *line, const char *word);
void json_line_u64(struct json_line *line, uint64_t value);
void json_line_u64_or_null(struct json_line *line, bool known, uint64_t value);
void json_line_bool(struct json_line *line, bool value);
/* Milliseconds with one decimal, rounded half up. */
void json_line_ms(struct json_line *line, uint64_t microseconds);
/* A text as a JSON string of at most FACTS_TEXT_CHARS characters; null for NULL. */
void json_line_text(struct json_line *line, const char *text);
/* The same, and null for the empty one. */
void json_line_text_or_null(struct json_line *line, const char *text);

/* Most pieces are a few bytes and find room: those are copied here, in line; only growth
 * is left to buf. */
static inline void json_line_put(struct json_line *line, const char *text, size_t len)
{
    struct ajar_buf *out = line->out;
    if (line->status == AJAR_OK && out->cap > out->len && len < out->cap - out->len)
    {
        memcpy(out->data + out->len, text, len);
        out->len += len;
        out->data[out->len] = '\0';
    }
    else if (line->status == AJAR_OK)
    {
        line->status = ajar_buf_append(line->out, text, len);
    }
}

#define PUT(line, literal) json_line_put((line), "" literal, sizeof(literal) - 1)

#endif
