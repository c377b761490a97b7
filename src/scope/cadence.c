/* SPDX-License-Identifier: Apache-2.0 */
#include "cadence.h"

#include "ajar/num.h"

#define MINUTE_MS UINT64_C(60000)
#define LONGEST_MS (UINT64_C(366) * 24 * 60 * MINUTE_MS)

int cadence_parse(struct ajar_span text, uint64_t *out_ms)
{
    uint64_t count = 0;
    uint64_t unit_ms = 0;
    if (text.len < 2)
    {
        return AJAR_ESYNTAX;
    }
    switch (text.data[text.len - 1])
    {
    case 'm':
        unit_ms = MINUTE_MS;
        break;
    case 'h':
        unit_ms = 60 * MINUTE_MS;
        break;
    case 'd':
        unit_ms = 24 * 60 * MINUTE_MS;
        break;
    default:
        return AJAR_ESYNTAX;
    }
    struct ajar_span digits = {text.data, text.len - 1};
    if (ajar_num_u64(digits, LONGEST_MS / unit_ms, &count) != AJAR_OK || count == 0)
    {
        return AJAR_ESYNTAX;
    }
    *out_ms = count * unit_ms;
    return AJAR_OK;
}
