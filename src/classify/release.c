/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <string.h>

/*
 * Release numbers, and which product lines get no more security fixes. Data of
 * endoflife.date, read on AJAR_END_OF_LIFE_AS_OF (wire-facts 9); `since` is NULL where
 * the day is from memory. No clock: a line that ends later than that day needs a new
 * table.
 */
struct release_line
{
    const char *product;
    uint32_t major;
    uint32_t minor_first;
    uint32_t minor_last;
    const char *since;
};

static const struct release_line ended[] = {
    {"elasticsearch", 0, 0, 90, NULL},
    {"elasticsearch", 1, 0, 7, NULL},
    {"elasticsearch", 2, 0, 4, "2018-02-28"},
    {"elasticsearch", 5, 0, 6, "2019-03-11"},
    {"elasticsearch", 6, 0, 8, "2022-02-10"},
    {"elasticsearch", 7, 0, 17, "2026-01-15"},
    {"elasticsearch", 8, 0, 16, "2025-04-15"},
    {"elasticsearch", 8, 17, 17, "2025-08-12"},
    {"elasticsearch", 8, 18, 18, "2025-10-21"},
    /* 8.19 ends on 2027-07-15: the only 8.x that is maintained */
    {"elasticsearch", 9, 0, 0, "2025-10-23"},
    {"elasticsearch", 9, 1, 1, "2026-02-03"},
    {"elasticsearch", 9, 2, 2, "2026-05-05"},
    {"elasticsearch", 9, 3, 3, "2026-08-04"},
    {"opensearch", 1, 0, 3, "2025-05-06"},
};

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
    for (size_t i = 0; i < AJAR_COUNT_OF(ended); i++)
    {
        const struct release_line *line = &ended[i];
        if (strcmp(product, line->product) == 0 && release.major == line->major &&
            release.minor >= line->minor_first && release.minor <= line->minor_last)
        {
            *out_since = line->since;
            return true;
        }
    }
    return false;
}
