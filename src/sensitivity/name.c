/* SPDX-License-Identifier: Apache-2.0 */
#include "name.h"

#include <string.h>

enum
{
    MIN_PLURAL = 5 /* letters: shorter ones are words of their own (gps, sms, ips) */
};

static void leave_out(struct name *name, size_t at)
{
    struct tokens *tokens = &name->tokens;
    size_t after = tokens->count - at - 1;
    memmove(tokens->text[at], tokens->text[at + 1], after * sizeof(tokens->text[0]));
    memmove(tokens->part + at, tokens->part + at + 1, after);
    memmove(name->word + at, name->word + at + 1, after * sizeof(name->word[0]));
    tokens->count--;
}

/* `de` between two words of one component; at its end it may be a language. */
static bool is_particle(const struct name *name, size_t at)
{
    const uint8_t *part = name->tokens.part;
    return at > 0 && at + 1 < name->tokens.count && part[at - 1] == part[at] &&
           part[at + 1] == part[at] && words_is(name->word[at], WORDS_PARTICLE);
}

static bool is_known(const struct words_entry *word)
{
    return word->text[0] != '\0';
}

/* usernames, wachtwoorden: only plain `s` and `en`, and only of a word that is known. */
static void bring_to_singular(struct name *name, size_t at)
{
    char *text = name->tokens.text[at];
    size_t len = strlen(text);
    static const char *const endings[] = {"s", "en"};
    for (size_t i = 0; i < AJAR_COUNT_OF(endings) && len >= MIN_PLURAL; i++)
    {
        size_t cut = len - strlen(endings[i]);
        if (strcmp(text + cut, endings[i]) != 0)
        {
            continue;
        }
        char letter = text[cut];
        text[cut] = '\0';
        const struct words_entry *word = words_find(text);
        if (is_known(word))
        {
            name->word[at] = word;
            return;
        }
        text[cut] = letter;
    }
}

/* The rest stands as a token of its own and is looked at next. */
static void cut_compound(struct name *name, size_t at)
{
    struct tokens *tokens = &name->tokens;
    size_t cut = tokens->count < TOKENS_MAX
                     ? words_cut_of(tokens->text[at], strlen(tokens->text[at]))
                     : 0;
    if (cut == 0)
    {
        return;
    }
    size_t after = tokens->count - at;
    memmove(tokens->text[at + 1], tokens->text[at], after * sizeof(tokens->text[0]));
    memmove(tokens->part + at + 1, tokens->part + at, after);
    memmove(name->word + at + 1, name->word + at, after * sizeof(name->word[0]));
    memmove(tokens->text[at + 1], tokens->text[at + 1] + cut, TOKENS_BYTES - cut);
    tokens->text[at][cut] = '\0';
    tokens->count++;
    name->word[at] = words_find(tokens->text[at]);
    name->word[at + 1] = words_find(tokens->text[at + 1]);
}

void name_read(struct ajar_span text, struct name *out)
{
    tokens_split(text, &out->tokens);
    for (size_t i = 0; i < out->tokens.count; i++)
    {
        out->word[i] = words_find(out->tokens.text[i]);
    }
    for (size_t i = 0; i < out->tokens.count; i++)
    {
        if (is_particle(out, i))
        {
            leave_out(out, i);
            i--;
            continue;
        }
        if (!is_known(out->word[i]))
        {
            bring_to_singular(out, i);
        }
        if (!is_known(out->word[i]))
        {
            cut_compound(out, i);
        }
    }
}
