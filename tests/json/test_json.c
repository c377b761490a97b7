/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <criterion/criterion.h>

#include "failmem.h"

#define SPAN(literal) ((struct ajar_span){.data = (literal), .len = sizeof(literal) - 1})

/* From memory exactly as large as the text: cJSON must not look for a NUL behind it. */
static struct cJSON *parse(struct ajar_span text)
{
    char *copy = malloc(text.len > 0 ? text.len : 1);
    cr_assert_not_null(copy);
    memcpy(copy, text.data, text.len);
    struct cJSON *json =
        ajar_json_parse((struct ajar_span){.data = copy, .len = text.len});
    free(copy);
    return json;
}

static const struct ajar_span good[] = {
    SPAN("{}"),
    SPAN("[]"),
    SPAN(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n"),
    SPAN("0"),
    SPAN("-0"),
    SPAN("12"),
    SPAN("-1.5e+10"),
    SPAN("1E400"), /* infinite to cJSON; no count */
    SPAN("0.5e-3"),
    SPAN("true"),
    SPAN("false"),
    SPAN("null"),
    SPAN("\"\""),
    SPAN("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83D\\uDE00\""),
    SPAN("\"\xc3\xa4\xf0\x9f\x98\x80\x7f\""),
    SPAN("[1,[2,[3,{\"a\":[]}]],\"\",null]"),
    SPAN("{\"\":0,\"a\":1,\"a\":2}"),
};

Test(json, well_formed_is_parsed)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(good); i++)
    {
        struct cJSON *json = parse(good[i]);
        cr_assert_not_null(json, "%s", good[i].data);
        ajar_json_free(json);
    }
}

Test(json, truncated_is_refused_wherever_it_was_cut)
{
    const char *text =
        "{\"a\":[1,-2.5e3,\"x\\u00e4\",true,null],\"b\":{\"c\":\"\xc3\xa4\"}}";
    size_t len = strlen(text);
    for (size_t cut = 0; cut < len; cut++)
    {
        cr_assert_null(parse((struct ajar_span){.data = text, .len = cut}), "%zu", cut);
    }
    struct cJSON *json = parse((struct ajar_span){.data = text, .len = len});
    cr_assert_not_null(json);
    ajar_json_free(json);
}

/* The first group is what cJSON 1.7.15 takes (measured, ecosystem.md 6.3). */
static const struct ajar_span bad[] = {
    SPAN("{} x"),
    SPAN("{}{}"),
    SPAN("[] []"),
    SPAN("01"),
    SPAN("[-012]"),
    SPAN("[1.]"),
    SPAN("[.5]"),
    SPAN("[1.e5]"),
    SPAN("\"\t\""),
    SPAN("\"\n\""),
    SPAN("\"\x1f\""),
    SPAN("\xef\xbb\xbf{}"),
    SPAN("\"\\u0000\""),
    SPAN("{\"a\\u0000b\":1}"),
    SPAN("\"a\0b\""),
    SPAN("{}\0"),
    SPAN("\"\xff\""),
    SPAN("\"\xc0\x80\""),
    SPAN("\"\xed\xa0\x80\""),
    SPAN("\x0b{}"),
    /* and what nobody should */
    SPAN(""),
    SPAN(" "),
    SPAN("{"),
    SPAN("}"),
    SPAN("["),
    SPAN("]"),
    SPAN("[}"),
    SPAN("{]"),
    SPAN("[1,]"),
    SPAN("[,1]"),
    SPAN("[1 2]"),
    SPAN("{\"a\":1,}"),
    SPAN("{,}"),
    SPAN("{\"a\"}"),
    SPAN("{\"a\":}"),
    SPAN("{\"a\" 1}"),
    SPAN("{a:1}"),
    SPAN("{1:1}"),
    SPAN("{'a':1}"),
    SPAN("[1:2]"),
    SPAN("-"),
    SPAN("+1"),
    SPAN("1e"),
    SPAN("1e+"),
    SPAN("--1"),
    SPAN("0x10"),
    SPAN("1_0"),
    SPAN("NaN"),
    SPAN("Infinity"),
    SPAN("-Infinity"),
    SPAN("True"),
    SPAN("tru"),
    SPAN("truee"),
    SPAN("nul"),
    SPAN("nulll"),
    SPAN("falsy"),
    SPAN("\"a"),
    SPAN("\"\\x41\""),
    SPAN("\"\\u12g4\""),
    SPAN("\"\\u123\""),
    SPAN("\"\\ud800\""),
    SPAN("\"\\udc00\""),
    SPAN("\"\\ud800\\u0041\""),
    SPAN("// x\n{}"),
    SPAN("{} /* x */"),
    SPAN("<html></html>"),
    SPAN("\x16\x03\x01\x02"),
};

