/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

/* Far longer than anything that is shown: 3,000 times ESC, then quotes. */
static char evil[8192];

static struct ajar_endpoint_view endpoint(uint32_t host)
{
    return (struct ajar_endpoint_view){.addr = ajar_addr_from_v4(0xc0000200u + host),
                                       .port = 9200,
                                       .scheme = AJAR_SCHEME_HTTP,
                                       .state = AJAR_ENDPOINT_OPEN,
                                       .exposure = AJAR_EXPOSURE_RECORDS,
                                       .first_seen_ms = SAMPLE_OPEN,
                                       .last_seen_ms = SAMPLE_LAST};
}

struct ajar_finding_view sample_finding(struct sample *sample)
{
    struct ajar_finding_view finding = {
        .id = "F-ABCDEFGHIJKL",
        .state = AJAR_FINDING_OPEN,
        .exposure = AJAR_EXPOSURE_RECORDS,
        .severity = AJAR_SEVERITY_CRITICAL,
        .flags = AJAR_FLAG(END_OF_LIFE),
        .announced = true,
        .product = "elasticsearch",
        .version = "7.4.2",
        .cluster_name = "support-analytics",
        .cluster_uuid = "q1w2e3r4t5y6u7i8o9p0aa",
        .owner = "support-analytics",
        .contact = "support-oncall@example.org",
        .run = "20191205T130000Z-1f3a9c",
        .vantage = "internet",
        .window = {SAMPLE_CLOSED, SAMPLE_OPEN, SAMPLE_LAST, 0},
        .opened_ms = SAMPLE_OPEN,
        .endpoints = sample->endpoints,
        .endpoint_count = 2,
        .endpoints_total = 2,
        .list_known = true,
        .index_count = 12,
        .system_count = 2,
        .documents = 250000012,
        .bytes = 91242696557,
        .counted = 250000012,
        .count_known = true,
        .largest = {{"cases-2019", 200000000, 80000000000}, {"cases-2018", 50000012, 1}},
        .largest_count = 2,
        .dataset = {0x0123456789abcdef, 5, 250000012},
        .proofs = sample->proofs,
        .proof_count = 2,
        .reasons = sample->reasons,
        .reason_count = 1,
        .redacted = {{2, 0, 0, 1}},
    };
    sample->endpoints[0] = endpoint(7);
    sample->endpoints[1] = endpoint(8);
    sample->endpoints[1].name = "es2.example.org";
    sample->endpoints[1].scheme = AJAR_SCHEME_HTTPS;
    sample->endpoints[1].state = AJAR_ENDPOINT_SILENT;
    sample->proofs[0] = (struct ajar_proof_view){"/_cat/indices?format=json",
                                                 "198.51.100.9",
                                                 SAMPLE_LAST - 20,
                                                 1532,
                                                 200,
                                                 AJAR_READ_LIST,
                                                 AJAR_READING_SHOWN};
    sample->proofs[1] = (struct ajar_proof_view){
        "/cases-2019/_count", NULL, SAMPLE_LAST, 0, 0, AJAR_READ_COUNT,
        AJAR_READING_FAILED};
    sample->reasons[0] = "a count on a non-system index succeeded";
    return finding;
}

struct ajar_finding_view sample_bare(struct sample *sample)
{
    sample->endpoints[0] = endpoint(9);
    return (struct ajar_finding_view){.id = "F-MNOPQRSTUVWX",
                                      .state = AJAR_FINDING_UNVERIFIED,
                                      .exposure = AJAR_EXPOSURE_IDENTITY,
                                      .severity = AJAR_SEVERITY_LOW,
                                      .owner = "",
                                      .run = "",
                                      .window = {0, SAMPLE_OPEN, SAMPLE_OPEN, 0},
                                      .endpoints = sample->endpoints,
                                      .endpoint_count = 1,
                                      .endpoints_total = 1,
                                      .dataset = {0, 1, 0}};
}

struct ajar_finding_view sample_hostile(struct sample *sample)
{
    struct ajar_finding_view finding = sample_finding(sample);
    for (size_t i = 0; i + 1 < sizeof(evil); i++)
    {
        evil[i] = i < 3000 ? "\x1b\x9f\n`\xe2\x80\xae"[i % 7] : "\"\\"[i % 2];
    }
    finding.product = evil;
    finding.version = evil;
    finding.cluster_name = evil;
    finding.cluster_uuid = evil;
    finding.contact = evil;
    finding.reference = evil;
    finding.flags = (1u << AJAR_FLAG_COUNT) - 1;
    finding.state = AJAR_FINDING_ACCEPTED;
    finding.acceptance = (struct ajar_acceptance_view){.active = true,
                                                       .since_ms = 1,
                                                       .until_ms = SAMPLE_SHUT,
                                                       .indices = evil,
                                                       .by = evil,
                                                       .reason = evil};
    for (size_t i = 0; i < AJAR_MAX_VIEW_ENDPOINTS; i++)
    {
        sample->endpoints[i] = endpoint((uint32_t)i);
        sample->endpoints[i].name = evil;
    }
    finding.endpoint_count = AJAR_MAX_VIEW_ENDPOINTS;
    finding.endpoints_total = UINT64_MAX;
    finding.documents = UINT64_MAX;
    finding.bytes = UINT64_MAX;
    finding.system_count = UINT64_MAX;
    finding.unknown = 3;
    finding.largest_count = AJAR_MAX_LARGEST;
    for (size_t i = 0; i < AJAR_MAX_LARGEST; i++)
    {
        finding.largest[i] = (struct ajar_index_fact){evil, UINT64_MAX, UINT64_MAX};
    }
    sample->proofs[0].path = evil;
    sample->reasons[0] = evil;
    return finding;
}

struct ajar_event_view sample_event(struct sample *sample, enum ajar_event_kind kind)
{
    struct ajar_event_view event = {.id = "E-ABCDEFGHIJKL-12",
                                    .seq = 7,
                                    .kind = kind,
                                    .time_ms = SAMPLE_LAST,
                                    .run = "20191205T130000Z-1f3a9c",
                                    .changes = sample->changes,
                                    .change_count = 2,
                                    .finding = sample_finding(sample)};
    sample->changes[0] = (struct ajar_change_view){AJAR_CHANGE_VERSION, "7.4.1", "7.4.2"};
    sample->changes[1] =
        (struct ajar_change_view){AJAR_CHANGE_ENDPOINTS, "", "192.0.2.8:9200"};
    if (kind == AJAR_EVENT_RESOLVED)
    {
        event.finding.state = AJAR_FINDING_RESOLVED;
        event.finding.window.first_closed_ms = SAMPLE_SHUT;
        event.time_ms = SAMPLE_SHUT + 3600000;
    }
    return event;
}
