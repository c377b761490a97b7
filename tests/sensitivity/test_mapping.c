/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "ajar/sensitivity.h"

/* What the reader handed out, as text: "[index] path:type ..." */
struct seen
{
    char text[4096];
    size_t len;
};

static void add(struct seen *seen, const char *text, size_t len)
{
    cr_assert_lt(seen->len + len, sizeof(seen->text));
    memcpy(seen->text + seen->len, text, len);
    seen->len += len;
    seen->text[seen->len] = '\0';
}

static void on_index(void *context, struct ajar_span name)
{
    struct seen *seen = context;
    add(seen, "[", 1);
    add(seen, name.data, name.len);
    add(seen, "]", 1);
}

static void on_field(void *context, struct ajar_span path, struct ajar_span type)
{
    struct seen *seen = context;
    add(seen, " ", 1);
    add(seen, path.data, path.len);
    add(seen, ":", 1);
    add(seen, type.data, type.len);
}

static enum ajar_mapping_state feed(struct seen *seen, const char *first,
                                    size_t first_len, const char *second,
                                    size_t second_len, bool bytewise)
{
    struct ajar_mapping mapping;
    struct ajar_mapping_sink sink = {on_index, on_field, seen};
    seen->len = 0;
    seen->text[0] = '\0';
    ajar_mapping_init(&mapping, &sink);
    for (size_t i = 0; bytewise && i < first_len; i++)
    {
        (void)ajar_mapping_feed(&mapping, (struct ajar_span){first + i, 1});
    }
    if (!bytewise)
    {
        (void)ajar_mapping_feed(&mapping, (struct ajar_span){first, first_len});
    }
    return ajar_mapping_feed(&mapping, (struct ajar_span){second, second_len});
}

/* Whole, byte by byte, and split at every position. */
static void expect(const char *json, const char *text, enum ajar_mapping_state state)
{
    struct seen seen;
    size_t len = strlen(json);
    cr_assert_eq(feed(&seen, json, len, "", 0, false), state, "%s", json);
    cr_assert_str_eq(seen.text, text);
    cr_assert_eq(feed(&seen, json, len, "", 0, true), state);
    cr_assert_str_eq(seen.text, text);
    for (size_t at = 0; at <= len; at++)
    {
        cr_assert_eq(feed(&seen, json, at, json + at, len - at, false), state);
        cr_assert_str_eq(seen.text, text);
    }
}

Test(mapping, version_7_and_later)
{
    expect("{\"logs\":{\"mappings\":{\"dynamic\":\"strict\",\"_meta\":{\"properties\":{"
           "\"no\":{\"type\":"
           "\"text\"}}},\"properties\":{\"user\":{\"properties\":{\"email\":{\"type\":"
           "\"keyword\","
           "\"ignore_above\":1024},\"id\":{\"type\":\"long\"}}},\"message\":{\"type\":"
           "\"text\","
           "\"fields\":{\"keyword\":{\"type\":\"keyword\"}}}}}}}",
           "[logs] user.email:keyword user.id:long message:text", AJAR_MAPPING_DONE);
}

Test(mapping, versions_1_to_6_have_a_type)
{
    expect("{\"crm\":{\"mappings\":{\"doc\":{\"_all\":{\"enabled\":false},\"properties\":"
           "{\"name\":{"
           "\"type\":\"string\",\"index\":\"not_analyzed\"},\"note\":{\"type\":"
           "\"string\"}}},"
           "\"other\":{\"properties\":{\"ip\":{\"type\":\"ip\"}}}}}}",
           "[crm] name:keyword note:string ip:ip", AJAR_MAPPING_DONE);
}

/* The only type that may begin with an underscore: 6.2 and later (a recorded 6.8.23). */
Test(mapping, a_type_named_doc)
{
    expect("{\"crm\":{\"mappings\":{\"_doc\":{\"_meta\":{\"properties\":{\"no\":{"
           "\"type\":\"ip\"}}},"
           "\"properties\":{\"ip\":{\"type\":\"ip\"}}}}}}",
           "[crm] ip:ip", AJAR_MAPPING_DONE);
}

Test(mapping, version_0_90_has_the_type_at_once)
{
    expect("{\"crm\":{\"doc\":{\"properties\":{\"mail\":{\"type\":\"string\"}}}}}",
           "[crm] mail:string", AJAR_MAPPING_DONE);
}

Test(mapping, several_indices_behind_an_alias)
{
    expect("{\"a\":{\"mappings\":{\"properties\":{\"x\":{\"type\":\"ip\"}}}},"
           "\"b\":{\"mappings\":{}},\"c\":{\"mappings\":{\"properties\":{\"y\":{\"type\":"
           "\"date\"}}}}}",
           "[a] x:ip[b][c] y:date", AJAR_MAPPING_DONE);
}

