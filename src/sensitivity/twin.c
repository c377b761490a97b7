/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/sensitivity.h"

#include "tokens.h"
#include "words.h"

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
    bool digest;
    bool raw;
};

static uint64_t mix_tokens(uint64_t digest, const struct tokens *tokens, uint8_t end,
                           struct marks *marks)
{
    for (size_t i = 0; i < tokens->count; i++)
    {
        bool redacted = words_is(tokens->text[i], WORDS_REDACTED);
        bool hash = words_is(tokens->text[i], WORDS_DIGEST);
        bool raw = words_is(tokens->text[i], WORDS_RAW);
        marks->redacted = marks->redacted || redacted;
        marks->digest = marks->digest || hash;
        marks->raw = marks->raw || raw;
        if (!redacted && !hash && !raw)
        {
            digest = mix(digest, tokens->text[i], end);
        }
    }
    return digest;
}

uint64_t ajar_field_twin_key(const struct ajar_field *field, bool *out_redacted,
                             bool *out_hint)
{
    struct tokens tokens;
    struct marks marks = {0};
    tokens_split(field->index, &tokens);
    uint64_t digest = mix_tokens(14695981039346656037u, &tokens, 1, &marks);
    tokens_split(field->path, &tokens);
    digest = mix_tokens(digest, &tokens, 2, &marks);
    *out_redacted = marks.redacted || marks.digest;
    *out_hint = marks.redacted || marks.raw;
    return digest;
}
