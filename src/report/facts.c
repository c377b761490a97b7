/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"

static bool continues(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* Bytes of the character at `p`, 1 where nothing decodes (RFC 3629 section 4: the second
 * byte's range excludes overlong forms, surrogates and what lies above U+10FFFF). */
static size_t character(const unsigned char *p, size_t left)
{
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    size_t need = p[0] < 0xc2   ? 1
                  : p[0] < 0xe0 ? 2
                  : p[0] < 0xf0 ? 3
                  : p[0] < 0xf5 ? 4
                                : 1;
    if (need == 1 || need > left)
    {
        return 1;
    }
    if (p[0] == 0xe0 || p[0] == 0xf0)
    {
        low = p[0] == 0xe0 ? 0xa0 : 0x90;
    }
    if (p[0] == 0xed || p[0] == 0xf4)
    {
        high = p[0] == 0xed ? 0x9f : 0x8f;
    }
    if (!continues(p[1], low, high))
    {
        return 1;
    }
    for (size_t i = 2; i < need; i++)
    {
        if (!continues(p[i], 0x80, 0xbf))
        {
            return 1;
        }
    }
    return need;
}

size_t facts_prefix(struct ajar_span text, size_t chars)
{
    size_t at = 0;
    while (at < text.len && chars > 0)
    {
        at += character((const unsigned char *)text.data + at, text.len - at);
        chars--;
    }
    return at;
}

struct facts_volume facts_volume_of(const struct ajar_evidence *evidence)
{
    struct facts_volume volume = {0};
    if (evidence == NULL)
    {
        return volume;
    }
    const struct ajar_index_facts *indices = &evidence->indices;
    bool counted = evidence->reading[AJAR_READ_COUNT] == AJAR_READING_SHOWN;
    volume.list =
        evidence->reading[AJAR_READ_LIST] == AJAR_READING_SHOWN || indices->count > 0;
    volume.any = volume.list || counted;
    if (volume.list)
    {
        /* Rows that all lack a figure (closed, red, or an engine too old to give one) say
         * nothing about volume; zero would be a lie. */
        bool silent =
            indices->unknown > 0 && indices->documents == 0 && indices->bytes == 0;
        volume.documents_known = !silent;
        volume.bytes_known = !silent;
        volume.documents = silent ? 0 : indices->documents;
        volume.bytes = silent ? 0 : indices->bytes;
        volume.lower_bound = indices->truncated || indices->unknown > 0;
    }
    if (counted && (!volume.documents_known ||
                    (volume.lower_bound && evidence->counted > volume.documents)))
    {
        volume.documents_known = true;
        volume.documents = evidence->counted;
        volume.lower_bound = volume.lower_bound || evidence->counted_index != NULL;
    }
    return volume;
}
