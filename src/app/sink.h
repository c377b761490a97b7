/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_SINK_H
#define AJAR_APP_SINK_H

#include "output.h"
#include "run.h"

/*
 * Records to an output, as JSON Lines (each as its target ends) or as the text
 * report (at the end of the run).
 */
struct sink
{
    struct output *output;
    bool jsonl;
    struct ajar_text_report *text;
};

int sink_init(struct sink *sink, struct output *output, bool jsonl,
              const struct ajar_text_style *style) AJAR_MUST_CHECK;
void sink_deinit(struct sink *sink);
int sink_begin(struct sink *sink, const struct ajar_run_info *info) AJAR_MUST_CHECK;
struct run_sink sink_for_run(struct sink *sink);
int sink_end(struct sink *sink, const struct ajar_run_info *info,
             const struct ajar_run_totals *totals) AJAR_MUST_CHECK;

#endif
