/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

/*
 * Events and findings as JSON, version 1 (docs/events.md). Members come in the order of
 * that page. What is not known is null.
 */

/* What an event has and a finding has not. */
struct subject
{
    const struct ajar_finding_view *finding;
    const struct ajar_event_view *event; /* NULL for a finding's own record */
    int64_t now_ms;
};

static void put_time(struct line *line, const char *member, int64_t time_ms)
{
    line_put(line, member);
    if (time_ms == 0)
    {
        line_put(line, "null");
        return;
    }
    line_put(line, "\"");
    line_time(line, time_ms);
    line_put(line, "\"");
}

static void put_text(struct line *line, const char *member, const char *text)
{
    line_put(line, member);
    line_json(line, text);
}

static void put_text_or_null(struct line *line, const char *member, const char *text)
{
    put_text(line, member, text != NULL && text[0] != '\0' ? text : NULL);
}

static void put_u64(struct line *line, const char *member, uint64_t value)
{
    line_put(line, member);
    line_u64(line, value);
}

static void put_u64_or_null(struct line *line, const char *member, bool known,
                            uint64_t value)
{
    line_put(line, member);
    if (known)
    {
        line_u64(line, value);
    }
    else
    {
        line_put(line, "null");
    }
}

static void put_bool(struct line *line, const char *member, bool value)
{
    line_put(line, member);
    line_put(line, value ? "true" : "false");
}

static void put_head(struct line *line, const struct subject *subject)
{
    const struct ajar_event_view *event = subject->event;
    const struct ajar_finding_view *finding = subject->finding;
    _Static_assert(AJAR_EVENT_VERSION == 1, "the literals below say 1");
    if (event != NULL)
    {
        put_text(line, "{\"type\":\"event\",\"schema\":1,\"event\":", event->id);
        put_text(line, ",\"kind\":", ajar_event_kind_word(event->kind));
        put_time(line, ",\"time\":", event->time_ms != 0 ? event->time_ms : 1);
    }
    else
    {
        put_text(line, "{\"type\":\"finding\",\"schema\":1,\"state\":",
                 ajar_finding_state_word(finding->state));
        put_time(line, ",\"time\":", subject->now_ms != 0 ? subject->now_ms : 1);
    }
    put_text(line, ",\"finding\":", finding->id);
    put_text_or_null(line, ",\"run\":", event != NULL ? event->run : finding->run);
    put_text_or_null(line, ",\"reference\":", finding->reference);
}

static void put_flags(struct line *line, uint32_t flags)
{
    const char *comma = "";
    line_put(line, ",\"flags\":[");
    for (int i = 0; i < AJAR_FLAG_COUNT; i++)
    {
        if ((flags & (1u << i)) != 0)
        {
            put_text(line, comma, ajar_flag_word((enum ajar_flag_index)i));
            comma = ",";
        }
    }
    line_put(line, "]");
}

static void put_what(struct line *line, const struct ajar_finding_view *finding)
{
    put_text(line, ",\"exposure\":", ajar_exposure_word(finding->exposure));
    put_text(line, ",\"severity\":", ajar_severity_word(finding->severity));
    put_text_or_null(line, ",\"product\":", finding->product);
    put_text_or_null(line, ",\"version\":", finding->version);
    put_flags(line, finding->flags);
    put_text_or_null(line, ",\"owner\":", finding->owner);
    put_text_or_null(line, ",\"contact\":", finding->contact);
    if (finding->cluster_name == NULL && finding->cluster_uuid == NULL)
    {
        line_put(line, ",\"cluster\":null");
        return;
    }
    put_text(line, ",\"cluster\":{\"name\":", finding->cluster_name);
    put_text(line, ",\"uuid\":", finding->cluster_uuid);
    line_put(line, "}");
}

static void put_endpoints(struct line *line, const struct ajar_finding_view *finding)
{
    line_put(line, ",\"endpoints\":[");
    for (size_t i = 0; i < finding->endpoint_count; i++)
    {
        const struct ajar_endpoint_view *endpoint = &finding->endpoints[i];
        char address[AJAR_ADDR_TEXT_MAX];
        ajar_addr_format(&endpoint->addr, address);
        put_text(line, i > 0 ? ",{\"address\":" : "{\"address\":", address);
        put_u64(line, ",\"port\":", endpoint->port);
        put_text(line, ",\"scheme\":",
                 endpoint->scheme == AJAR_SCHEME_HTTPS ? "https" : "http");
        put_text(line, ",\"name\":", endpoint->name);
        put_text(line, ",\"state\":", ajar_endpoint_state_word(endpoint->state));
        put_time(line, ",\"first_seen\":", endpoint->first_seen_ms);
        put_time(line, ",\"last_seen\":", endpoint->last_seen_ms);
        put_time(line, ",\"closed\":", endpoint->closed_ms);
        line_put(line, "}");
    }
    put_u64(line, "],\"endpoints_total\":", finding->endpoints_total);
}

