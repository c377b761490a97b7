/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/json.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "failmem.h"
#include "rows_log.h"

/* Row lengths by number, and the largest buffers a reader ever held. */
struct sizes
{
    uint64_t bytes;
    uint64_t rows;
};

static bool add_size(void *context, struct ajar_span key, struct ajar_span text)
{
    struct sizes *sizes = context;
    sizes->bytes += key.len + text.len;
    sizes->rows++;
    return true;
}

static size_t held(const struct ajar_rows *rows)
{
    return rows->row.cap + rows->key.cap;
}

static void put_filler(struct ajar_buf *buf, size_t len)
{
    for (size_t i = 0; i < len; i++)
    {
        (void)ajar_buf_byte(buf, 'x');
    }
}

/* [1,"xxx...",2] with a middle row of row_len bytes, in pieces of step bytes. */
static void check_long_row(size_t row_len, size_t step)
{
    struct ajar_buf text;
    struct ajar_rows rows;
    struct sizes sizes = {0};
    ajar_buf_init(&text, 1u << 20);
    (void)ajar_buf_text(&text, "[1,\"");
    put_filler(&text, row_len - 2);
    (void)ajar_buf_text(&text, "\",2]");
    ajar_rows_init(&rows, "", add_size, &sizes);
    for (size_t at = 0; at < text.len; at += step)
    {
        size_t len = text.len - at < step ? text.len - at : step;
        (void)ajar_rows_feed(&rows, (struct ajar_span){text.data + at, len});
        cr_assert_leq(held(&rows), AJAR_MAX_ROW + 1 + AJAR_MAX_INDEX_NAME * 6 + 1);
    }
    bool fits = row_len <= AJAR_MAX_ROW;
    cr_assert_eq(rows.state, AJAR_ROWS_DONE);
    cr_assert_eq(rows.rows, fits ? 3 : 2, "%zu by %zu", row_len, step);
    cr_assert_eq(rows.oversized, fits ? 0 : 1, "%zu by %zu", row_len, step);
    cr_assert_eq(sizes.bytes, fits ? row_len + 2 : 2);
    ajar_rows_deinit(&rows);
    ajar_buf_deinit(&text);
}

Test(rows, a_row_above_the_maximum_is_counted_and_passed_by)
{
    static const size_t steps[] = {1, 7, 4096, AJAR_MAX_ROW, 1u << 20};
    for (size_t i = 0; i < AJAR_COUNT_OF(steps); i++)
    {
        check_long_row(AJAR_MAX_ROW - 1, steps[i]);
        check_long_row(AJAR_MAX_ROW, steps[i]);
        check_long_row(AJAR_MAX_ROW + 1, steps[i]);
        check_long_row(5 * AJAR_MAX_ROW, steps[i]);
    }
}

static void check_long_key(size_t key_len, size_t step)
{
    struct ajar_buf text;
    struct ajar_rows rows;
    struct sizes sizes = {0};
    ajar_buf_init(&text, 1u << 20);
    (void)ajar_buf_text(&text, "{\"a\":1,\"");
    put_filler(&text, key_len);
    (void)ajar_buf_text(&text, "\":{},\"b\":2}");
    ajar_rows_init(&rows, "", add_size, &sizes);
    for (size_t at = 0; at < text.len; at += step)
    {
        size_t len = text.len - at < step ? text.len - at : step;
        (void)ajar_rows_feed(&rows, (struct ajar_span){text.data + at, len});
    }
    bool fits = key_len <= AJAR_MAX_INDEX_NAME * 6;
    cr_assert_eq(rows.state, AJAR_ROWS_DONE);
    cr_assert_eq(rows.oversized, fits ? 0 : 1);
    cr_assert_eq(sizes.bytes, fits ? 4 + key_len + 2 : 4);
    ajar_rows_deinit(&rows);
    ajar_buf_deinit(&text);
}

Test(rows, a_name_above_the_maximum_counts_as_oversized)
{
    static const size_t steps[] = {1, 1000, 1u << 20};
    for (size_t i = 0; i < AJAR_COUNT_OF(steps); i++)
    {
        check_long_key(AJAR_MAX_INDEX_NAME * 6, steps[i]);
        check_long_key(AJAR_MAX_INDEX_NAME * 6 + 1, steps[i]);
        check_long_key(100000, steps[i]);
    }
}

/* A name that is too long is not the one sought, and does not hide it either. */
Test(rows, a_long_name_beside_the_path_is_passed_by)
{
    struct ajar_buf text;
    ajar_buf_init(&text, 1u << 20);
    (void)ajar_buf_text(&text, "{\"");
    put_filler(&text, 2000);
    (void)ajar_buf_text(&text, "\":[0],\"indices\":[1]}");
    rows_log_check("indices", ajar_buf_span(&text), "=1; done array");
    ajar_buf_deinit(&text);
}

static enum ajar_rows_state feed_nested(size_t depth, const char *open, const char *close)
{
    struct ajar_rows rows;
    struct sizes sizes = {0};
    ajar_rows_init(&rows, "", add_size, &sizes);
    for (size_t i = 0; i < depth; i++)
    {
        (void)ajar_rows_feed(&rows, ajar_span_of(open));
    }
    for (size_t i = 0; i < depth; i++)
    {
        (void)ajar_rows_feed(&rows, ajar_span_of(close));
    }
    enum ajar_rows_state state = rows.state;
    ajar_rows_deinit(&rows);
    return state;
}

