/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ajar/sensitivity.h"

#include "tokens.h"
#include "words.h"

/*
 * One field name to its kinds. Longer patterns win over the shorter ones that they
 * contain (mail_server is no mail), what stands behind a pattern may turn it into
 * something about it (email_template_id), and the field's type has a veto (a boolean
 * email_sent).
 */
#define BIT(type) (1u << AJAR_FIELD_##type)
#define STRINGS (BIT(UNKNOWN) | BIT(TEXT) | BIT(KEYWORD))
#define NUMBERS (BIT(INTEGER) | BIT(FLOAT))

/* The types that can hold a kind, where the rule does not say. */
static const uint32_t kind_types[AJAR_KIND_COUNT] = {
    [AJAR_KIND_EMAIL] = STRINGS,
    [AJAR_KIND_PHONE] = STRINGS | BIT(INTEGER),
    [AJAR_KIND_PERSON_NAME] = STRINGS,
    [AJAR_KIND_POSTAL_ADDRESS] = STRINGS | BIT(INTEGER),
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
    struct tokens path;
    struct tokens index;
    size_t leaf; /* the first token of the name itself */
    enum ajar_field_type type;
    bool among_personal;
};

/* The name itself: the last component, and the one before where it says nothing alone
 * (phone.number, email.value). */
static size_t leaf_of(const struct tokens *path)
{
    size_t leaf = path->count;
    while (leaf > 0 && path->part[leaf - 1] == path->part[path->count - 1])
    {
        leaf--;
    }
    for (size_t i = leaf; i < path->count; i++)
    {
        if (!words_is(path->text[i], WORDS_GENERIC))
        {
            return leaf;
        }
    }
    uint8_t parent = leaf > 0 ? path->part[leaf - 1] : 0;
    while (leaf > 0 && path->part[leaf - 1] == parent)
    {
        leaf--;
    }
    return leaf;
}

/* Where the last component begins, whatever leaf_of made of it. */
static size_t own_of(const struct tokens *path)
{
    size_t own = path->count;
    while (own > 0 && path->part[own - 1] == path->part[path->count - 1])
    {
        own--;
    }
    return own;
}

static uint32_t classes_of_part(const struct tokens *path, size_t end)
{
    uint32_t classes = 0;
    uint8_t part = end > 0 ? path->part[end - 1] : 0;
    for (size_t i = end; i > 0 && path->part[i - 1] == part; i--)
    {
        classes |= words_classes_of(path->text[i - 1]);
    }
    return classes;
}

static uint32_t classes_of_index(const struct view *view)
{
    uint32_t classes = 0;
    for (size_t i = 0; i < view->index.count; i++)
    {
        classes |= words_classes_of(view->index.text[i]);
    }
    return classes;
}

/* All around the match: objects, the other words of the name, the index. */
static uint32_t classes_around(const struct view *view, size_t from, size_t count)
{
    uint32_t classes = classes_of_index(view);
    for (size_t i = 0; i < view->path.count; i++)
    {
        if (i < from || i >= from + count)
        {
            classes |= words_classes_of(view->path.text[i]);
        }
    }
    return classes;
}

/* For a name that is nothing but the pattern: the object that it stands in, else the
 * index. */
static uint32_t classes_nearest(const struct view *view, size_t from)
{
    return from > 0 ? classes_of_part(&view->path, from) : classes_of_index(view);
}

/* Is it about a person? The nearest object that is a person or a thing decides, then the
 * index, then the fields beside it. */
static bool is_about_person(const struct view *view, size_t from)
{
    const struct tokens *path = &view->path;
    size_t end = from;
    while (end > 0)
    {
        bool person = false;
        uint8_t part = path->part[end - 1];
        if (words_is(path->text[end - 1], WORDS_THING))
        {
            return false;
        }
        while (end > 0 && path->part[end - 1] == part)
        {
            person = person || words_is(path->text[end - 1], WORDS_PERSON);
            end--;
        }
        if (person)
        {
            return true;
        }
    }
    for (size_t i = 0; i < view->index.count; i++)
    {
        if (words_is(view->index.text[i], WORDS_PERSON))
        {
            return true;
        }
    }
    return view->among_personal;
}

