/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <string.h>

#include "advice.h"

/*
 * Release numbers, and which product lines get no more security fixes. The table is
 * advice/end_of_life.csv (as of AJAR_ADVICE_AS_OF). No clock: a line that ends later than
 * that day needs a new table.
 */
#include "advice/end_of_life_table.inc"

static bool take_number(const char **text, uint32_t *out)
{
    const char *at = *text;
    uint32_t value = 0;
    while (*at >= '0' && *at <= '9' && value < 100000)
    {
        value = value * 10 + (uint32_t)(*at++ - '0');
    }
    if (at == *text)
    {
        return false;
    }
    *text = at;
    *out = value;
    return true;
}

bool ajar_release_parse(const char *text, struct ajar_release *out)
{
    struct ajar_release release = {0, 0, 0};
    if (text == NULL || !take_number(&text, &release.major) || *text++ != '.' ||
        !take_number(&text, &release.minor))
    {
        return false;
    }
    if (*text == '.')
    {
        text++;
        (void)take_number(&text, &release.patch); /* 0.90.0.Beta1 and the like: 0 */
    }
    *out = release;
    return true;
}

bool ajar_release_before(const struct ajar_release *a, uint32_t major, uint32_t minor,
                         uint32_t patch)
{
    if (a->major != major)
    {
        return a->major < major;
    }
    if (a->minor != minor)
    {
        return a->minor < minor;
    }
    return a->patch < patch;
}

bool ajar_release_is_end_of_life(const char *product, const char *version,
                                 const char **out_since)
{
    struct ajar_release release;
    if (product == NULL || !ajar_release_parse(version, &release))
    {
        return false;
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(advice_lines); i++)
    {
        const struct advice_line *line = &advice_lines[i];
        if (strcmp(product, line->product) == 0 && release.major == line->major &&
            release.minor >= line->minor_first && release.minor <= line->minor_last)
        {
            *out_since = line->since;
            return true;
        }
    }
    return false;
}
