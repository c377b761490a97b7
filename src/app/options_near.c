/* SPDX-License-Identifier: Apache-2.0 */
#include "options_near.h"

#include <string.h>

/* One cell of the table below. */
static size_t cell(struct ajar_span a, struct ajar_span b, size_t i, size_t j,
                   size_t rows[3][OPTIONS_FAR + 1])
{
    size_t best = rows[1][j] < rows[2][j - 1] ? rows[1][j] + 1 : rows[2][j - 1] + 1;
    size_t changed = rows[1][j - 1] + (a.data[i - 1] == b.data[j - 1] ? 0 : 1);
    best = changed < best ? changed : best;
    bool swapped = i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                   a.data[i - 2] == b.data[j - 1];
    return swapped && rows[0][j - 2] + 1 < best ? rows[0][j - 2] + 1 : best;
}

/* How many letters were left out, put in, changed or swapped with the next
 * (Damerau's distance); long words are far from everything. */
static size_t distance(struct ajar_span a, struct ajar_span b)
{
    size_t rows[3][OPTIONS_FAR + 1] = {{0}}; /* i-2, i-1, i */
    if (a.len > OPTIONS_FAR || b.len > OPTIONS_FAR)
    {
        return OPTIONS_FAR;
    }
    for (size_t j = 0; j <= b.len; j++)
    {
        rows[2][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++)
    {
        memcpy(rows[0], rows[1], sizeof(rows[0]));
        memcpy(rows[1], rows[2], sizeof(rows[0]));
        rows[2][0] = i;
        for (size_t j = 1; j <= b.len; j++)
        {
            rows[2][j] = cell(a, b, i, j, rows);
        }
    }
    return rows[2][b.len];
}

void options_nearer(struct ajar_span typed, const char *name, size_t *best,
                    const char **nearest)
{
    size_t far = distance(typed, ajar_span_of(name));
    size_t most = strlen(name) < 6 ? 1 : strlen(name) / 3;
    if (far < *best && far <= most)
    {
        *best = far;
        *nearest = name;
    }
}
