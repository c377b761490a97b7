/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <stdio.h>

#include "clock.h"

#define MESSAGE_MAX 65536u

static int print_help(const struct app_options *options)
{
    struct ajar_buf out;
    ajar_buf_init(&out, MESSAGE_MAX);
    app_options_help(options->topic, &out);
    return print_buf(&out);
}

static int print_version(void)
{
    struct ajar_buf out;
    ajar_buf_init(&out, MESSAGE_MAX);
    (void)ajar_buf_printf(&out, "ajar %s (IANA special-purpose registries of %s)\n",
                          AJAR_VERSION, ajar_scope_registry_date());
    return print_buf(&out);
}

static int run_command(const struct app_options *options)
{
    switch (options->command)
    {
    case APP_COMMAND_CHECK:
        return cmd_check(options);
    case APP_COMMAND_SCAN:
        return cmd_scan(options);
    case APP_COMMAND_RECHECK:
        return cmd_recheck(options);
    case APP_COMMAND_FINDINGS:
        return cmd_findings(options);
    case APP_COMMAND_SHOW:
        return cmd_show(options);
    case APP_COMMAND_ACCEPT:
        return cmd_accept(options);
    case APP_COMMAND_EVENTS:
        return cmd_events(options);
    case APP_COMMAND_DELIVER:
        return cmd_deliver(options);
    case APP_COMMAND_ACK:
        return cmd_ack(options);
    case APP_COMMAND_RUNS:
        return cmd_runs(options);
    case APP_COMMAND_COVERAGE:
        return cmd_coverage(options);
    case APP_COMMAND_METRICS:
        return cmd_metrics(options);
    case APP_COMMAND_DOCTOR:
        return cmd_doctor(options);
    case APP_COMMAND_SCOPE:
        return cmd_scope(options);
    case APP_COMMAND_PROBES:
        return cmd_probes(options);
    case APP_COMMAND_ATTRIBUTION:
        return cmd_attribution(options);
    case APP_COMMAND_DEMO:
        return cmd_demo(options);
    case APP_COMMAND_VERSION:
        return print_version();
    case APP_COMMAND_HELP:
        return print_help(options);
    case APP_COMMAND_NONE:
        break;
    }
    (void)print_help(options);
    return APP_USAGE;
}

int main(int argc, char **argv)
{
    struct app_options options;
    struct ajar_buf error;
    ajar_buf_init(&error, MESSAGE_MAX);
    if (app_options_parse(argc, argv, &options, &error) != AJAR_OK)
    {
        (void)fprintf(stderr, "%s\n", error.data != NULL ? error.data : "bad usage");
        ajar_buf_deinit(&error);
        return APP_USAGE;
    }
    ajar_buf_deinit(&error);
    if (clock_init(&options) != AJAR_OK)
    {
        return APP_USAGE;
    }
    return run_command(&options);
}
