/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mapping reader: the first byte chooses how the rest is cut. Any cut gives the same
 * fields and the same end; what is collected of them keeps its caps and can be asked for
 * its level.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/sensitivity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen
{
    uint64_t digest; /* FNV-1a over what was handed out, each with its end */
    uint64_t indices;
    struct ajar_arena arena;
    struct ajar_sensitivity sensitivity;
    struct ajar_mapping mapping;
};

static void add(struct seen *seen, struct ajar_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
    {
        seen->digest = (seen->digest ^ (uint8_t)bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    seen->digest = (seen->digest ^ 0x1ff) * UINT64_C(0x100000001b3);
}

static void on_index(void *context, struct ajar_span name)
{
    struct seen *seen = context;
    AJAR_REQUIRE(name.len <= AJAR_MAX_INDEX_NAME);
    seen->indices++;
    add(seen, name);
    ajar_sensitivity_index(&seen->sensitivity, name);
}

static void on_field(void *context, struct ajar_span path, struct ajar_span type)
{
    struct seen *seen = context;
    AJAR_REQUIRE(seen->indices > 0 && path.len <= sizeof(seen->mapping.path));
    add(seen, path);
    add(seen, type);
    enum ajar_field_type kind = ajar_field_type_of(type);
    struct ajar_field field = {.path = path, .type = kind};
    bool redacted = false;
    bool hint = false;
    (void)ajar_field_kinds(&field, true);
    (void)ajar_field_twin_key(&field, &redacted, &hint);
    ajar_sensitivity_field(&seen->sensitivity, path, kind);
}

static void check_facts(struct seen *seen)
{
    struct ajar_sensitivity_facts facts;
    ajar_sensitivity_finish(&seen->sensitivity, &facts);
    AJAR_REQUIRE(facts.score <= 100);
    AJAR_REQUIRE((facts.kinds == 0) == (facts.score == 0));
    AJAR_REQUIRE(facts.field_count <= AJAR_MAX_SENSITIVE_FIELDS);
    AJAR_REQUIRE(facts.unredacted_count <= AJAR_MAX_SENSITIVE_FIELDS);
    AJAR_REQUIRE(facts.fields_sensitive <= facts.fields_seen);
    AJAR_REQUIRE(facts.indices_looked_at <= seen->indices);
    AJAR_REQUIRE(ajar_sensitivity_word(ajar_sensitivity_level_of(facts.score)) != NULL);
}

/* Each piece from memory exactly as large, so that ASan sees a read past its end. */
static void read_mapping(struct seen *seen, const uint8_t *data, size_t size, size_t step)
{
    struct ajar_mapping_sink sink = {on_index, on_field, seen};
    memset(seen, 0, sizeof(*seen));
    seen->digest = UINT64_C(0xcbf29ce484222325);
    ajar_arena_init(&seen->arena, 256u * 1024);
    ajar_sensitivity_begin(&seen->sensitivity, &seen->arena);
    ajar_mapping_init(&seen->mapping, &sink);
    for (size_t at = 0; at < size;)
    {
        size_t len = size - at < step ? size - at : step;
        char *piece = malloc(len);
        AJAR_REQUIRE(piece != NULL);
        memcpy(piece, data + at, len);
        (void)ajar_mapping_feed(&seen->mapping, (struct ajar_span){piece, len});
        free(piece);
        at += len;
    }
    check_facts(seen);
    ajar_arena_deinit(&seen->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seen whole;
    static struct seen cut;
    if (size == 0)
    {
        return 0;
    }
    read_mapping(&whole, data + 1, size - 1, size);
    read_mapping(&cut, data + 1, size - 1, (size_t)(data[0] & 63) + 1);
    AJAR_REQUIRE(whole.digest == cut.digest);
    AJAR_REQUIRE(whole.mapping.state == cut.mapping.state);
    AJAR_REQUIRE(whole.mapping.shaped == cut.mapping.shaped);
    AJAR_REQUIRE(whole.mapping.oversized == cut.mapping.oversized);
    return 0;
}
