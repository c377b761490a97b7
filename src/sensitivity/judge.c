/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/sensitivity.h"

#include <string.h>

#include "name.h"

/*
 * One field name to its kinds. Longer patterns win over the shorter ones that they
 * contain (mail_server is no mail), what stands behind a pattern may turn it into
 * something about it (email_template_id), and the field's type has a veto (a boolean
 * email_sent).
 */
#define BIT(type) (1u << AJAR_FIELD_##type)
#define STRINGS (BIT(UNKNOWN) | BIT(TEXT) | BIT(KEYWORD))
#define NUMBERS (BIT(INTEGER) | BIT(FLOAT))

enum
{
    TABLE_MIN = 3 /* letters of an index' name cut short */
};

/* The types that can hold a kind, where the rule does not say. */
static const uint32_t kind_types[AJAR_KIND_COUNT] = {
    [AJAR_KIND_EMAIL] = STRINGS,
    [AJAR_KIND_PHONE] = STRINGS | BIT(INTEGER),
    [AJAR_KIND_PERSON_NAME] = STRINGS,
    [AJAR_KIND_POSTAL_ADDRESS] = STRINGS,
    [AJAR_KIND_IP_ADDRESS] = STRINGS | BIT(INTEGER) | BIT(IP),
    [AJAR_KIND_LOCATION] = STRINGS | NUMBERS | BIT(GEO),
    [AJAR_KIND_DEVICE_ID] = STRINGS | BIT(INTEGER),
    [AJAR_KIND_BIRTH_DATE] = STRINGS | BIT(INTEGER) | BIT(DATE),
    [AJAR_KIND_GOVERNMENT_ID] = STRINGS | BIT(INTEGER),
    [AJAR_KIND_CREDENTIALS] = STRINGS | BIT(OTHER),
    [AJAR_KIND_PAYMENT] = STRINGS | BIT(INTEGER),
    [AJAR_KIND_HEALTH] = STRINGS | NUMBERS | BIT(BOOLEAN),
    [AJAR_KIND_FREE_TEXT] = BIT(UNKNOWN) | BIT(TEXT),
};

struct view
{
    struct name path;
    struct name index;
    size_t leaf;    /* the first token of the name itself */
    uint32_t table; /* tokens that stand for the index, by its first letters */
    enum ajar_field_type type;
    bool among_personal;
};

static uint8_t part_at(const struct name *path, size_t token)
{
    return path->tokens.part[token];
}

/* Where the last component begins. */
static size_t own_of(const struct name *path)
{
    size_t own = path->tokens.count;
    while (own > 0 && part_at(path, own - 1) == part_at(path, path->tokens.count - 1))
    {
        own--;
    }
    return own;
}

/* The name itself: the last component, and the one before where it says nothing alone
 * (phone.number, email.value). */
static size_t leaf_of(const struct name *path)
{
    size_t leaf = own_of(path);
    for (size_t i = leaf; i < path->tokens.count; i++)
    {
        if (!words_is(path->word[i], WORDS_GENERIC))
        {
            return leaf;
        }
    }
    uint8_t parent = leaf > 0 ? part_at(path, leaf - 1) : 0;
    while (leaf > 0 && part_at(path, leaf - 1) == parent)
    {
        leaf--;
    }
    return leaf;
}

static uint64_t classes_of_part(const struct name *path, size_t end)
{
    uint64_t classes = 0;
    uint8_t part = end > 0 ? part_at(path, end - 1) : 0;
    for (size_t i = end; i > 0 && part_at(path, i - 1) == part; i--)
    {
        classes |= path->word[i - 1]->classes;
    }
    return classes;
}

static uint64_t classes_of_index(const struct view *view)
{
    uint64_t classes = 0;
    for (size_t i = 0; i < view->index.tokens.count; i++)
    {
        classes |= view->index.word[i]->classes;
    }
    return classes;
}

/* All around the match: objects, the other words of the name, the index. */
static uint64_t classes_around(const struct view *view, size_t from, size_t count)
{
    uint64_t classes = classes_of_index(view);
    for (size_t i = 0; i < view->path.tokens.count; i++)
    {
        if (i < from || i >= from + count)
        {
            classes |= view->path.word[i]->classes;
        }
    }
    return classes;
}

