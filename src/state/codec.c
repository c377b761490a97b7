/* SPDX-License-Identifier: Apache-2.0 */
#include "codec.h"

#define CODEC_FORMAT 1u

/* ---- writing: the buffer remembers a failure, the end looks once ---- */

static void put(struct ajar_buf *out, uint64_t value)
{
    char bytes[10];
    size_t len = 0;
    while (value >= 0x80)
    {
        bytes[len++] = (char)(unsigned char)(value | 0x80);
        value >>= 7;
    }
    bytes[len++] = (char)value;
    (void)ajar_buf_append(out, bytes, len);
}

/* 0 is NULL, else the length and one. */
static void put_text(struct ajar_buf *out, const char *text)
{
    size_t len = text != NULL ? strlen(text) : 0;
    put(out, text != NULL ? len + 1 : 0);
    (void)ajar_buf_append(out, text, len);
}

static void put_time(struct ajar_buf *out, int64_t time_ms)
{
    put(out, time_ms > 0 ? (uint64_t)time_ms : 0);
}

static void put_figures(struct ajar_buf *out, const struct ajar_finding_view *view)
{
    put(out, (view->list_known ? 1u : 0u) | (view->truncated ? 2u : 0u) |
                 (view->count_known ? 4u : 0u) | (view->names_complete ? 8u : 0u));
    put(out, view->index_count);
    put(out, view->system_count);
    put(out, view->documents);
    put(out, view->bytes);
    put(out, view->unknown);
    put(out, view->counted);
    put(out, view->largest_count);
    for (size_t i = 0; i < view->largest_count; i++)
    {
        put_text(out, view->largest[i].name);
        put(out, view->largest[i].documents);
        put(out, view->largest[i].bytes);
    }
    put(out, view->sensitive);
    put_text(out, view->sensitive_example);
    put_text(out, view->ransom_example);
    for (size_t i = 0; i < AJAR_REDACT_KIND_COUNT; i++)
    {
        put(out, view->redacted.by_kind[i]);
    }
}

static void put_proofs(struct ajar_buf *out, const struct ajar_finding_view *view)
{
    put(out, view->proof_count);
    for (size_t i = 0; i < view->proof_count; i++)
    {
        const struct ajar_proof_view *proof = &view->proofs[i];
        put_text(out, proof->path);
        put_text(out, proof->source);
        put_time(out, proof->time_ms);
        put(out, proof->body_bytes);
        put(out, proof->status);
        put(out, (uint64_t)proof->read);
        put(out, (uint64_t)proof->reading);
    }
    put(out, view->reason_count);
    for (size_t i = 0; i < view->reason_count; i++)
    {
        put_text(out, view->reasons[i]);
    }
}

int codec_put_facts(struct ajar_buf *out, const struct ajar_finding_view *view,
                    bool with_names)
{
    put(out, CODEC_FORMAT);
    put_text(out, view->version);
    put_text(out, view->cluster_name);
    put_figures(out, view);
    put_proofs(out, view);
    size_t names = with_names ? view->name_count : 0;
    put(out, names);
    for (size_t i = 0; i < names; i++)
    {
        put_text(out, view->names[i]);
    }
    return out->failed ? AJAR_ENOMEM : AJAR_OK;
}

static void put_head(struct ajar_buf *out, const struct ajar_finding_view *view)
{
    put(out, (uint64_t)view->state);
    put(out, (uint64_t)view->exposure);
    put(out, (uint64_t)view->severity);
    put(out, view->flags);
    put(out, view->announced ? 1 : 0);
    put_text(out, view->product);
    put_text(out, view->cluster_uuid);
    put_text(out, view->contact);
    put_text(out, view->run);
    put_text(out, view->vantage);
    put_time(out, view->window.last_closed_ms);
    put_time(out, view->window.first_open_ms);
    put_time(out, view->window.last_open_ms);
    put_time(out, view->window.first_closed_ms);
    put_time(out, view->opened_ms);
    put_time(out, view->resolved_ms);
    put(out, view->times_reopened);
    put(out, (view->acceptance.active ? 1u : 0u) |
                 (view->acceptance.by_targets_file ? 2u : 0u));
    put_time(out, view->acceptance.since_ms);
    put_time(out, view->acceptance.until_ms);
    put_text(out, view->acceptance.indices);
    put_text(out, view->acceptance.by);
    put_text(out, view->acceptance.reason);
}

static void put_endpoints(struct ajar_buf *out, const struct ajar_finding_view *view)
{
    put(out, view->endpoints_total);
    put(out, view->endpoint_count);
    for (size_t i = 0; i < view->endpoint_count; i++)
    {
        const struct ajar_endpoint_view *endpoint = &view->endpoints[i];
        (void)ajar_buf_append(out, endpoint->addr.bytes, sizeof endpoint->addr.bytes);
        put(out, endpoint->port);
        put_text(out, endpoint->name);
        put(out, (uint64_t)endpoint->scheme);
        put(out, (uint64_t)endpoint->state);
        put(out, (uint64_t)endpoint->exposure);
        put_time(out, endpoint->first_seen_ms);
        put_time(out, endpoint->last_seen_ms);
        put_time(out, endpoint->closed_ms);
    }
}

