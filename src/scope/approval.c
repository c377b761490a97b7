/* SPDX-License-Identifier: Apache-2.0 */
#include "approval.h"

#include <string.h>

#include "ajar/num.h"

#include "diags.h"
#include "range.h"

#define APPROVAL_FORM "write YYYY-MM-DD until YYYY-MM-DD, then a comma and the reference"
#define DAY_SECONDS 86400

int64_t approval_day(time_t when)
{
    int64_t seconds = (int64_t)when;
    int64_t day = seconds / DAY_SECONDS;
    return seconds % DAY_SECONDS < 0 ? day - 1 : day;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t month_days(int64_t year, int64_t month)
{
    static const int64_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Days before January 1st of a year from 1970 on. */
static int64_t year_start(int64_t year)
{
    int64_t y = year - 1;
    return (year - 1970) * 365 + (y / 4 - y / 100 + y / 400) -
           (1969 / 4 - 1969 / 100 + 1969 / 400);
}

void approval_format(int64_t day, char out[16])
{
    int64_t year = 1970;
    int64_t month = 1;
    while (year < 9999 && year_start(year + 1) <= day)
    {
        year++;
    }
    day -= year_start(year);
    while (month < 12 && day >= month_days(year, month))
    {
        day -= month_days(year, month);
        month++;
    }
    diags_text(out, 16, "%04d-%02d-%02d", (int)year, (int)month, (int)day + 1);
}

static bool parse_digits(struct ajar_span text, size_t at, size_t count, int64_t *out)
{
    uint64_t value = 0;
    if (ajar_num_u64((struct ajar_span){text.data + at, count}, 9999, &value) < 0)
    {
        return false;
    }
    *out = (int64_t)value;
    return true;
}

/* RFC 3339 full-date, from 1970 to 9999. */
static bool parse_date(struct ajar_span text, int64_t *out_day)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-' ||
        !parse_digits(text, 0, 4, &year) || !parse_digits(text, 5, 2, &month) ||
        !parse_digits(text, 8, 2, &day))
    {
        return false;
    }
    if (year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month))
    {
        return false;
    }
    int64_t days = year_start(year) + day - 1;
    for (int64_t m = 1; m < month; m++)
    {
        days += month_days(year, m);
    }
    *out_day = days;
    return true;
}

/* Takes the next word: up to a blank or a comma. */
static struct ajar_span next_word(struct ajar_span *rest)
{
    *rest = ajar_span_trim(*rest, AJAR_BLANKS);
    size_t len = 0;
    while (len < rest->len && rest->data[len] != ' ' && rest->data[len] != '\t' &&
           rest->data[len] != ',')
    {
        len++;
    }
    struct ajar_span word = {rest->data, len};
    rest->data += len;
    rest->len -= len;
    return word;
}

static int fail(struct fault *fault, size_t offset, struct ajar_span word)
{
    fault->offset = offset;
    if (word.len == 0)
    {
        diags_text(fault->what, sizeof fault->what, "a date is missing here");
    }
    else
    {
        diags_text(fault->what, sizeof fault->what, "'%.*s' is not a date", (int)word.len,
                   word.data);
    }
    diags_text(fault->mend, sizeof fault->mend, "%s", APPROVAL_FORM);
    return AJAR_ESYNTAX;
}

int approval_parse(struct ajar_span text, struct approval *out, struct fault *fault)
{
    struct ajar_span rest = text;
    struct approval parsed = {INT64_MIN, INT64_MAX};
    *fault = (struct fault){.offset = 0};
    struct ajar_span word = next_word(&rest);
    if (!ajar_span_is_nocase(word, "until"))
    {
        if (!parse_date(word, &parsed.from_day))
        {
            return fail(fault, (size_t)(word.data - text.data), word);
        }
        word = next_word(&rest);
    }
    size_t until_at = (size_t)(word.data - text.data);
    if (ajar_span_is_nocase(word, "until"))
    {
        word = next_word(&rest);
        until_at = (size_t)(word.data - text.data);
        if (!parse_date(word, &parsed.until_day))
        {
            return fail(fault, until_at, word);
        }
    }
    else if (word.len > 0)
    {
        fault->offset = until_at;
        diags_text(fault->what, sizeof fault->what,
                   "'%.*s' where 'until' or a comma belongs", (int)word.len, word.data);
        diags_text(fault->mend, sizeof fault->mend, "%s", APPROVAL_FORM);
        return AJAR_ESYNTAX;
    }
    rest = ajar_span_trim(rest, AJAR_BLANKS);
    if (rest.len > 0 && rest.data[0] != ',')
    {
        fault->offset = (size_t)(rest.data - text.data);
        diags_text(fault->what, sizeof fault->what,
                   "text after the dates without a comma");
        diags_text(fault->mend, sizeof fault->mend, "%s", APPROVAL_FORM);
        return AJAR_ESYNTAX;
    }
    if (parsed.until_day < parsed.from_day)
    {
        fault->offset = until_at;
        diags_text(fault->what, sizeof fault->what, "the approval ends before it begins");
        diags_text(fault->mend, sizeof fault->mend, "write the earlier date first");
        return AJAR_ESYNTAX;
    }
    *out = parsed;
    return AJAR_OK;
}
