/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * fixtures/PRODUCT/CASE/routes, a route a line:
 *   PATTERN[{param,param}] REPLY [delay=MS] [cut=BYTES] [drip]
 * PATTERN is matched with the decoded path, `*` is any run of bytes, `\*` a star. With a
 * parameter list the route fits only requests that use no other parameter, which is how
 * Elasticsearch 5 and later are strict. In place of a pattern: `default` any other path,
 * `connect` sent at once, `plain` plain bytes on a TLS port, `tls` a ClientHello on a
 * plain one. REPLY is a file of the folder or a builtin (builtin.c).
 */

struct cursor
{
    const char *file;
    char *line;
    unsigned number;
};

static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t");
    if (*word == '\0' || *word == '#')
    {
        return NULL;
    }
    size_t length = strcspn(word, " \t");
    *at = word[length] == '\0' ? word + length : word + length + 1;
    word[length] = '\0';
    return word;
}

static bool complain(const struct cursor *at, const char *word, const char *what)
{
    say("%s:%u:%ld: %s: %s", at->file, at->number, (long)(word - at->line) + 1, word,
        what);
    return false;
}

static bool route_option(const struct cursor *at, const char *word, struct route *route)
{
    uint64_t number = 0;
    if (strcmp(word, "drip") == 0)
    {
        route->drips = true;
        return true;
    }
    if (strncmp(word, "delay=", 6) == 0 && number_parse(word + 6, 600000, &number))
    {
        route->delay_ms = (uint32_t)number;
        return true;
    }
    if (strncmp(word, "cut=", 4) == 0 && number_parse(word + 4, UINT32_MAX, &number))
    {
        route->cut = number;
        return true;
    }
    return complain(at, word, "not an option of a route (delay=MS, cut=BYTES, drip)");
}

static bool route_pattern(const struct cursor *at, struct personality *p, char *word,
                          struct route *route)
{
    struct route **special = strcmp(word, "default") == 0   ? &p->fallback
                             : strcmp(word, "connect") == 0 ? &p->on_connect
                             : strcmp(word, "plain") == 0   ? &p->on_plain
                             : strcmp(word, "tls") == 0     ? &p->on_tls
                                                            : NULL;
    if (special != NULL)
    {
        if (*special != NULL)
        {
            return complain(at, word, "stands twice");
        }
        *special = route;
        return true;
    }
    if (word[0] != '/' && word[0] != '*')
    {
        return complain(at, word, "a pattern starts with / or *");
    }
    char *list = strchr(word, '{');
    if (list != NULL)
    {
        size_t length = strlen(list);
        if (list[length - 1] != '}')
        {
            return complain(at, word, "the parameter list does not end with }");
        }
        list[length - 1] = '\0';
        *list++ = '\0';
        route->params = strdup(list);
    }
    route->pattern = strdup(word);
    return route->pattern != NULL && (list == NULL || route->params != NULL);
}

static bool route_line(const struct cursor *at, const char *folder, struct personality *p)
{
    char *rest = at->line;
    char *pattern = next_word(&rest);
    if (pattern == NULL)
    {
        return true;
    }
    char *what = next_word(&rest);
    if (what == NULL || p->route_count == SIMNET_MAX_ROUTES)
    {
        return complain(at, pattern, what == NULL ? "no reply named" : "too many routes");
    }
    struct route *route = &p->routes[p->route_count++];
    route->cut = UINT64_MAX;
    if (!route_pattern(at, p, pattern, route))
    {
        return false;
    }
    for (char *word = next_word(&rest); word != NULL; word = next_word(&rest))
    {
        if (!route_option(at, word, route))
        {
            return false;
        }
    }
    const char *wrong = reply_load(folder, what, &route->reply);
    if (wrong == NULL && route->reply.has_placeholders &&
        route->reply.length > SIMNET_MAX_RENDERED / 2)
    {
        wrong = "too large for a reply with placeholders";
    }
    return wrong == NULL || complain(at, what, wrong);
}

struct personality *personality_load(const char *dir, const char *name)
{
    char folder[768];
    char file[800];
    struct personality *p = calloc(1, sizeof *p);
    int folder_length = snprintf(folder, sizeof folder, "%s/%s", dir, name);
    if (p == NULL || folder_length < 0 || (size_t)folder_length >= sizeof folder ||
        strlen(name) >= sizeof p->name)
    {
        free(p);
        say("%s: the name is too long", name);
        return NULL;
    }
    (void)snprintf(p->name, sizeof p->name, "%s", name);
    (void)snprintf(file, sizeof file, "%s/routes", folder);
    size_t length = 0;
    char *text = file_read(file, &length);
    bool good = text != NULL;
    if (!good)
    {
        say("%s: no such personality (its routes file cannot be read)", file);
    }
    struct cursor at = {file, text, 0};
    for (char *rest = text; good && rest != NULL && *rest != '\0';)
    {
        at.line = strsep(&rest, "\n");
        at.number++;
        good = route_line(&at, folder, p);
    }
    free(text);
    if (!good)
    {
        personality_free(p);
        return NULL;
    }
    return p;
}

void personality_free(struct personality *all)
{
    while (all != NULL)
    {
        struct personality *next = all->next;
        for (size_t i = 0; i < all->route_count; i++)
        {
            free(all->routes[i].pattern);
            free(all->routes[i].params);
            reply_free(&all->routes[i].reply);
        }
        free(all);
        all = next;
    }
}

/* Star patterns without backtracking over more than the last star. */
static bool matches(const char *pattern, const char *text, size_t length)
{
    const char *star = NULL;
    size_t star_at = 0;
    size_t at = 0;
    while (at < length)
    {
        bool escaped = pattern[0] == '\\' && pattern[1] == '*';
        if (*pattern == '*')
        {
            star = ++pattern;
            star_at = at;
        }
        else if (*pattern != '\0' && (escaped ? pattern[1] : *pattern) == text[at])
        {
            pattern += escaped ? 2 : 1;
            at++;
        }
        else if (star != NULL)
        {
            pattern = star;
            at = ++star_at;
        }
        else
        {
            return false;
        }
    }
    while (*pattern == '*')
    {
        pattern++;
    }
    return *pattern == '\0';
}

static bool listed(const char *list, const char *name, size_t length)
{
    for (const char *at = list; *at != '\0';)
    {
        size_t word = strcspn(at, ",");
        if (word == length && memcmp(at, name, length) == 0)
        {
            return true;
        }
        at += word + (at[word] == ',' ? 1 : 0);
    }
    return false;
}

static bool knows_params(const char *list, struct request *request)
{
    const char *at = request->query;
    const char *end = request->query + request->query_length;
    while (at < end)
    {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        size_t length = (size_t)((equals == NULL ? stop : equals) - at);
        if (length > 0 && !listed(list, at, length))
        {
            request->unknown = at;
            request->unknown_length = length;
            return false;
        }
        at = stop + 1;
    }
    return true;
}

const struct route *personality_route(const struct personality *p,
                                      struct request *request)
{
    for (size_t i = 0; i < p->route_count; i++)
    {
        const struct route *route = &p->routes[i];
        if (route->pattern != NULL &&
            matches(route->pattern, request->path, request->path_length) &&
            (route->params == NULL || knows_params(route->params, request)))
        {
            return route;
        }
    }
    return p->fallback;
}
