/* SPDX-License-Identifier: Apache-2.0 */
#include "fdlimit.h"

#include <sys/resource.h>

/* Beside the sockets: standard streams, epoll, signals, resolver, targets
 * files, output. A socket is closed a turn of the loop after the next one may
 * be opened, hence a margin.
 */
#define FDLIMIT_RESERVE 64u

uint32_t fdlimit_fit(uint32_t concurrency, uint64_t *out_limit)
{
    struct rlimit limit;
    uint64_t need = (uint64_t)concurrency + FDLIMIT_RESERVE;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    {
        *out_limit = 0;
        return concurrency;
    }
    if (limit.rlim_cur < need)
    {
        rlim_t before = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        {
            limit.rlim_cur = before;
        }
    }
    *out_limit = limit.rlim_cur;
    if (limit.rlim_cur >= need)
    {
        return concurrency;
    }
    return limit.rlim_cur > FDLIMIT_RESERVE + 1
               ? (uint32_t)(limit.rlim_cur - FDLIMIT_RESERVE)
               : 1;
}
