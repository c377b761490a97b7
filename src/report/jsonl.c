/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/report.h"

#include "facts.h"
#include "json_line.h"

/*
 * JSON Lines, contract version 1 (docs/contract.md). Members come in the contract's
 * order.
 */

static void put_time(struct json_line *line, int64_t unix_ms)
{
    char time[32];
    ajar_time_format(unix_ms, time);
    PUT(line, ",\"time\":\"");
    json_line_word(line, time);
    PUT(line, "\"");
}

static void put_head(struct json_line *line, const struct ajar_run_info *run)
{
    _Static_assert(AJAR_CONTRACT_VERSION == 1, "the literals below say 1");
    PUT(line, "\",\"schema\":1,\"run\":");
    json_line_text(line, run->id);
}

int ajar_jsonl_run_start(const struct ajar_run_info *run, struct ajar_buf *out)
{
    struct json_line line = json_line_open(out);
    PUT(&line, "{\"type\":\"run_start");
    put_head(&line, run);
    put_time(&line, run->started_unix_ms);
    PUT(&line, ",\"targets\":");
    json_line_u64(&line, run->targets);
    PUT(&line, ",\"seed\":");
    json_line_u64(&line, run->seed);
    PUT(&line, ",\"scope_digest\":");
    json_line_text(&line, run->scope_digest);
    PUT(&line, ",\"version\":");
    json_line_text(&line, run->version);
    PUT(&line, "}");
    return json_line_close(&line);
}

static void put_where(struct json_line *line, const struct ajar_target_record *record)
{
    char address[AJAR_ADDR_TEXT_MAX];
    size_t len = ajar_addr_format(&record->addr, address);
    PUT(line, ",\"address\":\"");
    json_line_put(line, address, len);
    PUT(line, "\",\"port\":");
    json_line_u64(line, record->port);
    PUT(line, ",\"name\":");
    json_line_text(line, record->name);
    if (record->result.tls)
    {
        PUT(line, ",\"scheme\":\"https\",\"owner\":");
    }
    else
    {
        PUT(line, ",\"scheme\":\"http\",\"owner\":");
    }
    json_line_text(line, record->owner);
}

static void put_flags(struct json_line *line, uint32_t flags)
{
    const char *before = "\"";
    PUT(line, ",\"flags\":[");
    for (unsigned i = 0; i < AJAR_FLAG_COUNT && flags != 0; i++)
    {
        if ((flags & (1u << i)) != 0)
        {
            json_line_word(line, before);
            json_line_word(line, ajar_flag_word((enum ajar_flag_index)i));
            PUT(line, "\"");
            before = ",\"";
        }
    }
    PUT(line, "]");
}

static void put_cluster(struct json_line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"cluster\":");
    if (evidence->cluster_name == NULL && evidence->cluster_uuid == NULL &&
        evidence->cluster_status == NULL && !evidence->health_known)
    {
        PUT(line, "null");
        return;
    }
    PUT(line, "{\"name\":");
    json_line_text(line, evidence->cluster_name);
    PUT(line, ",\"uuid\":");
    json_line_text(line, evidence->cluster_uuid);
    PUT(line, ",\"status\":");
    json_line_text(line, evidence->cluster_status);
    PUT(line, ",\"nodes\":");
    json_line_u64_or_null(line, evidence->health_known, evidence->nodes);
    PUT(line, "}");
}

static void put_largest(struct json_line *line, const struct ajar_index_facts *indices)
{
    PUT(line, ",\"largest\":[");
    for (size_t i = 0; i < indices->largest_count && i < AJAR_MAX_LARGEST; i++)
    {
        const struct ajar_index_fact *index = &indices->largest[i];
        json_line_word(line, i == 0 ? "{\"name\":" : ",{\"name\":");
        json_line_text(line, index->name);
        PUT(line, ",\"documents\":");
        json_line_u64(line, index->documents);
        PUT(line, ",\"bytes\":");
        json_line_u64(line, index->bytes);
        PUT(line, "}");
    }
    PUT(line, "]");
}

/* The fingerprint as text: 64 bits do not survive readers that hold numbers as doubles.
 */
static void put_fingerprint(struct json_line *line, uint64_t fingerprint)
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
    json_line_put(line, hex, sizeof(hex));
}

static void put_indices(struct json_line *line, const struct ajar_evidence *evidence)
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
    json_line_u64_or_null(line, volume.list, indices->count);
    PUT(line, ",\"system\":");
    json_line_u64_or_null(line, volume.list, indices->system);
    PUT(line, ",\"documents\":");
    json_line_u64_or_null(line, volume.documents_known, volume.documents);
    PUT(line, ",\"bytes\":");
    json_line_u64_or_null(line, volume.bytes_known, volume.bytes);
    PUT(line, ",\"truncated\":");
    json_line_bool(line, indices->truncated);
    put_largest(line, indices);
    PUT(line, ",\"unknown\":");
    json_line_u64_or_null(line, volume.list, indices->unknown);
    put_fingerprint(line, indices->fingerprint);
    PUT(line, "}");
}

