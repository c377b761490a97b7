/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_REPORT_SAMPLE_H
#define TESTS_REPORT_SAMPLE_H

#include "ajar/report.h"

/* Targets as a run would see them: evidence written by hand, no visit, no network. */
struct sample
{
    struct ajar_target_record record;
    struct ajar_evidence evidence;
    struct ajar_tls_facts tls;
    struct ajar_trace trace;
};

const struct ajar_run_info *sample_run(void);
/* Each fills *out and returns its record; the pointers inside stay within *out. */
struct ajar_target_record *sample_refused(struct sample *out, unsigned host);
struct ajar_target_record *sample_guarded(struct sample *out, unsigned host);
/* One of the five copies of the support records: Elasticsearch 7.17.9, wide open. */
struct ajar_target_record *sample_open(struct sample *out, unsigned host);
/* OpenSearch behind TLS on IPv6, with a name; only the banner is readable. */
struct ajar_target_record *sample_banner(struct sample *out);
/* Only a count answered: no index list. */
struct ajar_target_record *sample_counted(struct sample *out);
/* The wide open one, with how its verdict came about. */
struct ajar_target_record *sample_explained(struct sample *out, unsigned host);
struct ajar_target_record *sample_unsure(struct sample *out, unsigned host);
/* A server that chose every text to do harm. */
struct ajar_target_record *sample_hostile(struct sample *out);
/* A record that app made without a visit. */
struct ajar_target_record *sample_no_visit(struct sample *out);

/* Counts a record into totals, as app does. */
void sample_tally(struct ajar_run_totals *totals,
                  const struct ajar_target_record *record);

#endif
