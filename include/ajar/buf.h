/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_BUF_H
#define AJAR_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ajar/status.h"

/* Borrowed bytes: not owned, not NUL-terminated. {NULL, 0} is a valid empty span. */
struct ajar_span
{
    const char *data;
    size_t len;
};

struct ajar_span ajar_span_of(const char *text); /* NULL gives the empty span */
bool ajar_span_is(struct ajar_span span, const char *text);
bool ajar_span_is_nocase(struct ajar_span span, const char *text);
bool ajar_span_starts(struct ajar_span span, const char *prefix);
/* Without the bytes of `blanks` at either end. */
struct ajar_span ajar_span_trim(struct ajar_span span, const char *blanks);
#define AJAR_BLANKS " \t"

/*
 * A growing byte buffer that cannot exist without a maximum. It is always NUL-terminated
 * behind `len` once something was appended, so that `data` may be read as text.
 * An append that would pass `max` or finds no memory changes nothing, returns the reason
 * and marks the buffer `failed`, so that a renderer may append many pieces and look once.
 * Owner: whoever called init; deinit frees. Zeroed memory is a valid deinitialised
 * buffer.
 */
struct ajar_buf
{
    char *data;
    size_t len;
    size_t cap;
    size_t max;
    bool failed;
};

void ajar_buf_init(struct ajar_buf *buf, size_t max_bytes);
void ajar_buf_deinit(struct ajar_buf *buf);
/* Empties the buffer and clears `failed`; keeps its memory up to keep_bytes, frees above.
 */
void ajar_buf_reset(struct ajar_buf *buf, size_t keep_bytes);
/* Room for extra_bytes more and the NUL, or the reason why not (and `failed`). */
int ajar_buf_reserve(struct ajar_buf *buf, size_t extra_bytes);

/* Inline, because a finding is rendered from some hundred short pieces: a literal's
 * length is then known to the compiler and most appends are a compare and a store. */
static inline int ajar_buf_append(struct ajar_buf *buf, const void *data, size_t len)
{
    if (len >= buf->cap - buf->len)
    {
        int status = ajar_buf_reserve(buf, len);
        if (status < 0)
        {
            return status;
        }
    }
    if (len > 0) /* memcpy from NULL is undefined even for no bytes */
    {
        memcpy(buf->data + buf->len, data, len);
        buf->len += len;
    }
    buf->data[buf->len] = '\0';
    return AJAR_OK;
}

static inline int ajar_buf_text(struct ajar_buf *buf, const char *text)
{
    return ajar_buf_append(buf, text, text != NULL ? strlen(text) : 0);
}

static inline int ajar_buf_byte(struct ajar_buf *buf, char byte)
{
    return ajar_buf_append(buf, &byte, 1);
}

int ajar_buf_u64(struct ajar_buf *buf, uint64_t value);
int ajar_buf_printf(struct ajar_buf *buf, const char *format, ...) AJAR_PRINTF(2, 3);
struct ajar_span ajar_buf_span(const struct ajar_buf *buf);

#endif
