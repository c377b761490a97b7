/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/json.h"

#include <string.h>

#include "scan.h"

/*
 * The scan tells of values and names at the depths that matter (scan.watch) and passes
 * the inside of rows by. A row or name that lies whole in the bytes at hand is not
 * copied; only what a split cuts goes through a buffer.
 */
enum rows_capture
{
    CAPTURE_NOTHING,
    CAPTURE_KEY,
    CAPTURE_ROW
};

void ajar_rows_init(struct ajar_rows *rows, const char *path, ajar_rows_fn fn,
                    void *context)
{
    *rows = (struct ajar_rows){.fn = fn, .context = context, .path = path};
    ajar_buf_init(&rows->row, AJAR_MAX_ROW);
    ajar_buf_init(&rows->key, (size_t)AJAR_MAX_INDEX_NAME * 6);
    scan_init(&rows->scan);
}

void ajar_rows_deinit(struct ajar_rows *rows)
{
    ajar_buf_deinit(&rows->row);
    ajar_buf_deinit(&rows->key);
}

/* The path's next component, and whether it is the last. */
static struct ajar_span next_component(const struct ajar_rows *rows, bool *out_last)
{
    const char *begin = rows->path;
    for (unsigned i = 0; i < rows->matched; i++)
    {
        begin = strchr(begin, '.') + 1;
    }
    const char *dot = strchr(begin, '.');
    *out_last = dot == NULL;
    size_t len = dot != NULL ? (size_t)(dot - begin) : strlen(begin);
    return (struct ajar_span){.data = begin, .len = len};
}

/* The rows' array or object begins: its '[' or '{' was taken. */
static void enter_rows(struct ajar_rows *rows)
{
    rows->found = true;
    rows->is_array = !scan_in_object(&rows->scan);
    rows->row_depth = rows->scan.depth;
    rows->scan.watch = rows->scan.depth;
}

/* There is no more to find: the first of duplicate members counts, whatever it is. */
static void stop_looking(struct ajar_rows *rows)
{
    rows->row_depth = 0;
    rows->member_match = false;
    rows->scan.watch = 0;
}

static void begin_root(struct ajar_rows *rows)
{
    if (rows->scan.depth == 0)
    {
        rows->state = AJAR_ROWS_NOT_FOUND;
    }
    else if (rows->path[0] == '\0')
    {
        enter_rows(rows);
    }
    else if (scan_in_object(&rows->scan))
    {
        rows->scan.watch = 1;
    }
}

/* The value of the member that the path's next component names. */
static void begin_match(struct ajar_rows *rows, bool container)
{
    bool last;
    (void)next_component(rows, &last);
    rows->member_match = false;
    if (container && last)
    {
        enter_rows(rows);
    }
    else if (container && scan_in_object(&rows->scan))
    {
        rows->matched++;
        rows->scan.watch = rows->scan.depth;
    }
    else
    {
        stop_looking(rows);
    }
}

static void begin_capture(struct ajar_rows *rows, enum rows_capture what)
{
    struct ajar_buf *buf = what == CAPTURE_KEY ? &rows->key : &rows->row;
    ajar_buf_reset(buf, buf->max + 1);
    rows->capture = (uint8_t)what;
    rows->too_long = false;
}

/* Takes what the bytes at hand hold of the row or name. */
static void keep(struct ajar_rows *rows, struct ajar_buf *buf, struct ajar_span bytes)
{
    if (!rows->too_long && ajar_buf_append(buf, bytes.data, bytes.len) < 0)
    {
        rows->too_long = true;
    }
}

/* first: where the value begins. Returns true when it is a row. */
static bool begin_value(struct ajar_rows *rows, char first)
{
    bool container = first == '{' || first == '[';
    unsigned level = rows->scan.depth - (container ? 1u : 0u);
    if (level == 0)
    {
        begin_root(rows);
    }
    else if (rows->row_depth != 0)
    {
        begin_capture(rows, CAPTURE_ROW);
        return true;
    }
    else if (rows->member_match)
    {
        begin_match(rows, container);
    }
    return false;
}

