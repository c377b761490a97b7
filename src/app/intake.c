/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include <stdio.h>
#include <stdlib.h>

#include "resolve.h"
#include "target_arg.h"

/* One name or literal on its way into the list. */
struct candidate
{
    const char *text;                   /* as typed or declared */
    const char *name;                   /* NULL for a literal */
    const struct ajar_section *section; /* of a declared name */
    struct ajar_port ports[AJAR_MAX_PORTS_PER_SECTION];
    size_t port_count;
};

struct gathering
{
    struct intake *intake;
    const struct session *session;
    struct candidate *candidates;
    bool strict; /* typed by a person: a refusal ends the call */
    enum app_exit code;
};

static bool is_owned(const struct session *session, const struct ajar_addr *addr,
                     const struct ajar_section **out_section)
{
    struct ajar_explanation why;
    ajar_scope_explain(session->scope, addr, &why);
    *out_section = why.section;
    return why.ruling == AJAR_RULING_OWNED || why.ruling == AJAR_RULING_LOOPBACK;
}

static void count_missing(struct gathering *gathering, const struct candidate *candidate)
{
    size_t ports = candidate->port_count;
    if (ports == 0)
    {
        ports = candidate->section != NULL ? candidate->section->port_count
                                           : gathering->intake->list.default_port_count;
    }
    gathering->intake->unresolved_targets += ports;
}

static void add_addr(struct gathering *gathering, const struct candidate *candidate,
                     const struct ajar_addr *addr)
{
    const struct ajar_section *section = NULL;
    if (!is_owned(gathering->session, addr, &section))
    {
        session_explain_refusal(gathering->session, addr, candidate->text);
        if (gathering->strict)
        {
            gathering->code = APP_OUT_OF_SCOPE;
        }
        else
        {
            count_missing(gathering, candidate);
        }
        return;
    }
    if (candidate->section != NULL)
    {
        section = candidate->section;
    }
    if (worklist_add(&gathering->intake->list, addr, candidate->name, section,
                     candidate->ports, candidate->port_count) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: out of memory\n");
        gathering->code = APP_OUR_FAULT;
    }
}

static void on_resolved(void *context, size_t index, const struct ajar_addr *addrs,
                        size_t count, const char *error)
{
    struct gathering *gathering = context;
    const struct candidate *candidate = &gathering->candidates[index];
    if (error != NULL)
    {
        (void)fprintf(stderr, "ajar: cannot resolve %s: %s\n", candidate->name, error);
        count_missing(gathering, candidate);
        return;
    }
    for (size_t i = 0; i < count; i++)
    {
        add_addr(gathering, candidate, &addrs[i]);
    }
}

static void resolve_all(struct gathering *gathering, size_t count)
{
    const char **names = calloc(count > 0 ? count : 1, sizeof *names);
    if (names == NULL)
    {
        gathering->code = APP_OUR_FAULT;
        return;
    }
    for (size_t i = 0; i < count; i++)
    {
        names[i] = gathering->candidates[i].name;
    }
    if (resolve_names(names, count, on_resolved, gathering) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: the resolver could not be started\n");
        gathering->code = APP_OUR_FAULT;
    }
    free(names);
}

/* ---- ajar check ---- */

static enum app_exit parse_ports_option(const char *text, struct candidate *candidate)
{
    unsigned column = 0;
    const char *what = NULL;
    if (ajar_ports_parse(ajar_span_of(text), candidate->ports, &candidate->port_count,
                         &column, &what) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: --ports %s: column %u: %s\n", text, column, what);
        return APP_USAGE;
    }
    return APP_OK;
}

static enum app_exit prepare_arg(const char *text, const struct app_options *options,
                                 struct target_arg *arg, struct candidate *candidate)
{
    const char *what = NULL;
    if (target_arg_parse(text, arg, &what) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: %s: %s\n", text, what);
        return APP_USAGE;
    }
    candidate->text = text;
    candidate->name = arg->name[0] != '\0' ? arg->name : NULL;
    if (arg->port != 0)
    {
        candidate->ports[0] = (struct ajar_port){arg->port, (uint8_t)arg->scheme};
        candidate->port_count = 1;
    }
    else if (options->ports != NULL)
    {
        return parse_ports_option(options->ports, candidate);
    }
    return APP_OK;
}

