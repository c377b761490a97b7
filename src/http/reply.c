/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/http.h"

#include <stdlib.h>
#include <string.h>

#include "reply_parser.h"

/*
 * The caps that llhttp does not have are kept by the size of the slices that it gets: a
 * slice is never longer than what the cap still allows, so the same byte passes it
 * whether the reply came whole or byte by byte, and no fragment can slip through in
 * between.
 */
enum
{
    /* CRLF, up to 16 hex digits, CRLF (20), with room for zeros in front; what stands
     * between two pieces of the body beyond it is chunk extension or trailer. */
    REPLY_FREE_FRAMING = 32,
    REPLY_STATUS_LEN = 13 /* "HTTP/1.1 200" and what stands behind it */
};

static const char reply_prefix[] = "HTTP/1.";

static void next_message(struct ajar_reply_parser *parser)
{
    llhttp_init(&parser->llhttp, HTTP_RESPONSE, &reply_events_settings);
    parser->llhttp.data = parser;
    head_store_reset(&parser->store);
    parser->line_len = 0;
    parser->last_byte = '\0';
}

int ajar_reply_parser_new(struct ajar_reply_parser **out)
{
    struct ajar_reply_parser *parser = calloc(1, sizeof *parser);
    if (parser == NULL)
    {
        return AJAR_ENOMEM;
    }
    head_store_init(&parser->store);
    next_message(parser);
    *out = parser;
    return AJAR_OK;
}

void ajar_reply_parser_free(struct ajar_reply_parser *parser)
{
    if (parser != NULL)
    {
        head_store_deinit(&parser->store);
        free(parser);
    }
}

void ajar_reply_parser_reset(struct ajar_reply_parser *parser,
                             const struct ajar_reply_sink *sink, uint64_t max_body)
{
    struct head_store store = parser->store;
    *parser = (struct ajar_reply_parser){
        .sink = *sink,
        .store = store,
        .max_body = max_body,
        .state = AJAR_REPLY_MORE,
    };
    next_message(parser);
}

/*
 * The slice is the next bytes of this message: it must begin with HTTP/1., and behind
 * "HTTP/1.1 200" stands no fourth digit. llhttp 8.1.0 takes 0200, 9.2.1 does not.
 */
static enum ajar_reply_state match_status_line(struct ajar_reply_parser *parser,
                                               struct ajar_span slice)
{
    for (size_t i = 0; i < slice.len && parser->line_len < REPLY_STATUS_LEN; i++)
    {
        char byte = slice.data[i];
        size_t at = parser->line_len++;
        if (at < sizeof reply_prefix - 1 && byte != reply_prefix[at])
        {
            return parser->interim > 0 ? AJAR_REPLY_MALFORMED : AJAR_REPLY_NOT_HTTP;
        }
        if (at == REPLY_STATUS_LEN - 1 && byte >= '0' && byte <= '9')
        {
            return AJAR_REPLY_MALFORMED;
        }
    }
    return AJAR_REPLY_MORE;
}

/*
 * Every line of a head or of a chunked body's framing ends with CRLF, and none begins
 * with white space (obs-fold, RFC 9112 section 5.2). llhttp 8.1.0 and 9.2.1 differ in
 * both; a finding must not depend on the distribution, so neither is taken as
 * well-formed.
 */
static bool match_line_ends(struct ajar_reply_parser *parser, struct ajar_span bytes)
{
    const char *at = bytes.data;
    const char *end = bytes.data + bytes.len;
    while (at != end)
    {
        char last = parser->last_byte;
        if ((*at == '\n') != (last == '\r') ||
            (last == '\n' && (*at == ' ' || *at == '\t')))
        {
            return false;
        }
        if (last != '\r')
        {
            /* inside of a line: nothing matters before its CR but that no LF stands there
             */
            const char *cr = memchr(at, '\r', (size_t)(end - at));
            const char *stop = cr != NULL ? cr : end - 1;
            if (memchr(at, '\n', (size_t)(stop - at) + 1) != NULL)
            {
                return false;
            }
            at = stop;
        }
        parser->last_byte = *at++;
    }
    return true;
}

/* 204 and 304 have no body whatever their headers say (RFC 9112 section 6.3); llhttp
 * would deliver the one's and wait for the other's. */
