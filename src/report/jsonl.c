/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ajar/escape.h"
#include "ajar/num.h"
#include "ajar/report.h"

#include "facts.h"

/*
 * JSON Lines, contract version 1 (docs/contract.md). Members come in the contract's
 * order. Most lines of a run say "refused", so nothing here calls printf: literals of
 * known length, digits, and escaping only where a stranger or a file chose the text.
 */

/* One line under way. After the first failure nothing more is appended. */
struct line
{
    struct ajar_buf *out;
    size_t start;
    int status;
};

static struct line line_open(struct ajar_buf *out)
{
    return (struct line){.out = out, .start = out->len, .status = AJAR_OK};
}

/* A line is whole or it is not there: half of one would break every reader behind it. */
static int line_close(struct line *line)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_buf_byte(line->out, '\n');
    }
    if (line->status != AJAR_OK && line->out->data != NULL)
    {
        line->out->len = line->start;
        line->out->data[line->start] = '\0';
    }
    return line->status;
}

/* Most pieces are a few bytes and find room: those are copied here, in line; only growth
 * is left to buf. */
static inline void put(struct line *line, const char *text, size_t len)
{
    struct ajar_buf *out = line->out;
    if (line->status == AJAR_OK && out->cap > out->len && len < out->cap - out->len)
    {
        memcpy(out->data + out->len, text, len);
        out->len += len;
        out->data[out->len] = '\0';
    }
    else if (line->status == AJAR_OK)
    {
        line->status = ajar_buf_append(line->out, text, len);
    }
}

#define PUT(line, literal) put((line), "" literal, sizeof(literal) - 1)

static void put_word(struct line *line, const char *word)
{
    put(line, word, strlen(word));
}

static void put_u64(struct line *line, uint64_t value)
{
    char digits[20];
    put(line, digits, ajar_num_render(value, digits));
}

static void put_u64_or_null(struct line *line, bool known, uint64_t value)
{
    if (known)
    {
        put_u64(line, value);
    }
    else
    {
        PUT(line, "null");
    }
}

static void put_bool(struct line *line, bool value)
{
    put_word(line, value ? "true" : "false");
}

/* Milliseconds with one decimal, rounded half up. */
static void put_ms(struct line *line, uint64_t microseconds)
{
    uint64_t tenths = microseconds / 100 + (microseconds % 100 >= 50 ? 1 : 0);
    char tail[2] = {'.', (char)('0' + tenths % 10)};
    put_u64(line, tenths / 10);
    put(line, tail, sizeof(tail));
}

/* The first characters and an ellipsis. Apart from put_text, and not put into it by the
 * compiler: hardened builds clear the array at each entry, which costs more than a line.
 */
__attribute__((noinline)) static int put_cut(struct line *line, struct ajar_span text)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    char cut[FACTS_TEXT_CHARS * 4];
    size_t len = facts_prefix(text, FACTS_TEXT_CHARS - 1);
    memcpy(cut, text.data, len);
    memcpy(cut + len, ellipsis, sizeof(ellipsis) - 1);
    return ajar_escape_json(line->out,
                            (struct ajar_span){cut, len + sizeof(ellipsis) - 1});
}

/* A text as a JSON string of at most FACTS_TEXT_CHARS characters; null for NULL. */
static void put_text(struct line *line, const char *text)
{
    if (text == NULL)
    {
        PUT(line, "null");
    }
    else if (line->status == AJAR_OK)
    {
        struct ajar_span span = ajar_span_of(text);
        bool fits = span.len <= FACTS_TEXT_CHARS ||
                    facts_prefix(span, FACTS_TEXT_CHARS) == span.len;
        line->status = fits ? ajar_escape_json(line->out, span) : put_cut(line, span);
    }
}

static void put_text_or_null(struct line *line, const char *text)
{
    put_text(line, text != NULL && text[0] != '\0' ? text : NULL);
}

static void put_time(struct line *line, int64_t unix_ms)
{
    char time[32];
    ajar_time_format(unix_ms, time);
    PUT(line, ",\"time\":\"");
    put_word(line, time);
    PUT(line, "\"");
}

