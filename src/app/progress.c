/* SPDX-License-Identifier: Apache-2.0 */
#include "run_private.h"

#include <stdio.h>

#define REDRAW_TICKS_NS 200000000u
#define STATUS_NS 30000000000u

static void format_duration(uint64_t seconds, char *out, size_t size)
{
    if (seconds < 60)
    {
        (void)snprintf(out, size, "%us", (unsigned)seconds);
    }
    else if (seconds < 3600)
    {
        (void)snprintf(out, size, "%um%02us", (unsigned)(seconds / 60),
                       (unsigned)(seconds % 60));
    }
    else
    {
        (void)snprintf(out, size, "%lluh%02um", (unsigned long long)(seconds / 3600),
                       (unsigned)(seconds / 60 % 60));
    }
}

static void describe(const struct run *run, char *out, size_t size)
{
    uint64_t elapsed_ns = uv_hrtime() - run->started_ns;
    uint64_t total = run->config->list->targets;
    double seconds = (double)elapsed_ns / 1e9;
    double rate = seconds > 0 ? (double)run->ended / seconds : 0;
    char eta[32] = "?";
    if (rate > 0 && run->ended <= total)
    {
        format_duration((uint64_t)((double)(total - run->ended) / rate), eta, sizeof eta);
    }
    (void)snprintf(out, size, "%llu/%llu targets, %.0f/s, ETA %s, exposed %llu",
                   (unsigned long long)run->ended, (unsigned long long)total, rate, eta,
                   (unsigned long long)run->open);
}

void progress_tick(struct run *run)
{
    char line[160];
    uint64_t now_ns = uv_hrtime();
    if (run->config->progress)
    {
        if (now_ns - run->status_ns >= REDRAW_TICKS_NS)
        {
            describe(run, line, sizeof line);
            (void)fprintf(stderr, "\r%s\033[K", line);
            (void)fflush(stderr);
            run->progress_drawn = true;
            run->status_ns = now_ns;
        }
    }
    else if (run->config->verbose && now_ns - run->status_ns >= STATUS_NS)
    {
        describe(run, line, sizeof line);
        (void)fprintf(stderr, "ajar: %s\n", line);
        run->status_ns = now_ns;
    }
}

void progress_clear(struct run *run)
{
    if (run->progress_drawn)
    {
        (void)fprintf(stderr, "\r\033[K");
        (void)fflush(stderr);
        run->progress_drawn = false;
    }
}