enum app_exit intake_args(struct intake *intake, const struct session *session,
                          const char *const *args, size_t count,
                          const struct app_options *options)
{
    struct target_arg *parsed = calloc(count, sizeof *parsed);
    struct candidate *candidates = calloc(count, sizeof *candidates);
    struct gathering gathering = {
        .intake = intake, .session = session, .candidates = candidates, .strict = true};
    size_t names = 0;
    /* a recheck's endpoints may stand in it already */
    if (parsed == NULL || candidates == NULL ||
        (intake->list.scope == NULL &&
         worklist_init(&intake->list, session->scope, false) != AJAR_OK))
    {
        gathering.code = APP_OUR_FAULT;
    }
    for (size_t i = 0; i < count && gathering.code == APP_OK; i++)
    {
        struct candidate *candidate = &candidates[names];
        *candidate = (struct candidate){.text = NULL};
        gathering.code = prepare_arg(args[i], options, &parsed[i], candidate);
        if (gathering.code == APP_OK && candidate->name == NULL)
        {
            add_addr(&gathering, candidate, &parsed[i].addr);
        }
        else
        {
            names += candidate->name != NULL ? 1 : 0;
        }
    }
    if (gathering.code == APP_OK)
    {
        resolve_all(&gathering, names);
    }
    if (gathering.code == APP_OK && intake->list.targets == 0)
    {
        gathering.code = APP_INCOMPLETE; /* no name could be resolved; said already */
    }
    free(parsed);
    free(candidates);
    return gathering.code;
}

/* ---- ajar recheck ---- */

enum app_exit intake_endpoint(struct intake *intake, const struct session *session,
                              const struct ajar_addr *addr, uint16_t port,
                              const char *name)
{
    struct gathering gathering = {.intake = intake, .session = session, .strict = true};
    char text[AJAR_ADDR_TEXT_MAX];
    if (intake->list.scope == NULL &&
        worklist_init(&intake->list, session->scope, false) != AJAR_OK)
    {
        return APP_OUR_FAULT;
    }
    (void)ajar_addr_format(addr, text);
    struct candidate candidate = {
        .text = text, .name = name, .ports = {{port, AJAR_SCHEME_AUTO}}, .port_count = 1};
    add_addr(&gathering, &candidate, addr);
    return gathering.code;
}

/* ---- ajar scan ---- */

enum app_exit intake_scope(struct intake *intake, const struct session *session)
{
    size_t count = ajar_scope_name_count(session->scope);
    struct candidate *candidates = calloc(count > 0 ? count : 1, sizeof *candidates);
    struct gathering gathering = {
        .intake = intake, .session = session, .candidates = candidates};
    intake->with_ranges = true;
    if (candidates == NULL ||
        worklist_init(&intake->list, session->scope, true) != AJAR_OK)
    {
        free(candidates);
        return APP_OUR_FAULT;
    }
    for (size_t i = 0; i < count; i++)
    {
        const struct ajar_scope_host *host = ajar_scope_name_at(session->scope, i);
        candidates[i] = (struct candidate){
            .text = host->name, .name = host->name, .section = host->section};
    }
    resolve_all(&gathering, count);
    free(candidates);
    if (gathering.code == APP_OK &&
        intake->list.targets + intake->unresolved_targets == 0)
    {
        (void)fprintf(stderr, "ajar: nothing to visit: %s\n",
                      session->path_count == 0
                          ? "no targets file was found ($AJAR_TARGETS, ./targets, "
                            "/etc/ajar/targets.d); see targets/example.ini"
                          : "the targets files declare no address that may be dialled");
        return APP_USAGE;
    }
    return gathering.code;
}

void intake_deinit(struct intake *intake)
{
    worklist_deinit(&intake->list);
}
