/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_COMMANDS_H
#define AJAR_APP_COMMANDS_H

#include "ajar/state.h"
#include "options.h"
#include "session.h"

/* One function a command; each returns the process's exit code. */
int cmd_check(const struct app_options *options);
int cmd_scan(const struct app_options *options);
int cmd_scope(const struct app_options *options);
int cmd_probes(const struct app_options *options);
int cmd_attribution(const struct app_options *options);
int cmd_demo(const struct app_options *options);
int cmd_recheck(const struct app_options *options);
int cmd_findings(const struct app_options *options);
int cmd_show(const struct app_options *options);
int cmd_accept(const struct app_options *options);
int cmd_events(const struct app_options *options);
int cmd_deliver(const struct app_options *options);
int cmd_ack(const struct app_options *options);
int cmd_runs(const struct app_options *options);
int cmd_coverage(const struct app_options *options);
int cmd_metrics(const struct app_options *options);
int cmd_doctor(const struct app_options *options);

/* The run that check, scan, recheck and demo share: reads the scope from
 * `paths` (or the places of the configuration, or the default ones), visits
 * `args`, or what is declared (args NULL), and remembers it. */
struct visit_request
{
    const struct app_options *options;
    const char *const *paths;
    size_t path_count;
    const char *const *args;
    size_t arg_count;
    enum ajar_state_source source;
    bool remember;
};
int visit_and_report(const struct visit_request *request);

/* Prints a finished buffer on stdout; the exit code says whether that worked.
 */
int print_buf(struct ajar_buf *buf);
/* The same to a file (NULL: stdout), which others may read when asked for. */
int print_to(struct ajar_buf *buf, const char *path, bool world_readable);
/* What a view gathered, to its file; only the code where gathering failed. */
int print_result(enum app_exit code, struct ajar_buf *buf, const char *path);

#endif
