/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Input: one byte that chooses the cuts, one that chooses the body's maximum, the reply.
 * The reply is fed whole and in pieces; both must tell the same story, and that story
 * must hold together. Every piece is a copy of its exact size, for AddressSanitizer.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct story
{
    enum ajar_reply_state state;
    enum ajar_reply_state end;
    uint64_t digest; /* of everything that was told, cuts left out */
    uint64_t body_bytes;
    size_t heads;
    bool keeps_alive;
};

static void mix(struct story *story, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
    {
        story->digest = (story->digest ^ (unsigned char)data[i]) * 1099511628211u;
    }
}

static bool on_head(void *context, const struct ajar_reply_head *head)
{
    struct story *story = context;
    AJAR_REQUIRE(head->status >= 200 && head->status <= 599);
    AJAR_REQUIRE(head->version_minor <= 1);
    AJAR_REQUIRE(head->header_count <= AJAR_MAX_HEADER_LINES);
    AJAR_REQUIRE(story->heads++ == 0 && story->body_bytes == 0);
    for (size_t i = 0; i < head->header_count; i++)
    {
        struct ajar_span name = head->headers[i].name;
        struct ajar_span value = head->headers[i].value;
        AJAR_REQUIRE(name.len > 0 && memchr(name.data, ' ', name.len) == NULL);
        AJAR_REQUIRE(value.len == 0 || memchr(value.data, '\n', value.len) == NULL);
        mix(story, name.data, name.len);
        mix(story, ":", 1);
        mix(story, value.data, value.len);
        mix(story, "\n", 1);
    }
    return true;
}

static bool on_body(void *context, struct ajar_span bytes)
{
    struct story *story = context;
    AJAR_REQUIRE(story->heads == 1 && bytes.len > 0);
    story->body_bytes += bytes.len;
    mix(story, bytes.data, bytes.len);
    return true;
}

static void feed_copy(struct ajar_reply_parser *parser, const uint8_t *data, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    AJAR_REQUIRE(copy != NULL);
    memcpy(copy, data, len);
    (void)ajar_reply_parser_feed(parser, (struct ajar_span){copy, len});
    (void)ajar_reply_wants_tls((struct ajar_span){copy, len});
    free(copy);
}

static struct story tell(struct ajar_reply_parser *parser, const uint8_t *data,
                         size_t size, size_t step, uint64_t max_body)
{
    struct story story = {.digest = 14695981039346656037u};
    struct ajar_reply_sink sink = {on_head, on_body, &story};
    ajar_reply_parser_reset(parser, &sink, max_body);
    for (size_t at = 0; at < size; at += step)
    {
        feed_copy(parser, data + at, size - at < step ? size - at : step);
    }
    story.state = ajar_reply_parser_feed(parser, (struct ajar_span){0});
    story.keeps_alive = ajar_reply_parser_keeps_alive(parser);
    story.end = ajar_reply_parser_finish(parser);
    AJAR_REQUIRE(story.end != AJAR_REPLY_MORE);
    AJAR_REQUIRE(story.state == AJAR_REPLY_MORE || story.end == story.state);
    AJAR_REQUIRE(ajar_reply_parser_bytes(parser) == story.body_bytes);
    AJAR_REQUIRE(story.body_bytes <= max_body);
    AJAR_REQUIRE((ajar_reply_parser_head(parser) != NULL) == (story.heads == 1));
    return story;
}

static void expect_same(const struct story *a, const struct story *b)
{
    AJAR_REQUIRE(a->state == b->state);
    AJAR_REQUIRE(a->end == b->end);
    AJAR_REQUIRE(a->heads == b->heads);
    AJAR_REQUIRE(a->body_bytes == b->body_bytes);
    AJAR_REQUIRE(a->digest == b->digest);
    AJAR_REQUIRE(a->keeps_alive == b->keeps_alive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
    {
        return 0;
    }
    size_t step = (size_t)data[0] % 61 + 1;
    uint64_t max_body = (uint64_t)data[1] * 16;
    struct ajar_reply_parser *parser = NULL;
    AJAR_REQUIRE(ajar_reply_parser_new(&parser) == AJAR_OK);
    struct story whole = tell(parser, data + 2, size - 2, size, max_body);
    struct story pieces = tell(parser, data + 2, size - 2, step, max_body);
    struct story bytes = tell(parser, data + 2, size - 2, 1, max_body);
    expect_same(&whole, &pieces);
    expect_same(&whole, &bytes);
    ajar_reply_parser_free(parser);
    return 0;
}
