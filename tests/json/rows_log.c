/* SPDX-License-Identifier: Apache-2.0 */
#include "rows_log.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

void rows_log_init(struct rows_log *log)
{
    *log = (struct rows_log){.stop_after = 0};
    ajar_buf_init(&log->text, 1u << 20);
}

void rows_log_deinit(struct rows_log *log)
{
    ajar_buf_deinit(&log->text);
}

bool rows_log_row(void *context, struct ajar_span key, struct ajar_span text)
{
    struct rows_log *log = context;
    (void)ajar_buf_append(&log->text, key.data, key.len);
    (void)ajar_buf_byte(&log->text, '=');
    (void)ajar_buf_append(&log->text, text.data, text.len);
    (void)ajar_buf_byte(&log->text, ';');
    log->seen++;
    return log->seen != log->stop_after;
}

static void feed_copy(struct ajar_rows *rows, const char *data, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    cr_assert_not_null(copy);
    memcpy(copy, data, len);
    enum ajar_rows_state state = ajar_rows_feed(rows, (struct ajar_span){copy, len});
    cr_assert_eq(state, rows->state);
    free(copy);
}

static void begin(struct rows_log *log, struct ajar_rows *rows, const char *path)
{
    ajar_buf_reset(&log->text, log->text.max);
    log->seen = 0;
    ajar_rows_init(rows, path, rows_log_row, log);
}

static void end(struct rows_log *log, struct ajar_rows *rows)
{
    static const char *const states[] = {"more", "done", "bad", "not_found"};
    cr_assert_eq(rows->rows, log->seen);
    (void)ajar_buf_printf(&log->text, " %s%s", states[rows->state],
                          !rows->found ? "" : (rows->is_array ? " array" : " object"));
    if (rows->oversized > 0)
    {
        (void)ajar_buf_printf(&log->text, " %u oversized", (unsigned)rows->oversized);
    }
    ajar_rows_deinit(rows);
}

void rows_log_read(struct rows_log *log, const char *path, struct ajar_span document,
                   size_t cut, size_t second_cut)
{
    struct ajar_rows rows;
    begin(log, &rows, path);
    feed_copy(&rows, document.data, cut);
    feed_copy(&rows, document.data + cut, second_cut - cut);
    feed_copy(&rows, document.data + second_cut, document.len - second_cut);
    end(log, &rows);
}

void rows_log_read_bytes(struct rows_log *log, const char *path,
                         struct ajar_span document)
{
    struct ajar_rows rows;
    begin(log, &rows, path);
    for (size_t i = 0; i < document.len; i++)
    {
        feed_copy(&rows, document.data + i, 1);
    }
    end(log, &rows);
}

static void compare(const struct rows_log *log, const char *want, const char *how,
                    size_t at)
{
    if (log->text.len != strlen(want) || memcmp(log->text.data, want, log->text.len) != 0)
    {
        cr_assert_fail("%s at %zu: got '%.400s', want '%.400s'", how, at, log->text.data,
                       want);
    }
}

void rows_log_check(const char *path, struct ajar_span document, const char *want)
{
    struct rows_log log;
    rows_log_init(&log);
    rows_log_read(&log, path, document, document.len, document.len);
    compare(&log, want, "whole", 0);
    rows_log_read_bytes(&log, path, document);
    compare(&log, want, "byte by byte", 0);
    for (size_t cut = 0; cut <= document.len; cut++)
    {
        rows_log_read(&log, path, document, cut, document.len);
        compare(&log, want, "split", cut);
    }
    rows_log_deinit(&log);
}