static void put_tls(struct json_line *line, const struct ajar_tls_facts *tls)
{
    PUT(line, ",\"tls\":");
    if (tls == NULL)
    {
        PUT(line, "null");
        return;
    }
    PUT(line, "{\"version\":");
    json_line_text_or_null(line, tls->version);
    PUT(line, ",\"subject\":");
    json_line_text(line, tls->subject);
    PUT(line, ",\"names\":[");
    for (size_t i = 0; i < tls->name_count && i < AJAR_MAX_TLS_NAMES; i++)
    {
        json_line_word(line, i == 0 ? "" : ",");
        json_line_text(line, tls->names[i] != NULL ? tls->names[i] : "");
    }
    PUT(line, "],\"issuer\":");
    json_line_text(line, tls->issuer);
    PUT(line, ",\"not_after\":");
    json_line_text_or_null(line, tls->not_after);
    PUT(line, ",\"sha256\":");
    json_line_text_or_null(line, tls->sha256);
    PUT(line, "}");
}

static void put_requests(struct json_line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"requests\":[");
    for (size_t i = 0; i < evidence->exchange_count && i < AJAR_MAX_REQUESTS; i++)
    {
        const struct ajar_exchange *exchange = &evidence->exchanges[i];
        json_line_word(line, i == 0 ? "{\"path\":" : ",{\"path\":");
        json_line_text(line, exchange->path != NULL ? exchange->path : "");
        PUT(line, ",\"status\":");
        json_line_u64_or_null(line, exchange->status != 0, exchange->status);
        PUT(line, ",\"bytes\":");
        json_line_u64(line, exchange->body_bytes);
        PUT(line, ",\"ms\":");
        json_line_ms(line, exchange->duration_us);
        PUT(line, "}");
    }
    PUT(line, "]");
}

static void put_reasons(struct json_line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"reasons\":[");
    for (size_t i = 0; i < evidence->reason_count && i < AJAR_MAX_REASONS; i++)
    {
        json_line_word(line, i == 0 ? "" : ",");
        json_line_text(line, evidence->reasons[i] != NULL ? evidence->reasons[i] : "");
    }
    PUT(line, "]");
}

static void put_fields(struct json_line *line, const char *const *fields, size_t count)
{
    PUT(line, "[");
    for (size_t i = 0; i < count && i < AJAR_MAX_SENSITIVE_FIELDS; i++)
    {
        json_line_word(line, i == 0 ? "" : ",");
        json_line_text(line, fields[i] != NULL ? fields[i] : "");
    }
    PUT(line, "]");
}

static void put_kinds(struct json_line *line, uint32_t kinds)
{
    const char *before = "\"";
    PUT(line, "[");
    for (unsigned i = 0; i < AJAR_KIND_COUNT; i++)
    {
        if ((kinds & (1u << i)) != 0)
        {
            json_line_word(line, before);
            json_line_word(line, ajar_kind_word((enum ajar_kind)i));
            PUT(line, "\"");
            before = ",\"";
        }
    }
    PUT(line, "]");
}

static void put_template(struct json_line *line,
                         const struct ajar_sensitivity_facts *facts)
{
    PUT(line, ",\"template\":");
    if (facts->template_name == NULL)
    {
        PUT(line, "null,\"kinds_possible\":[]");
        return;
    }
    json_line_text(line, facts->template_name);
    PUT(line, ",\"kinds_possible\":");
    put_kinds(line, facts->kinds_possible);
}

