/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "ajar/escape.h"
#include "ajar/num.h"

#include "scan.h"
#include "tree.h"

/* Strings are handed out with a NUL for an end, so a \u0000 inside would cut one short
 * (measured on cJSON, ecosystem.md 6.3): a name that is not the name. */
static bool is_strict(struct ajar_span text, size_t *out_values)
{
    struct ajar_json_scan scan;
    scan_init(&scan);
    const char *at = text.data;
    enum scan_event event = SCAN_NONE;
    while (event != SCAN_BAD && event != SCAN_MORE)
    {
        event = scan_next(&scan, &at, text.data + text.len);
    }
    *out_values = scan.values;
    return event == SCAN_MORE && scan_may_end(&scan) && !scan.has_nul;
}

struct cJSON *ajar_json_parse(struct ajar_span text)
{
    size_t values;
    if (text.len == 0 || text.len > AJAR_MAX_BODY || !is_strict(text, &values) ||
        !ajar_utf8_is_valid(text))
    {
        return NULL;
    }
    return tree_build(text, values);
}

void ajar_json_free(struct cJSON *json)
{
    free(json);
}

static bool is_type(const struct cJSON *json, int type)
{
    return json != NULL && json->type == type;
}

const struct cJSON *ajar_json_get(const struct cJSON *json, const char *name)
{
    /* not through arrays, and with case: cJSON's own lookup does both otherwise */
    if (!is_type(json, cJSON_Object))
    {
        return NULL;
    }
    const struct cJSON *member = json->child;
    while (member != NULL &&
           (member->string[0] != name[0] || strcmp(member->string, name) != 0))
    {
        member = member->next;
    }
    return member;
}

const char *ajar_json_string(const struct cJSON *json, const char *name)
{
    const struct cJSON *member = ajar_json_get(json, name);
    return is_type(member, cJSON_String) ? member->valuestring : NULL;
}

const struct cJSON *ajar_json_object(const struct cJSON *json, const char *name)
{
    const struct cJSON *member = ajar_json_get(json, name);
    return is_type(member, cJSON_Object) ? member : NULL;
}

bool ajar_json_bool(const struct cJSON *json, const char *name, bool *out)
{
    const struct cJSON *member = ajar_json_get(json, name);
    if (!is_type(member, cJSON_True) && !is_type(member, cJSON_False))
    {
        return false;
    }
    *out = member->type == cJSON_True;
    return true;
}

/* cJSON keeps a double alone. Below 2^53 every integer has its own; 2^53 itself may have
 * been 2^53 + 1, so it is no exact count any more. */
static bool count_of_number(double number, uint64_t *out)
{
    if (signbit(number) || !(number < 9007199254740992.0))
    {
        return false;
    }
    uint64_t whole = (uint64_t)number;
    if ((double)whole != number)
    {
        return false;
    }
    *out = whole;
    return true;
}

bool ajar_json_count(const struct cJSON *json, const char *name, uint64_t *out)
{
    const struct cJSON *member = ajar_json_get(json, name);
    if (is_type(member, cJSON_Number))
    {
        return count_of_number(member->valuedouble, out);
    }
    if (is_type(member, cJSON_String))
    {
        return ajar_num_u64(ajar_span_of(member->valuestring), UINT64_MAX, out) ==
               AJAR_OK;
    }
    return false;
}
