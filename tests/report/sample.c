/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <string.h>

/* The remedies' words belong to classify; here two lists of our own, so that the golden
 * reports change with this room alone. */
const char *const *ajar_remedy(const char *product, const char *version,
                               enum ajar_exposure exposure)
{
    static const char *const elasticsearch[] = {
        "Close the port to strangers at the firewall now.",
        "Then set xpack.security.enabled: true in elasticsearch.yml and restart each "
        "node.",
        NULL};
    static const char *const other[] = {
        "Close the port to strangers at the firewall now.", NULL};
    (void)version;
    (void)exposure;
    return product != NULL && strcmp(product, "elasticsearch") == 0 ? elasticsearch
                                                                    : other;
}

/* So does what is known of a release: here one line that has ended, and five flaws of it.
 */
bool ajar_release_is_end_of_life(const char *product, const char *version,
                                 const char **out_since)
{
    bool ended = product != NULL && version != NULL && strcmp(version, "7.17.9") == 0;
    *out_since = ended ? "2026-01-15" : *out_since;
    return ended;
}

bool ajar_release_is_known(const char *product, const char *version, uint32_t flags)
{
    return product != NULL && version != NULL && (flags & AJAR_FLAG(LOOKALIKE)) == 0;
}

size_t ajar_release_flaws(const char *product, const char *version, uint32_t flags,
                          enum ajar_exposure exposure,
                          const struct ajar_flaw *out[AJAR_MAX_FLAWS])
{
    static const char source[] = "https://advisories.example/1";
    static const struct ajar_flaw flaws[] = {
        {"CVE-2026-0001", "remote_code", "run code on the machine", "scripts are on",
         "7.17.10", source},
        {"CVE-2026-0002", "denial", "stop a node with one search", NULL, "8.0.0", source},
        {"CVE-2026-0003", "denial", "stop a node", NULL, "7.17.11", source},
        {"CVE-2026-0004", "denial", "stop a node", NULL, "7.17.12", source},
        {"CVE-2026-0005", "denial", "stop a node", NULL, "7.17.13", source},
    };
    bool has = ajar_release_is_known(product, version, flags) &&
               strcmp(version, "7.17.9") == 0 && exposure == AJAR_EXPOSURE_RECORDS;
    for (size_t i = 0; has && i < AJAR_COUNT_OF(flaws); i++)
    {
        out[i] = &flaws[i];
    }
    return has ? AJAR_COUNT_OF(flaws) : 0;
}

const struct ajar_run_info *sample_run(void)
{
    static const struct ajar_run_info run = {
        .id = "20261123T004512Z-1f3a9c",
        .version = "0.1.0",
        .targets = 768,
        .excluded = 6,
        .seed = 9007199254740991,
        .scope_digest =
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        .started_unix_ms = 1795395912345,
    };
    return &run;
}

static struct ajar_target_record *begin(struct sample *out, unsigned host, uint16_t port)
{
    memset(out, 0, sizeof(*out));
    out->record = (struct ajar_target_record){
        .run = sample_run(),
        .time_unix_ms = 1795395913000 + host,
        .addr = ajar_addr_from_v4(0xc6336400u + host), /* 198.51.100.0/24 */
        .port = port,
        .owner = "support-analytics",
        .contact = "support-sre@corp.example",
        .result = {.outcome = AJAR_OUTCOME_REPLIED,
                   .duration_ns = 12449999,
                   .dials = 1,
                   .evidence = &out->evidence},
    };
    return &out->record;
}

static void exchange(struct sample *out, const char *path, unsigned status,
                     uint64_t bytes, enum ajar_read read, enum ajar_reading reading)
{
    out->evidence.exchanges[out->evidence.exchange_count++] =
        (struct ajar_exchange){.path = path,
                               .status = (uint16_t)status,
                               .body_bytes = bytes,
                               .duration_us = 3050,
                               .read = (uint8_t)read,
                               .reading = (uint8_t)reading};
    out->evidence.reading[read] = (uint8_t)reading;
}

static void reason(struct sample *out, const char *text)
{
    out->evidence.reasons[out->evidence.reason_count++] = text;
}

struct ajar_target_record *sample_refused(struct sample *out, unsigned host)
{
    struct ajar_target_record *record = begin(out, host, 9200);
    record->result.outcome = AJAR_OUTCOME_REFUSED;
    record->result.duration_ns = 149000;
    return record;
}