static void put_sensitivity(struct json_line *line, const struct ajar_evidence *evidence)
{
    PUT(line, ",\"sensitivity\":");
    if (evidence == NULL || evidence->sensitivity.indices_looked_at == 0)
    {
        PUT(line, "null");
        return;
    }
    const struct ajar_sensitivity_facts *facts = &evidence->sensitivity;
    PUT(line, "{\"level\":\"");
    json_line_word(line, ajar_sensitivity_word(ajar_sensitivity_level_of(facts->score)));
    PUT(line, "\",\"score\":");
    json_line_u64(line, facts->score);
    PUT(line, ",\"kinds\":");
    put_kinds(line, facts->kinds);
    PUT(line, ",\"fields\":");
    put_fields(line, facts->fields, facts->field_count);
    PUT(line, ",\"indices_looked_at\":");
    json_line_u64(line, facts->indices_looked_at);
    PUT(line, ",\"fields_seen\":");
    json_line_u64(line, facts->fields_seen);
    PUT(line, ",\"fields_sensitive\":");
    json_line_u64(line, facts->fields_sensitive);
    PUT(line, ",\"truncated\":");
    json_line_bool(line, facts->truncated);
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

static void put_flaws(struct json_line *line, const struct ajar_visit_result *result)
{
    const struct ajar_flaw *flaws[AJAR_MAX_FLAWS];
    const struct ajar_evidence *evidence = result->evidence;
    size_t count =
        ajar_release_flaws(evidence->product, evidence->version, result->verdict.flags,
                           result->verdict.exposure, flaws);
    for (size_t i = 0; i < count; i++)
    {
        json_line_word(line, i == 0 ? "{\"id\":" : ",{\"id\":");
        json_line_text(line, flaws[i]->id);
        PUT(line, ",\"kind\":");
        json_line_text(line, flaws[i]->kind);
        PUT(line, ",\"what\":");
        json_line_text(line, flaws[i]->what);
        PUT(line, ",\"needs\":");
        json_line_text(line, flaws[i]->needs);
        PUT(line, ",\"fixed_in\":");
        json_line_text(line, flaws[i]->fixed_in);
        PUT(line, ",\"source\":");
        json_line_text(line, flaws[i]->source);
        PUT(line, "}");
    }
}

static void put_advice(struct json_line *line, const struct ajar_visit_result *result)
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
    json_line_text(line, since);
    PUT(line, ",\"flaws\":[");
    put_flaws(line, result);
    PUT(line, "]}");
}

/* Only where it was asked for: no other line has the member. */
static void put_explain(struct json_line *line, const struct ajar_evidence *evidence)
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
        json_line_word(line, i == 0 ? "{\"reading\":\"" : ",{\"reading\":\"");
        json_line_word(line, ajar_reading_word(reading));
        PUT(line, "\",\"bytes\":");
        json_line_text(line, trace->proofs[i]);
        PUT(line, "}");
    }
    PUT(line, "],\"rules\":[");
    for (size_t i = 0; i < trace->rule_count; i++)
    {
        json_line_word(line, i == 0 ? "{\"rule\":" : ",{\"rule\":");
        json_line_text(line, trace->rules[i].rule);
        PUT(line, ",\"decided\":");
        json_line_bool(line, trace->rules[i].decided);
        PUT(line, ",\"why\":");
        json_line_text(line, trace->rules[i].why);
        PUT(line, "}");
    }
    PUT(line, "]}");
}

static void put_evidence(struct json_line *line, const struct ajar_target_record *record)
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
    json_line_text(line, evidence->product);
    PUT(line, ",\"version\":");
    json_line_text(line, evidence->version);
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
    struct json_line line = json_line_open(out);
    PUT(&line, "{\"type\":\"target");
    put_head(&line, record->run);
    put_time(&line, record->time_unix_ms);
    put_where(&line, record);
    PUT(&line, ",\"outcome\":\"");
    json_line_word(&line, ajar_outcome_word(result->outcome));
    PUT(&line, "\",\"exposure\":\"");
    json_line_word(&line, ajar_exposure_word(result->verdict.exposure));
    PUT(&line, "\",\"severity\":\"");
    json_line_word(&line, ajar_severity_word(result->verdict.severity));
    PUT(&line, "\"");
    put_evidence(&line, record);
    PUT(&line, ",\"duration_ms\":");
    json_line_ms(&line, result->duration_ns / 1000);
    PUT(&line, ",\"guard\":");
    json_line_text(&line, result->evidence != NULL ? result->evidence->guard : NULL);
    PUT(&line, ",\"expect\":");
    json_line_text(&line, record->expect);
    put_sensitivity(&line, result->evidence);
    put_advice(&line, result);
    put_explain(&line, result->evidence);
    PUT(&line, "}");
    return json_line_close(&line);
}

static void put_tally(struct json_line *line, bool first, const char *word,
                      uint64_t value)
{
    json_line_word(line, first ? "{\"" : ",\"");
    json_line_word(line, word);
    PUT(line, "\":");
    json_line_u64(line, value);
}

int ajar_jsonl_run_end(const struct ajar_run_info *run,
                       const struct ajar_run_totals *totals, struct ajar_buf *out)
{
    struct json_line line = json_line_open(out);
    PUT(&line, "{\"type\":\"run_end");
    put_head(&line, run);
    PUT(&line, ",\"complete\":");
    json_line_bool(&line, totals->complete);
    PUT(&line, ",\"targets\":");
    json_line_u64(&line, run->targets);
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
    json_line_u64(&line, totals->not_visited);
    PUT(&line, ",\"excluded\":");
    json_line_u64(&line, run->excluded);
    PUT(&line, ",\"duration_ms\":");
    json_line_u64(&line, totals->duration_ms);
    PUT(&line, ",\"requests\":");
    json_line_u64(&line, totals->requests);
    PUT(&line, "}");
    return json_line_close(&line);
}