static bool has_no_body(uint16_t status)
{
    return status == 204 || status == 304;
}

static void take_final_head(struct ajar_reply_parser *parser, const char *end)
{
    llhttp_t *llhttp = &parser->llhttp;
    parser->head.status = llhttp->status_code;
    parser->head.version_minor = llhttp->http_minor;
    parser->head.header_count = head_store_place(&parser->store, &parser->head.headers);
    parser->has_head = true;
    if (parser->sink.head != NULL &&
        !parser->sink.head(parser->sink.context, &parser->head))
    {
        parser->state = AJAR_REPLY_STOPPED;
        return;
    }
    if (has_no_body(parser->head.status))
    {
        /* a length announced all the same may be followed by those bytes */
        bool announced =
            (llhttp->flags & F_TRANSFER_ENCODING) != 0 || llhttp->content_length > 0;
        parser->keeps_alive = llhttp_should_keep_alive(llhttp) != 0 && !announced;
        parser->state = AJAR_REPLY_COMPLETE;
        return;
    }
    /* no bytes: only what follows from the head alone, as with Content-Length: 0 */
    llhttp_resume(llhttp);
    parser->counted_to = end;
    llhttp_errno_t error = llhttp_execute(llhttp, end, 0);
    if (error != HPE_OK && parser->state == AJAR_REPLY_MORE)
    {
        parser->state = AJAR_REPLY_MALFORMED;
    }
}

/* Both a length and a coding: where the reply ends is in doubt (RFC 9112 section 6.1).
 * llhttp 8.1.0 overlooks a coding that is empty, 9.2.1 refuses both. */
static bool has_two_ends(struct ajar_reply_parser *parser)
{
    struct ajar_reply_head head = {0};
    head.header_count = head_store_place(&parser->store, &head.headers);
    return ajar_reply_header(&head, "content-length", 0).data != NULL &&
           ajar_reply_header(&head, "transfer-encoding", 0).data != NULL;
}

/* llhttp paused behind the empty line at `end`. */
static void take_head(struct ajar_reply_parser *parser, const char *end)
{
    uint16_t status = parser->llhttp.status_code;
    /* llhttp accepts 000 to 999. A 101 would switch to what nobody asked for. */
    if (status < 100 || status > 599 || status == 101 || has_two_ends(parser))
    {
        parser->state = AJAR_REPLY_MALFORMED;
    }
    else if (status >= 200)
    {
        take_final_head(parser, end);
    }
    else if (++parser->interim > AJAR_MAX_INTERIM_REPLIES)
    {
        parser->state = AJAR_REPLY_TOO_LARGE;
    }
    else
    {
        /* a fresh parser: a "Connection: close" in a 1xx would end llhttp's reading */
        next_message(parser);
    }
}

/* How many bytes of the slice llhttp took before it stopped. */
static size_t bytes_taken(const struct ajar_reply_parser *parser, llhttp_errno_t error,
                          struct ajar_span slice)
{
    const char *at = llhttp_get_error_pos(&parser->llhttp);
    bool inside = at != NULL && at >= slice.data && at <= slice.data + slice.len;
    return error != HPE_OK && inside ? (size_t)(at - slice.data) : slice.len;
}

static size_t feed_head(struct ajar_reply_parser *parser, struct ajar_span slice)
{
    parser->state = match_status_line(parser, slice);
    if (parser->state != AJAR_REPLY_MORE)
    {
        return slice.len;
    }
    llhttp_errno_t error = llhttp_execute(&parser->llhttp, slice.data, slice.len);
    size_t taken = bytes_taken(parser, error, slice);
    parser->head_bytes += (uint32_t)taken;
    if (!match_line_ends(parser, (struct ajar_span){slice.data, taken}))
    {
        parser->state =
            AJAR_REPLY_MALFORMED; /* it stands before what llhttp stopped at */
    }
    else if (error == HPE_PAUSED)
    {
        take_head(parser, slice.data + taken);
    }
    else if (error != HPE_OK && parser->state == AJAR_REPLY_MORE)
    {
        parser->state = AJAR_REPLY_MALFORMED;
    }
    return taken;
}

