/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_APPROVAL_H
#define AJAR_SCOPE_APPROVAL_H

#include <time.h>

#include "ajar/buf.h"

#include "fault.h"

/* Days since 1970-01-01 in UTC, both inclusive. An open end is INT64_MIN or INT64_MAX. */
struct approval
{
    int64_t from_day;
    int64_t until_day;
};

/* "2026-11-01 until 2027-11-01, change CHG0042": either date may be left out, not both.
 */
int approval_parse(struct ajar_span text, struct approval *out,
                   struct fault *fault) AJAR_MUST_CHECK;
int64_t approval_day(time_t when);
/* "YYYY-MM-DD" */
void approval_format(int64_t day, char out[16]);

#endif
