/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

#include "ajar/escape.h"

/*
 * An index name into a path. The name comes from the peer, so it could try to become
 * another endpoint (`_search`), another index expression (`a,b`, `*`, `-x`, `<date>`,
 * `remote:x`) or another request (a space, a `?`). Only names that Elasticsearch itself
 * would accept for an index are asked for, and all but RFC 3986's unreserved bytes are
 * percent-encoded.
 */

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

bool es_path_index_ok(struct ajar_span name)
{
    if (name.len == 0 || name.len > AJAR_MAX_INDEX_NAME || ajar_span_is(name, ".") ||
        ajar_span_is(name, "..") || !ajar_utf8_is_valid(name))
    {
        return false;
    }
    if (name.data[0] == '_' || name.data[0] == '-' || name.data[0] == '+')
    {
        return false;
    }
    for (size_t i = 0; i < name.len; i++)
    {
        unsigned char c = (unsigned char)name.data[i];
        if (c <= ' ' || c == 0x7f || strchr("/\\*?\"<>|,#:", c) != NULL)
        {
            return false;
        }
        if (c == '.' && i + 1 < name.len && name.data[i + 1] == '.')
        {
            return false; /* some proxies take dot segments apart wherever they stand */
        }
    }
    return true;
}

static void append_encoded(struct ajar_buf *out, struct ajar_span name)
{
    for (size_t i = 0; i < name.len; i++)
    {
        unsigned char c = (unsigned char)name.data[i];
        if (is_unreserved(c))
        {
            (void)ajar_buf_byte(out, (char)c);
        }
        else
        {
            (void)ajar_buf_printf(out, "%%%02X", c);
        }
    }
}

/* The path with what `{hole}` stands for put in. */
static const char *fill(struct es_state *state, const struct ajar_step *step,
                        struct ajar_span value)
{
    const char *open = strchr(step->path, '{');
    const char *close = open != NULL ? strchr(open, '}') : NULL;
    if (close == NULL)
    {
        return NULL;
    }
    struct ajar_buf path;
    ajar_buf_init(&path, AJAR_MAX_REQUEST);
    (void)ajar_buf_append(&path, step->path, (size_t)(open - step->path));
    append_encoded(&path, value);
    (void)ajar_buf_text(&path, close + 1);
    const char *copy = NULL;
    if (!path.failed)
    {
        copy = ajar_arena_copy(state->evidence->arena, ajar_buf_span(&path));
    }
    ajar_buf_deinit(&path);
    return copy;
}

const char *es_path_of_index(struct es_state *state, const struct ajar_step *step,
                             struct ajar_span name)
{
    return es_path_index_ok(name) ? fill(state, step, name) : NULL;
}

const char *es_path_of_nonce(struct es_state *state, const struct ajar_step *step)
{
    static const char digits[] = "0123456789abcdef";
    char text[17];
    for (size_t i = 0; i < 16; i++)
    {
        text[i] = digits[(state->nonce >> (60 - 4 * i)) & 15u];
    }
    text[16] = '\0';
    return fill(state, step, ajar_span_of(text));
}
