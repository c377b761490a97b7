/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/sensitivity.h"

#include <string.h>

#include "template.h"

/* Fields of a few indices to the facts of a visit, in constant memory. What does not fit
 * is counted, or makes the lists say that there is more; it never changes the score. */

static struct ajar_span index_of(const struct ajar_sensitivity *sensitivity)
{
    return (struct ajar_span){sensitivity->index, sensitivity->index_len};
}

/* The object that a field stands in, with its index. */
static uint64_t parent_of(const struct ajar_sensitivity *sensitivity,
                          struct ajar_span path)
{
    size_t len = path.len;
    while (len > 0 && path.data[len - 1] != '.')
    {
        len--;
    }
    uint64_t digest = 14695981039346656037u;
    for (size_t i = 0; i < sensitivity->index_len; i++)
    {
        digest = (digest ^ (unsigned char)sensitivity->index[i]) * 1099511628211u;
    }
    digest *= 1099511628211u;
    for (size_t i = 0; i < len; i++)
    {
        digest = (digest ^ (unsigned char)path.data[i]) * 1099511628211u;
    }
    return digest;
}

static bool is_personal(const struct ajar_sensitivity *sensitivity, uint64_t parent)
{
    for (size_t i = 0; i < sensitivity->personal_count; i++)
    {
        if (sensitivity->personal[i] == parent)
        {
            return true;
        }
    }
    return false;
}

static void note_personal(struct ajar_sensitivity *sensitivity, uint64_t parent)
{
    if (!is_personal(sensitivity, parent) &&
        sensitivity->personal_count < AJAR_COUNT_OF(sensitivity->personal))
    {
        sensitivity->personal[sensitivity->personal_count++] = parent;
    }
}

static char *name_of(struct ajar_sensitivity *sensitivity, struct ajar_span path)
{
    return ajar_arena_printf(sensitivity->arena, "%.*s.%.*s", (int)sensitivity->index_len,
                             sensitivity->index, (int)path.len, path.data);
}

/* Of the index at hand, by who listed it; what is not known yet is worth a name. */
static bool is_followed(const struct ajar_sensitivity *sensitivity, uint32_t kinds,
                        uint8_t listed)
{
    uint32_t known = sensitivity->facts.kinds | sensitivity->shares[listed].kinds;
    return sensitivity->sensitive_count < AJAR_COUNT_OF(sensitivity->sensitive) ||
           (kinds & ~known) != 0;
}

static void add_to_share(struct ajar_sensitivity_share *share, const char *name,
                         uint32_t kinds)
{
    share->kinds |= kinds;
    for (size_t i = 0; i < AJAR_KIND_COUNT; i++)
    {
        if ((kinds & 1u << i) != 0 && share->examples[i] == NULL)
        {
            share->examples[i] = name;
        }
    }
}

static void add_sensitive(struct ajar_sensitivity *sensitivity, const char *name,
                          uint32_t kinds, uint64_t twin, uint8_t listed, bool redacted)
{
    sensitivity->facts.fields_sensitive++;
    if (name == NULL ||
        sensitivity->sensitive_count == AJAR_COUNT_OF(sensitivity->sensitive))
    {
        sensitivity->facts.unredacted_more = true;
        return;
    }
    size_t at = sensitivity->sensitive_count++;
    sensitivity->sensitive[at].name = name;
    sensitivity->sensitive[at].twin = twin;
    sensitivity->sensitive[at].kinds = kinds;
    sensitivity->sensitive[at].listed = listed;
    sensitivity->sensitive[at].redacted = redacted;
}

static void add_to_facts(struct ajar_sensitivity_facts *facts,
                         const struct ajar_sensitivity_share *share)
{
    facts->kinds |= share->kinds;
    for (size_t i = 0; i < AJAR_KIND_COUNT; i++)
    {
        if (facts->examples[i] == NULL)
        {
            facts->examples[i] = share->examples[i];
        }
    }
}

