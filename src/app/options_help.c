/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "options_rows.h"

#define COLUMNS 80
#define HELP_COLUMN 30

/* The longer texts, written from src/app/help/ by scripts/gen-cli. */
static const char *const command_texts[APP_COMMAND_COUNT] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a string literal */
#define COMMAND_TEXT(NAME, text) [APP_COMMAND_##NAME] = text,
#include "help/texts.inc"
};
#define MAIN_TEXT(NAME, text) static const char text_##NAME[] = text;
#include "help/texts.inc"

static void put(struct ajar_buf *out, const char *text)
{
    (void)ajar_buf_text(out, text);
}

static void pad(struct ajar_buf *out, size_t line_start, size_t to)
{
    do
    {
        (void)ajar_buf_byte(out, ' ');
    } while (!out->failed && out->len < line_start + to);
}

/* Words from column HELP_COLUMN on, wrapped. The line under way began at
 * line_start. */
static void put_wrapped(struct ajar_buf *out, size_t line_start, const char *text)
{
    while (*text != '\0' && !out->failed)
    {
        size_t len = strcspn(text, " ");
        if (out->len - line_start + len > COLUMNS)
        {
            out->len--; /* the space before this word */
            (void)ajar_buf_byte(out, '\n');
            line_start = out->len;
            pad(out, line_start, HELP_COLUMN);
        }
        (void)ajar_buf_append(out, text, len);
        text += len;
        if (*text == ' ')
        {
            (void)ajar_buf_byte(out, ' ');
            text++;
        }
    }
    (void)ajar_buf_byte(out, '\n');
}

static void put_option(struct ajar_buf *out, const struct option_row *row)
{
    size_t start = out->len;
    char letter[] = {'-', row->letter, ',', ' ', '\0'};
    struct ajar_buf text;
    put(out, "  ");
    put(out, row->letter != 0 ? letter : "    ");
    put(out, "--");
    put(out, row->name);
    if (row->arg != NULL)
    {
        put(out, " ");
        put(out, row->arg);
    }
    pad(out, start, HELP_COLUMN);
    ajar_buf_init(&text, 1024);
    put(&text, row->help);
    if (row->words != NULL)
    {
        put(&text, ": ");
        option_words(row, &text);
    }
    if (row->preset != NULL)
    {
        put(&text, " (default ");
        put(&text, row->preset);
        put(&text, ")");
    }
    put_wrapped(out, start, text.data != NULL ? text.data : "");
    out->failed = out->failed || text.failed;
    ajar_buf_deinit(&text);
}

static void put_options(struct ajar_buf *out, unsigned command_bit)
{
    for (size_t group = 0; group < OPTION_GROUP_COUNT; group++)
    {
        bool headed = false;
        for (size_t i = 0; i < APP_OPTION_COUNT; i++)
        {
            const struct option_row *row = &option_rows[i];
            if ((size_t)row->group != group || (row->commands & command_bit) == 0)
            {
                continue;
            }
            if (!headed)
            {
                put(out, "\n");
                put(out, option_group_headings[group]);
                put(out, ":\n");
                headed = true;
            }
            put_option(out, row);
        }
    }
}

static void put_usage(struct ajar_buf *out, const struct command_row *row)
{
    put(out, "usage: ajar ");
    put(out, row->name);
    if (row->sub != NULL)
    {
        put(out, " ");
        put(out, row->sub);
    }
    put(out, " [OPTION...]");
    put(out, row->args[0] != '\0' ? " " : "");
    put(out, row->args);
    put(out, "\n\n");
}

static void help_all(struct ajar_buf *out)
{
    put(out, "usage: ajar COMMAND [OPTION...] [ARGUMENT...]\n\n");
    put(out, text_MAIN);
    put(out, "\nCommands:\n");
    for (size_t i = 0; i < APP_COMMAND_COUNT; i++)
    {
        const struct command_row *row = &command_rows[i];
        size_t start = out->len;
        put(out, "  ");
        put(out, row->name);
        put(out, row->sub != NULL ? " " : "");
        put(out, row->sub != NULL ? row->sub : "");
        pad(out, start, 18);
        put(out, row->summary);
        put(out, "\n");
    }
    put(out, "\nExamples:\n");
    put(out, text_EXAMPLES);
    put(out, "\nTargets files and environment:\n");
    put(out, text_FILES);
    put(out, "\nExit codes:\n");
    put(out, text_EXIT);
    put(out, "\n`ajar help COMMAND` explains a command and its options.\n");
}

void app_options_help(enum app_command topic, struct ajar_buf *out)
{
    if (topic >= APP_COMMAND_COUNT)
    {
        help_all(out);
        return;
    }
    put_usage(out, &command_rows[topic]);
    put(out, command_texts[topic]);
    put_options(out, 1u << topic);
}
