/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/json.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "rows_log.h"

struct rows_case
{
    const char *path;
    const char *document;
    const char *want;
};

static void check_all(const struct rows_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        rows_log_check(cases[i].path, ajar_span_of(cases[i].document), cases[i].want);
    }
}

static const struct rows_case roots[] = {
    {"", "[]", " done array"},
    {"", "{}", " done object"},
    {"", " \r\n\t[ ] \n", " done array"},
    {"", "[{\"index\":\"a\",\"docs.count\":\"1\"},{\"index\":\"b\"}]",
     "={\"index\":\"a\",\"docs.count\":\"1\"};={\"index\":\"b\"}; done array"},
    {"", "[ {} , [ 1, [ ] ] ,\n\"x\" , -1.5e3 , true,false , null , 0 ]",
     "={};=[ 1, [ ] ];=\"x\";=-1.5e3;=true;=false;=null;=0; done array"},
    {"", "{ \"a\" : {\"docs\" : 1 } ,\"b\":[],\"c\":7}",
     "a={\"docs\" : 1 };b=[];c=7; done object"},
    {"", "{\"\":1}", "=1; done object"},
    {"", "{\"a\":1,\"a\":2}", "a=1;a=2; done object"},
    {"", "[\"]\",\"}\",\"\\\"]\",\"\\\\\",\"a,b\"]",
     "=\"]\";=\"}\";=\"\\\"]\";=\"\\\\\";=\"a,b\"; done array"},
    {"", "[12]", "=12; done array"},
};

Test(rows, the_document_itself)
{
    check_all(roots, AJAR_COUNT_OF(roots));
}

static const struct rows_case keys[] = {
    {"", "{\"a\\\"\\\\\\/\\b\\f\\n\\r\\tb\":1}", "a\"\\/\b\f\n\r\tb=1; done object"},
    {"", "{\"\\u0041\\u00e4\\u4E2D\\ud83d\\uDE00\":1}",
     "A\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80=1; done object"},
    {"", "{\"x\\ud800y\":1,\"\\udc00\":2,\"\\ud800\\ud800\\udc00\":3,\"\\ud800\\n\":4}",
     "x\xef\xbf\xbdy=1;\xef\xbf\xbd=2;\xef\xbf\xbd\xf0\x90\x80\x80=3;\xef\xbf\xbd\n=4;"
     " done object"},
    {"", "{\"\\ud83d\\ue000\":1,\"\\ud83d\\u0041\":2}",
     "\xef\xbf\xbd\xee\x80\x80=1;\xef\xbf\xbd"
     "A=2; done object"},
    {"", "{\"\xc3\xa4\":1,\"\xff\":2}", "\xc3\xa4=1;\xff=2; done object"},
    /* the member that is sought may be written with escapes */
    {"indices", "{\"\\u0069ndices\":[1]}", "=1; done array"},
    {"indices", "{\"indices\\u0000\":[1]}", " done"},
    {"indices", "{\"Indices\":[1],\"indice\":[2],\"indicess\":[3]}", " done"},
};

Test(rows, escapes_in_names_are_undone)
{
    check_all(keys, AJAR_COUNT_OF(keys));
}

Test(rows, a_nul_in_a_name_is_kept)
{
    struct rows_log log;
    rows_log_init(&log);
    struct ajar_span document = ajar_span_of("{\"a\\u0000b\":1}");
    rows_log_read(&log, "", document, 0, document.len);
    cr_assert_eq(memcmp(log.text.data, "a\0b=1;", 6), 0);
    rows_log_deinit(&log);
}

static const struct rows_case members[] = {
    {"indices", "{\"indices\":{\"a\":{\"n\":1},\"b\":2}}",
     "a={\"n\":1};b=2; done object"},
    {"indices",
     "{\"_shards\":{\"total\":[1,{}]},\"x\":\"indices\",\"indices\":[1,2],\"y\":0}",
     "=1;=2; done array"},
    {"indices", "{\"a\":{\"indices\":[1]},\"b\":[{\"indices\":[2]}]}", " done"},
    {"indices", "{\"indices\":null}", " done"},
    {"indices", "{\"indices\":\"x\",\"y\":[1]}", " done"},
    {"indices", "{\"indices\":{}}", " done object"},
    {"indices", "[{\"indices\":[1]}]", " done"},
    {"indices", "{}", " done"},
    /* the first of duplicate members counts, as for ajar_json_get */
    {"indices", "{\"indices\":[1],\"indices\":[2]}", "=1; done array"},
    {"indices", "{\"indices\":0,\"indices\":[2]}", " done"},
    {"a.b", "{\"a\":{\"b\":[1,2]}}", "=1;=2; done array"},
    {"a.b",
     "{\"b\":[0],\"a\":{\"a\":{\"b\":[9]},\"b\":{\"k\":[]},\"c\":1},\"a\":{\"b\":[3]}}",
     "k=[]; done object"},
    {"a.b", "{\"a\":[{\"b\":[1]}],\"b\":[2]}", " done"},
    {"a.b", "{\"a\":{\"c\":1},\"a\":{\"b\":[1]}}", " done"},
    {"a.b", "{\"a.b\":[1]}", " done"},
    {"a.b", "{\"a\":{\"b\":1,\"b\":[2]},\"b\":[3]}", " done"},
    {"a.b.c", "{\"a\":{\"x\":{\"c\":[0]},\"b\":{\"b\":{\"c\":[8]},\"c\":[1]}},\"c\":[9]}",
     "=1; done array"},
};

