/* SPDX-License-Identifier: Apache-2.0 */
#include "reply_log.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void put_escaped(struct ajar_buf *out, struct ajar_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
    {
        unsigned char byte = (unsigned char)bytes.data[i];
        if (byte >= 0x20 && byte < 0x7f && byte != '\\')
        {
            (void)ajar_buf_byte(out, (char)byte);
        }
        else
        {
            (void)ajar_buf_printf(out, "\\x%02x", byte);
        }
    }
}

static bool on_head(void *context, const struct ajar_reply_head *head)
{
    struct reply_log *log = context;
    (void)ajar_buf_printf(&log->text, "head HTTP/1.%d %d\n", head->version_minor,
                          head->status);
    for (size_t i = 0; i < head->header_count; i++)
    {
        (void)ajar_buf_text(&log->text, "  ");
        put_escaped(&log->text, head->headers[i].name);
        (void)ajar_buf_text(&log->text, ": [");
        put_escaped(&log->text, head->headers[i].value);
        (void)ajar_buf_text(&log->text, "]\n");
    }
    return !log->stop_at_head;
}

static bool on_body(void *context, struct ajar_span bytes)
{
    struct reply_log *log = context;
    (void)ajar_buf_append(&log->body, bytes.data, bytes.len);
    return log->body.len < log->stop_at_body;
}

void reply_log_init(struct reply_log *log)
{
    *log = (struct reply_log){.sink = {on_head, on_body, log}};
    AJAR_REQUIRE(ajar_reply_parser_new(&log->parser) == AJAR_OK);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, REPLY_LOG_ROOM + page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    AJAR_REQUIRE(memory != MAP_FAILED);
    log->page_end = memory + REPLY_LOG_ROOM;
    AJAR_REQUIRE(mprotect(log->page_end, page, PROT_NONE) == 0);
    log->room = REPLY_LOG_ROOM + page;
    ajar_buf_init(&log->text, 256 * 1024);
    ajar_buf_init(&log->body, 1024 * 1024);
}

void reply_log_deinit(struct reply_log *log)
{
    ajar_reply_parser_free(log->parser);
    ajar_buf_deinit(&log->text);
    ajar_buf_deinit(&log->body);
    (void)munmap(log->page_end - REPLY_LOG_ROOM, log->room);
}

void reply_log_begin(struct reply_log *log, uint64_t max_body)
{
    ajar_buf_reset(&log->text, SIZE_MAX);
    ajar_buf_reset(&log->body, SIZE_MAX);
    log->stop_at_body = SIZE_MAX;
    log->stop_at_head = false;
    ajar_reply_parser_reset(log->parser, &log->sink, max_body);
}

enum ajar_reply_state reply_log_feed(struct reply_log *log, const char *data, size_t len)
{
    AJAR_REQUIRE(len <= REPLY_LOG_ROOM);
    char *at = log->page_end - len;
    if (len > 0)
    {
        memcpy(at, data, len);
    }
    enum ajar_reply_state state =
        ajar_reply_parser_feed(log->parser, (struct ajar_span){at, len});
    if (len > 0)
    {
        memset(at, '?', len); /* bytes are borrowed until return */
    }
    return state;
}

enum ajar_reply_state reply_log_feed_steps(struct reply_log *log, struct ajar_span bytes,
                                           size_t step)
{
    enum ajar_reply_state state = reply_log_feed(log, NULL, 0);
    for (size_t at = 0; at < bytes.len; at += step)
    {
        size_t len = bytes.len - at < step ? bytes.len - at : step;
        state = reply_log_feed(log, bytes.data + at, len);
    }
    return state;
}

static const char *word(enum ajar_reply_state state)
{
    switch (state)
    {
    case AJAR_REPLY_MORE:
        return "more";
    case AJAR_REPLY_COMPLETE:
        return "complete";
    case AJAR_REPLY_MALFORMED:
        return "malformed";
    case AJAR_REPLY_NOT_HTTP:
        return "not http";
    case AJAR_REPLY_TOO_LARGE:
        return "too large";
    case AJAR_REPLY_STOPPED:
        return "stopped";
    }
    return "?";
}

const char *reply_log_end(struct reply_log *log, enum ajar_reply_state state)
{
    bool ended = state == AJAR_REPLY_MORE;
    enum ajar_reply_state last = ended ? ajar_reply_parser_finish(log->parser) : state;
    if (log->body.len > 0)
    {
        (void)ajar_buf_text(&log->text, "body [");
        put_escaped(&log->text, ajar_buf_span(&log->body));
        (void)ajar_buf_text(&log->text, "]\n");
    }
    (void)ajar_buf_printf(&log->text, "%s%s", ended ? "at the connection's end: " : "",
                          word(last));
    if (last == AJAR_REPLY_COMPLETE)
    {
        bool alive = ajar_reply_parser_keeps_alive(log->parser);
        (void)ajar_buf_text(&log->text, alive ? ", keeps alive" : ", closes");
    }
    (void)ajar_buf_text(&log->text, "\n");
    return log->text.data;
}