Test(rows, nesting_has_an_end)
{
    cr_assert_eq(feed_nested(AJAR_MAX_JSON_DEPTH, "[", "]"), AJAR_ROWS_DONE);
    cr_assert_eq(feed_nested(AJAR_MAX_JSON_DEPTH + 1, "[", "]"), AJAR_ROWS_BAD);
    cr_assert_eq(feed_nested(AJAR_MAX_JSON_DEPTH / 2, "[{\"a\":", "}]"), AJAR_ROWS_BAD,
                 "a value is missing inside");
    cr_assert_eq(feed_nested(100000, "[", ""), AJAR_ROWS_BAD);
    cr_assert_eq(feed_nested(100000, "{\"a\":", ""), AJAR_ROWS_BAD);
}

Test(rows, the_deepest_levels_keep_their_kinds)
{
    struct ajar_buf text;
    ajar_buf_init(&text, 4096);
    (void)ajar_buf_text(&text, "[");
    for (int i = 0; i < 31; i++)
    {
        (void)ajar_buf_text(&text, "[{\"k\":");
    }
    (void)ajar_buf_text(&text, "[7]");
    for (int i = 0; i < 31; i++)
    {
        (void)ajar_buf_text(&text, ",\"l\":0}, 1]");
    }
    (void)ajar_buf_text(&text, "]");
    char want[4096];
    (void)snprintf(want, sizeof want, "=%.*s; done array", (int)text.len - 2,
                   text.data + 1);
    rows_log_check("", ajar_buf_span(&text), want);
    ajar_buf_deinit(&text);
}

/* An index list of 50,000 rows, made up as it is fed: 11 MB that never exist at once. */
Test(rows, fifty_thousand_rows_in_constant_memory)
{
    struct ajar_rows rows;
    struct sizes sizes = {0};
    uint64_t fed = 0;
    uint64_t want = 0;
    ajar_rows_init(&rows, "", add_size, &sizes);
    (void)ajar_rows_feed(&rows, ajar_span_of("["));
    for (unsigned i = 0; i < 50000; i++)
    {
        char row[512];
        int len =
            snprintf(row, sizeof row,
                     "%s{\"health\":\"green\",\"status\":\"open\",\"index\":"
                     "\"logs-application-%06u\",\"uuid\":\"u2QyW0v4RZ2v5xGZ8pQ%04u\","
                     "\"pri\":\"5\",\"rep\":\"1\",\"docs.count\":\"%u\",\"docs.deleted\":"
                     "\"0\",\"store.size\":\"%u\",\"pri.store.size\":\"1234567\"}",
                     i > 0 ? ",\n" : "", i, i % 10000, i * 7, i * 1000);
        want += (uint64_t)len - (i > 0 ? 2 : 0);
        fed += (uint64_t)len;
        size_t cut = (i * 37) % (unsigned)len;
        (void)ajar_rows_feed(&rows, (struct ajar_span){row, cut});
        (void)ajar_rows_feed(&rows, (struct ajar_span){row + cut, (size_t)len - cut});
        cr_assert_leq(held(&rows), 1024);
    }
    cr_assert_eq(ajar_rows_feed(&rows, ajar_span_of("]")), AJAR_ROWS_DONE);
    cr_assert_eq(rows.rows, 50000);
    cr_assert_eq(sizes.bytes, want);
    cr_assert_gt(fed, 10u << 20);
    ajar_rows_deinit(&rows);
}

/* Skipping a huge member costs no memory either. */
Test(rows, what_is_skipped_is_not_held)
{
    struct ajar_rows rows;
    struct sizes sizes = {0};
    ajar_rows_init(&rows, "indices", add_size, &sizes);
    (void)ajar_rows_feed(&rows, ajar_span_of("{\"big\":[\""));
    for (int i = 0; i < 10000; i++)
    {
        (void)ajar_rows_feed(&rows,
                             ajar_span_of("0123456789\",{\"k\":\"0123456789\"},\""));
        cr_assert_leq(held(&rows), 128);
    }
    cr_assert_eq(ajar_rows_feed(&rows, ajar_span_of("\"],\"indices\":[1]}")),
                 AJAR_ROWS_DONE);
    cr_assert_eq(rows.rows, 1);
    ajar_rows_deinit(&rows);
}

Test(rows, each_failed_allocation_costs_its_row_alone)
{
    const char *text =
        "{\"k1\":{\"a\":\"0123456789012345678901234567890123456789012345678"
        "901234567890123456789\"},\"k2\":22,\"k3\":[333]}";
    unsigned long nth = 0;
    bool failed = true;
    while (failed)
    {
        nth++;
        struct sizes sizes = {0};
        struct ajar_rows rows;
        ajar_rows_init(&rows, "", add_size, &sizes);
        failmem_arm(nth);
        for (const char *at = text; *at != '\0'; at++)
        {
            (void)ajar_rows_feed(&rows, (struct ajar_span){at, 1});
        }
        failed = failmem_disarm();
        cr_assert_eq(rows.state, AJAR_ROWS_DONE);
        cr_assert_eq(rows.rows, failed ? 2 : 3);
        cr_assert_eq(rows.oversized, failed ? 1 : 0);
        ajar_rows_deinit(&rows);
    }
    cr_assert_gt(nth, 3);
}
