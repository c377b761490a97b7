/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Replies that no file can hold: endless ones, large ones, and those that are not
 * replies. Each source is addressed by offset: record number = offset / width.
 */

static const char json_head[] = "HTTP/1.1 200 OK\r\n"
                                "content-type: application/json; charset=UTF-8\r\n";

/* One row of the generated index list. All rows have the same width, so that its length
 * is known beforehand; the totals are those that index_list_* of tests/wire expects. */
#define ROW_WIDTH 204u

static void index_row(uint64_t row, char out[ROW_WIDTH + 1])
{
    unsigned documents = 1000u + (unsigned)((row * 37u) % 9000u);
    unsigned bytes = 100000u + (unsigned)((row * 7919u) % 900000u);
    int length = snprintf(
        out, ROW_WIDTH + 1,
        "{\"health\":\"green\",\"status\":\"open\",\"index\":\"tenant-%06u-events\","
        "\"uuid\":\"SimnetGeneratedRow%04x\",\"pri\":\"1\",\"rep\":\"1\","
        "\"docs.count\":\"%04u\",\"docs.deleted\":\"0\",\"store.size\":\"%06u\","
        "\"pri.store.size\":\"%06u\"}",
        (unsigned)(row % 1000000u), (unsigned)(row & 0xffffu), documents, bytes, bytes);
    if (length < 0 || (unsigned)length != ROW_WIDTH)
    {
        memset(out, ' ', ROW_WIDTH); /* the self-test looks for this */
    }
}

/* "[" row "," row ... "]": byte 0 is the bracket, then records of a row and one sign. */
static char index_list_byte(uint64_t rows, uint64_t offset, char row[ROW_WIDTH + 1],
                            uint64_t *row_number)
{
    if (offset == 0)
    {
        return '[';
    }
    if (rows == 0)
    {
        return ']';
    }
    uint64_t number = (offset - 1) / (ROW_WIDTH + 1);
    uint64_t within = (offset - 1) % (ROW_WIDTH + 1);
    if (within == ROW_WIDTH)
    {
        return number + 1 == rows ? ']' : ',';
    }
    if (number != *row_number)
    {
        index_row(number, row);
        *row_number = number;
    }
    return row[within];
}

/* A byte that looks random and is the same in every run (a 64-bit mix). */
static char garbage_byte(uint64_t offset)
{
    uint64_t x = offset + 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (char)(x >> 56);
}

static char cyclic(const char *text, size_t length, uint64_t offset)
{
    return text[offset % length];
}

static char deep_json_byte(uint64_t depth, uint64_t offset)
{
    /* {"a":{"a": ... 1 ... }} */
    if (offset < depth * 5)
    {
        return cyclic("{\"a\":", 5, offset);
    }
    return offset == depth * 5 ? '1' : '}';
}

size_t source_read(enum source_kind kind, uint64_t param, uint64_t offset,
                   uint64_t length, char *out, size_t capacity)
{
    static const char header[] = "X-Filler: 0123456789abcdef0123456789abcdef\r\n";
    static const char chunk[] = "10\r\n0123456789abcdef\r\n";
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char row[ROW_WIDTH + 1] = {0};
    uint64_t row_number = UINT64_MAX;
    size_t done = 0;
    for (; done < capacity && offset + done < length; done++)
    {
        uint64_t at = offset + done;
        switch (kind)
        {
        case SOURCE_INDEX_LIST:
            out[done] = index_list_byte(param, at, row, &row_number);
            break;
        case SOURCE_DEEP_JSON:
            out[done] = deep_json_byte(param, at);
            break;
        case SOURCE_HEADERS:
            out[done] = cyclic(header, sizeof header - 1, at);
            break;
        case SOURCE_CHUNKS:
            out[done] = cyclic(chunk, sizeof chunk - 1, at);
            break;
        case SOURCE_INTERIM:
            out[done] = cyclic(interim, sizeof interim - 1, at);
            break;
        case SOURCE_GARBAGE:
            out[done] = garbage_byte(at);
            break;
        case SOURCE_BODY:
            out[done] = 'a';
            break;
        case SOURCE_NONE:
            return done;
        }
    }
    return done;
}