/* The index at hand has been seen to its end: was what it lists used, or listed only? */
static void end_index(struct ajar_sensitivity *sensitivity)
{
    uint8_t lists = (uint8_t)template_of(&sensitivity->marks);
    for (uint8_t i = 0; i < AJAR_SENSITIVITY_SHARES; i++)
    {
        const struct ajar_sensitivity_share *share = &sensitivity->shares[i];
        if (i == TEMPLATE_NOT_LISTED || i > lists)
        {
            add_to_facts(&sensitivity->facts, share);
        }
        else
        {
            for (size_t kind = 0; kind < AJAR_KIND_COUNT; kind++)
            {
                add_to_share(&sensitivity->possible, share->examples[kind],
                             share->kinds & 1u << kind);
            }
        }
    }
    for (size_t i = sensitivity->sensitive_first; i < sensitivity->sensitive_count; i++)
    {
        uint8_t listed = sensitivity->sensitive[i].listed;
        sensitivity->sensitive[i].listed =
            listed != TEMPLATE_NOT_LISTED && listed <= lists;
    }
    for (size_t i = sensitivity->pending_first; i < sensitivity->pending_count; i++)
    {
        uint8_t listed = sensitivity->pending[i].listed;
        sensitivity->pending[i].listed = listed != TEMPLATE_NOT_LISTED && listed <= lists;
    }
    if (lists != TEMPLATE_NOT_LISTED)
    {
        sensitivity->facts.template_name = "ecs";
    }
    memset(&sensitivity->marks, 0, sizeof(sensitivity->marks));
    memset(sensitivity->shares, 0, sizeof(sensitivity->shares));
    sensitivity->sensitive_first = sensitivity->sensitive_count;
    sensitivity->pending_first = sensitivity->pending_count;
}

static void note_twin(struct ajar_sensitivity *sensitivity, uint64_t twin)
{
    if (sensitivity->twin_count < AJAR_COUNT_OF(sensitivity->twins))
    {
        sensitivity->twins[sensitivity->twin_count++] = twin;
    }
    else
    {
        sensitivity->facts.unredacted_more = true;
    }
}

void ajar_sensitivity_begin(struct ajar_sensitivity *sensitivity,
                            struct ajar_arena *arena)
{
    memset(sensitivity, 0, sizeof(*sensitivity));
    sensitivity->arena = arena;
}

void ajar_sensitivity_index(struct ajar_sensitivity *sensitivity, struct ajar_span name)
{
    size_t len = name.len < AJAR_MAX_INDEX_NAME ? name.len : AJAR_MAX_INDEX_NAME;
    end_index(sensitivity);
    memcpy(sensitivity->index, name.data, len);
    sensitivity->index_len = len;
    sensitivity->index_has_fields = false;
}

/* A field whose neighbours decide, and none of them has yet. */
static void postpone(struct ajar_sensitivity *sensitivity, struct ajar_span path,
                     uint32_t kinds, uint64_t parent, uint64_t twin)
{
    if (sensitivity->pending_count == AJAR_COUNT_OF(sensitivity->pending))
    {
        return;
    }
    char *name = name_of(sensitivity, path);
    if (name != NULL)
    {
        size_t at = sensitivity->pending_count++;
        sensitivity->pending[at].name = name;
        sensitivity->pending[at].parent = parent;
        sensitivity->pending[at].twin = twin;
        sensitivity->pending[at].kinds = kinds;
        sensitivity->pending[at].listed = (uint8_t)template_lists(path);
    }
}

/* The kinds that count at once. */
static uint32_t judge(struct ajar_sensitivity *sensitivity,
                      const struct ajar_field *field, uint64_t twin, bool redacted)
{
    uint64_t parent = parent_of(sensitivity, field->path);
    bool personal = is_personal(sensitivity, parent);
    uint32_t kinds = ajar_field_kinds(field, personal);
    if ((kinds & AJAR_KINDS_PERSONAL) != 0)
    {
        note_personal(sensitivity, parent);
    }
    if (kinds != 0)
    {
        uint8_t listed = (uint8_t)template_lists(field->path);
        bool followed = is_followed(sensitivity, kinds, listed);
        const char *name = followed ? name_of(sensitivity, field->path) : NULL;
        add_sensitive(sensitivity, name, kinds, twin, listed, redacted);
        add_to_share(&sensitivity->shares[listed], name, kinds);
        return kinds;
    }
    uint32_t among = personal ? 0 : ajar_field_kinds(field, true);
    if (among != 0)
    {
        postpone(sensitivity, field->path, among, parent, twin);
    }
    return 0;
}

void ajar_sensitivity_field(struct ajar_sensitivity *sensitivity, struct ajar_span path,
                            enum ajar_field_type type)
{
    struct ajar_sensitivity_facts *facts = &sensitivity->facts;
    struct ajar_field field = {index_of(sensitivity), path, type};
    if (!sensitivity->index_has_fields)
    {
        sensitivity->index_has_fields = true;
        facts->indices_looked_at++;
    }
    facts->fields_seen++;
    template_note(&sensitivity->marks, path);
    bool redacted = false;
    bool hint = false;
    uint64_t twin = ajar_field_twin_key(&field, &redacted, &hint);
    if (redacted)
    {
        note_twin(sensitivity, twin);
    }
    uint32_t kinds = judge(sensitivity, &field, twin, redacted);
    /* `raw` is a sign of redaction only where what is raw is sensitive, and more than a
     * log line; a hash alone is none, for checksums have that name too, but is one beside
     * its field. */
    bool sensitive = (kinds & ~AJAR_KIND_BIT(FREE_TEXT)) != 0;
    facts->redaction_hinted =
        facts->redaction_hinted || (hint && (redacted || sensitive));
}

