/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/sensitivity.h"

#include "name.h"

/* FNV-1a, 64 bits: only compared with keys of the same visit. */
static uint64_t mix(uint64_t digest, const char *text, uint8_t end)
{
    for (; *text != '\0'; text++)
    {
        digest = (digest ^ (unsigned char)*text) * 1099511628211u;
    }
    return (digest ^ end) * 1099511628211u;
}

struct marks
{
    bool redacted;
    bool twin; /* a hash or a ciphertext: one beside its field, no sign alone */
    bool raw;
};

/* `raw` says something of the word beside it (raw_email), not as a component of its own:
 * email.raw is another spelling of the same value. */
static bool stands_alone(const struct tokens *tokens, size_t at)
{
    bool before = at > 0 && tokens->part[at - 1] == tokens->part[at];
    bool behind = at + 1 < tokens->count && tokens->part[at + 1] == tokens->part[at];
    return !before && !behind;
}

static uint64_t mix_name(uint64_t digest, const struct name *name, uint8_t end,
                         struct marks *marks)
{
    for (size_t i = 0; i < name->tokens.count; i++)
    {
        const struct words_entry *word = name->word[i];
        bool redacted = words_is(word, WORDS_REDACTED);
        bool twin = words_is(word, WORDS_DIGEST) || words_is(word, WORDS_SEALED);
        bool raw = words_is(word, WORDS_RAW);
        marks->redacted = marks->redacted || redacted;
        marks->twin = marks->twin || twin;
        marks->raw = marks->raw || (raw && !stands_alone(&name->tokens, i));
        if (!redacted && !twin && !raw)
        {
            digest = mix(digest, name->tokens.text[i], end);
        }
    }
    return digest;
}

uint64_t ajar_field_twin_key(const struct ajar_field *field, bool *out_redacted,
                             bool *out_hint)
{
    struct name name;
    struct marks marks = {0};
    name_read(field->index, &name);
    uint64_t digest = mix_name(14695981039346656037u, &name, 1, &marks);
    name_read(field->path, &name);
    digest = mix_name(digest, &name, 2, &marks);
    *out_redacted = marks.redacted || marks.twin;
    *out_hint = marks.redacted || marks.raw;
    return digest;
}
