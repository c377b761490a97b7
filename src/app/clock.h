/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_CLOCK_H
#define AJAR_APP_CLOCK_H

#include "options.h"

/*
 * The calendar of this process, Unix milliseconds. $AJAR_TEST_NOW (RFC 3339,
 * UTC) sets it for tests that replay a calendar: it counts only together with
 * --state, so that it can never touch a real memory by accident, and every use
 * is said on stderr. Waiting and timeouts follow the monotonic clock of libuv,
 * never this one.
 */

/* Once, before anything asks. AJAR_EINVAL: said on stderr. */
int clock_init(const struct app_options *options) AJAR_MUST_CHECK;
int64_t clock_now_ms(void);

#define CLOCK_DAY_MS INT64_C(86400000)

/*
 * A moment as a person writes it: "2026-11-23", "2026-11-23T08:00:00Z", or a
 * span before now: "7d", "12h", "90m", "2w". A bare date is its first moment
 * (UTC), or with end_of_day the first one after it. AJAR_ESYNTAX: *out_what
 * says what is wrong and what to write.
 */
int clock_parse(const char *text, bool end_of_day, bool allow_span, int64_t now_ms,
                int64_t *out_ms, struct ajar_buf *out_what) AJAR_MUST_CHECK;

/* "2026-11-23" of a moment, UTC. */
void clock_date(int64_t unix_ms, char out[16]);
/* "2026-11-23 08:15" for tables; "-" for 0. */
void clock_minute(int64_t unix_ms, char out[24]);

#endif
