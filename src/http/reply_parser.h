/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_HTTP_REPLY_PARSER_H
#define AJAR_HTTP_REPLY_PARSER_H

#include <llhttp.h>

#include "ajar/http.h"

#include "chunk_line.h"
#include "head_store.h"

/*
 * The parser's inside, shared by reply.c (which bytes llhttp gets, and when to stop) and
 * reply_events.c (what llhttp says about them).
 */
struct ajar_reply_parser
{
    struct ajar_reply_sink sink;
    llhttp_t llhttp;
    struct head_store store;
    struct ajar_reply_head head;
    uint64_t max_body;
    uint64_t body_bytes;
    const char *counted_to;   /* in the slice being read: framing is counted up to here */
    uint32_t head_bytes;      /* raw, interim replies included */
    uint32_t framing_bytes;   /* raw, since the last body byte or the head's end */
    uint32_t extension_bytes; /* framing beyond what honest chunks need */
    uint32_t lines;           /* headers and trailers */
    enum ajar_reply_state state;
    enum chunk_line chunk_line;
    uint8_t line_len;  /* of this message's first line, as far as it is looked at */
    uint8_t interim;   /* 1xx replies seen */
    char last_byte;    /* of head or framing: line ends are checked across slices */
    bool trailer_name; /* a trailer's name has begun */
    bool has_head;
    bool keeps_alive;
    bool surplus; /* bytes came behind the complete reply */
};

extern const llhttp_settings_t reply_events_settings;

/* Charges the framing that stood before a body byte at `at` (reply.c); false when it is
 * not well-formed. */
bool reply_take_framing(struct ajar_reply_parser *parser, const char *at);

#endif