/* For a name that is nothing but the pattern: the object that it stands in, else the
 * index. */
static uint64_t classes_nearest(const struct view *view, size_t from)
{
    return from > 0 ? classes_of_part(&view->path, from) : classes_of_index(view);
}

/* The next word of the same name: in English the one before (customer_name), elsewhere
 * the one behind too (nom_client). */
static uint64_t classes_beside(const struct view *view, const struct words_rule *rule,
                               size_t from)
{
    const struct name *path = &view->path;
    size_t next = from + rule->count;
    uint64_t classes = 0;
    if (from > 0 && part_at(path, from - 1) == part_at(path, from))
    {
        classes |= path->word[from - 1]->classes;
    }
    if (!words_sense_of(rule)->head_last && next < path->tokens.count &&
        part_at(path, next) == part_at(path, from))
    {
        classes |= path->word[next]->classes;
    }
    return classes;
}

/* Is it about a person? The nearest object that is a person or a thing decides, then the
 * index, then the fields beside it. */
static bool is_about_person(const struct view *view, size_t from)
{
    const struct name *path = &view->path;
    size_t end = from;
    while (end > 0)
    {
        bool person = false;
        uint8_t part = part_at(path, end - 1);
        if (words_is(path->word[end - 1], WORDS_THING))
        {
            return false;
        }
        while (end > 0 && part_at(path, end - 1) == part)
        {
            person = person || words_is(path->word[end - 1], WORDS_PERSON);
            end--;
        }
        if (person)
        {
            return true;
        }
    }
    for (size_t i = 0; i < view->index.tokens.count; i++)
    {
        if (words_is(view->index.word[i], WORDS_PERSON))
        {
            return true;
        }
    }
    return view->among_personal;
}

static bool is_whole(const struct view *view, size_t from, size_t count)
{
    for (size_t i = own_of(&view->path); i < view->path.tokens.count; i++)
    {
        bool inside = i >= from && i < from + count;
        bool says_nothing =
            words_is(view->path.word[i], WORDS_BENIGN) || (view->table >> i & 1u) != 0;
        if (!inside && !says_nothing)
        {
            return false;
        }
    }
    return true;
}

static bool conditions_hold(const struct view *view, const struct words_rule *rule,
                            size_t from)
{
    const struct words_sense *sense = words_sense_of(rule);
    uint32_t types = sense->types;
    if (types == 0)
    {
        types = sense->kind < AJAR_KIND_COUNT ? kind_types[sense->kind] : UINT32_MAX;
    }
    if ((types & 1u << view->type) == 0 ||
        (sense->whole && !is_whole(view, from, rule->count)))
    {
        return false;
    }
    if (sense->notin != 0 &&
        (classes_around(view, from, rule->count) & sense->notin) != 0)
    {
        return false;
    }
    if (sense->beside != 0 && (classes_beside(view, rule, from) & sense->beside) == 0)
    {
        return false;
    }
    if (sense->in == 0)
    {
        return true;
    }
    if (words_asks_person(sense) && is_about_person(view, from))
    {
        return true;
    }
    uint64_t classes = sense->whole ? classes_nearest(view, from)
                                    : classes_around(view, from, rule->count);
    return (classes & words_other_classes(sense)) != 0;
}

/* What the other words of the name make of it. */
static bool is_turned(const struct view *view, const struct words_rule *rule, size_t from)
{
    const struct name *path = &view->path;
    bool head_last = words_sense_of(rule)->head_last;
    for (size_t i = from + rule->count; i < path->tokens.count; i++)
    {
        bool benign =
            words_is(path->word[i], WORDS_BENIGN) || (view->table >> i & 1u) != 0;
        bool turns = head_last ? !benign : words_is(path->word[i], WORDS_LAST);
        if (turns)
        {
            return true;
        }
    }
    /* has_allergy is about health as much as the allergy's name. */
    bool flag_tells = view->type == AJAR_FIELD_BOOLEAN;
    size_t own = own_of(path);
    return own < from && !flag_tells && words_is(path->word[own], WORDS_FIRST);
}

