/* SPDX-License-Identifier: Apache-2.0 */
#include "options_rows.h"

const struct command_row command_rows[APP_COMMAND_COUNT] = {
#define COMMAND(NAME, name, sub, args, min, max, summary)                                \
    [APP_COMMAND_##NAME] = {name, sub, args, min, max, summary},
#include "options.def"
};

const char *const option_group_headings[OPTION_GROUP_COUNT] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a string literal */
#define GROUP(NAME, heading) [OPTION_GROUP_##NAME] = heading,
#include "options.def"
};

const struct option_row option_rows[APP_OPTION_COUNT] = {
#define OPTION(NAME, member, KIND, long_name, letter, arg, preset, min, max, words,      \
               GROUP_NAME, commands, help)                                               \
    [APP_OPTION_##NAME] = {offsetof(struct app_options, member),                         \
                           OPTION_##KIND,                                                \
                           OPTION_GROUP_##GROUP_NAME,                                    \
                           long_name,                                                    \
                           letter,                                                       \
                           arg,                                                          \
                           preset,                                                       \
                           min,                                                          \
                           max,                                                          \
                           words,                                                        \
                           commands,                                                     \
                           help},
#include "options.def"
};

/* A row's kind says which type its member has; a wrong one would write past it.
 */
#define SIZE_FLAG sizeof(bool)
#define SIZE_NUMBER sizeof(uint32_t)
#define SIZE_WIDE sizeof(uint64_t)
#define SIZE_DURATION sizeof(uint32_t)
#define SIZE_WORD sizeof(unsigned)
#define SIZE_TEXT sizeof(char *)
#define SIZE_PATH sizeof(char *)
#define SIZE_PATHS (APP_MAX_TARGETS * sizeof(char *))
#define OPTION(NAME, member, KIND, ...)                                                  \
    _Static_assert(sizeof(((struct app_options *)0)->member) == SIZE_##KIND, #NAME);
#include "options.def"
_Static_assert(APP_OPTION_COUNT <= 64, "app_options.given holds 64 bits");
