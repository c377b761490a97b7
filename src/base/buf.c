/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/num.h"

enum
{
    BUF_FIRST_BYTES = 64 /* the first block; then doubling */
};

struct ajar_span ajar_span_of(const char *text)
{
    return (struct ajar_span){.data = text, .len = text != NULL ? strlen(text) : 0};
}

bool ajar_span_is(struct ajar_span span, const char *text)
{
    size_t len = strlen(text);
    return span.len == len && (len == 0 || memcmp(span.data, text, len) == 0);
}

struct ajar_span ajar_span_trim(struct ajar_span span, const char *blanks)
{
    size_t count = strlen(blanks);
    while (span.len > 0 && memchr(blanks, span.data[0], count) != NULL)
    {
        span.data++;
        span.len--;
    }
    while (span.len > 0 && memchr(blanks, span.data[span.len - 1], count) != NULL)
    {
        span.len--;
    }
    return span;
}

/* ASCII only and without the locale: strncasecmp would fold by LC_CTYPE. */
static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

bool ajar_span_is_nocase(struct ajar_span span, const char *text)
{
    for (size_t i = 0; i < span.len; i++)
    {
        bool same = span.data[i] == text[i] || lower(span.data[i]) == lower(text[i]);
        if (!same || text[i] == '\0')
        {
            return false;
        }
    }
    return text[span.len] == '\0';
}

bool ajar_span_starts(struct ajar_span span, const char *prefix)
{
    size_t len = strlen(prefix);
    return span.len >= len && (len == 0 || memcmp(span.data, prefix, len) == 0);
}

void ajar_buf_init(struct ajar_buf *buf, size_t max_bytes)
{
    /* one byte below SIZE_MAX, so that max + NUL is always a size */
    size_t max = max_bytes < SIZE_MAX ? max_bytes : SIZE_MAX - 1;
    *buf = (struct ajar_buf){.max = max};
}

void ajar_buf_deinit(struct ajar_buf *buf)
{
    free(buf->data);
    *buf = (struct ajar_buf){0};
}

void ajar_buf_reset(struct ajar_buf *buf, size_t keep_bytes)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->cap > keep_bytes)
    {
        free(buf->data);
        buf->data = NULL;
        buf->cap = 0;
    }
    else if (buf->data != NULL)
    {
        buf->data[0] = '\0';
    }
}

int ajar_buf_reserve(struct ajar_buf *buf, size_t extra_bytes)
{
    if (extra_bytes > buf->max - buf->len)
    {
        buf->failed = true;
        return AJAR_ELIMIT;
    }
    size_t need = buf->len + extra_bytes + 1;
    if (need <= buf->cap)
    {
        return AJAR_OK;
    }
    size_t cap = buf->cap > 0 ? buf->cap : BUF_FIRST_BYTES;
    while (cap < need)
    {
        cap = cap <= SIZE_MAX / 2 ? cap * 2 : need;
    }
    cap = cap <= buf->max ? cap : buf->max + 1;
    char *data = realloc(buf->data, cap);
    if (data == NULL)
    {
        buf->failed = true;
        return AJAR_ENOMEM;
    }
    data[buf->len] = '\0';
    buf->data = data;
    buf->cap = cap;
    return AJAR_OK;
}

int ajar_buf_u64(struct ajar_buf *buf, uint64_t value)
{
    char digits[20];
    return ajar_buf_append(buf, digits, ajar_num_render(value, digits));
}

AJAR_PRINTF(2, 0)
static int append_format(struct ajar_buf *buf, const char *format, va_list args)
{
    char small[128];
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    int status = AJAR_EINVAL; /* %ls with bytes that do not decode, more than INT_MAX */
    if (len >= 0 && (size_t)len < sizeof small)
    {
        status = ajar_buf_append(buf, small, (size_t)len);
    }
    else if (len >= 0)
    {
        status = ajar_buf_reserve(buf, (size_t)len);
        if (status == AJAR_OK)
        {
            (void)vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
            buf->len += (size_t)len;
        }
    }
    va_end(again);
    return status;
}

int ajar_buf_printf(struct ajar_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int status = append_format(buf, format, args);
    va_end(args);
    buf->failed = buf->failed || status < 0;
    return status;
}

struct ajar_span ajar_buf_span(const struct ajar_buf *buf)
{
    return (struct ajar_span){.data = buf->data, .len = buf->len};
}
