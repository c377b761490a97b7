/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

#include "ajar/num.h"
#include "ajar/prng.h"

/*
 * The index list, row by row as it arrives: 50,000 rows cost what one costs.
 * `_cat/indices` is an array of objects each with a member "index"; `_aliases` (0.x) an
 * object of objects each with a member "aliases", names alone. Anything else is not a
 * list.
 */

/* A row that is held: the name may be longer than what may be asked for. */
struct es_row
{
    char name[AJAR_MAX_INDEX_NAME + 1];
    size_t len;
    uint64_t documents;
    uint64_t bytes;
    bool counted; /* the list said how many documents */
    bool open;    /* a closed index cannot be counted */
};

struct es_list
{
    struct ajar_rows rows;
    struct es_state *state;
    bool names_only; /* _aliases */
    bool strange;    /* a row without the shape: this is no index list */
    bool has_counts;
    uint64_t primaries; /* sum of pri */
    uint64_t digest;
    uint64_t names_digest;
    struct es_names names;
    struct es_row largest[AJAR_MAX_LARGEST];
    size_t largest_count;
    struct es_row row; /* the one being read */
    char sensitive[AJAR_MAX_INDEX_NAME + 1];
    char ransom[AJAR_MAX_INDEX_NAME + 1];
    bool ransom_is_strong;
};

/* FNV-1a, then mixed: the names of a cluster differ in few bytes. */
static uint64_t digest_of(struct ajar_span name, uint64_t documents)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < name.len; i++)
    {
        hash = (hash ^ (unsigned char)name.data[i]) * 0x100000001b3u;
    }
    return ajar_prng_mix(ajar_prng_mix(name.len, hash), documents);
}

static bool is_larger(const struct es_row *a, const struct es_row *b)
{
    if (a->counted != b->counted)
    {
        return a->counted;
    }
    if (a->documents != b->documents)
    {
        return a->documents > b->documents;
    }
    if (a->bytes != b->bytes)
    {
        return a->bytes > b->bytes;
    }
    return strcmp(a->name, b->name) < 0;
}

/* Keeps the largest rows in order. Equal ones by name: an engine lists them as its hash
 * map has them, and two visits of one cluster should count the same index. */
static void keep_largest(struct es_list *list)
{
    size_t at = list->largest_count;
    if (at == AJAR_MAX_LARGEST)
    {
        if (!is_larger(&list->row, &list->largest[at - 1]))
        {
            return;
        }
        at--;
    }
    else
    {
        list->largest_count++;
    }
    while (at > 0 && is_larger(&list->row, &list->largest[at - 1]))
    {
        list->largest[at] = list->largest[at - 1];
        at--;
    }
    list->largest[at] = list->row;
}

static void judge_name(struct es_list *list, struct ajar_span name)
{
    struct ajar_index_facts *facts = &list->state->evidence->indices;
    const struct es_row *row = &list->row;
    if (ajar_index_is_sensitive(name))
    {
        facts->sensitive++;
        if (list->sensitive[0] == '\0')
        {
            memcpy(list->sensitive, row->name, sizeof(row->name));
        }
    }
    enum ajar_ransom ransom =
        ajar_index_ransom(name, row->counted ? row->documents : UINT64_MAX);
    facts->ransom_strong += ransom == AJAR_RANSOM_STRONG ? 1 : 0;
    facts->ransom_weak += ransom == AJAR_RANSOM_WEAK ? 1 : 0;
    if (ransom == AJAR_RANSOM_STRONG && !list->ransom_is_strong)
    {
        list->ransom_is_strong = true;
        memcpy(list->ransom, row->name, sizeof(row->name));
    }
    else if (ransom == AJAR_RANSOM_WEAK && list->ransom[0] == '\0')
    {
        memcpy(list->ransom, row->name, sizeof(row->name));
    }
}

static void count_row(struct es_list *list, struct ajar_span name)
{
    struct ajar_index_facts *facts = &list->state->evidence->indices;
    const struct es_row *row = &list->row;
    facts->count = ajar_num_add(facts->count, 1);
    if (ajar_index_is_system(name))
    {
        facts->system = ajar_num_add(facts->system, 1);
        return;
    }
    facts->documents = ajar_num_add(facts->documents, row->documents);
    facts->bytes = ajar_num_add(facts->bytes, row->bytes);
    if (row->counted)
    {
        list->has_counts = true;
        list->digest += digest_of(name, row->documents); /* a sum knows no order */
    }
    else
    {
        facts->unknown = ajar_num_add(facts->unknown, 1);
    }
    list->names_digest += digest_of(name, 0);
    es_names_add(&list->names, list->state->evidence->arena, row->name);
    judge_name(list, name);
    keep_largest(list);
}

