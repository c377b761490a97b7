/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCHEDULE_BUCKET_H
#define AJAR_SCHEDULE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A token bucket in whole numbers: one token is a billion parts, and `rate` tokens a
 * second are `rate` parts a nanosecond, so nothing is ever rounded away.
 *
 * Two kinds of takers: new hosts, and visits in flight that need one more connection. The
 * latter come first, or a scan at its rate limit would open visits and never end them. A
 * visit that finds no token is promised a later one, each its own, so that 500 visits do
 * not all come back for the next single token. Promises are not bound to a taker; those
 * that nobody came for lapse.
 */
struct bucket
{
    uint64_t rate;  /* tokens a second; 0: no limit */
    uint64_t burst; /* parts */
    uint64_t level; /* parts, at last_ns */
    uint64_t last_ns;
    uint64_t promised; /* tokens that new hosts leave alone */
    uint64_t lapse_ns; /* when these promises end */
    bool started;
};

void bucket_init(struct bucket *bucket, uint32_t rate);
/* For a new host: true and taken, or false and *out_at_ns is when to ask again. */
bool bucket_take_new(struct bucket *bucket, uint64_t now_ns, uint64_t *out_at_ns);
/* For one of at most `takers` visits in flight. */
bool bucket_take_more(struct bucket *bucket, uint64_t now_ns, uint64_t takers,
                      uint64_t *out_at_ns);

#endif
