/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/http.h"

#include <string.h>

/*
 * What servers answer to plain HTTP on a TLS port, word for word: a 400 alone says
 * nothing. A server may send these words without meaning them; the price is one TLS
 * handshake.
 */
static const char *const wants_tls_phrases[] = {
    "The plain HTTP request was sent to HTTPS port",      /* nginx */
    "Client sent an HTTP request to an HTTPS server.",    /* Go net/http */
    "speaking plain HTTP to an SSL-enabled server port.", /* Apache httpd */
    "This combination of host and port requires TLS.",    /* Tomcat */
    "this server only speaks HTTPS on this port.",        /* cheroot */
};

/* RFC 8446 section 5.1: type, legacy version 3.x, length; an alert is 2 bytes long, and
 * no record is empty or longer than 2^14. The tail of the record may not be here yet. */
static bool is_tls_record(struct ajar_span bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.data;
    if (bytes.len < 3 || (at[0] != 0x15 && at[0] != 0x16) || at[1] != 3 || at[2] > 4)
    {
        return false;
    }
    if (bytes.len < 5)
    {
        return true;
    }
    unsigned len = (unsigned)at[3] << 8 | at[4];
    return at[0] == 0x15 ? len == 2 : len >= 1 && len <= 1u << 14;
}

static struct ajar_span after(struct ajar_span text, size_t at)
{
    return (struct ajar_span){text.data + at, text.len - at};
}

/* The body of a 400, or the empty span. */
static struct ajar_span body_of_400(struct ajar_span reply)
{
    const size_t status_at = sizeof "HTTP/1.1" - 1;
    if (!ajar_span_starts(reply, "HTTP/1.") || reply.len < status_at ||
        !ajar_span_starts(after(reply, status_at), " 400"))
    {
        return (struct ajar_span){0};
    }
    const char *end = memmem(reply.data, reply.len, "\r\n\r\n", 4);
    return end != NULL ? after(reply, (size_t)(end - reply.data) + 4)
                       : (struct ajar_span){0};
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* The phrase as whole words: "HTTPS port" is not found in "HTTPS portal". */
static bool has_phrase(struct ajar_span text, const char *phrase)
{
    size_t len = strlen(phrase);
    for (const char *at = text.data;
         (at = memmem(at, text.len - (size_t)(at - text.data), phrase, len)) != NULL;
         at++)
    {
        const char *end = at + len;
        bool begins = at == text.data || !is_word_byte(at[-1]);
        bool ends =
            end == text.data + text.len || !is_word_byte(*end) || !is_word_byte(end[-1]);
        if (begins && ends)
        {
            return true;
        }
    }
    return false;
}

bool ajar_reply_wants_tls(struct ajar_span first_bytes)
{
    if (is_tls_record(first_bytes))
    {
        return true;
    }
    struct ajar_span body = body_of_400(first_bytes);
    for (size_t i = 0; body.len > 0 && i < AJAR_COUNT_OF(wants_tls_phrases); i++)
    {
        if (has_phrase(body, wants_tls_phrases[i]))
        {
            return true;
        }
    }
    return false;
}
