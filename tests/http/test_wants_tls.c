/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "ajar/http.h"

struct answer
{
    const char *name;
    const char *bytes;
    size_t len;
    bool wants;
};

#define ANSWER(name, wants, text)                                                        \
    {                                                                                    \
        name, text, sizeof(text) - 1, wants                                              \
    }
#define BAD "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n"

static const struct answer answers[] = {
    ANSWER("alert, fatal unexpected_message", true, "\x15\x03\x01\x00\x02\x02\x0a"),
    ANSWER("alert, fatal protocol_version", true, "\x15\x03\x03\x00\x02\x02\x46"),
    ANSWER("alert, its first three bytes", true, "\x15\x03\x03"),
    ANSWER("hello request", true, "\x16\x03\x01\x00\x04\x00\x00\x00\x00"),
    ANSWER("nginx", true,
           BAD "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS "
               "port</title></head>\r\n"),
    ANSWER("Go", true,
           "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS "
           "server.\n"),
    ANSWER("Apache httpd", true,
           BAD
           "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />\n"),
    ANSWER("Tomcat, no reason phrase", true,
           "HTTP/1.1 400 \r\nConnection: close\r\n\r\nBad Request\r\nThis combination of "
           "host and port requires TLS.\r\n"),
    ANSWER("cheroot", true,
           BAD
           "The client sent a plain HTTP request, but this server only speaks HTTPS on "
           "this port."),
    ANSWER("no byte", false, ""),
    ANSWER("one byte", false, "\x15"),
    ANSWER("two bytes", false, "\x15\x03"),
    ANSWER("not version 3", false, "\x15\x02\x00\x00\x02\x02\x46"),
    ANSWER("version 3.5", false, "\x15\x03\x05\x00\x02\x02\x46"),
    ANSWER("application data", false, "\x17\x03\x03\x00\x10"),
    ANSWER("alert of 3 bytes", false, "\x15\x03\x03\x00\x03\x02\x46\x00"),
    ANSWER("empty handshake record", false, "\x16\x03\x03\x00\x00"),
    ANSWER("handshake record over 2^14", false, "\x16\x03\x03\x40\x01"),
    ANSWER("an ordinary 400", false, BAD "<h1>Bad Request</h1>"),
    ANSWER("an empty 400 (CrateDB over TLS, but others too)", false,
           "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"),
    ANSWER("the words with a 200", false,
           "HTTP/1.1 200 OK\r\n\r\nThe plain HTTP request was sent to HTTPS port"),
    ANSWER("the words in a header", false,
           "HTTP/1.1 400 Bad Request\r\nX: The plain HTTP request was sent to HTTPS "
           "port\r\n\r\n"),
    ANSWER("the words in the reason phrase", false,
           "HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n"),
    ANSWER("a head that is not whole", false,
           "HTTP/1.1 400 Bad Request\r\nThe plain HTTP request was sent to HTTPS port"),
    ANSWER("part of the words", false, BAD "HTTPS port"),
    ANSWER("other letter case", false,
           BAD "the plain http request was sent to https port"),
    ANSWER("words that go on", false,
           BAD "The plain HTTP request was sent to HTTPS portal"),
    ANSWER("words that begin earlier", false,
           BAD "xThe plain HTTP request was sent to HTTPS port"),
    ANSWER("the words without HTTP", false,
           "The plain HTTP request was sent to HTTPS port"),
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
