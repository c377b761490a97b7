/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <stdlib.h>
#include <string.h>

#include "words.h"

/*
 * What an index is by its name. Names are peer text: no function here trusts a length or
 * a byte, and all compare whole tokens, so that `passenger` is no `pass`.
 */

enum
{
    NAMES_TOKEN_BYTES = 24,
    /* A ransom note is one document; a product's own index of that name has many. */
    NAMES_FEW_DOCUMENTS = 10
};

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static struct ajar_span skip(struct ajar_span span, size_t bytes)
{
    return (struct ajar_span){span.data + bytes, span.len - bytes};
}

static bool starts_nocase(struct ajar_span name, const char *text, size_t len)
{
    if (name.len < len)
    {
        return false;
    }
    for (size_t i = 0; i < len; i++)
    {
        if (to_lower(name.data[i]) != text[i])
        {
            return false;
        }
    }
    return true;
}

/* One '*' at the beginning or the end of the pattern stands for any bytes, none included.
 */
static bool matches(struct ajar_span name, const char *pattern)
{
    size_t len = strlen(pattern);
    if (len > 0 && pattern[0] == '*')
    {
        return name.len >= len - 1 &&
               starts_nocase(skip(name, name.len - (len - 1)), pattern + 1, len - 1);
    }
    if (len > 0 && pattern[len - 1] == '*')
    {
        return starts_nocase(name, pattern, len - 1);
    }
    return name.len == len && starts_nocase(name, pattern, len);
}

/* Prefixes that a mount, a reindex or a shrink puts before the name of the data
 * (searchable snapshots: 7.10; upgrade assistant: 7 and 8). */
static struct ajar_span strip_origin(struct ajar_span name)
{
    static const char *const origins[] = {"partial-", "restored-", ".reindexed-v7-",
                                          ".reindexed-v8-", ".reindexed-v9-"};
    for (size_t i = 0; i < AJAR_COUNT_OF(origins); i++)
    {
        size_t len = strlen(origins[i]);
        if (name.len > len && ajar_span_starts(name, origins[i]))
        {
            return skip(name, len);
        }
    }
    return name;
}

bool ajar_index_is_system(struct ajar_span name)
{
    name = strip_origin(name);
    /* .ds-<stream>-2024.01.31-000001: as the stream is (data streams, 7.9). The suffix
     * does not matter to any pattern. Failure stores (.fs-, 8.15) likewise. */
    if (name.len > 4 &&
        (ajar_span_starts(name, ".ds-") || ajar_span_starts(name, ".fs-")))
    {
        name = skip(name, 4);
    }
    if (name.len == 0 || name.data[0] == '.')
    {
        return true;
    }
    for (size_t i = 0; i < words_system_count; i++)
    {
        if (matches(name, words_system[i]))
        {
            return true;
        }
    }
    return false;
}

static int compare_word(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

static bool is_sensitive_token(const char *token, size_t len)
{
    char text[NAMES_TOKEN_BYTES];
    if (len == 0 || len >= sizeof(text))
    {
        return false; /* longer than every word of the list */
    }
    for (size_t i = 0; i < len; i++)
    {
        text[i] = to_lower(token[i]);
    }
    text[len] = '\0';
    return bsearch(text, words_sensitive, words_sensitive_count,
                   sizeof(words_sensitive[0]), compare_word) != NULL;
}

/* Where the token that begins at `from` ends: at a non-letter, before an upper case
 * letter that follows a lower case one (userData), and before the last letter of a run of
 * upper case that goes on in lower case (HRData). */
static size_t token_end(struct ajar_span name, size_t from)
{
    size_t at = from;
    while (at < name.len && (is_lower(name.data[at]) || is_upper(name.data[at])))
    {
        if (at > from && is_upper(name.data[at]) &&
            (is_lower(name.data[at - 1]) ||
             (at + 1 < name.len && is_lower(name.data[at + 1]))))
        {
            break;
        }
        at++;
    }
    return at;
}

bool ajar_index_is_sensitive(struct ajar_span name)
{
    size_t at = 0;
    while (at < name.len)
    {
        size_t end = token_end(name, at);
        if (is_sensitive_token(name.data + at, end - at))
        {
            return true;
        }
        at = end > at ? end : at + 1;
    }
    return false;
}

/* ^[0-9a-z]{8,12}-meow$: the exact form of the wiper of July 2020. */
static bool is_meow(struct ajar_span name)
{
    static const char tail[] = "-meow";
    size_t tail_len = sizeof(tail) - 1;
    if (name.len < 8 + tail_len || name.len > 12 + tail_len)
    {
        return false;
    }
    for (size_t i = 0; i < name.len - tail_len; i++)
    {
        if (!is_digit(name.data[i]) && !is_lower(name.data[i]))
        {
            return false;
        }
    }
    return ajar_span_is(skip(name, name.len - tail_len), tail);
}

enum ajar_ransom ajar_index_ransom(struct ajar_span name, uint64_t documents)
{
    bool few = documents <= NAMES_FEW_DOCUMENTS || documents == UINT64_MAX;
    if (is_meow(name))
    {
        return few ? AJAR_RANSOM_STRONG : AJAR_RANSOM_WEAK;
    }
    for (size_t i = 0; i < words_ransom_count; i++)
    {
        if (matches(name, words_ransom[i].text))
        {
            return few ? (enum ajar_ransom)words_ransom[i].strength : AJAR_RANSOM_NO;
        }
    }
    return AJAR_RANSOM_NO;
}
