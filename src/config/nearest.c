/* SPDX-License-Identifier: Apache-2.0 */
#include "nearest.h"

/* What lies behind this many letters is not compared: keys are shorter. */
#define NEAREST_LETTERS 32

static char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters must be put in, taken out or changed (one row of the table at a time).
 */
static unsigned changes_between(struct ajar_span word, const char *other)
{
    unsigned row[NEAREST_LETTERS + 1];
    size_t width = strlen(other);
    size_t height = word.len < NEAREST_LETTERS ? word.len : NEAREST_LETTERS;
    width = width < NEAREST_LETTERS ? width : NEAREST_LETTERS;
    for (unsigned x = 0; x <= width; x++)
    {
        row[x] = x;
    }
    for (unsigned y = 0; y < height; y++)
    {
        unsigned corner = row[0];
        row[0] = y + 1;
        for (unsigned x = 0; x < width; x++)
        {
            unsigned swap = corner + (lowered(word.data[y]) == other[x] ? 0 : 1);
            corner = row[x + 1];
            row[x + 1] = least(swap, least(row[x], row[x + 1]) + 1);
        }
    }
    return row[width];
}

const char *nearest_word(struct ajar_span word, const char *const *list, size_t count)
{
    const char *best = count > 0 ? list[0] : "";
    unsigned best_changes = UINT32_MAX;
    for (size_t i = 0; i < count; i++)
    {
        unsigned changes = changes_between(word, list[i]);
        if (changes < best_changes)
        {
            best_changes = changes;
            best = list[i];
        }
    }
    return best;
}
