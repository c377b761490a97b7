/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Peer text made safe: both forms are UTF-8 without control bytes, the JSON form is a
 * JSON string that reads back to text of the same form, and a cut text keeps its columns.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "ajar/escape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Columns of safe text: its characters. */
static size_t check_safe(const struct ajar_buf *out)
{
    size_t columns = 0;
    if (!ajar_utf8_is_valid(ajar_buf_span(out)))
    {
        abort();
    }
    for (size_t i = 0; i < out->len; i++)
    {
        uint8_t byte = (uint8_t)out->data[i];
        if (byte < 0x20 || byte == 0x7f)
        {
            abort();
        }
        columns += (byte & 0xc0) != 0x80;
    }
    return columns;
}

static void check_json(const struct ajar_buf *out, struct ajar_span peer)
{
    struct cJSON *json = cJSON_ParseWithLength(out->data, out->len);
    if (!cJSON_IsString(json))
    {
        abort();
    }
    if (peer.len == 0 ||
        memchr(peer.data, '\0', peer.len) == NULL) /* a C string ends there */
    {
        struct ajar_buf again;
        ajar_buf_init(&again, out->max);
        int status = ajar_escape_json(&again, ajar_span_of(json->valuestring));
        if (status < 0 || strcmp(again.data, out->data) != 0)
        {
            abort();
        }
        ajar_buf_deinit(&again);
    }
    cJSON_Delete(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL)
    {
        abort();
    }
    if (size > 0)
    {
        memcpy(copy, data, size);
    }
    struct ajar_span peer = {.data = copy, .len = size};
    size_t columns = size > 0 ? data[0] : 0;
    struct ajar_buf out;
    ajar_buf_init(&out, size * 6 + 16);
    if (ajar_escape_text(&out, peer, columns) < 0)
    {
        abort();
    }
    size_t shown = check_safe(&out);
    if (columns > 0 && shown > columns + 1)
    {
        abort();
    }
    ajar_buf_reset(&out, out.max);
    if (ajar_escape_json(&out, peer) < 0)
    {
        abort();
    }
    (void)check_safe(&out);
    check_json(&out, peer);
    ajar_buf_deinit(&out);
    free(copy);
    return 0;
}