static void put_head(struct line *line, const struct ajar_run_info *run)
{
    _Static_assert(AJAR_CONTRACT_VERSION == 1, "the literals below say 1");
    PUT(line, "\",\"schema\":1,\"run\":");
    put_text(line, run->id);
}

int ajar_jsonl_run_start(const struct ajar_run_info *run, struct ajar_buf *out)
{
    struct line line = line_open(out);
    PUT(&line, "{\"type\":\"run_start");
    put_head(&line, run);
    put_time(&line, run->started_unix_ms);
    PUT(&line, ",\"targets\":");
    put_u64(&line, run->targets);
    PUT(&line, ",\"seed\":");
    put_u64(&line, run->seed);
    PUT(&line, ",\"scope_digest\":");
    put_text(&line, run->scope_digest);
    PUT(&line, ",\"version\":");
    put_text(&line, run->version);
    PUT(&line, "}");
    return line_close(&line);
}

static void put_where(struct line *line, const struct ajar_target_record *record)
{
    char address[AJAR_ADDR_TEXT_MAX];
    size_t len = ajar_addr_format(&record->addr, address);
    PUT(line, ",\"address\":\"");
    put(line, address, len);
    PUT(line, "\",\"port\":");
    put_u64(line, record->port);
    PUT(line, ",\"name\":");
    put_text(line, record->name);
    if (record->result.tls)
    {
        PUT(line, ",\"scheme\":\"https\",\"owner\":");
    }
    else
    {
        PUT(line, ",\"scheme\":\"http\",\"owner\":");
    }
    put_text(line, record->owner);
}

static void put_flags(struct line *line, uint32_t flags)
{
    const char *before = "\"";
    PUT(line, ",\"flags\":[");
    for (unsigned i = 0; i < AJAR_FLAG_COUNT && flags != 0; i++)
    {
        if ((flags & (1u << i)) != 0)
        {
            put_word(line, before);
            put_word(line, ajar_flag_word((enum ajar_flag_index)i));
            PUT(line, "\"");
            before = ",\"";
        }
    }
    PUT(line, "]");
}

static void put_cluster(struct line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"cluster\":");
    if (evidence->cluster_name == NULL && evidence->cluster_uuid == NULL &&
        evidence->cluster_status == NULL && !evidence->health_known)
    {
        PUT(line, "null");
        return;
    }
    PUT(line, "{\"name\":");
    put_text(line, evidence->cluster_name);
    PUT(line, ",\"uuid\":");
    put_text(line, evidence->cluster_uuid);
    PUT(line, ",\"status\":");
    put_text(line, evidence->cluster_status);
    PUT(line, ",\"nodes\":");
    put_u64_or_null(line, evidence->health_known, evidence->nodes);
    PUT(line, "}");
}

static void put_largest(struct line *line, const struct ajar_index_facts *indices)
{
    PUT(line, ",\"largest\":[");
    for (size_t i = 0; i < indices->largest_count && i < AJAR_MAX_LARGEST; i++)
    {
        const struct ajar_index_fact *index = &indices->largest[i];
        put_word(line, i == 0 ? "{\"name\":" : ",{\"name\":");
        put_text(line, index->name);
        PUT(line, ",\"documents\":");
        put_u64(line, index->documents);
        PUT(line, ",\"bytes\":");
        put_u64(line, index->bytes);
        PUT(line, "}");
    }
    PUT(line, "]");
}

/* The fingerprint as text: 64 bits do not survive readers that hold numbers as doubles.
 */
static void put_fingerprint(struct line *line, uint64_t fingerprint)
{
    char hex[18];
    if (fingerprint == 0)
    {
        PUT(line, ",\"fingerprint\":null");
        return;
    }
    hex[0] = hex[17] = '"';
    for (unsigned i = 0; i < 16; i++)
    {
        hex[1 + i] = "0123456789abcdef"[fingerprint >> (60 - 4 * i) & 15];
    }
    PUT(line, ",\"fingerprint\":");
    put(line, hex, sizeof(hex));
}

