/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"

#include "ajar/escape.h"

size_t facts_prefix(struct ajar_span text, size_t chars)
{
    size_t at = 0;
    while (at < text.len && chars > 0)
    {
        size_t len = ajar_utf8_length((struct ajar_span){text.data + at, text.len - at});
        at += len > 0 ? len : 1;
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
