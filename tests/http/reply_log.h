/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_HTTP_REPLY_LOG_H
#define AJAR_TESTS_HTTP_REPLY_LOG_H

#include "ajar/http.h"

/*
 * What the parser told of some bytes, as text that a human can read and a test compare:
 * the head, the whole body, how it ended. Every slice is fed from memory that ends at a
 * page without access, so that one byte read too far is a fault.
 */
struct reply_log
{
    struct ajar_reply_parser *parser;
    struct ajar_reply_sink sink;
    struct ajar_buf text;
    struct ajar_buf body;
    size_t stop_at_body; /* the body function says "enough" from this size on */
    bool stop_at_head;
    char *page_end; /* guarded memory ends here */
    size_t room;
};

enum
{
    REPLY_LOG_ROOM = 512 * 1024, /* of one slice */
    REPLY_LOG_MAX_BODY = 4096    /* of golden replies */
};

void reply_log_init(struct reply_log *log);
void reply_log_deinit(struct reply_log *log);
/* Ready for another reply with the same parser; clears the stop marks. */
void reply_log_begin(struct reply_log *log, uint64_t max_body);
enum ajar_reply_state reply_log_feed(struct reply_log *log, const char *data, size_t len);
/* In slices of `step` bytes; goes on after the end, as a careless caller would. */
enum ajar_reply_state reply_log_feed_steps(struct reply_log *log, struct ajar_span bytes,
                                           size_t step);
/* Ends the connection where the reply wants more; then the whole text. */
const char *reply_log_end(struct reply_log *log, enum ajar_reply_state state);

#endif
