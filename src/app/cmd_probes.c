/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <stdio.h>

#include "ajar/escape.h"
#include "ajar/probe.h"

static void step_as_text(const struct ajar_step *step, struct ajar_buf *out)
{
    (void)ajar_buf_printf(out, "  GET %s\n      asked of  %s\n      because   %s\n",
                          step->path, step->products, step->why);
}

static void step_as_json(const struct ajar_probe *probe, const struct ajar_step *step,
                         struct ajar_buf *out)
{
    (void)ajar_buf_text(out, "{\"type\":\"step\",\"schema\":1,\"probe\":");
    (void)ajar_escape_json(out, ajar_span_of(probe->name));
    (void)ajar_buf_text(out, ",\"method\":\"GET\",\"path\":");
    (void)ajar_escape_json(out, ajar_span_of(step->path));
    (void)ajar_buf_text(out, ",\"products\":");
    (void)ajar_escape_json(out, ajar_span_of(step->products));
    (void)ajar_buf_text(out, ",\"why\":");
    (void)ajar_escape_json(out, ajar_span_of(step->why));
    (void)ajar_buf_text(out, "}\n");
}

int cmd_probes(const struct app_options *options)
{
    struct ajar_buf out;
    size_t count = 0;
    const struct ajar_probe *const *probes = ajar_probes(&count);
    bool jsonl = options->format == APP_FORMAT_JSONL;
    ajar_buf_init(&out, 256u * 1024u);
    if (!jsonl)
    {
        (void)ajar_buf_printf(
            &out,
            "Every path that ajar can ever send, method GET alone, without a body, "
            "a\n"
            "credential or a cookie. {index} is the name of a non-system index "
            "that the\n"
            "server itself listed, {nonce} is 16 random hex digits. At most %d "
            "requests "
            "go\n"
            "to one target, at most one to a target that answers 401 to it.\n\n",
            AJAR_MAX_REQUESTS);
    }
    for (size_t i = 0; i < count; i++)
    {
        if (!jsonl)
        {
            (void)ajar_buf_printf(&out, "probe %s\n", probes[i]->name);
        }
        for (size_t k = 0; k < probes[i]->step_count; k++)
        {
            if (jsonl)
            {
                step_as_json(probes[i], &probes[i]->steps[k], &out);
            }
            else
            {
                step_as_text(&probes[i]->steps[k], &out);
            }
        }
    }
    return print_buf(&out);
}
