/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/http.h"

static bool is_visible(const char *text, bool space_too)
{
    for (const char *at = text; *at != '\0'; at++)
    {
        unsigned char byte = (unsigned char)*at;
        if ((byte < 0x21 && !(byte == ' ' && space_too)) || byte > 0x7e)
        {
            return false;
        }
    }
    return true;
}

static bool is_sound(const struct ajar_get *get)
{
    return get->path != NULL && get->path[0] == '/' && is_visible(get->path, false) &&
           get->authority != NULL && get->authority[0] != '\0' &&
           is_visible(get->authority, false) && get->user_agent != NULL &&
           get->user_agent[0] != '\0' && is_visible(get->user_agent, true);
}

int ajar_get_render(const struct ajar_get *get, struct ajar_buf *out)
{
    if (!is_sound(get))
    {
        return AJAR_EINVAL;
    }
    struct ajar_buf text;
    ajar_buf_init(&text, AJAR_MAX_REQUEST);
    (void)ajar_buf_text(&text, "GET ");
    (void)ajar_buf_text(&text, get->path);
    (void)ajar_buf_text(&text, " HTTP/1.1\r\nHost: ");
    (void)ajar_buf_text(&text, get->authority);
    (void)ajar_buf_text(&text, "\r\nUser-Agent: ");
    (void)ajar_buf_text(&text, get->user_agent);
    /* no body is ever inflated, so none may come deflated */
    (void)ajar_buf_text(&text, "\r\nAccept: application/json\r\n"
                               "Accept-Encoding: identity\r\n\r\n");
    int status = text.failed ? AJAR_ELIMIT : ajar_buf_append(out, text.data, text.len);
    ajar_buf_deinit(&text);
    return status;
}
