/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree against cJSON's own: what is accepted is, node by node, what cJSON makes of
 * the same bytes, and what cJSON takes is refused for a reason that the contract names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <criterion/criterion.h>

#include "ajar/escape.h"
#include "ajar/json.h"

static bool same_text(const char *a, const char *b)
{
    return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static bool same_node(const struct cJSON *ours, const struct cJSON *theirs)
{
    return ours->type == theirs->type &&
           same_text(ours->valuestring, theirs->valuestring) &&
           same_text(ours->string, theirs->string) &&
           memcmp(&ours->valuedouble, &theirs->valuedouble, sizeof(double)) == 0;
}

static bool same_tree(const struct cJSON *ours, const struct cJSON *theirs)
{
    const struct cJSON *a = ours->child;
    const struct cJSON *b = theirs->child;
    if (!same_node(ours, theirs))
    {
        return false;
    }
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
    {
        const struct cJSON *last = ours->child->prev;
        bool linked = a->next != NULL ? a->next->prev == a : last == a;
        if (!linked || !same_tree(a, b))
        {
            return false;
        }
    }
    return a == NULL && b == NULL;
}

static bool pass_by(void *context, struct ajar_span key, struct ajar_span text)
{
    (void)context;
    (void)key;
    (void)text;
    return true;
}

/* The row reader knows the grammar too, and nothing of trees. */
static bool is_strict(struct ajar_span text)
{
    struct ajar_rows rows;
    ajar_rows_init(&rows, "", pass_by, NULL);
    bool done = ajar_rows_feed(&rows, text) == AJAR_ROWS_DONE;
    ajar_rows_deinit(&rows);
    return done;
}

static bool has_nul(struct ajar_span text)
{
    for (size_t i = 0; i + 6 <= text.len; i++)
    {
        if (memcmp(text.data + i, "\\u0000", 6) == 0)
        {
            return true;
        }
    }
    return false;
}

/* From memory exactly as large as the text. */
static void compare(struct ajar_span text)
{
    char *copy = malloc(text.len);
    cr_assert_not_null(copy);
    memcpy(copy, text.data, text.len);
    struct ajar_span span = {copy, text.len};
    struct cJSON *ours = ajar_json_parse(span);
    struct cJSON *theirs = cJSON_ParseWithLengthOpts(copy, text.len, NULL, 0);
    if (ours != NULL)
    {
        cr_assert_not_null(theirs, "%.*s", (int)text.len, text.data);
        cr_assert(same_tree(ours, theirs), "%.*s", (int)text.len, text.data);
    }
    else if (theirs != NULL)
    {
        cr_assert(!is_strict(span) || !ajar_utf8_is_valid(span) || has_nul(span),
                  "refused: %.*s", (int)text.len, text.data);
    }
    cJSON_Delete(theirs);
    ajar_json_free(ours);
    free(copy);
}

static const char *const documents[] = {
    "{\"name\":\"n\",\"version\":{\"number\":\"8.19.1\",\"ok\":true,\"no\":false,"
    "\"none\":null},\"a\":[1,-2,[],{},\"x\",[[\"\"]]],\"\":0,\"a\":2}",
    " [ 0 , -0 , 12 , 123456789012345678 , 1234567890123456789 , 9007199254740993 ,"
    " 0.5 , -1.5e+3 , 1E400 , 1e-7 , 100.0 , 18446744073709551616 ] ",
    "{\"\\u0061\\\"\\\\\\/\\b\\f\\n\\r\\t\":\"\\u00e4\\uD83D\\uDE00\\ufffd\","
    "\"\xc3\xa4\":\"\xf0\x9f\x98\x80 and some more behind it\\n\",\"k\":\"\\\\\"}",
    "[\"\\ud800\",\"\\udc00\"]",
    "[\"\\ud800\\u0041\"]",
    "{\"a\":\"\\ud83d\\ude0\",\"b\":1}",
    "[[[{\"a\":{\"b\":[{\"c\":[]}]}}]],\"plain text of some length\",1]",
    "[111111111111111111111111111111111111111111111111111111111111111]",
    "[1111111111111111111111111111111111111111111111111111111111111111]",
    "[0.11111111111111111111111111111111111111111111111111111111111111]",
};

Test(json_tree, is_what_cjson_makes_of_the_same_text)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(documents); i++)
    {
        compare(ajar_span_of(documents[i]));
    }
}

Test(json_tree, is_what_cjson_makes_of_it_with_any_byte_changed_or_gone)
{
    static const char bytes[] = "\"\\{}[],: 0159-+.eEuntfalsdD\x01\x7f\xc3\xff";
    char text[256];
    for (size_t i = 0; i < AJAR_COUNT_OF(documents); i++)
    {
        size_t len = strlen(documents[i]);
        cr_assert_lt(len, sizeof text);
        for (size_t at = 0; at < len; at++)
        {
            for (size_t b = 0; b < sizeof bytes; b++)
            {
                memcpy(text, documents[i], len);
                text[at] = bytes[b];
                compare((struct ajar_span){text, len});
            }
            memcpy(text, documents[i], at);
            memcpy(text + at, documents[i] + at + 1, len - at - 1);
            compare((struct ajar_span){text, len - 1});
            compare((struct ajar_span){documents[i], at + 1});
        }
    }
}

Test(json_tree, holds_a_document_that_is_all_values)
{
    /* the most nodes that so many bytes can make */
    static char text[AJAR_MAX_BODY];
    for (size_t i = 0; i < sizeof text; i++)
    {
        text[i] = i % 2 == 0 ? ',' : '1';
    }
    text[0] = '[';
    text[sizeof text - 1] = ' ';
    text[sizeof text - 2] = ']';
    struct cJSON *json = ajar_json_parse((struct ajar_span){text, sizeof text});
    cr_assert_not_null(json);
    cr_assert_eq(cJSON_GetArraySize(json), (int)(sizeof text / 2 - 1));
    ajar_json_free(json);
}
