/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include "ajar/escape.h"
#include "ajar/num.h"

#include "options_near.h"
#include "options_rows.h"

/* A message shows at most this much of what was typed. */
#define SHOWN_CHARS 80

struct parser
{
    int argc;
    char **argv;
    int at;     /* the argument that is read */
    int kept;   /* arguments put to the front */
    bool ended; /* "--" was read */
    struct app_options *out;
    struct ajar_buf *error;
};

const char *app_command_name(enum app_command command)
{
    return command < APP_COMMAND_COUNT ? command_rows[command].name : "";
}

static void say(struct ajar_buf *error, const char *text)
{
    (void)ajar_buf_text(error, text);
}

static void say_typed(struct ajar_buf *error, struct ajar_span typed)
{
    (void)ajar_escape_text(error, typed, SHOWN_CHARS);
}

static int fail(struct ajar_buf *error, const char *text)
{
    say(error, text);
    return AJAR_EINVAL;
}

static void suggest(struct ajar_buf *error, const char *before, const char *nearest)
{
    if (nearest != NULL)
    {
        say(error, ": did you mean ");
        say(error, before);
        say(error, nearest);
        say(error, "?");
    }
}

static int unknown_option(struct parser *parser, struct ajar_span name)
{
    size_t best = OPTIONS_FAR;
    const char *nearest = NULL;
    for (size_t i = 0; i < APP_OPTION_COUNT; i++)
    {
        options_nearer(name, option_rows[i].name, &best, &nearest);
    }
    say(parser->error, "unknown option --");
    say_typed(parser->error, name);
    suggest(parser->error, "--", nearest);
    return AJAR_EINVAL;
}

static int unknown_command(struct ajar_buf *error, const char *typed)
{
    size_t best = OPTIONS_FAR;
    const char *nearest = NULL;
    for (size_t i = 0; i < APP_COMMAND_COUNT; i++)
    {
        options_nearer(ajar_span_of(typed), command_rows[i].name, &best, &nearest);
    }
    say(error, "unknown command ");
    say_typed(error, ajar_span_of(typed));
    suggest(error, "", nearest);
    say(error, nearest == NULL ? ": `ajar help` lists the commands" : "");
    return AJAR_EINVAL;
}

/* "--rate takes " ... ", not VALUE" */
static void begin_complaint(struct ajar_buf *error, const struct option_row *row)
{
    say(error, "--");
    say(error, row->name);
    say(error, " takes ");
}

static int end_complaint(struct ajar_buf *error, struct ajar_span value)
{
    say(error, ", not \"");
    say_typed(error, value);
    say(error, "\"");
    return AJAR_EINVAL;
}

static int parse_number(const struct option_row *row, struct ajar_span value,
                        uint64_t *out, struct ajar_buf *error)
{
    if (ajar_num_u64(value, row->max, out) == AJAR_OK && *out >= row->min)
    {
        return AJAR_OK;
    }
    begin_complaint(error, row);
    say(error, "a whole number from ");
    (void)ajar_buf_u64(error, row->min);
    say(error, " to ");
    (void)ajar_buf_u64(error, row->max);
    return end_complaint(error, value);
}

/* Milliseconds of "500ms", "3s", "2m"; a number alone has no unit and is
 * refused. */
static bool duration(struct ajar_span value, uint64_t max, uint64_t *out)
{
    static const struct
    {
        const char *unit;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}};
    for (size_t i = 0; i < AJAR_COUNT_OF(units); i++)
    {
        size_t len = strlen(units[i].unit);
        if (value.len <= len ||
            memcmp(value.data + value.len - len, units[i].unit, len) != 0)
        {
            continue;
        }
        uint64_t count;
        struct ajar_span digits = {value.data, value.len - len};
        if (ajar_num_u64(digits, max / units[i].ms, &count) == AJAR_OK)
        {
            *out = count * units[i].ms;
            return true;
        }
    }
    return false;
}

static int parse_duration(const struct option_row *row, struct ajar_span value,
                          uint64_t *out, struct ajar_buf *error)
{
    if (duration(value, row->max, out) && *out >= row->min)
    {
        return AJAR_OK;
    }
    begin_complaint(error, row);
    say(error, "a time with its unit (500ms, 3s, 2m) from ");
    (void)ajar_buf_u64(error, row->min);
    say(error, "ms to ");
    (void)ajar_buf_u64(error, row->max / 1000);
    say(error, "s");
    return end_complaint(error, value);
}

