/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/http.h"

#include <string.h>

#define GET_ONES UINT64_C(0x0101010101010101)
#define GET_HIGHS UINT64_C(0x8080808080808080)

static bool is_visible_byte(char byte, bool space_too)
{
    return (byte > 0x20 && byte < 0x7f) || (byte == ' ' && space_too);
}

/* Eight bytes at a time where none can be below 0x21 or above 0x7e; a mark says only that
 * they must be looked at. */
static bool is_visible(struct ajar_span text, bool space_too)
{
    size_t at = 0;
    while (at < text.len)
    {
        uint64_t word;
        if (text.len - at >= sizeof word)
        {
            memcpy(&word, text.data + at, sizeof word);
            if ((((word - GET_ONES * 0x21) | (word + GET_ONES) | word) & GET_HIGHS) == 0)
            {
                at += sizeof word;
                continue;
            }
        }
        if (!is_visible_byte(text.data[at], space_too))
        {
            return false;
        }
        at++;
    }
    return true;
}

/* What a request is rendered from, beside what is constant. */
struct get_texts
{
    struct ajar_span path;
    struct ajar_span authority;
    struct ajar_span agent;
};

static bool is_sound(const struct get_texts *parts)
{
    return parts->path.len > 0 && parts->path.data[0] == '/' &&
           is_visible(parts->path, false) && parts->authority.len > 0 &&
           is_visible(parts->authority, false) && parts->agent.len > 0 &&
           is_visible(parts->agent, true);
}

static const char get_method[] = "GET ";
static const char get_after_path[] = " HTTP/1.1\r\nHost: ";
static const char get_after_authority[] = "\r\nUser-Agent: ";
/* no body is ever inflated, so none may come deflated */
static const char get_after_agent[] = "\r\nAccept: application/json\r\n"
                                      "Accept-Encoding: identity\r\n\r\n";

int ajar_get_render(const struct ajar_get *get, struct ajar_buf *out)
{
    struct get_texts parts = {ajar_span_of(get->path), ajar_span_of(get->authority),
                              ajar_span_of(get->user_agent)};
    if (!is_sound(&parts))
    {
        return AJAR_EINVAL;
    }
    /* each is a text in memory, so that their sum is a size */
    size_t len = parts.path.len + parts.authority.len + parts.agent.len +
                 sizeof get_method + sizeof get_after_path + sizeof get_after_authority +
                 sizeof get_after_agent - 4;
    if (len > AJAR_MAX_REQUEST)
    {
        return AJAR_ELIMIT;
    }
    int status = ajar_buf_reserve(out, len);
    if (status < 0)
    {
        return status;
    }
    (void)ajar_buf_append(out, get_method, sizeof get_method - 1);
    (void)ajar_buf_append(out, parts.path.data, parts.path.len);
    (void)ajar_buf_append(out, get_after_path, sizeof get_after_path - 1);
    (void)ajar_buf_append(out, parts.authority.data, parts.authority.len);
    (void)ajar_buf_append(out, get_after_authority, sizeof get_after_authority - 1);
    (void)ajar_buf_append(out, parts.agent.data, parts.agent.len);
    return ajar_buf_append(out, get_after_agent, sizeof get_after_agent - 1);
}
