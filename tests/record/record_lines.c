/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sample.h"

/* Prints a line of every kind and of every state, for check_events.py. */
int main(void)
{
    struct sample sample = {0};
    struct ajar_buf out;
    int status = AJAR_OK;
    ajar_buf_init(&out, 8u << 20);
    for (int kind = 0; kind < AJAR_EVENT_KIND_COUNT; kind++)
    {
        struct ajar_event_view event = sample_event(&sample, (enum ajar_event_kind)kind);
        event.urgent = kind == AJAR_EVENT_CHANGED;
        status = status < 0 ? status : ajar_record_event(&event, &out);
        event.finding = sample_hostile(&sample);
        event.change_count = AJAR_MAX_CHANGES;
        for (size_t i = 0; i < AJAR_MAX_CHANGES; i++)
        {
            sample.changes[i] =
                (struct ajar_change_view){(enum ajar_change_what)(i % AJAR_CHANGE_COUNT),
                                          event.finding.version, event.finding.version};
        }
        status = status < 0 ? status : ajar_record_event(&event, &out);
    }
    for (int state = 0; state < AJAR_FINDING_STATE_COUNT; state++)
    {
        struct ajar_finding_view finding = sample_finding(&sample);
        finding.state = (enum ajar_finding_state)state;
        status = status < 0 ? status : ajar_record_finding(&finding, SAMPLE_SHUT, &out);
    }
    struct ajar_finding_view bare = sample_bare(&sample);
    status = status < 0 ? status : ajar_record_finding(&bare, SAMPLE_SHUT, &out);
    bool written = fwrite(out.data, 1, out.len, stdout) == out.len;
    ajar_buf_deinit(&out);
    return status == AJAR_OK && written ? 0 : 1;
}
