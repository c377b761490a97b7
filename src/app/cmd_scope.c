/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "resolve.h"
#include "target_arg.h"

static void render_ports(const struct ajar_section *section, struct ajar_buf *out)
{
    static const char *const schemes[] = {"", "/http", "/https"};
    for (size_t i = 0; i < section->port_count; i++)
    {
        (void)ajar_buf_printf(out, "%s%u%s", i > 0 ? ", " : "", section->ports[i].port,
                              schemes[section->ports[i].scheme]);
    }
}

static const char *verdict_of(enum ajar_ruling ruling)
{
    switch (ruling)
    {
    case AJAR_RULING_OWNED:
        return "in scope";
    case AJAR_RULING_LOOPBACK:
        return "in scope (loopback is always owned)";
    case AJAR_RULING_UNDECLARED:
        return "out of scope: no targets file declares it";
    case AJAR_RULING_EXCLUDED:
        return "out of scope: excluded";
    case AJAR_RULING_SPECIAL:
        return "out of scope: special-purpose space is never scannable";
    case AJAR_RULING_PRIVATE_UNLISTED:
        return "out of scope: private space that only a wider range holds";
    case AJAR_RULING_EXPIRED:
        return "out of scope: its approval is not in force today";
    }
    return "out of scope";
}

static bool explain(const struct session *session, const struct ajar_addr *addr,
                    struct ajar_buf *out)
{
    struct ajar_explanation why;
    char text[AJAR_ADDR_TEXT_MAX];
    (void)ajar_addr_format(addr, text);
    ajar_scope_explain(session->scope, addr, &why);
    (void)ajar_buf_printf(out, "%s: %s\n", text, verdict_of(why.ruling));
    if (why.file != NULL)
    {
        (void)ajar_buf_printf(out, "  by       %s:%u: %s\n", why.file, why.line,
                              why.text);
    }
    if (why.ruling == AJAR_RULING_SPECIAL)
    {
        (void)ajar_buf_printf(out, "  block    %s (%s; IANA registries of %s)\n",
                              why.text, why.source, ajar_scope_registry_date());
    }
    if (why.section != NULL)
    {
        (void)ajar_buf_printf(out, "  section  [%s] %s:%u\n  owner    %s\n",
                              why.section->id, why.section->file, why.section->line,
                              why.section->owner);
        if (why.section->contact != NULL)
        {
            (void)ajar_buf_printf(out, "  contact  %s\n", why.section->contact);
        }
        if (why.section->approval != NULL)
        {
            (void)ajar_buf_printf(out, "  approved %s\n", why.section->approval);
        }
        const char *expect = ajar_scope_expected(session->scope, why.section, addr);
        if (expect != NULL)
        {
            (void)ajar_buf_printf(out, "  expect   %s\n", expect);
        }
        (void)ajar_buf_text(out, "  ports    ");
        render_ports(why.section, out);
        (void)ajar_buf_byte(out, '\n');
    }
    else if (why.ruling == AJAR_RULING_LOOPBACK)
    {
        (void)ajar_buf_printf(out, "  ports    %s (default)\n", AJAR_DEFAULT_PORTS);
    }
    return why.ruling == AJAR_RULING_OWNED || why.ruling == AJAR_RULING_LOOPBACK;
}

struct name_lookup
{
    const struct session *session;
    const char *name;
    struct ajar_buf *out;
    bool all_in;
};

static void on_resolved(void *context, size_t index, const struct ajar_addr *addrs,
                        size_t count, const char *error)
{
    struct name_lookup *lookup = context;
    (void)index;
    if (error != NULL)
    {
        (void)fprintf(stderr, "ajar: cannot resolve %s: %s\n", lookup->name, error);
        lookup->all_in = false;
    }
    for (size_t i = 0; i < count; i++)
    {
        lookup->all_in =
            explain(lookup->session, &addrs[i], lookup->out) && lookup->all_in;
    }
}

static int explain_args(const struct session *session, const struct app_options *options)
{
    struct ajar_buf out;
    bool all_in = true;
    ajar_buf_init(&out, 1024u * 1024u);
    for (size_t i = 1; i < options->arg_count; i++)
    {
        struct target_arg arg;
        const char *what = NULL;
        if (target_arg_parse(options->args[i], &arg, &what) != AJAR_OK)
        {
            (void)fprintf(stderr, "ajar: %s: %s\n", options->args[i], what);
            ajar_buf_deinit(&out);
            return APP_USAGE;
        }
        if (arg.name[0] == '\0')
        {
            all_in = explain(session, &arg.addr, &out) && all_in;
            continue;
        }
        const char *name = arg.name;
        struct name_lookup lookup = {session, name, &out, true};
        all_in = resolve_names(&name, 1, on_resolved, &lookup) == AJAR_OK &&
                 lookup.all_in && all_in;
    }
    int code = print_buf(&out);
    return code != APP_OK ? code : all_in ? APP_OK : APP_OUT_OF_SCOPE;
}

int cmd_scope(const struct app_options *options)
{
    struct session session;
    if (options->arg_count < 2 || strcmp(options->args[0], "explain") != 0)
    {
        (void)fprintf(stderr,
                      "ajar: usage: ajar scope explain ADDRESS...   (is it ours, by "
                      "which line, whose, which ports)\n");
        return APP_USAGE;
    }
    enum app_exit code =
        session_open(&session, options->targets, options->target_count, options->quiet);
    if (code != APP_OK)
    {
        return (int)code;
    }
    int result = explain_args(&session, options);
    session_close(&session);
    return result;
}
