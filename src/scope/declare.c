/* SPDX-License-Identifier: Apache-2.0 */
#include "declare.h"

#include <stdlib.h>
#include <string.h>

#include "cadence.h"
#include "ini_feed.h"
#include "ports.h"
#include "range.h"
#include "words.h"

#define KEY_LIST                                                                         \
    "owner, contact, range, host, exclude, ports, expect, every, canary, approved"

/* X(NAME, "word") */
#define KEY_MAP(X)                                                                       \
    X(OWNER, "owner")                                                                    \
    X(CONTACT, "contact")                                                                \
    X(RANGE, "range")                                                                    \
    X(HOST, "host")                                                                      \
    X(EXCLUDE, "exclude")                                                                \
    X(PORTS, "ports")                                                                    \
    X(EXPECT, "expect")                                                                  \
    X(EVERY, "every")                                                                    \
    X(CANARY, "canary")                                                                  \
    X(APPROVED, "approved")

enum key
{
#define X(name, word) KEY_##name,
    KEY_MAP(X)
#undef X
        KEY_COUNT
};

static const char *const key_words[KEY_COUNT] = {
#define X(name, word) word,
    KEY_MAP(X)
#undef X
};

/* One file while it is read. */
struct reader
{
    struct declaration *into;
    struct ajar_diags *diags;
    const char *file; /* the arena's copy */
    struct declared_section *section;
    struct port_list ports;
    bool has_ports;
    unsigned given[KEY_COUNT]; /* line where a key of this section stood first */
    int status;
};

int declare_grow(void *slot, size_t count, size_t *cap, size_t item_size, size_t max)
{
    void *items = NULL;
    memcpy(&items, slot, sizeof items); /* whatever type it points to */
    if (count < *cap)
    {
        return AJAR_OK;
    }
    if (count >= max)
    {
        return AJAR_ELIMIT;
    }
    size_t wanted = count < 8 ? 8 : count * 2;
    wanted = wanted > max ? max : wanted;
    void *grown = realloc(items, wanted * item_size);
    if (grown == NULL)
    {
        return AJAR_ENOMEM;
    }
    memcpy(slot, &grown, sizeof grown);
    *cap = wanted;
    return AJAR_OK;
}

void declaration_init(struct declaration *declaration)
{
    *declaration = (struct declaration){.section_count = 0};
    ajar_arena_init(&declaration->arena, DECLARE_MAX_TEXT);
}

void declaration_deinit(struct declaration *declaration)
{
    free(declaration->sections);
    free(declaration->ranges.items);
    free(declaration->exclusions.items);
    free(declaration->expectations.items);
    free(declaration->hosts);
    ajar_arena_deinit(&declaration->arena);
    *declaration = (struct declaration){.section_count = 0};
}

static int push_line(struct declared_list *list, struct declared line)
{
    int status = declare_grow(&list->items, list->count, &list->cap, sizeof *list->items,
                              DECLARE_MAX_LINES);
    if (status == AJAR_OK)
    {
        list->items[list->count++] = line;
    }
    return status;
}

int declaration_copy(struct declaration *into, struct declared_list *list,
                     const struct declared *line)
{
    struct declared copy = *line;
    copy.section = NULL;
    copy.file = ajar_arena_copy(&into->arena, ajar_span_of(line->file));
    copy.text = ajar_arena_copy(&into->arena, ajar_span_of(line->text));
    if (copy.file == NULL || copy.text == NULL)
    {
        return AJAR_ENOMEM;
    }
    return push_line(list, copy);
}

/* Remembers the first failure of our own; faults of the file are diags. */
static void note(struct reader *reader, int status)
{
    if (reader->status == AJAR_OK && status < 0)
    {
        reader->status = status;
    }
}

static const char *copy_text(struct reader *reader, struct ajar_span text)
{
    const char *copy = ajar_arena_copy(&reader->into->arena, text);
    if (copy == NULL)
    {
        note(reader, AJAR_ENOMEM);
    }
    return copy;
}

static struct place value_place(const struct reader *reader,
                                const struct ini_value *value, size_t offset)
{
    return (struct place){reader->file, value->line,
                          value->value_column + (unsigned)offset};
}

static struct place key_place(const struct reader *reader, const struct ini_value *value)
{
    return (struct place){reader->file, value->line, value->key_column};
}

static struct place section_place(const struct declared_section *section)
{
    return (struct place){section->shown.file, section->shown.line, section->column};
}

