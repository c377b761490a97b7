/* SPDX-License-Identifier: Apache-2.0 */
/*
 * golden/NAME.http is what a server sent, golden/NAME.events what the parser tells of it.
 * Each is fed whole, byte by byte and split at every position: the log must be the same.
 */
#include <criterion/criterion.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply_log.h"

enum
{
    GOLDEN_AT_LEAST = 100 /* a folder that cannot be found must not pass */
};

static bool read_golden(const char *name, const char *suffix, struct ajar_buf *out)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/tests/http/golden/%s%s", AJAR_SOURCE_DIR, name,
                   suffix);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
    {
        return false;
    }
    char piece[1024];
    size_t len;
    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
    {
        (void)ajar_buf_append(out, piece, len);
    }
    (void)fclose(file);
    return true;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t len = strlen(name);
    return len > strlen(suffix) && strcmp(name + len - strlen(suffix), suffix) == 0;
}

typedef void (*golden_fn)(struct reply_log *log, const char *name, struct ajar_span reply,
                          const char *events);

static void for_each_golden(golden_fn check)
{
    DIR *dir = opendir(AJAR_SOURCE_DIR "/tests/http/golden");
    cr_assert_not_null(dir);
    struct reply_log log;
    reply_log_init(&log);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    {
        if (!has_suffix(entry->d_name, ".http"))
        {
            continue;
        }
        char name[256];
        (void)snprintf(name, sizeof name, "%.*s",
                       (int)(strlen(entry->d_name) - strlen(".http")), entry->d_name);
        struct ajar_buf reply;
        struct ajar_buf events;
        ajar_buf_init(&reply, 64 * 1024);
        ajar_buf_init(&events, 64 * 1024);
        cr_assert(read_golden(name, ".http", &reply), "%s.http", name);
        cr_assert(read_golden(name, ".events", &events), "%s.events is missing", name);
        check(&log, name, ajar_buf_span(&reply), events.data);
        ajar_buf_deinit(&reply);
        ajar_buf_deinit(&events);
        count++;
    }
    reply_log_deinit(&log);
    (void)closedir(dir);
    cr_expect_geq(count, GOLDEN_AT_LEAST, "only %zu golden replies", count);
}

static void expect(struct reply_log *log, enum ajar_reply_state state, const char *events,
                   const char *name, const char *how, size_t at)
{
    const char *text = reply_log_end(log, state);
    cr_expect_str_eq(text, events, "%s, %s %zu:\n%s", name, how, at, text);
}

static void check_whole(struct reply_log *log, const char *name, struct ajar_span reply,
                        const char *events)
{
    reply_log_begin(log, REPLY_LOG_MAX_BODY);
    expect(log, reply_log_feed(log, reply.data, reply.len), events, name, "whole", 0);
}

static void check_steps(struct reply_log *log, const char *name, struct ajar_span reply,
                        const char *events)
{
    for (size_t step = 1; step <= 7; step++)
    {
        reply_log_begin(log, REPLY_LOG_MAX_BODY);
        expect(log, reply_log_feed_steps(log, reply, step), events, name, "steps of",
               step);
    }
}

static void check_splits(struct reply_log *log, const char *name, struct ajar_span reply,
                         const char *events)
{
    for (size_t at = 1; at < reply.len; at++)
    {
        reply_log_begin(log, REPLY_LOG_MAX_BODY);
        (void)reply_log_feed(log, reply.data, at);
        expect(log, reply_log_feed(log, reply.data + at, reply.len - at), events, name,
               "split at", at);
    }
}

Test(reply_golden, whole)
{
    for_each_golden(check_whole);
}

Test(reply_golden, byte_by_byte_and_in_small_steps)
{
    for_each_golden(check_steps);
}

Test(reply_golden, split_at_every_position)
{
    for_each_golden(check_splits);
}

/* A parser that has seen anything at all reads the next reply as a new one does. */
static void check_reuse(struct reply_log *log, const char *name, struct ajar_span reply,
                        const char *events)
{
    for (size_t cut = 0; cut <= reply.len; cut++)
    {
        reply_log_begin(log, REPLY_LOG_MAX_BODY);
        (void)reply_log_feed(log, reply.data, cut);
    }
    check_whole(log, name, reply, events);
}

Test(reply_golden, after_a_reset_nothing_is_left)
{
    for_each_golden(check_reuse);
}
