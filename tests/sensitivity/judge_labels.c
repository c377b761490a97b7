/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "ajar/sensitivity.h"

/*
 * For scripts/sensitivity-measure: reads "index<TAB>field<TAB>type<TAB>personal" lines
 * and answers each with the kinds, joined by '+', or "none".
 */
static char *next(char **rest)
{
    char *begin = *rest;
    char *end = strpbrk(begin, "\t\n");
    if (end != NULL)
    {
        *end = '\0';
        *rest = end + 1;
    }
    return begin;
}

static void answer(uint32_t kinds)
{
    const char *join = "";
    for (unsigned i = 0; i < AJAR_KIND_COUNT; i++)
    {
        if ((kinds & 1u << i) != 0)
        {
            (void)printf("%s%s", join, ajar_kind_word((enum ajar_kind)i));
            join = "+";
        }
    }
    (void)printf("%s\n", kinds == 0 ? "none" : "");
}

int main(void)
{
    char line[2048];
    while (fgets(line, sizeof(line), stdin) != NULL)
    {
        char *rest = line;
        struct ajar_field field = {.index = ajar_span_of(next(&rest))};
        field.path = ajar_span_of(next(&rest));
        field.type = ajar_field_type_of(ajar_span_of(next(&rest)));
        answer(ajar_field_kinds(&field, strcmp(next(&rest), "1") == 0));
    }
    return 0;
}
