/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <string.h>

#include "ajar/http.h"

static const struct ajar_get sound = {
    .path = "/_cat/indices?format=json&bytes=b",
    .authority = "[2001:db8::1]:9200",
    .user_agent = "ajar/0.1.0 (+https://corp.example/probing)",
};

static struct ajar_buf out;

static void set_up(void)
{
    ajar_buf_init(&out, 64 * 1024);
}

static void tear_down(void)
{
    ajar_buf_deinit(&out);
}

TestSuite(get, .init = set_up, .fini = tear_down);

Test(get, the_whole_request)
{
    cr_assert_eq(ajar_get_render(&sound, &out), AJAR_OK);
    cr_expect_str_eq(out.data,
                     "GET /_cat/indices?format=json&bytes=b HTTP/1.1\r\n"
                     "Host: [2001:db8::1]:9200\r\n"
                     "User-Agent: ajar/0.1.0 (+https://corp.example/probing)\r\n"
                     "Accept: application/json\r\n"
                     "Accept-Encoding: identity\r\n"
                     "\r\n");
}

Test(get, appends)
{
    cr_assert_eq(ajar_buf_text(&out, "before "), AJAR_OK);
    cr_assert_eq(ajar_get_render(&sound, &out), AJAR_OK);
    cr_expect(ajar_span_starts(ajar_buf_span(&out), "before GET /_cat"));
}

/* Whatever could end the line, begin another request or be read as something else. */
static const char *const bad_texts[] = {
    "/a\r\nX: y", "/a\nX: y",  "/a\rb",  "/a b",      "/a\tb",
    "/a\x01",     "/a\x1b[2J", "/a\x7f", "/\xc3\xa9", "/\xff",
};

static void expect_refused(const struct ajar_get *get, const char *what, size_t i)
{
    cr_expect_eq(ajar_get_render(get, &out), AJAR_EINVAL, "%s %zu was rendered", what, i);
    cr_expect_eq(out.len, (size_t)0, "%s %zu left bytes", what, i);
}

Test(get, injection_is_refused_in_path_and_authority)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(bad_texts); i++)
    {
        struct ajar_get get = sound;
        get.path = bad_texts[i];
        expect_refused(&get, "path", i);
        get = sound;
        get.authority = bad_texts[i];
        expect_refused(&get, "authority", i);
    }
}

Test(get, injection_is_refused_in_the_user_agent)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(bad_texts); i++)
    {
        struct ajar_get get = sound;
        get.user_agent = bad_texts[i];
        if (strcmp(bad_texts[i], "/a b") == 0)
        {
            continue; /* a space is a part of every User-Agent with a comment */
        }
        expect_refused(&get, "user agent", i);
    }
}

Test(get, missing_parts_are_refused)
{
    const struct ajar_get bad[] = {
        {.path = NULL, .authority = "a", .user_agent = "b"},
        {.path = "", .authority = "a", .user_agent = "b"},
        {.path = "_cat", .authority = "a", .user_agent = "b"},
        {.path = "http://a/", .authority = "a", .user_agent = "b"},
        {.path = "/", .authority = NULL, .user_agent = "b"},
        {.path = "/", .authority = "", .user_agent = "b"},
        {.path = "/", .authority = "a", .user_agent = NULL},
        {.path = "/", .authority = "a", .user_agent = ""},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(bad); i++)
    {
        expect_refused(&bad[i], "request", i);
    }
}

/* wire-facts R15: Elasticsearch closes or refuses above 4096 bytes of request line. */
Test(get, the_limit_is_exact)
{
    char path[AJAR_MAX_REQUEST + 2];
    cr_assert_eq(ajar_get_render(&sound, &out), AJAR_OK);
    size_t others = out.len - strlen(sound.path);
    memset(path, 'a', sizeof path);
    path[0] = '/';
    struct ajar_get get = sound;
    get.path = path;

    path[AJAR_MAX_REQUEST - others + 1] = '\0';
    ajar_buf_reset(&out, SIZE_MAX);
    cr_expect_eq(ajar_get_render(&get, &out), AJAR_ELIMIT);
    cr_expect_eq(out.len, (size_t)0);

    path[AJAR_MAX_REQUEST - others] = '\0';
    cr_expect_eq(ajar_get_render(&get, &out), AJAR_OK);
    cr_expect_eq(out.len, (size_t)AJAR_MAX_REQUEST);
}

Test(get, a_full_buffer_stays_as_it_was)
{
    struct ajar_buf small;
    ajar_buf_init(&small, 50);
    cr_assert_eq(ajar_buf_text(&small, "kept"), AJAR_OK);
    cr_expect_eq(ajar_get_render(&sound, &small), AJAR_ELIMIT);
    cr_expect_str_eq(small.data, "kept");
    ajar_buf_deinit(&small);
}
