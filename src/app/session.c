/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ajar/escape.h"

#include "clock.h"

static bool add_path(struct session *session, const char *path)
{
    if (session->path_count == SESSION_MAX_PATHS)
    {
        (void)fprintf(stderr, "ajar: more than %d targets files or folders are named\n",
                      SESSION_MAX_PATHS);
        return false;
    }
    session->paths[session->path_count++] = path;
    return true;
}

static bool add_defaults(struct session *session)
{
    static const char *const places[] = {"targets", "/etc/ajar/targets.d"};
    const char *env = getenv("AJAR_TARGETS");
    if (env != NULL && env[0] != '\0')
    {
        session->env_copy = strdup(env);
        char *rest = session->env_copy;
        for (char *path; (path = strsep(&rest, ":")) != NULL;)
        {
            if (path[0] != '\0' && !add_path(session, path))
            {
                return false;
            }
        }
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(places); i++)
    {
        if (access(places[i], F_OK) == 0 && !add_path(session, places[i]))
        {
            return false;
        }
    }
    return true;
}

/* A remark quotes the file's own text, which may hold what moves a terminal's cursor. */
static void print_safe(const char *text)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 65536);
    (void)ajar_escape_text(&out, ajar_span_of(text), 0);
    (void)fprintf(stderr, "%s", out.len > 0 ? out.data : "");
    ajar_buf_deinit(&out);
}

static void print_diags(const struct ajar_diags *diags, bool quiet)
{
    for (size_t i = 0; i < diags->count; i++)
    {
        const struct ajar_diag *diag = &diags->items[i];
        if (!diag->is_error && quiet)
        {
            continue;
        }
        (void)fprintf(stderr, "%s:", diag->file);
        if (diag->line > 0)
        {
            (void)fprintf(stderr, "%u:", diag->line);
        }
        if (diag->column > 0)
        {
            (void)fprintf(stderr, "%u:", diag->column);
        }
        (void)fprintf(stderr, diag->is_error ? " error: " : " warning: ");
        print_safe(diag->what);
        if (diag->mend != NULL && diag->mend[0] != '\0')
        {
            (void)fprintf(stderr, "\n    mend: ");
            print_safe(diag->mend);
        }
        (void)fprintf(stderr, "\n");
    }
}

enum app_exit session_open(struct session *session, const char *const *paths,
                           size_t count, bool quiet)
{
    struct ajar_diags diags;
    memset(session, 0, sizeof *session);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++)
    {
        ok = add_path(session, paths[i]);
    }
    if (!ok || (count == 0 && !add_defaults(session)))
    {
        return APP_USAGE;
    }
    int status =
        ajar_scope_load(session->paths, session->path_count,
                        (time_t)(clock_now_ms() / 1000), &diags, &session->scope);
    print_diags(&diags, quiet);
    size_t errors = diags.errors;
    ajar_diags_deinit(&diags);
    if (status == AJAR_OK)
    {
        return APP_OK;
    }
    if (status == AJAR_ENOMEM)
    {
        (void)fprintf(stderr, "ajar: out of memory while reading the targets files\n");
        return APP_OUR_FAULT;
    }
    (void)fprintf(stderr,
                  "ajar: the targets files have %zu error%s; nothing was visited\n",
                  errors, errors == 1 ? "" : "s");
    return APP_USAGE;
}

void session_close(struct session *session)
{
    ajar_scope_free(session->scope);
    free(session->env_copy);
    memset(session, 0, sizeof *session);
}

static void print_where(const struct session *session)
{
    if (session->path_count == 0)
    {
        (void)fprintf(stderr, "  No targets file was found ($AJAR_TARGETS, ./targets, "
                              "/etc/ajar/targets.d).\n");
        return;
    }
    (void)fprintf(stderr, "  Read:");
    for (size_t i = 0; i < session->path_count; i++)
    {
        (void)fprintf(stderr, " %s", session->paths[i]);
    }
    (void)fprintf(stderr, "\n");
}

static void print_how_to_declare(const struct session *session, const char *addr)
{
    print_where(session);
    (void)fprintf(
        stderr,
        "  If your organization owns it, declare it, for example in "
        "targets/corp.ini:\n"
        "\n"
        "    [my-team]\n"
        "    owner   = My Team\n"
        "    contact = my-team@corp.example\n"
        "    range   = %s\n"
        "\n"
        "  then run the command again (or name the file with --targets FILE).\n",
        addr);
}

void session_explain_refusal(const struct session *session, const struct ajar_addr *addr,
                             const char *as_given)
{
    struct ajar_explanation why;
    char text[AJAR_ADDR_TEXT_MAX];
    (void)ajar_addr_format(addr, text);
    ajar_scope_explain(session->scope, addr, &why);
    const char *via = strcmp(text, as_given) != 0 ? as_given : NULL;
    (void)fprintf(stderr, "ajar: %s%s%s is out of scope: ", text,
                  via != NULL ? " for " : "", via != NULL ? via : "");
    switch (why.ruling)
    {
    case AJAR_RULING_EXCLUDED:
        (void)fprintf(stderr, "%s:%u excludes it (exclude = %s)\n", why.file, why.line,
                      why.text);
        break;
    case AJAR_RULING_SPECIAL:
        (void)fprintf(stderr, "it lies in %s (%s), which is never scannable\n", why.text,
                      why.source);
        break;
    case AJAR_RULING_PRIVATE_UNLISTED:
        (void)fprintf(stderr,
                      "it is private space, and %s:%u declares it only within a wider "
                      "range (%s)\n",
                      why.file, why.line, why.text);
        print_how_to_declare(session, text);
        break;
    case AJAR_RULING_EXPIRED:
        (void)fprintf(stderr, "the approval at %s:%u is not in force today (%s)\n",
                      why.file, why.line, why.text);
        break;
    case AJAR_RULING_UNDECLARED:
    case AJAR_RULING_OWNED:
    case AJAR_RULING_LOOPBACK:
        (void)fprintf(stderr, "no targets file declares it\n");
        print_how_to_declare(session, text);
        break;
    }
}
