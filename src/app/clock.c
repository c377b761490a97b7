/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include "ajar/escape.h"
#include "ajar/num.h"
#include "ajar/report.h"

/* Added to the system's clock; 0 but in tests. */
static int64_t shift_ms;

static int64_t system_now_ms(void)
{
    struct timeval now;
    (void)gettimeofday(&now, NULL);
    return (int64_t)now.tv_sec * 1000 + now.tv_usec / 1000;
}

int64_t clock_now_ms(void)
{
    return system_now_ms() + shift_ms;
}

int clock_init(const struct app_options *options)
{
    const char *text = getenv("AJAR_TEST_NOW");
    int64_t at_ms = 0;
    struct ajar_buf what;
    if (text == NULL || text[0] == '\0')
    {
        return AJAR_OK;
    }
    if (options->state == NULL)
    {
        (void)fprintf(stderr, "ajar: AJAR_TEST_NOW is for tests: it counts only together "
                              "with --state; unset it\n");
        return AJAR_EINVAL;
    }
    ajar_buf_init(&what, 4096);
    int status = clock_parse(text, false, false, system_now_ms(), &at_ms, &what);
    if (status != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: AJAR_TEST_NOW: %s\n", what.data);
    }
    else
    {
        shift_ms = at_ms - system_now_ms();
        (void)fprintf(stderr, "ajar: the calendar is set to %s (AJAR_TEST_NOW)\n", text);
    }
    ajar_buf_deinit(&what);
    return status;
}

/* ---- reading ---- */

static unsigned days_of(uint64_t year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static int fail(struct ajar_buf *what, const char *text, const char *why)
{
    (void)ajar_buf_byte(what, '"');
    (void)ajar_escape_text(what, ajar_span_of(text), 60);
    (void)ajar_buf_printf(what, "\" %s", why);
    return AJAR_ESYNTAX;
}

/* `len` digits at *at, then `after` (0: nothing is asked for). */
static bool take(struct ajar_span *rest, size_t len, char after, uint64_t *out)
{
    size_t whole = len + (after != 0 ? 1 : 0);
    struct ajar_span digits = {rest->data, len};
    if (rest->len < whole || ajar_num_u64(digits, 9999, out) != AJAR_OK ||
        (after != 0 && rest->data[len] != after))
    {
        return false;
    }
    rest->data += whole;
    rest->len -= whole;
    return true;
}

static int check_day(const char *text, uint64_t year, uint64_t month, uint64_t day,
                     struct ajar_buf *what)
{
    if (month < 1 || month > 12)
    {
        return fail(what, text, "has no such month: the months are 01 to 12");
    }
    unsigned most = days_of(year, (unsigned)month);
    if (day < 1 || day > most)
    {
        char why[96];
        (void)snprintf(why, sizeof why, "has no such day: the nearest is %04u-%02u-%02u",
                       (unsigned)year, (unsigned)month, day < 1 ? 1 : most);
        return fail(what, text, why);
    }
    return AJAR_OK;
}

static int parse_date(const char *text, bool end_of_day, int64_t *out_ms,
                      struct ajar_buf *what)
{
    struct ajar_span rest = ajar_span_of(text);
    uint64_t year = 0;
    uint64_t month = 0;
    uint64_t day = 0;
    uint64_t clock[3] = {0};
    if (!take(&rest, 4, '-', &year) || !take(&rest, 2, '-', &month) ||
        !take(&rest, 2, 0, &day))
    {
        return fail(what, text, "is not a date: write it as 2026-11-23");
    }
    int status = check_day(text, year, month, day, what);
    if (status != AJAR_OK)
    {
        return status;
    }
    bool has_time = rest.len > 0;
    if (has_time && (rest.data[0] != 'T' || (rest.data++, rest.len--, false) ||
                     !take(&rest, 2, ':', &clock[0]) || !take(&rest, 2, ':', &clock[1]) ||
                     !take(&rest, 2, 'Z', &clock[2]) || rest.len > 0 || clock[0] > 23 ||
                     clock[1] > 59 || clock[2] > 59))
    {
        return fail(what, text, "is not a time: write it as 2026-11-23T08:00:00Z (UTC)");
    }
    struct tm parts = {.tm_year = (int)year - 1900,
                       .tm_mon = (int)month - 1,
                       .tm_mday = (int)day,
                       .tm_hour = (int)clock[0],
                       .tm_min = (int)clock[1],
                       .tm_sec = (int)clock[2]};
    *out_ms = (int64_t)timegm(&parts) * 1000;
    if (!has_time && end_of_day)
    {
        *out_ms += CLOCK_DAY_MS;
    }
    return AJAR_OK;
}

/* "7d": a number and a unit, and nothing else. */
static bool parse_span(const char *text, int64_t *out_ms)
{
    static const struct
    {
        char unit;
        int64_t ms;
    } units[] = {
        {'m', 60000}, {'h', 3600000}, {'d', CLOCK_DAY_MS}, {'w', 7 * CLOCK_DAY_MS}};
    struct ajar_span digits = ajar_span_of(text);
    uint64_t count = 0;
    if (digits.len < 2)
    {
        return false;
    }
    char unit = digits.data[--digits.len];
    for (size_t i = 0; i < AJAR_COUNT_OF(units); i++)
    {
        if (units[i].unit == unit && ajar_num_u64(digits, 100000, &count) == AJAR_OK)
        {
            *out_ms = (int64_t)count * units[i].ms;
            return true;
        }
    }
    return false;
}

int clock_parse(const char *text, bool end_of_day, bool allow_span, int64_t now_ms,
                int64_t *out_ms, struct ajar_buf *out_what)
{
    int64_t span_ms = 0;
    if (allow_span && parse_span(text, &span_ms))
    {
        *out_ms = now_ms > span_ms ? now_ms - span_ms : 1;
        return AJAR_OK;
    }
    if (allow_span && strchr(text, '-') == NULL)
    {
        return fail(out_what, text,
                    "is neither a span nor a date: write 7d, 12h, or 2026-11-23");
    }
    return parse_date(text, end_of_day, out_ms, out_what);
}

/* ---- writing ---- */

void clock_date(int64_t unix_ms, char out[16])
{
    char whole[32];
    ajar_time_format(unix_ms, whole);
    (void)snprintf(out, 16, "%.10s", whole);
}

void clock_minute(int64_t unix_ms, char out[24])
{
    char whole[32];
    if (unix_ms == 0)
    {
        (void)snprintf(out, 24, "-");
        return;
    }
    ajar_time_format(unix_ms, whole);
    (void)snprintf(out, 24, "%.10s %.5s", whole, whole + 11);
}
