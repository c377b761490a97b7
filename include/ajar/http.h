/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_HTTP_H
#define AJAR_HTTP_H

#include "ajar/limits.h"
#include "ajar/buf.h"

/*
 * HTTP/1.1, the little that ajar needs: render a GET, parse one reply under caps. There
 * is no other method in the type, no body to send, no credential, no cookie, no redirect.
 * No socket, no clock. The parser is llhttp, strict; a malformed reply is never evidence.
 */

/* All that can ever be sent. Texts are borrowed. */
struct ajar_get
{
    const char *path;       /* from a probe's step table, begins with '/' */
    const char *authority;  /* Host: "192.0.2.1:9200", "[2001:db8::1]:9200" or a name */
    const char *user_agent; /* the one part that may hold spaces */
};

/* Appends the request. AJAR_EINVAL when a part holds a byte that is not visible ASCII
 * (a space, CR, LF ... could become another request), AJAR_ELIMIT over AJAR_MAX_REQUEST.
 */
int ajar_get_render(const struct ajar_get *get, struct ajar_buf *out) AJAR_MUST_CHECK;

struct ajar_header
{
    struct ajar_span name;  /* as sent; compare without case */
    struct ajar_span value; /* without surrounding white space */
};

/* The head of a reply; borrowed from the parser until its next reset. */
struct ajar_reply_head
{
    uint16_t status;       /* 100-599; others are malformed */
    uint8_t version_minor; /* HTTP/1.x */
    const struct ajar_header *headers;
    size_t header_count;
};

/* The n-th header of that name (0 the first), or the empty span with data NULL. */
struct ajar_span ajar_reply_header(const struct ajar_reply_head *head, const char *name,
                                   size_t n);

enum ajar_reply_state
{
    AJAR_REPLY_MORE,     /* give more bytes */
    AJAR_REPLY_COMPLETE, /* one whole reply was read; further bytes are not looked at */
    /* HTTP-like, but not a well-formed reply. Obs-fold, a bare LF and a 101 too, whatever
     * the installed llhttp thinks of them. */
    AJAR_REPLY_MALFORMED,
    AJAR_REPLY_NOT_HTTP,  /* the first bytes are not "HTTP/1."; so HTTP/2.0 in text too */
    AJAR_REPLY_TOO_LARGE, /* a cap of limits.h was passed */
    AJAR_REPLY_STOPPED    /* the body function said that it has enough */
};

struct ajar_reply_sink
{
    /* Headers are complete (never for a 1xx). Return false to stop. */
    bool (*head)(void *context, const struct ajar_reply_head *head);
    /* A piece of the body, chunking undone, borrowed until return. Return false to stop.
     */
    bool (*body)(void *context, struct ajar_span bytes);
    void *context;
};

/*
 * One reply's parser. After new it holds no memory beside itself (about 300 bytes) until
 * the first header byte comes. To be reset before each reply.
 */
struct ajar_reply_parser;

int ajar_reply_parser_new(struct ajar_reply_parser **out) AJAR_MUST_CHECK;
void ajar_reply_parser_free(struct ajar_reply_parser *parser);
/* Ready for the next reply on any connection. Keeps little memory. max_body: body bytes
 * after which it is TOO_LARGE. */
void ajar_reply_parser_reset(struct ajar_reply_parser *parser,
                             const struct ajar_reply_sink *sink, uint64_t max_body);
/* Any split of the bytes gives the same calls and the same end; only the cuts of `body`
 * differ. Memory that runs out gives TOO_LARGE. */
enum ajar_reply_state ajar_reply_parser_feed(struct ajar_reply_parser *parser,
                                             struct ajar_span bytes);
/* The connection ended: completes a reply that is delimited by it, else MALFORMED (cut
 * off), or NOT_HTTP when no byte came at all. */
enum ajar_reply_state ajar_reply_parser_finish(struct ajar_reply_parser *parser);
/* After COMPLETE: may another request go on this connection? Not when bytes came that do
 * not belong to the reply: the next reply could not be told from them. */
bool ajar_reply_parser_keeps_alive(const struct ajar_reply_parser *parser);
/* Did the head arrive (even when the rest did not)? NULL when not. */
const struct ajar_reply_head *
ajar_reply_parser_head(const struct ajar_reply_parser *parser);
uint64_t
ajar_reply_parser_bytes(const struct ajar_reply_parser *parser); /* body so far */

/* True when the bytes that answered a plain GET say "this port wants TLS": a TLS alert or
 * handshake record (RFC 8446 section 5.1), or a 400 of a server that says so in its fixed
 * words (nginx, Go, Apache, Tomcat, cheroot). */
bool ajar_reply_wants_tls(struct ajar_span first_bytes);

#endif