int codec_put_event(struct ajar_buf *out, const char *run,
                    const struct ajar_finding_view *view,
                    const struct ajar_change_view *changes, size_t change_count)
{
    put_text(out, run);
    put(out, change_count);
    for (size_t i = 0; i < change_count; i++)
    {
        put(out, (uint64_t)changes[i].what);
        put_text(out, changes[i].from);
        put_text(out, changes[i].to);
    }
    put_head(out, view);
    put_endpoints(out, view);
    /* names are in the finding; an event that carried them would outgrow it by far */
    return codec_put_facts(out, view, false);
}

/* ---- reading ---- */

struct reader
{
    const unsigned char *at;
    const unsigned char *end;
    struct ajar_arena *arena;
    bool failed;
};

static uint64_t get(struct reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7)
    {
        if (reader->at == reader->end)
        {
            break;
        }
        unsigned char byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7fu) << shift;
        if (byte < 0x80)
        {
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

/* A number that must be below `bound`. */
static unsigned get_below(struct reader *reader, uint64_t bound)
{
    uint64_t value = get(reader);
    if (value >= bound)
    {
        reader->failed = true;
        return 0;
    }
    return (unsigned)value;
}

static int64_t get_time(struct reader *reader)
{
    uint64_t value = get(reader);
    if (value > (uint64_t)INT64_MAX)
    {
        reader->failed = true;
        return 0;
    }
    return (int64_t)value;
}

static const char *get_text(struct reader *reader)
{
    uint64_t len = get(reader);
    if (len == 0)
    {
        return NULL;
    }
    len--;
    if (reader->failed || len > (uint64_t)(reader->end - reader->at))
    {
        reader->failed = true;
        return NULL;
    }
    const char *text = ajar_arena_copy(
        reader->arena, (struct ajar_span){(const char *)reader->at, (size_t)len});
    reader->failed = reader->failed || text == NULL;
    reader->at += len;
    return text;
}

/* Never NULL, for texts that readers compare and print. */
static const char *get_text_or_empty(struct reader *reader)
{
    const char *text = get_text(reader);
    return text != NULL ? text : "";
}

static void *get_array(struct reader *reader, size_t count, size_t size)
{
    void *array = count > 0 && !reader->failed
                      ? ajar_arena_alloc(reader->arena, count * size)
                      : NULL;
    reader->failed = reader->failed || (count > 0 && array == NULL);
    return array;
}

static void get_figures(struct reader *reader, struct ajar_finding_view *out)
{
    uint64_t bits = get(reader);
    out->list_known = (bits & 1u) != 0;
    out->truncated = (bits & 2u) != 0;
    out->count_known = (bits & 4u) != 0;
    out->names_complete = (bits & 8u) != 0;
    out->index_count = get(reader);
    out->system_count = get(reader);
    out->documents = get(reader);
    out->bytes = get(reader);
    out->unknown = get(reader);
    out->counted = get(reader);
    out->largest_count = get_below(reader, AJAR_MAX_LARGEST + 1);
    for (size_t i = 0; i < out->largest_count; i++)
    {
        out->largest[i].name = get_text_or_empty(reader);
        out->largest[i].documents = get(reader);
        out->largest[i].bytes = get(reader);
    }
    out->sensitive = get_below(reader, UINT32_MAX);
    out->sensitive_example = get_text(reader);
    out->ransom_example = get_text(reader);
    for (size_t i = 0; i < AJAR_REDACT_KIND_COUNT; i++)
    {
        out->redacted.by_kind[i] = get_below(reader, UINT32_MAX);
    }
}

static void get_proofs(struct reader *reader, struct ajar_finding_view *out)
{
    size_t count = get_below(reader, AJAR_MAX_REQUESTS + 1);
    struct ajar_proof_view *proofs = get_array(reader, count, sizeof *proofs);
    for (size_t i = 0; proofs != NULL && i < count; i++)
    {
        proofs[i].path = get_text_or_empty(reader);
        proofs[i].source = get_text(reader);
        proofs[i].time_ms = get_time(reader);
        proofs[i].body_bytes = get(reader);
        proofs[i].status = (uint16_t)get_below(reader, 65536);
        proofs[i].read = (enum ajar_read)get_below(reader, AJAR_READ_COUNT_OF);
        proofs[i].reading = (enum ajar_reading)get_below(reader, AJAR_READING_FAILED + 1);
    }
    out->proofs = proofs;
    out->proof_count = proofs != NULL ? count : 0;
    count = get_below(reader, AJAR_MAX_REASONS + 1);
    const char **reasons = get_array(reader, count, sizeof *reasons);
    for (size_t i = 0; reasons != NULL && i < count; i++)
    {
        reasons[i] = get_text_or_empty(reader);
    }
    out->reasons = reasons;
    out->reason_count = reasons != NULL ? count : 0;
}

static void get_names(struct reader *reader, struct ajar_finding_view *out)
{
    size_t count = get_below(reader, AJAR_MAX_VIEW_NAMES + 1);
    const char **names = get_array(reader, count, sizeof *names);
    for (size_t i = 0; names != NULL && i < count; i++)
    {
        names[i] = get_text_or_empty(reader);
    }
    out->names = names;
    out->name_count = names != NULL ? count : 0;
}

static void get_facts(struct reader *reader, bool details, struct ajar_finding_view *out)
{
    reader->failed = get(reader) != CODEC_FORMAT || reader->failed;
    out->version = get_text(reader);
    out->cluster_name = get_text(reader);
    get_figures(reader, out);
    if (details)
    {
        get_proofs(reader, out);
        get_names(reader, out);
    }
}

bool codec_get_facts(struct ajar_span bytes, struct ajar_arena *arena, bool details,
                     struct ajar_finding_view *out)
{
    const unsigned char *data = (const unsigned char *)bytes.data;
    struct reader reader = {data, data + bytes.len, arena, bytes.data == NULL};
    if (!reader.failed)
    {
        get_facts(&reader, details, out);
    }
    return !reader.failed;
}

static void get_head(struct reader *reader, struct ajar_finding_view *out)
{
    out->state = (enum ajar_finding_state)get_below(reader, AJAR_FINDING_STATE_COUNT);
    out->exposure = (enum ajar_exposure)get_below(reader, AJAR_EXPOSURE_COUNT);
    out->severity = (enum ajar_severity)get_below(reader, AJAR_SEVERITY_COUNT);
    out->flags = get_below(reader, 1ull << 32);
    out->announced = get(reader) != 0;
    out->product = get_text(reader);
    out->cluster_uuid = get_text(reader);
    out->contact = get_text(reader);
    out->run = get_text_or_empty(reader);
    out->vantage = get_text(reader);
    out->window.last_closed_ms = get_time(reader);
    out->window.first_open_ms = get_time(reader);
    out->window.last_open_ms = get_time(reader);
    out->window.first_closed_ms = get_time(reader);
    out->opened_ms = get_time(reader);
    out->resolved_ms = get_time(reader);
    out->times_reopened = get_below(reader, 1ull << 32);
    uint64_t bits = get(reader);
    out->acceptance.active = (bits & 1u) != 0;
    out->acceptance.by_targets_file = (bits & 2u) != 0;
    out->acceptance.since_ms = get_time(reader);
    out->acceptance.until_ms = get_time(reader);
    out->acceptance.indices = get_text(reader);
    out->acceptance.by = get_text(reader);
    out->acceptance.reason = get_text(reader);
}

static void get_endpoints(struct reader *reader, struct ajar_finding_view *out)
{
    out->endpoints_total = get(reader);
    size_t count = get_below(reader, AJAR_MAX_VIEW_ENDPOINTS + 1);
    struct ajar_endpoint_view *endpoints = get_array(reader, count, sizeof *endpoints);
    for (size_t i = 0; endpoints != NULL && i < count; i++)
    {
        struct ajar_endpoint_view *endpoint = &endpoints[i];
        if ((size_t)(reader->end - reader->at) < sizeof endpoint->addr.bytes)
        {
            reader->failed = true;
            return;
        }
        memcpy(endpoint->addr.bytes, reader->at, sizeof endpoint->addr.bytes);
        reader->at += sizeof endpoint->addr.bytes;
        endpoint->port = (uint16_t)get_below(reader, 65536);
        endpoint->name = get_text(reader);
        endpoint->scheme = (enum ajar_scheme)get_below(reader, AJAR_SCHEME_HTTPS + 1);
        endpoint->state =
            (enum ajar_endpoint_state)get_below(reader, AJAR_ENDPOINT_STATE_COUNT);
        endpoint->exposure = (enum ajar_exposure)get_below(reader, AJAR_EXPOSURE_COUNT);
        endpoint->first_seen_ms = get_time(reader);
        endpoint->last_seen_ms = get_time(reader);
        endpoint->closed_ms = get_time(reader);
    }
    out->endpoints = endpoints;
    out->endpoint_count = endpoints != NULL ? count : 0;
}

bool codec_get_event(struct ajar_span bytes, struct ajar_arena *arena,
                     struct ajar_event_view *out)
{
    const unsigned char *data = (const unsigned char *)bytes.data;
    struct reader reader = {data, data + bytes.len, arena, bytes.data == NULL};
    if (reader.failed)
    {
        return false;
    }
    out->run = get_text_or_empty(&reader);
    size_t count = get_below(&reader, AJAR_MAX_CHANGES + 1);
    struct ajar_change_view *changes = get_array(&reader, count, sizeof *changes);
    for (size_t i = 0; changes != NULL && i < count; i++)
    {
        changes[i].what =
            (enum ajar_change_what)get_below(&reader, AJAR_CHANGE_SILENCE + 1);
        changes[i].from = get_text_or_empty(&reader);
        changes[i].to = get_text_or_empty(&reader);
    }
    out->changes = changes;
    out->change_count = changes != NULL ? count : 0;
    get_head(&reader, &out->finding);
    get_endpoints(&reader, &out->finding);
    get_facts(&reader, true, &out->finding);
    return !reader.failed;
}
