/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "options_rows.h"

#define MAX_ARGS 80

/* One command line, as a shell would hand it over. */
struct line
{
    char text[4096];
    char *argv[MAX_ARGS];
    int argc;
    struct app_options options;
    struct ajar_buf error;
    int status;
};

static void take(struct line *line, const char *text)
{
    memset(line, 0, sizeof(*line));
    ajar_buf_init(&line->error, 4096);
    cr_assert_lt(snprintf(line->text, sizeof(line->text), "%s", text), 4096);
    char *rest = line->text;
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
    {
        cr_assert_lt(line->argc, MAX_ARGS - 1);
        line->argv[line->argc++] = word;
    }
    line->status =
        app_options_parse(line->argc, line->argv, &line->options, &line->error);
}

static void done(struct line *line)
{
    ajar_buf_deinit(&line->error);
}

static void fails(const char *text, const char *message)
{
    struct line line;
    take(&line, text);
    cr_assert_eq(line.status, AJAR_EINVAL, "%s is taken", text);
    cr_assert_str_eq(line.error.data, message);
    done(&line);
}

static void good(struct line *line, const char *text)
{
    take(line, text);
    cr_assert_eq(line->status, AJAR_OK, "%s: %s", text,
                 line->error.data != NULL ? line->error.data : "");
    cr_assert_eq(line->error.len, 0);
}

Test(options, defaults)
{
    struct line line;
    good(&line, "ajar scan");
    const struct app_options *o = &line.options;
    cr_assert_eq(o->command, APP_COMMAND_SCAN);
    cr_assert_eq(o->arg_count, 0);
    cr_assert_eq(o->target_count, 0);
    cr_assert_null(o->output);
    cr_assert_null(o->url);
    cr_assert_null(o->ports);
    cr_assert_eq(o->format, APP_FORMAT_AUTO);
    cr_assert_eq(o->color, APP_COLOR_AUTO);
    cr_assert_eq(o->fail_on, AJAR_SEVERITY_NONE);
    cr_assert_eq(o->concurrency, 512);
    cr_assert_eq(o->rate, 500);
    cr_assert_eq(o->per_prefix, 32);
    cr_assert_eq(o->connect_timeout_ms, 3000);
    cr_assert_eq(o->tls_timeout_ms, 5000);
    cr_assert_eq(o->header_timeout_ms, 5000);
    cr_assert_eq(o->body_timeout_ms, 10000);
    cr_assert_eq(o->total_timeout_ms, 30000);
    cr_assert(!o->has_seed && !o->quiet && !o->verbose && !o->dry_run && !o->no_progress);
    cr_assert_eq(o->given, 0);
    done(&line);
}

Test(options, options_stand_anywhere)
{
    struct line line;
    good(&line, "ajar -v check a:1 --rate=0 -f jsonl b -otoday.jsonl --seed 0 "
                "--ports 1-2 c");
    const struct app_options *o = &line.options;
    cr_assert_eq(o->command, APP_COMMAND_CHECK);
    cr_assert_eq(o->arg_count, 3);
    cr_assert_str_eq(o->args[0], "a:1");
    cr_assert_str_eq(o->args[1], "b");
    cr_assert_str_eq(o->args[2], "c");
    cr_assert_eq(o->rate, 0);
    cr_assert_eq(o->format, APP_FORMAT_JSONL);
    cr_assert_str_eq(o->output, "today.jsonl");
    cr_assert_str_eq(o->ports, "1-2");
    cr_assert(o->has_seed && o->seed == 0 && o->verbose && !o->quiet);
    done(&line);
}

Test(options, letters_join_and_the_last_of_two_wins)
{
    struct line line;
    good(&line, "ajar scan -qvt one --rate 5 --rate 6 --targets=two --fail-on "
                "high x -- -y");
    const struct app_options *o = &line.options;
    cr_assert(o->quiet && o->verbose);
    cr_assert_eq(o->target_count, 2);
    cr_assert_str_eq(o->targets[0], "one");
    cr_assert_str_eq(o->targets[1], "two");
    cr_assert_eq(o->rate, 6);
    cr_assert_eq(o->fail_on, AJAR_SEVERITY_HIGH);
    cr_assert_eq(o->arg_count, 2);
    cr_assert_str_eq(o->args[1], "-y");
    done(&line);
}

Test(options, times_have_a_unit)
{
    struct line line;
    good(&line, "ajar scan --connect-timeout 250ms --tls-timeout 7s --total-timeout 2m");
    cr_assert_eq(line.options.connect_timeout_ms, 250);
    cr_assert_eq(line.options.tls_timeout_ms, 7000);
    cr_assert_eq(line.options.total_timeout_ms, 120000);
    done(&line);
    static const char *const bad[] = {"3",
                                      "s",
                                      "ms",
                                      "-1s",
                                      "1.5s",
                                      "3 s",
                                      "0s",
                                      "0ms",
                                      "601s",
                                      "11m",
                                      "18446744073709551615m",
                                      "3h",
                                      "+3s"};
    for (size_t i = 0; i < AJAR_COUNT_OF(bad); i++)
    {
        char name[] = "ajar";
        char command[] = "scan";
        char option[] = "--connect-timeout";
        char value[64];
        char *argv[] = {name, command, option, value, NULL};
        (void)snprintf(value, sizeof value, "%s", bad[i]);
        struct app_options options;
        struct ajar_buf error;
        ajar_buf_init(&error, 1024);
        cr_assert_eq(app_options_parse(4, argv, &options, &error), AJAR_EINVAL, "%s",
                     bad[i]);
        ajar_buf_deinit(&error);
    }
}