/* A section's end: what was left out gets its default. */
static void finish_section(struct reader *reader)
{
    struct declared_section *section = reader->section;
    if (section == NULL)
    {
        return;
    }
    if (!section->has_targets && !section->has_exclusion)
    {
        diags_warning(reader->diags, section_place(section),
                      "add range = or host =, or remove the section",
                      "[%s] declares no address", section->shown.id);
    }
    else if (section->shown.owner == NULL && section->has_targets)
    {
        diags_warning(
            reader->diags, section_place(section), "add owner = with the team's name",
            "[%s] has no owner; findings will name the section", section->shown.id);
    }
    if (section->shown.owner == NULL)
    {
        section->shown.owner = section->shown.id;
    }
    struct fault fault;
    if (!reader->has_ports)
    {
        note(reader, ports_add(&reader->ports, ajar_span_of(AJAR_DEFAULT_PORTS), &fault));
    }
    size_t bytes = reader->ports.count * sizeof(struct ajar_port);
    struct ajar_port *ports = ajar_arena_alloc(&reader->into->arena, bytes + 1);
    if (ports == NULL)
    {
        note(reader, AJAR_ENOMEM);
        return;
    }
    memcpy(ports, reader->ports.items, bytes);
    section->shown.ports = ports;
    section->shown.port_count = reader->ports.count;
}

static void on_section(void *user, struct ajar_span id, unsigned line, unsigned column)
{
    struct reader *reader = user;
    struct declaration *into = reader->into;
    finish_section(reader);
    reader->section = NULL;
    reader->ports.count = 0;
    reader->has_ports = false;
    memset(reader->given, 0, sizeof reader->given);
    struct declared_section *section = ajar_arena_alloc(&into->arena, sizeof *section);
    const char *name = copy_text(reader, id);
    if (section == NULL || name == NULL)
    {
        note(reader, AJAR_ENOMEM);
        return;
    }
    section->shown.id = name;
    section->shown.file = reader->file;
    section->shown.line = line;
    section->column = column;
    int status = declare_grow(&into->sections, into->section_count, &into->section_cap,
                              sizeof(struct declared_section *), DECLARE_MAX_SECTIONS);
    note(reader, status);
    if (status == AJAR_OK)
    {
        into->sections[into->section_count++] = section;
        reader->section = section;
    }
}

static bool find_key(const char *word, enum key *out)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
    {
        if (strcmp(word, key_words[i]) == 0)
        {
            *out = (enum key)i;
            return true;
        }
    }
    return false;
}

static void unknown_key(struct reader *reader, const struct ini_value *value)
{
    char mend[DIAGS_MAX_TEXT];
    struct ajar_span word = ajar_span_of(value->key);
    if (word.len == 0)
    {
        diags_error(reader->diags, key_place(reader, value),
                    "write one of these before it: " KEY_LIST,
                    "there is no key before '='");
        return;
    }
    const char *nearest = words_nearest(word, key_words, KEY_COUNT);
    diags_text(mend, sizeof mend, "write %s%s%s " KEY_LIST "%s",
               nearest != NULL ? "'" : "", nearest != NULL ? nearest : "one of these:",
               nearest != NULL ? "' (the keys are" : "", nearest != NULL ? ")" : "");
    diags_error(reader->diags, key_place(reader, value), mend, "unknown key '%s'",
                value->key);
}

/* owner, contact, approved: once a section; an indented line adds to it. */
static void set_text(struct reader *reader, const struct ini_value *value,
                     const char **field)
{
    if (!value->continued || *field == NULL)
    {
        *field = copy_text(reader, value->value);
        return;
    }
    *field = ajar_arena_printf(&reader->into->arena, "%s %.*s", *field,
                               (int)value->value.len, value->value.data);
    note(reader, *field == NULL ? AJAR_ENOMEM : AJAR_OK);
}

static void set_approval(struct reader *reader, const struct ini_value *value)
{
    struct declared_section *section = reader->section;
    struct fault fault;
    set_text(reader, value, &section->shown.approval);
    if (value->continued)
    {
        return; /* the dates stand on the key's own line */
    }
    section->approval_line = value->line;
    section->approval_column = value->value_column;
    section->has_approval =
        approval_parse(value->value, &section->approval, &fault) == AJAR_OK;
    if (!section->has_approval)
    {
        diags_error(reader->diags, value_place(reader, value, fault.offset), fault.mend,
                    "%s", fault.what);
    }
}

static void add_ports(struct reader *reader, const struct ini_value *value,
                      struct ajar_span list)
{
    struct fault fault;
    reader->has_ports = true;
    if (ports_add(&reader->ports, list, &fault) < 0)
    {
        diags_error(reader->diags, value_place(reader, value, fault.offset), fault.mend,
                    "%s", fault.what);
    }
}