void ajar_sensitivity_cut(struct ajar_sensitivity *sensitivity)
{
    sensitivity->facts.truncated = true;
}

static void settle_pending(struct ajar_sensitivity *sensitivity)
{
    for (size_t i = 0; i < sensitivity->pending_count; i++)
    {
        const char *name = sensitivity->pending[i].name;
        uint32_t kinds = sensitivity->pending[i].kinds;
        uint8_t possible = sensitivity->pending[i].listed;
        if (!is_personal(sensitivity, sensitivity->pending[i].parent))
        {
            continue;
        }
        add_sensitive(sensitivity, name, kinds, sensitivity->pending[i].twin, possible,
                      false);
        struct ajar_sensitivity_share share = {0};
        add_to_share(possible ? &sensitivity->possible : &share, name, kinds);
        add_to_facts(&sensitivity->facts, &share);
    }
}

static void list_field(struct ajar_sensitivity_facts *facts, const char *name)
{
    if (name == NULL || facts->field_count == AJAR_MAX_SENSITIVE_FIELDS)
    {
        return;
    }
    for (size_t i = 0; i < facts->field_count; i++)
    {
        if (strcmp(facts->fields[i], name) == 0)
        {
            return;
        }
    }
    facts->fields[facts->field_count++] = name;
}

/* One of each kind before the second of any, and what is possible after what is not. */
static void list_fields(struct ajar_sensitivity *sensitivity)
{
    struct ajar_sensitivity_facts *facts = &sensitivity->facts;
    for (uint8_t possible = 0; possible < 2; possible++)
    {
        const char *const *examples =
            possible ? sensitivity->possible.examples : facts->examples;
        for (size_t i = 0; i < AJAR_KIND_COUNT; i++)
        {
            list_field(facts, examples[i]);
        }
        for (size_t i = 0; i < sensitivity->sensitive_count; i++)
        {
            if (sensitivity->sensitive[i].listed == possible)
            {
                list_field(facts, sensitivity->sensitive[i].name);
            }
        }
    }
}

/* Possible kinds weigh too, but no further than to `medium`. */
static void add_possible(struct ajar_sensitivity *sensitivity)
{
    struct ajar_sensitivity_facts *facts = &sensitivity->facts;
    uint32_t sure = ajar_sensitivity_score(facts->kinds);
    facts->kinds_possible = sensitivity->possible.kinds & ~facts->kinds;
    add_to_facts(facts, &sensitivity->possible);
    uint32_t all = ajar_sensitivity_score(facts->kinds);
    uint32_t capped =
        all < AJAR_SENSITIVITY_POSSIBLE_MAX ? all : AJAR_SENSITIVITY_POSSIBLE_MAX;
    facts->score = sure > capped ? sure : capped;
}

static bool has_twin(const struct ajar_sensitivity *sensitivity, uint64_t twin)
{
    for (size_t i = 0; i < sensitivity->twin_count; i++)
    {
        if (sensitivity->twins[i] == twin)
        {
            return true;
        }
    }
    return false;
}

static bool any_twin(const struct ajar_sensitivity *sensitivity)
{
    for (size_t i = 0; i < sensitivity->sensitive_count; i++)
    {
        /* A password's hash is no sign that anything else is redacted. */
        if (!sensitivity->sensitive[i].redacted &&
            has_twin(sensitivity, sensitivity->sensitive[i].twin))
        {
            return true;
        }
    }
    return false;
}

static void list_unredacted(struct ajar_sensitivity *sensitivity)
{
    struct ajar_sensitivity_facts *facts = &sensitivity->facts;
    for (size_t i = 0; i < sensitivity->sensitive_count; i++)
    {
        if (sensitivity->sensitive[i].listed != 0 ||
            has_twin(sensitivity, sensitivity->sensitive[i].twin))
        {
            continue;
        }
        if (facts->unredacted_count == AJAR_MAX_SENSITIVE_FIELDS)
        {
            facts->unredacted_more = true;
            return;
        }
        facts->unredacted[facts->unredacted_count++] = sensitivity->sensitive[i].name;
    }
}

void ajar_sensitivity_finish(struct ajar_sensitivity *sensitivity,
                             struct ajar_sensitivity_facts *out)
{
    struct ajar_sensitivity_facts *facts = &sensitivity->facts;
    end_index(sensitivity);
    settle_pending(sensitivity);
    list_fields(sensitivity);
    facts->redaction_hinted = facts->redaction_hinted || any_twin(sensitivity);
    if (facts->redaction_hinted)
    {
        list_unredacted(sensitivity);
    }
    else
    {
        facts->unredacted_more = false;
    }
    add_possible(sensitivity);
    *out = *facts;
}