Test(rows, a_member_inside)
{
    check_all(members, AJAR_COUNT_OF(members));
}

static const struct rows_case malformed[] = {
    {"", "", " more"},
    {"", "  \n", " more"},
    {"", "x", " bad"},
    {"", "<html>", " bad"},
    {"", "\xef\xbb\xbf[]", " bad"},
    {"", "]", " bad"},
    {"", "[}", " bad array"},
    {"", "{]", " bad object"},
    {"", "[1}", "=1; bad array"},
    {"", "[1,]", "=1; bad array"},
    {"", "[,1]", " bad array"},
    {"", "[1 2]", "=1; bad array"},
    {"", "[01]", "=0; bad array"},
    {"", "[1.]", " bad array"},
    {"", "[-]", " bad array"},
    {"", "[+1]", " bad array"},
    {"", "[tru]", " bad array"},
    {"", "[nulx]", " bad array"},
    {"", "[1,2", "=1; more array"},
    {"", "[1,2]", "=1;=2; done array"},
    {"", "[1,2]]", "=1;=2; bad array"},
    {"", "[1,2] x", "=1;=2; bad array"},
    {"", "[1]\n[2]", "=1; bad array"},
    {"", "[\"a\nb\"]", " bad array"},
    {"", "[\"\\x\"]", " bad array"},
    {"", "[\"\\u00g0\"]", " bad array"},
    {"", "[1,{\"a\":[1,{]}]", "=1; bad array"},
    {"", "{\"a\":1,}", "a=1; bad object"},
    {"", "{\"a\" 1}", " bad object"},
    {"", "{\"a\":}", " bad object"},
    {"", "{a:1}", " bad object"},
    {"", "{\"a\":1 \"b\":2}", "a=1; bad object"},
    {"", "{\"a", " more object"},
    {"", "{\"a\":{\"b\":", " more object"},
    {"indices", "{\"x\":[1,],\"indices\":[1]}", " bad"},
    {"indices", "{\"indices\":[1],\"x\":{\"a\":nul}}", "=1; bad array"},
    {"indices", "{\"indices\":[1],\"x\":", "=1; more array"},
    {"", "\"text\"", " not_found"},
    {"", "17", " not_found"},
    {"", "null", " not_found"},
    {"indices", " true", " not_found"},
};

Test(rows, what_came_before_a_fault_stands)
{
    check_all(malformed, AJAR_COUNT_OF(malformed));
}

Test(rows, two_cuts_make_no_difference)
{
    struct ajar_span document =
        ajar_span_of("{\"x\":[\"\\u00e4\"],\"a\":{\"b\\u0063\":{\"k\\\"\":[-1.5e3,true,"
                     "\"\\ud83d\\ude00\"], \"n\" : null}}}");
    const char *want = "k\"=[-1.5e3,true,\"\\ud83d\\ude00\"];n=null; done object";
    struct rows_log log;
    rows_log_init(&log);
    for (size_t first = 0; first <= document.len; first++)
    {
        for (size_t second = first; second <= document.len; second++)
        {
            rows_log_read(&log, "a.bc", document, first, second);
            cr_assert_str_eq(log.text.data, want, "%zu %zu", first, second);
        }
    }
    rows_log_deinit(&log);
}

Test(rows, the_reader_stops_when_told)
{
    struct rows_log log;
    rows_log_init(&log);
    log.stop_after = 2;
    struct ajar_span document = ajar_span_of("[1,2,3,4]");
    for (size_t cut = 0; cut <= document.len; cut++)
    {
        rows_log_read(&log, "", document, cut, document.len);
        cr_assert_str_eq(log.text.data, "=1;=2; bad array");
    }
    rows_log_deinit(&log);
}

Test(rows, a_reader_that_ended_stays_ended)
{
    struct rows_log log;
    struct ajar_rows rows;
    rows_log_init(&log);
    ajar_rows_init(&rows, "", rows_log_row, &log);
    cr_assert_eq(ajar_rows_feed(&rows, ajar_span_of("[1]")), AJAR_ROWS_DONE);
    cr_assert_eq(ajar_rows_feed(&rows, ajar_span_of(" \n")), AJAR_ROWS_DONE);
    cr_assert_eq(ajar_rows_feed(&rows, (struct ajar_span){NULL, 0}), AJAR_ROWS_DONE);
    cr_assert_eq(ajar_rows_feed(&rows, ajar_span_of("[2]")), AJAR_ROWS_BAD);
    cr_assert_eq(ajar_rows_feed(&rows, ajar_span_of(" ")), AJAR_ROWS_BAD);
    cr_assert_eq(rows.rows, 1);
    ajar_rows_deinit(&rows);
    rows_log_deinit(&log);
}
