/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_REPORT_TEXT_H
#define AJAR_REPORT_TEXT_H

#include "ajar/report.h"

#include "page.h"

/*
 * Private to the text report. A target that is kept is set into text when it ends, since
 * its evidence is borrowed; what orders, joins and counts it stands beside. So a kept
 * target costs one block of bounded size.
 */
#define TEXT_INDENT 12
#define TEXT_BLOCK_MAX (16u * 1024u)

/* What is known of a release; all of it static. */
struct advice
{
    const char *since; /* end of life; NULL */
    const struct ajar_flaw *flaws[AJAR_MAX_FLAWS];
    size_t flaw_count;
};

struct kept
{
    struct ajar_addr addr;
    uint16_t port;
    enum ajar_outcome outcome;
    enum ajar_exposure exposure;
    enum ajar_severity severity;
    bool expected;
    bool documents_known;
    bool lower_bound;
    uint64_t documents;
    uint64_t fingerprint;      /* 0: none */
    const char *product;       /* a static word; NULL */
    const char *const *remedy; /* static lines; NULL unless open */
    struct advice advice;      /* of an open one */
    size_t len;
    char text[]; /* open: the block; inconclusive: the reason; else one line */
};

/* The mildest can be found and dropped: a binary heap with it at the root when `ordered`,
 * else in order of arrival with the later ones dropped. */
struct kept_list
{
    struct kept **items;
    size_t count;
    size_t cap;
    size_t max;
    uint64_t dropped;
    bool ordered;
};

struct ajar_text_report
{
    struct ajar_text_style style;
    struct kept_list open;
    struct kept_list unsure;
    struct kept_list rest;  /* with style.verbose only */
    struct kept_list why;   /* with style.explain only; worst first */
    uint64_t expected_open; /* of all open ones, dropped ones included */
};

/* Worst first: what is not expected, then severity, level, documents, address, port.
 * Negative when a stands before b. */
int text_order(const struct kept *a, const struct kept *b);

/* text_block.c: the parts of a report that one record makes. */
void text_block_open(struct page *page, const struct ajar_target_record *record,
                     bool color);
void text_block_reason(struct page *page, const struct ajar_target_record *record);
void text_block_line(struct page *page, const struct ajar_target_record *record);
/* text_sensitivity.c: what the data looks like by its field names; nothing if not looked
 * at. */
void text_block_sensitivity(struct page *page,
                            const struct ajar_sensitivity_facts *facts);
/* A path without its query. */
void text_path(struct page *page, const char *path);
/* text_explain.c: the trace of a decision. */
void text_block_explain(struct page *page, const struct ajar_target_record *record);
/* text_advice.c: end of life and known flaws of its release; nothing if there are none.
 */
struct advice text_advice_of(const struct ajar_visit_result *result);
/* Once for all targets of one advice; sorted[at] stands below those before it. */
void text_put_advice(struct page *page, struct kept *const *sorted, size_t at);
/* "CRITICAL", with its colour when asked for. */
void text_severity(struct page *page, enum ajar_severity severity, bool color);

/* text_end.c: what stands below the table. */
void text_end_data(struct page *page, const struct ajar_text_report *report,
                   struct kept *const *sorted);
void text_end_unsure(struct page *page, const struct ajar_text_report *report);
void text_end_rest(struct page *page, const struct ajar_text_report *report);
void text_end_coverage(struct page *page, const struct ajar_run_info *run,
                       const struct ajar_run_totals *totals);
void text_end_sentence(struct page *page, const struct ajar_text_report *report,
                       const struct ajar_run_info *run,
                       const struct ajar_run_totals *totals);
void text_address(struct page *page, const struct kept *kept);

#endif
