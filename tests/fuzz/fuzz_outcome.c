/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a ticket command printed: the first byte says how it ended, the second how much of
 * the rest is stdout. Whatever it is, reference and detail are one line of safe text, and
 * a command that failed has no reference.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/escape.h"

#include "outcome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum
{
    ENDED_BADLY = 1,
    ENDED_BY_SIGNAL = 2,
    ENDED_LATE = 4,
    ENDED_FLOODED = 8,
    NEVER_STARTED = 16,
    LEFT_BEHIND = 32
};

static void check_line(const struct ajar_buf *buf)
{
    AJAR_REQUIRE(!buf->failed);
    AJAR_REQUIRE(buf->len == 0 || ajar_utf8_is_valid(ajar_buf_span(buf)));
    for (size_t i = 0; i < buf->len; i++)
    {
        unsigned char byte = (unsigned char)buf->data[i];
        AJAR_REQUIRE(byte >= ' ' && byte != 0x7f);
    }
}

static void set_end(struct command *command, unsigned how)
{
    command->exited = true;
    command->end.exit_status = (how & ENDED_BADLY) != 0 ? 3 : 0;
    command->end.signal = (how & ENDED_BY_SIGNAL) != 0 ? 15 : 0;
    command->end.timed_out = (how & ENDED_LATE) != 0;
    command->end.flooded = (how & ENDED_FLOODED) != 0;
    command->end.start_error = (how & NEVER_STARTED) != 0 ? -2 : 0;
    command->end.left_behind = (how & LEFT_BEHIND) != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct command command;
    static const struct ajar_tickets tickets = {
        .name = "", .command = "/usr/local/bin/open-ticket", .timeout_ms = 30000};
    if (size < 2)
    {
        return 0;
    }
    /* as command.c caps them; more never comes */
    size_t out = (size - 2) * data[1] / 255;
    size_t err = size - 2 - out;
    memset(&command, 0, sizeof(command));
    set_end(&command, data[0]);
    ajar_buf_init(&command.out, AJAR_NOTIFY_REFERENCE + 1);
    ajar_buf_init(&command.err, AJAR_NOTIFY_DETAIL);
    size_t out_kept = out < AJAR_NOTIFY_REFERENCE + 1 ? out : AJAR_NOTIFY_REFERENCE + 1;
    size_t err_kept = err < AJAR_NOTIFY_DETAIL ? err : AJAR_NOTIFY_DETAIL;
    (void)ajar_buf_append(&command.out, data + 2, out_kept);
    (void)ajar_buf_append(&command.err, data + 2 + out, err_kept);
    struct outcome outcome;
    outcome_init(&outcome);
    for (int round = 0; round < 2; round++) /* it is used for event after event */
    {
        outcome_read(&outcome, &command, &tickets);
        bool fine = (data[0] & ~(unsigned)LEFT_BEHIND & 63u) == 0;
        AJAR_REQUIRE((outcome.result == AJAR_DELIVERY_ACKED) == fine);
        AJAR_REQUIRE(fine || outcome.reference.len == 0);
        AJAR_REQUIRE(fine || outcome.detail.len > 0);
        check_line(&outcome.reference);
        check_line(&outcome.detail);
    }
    outcome_deinit(&outcome);
    ajar_buf_deinit(&command.out);
    ajar_buf_deinit(&command.err);
    return 0;
}
