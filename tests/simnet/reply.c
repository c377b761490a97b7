/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * A reply file is sent byte for byte, but for three marks:
 *   "Content-Length: @"           becomes the length of the body
 *   "Transfer-Encoding: @chunked" the body is sent in chunks of 100 bytes
 *   @{uri} @{path} @{index} @{param} @{address} @{octet} @{uuid}   are filled by request
 * A file without an empty line is no HTTP: it is sent as it is, then the line is closed.
 */

#define CHUNK 100u

struct text
{
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

static void text_add(struct text *text, const char *bytes, size_t length)
{
    if (text->failed || text->length + length > text->capacity)
    {
        text->failed = true;
        return;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

/* The line from *at on without its CRLF; moves *at behind it. */
static size_t next_line(const char *bytes, size_t length, size_t *at)
{
    const char *end = memmem(bytes + *at, length - *at, "\r\n", 2);
    size_t line = end == NULL ? length - *at : (size_t)(end - bytes) - *at;
    *at += line + (end == NULL ? 0 : 2);
    return line;
}

static bool line_is(const char *line, size_t length, const char *name, const char *value)
{
    size_t name_length = strlen(name);
    size_t value_length = strlen(value);
    return length == name_length + 2 + value_length &&
           strncasecmp(line, name, name_length) == 0 && line[name_length] == ':' &&
           line[name_length + 1] == ' ' &&
           strncasecmp(line + name_length + 2, value, value_length) == 0;
}

static bool line_starts(const char *line, size_t length, const char *name)
{
    size_t name_length = strlen(name);
    return length > name_length && strncasecmp(line, name, name_length) == 0;
}

static void add_chunked(struct text *text, const char *body, size_t length)
{
    for (size_t at = 0; at < length; at += CHUNK)
    {
        size_t part = length - at < CHUNK ? length - at : CHUNK;
        char size[24];
        int digits = snprintf(size, sizeof size, "%zx\r\n", part);
        text_add(text, size, (size_t)digits);
        text_add(text, body + at, part);
        text_add(text, "\r\n", 2);
    }
    text_add(text, "0\r\n\r\n", 5);
}

/* What the head's lines say about how the reply is sent. */
struct head_marks
{
    bool has_length;
    bool chunk_body;
};

static void add_header_line(struct text *text, struct reply *reply, const char *line,
                            size_t length, size_t body_length, struct head_marks *marks)
{
    if (line_is(line, length, "content-length", "@"))
    {
        marks->has_length = true;
        reply->computes_length = true;
        char digits[32];
        /* a body with placeholders has no length yet: reply_render fills it */
        int count = reply->has_placeholders
                        ? snprintf(digits, sizeof digits, "@{length}")
                        : snprintf(digits, sizeof digits, "%zu", body_length);
        text_add(text, line, length - 1);
        text_add(text, digits, (size_t)count);
    }
    else if (line_is(line, length, "transfer-encoding", "@chunked"))
    {
        marks->has_length = true;
        marks->chunk_body = true;
        text_add(text, line, length - 8);
        text_add(text, "chunked", 7);
    }
    else
    {
        marks->has_length |= line_starts(line, length, "content-length:") ||
                             line_starts(line, length, "transfer-encoding:");
        reply->closes |= line_is(line, length, "connection", "close");
        text_add(text, line, length);
    }
    text_add(text, "\r\n", 2);
}

static unsigned status_of(const char *bytes, size_t length)
{
    unsigned status = 0;
    if (length < 12 || memcmp(bytes, "HTTP/1.", 7) != 0)
    {
        return 0;
    }
    for (size_t i = 9; i < 12; i++)
    {
        if (bytes[i] < '0' || bytes[i] > '9')
        {
            return 0;
        }
        status = status * 10 + (unsigned)(bytes[i] - '0');
    }
    return status;
}

/* File bytes to the bytes that are sent. */
static const char *reply_prepare(const char *file, size_t length, struct reply *out)
{
    const char *empty = memmem(file, length, "\r\n\r\n", 4);
    out->status = status_of(file, length);
    struct text text = {malloc(length * 2 + 256), 0, length * 2 + 256, false};
    if (text.bytes == NULL)
    {
        return "no memory";
    }
    out->bytes = text.bytes;
    if (empty == NULL || out->status == 0)
    {
        text_add(&text, file, length);
        out->length = text.length;
        out->closes = true;
        return NULL;
    }
    size_t head = (size_t)(empty - file) + 4;
    out->has_placeholders = memmem(file, length, "@{", 2) != NULL;
    struct head_marks marks = {false, false};
    for (size_t at = 0; at < head - 2;)
    {
        size_t from = at;
        size_t line = next_line(file, head, &at);
        add_header_line(&text, out, file + from, line, length - head, &marks);
    }
    text_add(&text, "\r\n", 2);
    out->head_length = text.length;
    out->closes |= !marks.has_length;
    if (marks.chunk_body)
    {
        add_chunked(&text, file + head, length - head);
    }
    else
    {
        text_add(&text, file + head, length - head);
    }
    out->length = text.length;
    return text.failed ? "the reply is too large" : NULL;
}

const char *reply_load(const char *folder, const char *what, struct reply *out)
{
    memset(out, 0, sizeof *out);
    if (what[0] == '!')
    {
        return builtin_reply(what + 1, out);
    }
    char path[1024];
    int length = snprintf(path, sizeof path, "%s/%s", folder, what);
    if (length < 0 || (size_t)length >= sizeof path)
    {
        return "the path is too long";
    }
    size_t file_length = 0;
    char *file = file_read(path, &file_length);
    if (file == NULL)
    {
        return "no such reply file";
    }
    const char *wrong = reply_prepare(file, file_length, out);
    free(file);
    return wrong;
}

void reply_free(struct reply *reply)
{
    free(reply->bytes);
    reply->bytes = NULL;
}

/* 22 characters that stay the same for an address, as a cluster uuid looks. */
static void uuid_of(uint32_t address, char out[23])
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint64_t x = address;
    for (size_t i = 0; i < 22; i++)
    {
        x += 0x9e3779b97f4a7c15u;
        uint64_t mix = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        out[i] = alphabet[(mix >> 40) & 63];
    }
    out[22] = '\0';
}

static void fill(struct text *text, const char *name, size_t name_length,
                 const struct request *request, const struct in_addr *address)
{
    char word[64];
    uint32_t host = ntohl(address->s_addr);
    if (name_length == 3 && memcmp(name, "uri", 3) == 0)
    {
        text_add(text, request->target, request->target_length);
    }
    else if (name_length == 4 && memcmp(name, "path", 4) == 0)
    {
        text_add(text, request->path, request->path_length);
    }
    else if (name_length == 5 && memcmp(name, "index", 5) == 0)
    {
        size_t skip = request->path_length > 0 ? 1 : 0;
        const char *slash =
            memchr(request->path + skip, '/', request->path_length - skip);
        size_t end =
            slash == NULL ? request->path_length : (size_t)(slash - request->path);
        text_add(text, request->path + skip, end - skip);
    }
    else if (name_length == 5 && memcmp(name, "param", 5) == 0)
    {
        text_add(text, request->unknown, request->unknown_length);
    }
    else if (name_length == 7 && memcmp(name, "address", 7) == 0)
    {
        (void)inet_ntop(AF_INET, address, word, sizeof word);
        text_add(text, word, strlen(word));
    }
    else if (name_length == 5 && memcmp(name, "octet", 5) == 0)
    {
        int length = snprintf(word, sizeof word, "%u", host & 0xffu);
        text_add(text, word, (size_t)length);
    }
    else if (name_length == 4 && memcmp(name, "uuid", 4) == 0)
    {
        uuid_of(host, word);
        text_add(text, word, 22);
    }
    else
    {
        text_add(text, name, name_length);
    }
}

static void fill_all(struct text *text, const char *bytes, size_t length,
                     const struct request *request, const struct in_addr *address)
{
    size_t at = 0;
    while (at < length)
    {
        const char *mark = memmem(bytes + at, length - at, "@{", 2);
        const char *end =
            mark == NULL ? NULL : memchr(mark, '}', length - (size_t)(mark - bytes));
        if (end == NULL)
        {
            text_add(text, bytes + at, length - at);
            return;
        }
        text_add(text, bytes + at, (size_t)(mark - bytes) - at);
        fill(text, mark + 2, (size_t)(end - mark) - 2, request, address);
        at = (size_t)(end - bytes) + 1;
    }
}

size_t reply_render(const struct reply *reply, const struct request *request,
                    const struct in_addr *address, char *out, size_t capacity)
{
    char body[SIMNET_MAX_RENDERED];
    struct text filled = {body, 0, sizeof body, false};
    fill_all(&filled, reply->bytes + reply->head_length,
             reply->length - reply->head_length, request, address);
    struct text text = {out, 0, capacity, filled.failed};
    const char *mark = reply->computes_length
                           ? memmem(reply->bytes, reply->head_length, "@{length}", 9)
                           : NULL;
    size_t before = mark == NULL ? reply->head_length : (size_t)(mark - reply->bytes);
    fill_all(&text, reply->bytes, before, request, address);
    if (mark != NULL)
    {
        char digits[24];
        int count = snprintf(digits, sizeof digits, "%zu", filled.length);
        text_add(&text, digits, (size_t)count);
        fill_all(&text, mark + 9, reply->head_length - before - 9, request, address);
    }
    text_add(&text, body, filled.length);
    return text.failed ? 0 : text.length;
}