/* The rows of the builtins: name, what it does, what it sends first. */
struct builtin
{
    const char *name;
    enum reply_action action;
    enum source_kind source;
    const char *head; /* stored bytes; NULL: none */
    bool needs_number;
};

static const struct builtin builtins[] = {
    {"stall", ACTION_STALL, SOURCE_NONE, NULL, false},
    {"reset", ACTION_RESET, SOURCE_NONE, NULL, false},
    {"close", ACTION_CLOSE, SOURCE_NONE, NULL, false},
    {"endless-headers", ACTION_SEND, SOURCE_HEADERS, "HTTP/1.1 200 OK\r\n", false},
    {"endless-body", ACTION_SEND, SOURCE_BODY,
     "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", false},
    {"endless-chunks", ACTION_SEND, SOURCE_CHUNKS,
     "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: "
     "chunked\r\n\r\n",
     false},
    {"interim-flood", ACTION_SEND, SOURCE_INTERIM, NULL, false},
    {"garbage", ACTION_SEND, SOURCE_GARBAGE, NULL, true},
    /* a fatal alert "protocol_version" (RFC 5246 7.2) */
    {"tls-alert", ACTION_SEND, SOURCE_NONE, "\x15\x03\x03", false},
    {"deep-json", ACTION_SEND, SOURCE_DEEP_JSON, json_head, true},
    {"index-list", ACTION_SEND, SOURCE_INDEX_LIST, json_head, true},
};

static uint64_t source_length(enum source_kind kind, uint64_t number)
{
    switch (kind)
    {
    case SOURCE_INDEX_LIST:
        return number == 0 ? 2 : number * (ROW_WIDTH + 1) + 1;
    case SOURCE_DEEP_JSON:
        return number * 6 + 1;
    case SOURCE_GARBAGE:
        return number;
    case SOURCE_NONE:
        return 0;
    case SOURCE_HEADERS:
    case SOURCE_BODY:
    case SOURCE_CHUNKS:
    case SOURCE_INTERIM:
        break;
    }
    return UINT64_MAX;
}

static const char *builtin_fill(const struct builtin *builtin, uint64_t number,
                                struct reply *out)
{
    char text[256];
    int length = 0;
    if (builtin->source == SOURCE_INDEX_LIST || builtin->source == SOURCE_DEEP_JSON)
    {
        length =
            snprintf(text, sizeof text, "%scontent-length: %llu\r\n\r\n", builtin->head,
                     (unsigned long long)source_length(builtin->source, number));
    }
    else if (strcmp(builtin->name, "tls-alert") == 0)
    {
        memcpy(text, "\x15\x03\x03\x00\x02\x02\x46", 7);
        length = 7;
    }
    else if (builtin->head != NULL)
    {
        length = snprintf(text, sizeof text, "%s", builtin->head);
    }
    out->bytes = malloc((size_t)length + 1);
    if (out->bytes == NULL)
    {
        return "no memory";
    }
    memcpy(out->bytes, text, (size_t)length);
    out->length = (size_t)length;
    out->action = builtin->action;
    out->source = builtin->source;
    out->source_param = number;
    out->source_length = source_length(builtin->source, number);
    out->status = length > 12 ? 200 : 0;
    out->closes =
        builtin->source != SOURCE_INDEX_LIST && builtin->source != SOURCE_DEEP_JSON;
    return NULL;
}

const char *builtin_reply(const char *name, struct reply *out)
{
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
    {
        size_t length = strlen(builtins[i].name);
        if (strncmp(name, builtins[i].name, length) != 0)
        {
            continue;
        }
        uint64_t number = 0;
        if (builtins[i].needs_number)
        {
            if (name[length] != '=' || !number_parse(name + length + 1, 1000000, &number))
            {
                return "this builtin wants a number up to 1000000, as in "
                       "!index-list=50000";
            }
            return builtin_fill(&builtins[i], number, out);
        }
        if (name[length] == '\0')
        {
            return builtin_fill(&builtins[i], 0, out);
        }
    }
    return "no such builtin: stall, reset, close, endless-headers, endless-body, "
           "endless-chunks, interim-flood, garbage=N, tls-alert, deep-json=N, "
           "index-list=N";
}
