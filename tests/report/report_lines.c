/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sample.h"

/* Prints one line of every kind, for check_lines.py to hold against the schema. */
static void put(const struct ajar_target_record *record, struct ajar_run_totals *totals,
                struct ajar_buf *out)
{
    sample_tally(totals, record);
    (void)ajar_jsonl_target(record, out);
}

int main(void)
{
    struct sample sample;
    struct ajar_buf out;
    struct ajar_run_totals totals = {
        .complete = false, .requests = 44, .duration_ms = 99};
    struct ajar_run_info run = *sample_run();
    ajar_buf_init(&out, 1 << 20);
    run.targets = 15;
    (void)ajar_jsonl_run_start(&run, &out);
    for (unsigned host = 1; host <= 3; host++)
    {
        put(sample_refused(&sample, host), &totals, &out);
        put(sample_guarded(&sample, host + 10), &totals, &out);
        put(sample_open(&sample, host + 20), &totals, &out);
    }
    put(sample_explained(&sample, 41), &totals, &out);
    put(sample_banner(&sample), &totals, &out);
    put(sample_counted(&sample), &totals, &out);
    put(sample_unsure(&sample, 31), &totals, &out);
    put(sample_hostile(&sample), &totals, &out);
    put(sample_no_visit(&sample), &totals, &out);
    (void)ajar_jsonl_run_end(&run, &totals, &out);
    size_t written = fwrite(out.data, 1, out.len, stdout);
    int status = written == out.len && !out.failed ? 0 : 1;
    ajar_buf_deinit(&out);
    return status;
}
