/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "ajar/http.h"

struct answer
{
    const char *name;
    bool wants;
    const char *bytes;
    size_t len;
};

#define BYTES(text) text, sizeof(text) - 1
#define BAD "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n"

static const struct answer answers[] = {
    {"alert, fatal unexpected_message", true, BYTES("\x15\x03\x01\x00\x02\x02\x0a")},
    {"alert, fatal protocol_version", true, BYTES("\x15\x03\x03\x00\x02\x02\x46")},
    {"alert, its first three bytes", true, BYTES("\x15\x03\x03")},
    {"hello request", true, BYTES("\x16\x03\x01\x00\x04\x00\x00\x00\x00")},
    {"nginx", true,
     BYTES(BAD "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS "
               "port</title></head>\r\n")},
    {"Go", true,
     BYTES("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS "
           "server.\n")},
    {"Apache httpd", true,
     BYTES(BAD
           "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />\n")},
    {"Tomcat, no reason phrase", true,
     BYTES("HTTP/1.1 400 \r\nConnection: close\r\n\r\nBad Request\r\nThis combination of "
           "host and port requires TLS.\r\n")},
    {"cheroot", true,
     BYTES(BAD
           "The client sent a plain HTTP request, but this server only speaks HTTPS on "
           "this port.")},
    {"no byte", false, BYTES("")},
    {"one byte", false, BYTES("\x15")},
    {"two bytes", false, BYTES("\x15\x03")},
    {"not version 3", false, BYTES("\x15\x02\x00\x00\x02\x02\x46")},
    {"version 3.5", false, BYTES("\x15\x03\x05\x00\x02\x02\x46")},
    {"application data", false, BYTES("\x17\x03\x03\x00\x10")},
    {"alert of 3 bytes", false, BYTES("\x15\x03\x03\x00\x03\x02\x46\x00")},
    {"empty handshake record", false, BYTES("\x16\x03\x03\x00\x00")},
    {"handshake record over 2^14", false, BYTES("\x16\x03\x03\x40\x01")},
    {"an ordinary 400", false, BYTES(BAD "<h1>Bad Request</h1>")},
    {"an empty 400 (CrateDB over TLS, but others too)", false,
     BYTES("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")},
    {"the words with a 200", false,
     BYTES("HTTP/1.1 200 OK\r\n\r\nThe plain HTTP request was sent to HTTPS port")},
    {"the words in a header", false,
     BYTES("HTTP/1.1 400 Bad Request\r\nX: The plain HTTP request was sent to HTTPS "
           "port\r\n\r\n")},
    {"the words in the reason phrase", false,
     BYTES("HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n")},
    {"a head that is not whole", false,
     BYTES("HTTP/1.1 400 Bad Request\r\nThe plain HTTP request was sent to HTTPS port")},
    {"part of the words", false, BYTES(BAD "HTTPS port")},
    {"other letter case", false,
     BYTES(BAD "the plain http request was sent to https port")},
    {"words that go on", false,
     BYTES(BAD "The plain HTTP request was sent to HTTPS portal")},
    {"words that begin earlier", false,
     BYTES(BAD "xThe plain HTTP request was sent to HTTPS port")},
    {"the words without HTTP", false,
     BYTES("The plain HTTP request was sent to HTTPS port")},
};

Test(wants_tls, answers)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(answers); i++)
    {
        /* exactly as large as the bytes, for AddressSanitizer */
        char *copy = malloc(answers[i].len + (answers[i].len == 0));
        memcpy(copy, answers[i].bytes, answers[i].len);
        bool wants = ajar_reply_wants_tls((struct ajar_span){copy, answers[i].len});
        cr_expect_eq(wants, answers[i].wants, "%s", answers[i].name);
        free(copy);
    }
}

/* While a reply arrives it must not flicker: once said, more bytes do not unsay it. */
Test(wants_tls, growing_bytes)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(answers); i++)
    {
        bool said = false;
        for (size_t len = 0; answers[i].wants && len <= answers[i].len; len++)
        {
            bool wants = ajar_reply_wants_tls((struct ajar_span){answers[i].bytes, len});
            cr_expect(wants || !said, "%s at %zu", answers[i].name, len);
            said = wants;
        }
    }
}

Test(wants_tls, the_search_goes_on_after_a_part)
{
    cr_expect(ajar_reply_wants_tls(
        ajar_span_of(BAD "The plain HTTP request was sent to HTTPS portal. "
                         "The plain HTTP request was sent to HTTPS port")));
}

Test(wants_tls, the_null_span)
{
    cr_expect_not(ajar_reply_wants_tls((struct ajar_span){0}));
}
