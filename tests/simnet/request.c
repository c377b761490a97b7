/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"

#include <string.h>
#include <strings.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
    {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The path without the query, percent-decoded as the engines do before routing. */
static void decode_path(const char *target, size_t length, struct request *out)
{
    out->path_length = 0;
    for (size_t i = 0; i < length && out->path_length < sizeof out->path; i++)
    {
        char byte = target[i];
        if (byte == '%' && i + 2 < length && hex(target[i + 1]) >= 0 &&
            hex(target[i + 2]) >= 0)
        {
            byte = (char)(hex(target[i + 1]) * 16 + hex(target[i + 2]));
            i += 2;
        }
        out->path[out->path_length++] = byte;
    }
}

static bool header_is(const char *line, size_t length, const char *name)
{
    size_t name_length = strlen(name);
    return length > name_length && line[name_length] == ':' &&
           strncasecmp(line, name, name_length) == 0;
}

static void read_header(const char *line, size_t length, struct request *out)
{
    out->has_credentials |= header_is(line, length, "authorization") ||
                            header_is(line, length, "proxy-authorization") ||
                            header_is(line, length, "cookie");
    out->has_body |= header_is(line, length, "content-length") ||
                     header_is(line, length, "transfer-encoding");
    out->wants_close |= length == 17 && strncasecmp(line, "connection: close", 17) == 0;
}

static void read_target(const char *line, size_t length, struct request *out)
{
    const char *space = memchr(line, ' ', length);
    const char *end = line + length;
    out->is_get = length > 4 && memcmp(line, "GET ", 4) == 0;
    out->target = space == NULL ? end : space + 1;
    const char *stop = memchr(out->target, ' ', (size_t)(end - out->target));
    stop = stop == NULL ? end : stop;
    out->target_length = (size_t)(stop - out->target);
    const char *mark = memchr(out->target, '?', out->target_length);
    out->query = mark == NULL ? stop : mark + 1;
    out->query_length = (size_t)(stop - out->query);
    decode_path(out->target, (size_t)((mark == NULL ? stop : mark) - out->target), out);
}

size_t request_parse(const char *bytes, size_t length, struct request *out)
{
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL)
    {
        return 0;
    }
    memset(out, 0, offsetof(struct request, path));
    out->query = out->unknown = "";
    out->unknown_length = 0;
    out->is_get = out->has_credentials = out->has_body = out->wants_close = false;
    size_t head = (size_t)(end - bytes) + 4;
    bool first = true;
    for (const char *line = bytes; line < end + 2;)
    {
        const char *stop = memmem(line, (size_t)(end + 2 - line), "\r\n", 2);
        size_t line_length = (size_t)(stop - line);
        if (first)
        {
            read_target(line, line_length, out);
            first = false;
        }
        else
        {
            read_header(line, line_length, out);
        }
        line = stop + 2;
    }
    return head;
}
