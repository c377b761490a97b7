/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <string.h>

/* Open targets that the text report holds; the rest is counted (JSON Lines has
 * them all).
 */
#define SINK_KEEP 500u

int sink_init(struct sink *sink, struct output *output, bool jsonl,
              const struct ajar_text_style *style)
{
    memset(sink, 0, sizeof *sink);
    sink->output = output;
    sink->jsonl = jsonl;
    return jsonl ? AJAR_OK : ajar_text_new(style, SINK_KEEP, &sink->text);
}

void sink_deinit(struct sink *sink)
{
    ajar_text_free(sink->text);
    sink->text = NULL;
}

int sink_begin(struct sink *sink, const struct ajar_run_info *info)
{
    if (!sink->jsonl)
    {
        return AJAR_OK;
    }
    int status = ajar_jsonl_run_start(info, output_buf(sink->output));
    return status == AJAR_OK ? output_flush(sink->output) : status;
}

static int sink_target(void *context, const struct ajar_target_record *record)
{
    struct sink *sink = context;
    if (!sink->jsonl)
    {
        return ajar_text_add(sink->text, record);
    }
    int status = ajar_jsonl_target(record, output_buf(sink->output));
    return status == AJAR_OK ? output_flush_if_full(sink->output) : status;
}

static int sink_flush(void *context)
{
    struct sink *sink = context;
    return output_flush(sink->output);
}

struct run_sink sink_for_run(struct sink *sink)
{
    return (struct run_sink){sink_target, sink_flush, sink};
}

int sink_end(struct sink *sink, const struct ajar_run_info *info,
             const struct ajar_run_totals *totals)
{
    int status = sink->jsonl ? ajar_jsonl_run_end(info, totals, output_buf(sink->output))
                             : ajar_text_render(sink->text, info, totals,
                                                output_buf(sink->output));
    return status == AJAR_OK ? output_flush(sink->output) : status;
}