static bool is_whole(const struct view *view, size_t from, size_t count)
{
    for (size_t i = own_of(&view->path); i < view->path.count; i++)
    {
        bool inside = i >= from && i < from + count;
        if (!inside && !words_is(view->path.text[i], WORDS_BENIGN))
        {
            return false;
        }
    }
    return true;
}

static bool conditions_hold(const struct view *view, const struct words_rule *rule,
                            size_t from)
{
    uint32_t types = rule->types;
    if (types == 0)
    {
        types = rule->kind < AJAR_KIND_COUNT ? kind_types[rule->kind] : UINT32_MAX;
    }
    if ((types & 1u << view->type) == 0 ||
        (rule->whole && !is_whole(view, from, rule->count)))
    {
        return false;
    }
    if (rule->notin != 0 && (classes_around(view, from, rule->count) & rule->notin) != 0)
    {
        return false;
    }
    if (rule->in == 0)
    {
        return true;
    }
    if (words_asks_person(rule) && is_about_person(view, from))
    {
        return true;
    }
    uint32_t classes = rule->whole ? classes_nearest(view, from)
                                   : classes_around(view, from, rule->count);
    return (classes & words_other_classes(rule)) != 0;
}

/* What the other words of the name make of it. */
static bool is_turned(const struct view *view, const struct words_rule *rule, size_t from)
{
    const struct tokens *path = &view->path;
    for (size_t i = from + rule->count; i < path->count; i++)
    {
        bool benign = words_is(path->text[i], WORDS_BENIGN);
        bool turns = rule->head_last ? !benign : words_is(path->text[i], WORDS_LAST);
        if (turns)
        {
            return true;
        }
    }
    size_t own = own_of(path);
    return own < from && words_is(path->text[own], WORDS_FIRST);
}

static bool matches(const struct view *view, const struct words_rule *rule, size_t from)
{
    if (from + rule->count > view->path.count)
    {
        return false;
    }
    for (size_t i = 1; i < rule->count; i++)
    {
        if (strcmp(view->path.text[from + i], rule->parts[i]) != 0)
        {
            return false;
        }
    }
    return true;
}

/* Rules of `length` tokens that begin at `from`; *taken gets the tokens that they cover.
 */
static uint32_t kinds_at(const struct view *view, size_t from, size_t length,
                         uint32_t *taken)
{
    size_t count = 0;
    uint32_t kinds = 0;
    const struct words_rule *rules = words_rules_of(view->path.text[from], &count);
    for (size_t i = 0; i < count; i++)
    {
        const struct words_rule *rule = &rules[i];
        if (rule->count != length || !matches(view, rule, from) ||
            !conditions_hold(view, rule, from))
        {
            continue;
        }
        *taken |= ((1u << length) - 1) << from;
        if (rule->kind < AJAR_KIND_COUNT && !is_turned(view, rule, from))
        {
            kinds |= 1u << rule->kind;
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
        for (size_t from = view->leaf; from + length <= view->path.count; from++)
        {
            uint32_t span = ((1u << length) - 1) << from;
            if ((taken & span) == 0)
            {
                kinds |= kinds_at(view, from, length, &here);
            }
        }
        taken |= here;
    }
    return kinds;
}

static bool has_redaction(const struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
    {
        if (words_is(tokens->text[i], WORDS_REDACTED) ||
            words_is(tokens->text[i], WORDS_DIGEST))
        {
            return true;
        }
    }
    return false;
}

uint32_t ajar_field_kinds(const struct ajar_field *field, bool among_personal)
{
    struct view view = {.type = field->type, .among_personal = among_personal};
    tokens_split(field->path, &view.path);
    tokens_split(field->index, &view.index);
    if (field->type == AJAR_FIELD_OBJECT || view.path.count == 0)
    {
        return 0;
    }
    view.leaf = leaf_of(&view.path);
    uint32_t kinds = kinds_by_words(&view);
    kinds |= field->type == AJAR_FIELD_IP ? AJAR_KIND_BIT(IP_ADDRESS) : 0;
    kinds |= field->type == AJAR_FIELD_GEO ? AJAR_KIND_BIT(LOCATION) : 0;
    /* A password's hash is a credential still; anything else is what redaction leaves. */
    bool redacted = has_redaction(&view.path) || has_redaction(&view.index);
    return redacted ? kinds & AJAR_KIND_BIT(CREDENTIALS) : kinds;
}
