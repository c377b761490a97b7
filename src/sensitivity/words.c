/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <string.h>

enum
{
    TYPE_UNKNOWN = 1 << AJAR_FIELD_UNKNOWN,
    TYPE_TEXT = 1 << AJAR_FIELD_TEXT,
    TYPE_KEYWORD = 1 << AJAR_FIELD_KEYWORD,
    TYPE_INTEGER = 1 << AJAR_FIELD_INTEGER,
    TYPE_FLOAT = 1 << AJAR_FIELD_FLOAT,
    TYPE_BOOLEAN = 1 << AJAR_FIELD_BOOLEAN,
    TYPE_DATE = 1 << AJAR_FIELD_DATE,
    TYPE_IP = 1 << AJAR_FIELD_IP,
    TYPE_GEO = 1 << AJAR_FIELD_GEO,
    TYPE_OBJECT = 1 << AJAR_FIELD_OBJECT,
    TYPE_OTHER = 1 << AJAR_FIELD_OTHER
};

#include "words_table.inc"

const struct words_rule *words_rules_of(const char *token, size_t *out_count)
{
    size_t low = 0;
    size_t high = AJAR_COUNT_OF(words_rules);
    while (low < high)
    {
        size_t middle = low + (high - low) / 2;
        if (strcmp(words_rules[middle].parts[0], token) < 0)
        {
            low = middle + 1;
        }
        else
        {
            high = middle;
        }
    }
    size_t end = low;
    while (end < AJAR_COUNT_OF(words_rules) &&
           strcmp(words_rules[end].parts[0], token) == 0)
    {
        end++;
    }
    *out_count = end - low;
    return &words_rules[low < AJAR_COUNT_OF(words_rules) ? low : 0];
}

uint32_t words_classes_of(const char *token)
{
    size_t low = 0;
    size_t high = AJAR_COUNT_OF(words_classes);
    while (low < high)
    {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(words_classes[middle].text, token);
        if (order == 0)
        {
            return words_classes[middle].classes;
        }
        if (order < 0)
        {
            low = middle + 1;
        }
        else
        {
            high = middle;
        }
    }
    return 0;
}

bool words_is(const char *token, enum words_role role)
{
    static const uint32_t classes[] = {
        [WORDS_BENIGN] = CLASS_BENIGN,     [WORDS_LAST] = CLASS_LAST,
        [WORDS_FIRST] = CLASS_FIRST,       [WORDS_GENERIC] = CLASS_GENERIC,
        [WORDS_PERSON] = CLASS_PERSON,     [WORDS_THING] = CLASS_THING,
        [WORDS_REDACTED] = CLASS_REDACTED, [WORDS_DIGEST] = CLASS_DIGEST,
        [WORDS_RAW] = CLASS_RAWDATA,
    };
    return (words_classes_of(token) & classes[role]) != 0;
}

bool words_asks_person(const struct words_rule *rule)
{
    return (rule->in & CLASS_PERSON) != 0;
}

uint32_t words_other_classes(const struct words_rule *rule)
{
    return rule->in & ~CLASS_PERSON;
}