static void put_window(struct line *line, const struct subject *subject)
{
    const struct ajar_window *window = &subject->finding->window;
    struct ajar_buf words;
    put_time(line, ",\"window\":{\"last_closed\":", window->last_closed_ms);
    put_time(line, ",\"first_open\":", window->first_open_ms);
    put_time(line, ",\"last_open\":", window->last_open_ms);
    put_time(line, ",\"first_closed\":", window->first_closed_ms);
    ajar_buf_init(&words, 256);
    int status = ajar_record_window(window, subject->now_ms, &words);
    line->status = line->status == AJAR_OK ? status : line->status;
    put_text(line, ",\"words\":", words.data);
    ajar_buf_deinit(&words);
    line_put(line, "}");
}

static void put_largest(struct line *line, const struct ajar_finding_view *finding)
{
    line_put(line, ",\"largest\":[");
    for (size_t i = 0; i < finding->largest_count && i < AJAR_MAX_LARGEST; i++)
    {
        put_text(line, i > 0 ? ",{\"name\":" : "{\"name\":", finding->largest[i].name);
        put_u64(line, ",\"documents\":", finding->largest[i].documents);
        put_u64(line, ",\"bytes\":", finding->largest[i].bytes);
        line_put(line, "}");
    }
    line_put(line, "]");
}

static void put_redacted(struct line *line, const struct ajar_redact_counts *counts)
{
    line_put(line, ",\"redacted\":{");
    for (int i = 0; i < AJAR_REDACT_KIND_COUNT; i++)
    {
        put_text(line, i > 0 ? "," : "", ajar_redact_kind_word((enum ajar_redact_kind)i));
        put_u64(line, ":", counts->by_kind[i]);
    }
    line_put(line, "}");
}

static void put_volume(struct line *line, const struct ajar_finding_view *finding)
{
    struct line_volume volume = line_volume_of(finding);
    bool list = finding->list_known;
    if (!volume.any)
    {
        line_put(line, ",\"indices\":null");
    }
    else
    {
        put_u64_or_null(line, ",\"indices\":{\"count\":", list, finding->index_count);
        put_u64_or_null(line, ",\"system\":", list, finding->system_count);
        put_u64_or_null(line, ",\"documents\":", volume.documents_known,
                        volume.documents);
        put_u64_or_null(line, ",\"bytes\":", volume.bytes_known, volume.bytes);
        put_u64_or_null(line, ",\"unknown\":", list, finding->unknown);
        put_bool(line, ",\"truncated\":", finding->truncated);
        put_largest(line, finding);
        line_put(line, "}");
    }
    if (finding->dataset.fingerprint == 0 && finding->dataset.copies <= 1)
    {
        line_put(line, ",\"dataset\":null");
        return;
    }
    line_put(line, ",\"dataset\":{\"fingerprint\":");
    char hex[19] = "null";
    if (finding->dataset.fingerprint != 0)
    {
        hex[0] = '"';
        for (int i = 0; i < 16; i++)
        {
            hex[1 + i] =
                "0123456789abcdef"[finding->dataset.fingerprint >> (60 - 4 * i) & 15];
        }
        hex[17] = '"';
    }
    line_put(line, hex);
    put_u64(line, ",\"copies\":", finding->dataset.copies);
    put_u64(line, ",\"documents\":", finding->dataset.documents);
    line_put(line, "}");
}

static void put_changes(struct line *line, const struct ajar_event_view *event)
{
    line_put(line, ",\"changes\":[");
    for (size_t i = 0; event != NULL && i < event->change_count; i++)
    {
        const struct ajar_change_view *change = &event->changes[i];
        put_text(line,
                 i > 0 ? ",{\"what\":" : "{\"what\":", ajar_change_word(change->what));
        put_text_or_null(line, ",\"from\":", change->from);
        put_text_or_null(line, ",\"to\":", change->to);
        line_put(line, "}");
    }
    line_put(line, "]");
}

