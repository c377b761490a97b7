/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ajar/report.h"

#define DAY_MS 86400000
/* RFC 3339 years have four digits, and no clock of ours stands before 1970: what lies
 * outside is brought to the nearest instant. */
#define LAST_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

static char *digits(char *out, unsigned value, unsigned count)
{
    for (unsigned i = count; i > 0; i--)
    {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + count;
}

/*
 * Days since 1970-01-01 to a Gregorian date, without gmtime: counted in eras of 400 years
 * (146097 days) that begin on March 1st, so that the leap day ends a year. Within such a
 * year month m (0: March) begins on day (153 m + 2) / 5.
 */
static char *date(char *out, uint32_t days)
{
    uint32_t from_march = days + 719468;
    uint32_t era = from_march / 146097;
    uint32_t day = from_march % 146097;
    uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    uint32_t month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    year += era * 400 + (month >= 10 ? 1 : 0);
    out = digits(out, year, 4);
    *out++ = '-';
    out = digits(out, month < 10 ? month + 3 : month - 9, 2);
    *out++ = '-';
    return digits(out, day + 1, 2);
}

void ajar_time_format(int64_t unix_ms, char out[32])
{
    int64_t at = unix_ms < 0 ? 0 : unix_ms > LAST_MS ? LAST_MS : unix_ms;
    uint32_t ms = (uint32_t)(at % DAY_MS);
    char *p = date(out, (uint32_t)(at / DAY_MS));
    *p++ = 'T';
    p = digits(p, ms / 3600000, 2);
    *p++ = ':';
    p = digits(p, ms / 60000 % 60, 2);
    *p++ = ':';
    p = digits(p, ms / 1000 % 60, 2);
    *p++ = '.';
    p = digits(p, ms % 1000, 3);
    memcpy(p, "Z", 2);
}