static void begin_row(struct es_list *list, struct ajar_span name)
{
    memset(&list->row, 0, sizeof(list->row));
    list->row.len = name.len < AJAR_MAX_INDEX_NAME ? name.len : AJAR_MAX_INDEX_NAME;
    memcpy(list->row.name, name.data, list->row.len);
    list->row.open = true;
}

/* A row of _cat/indices. Values are strings or null in every version (wire-facts 1.4); a
 * closed or red index has null counts, which are unknown and not zero. */
static bool take_cat_row(struct es_list *list, const struct cJSON *json)
{
    struct ajar_span name = ajar_span_of(ajar_json_string(json, "index"));
    if (name.len == 0)
    {
        return false;
    }
    begin_row(list, name);
    struct es_row *row = &list->row;
    uint64_t pri = 0;
    row->counted = ajar_json_count(json, "docs.count", &row->documents);
    (void)ajar_json_count(json, "store.size", &row->bytes);
    if (ajar_json_count(json, "pri", &pri))
    {
        list->primaries = ajar_num_add(list->primaries, pri);
    }
    const char *status = ajar_json_string(json, "status");
    row->open = status == NULL || strcmp(status, "close") != 0;
    es_decoy_row(list->state, name, ajar_json_string(json, "uuid") != NULL);
    count_row(list, name);
    return true;
}

static bool take_alias_row(struct es_list *list, struct ajar_span key,
                           const struct cJSON *json)
{
    if (key.len == 0 || ajar_json_object(json, "aliases") == NULL)
    {
        return false;
    }
    begin_row(list, key);
    count_row(list, key);
    return true;
}

static bool on_row(void *context, struct ajar_span key, struct ajar_span text)
{
    struct es_list *list = context;
    struct cJSON *json = es_json_parse(text);
    bool fits = json != NULL && (list->names_only ? take_alias_row(list, key, json)
                                                  : take_cat_row(list, json));
    ajar_json_free(json);
    list->strange = list->strange || !fits;
    return fits;
}

bool es_list_begin(struct es_state *state)
{
    if (state->list != NULL)
    {
        memset(state->list, 0, sizeof(*state->list));
    }
    else
    {
        state->list = ajar_arena_alloc(state->evidence->arena, sizeof(*state->list));
    }
    if (state->list == NULL)
    {
        return false;
    }
    struct es_list *list = state->list;
    memset(&state->evidence->indices, 0, sizeof(state->evidence->indices));
    list->state = state;
    list->names_only = state->step == ES_ALIASES;
    ajar_rows_init(&list->rows, "", on_row, list);
    return true;
}

bool es_list_feed(struct es_state *state, struct ajar_span bytes)
{
    /* DONE too: what follows may be white space, and the connection is kept for the next
     * request only when the reply is read to its end. */
    enum ajar_rows_state now = ajar_rows_feed(&state->list->rows, bytes);
    return now == AJAR_ROWS_MORE || now == AJAR_ROWS_DONE;
}

void es_list_release(struct es_state *state)
{
    if (state->list != NULL)
    {
        ajar_rows_deinit(&state->list->rows);
    }
}

static const char *keep(struct es_state *state, const char *text)
{
    return text[0] != '\0' ? ajar_arena_copy(state->evidence->arena, ajar_span_of(text))
                           : NULL;
}

/* Never of a part: it would match nothing. 0 stands for none. */
static void keep_digests(const struct es_list *list, struct ajar_index_facts *facts)
{
    if (facts->documents > 0)
    {
        facts->fingerprint = list->digest != 0 ? list->digest : 1;
    }
    if (facts->count > facts->system)
    {
        facts->names_digest = list->names_digest != 0 ? list->names_digest : 1;
    }
    facts->names = (const char *const *)list->names.slots;
    facts->name_count = list->names.count;
    facts->names_complete = !list->names.more;
}

