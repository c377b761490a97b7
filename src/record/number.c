/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/num.h"

#include "line.h"

int ajar_record_number(uint64_t value, struct ajar_buf *out)
{
    char digits[20];
    char grouped[26]; /* 20 digits, 6 commas */
    size_t count = ajar_num_render(value, digits);
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
    {
        if (i > 0 && (count - i) % 3 == 0)
        {
            grouped[len++] = ',';
        }
        grouped[len++] = digits[i];
    }
    return ajar_buf_append(out, grouped, len);
}

int ajar_record_bytes(uint64_t bytes, struct ajar_buf *out)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB",
                                        "TiB",   "PiB", "EiB"};
    struct line line = line_open(out);
    size_t unit = 0;
    uint64_t whole = bytes;
    uint64_t rest = 0; /* of 1024 */
    while (whole >= 1024)
    {
        rest = whole % 1024;
        whole /= 1024;
        unit++;
    }
    line_u64(&line, whole);
    if (unit > 0)
    {
        line_put(&line, ".");
        line_u64(&line, rest * 10 / 1024);
    }
    line_put(&line, " ");
    line_put(&line, bytes == 1 ? "byte" : units[unit]);
    return line_close(&line);
}

int ajar_record_span(uint64_t ms, bool round_up, struct ajar_buf *out)
{
    static const struct
    {
        uint64_t seconds;
        const char *unit;
    } units[] = {{86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}};
    struct line line = line_open(out);
    uint64_t seconds = ms / 1000 + (round_up && ms % 1000 > 0 ? 1 : 0);
    size_t first = 0;
    while (first + 1 < AJAR_COUNT_OF(units) && seconds < units[first].seconds)
    {
        first++;
    }
    if (first + 2 < AJAR_COUNT_OF(units))
    {
        /* rounded to the second unit, which may fill up the first one (59 min 59.5 s
         * stays below an hour: only what is dropped can round) */
        uint64_t step = units[first + 1].seconds;
        seconds = seconds / step * step + (round_up && seconds % step > 0 ? step : 0);
    }
    uint64_t count = seconds / units[first].seconds;
    uint64_t rest = seconds % units[first].seconds;
    line_u64(&line, count);
    line_put(&line, units[first].unit);
    if (first + 1 < AJAR_COUNT_OF(units) && rest > 0)
    {
        line_put(&line, " ");
        line_u64(&line, rest / units[first + 1].seconds);
        line_put(&line, units[first + 1].unit);
    }
    return line_close(&line);
}

static uint64_t between(int64_t from_ms, int64_t to_ms)
{
    return to_ms > from_ms ? (uint64_t)to_ms - (uint64_t)from_ms : 0;
}

int ajar_record_window(const struct ajar_window *window, int64_t now_ms,
                       struct ajar_buf *out)
{
    struct line line = line_open(out);
    bool closed = window->first_closed_ms != 0;
    if (window->first_open_ms == 0)
    {
        line_put(&line, "never seen open");
        return line_close(&line);
    }
    line_put(&line, "open at least ");
    if (line.status == AJAR_OK)
    {
        line.status = ajar_record_span(
            between(window->first_open_ms, window->last_open_ms), false, out);
    }
    if (window->last_closed_ms == 0)
    {
        line_put(&line, closed ? "; since when is not known"
                               : " and until now; since when is not known");
        return line_close(&line);
    }
    line_put(&line, ", at most ");
    if (line.status == AJAR_OK)
    {
        line.status = ajar_record_span(
            between(window->last_closed_ms, closed ? window->first_closed_ms : now_ms),
            true, out);
    }
    line_put(&line, closed ? "" : " until now");
    return line_close(&line);
}
