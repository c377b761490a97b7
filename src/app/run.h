/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_RUN_H
#define AJAR_APP_RUN_H

#include <uv.h>

#include "ajar/report.h"
#include "worklist.h"

/*
 * A run: one loop, one net, one schedule, a pool of visits; from a worklist to
 * records. Nothing here is static, so that several runs could share a worklist
 * by shards later.
 */
struct run;

/* Where records go. A negative status stops the run: an answer that cannot be
 * kept must not go on being asked for. */
struct run_sink
{
    int (*target)(void *context, const struct ajar_target_record *record);
    /* Called a few times a second and before the run waits long. */
    int (*flush)(void *context);
    void *context;
};

struct run_result;

/* What lives in the run's loop beside the visits (deliveries). Members may be
 * NULL. */
struct run_company
{
    int (*start)(void *context, uv_loop_t *loop);
    /* The visits are over and the result stands; signals are still handled, and
     * the loop may be run on. It may change the result's totals. */
    void (*visited)(void *context, struct run_result *result);
    /* A signal came after the visits were over. */
    void (*stop)(void *context);
    void *context;
};

struct run_config
{
    struct ajar_scope *scope;
    const struct worklist *list;
    struct ajar_timeouts timeouts;
    const char *user_agent;
    uint32_t concurrency;
    uint32_t rate;
    uint32_t per_prefix;
    const struct ajar_run_info *info;
    struct run_sink sink;
    struct run_company company;
    bool progress; /* a line on stderr, redrawn: stderr is a terminal */
    bool verbose;  /* a status line on stderr every 30 s instead */
    bool explain;  /* the visits keep a trace of their decision */
};

struct run_result
{
    struct ajar_run_totals totals;
    enum ajar_severity worst; /* of the open targets that nobody expects to be open */
    bool interrupted;         /* SIGINT */
    bool terminated;          /* SIGTERM */
    int sink_status;          /* why the sink stopped the run, or AJAR_OK */
    uint64_t local_failures;
};

/* Runs to its end. Negative: it could not start. Handles SIGINT, SIGTERM and
 * SIGHUP while it runs; the second SIGINT leaves the process at once with 130.
 */
int run_execute(const struct run_config *config, struct run_result *out) AJAR_MUST_CHECK;

#endif