/* The bytes up to `at` that are no body. */
static bool match_framing(struct ajar_reply_parser *parser, const char *at)
{
    if (at <= parser->counted_to)
    {
        return true;
    }
    struct ajar_span framing = {parser->counted_to, (size_t)(at - parser->counted_to)};
    return match_line_ends(parser, framing) &&
           chunk_line_feed(&parser->chunk_line, framing);
}

bool reply_take_framing(struct ajar_reply_parser *parser, const char *at)
{
    uint32_t framing = parser->framing_bytes + (uint32_t)(at - parser->counted_to);
    if (framing > REPLY_FREE_FRAMING)
    {
        parser->extension_bytes += framing - REPLY_FREE_FRAMING;
    }
    parser->framing_bytes = 0;
    return match_framing(parser, at);
}

static size_t feed_body(struct ajar_reply_parser *parser, struct ajar_span slice)
{
    parser->counted_to = slice.data;
    llhttp_errno_t error = llhttp_execute(&parser->llhttp, slice.data, slice.len);
    size_t taken = bytes_taken(parser, error, slice);
    if (!match_framing(parser, slice.data + taken))
    {
        parser->state = AJAR_REPLY_MALFORMED;
    }
    else if (error == HPE_OK)
    {
        parser->framing_bytes += (uint32_t)(slice.data + slice.len - parser->counted_to);
    }
    else if (parser->state == AJAR_REPLY_MORE)
    {
        parser->state = AJAR_REPLY_MALFORMED;
    }
    return taken;
}

/* How many bytes may be looked at before a cap is passed; 0 when it was reached. */
static size_t allowance(const struct ajar_reply_parser *parser)
{
    if (!parser->has_head)
    {
        return AJAR_MAX_HEADER_BYTES - parser->head_bytes;
    }
    return AJAR_MAX_CHUNK_EXTENSION + REPLY_FREE_FRAMING - parser->extension_bytes -
           parser->framing_bytes;
}

enum ajar_reply_state ajar_reply_parser_feed(struct ajar_reply_parser *parser,
                                             struct ajar_span bytes)
{
    while (bytes.len > 0 && parser->state == AJAR_REPLY_MORE)
    {
        size_t allowed = allowance(parser);
        if (allowed == 0)
        {
            parser->state = AJAR_REPLY_TOO_LARGE;
            break;
        }
        struct ajar_span slice = {bytes.data, bytes.len < allowed ? bytes.len : allowed};
        size_t taken =
            parser->has_head ? feed_body(parser, slice) : feed_head(parser, slice);
        bytes.data += taken;
        bytes.len -= taken;
    }
    parser->surplus = parser->surplus || bytes.len > 0;
    return parser->state;
}

enum ajar_reply_state ajar_reply_parser_finish(struct ajar_reply_parser *parser)
{
    if (parser->state != AJAR_REPLY_MORE)
    {
        return parser->state;
    }
    if (parser->head_bytes == 0)
    {
        parser->state = AJAR_REPLY_NOT_HTTP;
        return parser->state;
    }
    if (parser->has_head)
    {
        (void)llhttp_finish(&parser->llhttp); /* on_message_complete sets COMPLETE */
    }
    if (parser->state == AJAR_REPLY_MORE)
    {
        parser->state = AJAR_REPLY_MALFORMED;
    }
    return parser->state;
}

bool ajar_reply_parser_keeps_alive(const struct ajar_reply_parser *parser)
{
    return parser->state == AJAR_REPLY_COMPLETE && parser->keeps_alive &&
           !parser->surplus;
}

const struct ajar_reply_head *
ajar_reply_parser_head(const struct ajar_reply_parser *parser)
{
    return parser->has_head ? &parser->head : NULL;
}

uint64_t ajar_reply_parser_bytes(const struct ajar_reply_parser *parser)
{
    return parser->body_bytes;
}

struct ajar_span ajar_reply_header(const struct ajar_reply_head *head, const char *name,
                                   size_t n)
{
    for (size_t i = 0; i < head->header_count; i++)
    {
        if (ajar_span_is_nocase(head->headers[i].name, name) && n-- == 0)
        {
            return head->headers[i].value;
        }
    }
    return (struct ajar_span){0};
}