void option_words(const struct option_row *row, struct ajar_buf *out)
{
    for (const char *word = row->words; *word != '\0'; word++)
    {
        if (*word == '|')
        {
            say(out, ", ");
        }
        else
        {
            (void)ajar_buf_byte(out, *word);
        }
    }
}

static int parse_word(const struct option_row *row, struct ajar_span value, unsigned *out,
                      struct ajar_buf *error)
{
    const char *word = row->words;
    for (unsigned i = 0;; i++)
    {
        size_t len = strcspn(word, "|");
        if (value.len == len && memcmp(value.data, word, len) == 0)
        {
            *out = i;
            return AJAR_OK;
        }
        if (word[len] == '\0')
        {
            break;
        }
        word += len + 1;
    }
    begin_complaint(error, row);
    say(error, "one of ");
    option_words(row, error);
    return end_complaint(error, value);
}

static int add_path(const struct option_row *row, const char *value,
                    struct app_options *out, struct ajar_buf *error)
{
    if (out->target_count == APP_MAX_TARGETS)
    {
        say(error, "--");
        say(error, row->name);
        return fail(error, " may stand at most 64 times: name a folder");
    }
    out->targets[out->target_count++] = value;
    return AJAR_OK;
}

static int store_text(const struct option_row *row, const char *value, void *member,
                      struct ajar_buf *error)
{
    if (value[0] == '\0')
    {
        say(error, "--");
        say(error, row->name);
        return fail(error, " needs a value that is not empty");
    }
    memcpy(member, &value, sizeof(value));
    return AJAR_OK;
}

/* Puts a value where its row says. */
static int store(const struct option_row *row, const char *value, struct app_options *out,
                 struct ajar_buf *error)
{
    void *member = (char *)out + row->offset;
    struct ajar_span span = ajar_span_of(value);
    uint64_t number = 0;
    int status;
    if (row->kind == OPTION_FLAG || value == NULL)
    {
        *(bool *)member = true; /* a flag alone comes without a value */
        return AJAR_OK;
    }
    switch (row->kind)
    {
    case OPTION_FLAG:
        return AJAR_OK;
    case OPTION_NUMBER:
    case OPTION_DURATION:
        status = row->kind == OPTION_NUMBER ? parse_number(row, span, &number, error)
                                            : parse_duration(row, span, &number, error);
        *(uint32_t *)member = (uint32_t)number; /* the rows' maxima fit */
        return status;
    case OPTION_WIDE:
        return parse_number(row, span, member, error);
    case OPTION_WORD:
        return parse_word(row, span, member, error);
    case OPTION_TEXT:
    case OPTION_PATH:
        return store_text(row, value, member, error);
    case OPTION_PATHS:
        return value[0] == '\0' ? store_text(row, value, member, error) /* refuses */
                                : add_path(row, value, out, error);
    }
    return AJAR_EINVAL;
}

/* value: behind "=" or glued to a letter; NULL takes the next argument. */
static int take_option(struct parser *parser, size_t index, const char *value)
{
    const struct option_row *row = &option_rows[index];
    if (row->kind != OPTION_FLAG && value == NULL)
    {
        if (parser->at + 1 >= parser->argc)
        {
            say(parser->error, "--");
            say(parser->error, row->name);
            say(parser->error, " needs a value: --");
            say(parser->error, row->name);
            say(parser->error, " ");
            return fail(parser->error, row->arg);
        }
        value = parser->argv[++parser->at];
    }
    else if (row->kind == OPTION_FLAG && value != NULL)
    {
        say(parser->error, "--");
        say(parser->error, row->name);
        return fail(parser->error, " takes no value");
    }
    parser->out->given |= UINT64_C(1) << index;
    return store(row, value, parser->out, parser->error);
}

static int take_long(struct parser *parser, const char *text)
{
    size_t len = strcspn(text, "=");
    for (size_t i = 0; i < APP_OPTION_COUNT; i++)
    {
        const char *name = option_rows[i].name;
        if (strlen(name) == len && memcmp(name, text, len) == 0)
        {
            return take_option(parser, i, text[len] == '=' ? text + len + 1 : NULL);
        }
    }
    return unknown_option(parser, (struct ajar_span){text, len});
}