struct ajar_target_record *sample_guarded(struct sample *out, unsigned host)
{
    struct ajar_target_record *record = begin(out, host, 9200);
    exchange(out, "/", 401, 411, AJAR_READ_ROOT, AJAR_READING_REFUSED);
    reason(out, "401 with the security exception of Elastic security");
    out->evidence.product = "elasticsearch";
    out->evidence.guard = "Elastic security";
    record->result.verdict.exposure = AJAR_EXPOSURE_PROTECTED;
    return record;
}

struct ajar_target_record *sample_open(struct sample *out, unsigned host)
{
    struct ajar_target_record *record = begin(out, host, 9200);
    struct ajar_evidence *evidence = &out->evidence;
    exchange(out, "/", 200, 540, AJAR_READ_ROOT, AJAR_READING_SHOWN);
    exchange(out, "/_cluster/health", 200, 388, AJAR_READ_HEALTH, AJAR_READING_SHOWN);
    exchange(out, "/_cat/indices?format=json&bytes=b&h=index,docs.count,store.size", 200,
             4198, AJAR_READ_LIST, AJAR_READING_SHOWN);
    exchange(out, "/_count", 200, 71, AJAR_READ_COUNT, AJAR_READING_SHOWN);
    exchange(out, "/ajar-1f3a9c0d", 404, 190, AJAR_READ_CONTROL, AJAR_READING_ABSENT);
    reason(out, "a count over 60 shards succeeded without a credential");
    evidence->product = "elasticsearch";
    evidence->version = "7.17.9";
    evidence->node_name = "es1";
    evidence->cluster_name = "support";
    evidence->cluster_uuid = "Zb2nq7HkQe6yqJt0aTQWJw";
    evidence->cluster_status = "green";
    evidence->health_known = true;
    evidence->nodes = 3;
    evidence->counted = 250000012;
    evidence->count_shards = 60;
    evidence->indices = (struct ajar_index_facts){
        .count = 15,
        .system = 3,
        .documents = 250000012,
        .bytes = UINT64_C(91242696557),
        .largest = {{"tickets-2025", 150000000, UINT64_C(50000000000)},
                    {"tickets-2026", 100000000, UINT64_C(41242000000)},
                    {"agents", 12, 696557}},
        .largest_count = 3,
        .fingerprint = UINT64_C(0x00c0ffee12345678),
    };
    evidence->sensitivity = (struct ajar_sensitivity_facts){
        .kinds = AJAR_KIND_BIT(EMAIL) | AJAR_KIND_BIT(IP_ADDRESS),
        .score = 82,
        .indices_looked_at = 3,
        .fields_seen = 61,
        .fields_sensitive = 2,
        .examples = {[AJAR_KIND_EMAIL] = "tickets-2025.customerEmail",
                     [AJAR_KIND_IP_ADDRESS] = "tickets-2025.client_ip"},
        .fields = {"tickets-2025.customerEmail", "tickets-2025.client_ip"},
        .field_count = 2,
        .redaction_hinted = true,
        .unredacted = {"tickets-2025.client_ip"},
        .unredacted_count = 1,
    };
    record->result.verdict =
        (struct ajar_verdict){.exposure = AJAR_EXPOSURE_RECORDS,
                              .severity = AJAR_SEVERITY_CRITICAL,
                              .flags = AJAR_FLAG(SELF_DECLARED) | AJAR_FLAG(END_OF_LIFE)};
    return record;
}

struct ajar_target_record *sample_banner(struct sample *out)
{
    static char subject[] = "CN=logs.corp.example,O=Corp";
    static char issuer[] = "CN=Corp Issuing CA 2";
    static char names[][20] = {"logs.corp.example", "10.0.0.7", "l1", "l2"};
    struct ajar_target_record *record = begin(out, 9, 9243);
    record->addr = (struct ajar_addr){
        {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x12, [15] = 7}}; /* 2001:db8:12::7 */
    record->name = "logs.corp.example";
    record->result.tls = true;
    exchange(out, "/", 200, 503, AJAR_READ_ROOT, AJAR_READING_SHOWN);
    exchange(out, "/_cluster/health", 403, 290, AJAR_READ_HEALTH, AJAR_READING_REFUSED);
    out->evidence.product = "opensearch";
    out->evidence.version = "2.19.1";
    out->evidence.cluster_name = "logs";
    out->evidence.guard = "OpenSearch security";
    memcpy(out->tls.version, "TLSv1.3", 8);
    memset(out->tls.sha256, 'a', 64);
    memcpy(out->tls.not_after, "2027-01-31T00:00:00Z", 21);
    out->tls.subject = subject;
    out->tls.issuer = issuer;
    for (size_t i = 0; i < 4; i++)
    {
        out->tls.names[out->tls.name_count++] = names[i];
    }
    record->result.tls_facts = &out->tls;
    record->result.verdict = (struct ajar_verdict){.exposure = AJAR_EXPOSURE_IDENTITY,
                                                   .severity = AJAR_SEVERITY_LOW,
                                                   .flags = AJAR_FLAG(PARTIAL)};
    return record;
}