Test(mapping, fields_that_have_the_names_of_keywords)
{
    expect("{\"a\":{\"mappings\":{\"properties\":{\"type\":{\"type\":\"keyword\"},"
           "\"properties\":{"
           "\"properties\":{\"properties\":{\"type\":\"ip\"}}},\"fields\":{\"type\":"
           "\"long\"},"
           "\"_x\":{\"type\":\"date\"}}}}}",
           "[a] type:keyword properties.properties:ip fields:long _x:date",
           AJAR_MAPPING_DONE);
}

Test(mapping, nested_objects_arrays_and_escapes)
{
    expect("{\"a\":{\"mappings\":{\"dynamic_templates\":[{\"s\":{\"mapping\":{"
           "\"properties\":{\"no\":{"
           "\"type\":\"ip\"}}}}}],\"properties\":{\"o\":{\"type\":\"nested\","
           "\"properties\":{"
           "\"n\\u00e9\":{\"type\":\"text\"}}},\"empty\":{\"type\":\"object\"},\"b\":{"
           "\"type\":"
           "\"long\",\"null_value\":-1.5e3,\"store\":true}}}}}",
           "[a] o.n\xc3\xa9:text empty:object b:long", AJAR_MAPPING_DONE);
}

Test(mapping, what_is_no_mapping_has_no_field)
{
    expect("[]", "", AJAR_MAPPING_DONE);
    expect("{}", "", AJAR_MAPPING_DONE);
    expect("{\"error\":{\"type\":\"x\",\"reason\":\"y\"},\"status\":404}",
           "[error][status]", AJAR_MAPPING_DONE);
    expect("<html>", "", AJAR_MAPPING_BAD);
    expect("\"x\"", "", AJAR_MAPPING_BAD);
    expect("{\"a\":]", "[a]", AJAR_MAPPING_BAD);
    expect("}", "", AJAR_MAPPING_BAD);
    expect("{\"a\":\"\\uZ\"}", "[a]", AJAR_MAPPING_BAD);
}

Test(mapping, a_cut_mapping_gives_what_was_seen)
{
    expect("{\"a\":{\"mappings\":{\"properties\":{\"x\":{\"type\":\"ip\"},\"y\":{"
           "\"type\":\"te",
           "[a] x:ip", AJAR_MAPPING_MORE);
}

Test(mapping, depth_and_length_are_bounded)
{
    struct seen seen;
    char deep[512] = "";
    memset(deep, '[', 100);
    cr_assert_eq(feed(&seen, deep, 100, "", 0, false), AJAR_MAPPING_BAD);
    for (size_t i = 0; i < 80; i++)
    {
        memcpy(deep + i * 5, "{\"a\":", 5);
    }
    cr_assert_eq(feed(&seen, deep, 400, "", 0, false), AJAR_MAPPING_BAD);
    char json[2048] = "{\"a\":{\"mappings\":{\"properties\":{\"";
    size_t at = strlen(json);
    memset(json + at, 'x', 1000);
    static const char rest[] = "\":{\"type\":\"ip\"},\"y\":{\"type\":\"ip\"}}}}}";
    memcpy(json + at + 1000, rest, sizeof(rest));
    cr_assert_eq(feed(&seen, json, strlen(json), "", 0, false), AJAR_MAPPING_DONE);
    cr_assert_str_eq(seen.text, "[a] y:ip");
}

/* Any bytes: no crash, no endless path. A small generator, fixed seed. */
/* Found by fuzzing: fields were handed out before any index was. */
Test(mapping, a_container_where_a_name_has_to_stand)
{
    expect("{{\"properties\":{\"email\":{\"type\":\"text\"}}}}", "", AJAR_MAPPING_BAD);
    expect("{[{\"properties\":{\"email\":{\"type\":\"text\"}}}]}", "", AJAR_MAPPING_BAD);
    expect("{\"a\":{\"mappings\":{},{\"properties\":{\"email\":{}}}}}", "[a]",
           AJAR_MAPPING_BAD);
}

Test(mapping, survives_noise)
{
    static const char *const pieces[] = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         ",",
                                         ":",
                                         "\"a\"",
                                         "\"type\"",
                                         "\"properties\"",
                                         "1",
                                         "\\",
                                         "\"",
                                         "\"mappings\"",
                                         "true",
                                         " "};
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 3000; round++)
    {
        char text[800];
        size_t len = 0;
        while (len < sizeof(text) - 16)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            const char *piece = pieces[state % AJAR_COUNT_OF(pieces)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        struct ajar_mapping mapping;
        static struct seen seen;
        struct ajar_mapping_sink sink = {on_index, on_field, &seen};
        seen.len = 0;
        ajar_mapping_init(&mapping, &sink);
        (void)ajar_mapping_feed(&mapping, (struct ajar_span){text, len});
        cr_assert_leq(mapping.path_len, sizeof(mapping.path));
    }
}
