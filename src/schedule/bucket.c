/* SPDX-License-Identifier: Apache-2.0 */
#include "bucket.h"

#define BUCKET_TOKEN 1000000000u /* parts; also the nanoseconds of a second */
#define BUCKET_BURSTS_A_SECOND 10u
#define BUCKET_GRACE_NS 10000000u /* timers are coarse: 10 ms to come for a promise */

void bucket_init(struct bucket *bucket, uint32_t rate)
{
    *bucket = (struct bucket){.rate = rate};
    uint64_t tokens = rate / BUCKET_BURSTS_A_SECOND;
    bucket->burst = (tokens == 0 ? 1 : tokens) * BUCKET_TOKEN;
    bucket->level = bucket->burst;
}

static void refill(struct bucket *bucket, uint64_t now_ns)
{
    if (!bucket->started)
    {
        bucket->started = true;
        bucket->last_ns = now_ns;
    }
    if (now_ns > bucket->last_ns)
    {
        /* A second fills every bucket; the bound also keeps the product below 2^63. */
        uint64_t elapsed = now_ns - bucket->last_ns;
        elapsed = elapsed > BUCKET_TOKEN ? BUCKET_TOKEN : elapsed;
        uint64_t level = bucket->level + elapsed * bucket->rate;
        bucket->level = level > bucket->burst ? bucket->burst : level;
        bucket->last_ns = now_ns;
    }
    if (now_ns >= bucket->lapse_ns)
    {
        bucket->promised = 0;
    }
}

/* When `tokens` will have come since the bucket was empty; later than now. */
static uint64_t time_of(const struct bucket *bucket, uint64_t tokens)
{
    uint64_t missing = tokens * BUCKET_TOKEN - bucket->level;
    return bucket->last_ns + (missing + bucket->rate - 1) / bucket->rate;
}

bool bucket_take_new(struct bucket *bucket, uint64_t now_ns, uint64_t *out_at_ns)
{
    if (bucket->rate == 0)
    {
        return true;
    }
    refill(bucket, now_ns);
    uint64_t wanted = bucket->promised + 1;
    if (bucket->level >= wanted * BUCKET_TOKEN)
    {
        bucket->level -= BUCKET_TOKEN;
        return true;
    }
    *out_at_ns = time_of(bucket, wanted);
    return false;
}

bool bucket_take_more(struct bucket *bucket, uint64_t now_ns, uint64_t takers,
                      uint64_t *out_at_ns)
{
    if (bucket->rate == 0)
    {
        return true;
    }
    refill(bucket, now_ns);
    if (bucket->level >= BUCKET_TOKEN)
    {
        bucket->level -= BUCKET_TOKEN;
        bucket->promised -= bucket->promised > 0 ? 1 : 0;
        return true;
    }
    /* One promise a visit is enough, however often it asks. */
    if (bucket->promised < takers || bucket->promised == 0)
    {
        bucket->promised++;
    }
    uint64_t at_ns = time_of(bucket, bucket->promised);
    bucket->lapse_ns = at_ns + BUCKET_GRACE_NS;
    *out_at_ns = at_ns;
    return false;
}
