/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_COMMANDS_H
#define AJAR_APP_COMMANDS_H

#include "options.h"
#include "session.h"

/* One function a command; each returns the process's exit code. */
int cmd_check(const struct app_options *options);
int cmd_scan(const struct app_options *options);
int cmd_scope(const struct app_options *options);
int cmd_probes(const struct app_options *options);
int cmd_attribution(const struct app_options *options);
int cmd_demo(const struct app_options *options);

/* The run that check, scan and demo share: reads the scope from `paths` (or the default
 * places), visits `args` (check) or what is declared (args NULL). */
int visit_and_report(const struct app_options *options, const char *const *paths,
                     size_t path_count, const char *const *args, size_t arg_count);

/* Prints a finished buffer on stdout; the exit code says whether that worked. */
int print_buf(struct ajar_buf *buf);

#endif
