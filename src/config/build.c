/* SPDX-License-Identifier: Apache-2.0 */
#include "build.h"

#include "nearest.h"
#include "values.h"

static const char *const section_words[] = {"tickets", "state", "scan"};

const char *build_copy(struct build *build, struct ajar_span text)
{
    char *copy = ajar_arena_copy(&build->arena, text);
    build->no_memory = build->no_memory || copy == NULL;
    return copy != NULL ? copy : "";
}

/* A [tickets] that never got its command cannot deliver anything. */
static void end_section(struct build *build)
{
    struct build_tickets *tickets = build->tickets;
    build->tickets = NULL;
    if (tickets != NULL && tickets->view.command[0] == '\0')
    {
        faults_add(build->faults,
                   (struct faults_place){build->file, tickets->view.line, 0},
                   "write command = /usr/share/ajar/tickets/NAME",
                   "[tickets%s%s] has no command",
                   tickets->view.name[0] != '\0' ? " " : "", tickets->view.name);
    }
}

static bool name_is_fine(struct ajar_span name)
{
    for (size_t i = 0; i < name.len; i++)
    {
        char c = name.data[i];
        char low = (char)(c | 0x20);
        if (!((low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
              c == '_' || c == '.'))
        {
            return false;
        }
    }
    return name.len <= 64;
}

/* The place for a section of this name: one that an earlier file wrote is begun anew. */
static struct build_tickets *tickets_slot(struct build *build, struct ajar_span name,
                                          struct faults_place place)
{
    for (size_t i = 0; i < build->section_count; i++)
    {
        struct build_tickets *known = build->sections[i];
        if (ajar_span_is(name, known->view.name))
        {
            if (known->file_number == build->file_number)
            {
                faults_add(build->faults, place,
                           "give each its own name, as in [tickets billing]",
                           "[tickets%s%s] stands in line %u already",
                           name.len > 0 ? " " : "", known->view.name, known->view.line);
                return NULL;
            }
            return known;
        }
    }
    if (build->section_count == AJAR_MAX_TICKET_SECTIONS)
    {
        faults_add(build->faults, place, "serve several owners by one section",
                   "more than %d [tickets] sections", AJAR_MAX_TICKET_SECTIONS);
        return NULL;
    }
    struct build_tickets *made = ajar_arena_alloc(&build->arena, sizeof(*made));
    if (made == NULL)
    {
        build->no_memory = true;
        return NULL;
    }
    build->sections[build->section_count++] = made;
    return made;
}

static void begin_tickets(struct build *build, struct ajar_span name,
                          struct faults_place place)
{
    build->section = BUILD_UNKNOWN;
    if (!name_is_fine(name))
    {
        faults_add(
            build->faults, place,
            "use up to 64 letters, digits, '-', '_' and '.', as in [tickets billing]",
            "'%.*s' is not a name", (int)(name.len < 100 ? name.len : 100), name.data);
        return;
    }
    struct build_tickets *tickets = tickets_slot(build, name, place);
    if (tickets == NULL)
    {
        return;
    }
    *tickets = (struct build_tickets){
        .file_number = build->file_number,
        .view = {.name = build_copy(build, name),
                 .command = "",
                 .timeout_ms = 30000,
                 .file = build_copy(build, ajar_span_of(build->file)),
                 .line = place.line}};
    build->section = BUILD_TICKETS;
    build->tickets = tickets;
}

static void on_section(void *user, struct ajar_span kind, struct ajar_span name,
                       struct faults_place place)
{
    struct build *build = user;
    end_section(build);
    build->section = BUILD_UNKNOWN;
    if (kind.data[0] == '\0')
    {
        return; /* its missing ']' was told */
    }
    if (ajar_span_is(kind, "tickets"))
    {
        begin_tickets(build, name, place);
        return;
    }
    bool state = ajar_span_is(kind, "state");
    if (!state && !ajar_span_is(kind, "scan"))
    {
        char mend[64];
        const char *word =
            nearest_word(kind, section_words, AJAR_COUNT_OF(section_words));
        size_t len = strlen(word);
        memcpy(mend, "write [", 7);
        memcpy(mend + 7, word, len);
        memcpy(mend + 7 + len, "]", 2);
        faults_add(build->faults, place, mend, "there is no section [%.*s]",
                   (int)(kind.len < 100 ? kind.len : 100), kind.data);
        return;
    }
    if (name.len > 0)
    {
        faults_add(build->faults, place, state ? "write [state]" : "write [scan]",
                   "this section takes no name");
    }
    build->section = state ? BUILD_STATE : BUILD_SCAN;
}

static void on_value(void *user, const struct lines_value *value)
{
    values_take(user, value);
}

void build_file(struct build *build, const char *file, struct ajar_span text)
{
    struct lines_sink sink = {build, on_section, on_value};
    build->file = file;
    build->file_number++;
    build->given = 0;
    build->section = BUILD_NONE;
    lines_read(file, text, &sink, build->faults);
    end_section(build);
}

void build_end(struct build *build)
{
    struct ajar_tickets *list =
        ajar_arena_alloc(&build->arena, sizeof(*list) * AJAR_MAX_TICKET_SECTIONS);
    if (list == NULL)
    {
        build->no_memory = true;
        return;
    }
    for (size_t i = 0; i < build->section_count; i++)
    {
        struct build_tickets *made = build->sections[i];
        made->view.arguments = made->arguments;
        made->view.owners = made->view.owner_count > 0 ? made->owners : NULL;
        list[i] = made->view;
    }
    build->view.tickets = list;
    build->view.ticket_count = build->section_count;
    build->view.targets = build->targets;
}
