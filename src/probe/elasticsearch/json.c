/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include "ajar/escape.h"

/*
 * JSON whose texts hold bytes that are not UTF-8 (RFC 8259 section 8.1 wants UTF-8). No
 * engine writes such a name, but a cluster is not shut because a name in it is broken.
 * Each such byte is read as `?`: no engine accepts that in an index name either, so that
 * the name is shown for what it is and path.c never asks for it.
 */

struct cJSON *es_json_parse(struct ajar_span text)
{
    struct cJSON *json = ajar_json_parse(text);
    if (json != NULL || ajar_utf8_is_valid(text))
    {
        return json;
    }
    struct ajar_buf copy;
    ajar_buf_init(&copy, AJAR_MAX_BODY);
    if (ajar_buf_append(&copy, text.data, text.len) == AJAR_OK)
    {
        for (size_t at = 0; at < copy.len;)
        {
            size_t len =
                ajar_utf8_length((struct ajar_span){copy.data + at, copy.len - at});
            if (len == 0)
            {
                copy.data[at] = '?';
                len = 1;
            }
            at += len;
        }
        json = ajar_json_parse(ajar_buf_span(&copy));
    }
    ajar_buf_deinit(&copy);
    return json;
}