Test(json, malformed_is_refused)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(bad); i++)
    {
        struct cJSON *json = parse(bad[i]);
        cr_assert_null(json, "case %zu: %s", i, bad[i].data);
    }
    cr_assert_null(ajar_json_parse((struct ajar_span){NULL, 0}));
    ajar_json_free(NULL);
}

/* The scan takes strings eight bytes at a time: a fault at every place beside them. */
Test(json, a_control_character_is_refused_wherever_it_stands)
{
    char text[42];
    for (size_t at = 1; at < sizeof text - 1; at++)
    {
        for (int c = 0; c < 0x80; c++)
        {
            memset(text, 'a', sizeof text);
            text[0] = '"';
            text[sizeof text - 1] = '"';
            text[at] = (char)c;
            struct cJSON *json =
                parse((struct ajar_span){.data = text, .len = sizeof text});
            bool want = c >= 0x20 && c != '"' && c != '\\';
            cr_assert_eq(json != NULL, want, "%02x at %zu", c, at);
            ajar_json_free(json);
        }
    }
}

static struct cJSON *parse_nested(size_t depth, const char *open, const char *inner,
                                  const char *close)
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, 1u << 20);
    for (size_t i = 0; i < depth; i++)
    {
        (void)ajar_buf_text(&buf, open);
    }
    (void)ajar_buf_text(&buf, inner);
    for (size_t i = 0; i < depth; i++)
    {
        (void)ajar_buf_text(&buf, close);
    }
    struct cJSON *json = ajar_json_parse(ajar_buf_span(&buf));
    ajar_buf_deinit(&buf);
    return json;
}

Test(json, nesting_has_an_end)
{
    struct cJSON *json = parse_nested(AJAR_MAX_JSON_DEPTH, "[", "", "]");
    cr_assert_not_null(json);
    ajar_json_free(json);
    cr_assert_null(parse_nested(AJAR_MAX_JSON_DEPTH + 1, "[", "", "]"));
    json = parse_nested(AJAR_MAX_JSON_DEPTH, "{\"a\":", "1", "}");
    cr_assert_not_null(json);
    ajar_json_free(json);
    cr_assert_null(parse_nested(AJAR_MAX_JSON_DEPTH + 1, "{\"a\":", "1", "}"));
    cr_assert_null(parse_nested(AJAR_MAX_JSON_DEPTH, "[", "{}", "]"));
    cr_assert_null(parse_nested(100000, "[", "", ""));
}

Test(json, a_body_above_the_maximum_is_refused)
{
    char *text = malloc(AJAR_MAX_BODY + 1);
    cr_assert_not_null(text);
    memset(text, ' ', AJAR_MAX_BODY + 1);
    text[0] = '1';
    struct cJSON *json = ajar_json_parse((struct ajar_span){text, AJAR_MAX_BODY});
    cr_assert_not_null(json);
    ajar_json_free(json);
    cr_assert_null(ajar_json_parse((struct ajar_span){text, AJAR_MAX_BODY + 1}));
    free(text);
}