static void keep_facts(struct es_state *state)
{
    struct es_list *list = state->list;
    struct ajar_index_facts *facts = &state->evidence->indices;
    for (size_t i = 0; i < list->largest_count; i++)
    {
        const struct es_row *row = &list->largest[i];
        const char *name = keep(state, row->name);
        if (name != NULL)
        {
            facts->largest[facts->largest_count++] =
                (struct ajar_index_fact){name, row->documents, row->bytes};
        }
    }
    facts->sensitive_example = keep(state, list->sensitive);
    facts->ransom_example = keep(state, list->ransom);
    if (!facts->truncated)
    {
        keep_digests(list, facts);
    }
}

static bool is_list(const struct es_list *list)
{
    if (list->strange)
    {
        return false;
    }
    bool kind = list->rows.found && list->rows.is_array == !list->names_only;
    /* An empty list has no shape of its own: `[]` and `{}` are what many servers say, so
     * it counts only beside something that had the family's shape. */
    return kind &&
           (list->rows.rows > 0 || list->rows.oversized > 0 || list->state->speaks);
}

enum ajar_reading es_list_end(struct es_state *state, bool whole)
{
    struct es_list *list = state->list;
    struct ajar_index_facts *facts = &state->evidence->indices;
    bool done = list->rows.state == AJAR_ROWS_DONE;
    if (!is_list(list) || (!done && list->rows.rows == 0))
    {
        bool cut =
            !done && !list->strange && list->rows.state == AJAR_ROWS_MORE && !whole;
        memset(facts, 0, sizeof(*facts));
        list->largest_count = 0;
        return cut ? AJAR_READING_CUT : AJAR_READING_OTHER;
    }
    facts->truncated = !done || list->rows.oversized > 0;
    keep_facts(state);
    if (done && list->rows.oversized == 0 && !list->names_only &&
        state->primaries > list->primaries)
    {
        ajar_evidence_reason(state->evidence,
                             "health reports %llu active primary shards, the list shows "
                             "%llu: some indices are hidden or filtered out",
                             (unsigned long long)state->primaries,
                             (unsigned long long)list->primaries);
    }
    return AJAR_READING_SHOWN;
}

struct ajar_span es_list_target(const struct es_state *state, size_t at)
{
    const struct es_list *list = state->list;
    size_t found = 0;
    for (size_t i = 0; list != NULL && i < list->largest_count; i++)
    {
        const struct es_row *row = &list->largest[i];
        struct ajar_span name = {row->name, row->len};
        if (row->counted && row->open && es_path_index_ok(name) &&
            strlen(row->name) == row->len && found++ == at)
        {
            return name;
        }
    }
    return (struct ajar_span){NULL, 0};
}

bool es_list_has_counts(const struct es_state *state)
{
    return state->list != NULL && state->list->has_counts;
}

bool es_list_is_names_only(const struct es_state *state)
{
    return state->list != NULL && state->list->names_only;
}

/* The same but for digits: logs-2024.01.01 and logs-2024.01.02 have one mapping. */
static bool is_sibling(const struct es_row *a, const struct es_row *b)
{
    size_t i = 0;
    size_t k = 0;
    for (;;)
    {
        while (i < a->len && a->name[i] >= '0' && a->name[i] <= '9')
        {
            i++;
        }
        while (k < b->len && b->name[k] >= '0' && b->name[k] <= '9')
        {
            k++;
        }
        if (i == a->len || k == b->len)
        {
            return i == a->len && k == b->len;
        }
        if (a->name[i++] != b->name[k++])
        {
            return false;
        }
    }
}

static bool can_be_mapped(const struct es_row *row)
{
    struct ajar_span name = {row->name, row->len};
    return row->open && es_path_index_ok(name) && strlen(row->name) == row->len;
}

struct ajar_span es_list_mapping_target(const struct es_state *state, size_t at)
{
    const struct es_list *list = state->list;
    size_t found = 0;
    for (size_t i = 0; list != NULL && i < list->largest_count; i++)
    {
        const struct es_row *row = &list->largest[i];
        bool known = !can_be_mapped(row);
        for (size_t k = 0; k < i && !known; k++)
        {
            known =
                can_be_mapped(&list->largest[k]) && is_sibling(row, &list->largest[k]);
        }
        if (!known && found++ == at && at < AJAR_MAX_MAPPINGS)
        {
            return (struct ajar_span){row->name, row->len};
        }
    }
    return (struct ajar_span){NULL, 0};
}
