/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * Error bodies (wire-facts 1.6). Three forms over the versions:
 *   2.0 on     {"error":{"root_cause":[..],"type":"..","reason":".."},"status":N}
 *   0.x, 1.x, and later ones with http.detailed_errors.enabled: false
 *              {"error":"TypeException[reason]","status":N}
 *   no handler {"error":"no handler found for uri [..] and method [GET]"}; before 6.4 the
 *              same as text/plain with a capital letter
 * Bodies echo our path, so texts are compared from their beginning only (R12).
 */

static const char *const no_handler[] = {
    "No handler found for uri [",
    "no handler found for uri [",
    "ElasticsearchIllegalArgumentException[No feature for name [",
};

static bool text_starts(const char *text, const char *prefix)
{
    return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_no_handler(const char *text)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(no_handler); i++)
    {
        if (text_starts(text, no_handler[i]))
        {
            return true;
        }
    }
    return false;
}

static bool is_type(const char *text)
{
    size_t len = text != NULL ? strcspn(text, "[") : 0;
    return len > 9 && text[len] == '[' && strncmp(text + len - 9, "Exception", 9) == 0;
}

/* The string forms. `status` stands beside them in all but the no-handler one. */
static void read_string(const char *text, bool has_status, struct es_error *out)
{
    if (is_no_handler(text) || text_starts(text, "Incorrect HTTP method for uri ["))
    {
        out->shape = true;
    }
    else if (has_status &&
             (is_type(text) || strcmp(text, "No ElasticsearchException found") == 0))
    {
        out->shape = true;
    }
    out->reason = out->shape ? text : NULL;
}

static void read_object(const struct cJSON *error, bool has_status, struct es_error *out)
{
    const char *type = ajar_json_string(error, "type");
    bool rooted = ajar_json_get(error, "root_cause") != NULL;
    if (!has_status || (type == NULL && !rooted))
    {
        return;
    }
    out->shape = true;
    out->type = type;
    out->reason = ajar_json_string(error, "reason");
}

void es_error_read(const struct es_state *state, const struct cJSON *json,
                   struct es_error *out)
{
    *out = (struct es_error){0};
    if (json == NULL)
    {
        /* text/plain, 0.20 to 6.3 */
        const char *text = state->body.len > 0 ? state->body.data : NULL;
        out->shape = text_starts(text, no_handler[0]);
        out->reason = out->shape ? text : NULL;
        return;
    }
    uint64_t status = 0;
    bool has_status = ajar_json_count(json, "status", &status);
    const char *text = ajar_json_string(json, "error");
    const struct cJSON *object = ajar_json_object(json, "error");
    if (text != NULL)
    {
        read_string(text, has_status, out);
    }
    else if (object != NULL)
    {
        read_object(object, has_status, out);
    }
}

bool es_error_says(const struct es_error *error, const char *prefix)
{
    if (text_starts(error->reason, prefix))
    {
        return true;
    }
    if (error->type != NULL || error->reason == NULL)
    {
        return false;
    }
    const char *inside = strchr(error->reason, '[');
    return inside != NULL && text_starts(inside + 1, prefix);
}
