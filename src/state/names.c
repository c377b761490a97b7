/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <stdlib.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int names_shape(struct ajar_buf *out, struct ajar_span name)
{
    bool in_digits = false;
    int status = AJAR_OK;
    for (size_t i = 0; i < name.len && status == AJAR_OK; i++)
    {
        bool digit = is_digit(name.data[i]);
        if (!digit || !in_digits)
        {
            /* a line end would make two lines of one shape */
            char c = name.data[i] == '\n' ? ' ' : name.data[i];
            status = ajar_buf_byte(out, digit ? '#' : c);
        }
        in_digits = digit;
    }
    return status;
}

/* Is `line` one whole line of `lines`? */
static bool has_line(const char *lines, struct ajar_span line)
{
    for (const char *at = lines; at != NULL && *at != '\0';)
    {
        const char *end = strchr(at, '\n');
        size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
        if (len == line.len && memcmp(at, line.data, len) == 0)
        {
            return true;
        }
        at = end != NULL ? end + 1 : at + len;
    }
    return false;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *names_shapes(const char *const *names, size_t count, struct ajar_arena *arena)
{
    const char **sorted = ajar_arena_alloc(arena, (count + 1) * sizeof *sorted);
    size_t total = 1;
    for (size_t i = 0; sorted != NULL && i < count; i++)
    {
        struct ajar_buf shape;
        ajar_buf_init(&shape, 4096);
        (void)names_shape(&shape, ajar_span_of(names[i]));
        sorted[i] = ajar_arena_copy(arena, ajar_buf_span(&shape));
        ajar_buf_deinit(&shape);
        if (sorted[i] == NULL)
        {
            return NULL;
        }
        total += strlen(sorted[i]) + 1;
    }
    char *out = sorted != NULL ? ajar_arena_alloc(arena, total) : NULL;
    if (out == NULL)
    {
        return NULL;
    }
    qsort(sorted, count, sizeof *sorted, compare_texts);
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
    {
        if (i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0)
        {
            size_t bytes = strlen(sorted[i]);
            memcpy(out + len, sorted[i], bytes);
            out[len + bytes] = '\n';
            len += bytes + 1;
        }
    }
    out[len] = '\0';
    return out;
}

bool names_has_shape(const char *shapes, struct ajar_span name)
{
    struct ajar_buf shape;
    ajar_buf_init(&shape, 4096);
    bool has =
        names_shape(&shape, name) == AJAR_OK && has_line(shapes, ajar_buf_span(&shape));
    ajar_buf_deinit(&shape);
    return has;
}

int names_added(struct ajar_buf *out, const char *before, const char *now, size_t max)
{
    size_t found = 0;
    int status = AJAR_OK;
    for (const char *at = now; at != NULL && *at != '\0' && status == AJAR_OK;)
    {
        const char *end = strchr(at, '\n');
        size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
        if (!has_line(before, (struct ajar_span){at, len}))
        {
            if (found == max)
            {
                return ajar_buf_text(out, ", ...");
            }
            status = found > 0 ? ajar_buf_text(out, ", ") : AJAR_OK;
            status = status == AJAR_OK ? ajar_buf_append(out, at, len) : status;
            found++;
        }
        at = end != NULL ? end + 1 : at + len;
    }
    return status;
}

/* The usual two-pointer walk: linear in the name for each star, no recursion. */
static bool match_one(struct ajar_span pattern, struct ajar_span name)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = SIZE_MAX;
    size_t resume = 0;
    while (n < name.len)
    {
        if (p < pattern.len && pattern.data[p] == '*')
        {
            star = p++;
            resume = n;
        }
        else if (p < pattern.len &&
                 (pattern.data[p] == '?' || pattern.data[p] == name.data[n]))
        {
            p++;
            n++;
        }
        else if (star != SIZE_MAX)
        {
            p = star + 1;
            n = ++resume;
        }
        else
        {
            return false;
        }
    }
    while (p < pattern.len && pattern.data[p] == '*')
    {
        p++;
    }
    return p == pattern.len;
}

bool names_match(const char *patterns, struct ajar_span name)
{
    for (const char *at = patterns; *at != '\0';)
    {
        size_t len = strcspn(at, ", \t");
        if (len > 0 && match_one((struct ajar_span){at, len}, name))
        {
            return true;
        }
        at += len;
        at += strspn(at, ", \t");
    }
    return false;
}

bool names_is_common(struct ajar_span name)
{
    static const char common[] =
        ".* kibana_sample_data_* opensearch_dashboards_sample_data_* shakespeare "
        "shakespeare-* logstash-2015.05.18 logstash-2015.05.19 logstash-2015.05.20 "
        "metricbeat-* heartbeat-* packetbeat-* apm-* traces-apm* metrics-apm* logs-apm* "
        "metrics-system* metrics-elastic_agent* logs-elastic_agent* metrics-* "
        "jaeger-* zipkin* zipkin-* otel-v1-apm-* ss4o_* elastalert* my-index my-index-* "
        "my_index test test-index test_index";
    return names_match(common, name);
}
