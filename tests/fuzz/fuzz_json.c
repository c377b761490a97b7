/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON read as a whole: what is accepted is UTF-8 without a hidden NUL, is JSON to the
 * row reader too, and answers every question without a crash.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "ajar/escape.h"
#include "ajar/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool pass_by(void *context, struct ajar_span key, struct ajar_span text)
{
    (void)context;
    (void)key;
    (void)text;
    return true;
}

static void check_rows(struct ajar_span text)
{
    struct ajar_rows rows;
    ajar_rows_init(&rows, "", pass_by, NULL);
    enum ajar_rows_state state = ajar_rows_feed(&rows, text);
    if (state != AJAR_ROWS_DONE && state != AJAR_ROWS_NOT_FOUND)
    {
        abort();
    }
    ajar_rows_deinit(&rows);
}

static void ask(const struct cJSON *json, const char *name)
{
    uint64_t count;
    bool flag;
    const char *text = ajar_json_string(json, name);
    if (text != NULL && !ajar_utf8_is_valid(ajar_span_of(text)))
    {
        abort();
    }
    (void)ajar_json_count(json, name, &count);
    (void)ajar_json_bool(json, name, &flag);
    (void)ajar_json_object(json, name);
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
    struct ajar_span text = {.data = copy, .len = size};
    struct cJSON *json = ajar_json_parse(text);
    if (json != NULL)
    {
        check_rows(text);
        ask(json, "a");
        const struct cJSON *member;
        cJSON_ArrayForEach(member, json)
        {
            ask(json, member->string != NULL ? member->string : "");
        }
    }
    ajar_json_free(json);
    free(copy);
    return 0;
}