Test(options, numbers_keep_their_range)
{
    fails("ajar scan --rate many",
          "--rate takes a whole number from 0 to 1000000, not \"many\"");
    fails("ajar scan --rate -1",
          "--rate takes a whole number from 0 to 1000000, not \"-1\"");
    fails("ajar scan --rate 1000001",
          "--rate takes a whole number from 0 to 1000000, not \"1000001\"");
    fails("ajar scan --concurrency 60001",
          "--concurrency takes a whole number from 0 to 60000, not \"60001\"");
    fails("ajar scan --seed 9007199254740992",
          "--seed takes a whole number from 0 to 9007199254740991, not "
          "\"9007199254740992\"");
    fails("ajar scan --connect-timeout 3",
          "--connect-timeout takes a time with its unit (500ms, 3s, 2m) from 1ms "
          "to 600s, "
          "not \"3\"");
}

Test(options, mistakes_are_named_and_mended)
{
    fails("ajar",
          "no command: `ajar help` lists them, `ajar demo` shows what ajar finds");
    fails("ajar chek", "unknown command chek: did you mean check?");
    fails("ajar scna", "unknown command scna: did you mean scan?");
    fails("ajar frobnicate",
          "unknown command frobnicate: `ajar help` lists the commands");
    fails("ajar check --concurency 3",
          "unknown option --concurency: did you mean --concurrency?");
    fails("ajar check --zzz", "unknown option --zzz");
    fails("ajar check -x", "unknown option -x: `ajar help` lists the options");
    fails("ajar scan --rate", "--rate needs a value: --rate N");
    fails("ajar scan -o", "--output needs a value: --output FILE");
    fails("ajar scan --output=", "--output needs a value that is not empty");
    fails("ajar scan --quiet=1", "--quiet takes no value");
    fails("ajar scan --format xml",
          "--format takes one of auto, text, jsonl, csv, not \"xml\"");
    fails("ajar scan --format tex",
          "--format takes one of auto, text, jsonl, csv, not \"tex\"");
    fails("ajar scan --ports 1", "--ports is for `ajar check`, not for `ajar scan`");
    fails("ajar check", "`ajar check` needs to be told what to look at\nusage: "
                        "ajar check ADDRESS...");
    fails("ajar scope", "`ajar scope` is followed by explain\nusage: ajar scope "
                        "explain ADDRESS...");
    fails("ajar scope explain", "`ajar scope` needs to be told what to look at\n"
                                "usage: ajar scope explain ADDRESS...");
    fails("ajar findings --open --resolved",
          "--open and --resolved contradict each other: give one");
    fails("ajar scan --due --no-state", "--due needs a memory: leave --no-state out");
    fails("ajar scan --state a --no-state",
          "--state and --no-state contradict each other");
    fails("ajar scan --format csv", "--format csv is for `ajar findings`, not for `ajar "
                                    "scan`: use text or jsonl");
    fails("ajar accept F-1 --until 2027-01-01 --by me",
          "`ajar accept` needs --reason\nusage: ajar accept FINDING --until DATE "
          "--by NAME "
          "--reason TEXT [--indices PATTERNS]");
    fails("ajar ack",
          "`ajar ack` needs to be told what to look at\nusage: ajar ack EVENT");
    fails("ajar finding", "unknown command finding: did you mean findings?");
    fails("ajar probes now", "`ajar probes` does not take \"now\"\nusage: ajar probes");
    fails("ajar help scan check", "`ajar help` explains one command at a time");
}

Test(options, what_was_typed_is_shown_harmless)
{
    fails("ajar \x1b[2J", "unknown command \\x1b[2J: `ajar help` lists the commands");
    fails("ajar --\x1b[2J", "unknown option --\\x1b[2J");
    fails("ajar -\x1b", "unknown option -\\x1b: `ajar help` lists the options");
    char text[3000] = "ajar scan --rate ";
    memset(text + strlen(text), '9', 2000);
    struct line line;
    take(&line, text);
    cr_assert_eq(line.status, AJAR_EINVAL);
    cr_assert_lt(line.error.len, 200);
    done(&line);
}