/* One element of range = or exclude =; offset is its place in the value. */
static void add_line(struct reader *reader, const struct ini_value *value, enum key key,
                     struct ajar_span item, size_t offset)
{
    struct declared line = {.section = reader->section,
                            .file = reader->file,
                            .line = value->line,
                            .column = value->value_column + (unsigned)offset};
    struct fault fault;
    int status = range_parse(item, &line.first, &line.last, &fault);
    if (status == AJAR_OK && key == KEY_RANGE)
    {
        status = range_check_size(item, &line.first, &line.last, &fault);
    }
    if (status < 0)
    {
        diags_error(reader->diags, value_place(reader, value, offset + fault.offset),
                    fault.mend, "%s", fault.what);
        return;
    }
    line.width = range_width(&line.first, &line.last);
    line.text = copy_text(reader, item);
    if (line.text != NULL)
    {
        note(reader, push_line(key == KEY_RANGE ? &reader->into->ranges
                                                : &reader->into->exclusions,
                               line));
    }
}

/* expect = ADDRESS[, reason]; an indented line goes on with the reason. */
static void add_expectation(struct reader *reader, const struct ini_value *value)
{
    struct declared_list *list = &reader->into->expectations;
    struct ajar_span text = value->value;
    struct declared *last = list->count > 0 ? &list->items[list->count - 1] : NULL;
    if (value->continued)
    {
        if (last != NULL && last->section == reader->section)
        {
            last->text = ajar_arena_printf(&reader->into->arena, "%s%s%.*s", last->text,
                                           last->text[0] != '\0' ? " " : "",
                                           (int)text.len, text.data);
            note(reader, last->text == NULL ? AJAR_ENOMEM : AJAR_OK);
        }
        return;
    }
    const char *comma = memchr(text.data, ',', text.len);
    size_t len = comma != NULL ? (size_t)(comma - text.data) : text.len;
    struct ajar_span where =
        ajar_span_trim((struct ajar_span){text.data, len}, AJAR_BLANKS);
    struct declared line = {.section = reader->section,
                            .file = reader->file,
                            .line = value->line,
                            .column = value->value_column};
    struct fault fault;
    if (range_parse(where, &line.first, &line.last, &fault) < 0)
    {
        diags_error(reader->diags, value_place(reader, value, fault.offset),
                    "write the address or block that is meant to be open, a comma, and "
                    "the reason: expect = 192.0.2.7, public demo",
                    "%s", fault.what);
        return;
    }
    struct ajar_span why =
        comma != NULL ? ajar_span_trim((struct ajar_span){comma + 1, text.len - len - 1},
                                       AJAR_BLANKS)
                      : (struct ajar_span){NULL, 0};
    line.width = range_width(&line.first, &line.last);
    line.text = copy_text(reader, why);
    note(reader, line.text == NULL ? AJAR_ENOMEM : push_line(list, line));
}

static void set_every(struct reader *reader, const struct ini_value *value)
{
    if (cadence_parse(value->value, &reader->section->shown.every_ms) < 0)
    {
        diags_error(reader->diags, value_place(reader, value, 0),
                    "write a number and m, h or d, from 1m to 366d, as in 24h",
                    "'%.*s' is not a time between looks", (int)value->value.len,
                    value->value.data);
    }
}

static void set_canary(struct reader *reader, const struct ini_value *value)
{
    if (ajar_span_is(value->value, "records"))
    {
        reader->section->shown.canary = AJAR_CANARY_RECORDS;
    }
    else if (ajar_span_is(value->value, "protected"))
    {
        reader->section->shown.canary = AJAR_CANARY_PROTECTED;
    }
    else
    {
        diags_error(reader->diags, value_place(reader, value, 0),
                    "write records (it must be seen wide open) or protected (it must be "
                    "seen refusing)",
                    "'%.*s' is not what a canary can be", (int)value->value.len,
                    value->value.data);
    }
}

static void add_host(struct reader *reader, const struct ini_value *value,
                     struct ajar_span item, size_t offset)
{
    struct declaration *into = reader->into;
    struct ajar_addr addr;
    if (ajar_addr_parse(item, &addr) == AJAR_OK)
    {
        diags_error(reader->diags, value_place(reader, value, offset),
                    "write it as range =; host = takes names", "%.*s is an address",
                    (int)item.len, item.data);
        return;
    }
    if (!words_are_host_name(item))
    {
        diags_error(reader->diags, value_place(reader, value, offset),
                    "write the name alone, as in es1.corp.example; ports belong into "
                    "ports =",
                    "'%.*s' is not a host name", (int)item.len, item.data);
        return;
    }
    struct ajar_scope_host host = {copy_text(reader, item), &reader->section->shown,
                                   value->line};
    int status = declare_grow(&into->hosts, into->host_count, &into->host_cap,
                              sizeof *into->hosts, DECLARE_MAX_LINES);
    note(reader, status);
    if (status == AJAR_OK && host.name != NULL)
    {
        into->hosts[into->host_count++] = host;
    }
}