/* "-vq", "-o file", "-ofile" */
static int take_letters(struct parser *parser, const char *letters)
{
    for (; *letters != '\0'; letters++)
    {
        size_t i = 0;
        while (i < APP_OPTION_COUNT && option_rows[i].letter != *letters)
        {
            i++;
        }
        if (i == APP_OPTION_COUNT)
        {
            say(parser->error, "unknown option -");
            say_typed(parser->error, (struct ajar_span){letters, 1});
            return fail(parser->error, ": `ajar help` lists the options");
        }
        bool rest = option_rows[i].kind != OPTION_FLAG;
        int status =
            take_option(parser, i, rest && letters[1] != '\0' ? letters + 1 : NULL);
        if (status != AJAR_OK || rest)
        {
            return status;
        }
    }
    return AJAR_OK;
}

static int take_argument(struct parser *parser)
{
    char *text = parser->argv[parser->at];
    if (parser->ended || text[0] != '-' || text[1] == '\0')
    {
        parser->argv[parser->kept++] = text;
        return AJAR_OK;
    }
    if (strcmp(text, "--") == 0)
    {
        parser->ended = true;
        return AJAR_OK;
    }
    return text[1] == '-' ? take_long(parser, text + 2) : take_letters(parser, text + 1);
}

static int find_command(const char *name, enum app_command *out, struct ajar_buf *error)
{
    for (size_t i = 0; i < APP_COMMAND_COUNT; i++)
    {
        if (strcmp(command_rows[i].name, name) == 0)
        {
            *out = (enum app_command)i;
            return AJAR_OK;
        }
    }
    return unknown_command(error, name);
}

static void usage(struct ajar_buf *error, enum app_command command)
{
    const struct command_row *row = &command_rows[command];
    say(error, "\nusage: ajar ");
    say(error, row->name);
    if (row->sub != NULL)
    {
        say(error, " ");
        say(error, row->sub);
    }
    say(error, row->args[0] != '\0' ? " " : "");
    say(error, row->args);
}

static int check_arguments(const struct app_options *options, struct ajar_buf *error)
{
    const struct command_row *row = &command_rows[options->command];
    if (row->sub != NULL &&
        (options->arg_count == 0 || strcmp(options->args[0], row->sub) != 0))
    {
        say(error, "`ajar ");
        say(error, row->name);
        say(error, "` is followed by ");
        say(error, row->sub);
    }
    else if (options->arg_count < row->min)
    {
        say(error, "`ajar ");
        say(error, row->name);
        say(error, "` needs to be told what to look at");
    }
    else if (options->arg_count > row->max)
    {
        say(error, "`ajar ");
        say(error, row->name);
        say(error, "` does not take \"");
        say_typed(error, ajar_span_of(options->args[row->max]));
        say(error, "\"");
    }
    else
    {
        return AJAR_OK;
    }
    usage(error, options->command);
    return AJAR_EINVAL;
}

/* "--ports is for `ajar check`, not for `ajar scan`" */
static int misplaced(const struct option_row *row, enum app_command command,
                     struct ajar_buf *error)
{
    const char *before = " is for `ajar ";
    say(error, "--");
    say(error, row->name);
    for (size_t i = 0; i < APP_COMMAND_COUNT; i++)
    {
        if ((row->commands & (1u << i)) != 0)
        {
            say(error, before);
            say(error, command_rows[i].name);
            say(error, "`");
            before = ", `ajar ";
        }
    }
    say(error, ", not for `ajar ");
    say(error, command_rows[command].name);
    return fail(error, "`");
}

static int check_options(const struct app_options *options, struct ajar_buf *error)
{
    for (size_t i = 0; i < APP_OPTION_COUNT; i++)
    {
        if ((options->given >> i & 1) != 0 &&
            (option_rows[i].commands & (1u << options->command)) == 0)
        {
            return misplaced(&option_rows[i], options->command, error);
        }
    }
    return AJAR_OK;
}

static bool was_given(const struct app_options *options, enum app_option option)
{
    return (options->given >> option & 1) != 0;
}