Test(options, help_and_version_wherever_they_stand)
{
    static const struct
    {
        const char *text;
        enum app_command command;
        enum app_command topic;
    } rows[] = {
        {"ajar help", APP_COMMAND_HELP, APP_COMMAND_NONE},
        {"ajar --help", APP_COMMAND_HELP, APP_COMMAND_NONE},
        {"ajar -h", APP_COMMAND_HELP, APP_COMMAND_NONE},
        {"ajar check --help", APP_COMMAND_HELP, APP_COMMAND_CHECK},
        {"ajar --help scan", APP_COMMAND_HELP, APP_COMMAND_SCAN},
        {"ajar scope -h", APP_COMMAND_HELP, APP_COMMAND_SCOPE},
        {"ajar help scope explain", APP_COMMAND_HELP, APP_COMMAND_SCOPE},
        {"ajar help help", APP_COMMAND_HELP, APP_COMMAND_HELP},
        {"ajar --version", APP_COMMAND_VERSION, APP_COMMAND_NONE},
        {"ajar -V", APP_COMMAND_VERSION, APP_COMMAND_NONE},
        {"ajar version", APP_COMMAND_VERSION, APP_COMMAND_NONE},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        struct line line;
        good(&line, rows[i].text);
        cr_assert_eq(line.options.command, rows[i].command, "%s", rows[i].text);
        cr_assert_eq(line.options.topic, rows[i].topic, "%s", rows[i].text);
        done(&line);
    }
}

Test(options, sixty_four_targets_and_no_more)
{
    char text[1024] = "ajar scan";
    struct line line;
    for (size_t i = 0, len = strlen(text); i < APP_MAX_TARGETS; i++, len += 4)
    {
        memcpy(text + len, " -tx", 5);
    }
    good(&line, text);
    cr_assert_eq(line.options.target_count, APP_MAX_TARGETS);
    done(&line);
    memcpy(text + strlen(text), " -tx", 5);
    fails(text, "--targets may stand at most 64 times: name a folder");
}

Test(options, only_a_program_name_or_not_even_that)
{
    char *argv[] = {NULL};
    struct app_options options;
    struct ajar_buf error;
    ajar_buf_init(&error, 1024);
    cr_assert_eq(app_options_parse(0, argv, &options, &error), AJAR_EINVAL);
    ajar_buf_deinit(&error);
}

/* The rows that the parser trusts. */
Test(rows, are_consistent)
{
    for (size_t i = 0; i < APP_OPTION_COUNT; i++)
    {
        const struct option_row *row = &option_rows[i];
        cr_assert_eq(row->kind == OPTION_FLAG, row->arg == NULL, "%s", row->name);
        cr_assert_eq(row->kind == OPTION_WORD, row->words != NULL, "%s", row->name);
        cr_assert(row->commands != 0 && (row->commands & ~(unsigned)ON_ALL) == 0);
        cr_assert(row->kind == OPTION_WIDE || row->max <= UINT32_MAX);
        for (size_t k = 0; k < i; k++)
        {
            cr_assert_str_neq(row->name, option_rows[k].name);
            cr_assert(row->letter == 0 || row->letter != option_rows[k].letter, "-%c",
                      row->letter);
        }
    }
}

Test(rows, fail_on_takes_the_severities_in_their_order)
{
    struct ajar_buf words;
    ajar_buf_init(&words, 256);
    for (unsigned i = 0; i < AJAR_SEVERITY_COUNT; i++)
    {
        (void)ajar_buf_text(&words, i > 0 ? "|" : "");
        (void)ajar_buf_text(&words, ajar_severity_word((enum ajar_severity)i));
    }
    cr_assert_str_eq(words.data, option_rows[APP_OPTION_FAIL_ON].words);
    ajar_buf_deinit(&words);
}

static void check_help(enum app_command topic)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 65536);
    app_options_help(topic, &out);
    cr_assert(!out.failed);
    size_t column = 0;
    for (size_t i = 0; i < out.len; i++)
    {
        column = out.data[i] == '\n' ? 0 : column + 1;
        cr_assert_leq(column, 80, "too wide: help %s", app_command_name(topic));
        cr_assert(out.data[i] != '\n' || i == 0 || out.data[i - 1] != ' ',
                  "space at a line's end: help %s", app_command_name(topic));
    }
    cr_assert_eq(out.data[out.len - 1], '\n');
    for (size_t i = 0; topic != APP_COMMAND_NONE && i < APP_OPTION_COUNT; i++)
    {
        char name[64];
        snprintf(name, sizeof(name), " --%s ", option_rows[i].name);
        bool takes = (option_rows[i].commands & (1u << topic)) != 0;
        cr_assert_eq(takes, strstr(out.data, name) != NULL, "%s in help %s", name,
                     app_command_name(topic));
    }
    ajar_buf_deinit(&out);
}

Test(help, of_each_command_fits_and_lists_its_options)
{
    for (unsigned i = 0; i <= APP_COMMAND_COUNT; i++)
    {
        check_help((enum app_command)i);
    }
}

Test(help, of_all_names_every_command)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 65536);
    app_options_help(APP_COMMAND_NONE, &out);
    for (unsigned i = 0; i < APP_COMMAND_COUNT; i++)
    {
        cr_assert_not_null(strstr(out.data, command_rows[i].summary));
    }
    ajar_buf_deinit(&out);
}
