/* SPDX-License-Identifier: Apache-2.0 */
#include "target_arg.h"

#include <ctype.h>
#include <string.h>

#include "ajar/num.h"

static int fail(const char **out_what, const char *what)
{
    *out_what = what;
    return AJAR_ESYNTAX;
}

static bool take_prefix(struct ajar_span *text, const char *prefix)
{
    if (!ajar_span_starts(*text, prefix))
    {
        return false;
    }
    text->data += strlen(prefix);
    text->len -= strlen(prefix);
    return true;
}

/* RFC 1123 section 2.1, and underscores, which internal names carry. */
static bool is_host_name(struct ajar_span text)
{
    size_t label = 0;
    bool has_letter = false;
    if (text.len == 0 || text.len > 253)
    {
        return false;
    }
    for (size_t i = 0; i < text.len; i++)
    {
        unsigned char c = (unsigned char)text.data[i];
        bool edge = label == 0 || i + 1 == text.len || text.data[i + 1] == '.';
        if (c == '.')
        {
            if (label == 0)
            {
                return false;
            }
            label = 0;
            continue;
        }
        if (!(isalnum(c) || c == '_' || (c == '-' && !edge)) || ++label > 63)
        {
            return false;
        }
        has_letter = has_letter || isalpha(c);
    }
    return has_letter;
}

static int parse_port(struct ajar_span text, struct target_arg *out,
                      const char **out_what)
{
    uint64_t port = 0;
    if (ajar_num_u64(text, 65535, &port) != AJAR_OK || port == 0)
    {
        return fail(out_what, "the port must be a number from 1 to 65535");
    }
    out->port = (uint16_t)port;
    return AJAR_OK;
}

static int parse_host(struct ajar_span text, struct target_arg *out,
                      const char **out_what)
{
    if (ajar_addr_parse(text, &out->addr) == AJAR_OK)
    {
        return AJAR_OK;
    }
    if (memchr(text.data, '/', text.len) != NULL)
    {
        return fail(out_what, "a range or a path cannot be checked: give one address, or "
                              "declare the range in a targets file and use `ajar scan`");
    }
    if (!is_host_name(text))
    {
        return fail(out_what, "not an address and not a host name: write 192.0.2.1, "
                              "192.0.2.1:9200, [2001:db8::1]:9200, host.example:9200 or "
                              "https://host.example");
    }
    for (size_t i = 0; i < text.len; i++)
    {
        out->name[i] = (char)tolower((unsigned char)text.data[i]);
    }
    out->name[text.len] = '\0';
    return AJAR_OK;
}

static int parse_bracketed(struct ajar_span text, struct target_arg *out,
                           const char **out_what)
{
    const char *end = memchr(text.data, ']', text.len);
    size_t len = end != NULL ? (size_t)(end - text.data) : 0;
    struct ajar_span inner = {text.data + 1, len > 0 ? len - 1 : 0};
    if (end == NULL || ajar_addr_parse(inner, &out->addr) != AJAR_OK)
    {
        return fail(out_what, "between [ and ] an IPv6 address is expected");
    }
    struct ajar_span rest = {end + 1, text.len - len - 1};
    if (rest.len == 0)
    {
        return AJAR_OK;
    }
    if (rest.data[0] != ':')
    {
        return fail(out_what, "after ] only :PORT may follow");
    }
    return parse_port((struct ajar_span){rest.data + 1, rest.len - 1}, out, out_what);
}

int target_arg_parse(const char *text, struct target_arg *out, const char **out_what)
{
    struct target_arg arg = {.scheme = AJAR_SCHEME_AUTO};
    struct ajar_span rest = ajar_span_of(text);
    bool is_url = false;
    if (take_prefix(&rest, "http://"))
    {
        is_url = true;
        arg.scheme = AJAR_SCHEME_HTTP;
    }
    else if (take_prefix(&rest, "https://"))
    {
        is_url = true;
        arg.scheme = AJAR_SCHEME_HTTPS;
    }
    if (is_url && rest.len > 0 && rest.data[rest.len - 1] == '/')
    {
        rest.len--;
    }
    int status = AJAR_OK;
    const char *colon = rest.len > 0 ? memchr(rest.data, ':', rest.len) : NULL;
    size_t before = colon != NULL ? (size_t)(colon - rest.data) : rest.len;
    bool one_colon =
        colon != NULL && memchr(colon + 1, ':', rest.len - before - 1) == NULL;
    if (rest.len == 0)
    {
        return fail(out_what, "an address or a host name is missing");
    }
    if (memchr(rest.data, '@', rest.len) != NULL)
    {
        return fail(out_what, "user names and passwords are never sent: leave out what "
                              "stands before @");
    }
    if (rest.data[0] == '[')
    {
        status = parse_bracketed(rest, &arg, out_what);
    }
    else if (one_colon)
    {
        status = parse_host((struct ajar_span){rest.data, before}, &arg, out_what);
        if (status == AJAR_OK)
        {
            status = parse_port((struct ajar_span){colon + 1, rest.len - before - 1},
                                &arg, out_what);
        }
    }
    else
    {
        status = parse_host(rest, &arg, out_what);
    }
    if (status == AJAR_OK && is_url && arg.port == 0)
    {
        arg.port = arg.scheme == AJAR_SCHEME_HTTPS ? 443 : 80;
    }
    if (status == AJAR_OK)
    {
        *out = arg;
    }
    return status;
}