struct ajar_target_record *sample_counted(struct sample *out)
{
    struct ajar_target_record *record = begin(out, 77, 9200);
    exchange(out, "/", 403, 100, AJAR_READ_ROOT, AJAR_READING_REFUSED);
    exchange(out, "/tickets/_count", 200, 71, AJAR_READ_COUNT, AJAR_READING_SHOWN);
    out->evidence.product = "elasticsearch";
    out->evidence.counted = 1;
    out->evidence.counted_index = "tickets";
    record->result.verdict = (struct ajar_verdict){.exposure = AJAR_EXPOSURE_RECORDS,
                                                   .severity = AJAR_SEVERITY_HIGH,
                                                   .flags = AJAR_FLAG(PARTIAL)};
    return record;
}

struct ajar_target_record *sample_unsure(struct sample *out, unsigned host)
{
    struct ajar_target_record *record = begin(out, host, 9200);
    exchange(out, "/", 503, 60, AJAR_READ_ROOT, AJAR_READING_NOT_READY);
    reason(out, "the node has no master: nothing can be said about its data");
    out->evidence.product = "elasticsearch";
    record->result.verdict.exposure = AJAR_EXPOSURE_INCONCLUSIVE;
    return record;
}

#define HOSTILE "\x1b[2J\x1b]0;owned\x07\r\nok: all closed\xe2\x80\xae\xff\"\\\t</script>"

static void trace(struct sample *out, const char *proof, const char *why)
{
    memset(&out->trace, 0, sizeof(out->trace));
    out->evidence.trace = &out->trace;
    out->trace.proofs[0] = proof;
    out->trace.rules[0] = (struct ajar_trace_rule){"exposure 1", why, false};
    out->trace.rules[1] = (struct ajar_trace_rule){"exposure 2", why, true};
    out->trace.rule_count = 2;
}

struct ajar_target_record *sample_explained(struct sample *out, unsigned host)
{
    struct ajar_target_record *record = sample_open(out, host);
    trace(out, "\"version.number\":\"7.17.9\"", "count shown: records is the highest");
    return record;
}

struct ajar_target_record *sample_hostile(struct sample *out)
{
    static char endless[5000];
    static char text[] = HOSTILE;
    struct ajar_target_record *record = sample_open(out, 200);
    struct ajar_evidence *evidence = &out->evidence;
    memset(endless, 'A', sizeof(endless) - 1);
    evidence->version = HOSTILE;
    evidence->node_name = endless;
    evidence->cluster_name = HOSTILE;
    evidence->cluster_uuid = endless;
    evidence->indices.largest[0].name = HOSTILE;
    evidence->indices.largest[1].name = endless;
    evidence->indices.count = 1;
    evidence->indices.system = UINT64_MAX; /* does not add up */
    evidence->indices.documents = UINT64_MAX;
    evidence->indices.bytes = UINT64_MAX;
    evidence->indices.fingerprint = 1;
    evidence->indices.truncated = true;
    reason(out, HOSTILE);
    reason(out, endless);
    out->tls.subject = text;
    out->tls.issuer = endless;
    out->tls.names[0] = text;
    out->tls.name_count = 1;
    record->name = HOSTILE;
    record->owner = HOSTILE;
    record->contact = HOSTILE;
    record->expect = HOSTILE;
    record->result.tls = true;
    record->result.tls_facts = &out->tls;
    record->result.verdict.flags = (1u << AJAR_FLAG_COUNT) - 1;
    trace(out, HOSTILE, endless);
    return record;
}

struct ajar_target_record *sample_no_visit(struct sample *out)
{
    struct ajar_target_record *record = begin(out, 250, 443);
    record->owner = NULL;
    record->contact = NULL;
    record->result = (struct ajar_visit_result){
        .outcome = AJAR_OUTCOME_LOCAL_RESOURCE,
        .verdict = {.exposure = AJAR_EXPOSURE_INCONCLUSIVE},
    };
    return record;
}

void sample_tally(struct ajar_run_totals *totals, const struct ajar_target_record *record)
{
    totals->by_exposure[record->result.verdict.exposure]++;
    totals->by_outcome[record->result.outcome]++;
}
