/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_OPTIONS_ROWS_H
#define AJAR_APP_OPTIONS_ROWS_H

#include "options.h"

/* The rows of options.def as data; private to options*.c and their test. */
enum option_kind
{
    OPTION_FLAG,
    OPTION_NUMBER,
    OPTION_WIDE,
    OPTION_DURATION,
    OPTION_WORD,
    OPTION_TEXT,
    OPTION_PATH,
    OPTION_PATHS
};

enum option_group
{
#define GROUP(NAME, heading) OPTION_GROUP_##NAME,
#include "options.def"
    OPTION_GROUP_COUNT
};

/* Which commands take an option: a bit each. */
enum
{
#define COMMAND(NAME, ...) ON_##NAME = 1 << APP_COMMAND_##NAME,
#include "options.def"
    ON_RUN = ON_CHECK | ON_SCAN | ON_RECHECK | ON_DEMO,
    ON_VIEW = ON_FINDINGS | ON_SHOW | ON_EVENTS | ON_RUNS | ON_COVERAGE | ON_METRICS,
    ON_MEMORY = ON_CHECK | ON_SCAN | ON_RECHECK | ON_VIEW | ON_ACCEPT | ON_DELIVER |
                ON_ACK | ON_DOCTOR,
    ON_ALL = (1 << APP_COMMAND_COUNT) - 1
};

#define MANY 1000000

struct command_row
{
    const char *name;
    const char *sub;
    const char *args;
    size_t min;
    size_t max;
    const char *summary;
};

struct option_row
{
    size_t offset; /* of the member in struct app_options */
    enum option_kind kind;
    enum option_group group;
    const char *name;
    char letter;
    const char *arg;
    const char *preset; /* the default, as a user would write it */
    uint64_t min;
    uint64_t max;
    const char *words;
    unsigned commands;
    const char *help;
};

extern const struct command_row command_rows[APP_COMMAND_COUNT];
extern const struct option_row option_rows[APP_OPTION_COUNT];
extern const char *const option_group_headings[OPTION_GROUP_COUNT];

/* "auto, text, jsonl" */
void option_words(const struct option_row *row, struct ajar_buf *out);

#endif
