/* SPDX-License-Identifier: Apache-2.0 */
/* check, recheck and scan: what each asks of the run that they share (cmd_run.c). */
#include <stdio.h>

#include "commands.h"

int cmd_check(const struct app_options *options)
{
    struct visit_request request = {.options = options,
                                    .paths = options->targets,
                                    .path_count = options->target_count,
                                    .args = options->args,
                                    .arg_count = options->arg_count,
                                    .source = AJAR_STATE_CHECK,
                                    .remember = !options->no_state};
    return visit_and_report(&request);
}

int cmd_recheck(const struct app_options *options)
{
    struct visit_request request = {.options = options,
                                    .paths = options->targets,
                                    .path_count = options->target_count,
                                    .source = AJAR_STATE_RECHECK,
                                    .remember = true};
    return visit_and_report(&request);
}

int cmd_scan(const struct app_options *options)
{
    const char *paths[SESSION_MAX_PATHS];
    struct visit_request request = {.options = options,
                                    .paths = paths,
                                    .source = AJAR_STATE_SCAN,
                                    .remember = !options->no_state};
    if (options->target_count + options->arg_count > SESSION_MAX_PATHS)
    {
        (void)fprintf(stderr, "ajar: at most %d targets files or folders may be named\n",
                      SESSION_MAX_PATHS);
        return APP_USAGE;
    }
    for (size_t i = 0; i < options->target_count; i++)
    {
        paths[request.path_count++] = options->targets[i];
    }
    for (size_t i = 0; i < options->arg_count; i++)
    {
        paths[request.path_count++] = options->args[i];
    }
    return visit_and_report(&request);
}