/* What a command cannot do without, and what does not go together. */
static int check_needs(const struct app_options *options, struct ajar_buf *error)
{
    static const enum app_option accept_needs[] = {APP_OPTION_UNTIL, APP_OPTION_BY,
                                                   APP_OPTION_REASON};
    for (size_t i = 0;
         options->command == APP_COMMAND_ACCEPT && i < AJAR_COUNT_OF(accept_needs); i++)
    {
        if (!was_given(options, accept_needs[i]))
        {
            say(error, "`ajar accept` needs --");
            say(error, option_rows[accept_needs[i]].name);
            return fail(error, "\nusage: ajar accept FINDING --until DATE --by NAME "
                               "--reason TEXT [--indices PATTERNS]");
        }
    }
    if (options->format == APP_FORMAT_CSV && options->command != APP_COMMAND_FINDINGS)
    {
        say(error, "--format csv is for `ajar findings`, not for `ajar ");
        say(error, command_rows[options->command].name);
        return fail(error, "`: use text or jsonl");
    }
    if (options->no_state && (options->state != NULL || options->due))
    {
        return fail(error, options->due ? "--due needs a memory: leave --no-state out"
                                        : "--state and --no-state contradict each other");
    }
    if (options->open && options->resolved)
    {
        return fail(error, "--open and --resolved contradict each other: give one");
    }
    return AJAR_OK;
}

/* `ajar help scope explain`, `ajar scope --help` */
static int find_topic(struct app_options *options, struct ajar_buf *error)
{
    if (options->command != APP_COMMAND_HELP)
    {
        options->topic = options->command;
        options->command = APP_COMMAND_HELP;
        return AJAR_OK;
    }
    options->topic = APP_COMMAND_NONE;
    if (options->arg_count == 0)
    {
        return AJAR_OK;
    }
    int status = find_command(options->args[0], &options->topic, error);
    if (status == AJAR_OK && options->arg_count > 1 &&
        (command_rows[options->topic].sub == NULL ||
         strcmp(options->args[1], command_rows[options->topic].sub) != 0))
    {
        return fail(error, "`ajar help` explains one command at a time");
    }
    return status;
}

/* What was asked for, once all arguments are read. */
static int conclude(struct parser *parser)
{
    struct app_options *out = parser->out;
    bool named = parser->kept > 1;
    out->command = APP_COMMAND_NONE;
    int status =
        named ? find_command(parser->argv[1], &out->command, parser->error) : AJAR_OK;
    if (status != AJAR_OK)
    {
        return status;
    }
    if (named)
    {
        out->args = (const char *const *)parser->argv + 2;
        out->arg_count = (size_t)parser->kept - 2;
    }
    out->has_seed = (out->given >> APP_OPTION_SEED & 1) != 0;
    if (out->version)
    {
        out->command = APP_COMMAND_VERSION;
        return AJAR_OK;
    }
    if (out->help || out->command == APP_COMMAND_HELP)
    {
        return find_topic(out, parser->error);
    }
    if (!named)
    {
        return fail(parser->error,
                    "no command: `ajar help` lists them, `ajar demo` shows "
                    "what ajar finds");
    }
    status = check_options(out, parser->error);
    status = status == AJAR_OK ? check_arguments(out, parser->error) : status;
    return status == AJAR_OK ? check_needs(out, parser->error) : status;
}

static int preset_all(struct app_options *out, struct ajar_buf *error)
{
    for (size_t i = 0; i < APP_OPTION_COUNT; i++)
    {
        const struct option_row *row = &option_rows[i];
        int status =
            row->preset != NULL ? store(row, row->preset, out, error) : (int)AJAR_OK;
        if (status != AJAR_OK)
        {
            return status;
        }
    }
    return AJAR_OK;
}

int app_options_parse(int argc, char **argv, struct app_options *out,
                      struct ajar_buf *out_error)
{
    struct parser parser = {
        .argc = argc, .argv = argv, .at = 1, .kept = 1, .out = out, .error = out_error};
    *out = (struct app_options){.topic = APP_COMMAND_NONE};
    int status = preset_all(out, out_error);
    for (; status == AJAR_OK && parser.at < argc; parser.at++)
    {
        status = take_argument(&parser);
    }
    return status == AJAR_OK ? conclude(&parser) : status;
}