static void put_evidence(struct line *line, const struct ajar_finding_view *finding)
{
    line_put(line, ",\"evidence\":[");
    for (size_t i = 0; i < finding->proof_count; i++)
    {
        const struct ajar_proof_view *proof = &finding->proofs[i];
        put_text(line, i > 0 ? ",{\"path\":" : "{\"path\":",
                 proof->path != NULL ? proof->path : "");
        put_u64_or_null(line, ",\"status\":", proof->status != 0, proof->status);
        put_time(line, ",\"time\":", proof->time_ms);
        put_text(line, ",\"source\":", proof->source);
        put_u64(line, ",\"bytes\":", proof->body_bytes);
        line_put(line, "}");
    }
    line_put(line, "],\"reasons\":[");
    for (size_t i = 0; i < finding->reason_count; i++)
    {
        put_text(line, i > 0 ? "," : "", finding->reasons[i]);
    }
    line_put(line, "]");
}

static void put_acceptance(struct line *line,
                           const struct ajar_acceptance_view *acceptance)
{
    if (!acceptance->active && acceptance->since_ms == 0)
    {
        line_put(line, ",\"acceptance\":null");
        return;
    }
    put_bool(line, ",\"acceptance\":{\"active\":", acceptance->active);
    put_bool(line, ",\"by_targets_file\":", acceptance->by_targets_file);
    put_time(line, ",\"since\":", acceptance->since_ms);
    put_time(line, ",\"until\":", acceptance->until_ms);
    put_text(line, ",\"indices\":", acceptance->indices);
    put_text(line, ",\"by\":", acceptance->by);
    put_text(line, ",\"reason\":", acceptance->reason);
    line_put(line, "}");
}

static int words_of(const struct subject *subject, bool title, struct ajar_buf *out)
{
    if (subject->event != NULL)
    {
        return title ? ajar_record_event_title(subject->event, out)
                     : ajar_record_event_text(subject->event, out);
    }
    return title ? ajar_record_finding_title(subject->finding, out)
                 : ajar_record_finding_text(subject->finding, subject->now_ms, out);
}

static void put_words(struct line *line, const struct subject *subject, bool title)
{
    struct ajar_buf words;
    ajar_buf_init(&words, 64u * 1024u);
    int status = words_of(subject, title, &words);
    line->status = line->status == AJAR_OK ? status : line->status;
    line_put(line, title ? ",\"title\":" : ",\"text\":");
    line_json_span(line, ajar_buf_span(&words));
    ajar_buf_deinit(&words);
}

static void put_advice(struct line *line, const struct ajar_finding_view *finding)
{
    const char *const *remedy =
        ajar_remedy(finding->product, finding->version, finding->exposure);
    const char *comma = "";
    line_put(line, ",\"remedy\":[");
    for (; remedy != NULL && *remedy != NULL; remedy++)
    {
        line_put(line, comma);
        line_json_span(line, ajar_span_of(*remedy));
        comma = ",";
    }
    line_put(line, "],\"verify\":\"ajar recheck ");
    line_put(line, finding->id);
    line_put(line, "\"");
}

static int put_record(const struct subject *subject, struct ajar_buf *out)
{
    struct line line = line_open(out);
    const struct ajar_finding_view *finding = subject->finding;
    put_head(&line, subject);
    put_what(&line, finding);
    put_endpoints(&line, finding);
    put_window(&line, subject);
    put_volume(&line, finding);
    put_changes(&line, subject->event);
    put_evidence(&line, finding);
    put_words(&line, subject, true);
    put_words(&line, subject, false);
    put_advice(&line, finding);
    put_bool(&line, ",\"urgent\":", subject->event != NULL && subject->event->urgent);
    put_text(&line, ",\"vantage\":", finding->vantage);
    put_acceptance(&line, &finding->acceptance);
    put_redacted(&line, &finding->redacted);
    line_put(&line, "}\n");
    return line_close(&line);
}

int ajar_record_event(const struct ajar_event_view *event, struct ajar_buf *out)
{
    struct subject subject = {&event->finding, event, event->time_ms};
    return put_record(&subject, out);
}

int ajar_record_finding(const struct ajar_finding_view *finding, int64_t now_ms,
                        struct ajar_buf *out)
{
    struct subject subject = {finding, NULL, now_ms};
    return put_record(&subject, out);
}