static void end_key(struct ajar_rows *rows, struct ajar_span rest)
{
    keep(rows, &rows->key, rest);
    rows->capture = CAPTURE_NOTHING;
    rows->key_too_long = rows->too_long;
    if (!rows->too_long)
    {
        rows->key.len = unescape_in_place(rows->key.data, rows->key.len);
    }
    if (rows->row_depth == 0)
    {
        bool last;
        struct ajar_span wanted = next_component(rows, &last);
        rows->member_match = !rows->too_long && rows->key.len == wanted.len &&
                             memcmp(rows->key.data, wanted.data, wanted.len) == 0;
    }
}

static void end_row(struct ajar_rows *rows, struct ajar_span rest)
{
    struct ajar_span text = rest;
    rows->capture = CAPTURE_NOTHING;
    if (rows->row.len > 0 || rows->too_long)
    {
        keep(rows, &rows->row, rest);
        text = ajar_buf_span(&rows->row);
    }
    if (rows->too_long || rows->key_too_long || text.len > AJAR_MAX_ROW)
    {
        rows->oversized++;
        return;
    }
    rows->rows++;
    struct ajar_span key = {NULL, 0};
    if (!rows->is_array)
    {
        key = ajar_buf_span(&rows->key);
    }
    if (!rows->fn(rows->context, key, text))
    {
        rows->state = AJAR_ROWS_BAD;
    }
}

/* A value that is no row ends: the rows' container, or one on the way to it. */
static void end_value(struct ajar_rows *rows)
{
    unsigned level = rows->scan.depth;
    bool rows_end = rows->row_depth != 0 && level + 1u == rows->row_depth;
    bool step_ends = !rows->found && level > 0 && level == rows->matched;
    if (rows_end || step_ends)
    {
        stop_looking(rows);
    }
}

/* One event at *at; *start is where the row or name at hand begins in these bytes. */
static void take(struct ajar_rows *rows, enum scan_event event, const char *at,
                 const char **start)
{
    struct ajar_span rest = {.data = *start, .len = (size_t)(at - *start)};
    switch (event)
    {
    case SCAN_VALUE:
        *start = begin_value(rows, at[-1]) ? at - 1 : *start;
        break;
    case SCAN_VALUE_END:
        if (rows->capture == CAPTURE_ROW)
        {
            end_row(rows, rest);
        }
        else
        {
            end_value(rows);
        }
        break;
    case SCAN_KEY:
        begin_capture(rows, CAPTURE_KEY);
        *start = at;
        break;
    case SCAN_KEY_END:
        rest.len--; /* its closing quote */
        end_key(rows, rest);
        break;
    case SCAN_NONE:
    case SCAN_MORE:
    case SCAN_BAD:
    default:
        rows->state = AJAR_ROWS_BAD;
        break;
    }
}

enum ajar_rows_state ajar_rows_feed(struct ajar_rows *rows, struct ajar_span bytes)
{
    if (rows->state == AJAR_ROWS_BAD || rows->state == AJAR_ROWS_NOT_FOUND ||
        bytes.len == 0)
    {
        return rows->state;
    }
    const char *at = bytes.data;
    const char *end = bytes.data + bytes.len;
    const char *start = at; /* what a split cut goes on with the first byte */
    rows->state = AJAR_ROWS_MORE;
    enum scan_event event = scan_next(&rows->scan, &at, end);
    while (event != SCAN_MORE && rows->state == AJAR_ROWS_MORE)
    {
        take(rows, event, at, &start);
        if (rows->state == AJAR_ROWS_MORE)
        {
            event = scan_next(&rows->scan, &at, end);
        }
    }
    if (rows->state == AJAR_ROWS_MORE && rows->capture != CAPTURE_NOTHING)
    {
        struct ajar_buf *buf = rows->capture == CAPTURE_KEY ? &rows->key : &rows->row;
        keep(rows, buf, (struct ajar_span){.data = start, .len = (size_t)(end - start)});
    }
    if (rows->state == AJAR_ROWS_MORE && scan_is_complete(&rows->scan))
    {
        rows->state = AJAR_ROWS_DONE;
    }
    return rows->state;
}