/* The elements of a comma-separated value. */
static void each_item(struct reader *reader, const struct ini_value *value, enum key key,
                      struct ajar_span list)
{
    size_t at = 0;
    while (at <= list.len)
    {
        const char *comma =
            at < list.len ? memchr(list.data + at, ',', list.len - at) : NULL;
        size_t end = comma != NULL ? (size_t)(comma - list.data) : list.len;
        struct ajar_span item =
            ajar_span_trim((struct ajar_span){list.data + at, end - at}, AJAR_BLANKS);
        size_t offset = (size_t)(item.data - list.data);
        if (key == KEY_HOST)
        {
            add_host(reader, value, item, offset);
        }
        else
        {
            add_line(reader, value, key, item, offset);
        }
        at = end + 1;
    }
}

/* Lists may end in a comma, so that they can go on in the next, indented line. */
static struct ajar_span without_last_comma(struct ajar_span list)
{
    if (list.len > 1 && list.data[list.len - 1] == ',')
    {
        list.len--;
    }
    return ajar_span_trim(list, AJAR_BLANKS);
}

static void take(struct reader *reader, const struct ini_value *value, enum key key)
{
    struct declared_section *section = reader->section;
    struct ajar_span list = without_last_comma(value->value);
    switch (key)
    {
    case KEY_OWNER:
        set_text(reader, value, &section->shown.owner);
        break;
    case KEY_CONTACT:
        set_text(reader, value, &section->shown.contact);
        break;
    case KEY_EXPECT:
        add_expectation(reader, value);
        break;
    case KEY_EVERY:
        set_every(reader, value);
        break;
    case KEY_CANARY:
        set_canary(reader, value);
        break;
    case KEY_APPROVED:
        set_approval(reader, value);
        break;
    case KEY_PORTS:
        add_ports(reader, value, list);
        break;
    case KEY_RANGE:
    case KEY_HOST:
    case KEY_EXCLUDE:
        if (section != NULL)
        {
            section->has_targets = section->has_targets || key != KEY_EXCLUDE;
            section->has_hosts = section->has_hosts || key == KEY_HOST;
            section->has_exclusion = section->has_exclusion || key == KEY_EXCLUDE;
        }
        each_item(reader, value, key, list);
        break;
    case KEY_COUNT:
    default:
        break;
    }
}

/* May this key stand here, and stand here again? */
static bool is_allowed(struct reader *reader, const struct ini_value *value, enum key key)
{
    if (value->value.len == 0)
    {
        char mend[DIAGS_MAX_TEXT];
        diags_text(mend, sizeof mend, "write a value behind '%s =' or remove the line",
                   value->key);
        diags_error(reader->diags, key_place(reader, value), mend, "%s is empty",
                    value->key);
        return false;
    }
    if (reader->section == NULL && key != KEY_EXCLUDE)
    {
        diags_error(reader->diags, key_place(reader, value),
                    "put a [name-of-the-team] line above it",
                    "%s stands before the first section", value->key);
        return false;
    }
    bool once = key == KEY_OWNER || key == KEY_CONTACT || key == KEY_EVERY ||
                key == KEY_CANARY || key == KEY_APPROVED;
    if (once && !value->continued && reader->given[key] != 0)
    {
        diags_error(reader->diags, key_place(reader, value), "keep one of the two",
                    "%s stands twice in this section, first in line %u", value->key,
                    reader->given[key]);
        return false;
    }
    return true;
}

static void on_value(void *user, const struct ini_value *value)
{
    struct reader *reader = user;
    enum key key = KEY_COUNT;
    if (!find_key(value->key, &key))
    {
        if (!value->continued)
        {
            unknown_key(reader, value);
        }
        return;
    }
    if (!is_allowed(reader, value, key))
    {
        return;
    }
    if (reader->given[key] == 0)
    {
        reader->given[key] = value->line;
    }
    take(reader, value, key);
}

int declaration_read(struct declaration *into, const char *file, struct ajar_span text,
                     struct ajar_diags *diags)
{
    struct reader reader = {.into = into, .diags = diags, .status = AJAR_OK};
    struct ini_sink sink = {&reader, on_section, on_value};
    reader.file = ajar_arena_copy(&into->arena, ajar_span_of(file));
    if (reader.file == NULL)
    {
        return AJAR_ENOMEM;
    }
    ini_feed(reader.file, text, &sink, diags);
    finish_section(&reader);
    if (reader.status == AJAR_ELIMIT)
    {
        diags_error(diags, (struct place){reader.file, 0, 0},
                    "declare blocks instead of single addresses",
                    "more than %u ranges, exclusions or names, or %u sections",
                    DECLARE_MAX_LINES, DECLARE_MAX_SECTIONS);
        return AJAR_OK; /* the file's fault, not ours */
    }
    return reader.status;
}
