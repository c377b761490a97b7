/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/json.h"

#include <math.h>

#include <cjson/cJSON.h>

#include "ajar/escape.h"
#include "ajar/num.h"

#include "scan.h"

/* cJSON hands strings out with a NUL for an end, so a \u0000 inside would cut one short
 * (measured, ecosystem.md 6.3): a name that is not the name. */
static bool is_strict(struct ajar_span text)
{
    struct ajar_json_scan scan;
    scan_init(&scan);
    const char *at = text.data;
    enum scan_event event = SCAN_NONE;
    while (event != SCAN_BAD && event != SCAN_MORE)
    {
        event = scan_next(&scan, &at, text.data + text.len);
    }
    return event == SCAN_MORE && scan_may_end(&scan) && !scan.has_nul;
}

struct cJSON *ajar_json_parse(struct ajar_span text)
{
    if (text.len == 0 || text.len > AJAR_MAX_BODY || !is_strict(text) ||
        !ajar_utf8_is_valid(text))
    {
        return NULL;
    }
    /* the scan has seen that nothing but space follows the value, so that cJSON need not
     * look for its NUL at the end */
    return cJSON_ParseWithLengthOpts(text.data, text.len, NULL, 0);
}

void ajar_json_free(struct cJSON *json)
{
    cJSON_Delete(json);
}

const struct cJSON *ajar_json_get(const struct cJSON *json, const char *name)
{
    /* cJSON also looks through arrays, and its plain lookup ignores case */
    return cJSON_IsObject(json) ? cJSON_GetObjectItemCaseSensitive(json, name) : NULL;
}

const char *ajar_json_string(const struct cJSON *json, const char *name)
{
    const struct cJSON *member = ajar_json_get(json, name);
    return cJSON_IsString(member) ? member->valuestring : NULL;
}

const struct cJSON *ajar_json_object(const struct cJSON *json, const char *name)
{
    const struct cJSON *member = ajar_json_get(json, name);
    return cJSON_IsObject(member) ? member : NULL;
}

bool ajar_json_bool(const struct cJSON *json, const char *name, bool *out)
{
    const struct cJSON *member = ajar_json_get(json, name);
    if (!cJSON_IsBool(member))
    {
        return false;
    }
    *out = cJSON_IsTrue(member) != 0;
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
    if (cJSON_IsNumber(member))
    {
        return count_of_number(member->valuedouble, out);
    }
    if (cJSON_IsString(member))
    {
        return ajar_num_u64(ajar_span_of(member->valuestring), UINT64_MAX, out) ==
               AJAR_OK;
    }
    return false;
}