static void put_indices(struct line *line, const struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    struct facts_volume volume = facts_volume_of(evidence);
    PUT(line, ",\"indices\":");
    if (!volume.any)
    {
        PUT(line, "null");
        return;
    }
    PUT(line, "{\"count\":");
    put_u64_or_null(line, volume.list, indices->count);
    PUT(line, ",\"system\":");
    put_u64_or_null(line, volume.list, indices->system);
    PUT(line, ",\"documents\":");
    put_u64_or_null(line, volume.documents_known, volume.documents);
    PUT(line, ",\"bytes\":");
    put_u64_or_null(line, volume.bytes_known, volume.bytes);
    PUT(line, ",\"truncated\":");
    put_bool(line, indices->truncated);
    put_largest(line, indices);
    PUT(line, ",\"unknown\":");
    put_u64_or_null(line, volume.list, indices->unknown);
    put_fingerprint(line, indices->fingerprint);
    PUT(line, "}");
}

static void put_tls(struct line *line, const struct ajar_tls_facts *tls)
{
    PUT(line, ",\"tls\":");
    if (tls == NULL)
    {
        PUT(line, "null");
        return;
    }
    PUT(line, "{\"version\":");
    put_text_or_null(line, tls->version);
    PUT(line, ",\"subject\":");
    put_text(line, tls->subject);
    PUT(line, ",\"names\":[");
    for (size_t i = 0; i < tls->name_count && i < AJAR_MAX_TLS_NAMES; i++)
    {
        put_word(line, i == 0 ? "" : ",");
        put_text(line, tls->names[i] != NULL ? tls->names[i] : "");
    }
    PUT(line, "],\"issuer\":");
    put_text(line, tls->issuer);
    PUT(line, ",\"not_after\":");
    put_text_or_null(line, tls->not_after);
    PUT(line, ",\"sha256\":");
    put_text_or_null(line, tls->sha256);
    PUT(line, "}");
}

static void put_requests(struct line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"requests\":[");
    for (size_t i = 0; i < evidence->exchange_count && i < AJAR_MAX_REQUESTS; i++)
    {
        const struct ajar_exchange *exchange = &evidence->exchanges[i];
        put_word(line, i == 0 ? "{\"path\":" : ",{\"path\":");
        put_text(line, exchange->path != NULL ? exchange->path : "");
        PUT(line, ",\"status\":");
        put_u64_or_null(line, exchange->status != 0, exchange->status);
        PUT(line, ",\"bytes\":");
        put_u64(line, exchange->body_bytes);
        PUT(line, ",\"ms\":");
        put_ms(line, exchange->duration_us);
        PUT(line, "}");
    }
    PUT(line, "]");
}

static void put_reasons(struct line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"reasons\":[");
    for (size_t i = 0; i < evidence->reason_count && i < AJAR_MAX_REASONS; i++)
    {
        put_word(line, i == 0 ? "" : ",");
        put_text(line, evidence->reasons[i] != NULL ? evidence->reasons[i] : "");
    }
    PUT(line, "]");
}

static void put_fields(struct line *line, const char *const *fields, size_t count)
{
    PUT(line, "[");
    for (size_t i = 0; i < count && i < AJAR_MAX_SENSITIVE_FIELDS; i++)
    {
        put_word(line, i == 0 ? "" : ",");
        put_text(line, fields[i] != NULL ? fields[i] : "");
    }
    PUT(line, "]");
}

static void put_kinds(struct line *line, uint32_t kinds)
{
    const char *before = "\"";
    PUT(line, "[");
    for (unsigned i = 0; i < AJAR_KIND_COUNT; i++)
    {
        if ((kinds & (1u << i)) != 0)
        {
            put_word(line, before);
            put_word(line, ajar_kind_word((enum ajar_kind)i));
            PUT(line, "\"");
            before = ",\"";
        }
    }
    PUT(line, "]");
}

static void put_template(struct line *line, const struct ajar_sensitivity_facts *facts)
{
    PUT(line, ",\"template\":");
    if (facts->template_name == NULL)
    {
        PUT(line, "null,\"kinds_possible\":[]");
        return;
    }
    put_text(line, facts->template_name);
    PUT(line, ",\"kinds_possible\":");
    put_kinds(line, facts->kinds_possible);
}

