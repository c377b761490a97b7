/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <string.h>

/* Longer words are cut: a key that long is no misspelling. */
#define WORD_MAX 32

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein distance with one row of memory. */
static size_t distance(struct ajar_span word, const char *other)
{
    size_t row[WORD_MAX + 1];
    size_t len = smaller(strlen(other), WORD_MAX);
    for (size_t j = 0; j <= len; j++)
    {
        row[j] = j;
    }
    for (size_t i = 0; i < smaller(word.len, WORD_MAX); i++)
    {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= len; j++)
        {
            size_t change = diagonal + (lower(word.data[i]) == other[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = smaller(change, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[len];
}

const char *words_nearest(struct ajar_span word, const char *const *list, size_t count)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
    {
        size_t d = distance(word, list[i]);
        if (d < best_distance && 2 * d <= smaller(strlen(list[i]), WORD_MAX) + 1)
        {
            best_distance = d;
            best = list[i];
        }
    }
    return best;
}

/* RFC 1123 section 2.1, and '_', which real names have. */
bool words_are_host_name(struct ajar_span name)
{
    size_t label = 0;
    bool letter = false;
    for (size_t i = 0; i < name.len; i++)
    {
        char c = name.data[i];
        char low = (char)(c | 0x20);
        bool alpha = low >= 'a' && low <= 'z';
        bool fine =
            alpha || (c >= '0' && c <= '9') || c == '_' || (c == '-' && label > 0);
        bool dot = c == '.' && label > 0;
        letter = letter || alpha;
        label = dot ? 0 : label + 1;
        if ((!fine && !dot) || label > 63)
        {
            return false;
        }
    }
    return letter && name.len <= 253;
}