static bool matches(const struct view *view, const struct words_rule *rule, size_t from)
{
    if (from + rule->count > view->path.tokens.count)
    {
        return false;
    }
    for (size_t i = 1; i < rule->count; i++)
    {
        if (view->path.word[from + i] != &words_entries[rule->parts[i]])
        {
            return false;
        }
    }
    return true;
}

/* A bit for each of `length` tokens from `from` on; bounded where an analyser can see it.
 */
static uint32_t tokens_bits(size_t from, size_t length)
{
    uint64_t bits = ((UINT64_C(1) << (length % TOKENS_MAX)) - 1) << (from % TOKENS_MAX);
    return (uint32_t)bits;
}

/* Rules of `length` tokens that begin at `from`; *taken gets the tokens that they cover.
 */
static uint32_t kinds_at(const struct view *view, size_t from, size_t length,
                         uint32_t *taken)
{
    uint32_t kinds = 0;
    const struct words_entry *first = view->path.word[from];
    const struct words_rule *rules = words_rules_of(first);
    for (size_t i = 0; i < first->rule_count; i++)
    {
        const struct words_rule *rule = &rules[i];
        if (rule->count != length || !matches(view, rule, from) ||
            !conditions_hold(view, rule, from))
        {
            continue;
        }
        *taken |= tokens_bits(from, length);
        uint8_t kind = words_sense_of(rule)->kind;
        if (kind < AJAR_KIND_COUNT && !is_turned(view, rule, from))
        {
            kinds |= 1u << kind;
        }
    }
    return kinds;
}

static uint32_t kinds_by_words(const struct view *view)
{
    uint32_t kinds = 0;
    uint32_t taken = 0;
    for (size_t length = WORDS_PARTS; length > 0; length--)
    {
        uint32_t here = 0;
        for (size_t from = view->leaf; from + length <= view->path.tokens.count; from++)
        {
            if ((taken & tokens_bits(from, length)) == 0)
            {
                kinds |= kinds_at(view, from, length, &here);
            }
        }
        taken |= here;
    }
    return kinds;
}

static bool has_role(const struct name *name, enum words_role role)
{
    for (size_t i = 0; i < name->tokens.count; i++)
    {
        if (words_is(name->word[i], role))
        {
            return true;
        }
    }
    return false;
}

/* A digest only in the field's own path: an index named `md_` or `hash` is no checksum.
 */
static bool is_redacted(const struct view *view)
{
    return has_role(&view->path, WORDS_REDACTED) || has_role(&view->path, WORDS_DIGEST) ||
           has_role(&view->index, WORDS_REDACTED);
}

/* cust_name in `customers`, nom_adh in `adherents`: many tables put their own name, cut
 * short, before or behind that of each field. */
static void find_table(struct view *view)
{
    for (size_t i = own_of(&view->path); i < view->path.tokens.count; i++)
    {
        const char *token = view->path.tokens.text[i];
        size_t len = strlen(token);
        bool is_word = view->path.word[i]->text[0] != '\0';
        for (size_t j = 0; !is_word && len >= TABLE_MIN && j < view->index.tokens.count;
             j++)
        {
            const char *index = view->index.tokens.text[j];
            if (strncmp(index, token, len) == 0 && strlen(index) > len)
            {
                view->path.word[i] = view->index.word[j];
                view->table |= 1u << i;
                break;
            }
        }
    }
}

uint32_t ajar_field_kinds(const struct ajar_field *field, bool among_personal)
{
    struct view view = {.type = field->type, .among_personal = among_personal};
    name_read(field->path, &view.path);
    name_read(field->index, &view.index);
    if (field->type == AJAR_FIELD_OBJECT || view.path.tokens.count == 0)
    {
        return 0;
    }
    find_table(&view);
    view.leaf = leaf_of(&view.path);
    uint32_t kinds = kinds_by_words(&view);
    kinds |= field->type == AJAR_FIELD_IP ? AJAR_KIND_BIT(IP_ADDRESS) : 0;
    kinds |= field->type == AJAR_FIELD_GEO ? AJAR_KIND_BIT(LOCATION) : 0;
    /* A password's hash is a credential still; anything else is what redaction leaves. */
    return is_redacted(&view) ? kinds & AJAR_KIND_BIT(CREDENTIALS) : kinds;
}