static void put_sensitivity(struct line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"sensitivity\":");
    if (evidence == NULL || evidence->sensitivity.indices_looked_at == 0)
    {
        PUT(line, "null");
        return;
    }
    const struct ajar_sensitivity_facts *facts = &evidence->sensitivity;
    PUT(line, "{\"level\":\"");
    put_word(line, ajar_sensitivity_word(ajar_sensitivity_level_of(facts->score)));
    PUT(line, "\",\"score\":");
    put_u64(line, facts->score);
    PUT(line, ",\"kinds\":");
    put_kinds(line, facts->kinds);
    PUT(line, ",\"fields\":");
    put_fields(line, facts->fields, facts->field_count);
    PUT(line, ",\"indices_looked_at\":");
    put_u64(line, facts->indices_looked_at);
    PUT(line, ",\"fields_seen\":");
    put_u64(line, facts->fields_seen);
    PUT(line, ",\"fields_sensitive\":");
    put_u64(line, facts->fields_sensitive);
    PUT(line, ",\"truncated\":");
    put_bool(line, facts->truncated);
    PUT(line, ",\"unredacted\":");
    if (facts->redaction_hinted)
    {
        put_fields(line, facts->unredacted, facts->unredacted_count);
    }
    else
    {
        PUT(line, "null");
    }
    put_template(line, facts);
    PUT(line, "}");
}

static void put_flaws(struct line *line, const struct ajar_visit_result *result)
{
    const struct ajar_flaw *flaws[AJAR_MAX_FLAWS];
    const struct ajar_evidence *evidence = result->evidence;
    size_t count =
        ajar_release_flaws(evidence->product, evidence->version, result->verdict.flags,
                           result->verdict.exposure, flaws);
    for (size_t i = 0; i < count; i++)
    {
        put_word(line, i == 0 ? "{\"id\":" : ",{\"id\":");
        put_text(line, flaws[i]->id);
        PUT(line, ",\"kind\":");
        put_text(line, flaws[i]->kind);
        PUT(line, ",\"what\":");
        put_text(line, flaws[i]->what);
        PUT(line, ",\"needs\":");
        put_text(line, flaws[i]->needs);
        PUT(line, ",\"fixed_in\":");
        put_text(line, flaws[i]->fixed_in);
        PUT(line, ",\"source\":");
        put_text(line, flaws[i]->source);
        PUT(line, "}");
    }
}

static void put_advice(struct line *line, const struct ajar_visit_result *result)
{
    const struct ajar_evidence *evidence = result->evidence;
    uint32_t flags = result->verdict.flags;
    const char *since = NULL;
    PUT(line, ",\"advice\":");
    if (evidence == NULL ||
        !ajar_release_is_known(evidence->product, evidence->version, flags))
    {
        PUT(line, "null");
        return;
    }
    if ((flags & AJAR_FLAG(END_OF_LIFE)) != 0)
    {
        (void)ajar_release_is_end_of_life(evidence->product, evidence->version, &since);
    }
    PUT(line, "{\"as_of\":\"" AJAR_ADVICE_AS_OF "\",\"end_of_life\":");
    put_text(line, since);
    PUT(line, ",\"flaws\":[");
    put_flaws(line, result);
    PUT(line, "]}");
}

/* Only where it was asked for: no other line has the member. */
static void put_explain(struct line *line, const struct ajar_evidence *evidence)
{
    const struct ajar_trace *trace = evidence != NULL ? evidence->trace : NULL;
    if (trace == NULL)
    {
        return;
    }
    PUT(line, ",\"explain\":{\"replies\":[");
    for (size_t i = 0; i < evidence->exchange_count && i < AJAR_MAX_REQUESTS; i++)
    {
        enum ajar_reading reading = (enum ajar_reading)evidence->exchanges[i].reading;
        put_word(line, i == 0 ? "{\"reading\":\"" : ",{\"reading\":\"");
        put_word(line, ajar_reading_word(reading));
        PUT(line, "\",\"bytes\":");
        put_text(line, trace->proofs[i]);
        PUT(line, "}");
    }
    PUT(line, "],\"rules\":[");
    for (size_t i = 0; i < trace->rule_count; i++)
    {
        put_word(line, i == 0 ? "{\"rule\":" : ",{\"rule\":");
        put_text(line, trace->rules[i].rule);
        PUT(line, ",\"decided\":");
        put_bool(line, trace->rules[i].decided);
        PUT(line, ",\"why\":");
        put_text(line, trace->rules[i].why);
        PUT(line, "}");
    }
    PUT(line, "]}");
}

