/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <string.h>

/* A word that a compound may begin or end with. */
struct words_affix
{
    uint16_t entry;
    uint8_t len;
};

#include "words_table.inc"

enum
{
    MIN_REST = 3, /* letters: of an owner's compound, what it is */
    MIN_HEAD = 2  /* of a tail's, what stands before it */
};

static size_t letter_of(char byte)
{
    return (size_t)(byte - 'a');
}

const struct words_entry *words_find(const char *token)
{
    static const struct words_entry unknown = {.text = ""};
    if (token[0] < 'a' || token[0] > 'z')
    {
        return &unknown;
    }
    size_t low = words_entries_at[letter_of(token[0])];
    size_t high = words_entries_at[letter_of(token[0]) + 1];
    while (low < high)
    {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(words_entries[middle].text, token);
        if (order == 0)
        {
            return &words_entries[middle];
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
    return &unknown;
}

const struct words_rule *words_rules_of(const struct words_entry *entry)
{
    return &words_rules[entry->rules_at];
}

const struct words_sense *words_sense_of(const struct words_rule *rule)
{
    return &words_senses[rule->sense];
}

/* Only a rest that begins a rule counts: `passenger` is no `pass` of an `enger`, and
 * `usership` no `ship`. */
static size_t cut_behind_owner(const char *token, size_t len)
{
    size_t best = 0;
    size_t end = words_owners_at[letter_of(token[0]) + 1];
    for (size_t i = words_owners_at[letter_of(token[0])]; i < end; i++)
    {
        const struct words_affix *owner = &words_owners[i];
        bool fits = owner->len > best && owner->len + (size_t)MIN_REST <= len;
        if (!fits || memcmp(token, words_entries[owner->entry].text, owner->len) != 0)
        {
            continue;
        }
        const struct words_entry *rest = words_find(token + owner->len);
        if (rest->rule_count > 0 || (rest->classes & CLASS_TAIL) != 0)
        {
            best = owner->len;
        }
    }
    return best;
}

static size_t cut_before_tail(const char *token, size_t len)
{
    size_t longest = 0;
    size_t end = words_tails_at[letter_of(token[len - 1]) + 1];
    for (size_t i = words_tails_at[letter_of(token[len - 1])]; i < end; i++)
    {
        const struct words_affix *tail = &words_tails[i];
        bool fits = tail->len > longest && tail->len + (size_t)MIN_HEAD <= len;
        if (fits && memcmp(token + len - tail->len, words_entries[tail->entry].text,
                           tail->len) == 0)
        {
            longest = tail->len;
        }
    }
    return longest == 0 ? 0 : len - longest;
}

size_t words_cut_of(const char *token, size_t len)
{
    if (len < MIN_HEAD + MIN_REST)
    {
        return 0;
    }
    size_t cut = cut_behind_owner(token, len);
    return cut != 0 ? cut : cut_before_tail(token, len);
}

bool words_is(const struct words_entry *entry, enum words_role role)
{
    static const uint64_t classes[] = {
        [WORDS_BENIGN] = CLASS_BENIGN,     [WORDS_LAST] = CLASS_LAST,
        [WORDS_FIRST] = CLASS_FIRST,       [WORDS_GENERIC] = CLASS_GENERIC,
        [WORDS_PERSON] = CLASS_PERSON,     [WORDS_THING] = CLASS_THING,
        [WORDS_REDACTED] = CLASS_REDACTED, [WORDS_DIGEST] = CLASS_DIGEST,
        [WORDS_SEALED] = CLASS_SEALED,     [WORDS_RAW] = CLASS_RAWDATA,
        [WORDS_PARTICLE] = CLASS_PARTICLE,
    };
    return (entry->classes & classes[role]) != 0;
}

bool words_asks_person(const struct words_sense *sense)
{
    return (sense->in & CLASS_PERSON) != 0;
}

uint64_t words_other_classes(const struct words_sense *sense)
{
    return sense->in & ~CLASS_PERSON;
}
