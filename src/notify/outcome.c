/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include "ajar/escape.h"

#define OUTCOME_BLANKS " \t\r\n"

void outcome_init(struct outcome *outcome)
{
    outcome->result = AJAR_DELIVERY_FAILED;
    /* escaping writes up to ten bytes for one */
    ajar_buf_init(&outcome->reference, (size_t)AJAR_NOTIFY_REFERENCE * 10);
    ajar_buf_init(&outcome->detail, (size_t)AJAR_NOTIFY_DETAIL * 10 + 8192);
}

void outcome_deinit(struct outcome *outcome)
{
    ajar_buf_deinit(&outcome->reference);
    ajar_buf_deinit(&outcome->detail);
}

/* The first line of stdout; one that is longer than a reference can be is none: cut, it
 * would name another ticket. */
static void read_reference(struct outcome *outcome, struct ajar_span out)
{
    const char *end = out.len > 0 ? memchr(out.data, '\n', out.len) : NULL;
    struct ajar_span line = {out.data, end != NULL ? (size_t)(end - out.data) : out.len};
    if (line.len > AJAR_NOTIFY_REFERENCE)
    {
        (void)ajar_buf_text(&outcome->detail,
                            "the first line of its output is longer than "
                            "a reference can be, and was not taken");
        return;
    }
    (void)ajar_escape_text(&outcome->reference, ajar_span_trim(line, OUTCOME_BLANKS), 0);
}

/* Lines of stderr become one: " | " between them. */
static void put_stderr(struct ajar_buf *detail, struct ajar_span err)
{
    const char *lead = detail->len > 0 ? ": " : "";
    for (err = ajar_span_trim(err, OUTCOME_BLANKS); err.len > 0;
         err = ajar_span_trim(err, OUTCOME_BLANKS))
    {
        const char *end = memchr(err.data, '\n', err.len);
        size_t len = end != NULL ? (size_t)(end - err.data) : err.len;
        (void)ajar_buf_text(detail, lead);
        (void)ajar_escape_text(
            detail, ajar_span_trim((struct ajar_span){err.data, len}, OUTCOME_BLANKS), 0);
        lead = " | ";
        err.data += len;
        err.len -= len;
    }
}

static void put_seconds(struct ajar_buf *detail, uint32_t ms)
{
    (void)ajar_record_span(ms, false, detail);
}

static void put_reason(struct outcome *outcome, const struct command_end *end,
                       const struct ajar_tickets *tickets)
{
    struct ajar_buf *detail = &outcome->detail;
    if (end->start_error != 0)
    {
        (void)ajar_buf_text(detail, "cannot start ");
        (void)ajar_escape_text(detail, ajar_span_of(tickets->command), 0);
        (void)ajar_buf_printf(detail, ": %s", uv_strerror(end->start_error));
    }
    else if (end->stopped)
    {
        (void)ajar_buf_text(detail, "ended before it was done: ajar was told to stop");
    }
    else if (end->timed_out)
    {
        (void)ajar_buf_text(detail, "killed: it took longer than its timeout of ");
        put_seconds(detail, tickets->timeout_ms);
    }
    else if (end->flooded)
    {
        (void)ajar_buf_text(detail, "killed: it printed more than 1 MiB");
    }
    else if (end->signal != 0)
    {
        (void)ajar_buf_printf(detail, "ended by signal %d", end->signal);
    }
    else
    {
        (void)ajar_buf_printf(detail, "exit %lld", (long long)end->exit_status);
    }
}

void outcome_read(struct outcome *outcome, const struct command *command,
                  const struct ajar_tickets *tickets)
{
    const struct command_end *end = &command->end;
    bool fine = end->start_error == 0 && !end->stopped && !end->timed_out &&
                !end->flooded && command->exited && end->signal == 0 &&
                end->exit_status == 0;
    ajar_buf_reset(&outcome->reference, 0);
    ajar_buf_reset(&outcome->detail, 0);
    outcome->result = fine             ? AJAR_DELIVERY_ACKED
                      : end->timed_out ? AJAR_DELIVERY_TIMEOUT
                                       : AJAR_DELIVERY_FAILED;
    if (fine)
    {
        read_reference(outcome, ajar_buf_span(&command->out));
    }
    else
    {
        put_reason(outcome, end, tickets);
        put_stderr(&outcome->detail, ajar_buf_span(&command->err));
    }
    if (end->left_behind)
    {
        (void)ajar_buf_text(&outcome->detail, outcome->detail.len > 0 ? "; " : "");
        (void)ajar_buf_text(&outcome->detail,
                            "it left processes behind, which were killed");
    }
}