static void put_evidence(struct line *line, const struct ajar_target_record *record)
{
    const struct ajar_visit_result *result = &record->result;
    const struct ajar_evidence *evidence = result->evidence;
    if (evidence == NULL)
    {
        PUT(line, ",\"product\":null,\"version\":null");
        put_flags(line, result->verdict.flags);
        PUT(line, ",\"cluster\":null,\"indices\":null");
        put_tls(line, result->tls_facts);
        PUT(line, ",\"requests\":[],\"reasons\":[]");
        return;
    }
    PUT(line, ",\"product\":");
    put_text(line, evidence->product);
    PUT(line, ",\"version\":");
    put_text(line, evidence->version);
    put_flags(line, result->verdict.flags);
    put_cluster(line, evidence);
    put_indices(line, evidence);
    put_tls(line, result->tls_facts);
    put_requests(line, evidence);
    put_reasons(line, evidence);
}

int ajar_jsonl_target(const struct ajar_target_record *record, struct ajar_buf *out)
{
    const struct ajar_visit_result *result = &record->result;
    struct line line = line_open(out);
    PUT(&line, "{\"type\":\"target");
    put_head(&line, record->run);
    put_time(&line, record->time_unix_ms);
    put_where(&line, record);
    PUT(&line, ",\"outcome\":\"");
    put_word(&line, ajar_outcome_word(result->outcome));
    PUT(&line, "\",\"exposure\":\"");
    put_word(&line, ajar_exposure_word(result->verdict.exposure));
    PUT(&line, "\",\"severity\":\"");
    put_word(&line, ajar_severity_word(result->verdict.severity));
    PUT(&line, "\"");
    put_evidence(&line, record);
    PUT(&line, ",\"duration_ms\":");
    put_ms(&line, result->duration_ns / 1000);
    PUT(&line, ",\"guard\":");
    put_text(&line, result->evidence != NULL ? result->evidence->guard : NULL);
    PUT(&line, ",\"expect\":");
    put_text(&line, record->expect);
    put_sensitivity(&line, result->evidence);
    put_advice(&line, result);
    put_explain(&line, result->evidence);
    PUT(&line, "}");
    return line_close(&line);
}

static void put_tally(struct line *line, bool first, const char *word, uint64_t value)
{
    put_word(line, first ? "{\"" : ",\"");
    put_word(line, word);
    PUT(line, "\":");
    put_u64(line, value);
}

int ajar_jsonl_run_end(const struct ajar_run_info *run,
                       const struct ajar_run_totals *totals, struct ajar_buf *out)
{
    struct line line = line_open(out);
    PUT(&line, "{\"type\":\"run_end");
    put_head(&line, run);
    PUT(&line, ",\"complete\":");
    put_bool(&line, totals->complete);
    PUT(&line, ",\"targets\":");
    put_u64(&line, run->targets);
    PUT(&line, ",\"by_exposure\":");
    for (unsigned i = 0; i < AJAR_EXPOSURE_COUNT; i++)
    {
        put_tally(&line, i == 0, ajar_exposure_word((enum ajar_exposure)i),
                  totals->by_exposure[i]);
    }
    PUT(&line, "},\"by_outcome\":");
    for (unsigned i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        put_tally(&line, i == 0, ajar_outcome_word((enum ajar_outcome)i),
                  totals->by_outcome[i]);
    }
    PUT(&line, "},\"not_visited\":");
    put_u64(&line, totals->not_visited);
    PUT(&line, ",\"excluded\":");
    put_u64(&line, run->excluded);
    PUT(&line, ",\"duration_ms\":");
    put_u64(&line, totals->duration_ms);
    PUT(&line, ",\"requests\":");
    put_u64(&line, totals->requests);
    PUT(&line, "}");
    return line_close(&line);
}