Test(json, members_are_found_by_their_exact_name)
{
    struct cJSON *json =
        parse(SPAN("{\"Name\":\"upper\",\"name\":\"first\",\"name\":\"second\","
                   "\"n\":7,\"o\":{\"in\":\"ner\"},\"a\":[{\"name\":1}],"
                   "\"t\":true,\"f\":false,\"z\":null,\"\":\"empty\"}"));
    cr_assert_not_null(json);
    cr_assert_str_eq(ajar_json_string(json, "name"), "first");
    cr_assert_str_eq(ajar_json_string(json, "Name"), "upper");
    cr_assert_str_eq(ajar_json_string(json, ""), "empty");
    cr_assert_null(ajar_json_string(json, "NAME"));
    cr_assert_null(ajar_json_string(json, "n"), "of another type");
    cr_assert_null(ajar_json_string(json, "z"));
    cr_assert_null(ajar_json_object(json, "a"));
    cr_assert_null(ajar_json_object(json, "name"));
    cr_assert_str_eq(ajar_json_string(ajar_json_object(json, "o"), "in"), "ner");
    cr_assert_not_null(ajar_json_get(json, "z"), "present, and null");
    cr_assert_null(ajar_json_get(ajar_json_get(json, "a"), "name"), "not of an array");
    cr_assert_null(ajar_json_get(NULL, "a"));
    cr_assert_null(ajar_json_string(ajar_json_object(json, "none"), "in"));
    bool flag = true;
    cr_assert(ajar_json_bool(json, "f", &flag) && !flag);
    cr_assert(ajar_json_bool(json, "t", &flag) && flag);
    cr_assert_not(ajar_json_bool(json, "n", &flag));
    cr_assert_not(ajar_json_bool(json, "z", &flag));
    cr_assert_not(ajar_json_bool(json, "none", &flag));
    cr_assert(flag, "untouched");
    ajar_json_free(json);
}

struct count_case
{
    const char *value;
    bool is_count;
    uint64_t count;
};

static const struct count_case counts[] = {
    {"0", true, 0},
    {"7", true, 7},
    {"250000012", true, 250000012},
    {"2147483648", true, 2147483648}, /* above cJSON's valueint */
    {"9007199254740991", true, 9007199254740991},
    {"9007199254740992", false, 0}, /* 2^53 + 1 reads the same: no exact count */
    {"9007199254740993", false, 0},
    {"18446744073709551615", false, 0},
    {"1e400", false, 0},
    {"-1", false, 0},
    {"-0", false, 0},
    {"1.5", false, 0},
    {"0.1", false, 0},
    {"1e3", true, 1000},
    {"\"0\"", true, 0},
    {"\"12\"", true, 12},
    {"\"9007199254740993\"", true, UINT64_C(9007199254740993)},
    {"\"18446744073709551615\"", true, UINT64_MAX},
    {"\"18446744073709551616\"", false, 0},
    {"\"\"", false, 0},
    {"\"-1\"", false, 0},
    {"\"1.5\"", false, 0},
    {"\"1e3\"", false, 0},
    {"\" 1\"", false, 0},
    {"\"10gb\"", false, 0},
    {"null", false, 0}, /* _cat of a closed index */
    {"true", false, 0},
    {"[1]", false, 0},
    {"{}", false, 0},
};

Test(json, counts_are_exact_or_none)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(counts); i++)
    {
        char text[64];
        (void)snprintf(text, sizeof text, "{\"docs.count\":%s}", counts[i].value);
        struct cJSON *json = ajar_json_parse(ajar_span_of(text));
        cr_assert_not_null(json, "%s", text);
        uint64_t count = 4711;
        bool is_count = ajar_json_count(json, "docs.count", &count);
        cr_assert_eq(is_count, counts[i].is_count, "%s", text);
        cr_assert_eq(count, is_count ? counts[i].count : 4711, "%s", text);
        cr_assert_not(ajar_json_count(json, "docs", &count));
        ajar_json_free(json);
    }
    uint64_t count;
    cr_assert_not(ajar_json_count(NULL, "docs.count", &count));
}

Test(json, each_failed_allocation_is_a_null)
{
    cJSON_Hooks hooks = {.malloc_fn = failmem_malloc, .free_fn = free};
    cJSON_InitHooks(&hooks);
    unsigned long nth = 0;
    bool failed = true;
    while (failed)
    {
        nth++;
        failmem_arm(nth);
        struct cJSON *json =
            ajar_json_parse(SPAN("{\"a\":[1,\"x\",{\"b\":null}],\"c\":\"d\"}"));
        failed = failmem_disarm();
        cr_assert_eq(json == NULL, failed, "%lu", nth);
        ajar_json_free(json);
    }
    cr_assert_gt(nth, 8);
    cJSON_InitHooks(NULL);
}
