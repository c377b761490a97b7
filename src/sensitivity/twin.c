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
    bool digest;
    bool raw;
};

static uint64_t mix_name(uint64_t digest, const struct name *name, uint8_t end,
                         struct marks *marks)
{
    for (size_t i = 0; i < name->tokens.count; i++)
    {
        bool redacted = words_is(name->word[i], WORDS_REDACTED);
        bool hash = words_is(name->word[i], WORDS_DIGEST);
        bool raw = words_is(name->word[i], WORDS_RAW);
        marks->redacted = marks->redacted || redacted;
        marks->digest = marks->digest || hash;
        marks->raw = marks->raw || raw;
        if (!redacted && !hash && !raw)
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
    *out_redacted = marks.redacted || marks.digest;
    *out_hint = marks.redacted || marks.raw;
    return digest;
}
