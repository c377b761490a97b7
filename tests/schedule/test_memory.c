/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "world.h"

/* calloc of everything that is linked statically into this program (--wrap). */
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static size_t calloc_bytes;
static int calloc_fail_in = -1;

void *__wrap_calloc(size_t count, size_t size)
{
    if (calloc_fail_in >= 0 && calloc_fail_in-- == 0)
    {
        return NULL;
    }
    calloc_bytes += count * size;
    return __real_calloc(count, size);
}

static void addr_of(void *context, uint64_t host, struct ajar_addr *out)
{
    (void)context;
    *out = ajar_addr_from_v4((uint32_t)host);
}

static size_t bytes_of(uint64_t hosts, uint32_t concurrency)
{
    struct ajar_schedule_config config = {.hosts = hosts,
                                          .seed = 1,
                                          .concurrency = concurrency,
                                          .per_prefix = 2,
                                          .addr_of = addr_of};
    struct ajar_schedule *schedule = NULL;
    calloc_bytes = 0;
    cr_assert_eq(ajar_schedule_new(&config, &schedule), AJAR_OK);
    uint64_t at_ns = 0;
    uint64_t host = 0;
    for (int i = 0; i < 10000; i++)
    {
        if (ajar_schedule_next(schedule, 0, &host, &at_ns) == AJAR_SCHEDULE_GO)
        {
            ajar_schedule_done(schedule, host);
        }
    }
    ajar_schedule_free(schedule);
    return calloc_bytes;
}

Test(memory, follows_concurrency_and_not_hosts)
{
    size_t small = bytes_of(1000, 512);
    cr_assert_eq(bytes_of(1ull << 32, 512), small);
    cr_assert_lt(small, 512u * 300u);
    cr_assert_lt(bytes_of(1ull << 32, 20000), 20000u * 300u);
}

Test(memory, every_shortage_is_a_status)
{
    struct ajar_schedule_config config = {
        .hosts = 10, .seed = 1, .concurrency = 4, .addr_of = addr_of};
    struct ajar_schedule *schedule = NULL;
    int failures = 0;
    for (;; failures++)
    {
        calloc_fail_in = failures;
        int status = ajar_schedule_new(&config, &schedule);
        calloc_fail_in = -1;
        if (status == AJAR_OK)
        {
            break;
        }
        cr_assert_eq(status, AJAR_ENOMEM);
        cr_assert_null(schedule);
    }
    cr_assert_gt(failures, 5);
    ajar_schedule_free(schedule);
    ajar_schedule_free(NULL);
}

Test(memory, bad_configuration_is_refused)
{
    struct ajar_schedule *schedule = NULL;
    struct ajar_schedule_config config = {.hosts = 10, .addr_of = addr_of};
    cr_assert_eq(ajar_schedule_new(&config, &schedule), AJAR_EINVAL);
    config.concurrency = UINT32_MAX;
    cr_assert_eq(ajar_schedule_new(&config, &schedule), AJAR_ELIMIT);
    config = (struct ajar_schedule_config){.hosts = 10, .concurrency = 1};
    cr_assert_eq(ajar_schedule_new(&config, &schedule), AJAR_EINVAL);
    cr_assert_null(schedule);
}
