/* SPDX-License-Identifier: Apache-2.0 */
#include "reply_parser.h"

/*
 * llhttp gives a name, a value or a body in fragments whose cuts the peer chooses, so
 * each function appends and only the *_complete ones act. It has no limit of any kind:
 * lines and body bytes are counted here, raw bytes in reply.c.
 */

/* The reason is kept in `state`; the number is only what makes llhttp stop. */
static int stop(struct ajar_reply_parser *parser, enum ajar_reply_state state)
{
    parser->state = state;
    return -1;
}

static int stop_on(struct ajar_reply_parser *parser, int status)
{
    if (status >= 0)
    {
        return 0;
    }
    return stop(parser,
                status == AJAR_ESYNTAX ? AJAR_REPLY_MALFORMED : AJAR_REPLY_TOO_LARGE);
}

/* The reason phrase is not kept. llhttp lets control bytes pass there; RFC 9112 section 4
 * does not. */
static int on_status(llhttp_t *llhttp, const char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
    {
        unsigned char byte = (unsigned char)at[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
        {
            return stop(llhttp->data, AJAR_REPLY_MALFORMED);
        }
    }
    return 0;
}

/* A trailer is counted, not kept; what is no name in a head is none here. */
static int take_trailer_name(struct ajar_reply_parser *parser, struct ajar_span part)
{
    for (size_t i = 0; i < part.len; i++)
    {
        if (!head_is_token_byte(part.data[i]))
        {
            return stop(parser, AJAR_REPLY_MALFORMED);
        }
    }
    parser->trailer_name = parser->trailer_name || part.len > 0;
    return 0;
}

static int end_trailer_name(struct ajar_reply_parser *parser)
{
    bool named = parser->trailer_name;
    parser->trailer_name = false;
    return named ? 0 : stop(parser, AJAR_REPLY_MALFORMED);
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t len)
{
    struct ajar_reply_parser *parser = llhttp->data;
    if (parser->has_head)
    {
        return take_trailer_name(parser, (struct ajar_span){at, len});
    }
    return stop_on(parser, head_store_name(&parser->store, (struct ajar_span){at, len}));
}

static int on_header_field_complete(llhttp_t *llhttp)
{
    struct ajar_reply_parser *parser = llhttp->data;
    if (++parser->lines > AJAR_MAX_HEADER_LINES)
    {
        return stop(parser, AJAR_REPLY_TOO_LARGE);
    }
    return parser->has_head ? end_trailer_name(parser)
                            : stop_on(parser, head_store_end_name(&parser->store));
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t len)
{
    struct ajar_reply_parser *parser = llhttp->data;
    if (parser->has_head)
    {
        return 0;
    }
    return stop_on(parser, head_store_value(&parser->store, (struct ajar_span){at, len}));
}

static int on_header_value_complete(llhttp_t *llhttp)
{
    struct ajar_reply_parser *parser = llhttp->data;
    if (!parser->has_head)
    {
        head_store_end_value(&parser->store);
    }
    return 0;
}

/* Paused for reply.c, which then knows where the head ends: this function is not told. */
static int on_headers_complete(llhttp_t *llhttp)
{
    (void)llhttp;
    return HPE_PAUSED;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t len)
{
    struct ajar_reply_parser *parser = llhttp->data;
    bool sound = reply_take_framing(parser, at);
    parser->counted_to = at + len;
    parser->chunk_line = CHUNK_LINE_DATA_END;
    parser->last_byte = '\0';
    if (!sound)
    {
        return stop(parser, AJAR_REPLY_MALFORMED);
    }
    uint64_t left = parser->max_body - parser->body_bytes;
    size_t taken = len < left ? len : (size_t)left;
    parser->body_bytes += taken;
    if (taken > 0 && parser->sink.body != NULL &&
        !parser->sink.body(parser->sink.context, (struct ajar_span){at, taken}))
    {
        return stop(parser, AJAR_REPLY_STOPPED);
    }
    return taken < len ? stop(parser, AJAR_REPLY_TOO_LARGE) : 0;
}

/* Paused, because llhttp would go on with the next reply in the same bytes and overwrite
 * the status. The flags that decide about keep-alive are gone after this function. */
static int on_message_complete(llhttp_t *llhttp)
{
    struct ajar_reply_parser *parser = llhttp->data;
    /* RFC 9112 section 6.1: HTTP/1.0 knows no Transfer-Encoding; its end is in doubt */
    bool in_doubt = llhttp->http_minor == 0 && (llhttp->flags & F_TRANSFER_ENCODING) != 0;
    parser->keeps_alive = llhttp_should_keep_alive(llhttp) != 0 && !in_doubt;
    parser->state = AJAR_REPLY_COMPLETE;
    return HPE_PAUSED;
}

const llhttp_settings_t reply_events_settings = {
    .on_status = on_status,
    .on_header_field = on_header_field,
    .on_header_field_complete = on_header_field_complete,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};
