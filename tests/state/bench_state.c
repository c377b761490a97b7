/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What memory costs: CPU per remembered target (first run and a later one, in a scan's
 * order, which is no order), bytes per target, and how long the questions take with
 * 1,000,000 targets and 10,000 findings. Prints JSON lines. Not a test: a machine's speed
 * is no fact about the code.
 *
 *     bench_state [TARGETS [FINDINGS [FOLDER]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ajar/prng.h"
#include "ajar/state.h"

static double cpu_us(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void need(struct ajar_state *state, int status, const char *what)
{
    if (status != AJAR_OK)
    {
        (void)fprintf(stderr, "%s: %s\n", what,
                      state != NULL ? ajar_state_error(state)->text : "?");
        exit(1);
    }
}

/* An odd multiplier below a power of two visits every host once, far from in order. */
static uint32_t shuffled(uint32_t i, uint32_t targets)
{
    uint32_t bits = 1;
    while (bits < targets)
    {
        bits <<= 1;
    }
    uint32_t at = i;
    do
    {
        at = (at * 2654435761u + 12345u) & (bits - 1);
    } while (at >= targets);
    return at;
}

static void observe(struct ajar_state *state, const struct ajar_run_info *info,
                    uint32_t host, uint32_t findings, int64_t now_ms)
{
    static const char *const names[] = {"customers-2026.11.22", "orders", "tickets"};
    struct ajar_evidence evidence = {.product = "elasticsearch", .version = "7.17.9"};
    char uuid[32];
    struct ajar_target_record record = {
        .run = info,
        .time_unix_ms = now_ms,
        .addr = ajar_addr_from_v4(0x0a000000u + host),
        .port = 9200,
        .owner = "support",
        .result = {.outcome = AJAR_OUTCOME_TIMEOUT_CONNECT, .evidence = &evidence}};
    if (host < findings)
    {
        (void)snprintf(uuid, sizeof uuid, "uuid-%u", host);
        record.result.outcome = AJAR_OUTCOME_REPLIED;
        record.result.verdict.exposure = AJAR_EXPOSURE_RECORDS;
        record.result.verdict.severity = AJAR_SEVERITY_CRITICAL;
        evidence.cluster_uuid = uuid;
        evidence.cluster_name = "prod";
        evidence.reading[AJAR_READ_LIST] = AJAR_READING_SHOWN;
        evidence.indices.count = 3;
        evidence.indices.documents = 1000000 + host % 100 * 1000000;
        evidence.indices.fingerprint = ajar_prng_mix(1, host % 5000);
        for (size_t i = 0; i < 3; i++)
        {
            evidence.indices.largest[evidence.indices.largest_count++] =
                (struct ajar_index_fact){names[i], 1000, 1000};
        }
        for (size_t i = 0; i < 4; i++)
        {
            evidence.exchanges[evidence.exchange_count++] = (struct ajar_exchange){
                .path = "/_cat/indices?format=json", .status = 200};
        }
    }
    else if (host % 2 == 0)
    {
        record.result.outcome = AJAR_OUTCOME_REFUSED;
    }
    struct ajar_state_look look = {.record = &record,
                                   .names = names,
                                   .name_count = 3,
                                   .names_complete = true,
                                   .names_digest = ajar_prng_mix(2, host % 5000)};
    need(state, ajar_state_observe(state, &look), "observe");
}

/* One run; prints what its looks cost beyond making them up (which is next to nothing).
 */
static void run(struct ajar_state *state, unsigned number, uint32_t targets,
                uint32_t findings, int64_t now_ms)
{
    char id[32];
    (void)snprintf(id, sizeof id, "bench-%u", number);
    struct ajar_run_info info = {.id = id, .version = "0", .started_unix_ms = now_ms};
    struct ajar_state_run begin = {.info = &info, .now_ms = now_ms};
    struct ajar_run_totals totals = {.complete = true};
    struct ajar_state_summary summary;
    double cpu = cpu_us();
    double wall = wall_ms();
    need(state, ajar_state_run_begin(state, &begin), "begin");
    for (uint32_t i = 0; i < targets; i++)
    {
        /* 5,000 looks a second of passed-in time, as a scan makes them */
        observe(state, &info, shuffled(i, targets), findings, now_ms + i / 5);
        if (i % 500 == 0)
        {
            need(state, ajar_state_tick(state, now_ms + i / 5, NULL), "tick");
        }
    }
    double looked = cpu_us();
    need(state, ajar_state_run_end(state, &totals, true, now_ms + targets / 5, &summary),
         "end");
    double ended = cpu_us();
    (void)printf("{\"run\":%u,\"targets\":%u,\"open\":%u,\"cpu_us_per_target\":%.2f,"
                 "\"end_cpu_ms\":%.1f,\"wall_ms\":%.0f,\"events\":%llu}\n",
                 number, targets, findings, (ended - cpu) / targets,
                 (ended - looked) / 1e3, wall_ms() - wall,
                 (unsigned long long)summary.events);
    (void)fflush(stdout);
}

static bool count_finding(void *context, const struct ajar_finding_view *finding)
{
    uint64_t *count = context;
    *count += finding->endpoint_count;
    return true;
}

static void ask(const char *path)
{
    struct ajar_state *state = NULL;
    struct ajar_state_error error;
    struct ajar_state_options options = {.path = path};
    struct ajar_state_metrics metrics;
    uint64_t seen = 0;
    double wall = wall_ms();
    if (ajar_state_open(&options, &state, &error) != AJAR_OK)
    {
        (void)fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
    struct ajar_finding_query query = {.owner = NULL};
    need(state, ajar_state_findings(state, &query, count_finding, &seen), "findings");
    double listed = wall_ms();
    need(state, ajar_state_metrics(state, NULL, &metrics), "metrics");
    (void)printf("{\"findings\":%llu,\"open_and_list_ms\":%.1f,\"metrics_ms\":%.1f,"
                 "\"datasets\":%llu}\n",
                 (unsigned long long)seen, listed - wall, wall_ms() - listed,
                 (unsigned long long)metrics.datasets);
    ajar_state_close(state);
}

int main(int argc, char **argv)
{
    uint32_t targets = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 100000;
    uint32_t findings = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    const char *base = argc > 3 ? argv[3] : "/tmp";
    char folder[128];
    char path[160];
    char lock[200];
    struct stat about;
    (void)snprintf(folder, sizeof folder, "%s/ajar-bench-XXXXXX", base);
    if (mkdtemp(folder) == NULL)
    {
        return 1;
    }
    (void)snprintf(path, sizeof path, "%s/state.db", folder);
    struct ajar_state *state = NULL;
    struct ajar_state_error error;
    struct ajar_state_options options = {.path = path, .write = true, .create = true};
    if (ajar_state_open(&options, &state, &error) != AJAR_OK)
    {
        (void)fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    for (unsigned i = 0; i < 3; i++)
    {
        run(state, i, targets, findings, 1795395912345 + (int64_t)i * 86400000);
    }
    ajar_state_close(state);
    if (stat(path, &about) == 0)
    {
        (void)printf("{\"file_bytes\":%lld,\"bytes_per_target\":%.1f}\n",
                     (long long)about.st_size, (double)about.st_size / targets);
    }
    ask(path);
    (void)unlink(path);
    (void)snprintf(lock, sizeof lock, "%s.lock", path);
    (void)unlink(lock);
    (void)snprintf(lock, sizeof lock, "%s-journal", path);
    (void)unlink(lock);
    (void)rmdir(folder);
    return 0;
}
