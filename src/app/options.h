/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_OPTIONS_H
#define AJAR_APP_OPTIONS_H

#include "ajar/buf.h"
#include "ajar/vocab.h"

/*
 * The command line taken apart, and its help. Nothing here prints, exits or
 * reads the environment: messages go to a buffer. The rows stand in
 * options.def.
 */
enum app_command
{
#define COMMAND(NAME, name, sub, args, min, max, summary) APP_COMMAND_##NAME,
#include "options.def"
    APP_COMMAND_COUNT,
    APP_COMMAND_NONE = APP_COMMAND_COUNT /* no command: the help about all of them */
};

enum app_option
{
#define OPTION(NAME, ...) APP_OPTION_##NAME,
#include "options.def"
    APP_OPTION_COUNT
};

/* In the order of the rows' words. */
enum app_format
{
    APP_FORMAT_AUTO,
    APP_FORMAT_TEXT,
    APP_FORMAT_JSONL,
    APP_FORMAT_CSV
};

enum app_color
{
    APP_COLOR_AUTO,
    APP_COLOR_ALWAYS,
    APP_COLOR_NEVER
};

#define APP_MAX_TARGETS 64

/* Texts are borrowed from argv. */
struct app_options
{
    enum app_command command;
    enum app_command topic;  /* of HELP: which command; NONE: all */
    const char *const *args; /* what is left behind the command, in order */
    size_t arg_count;
    uint64_t given; /* bit of enum app_option: it stood on the command line */
    bool has_seed;

    const char *targets[APP_MAX_TARGETS];
    size_t target_count;
    const char *ports;
    const char *url;
    const char *contact;
    const char *output;
    const char *state;
    const char *config;
    const char *vantage;
    const char *since;
    const char *owner;
    const char *until;
    const char *indices;
    const char *by;
    const char *reason;
    const char *ref;
    uint64_t seed;
    enum app_format format;
    enum ajar_severity fail_on; /* NONE: never */
    enum app_color color;
    uint32_t concurrency;
    uint32_t rate;
    uint32_t per_prefix;
    uint32_t connect_timeout_ms;
    uint32_t tls_timeout_ms;
    uint32_t header_timeout_ms;
    uint32_t body_timeout_ms;
    uint32_t total_timeout_ms;
    bool dry_run;
    bool due;
    bool no_state;
    bool open;
    bool resolved;
    bool undelivered;
    bool nagios;
    bool no_progress;
    bool verbose;
    bool explain;
    bool quiet;
    bool help;
    bool version;
};

/*
 * Options may stand anywhere, "--" ends them; "--name value", "--name=value",
 * "-o value",
 * "-ovalue", "-vq". The last of two wins. argv is put into another order (its
 * arguments first), so that nothing has to be allocated. --help anywhere gives
 * the command HELP with its topic, --version VERSION. AJAR_EINVAL: *out is not
 * to be used, and one or two lines without a newline at the end were appended
 * to out_error: what is wrong and what to write.
 */
int app_options_parse(int argc, char **argv, struct app_options *out,
                      struct ajar_buf *out_error) AJAR_MUST_CHECK;

/* Help about a command, or about all of them, in at most 80 columns. */
void app_options_help(enum app_command topic, struct ajar_buf *out);

const char *app_command_name(enum app_command command);

#endif
