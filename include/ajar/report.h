/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_REPORT_H
#define AJAR_REPORT_H

#include "ajar/scope.h"
#include "ajar/visit.h"

/*
 * Report: facts to text and to JSON Lines (contract version 1: docs/contract.md and
 * docs/schema/record-1.json). Pure formatting into a buffer; peer text is escaped here.
 */
#define AJAR_CONTRACT_VERSION 1

struct ajar_run_info
{
    const char *id;      /* "20261123T004512Z-1f3a9c" */
    const char *version; /* of ajar */
    uint64_t targets;
    uint64_t excluded;
    uint64_t seed;
    const char *scope_digest;
    int64_t started_unix_ms;
};

struct ajar_target_record
{
    const struct ajar_run_info *run;
    int64_t time_unix_ms; /* when the target's visit ended */
    struct ajar_addr addr;
    uint16_t port;
    const char *name;  /* NULL: none */
    const char *owner; /* section id; NULL: loopback without a section */
    const char *contact;
    const char *expect; /* what is meant to be open; NULL: nothing */
    struct ajar_visit_result result;
};

struct ajar_run_totals
{
    bool complete;
    uint64_t by_exposure[AJAR_EXPOSURE_COUNT];
    uint64_t by_outcome[AJAR_OUTCOME_COUNT];
    uint64_t not_visited;
    uint64_t requests;
    uint64_t duration_ms;
};

/* Each appends one whole line with its "\n". Statuses: those of buf. */
int ajar_jsonl_run_start(const struct ajar_run_info *run, struct ajar_buf *out);
int ajar_jsonl_target(const struct ajar_target_record *record, struct ajar_buf *out);
int ajar_jsonl_run_end(const struct ajar_run_info *run,
                       const struct ajar_run_totals *totals, struct ajar_buf *out);

/*
 * The text report. Targets are added as they end; those that are open, and up to `keep`
 * of those that need a look (inconclusive), are held for the table, worst first; the
 * others only count. Over `keep` open targets the mildest are dropped and counted, and
 * the report says so and names --format jsonl.
 */
struct ajar_text_report;

struct ajar_text_style
{
    bool color;
    unsigned columns; /* of the terminal; at least 60 is assumed */
    bool verbose;     /* one line for each target that is not open, too */
    bool explain;     /* a block for each target that has a trace: why it is so */
};

int ajar_text_new(const struct ajar_text_style *style, size_t keep,
                  struct ajar_text_report **out) AJAR_MUST_CHECK;
void ajar_text_free(struct ajar_text_report *report);
int ajar_text_add(struct ajar_text_report *report,
                  const struct ajar_target_record *record) AJAR_MUST_CHECK;
/* Appends the whole report: table, proof and remedy under each open target, how each
 * verdict came about (style.explain), what could not be told, then the coverage. "Nothing
 * exposed" never stands without it. */
int ajar_text_render(const struct ajar_text_report *report,
                     const struct ajar_run_info *run,
                     const struct ajar_run_totals *totals,
                     struct ajar_buf *out) AJAR_MUST_CHECK;

/* RFC 3339 UTC with milliseconds, "2026-11-23T00:45:12.345Z", NUL-terminated. */
void ajar_time_format(int64_t unix_ms, char out[32]);

#endif
