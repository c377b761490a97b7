/* SPDX-License-Identifier: Apache-2.0 */
#include "diags.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void diags_init(struct ajar_diags *diags)
{
    *diags = (struct ajar_diags){NULL, 0, 0};
}

static void free_text(const char *text)
{
    free((void *)(uintptr_t)text); /* the contract shows it const; diags own it */
}

void ajar_diags_deinit(struct ajar_diags *diags)
{
    for (size_t i = 0; i < diags->count; i++)
    {
        free_text(diags->items[i].file);
        free_text(diags->items[i].what);
        free_text(diags->items[i].mend);
    }
    free(diags->items);
    diags_init(diags);
}

static size_t kept_of_kind(const struct ajar_diags *diags, bool is_error)
{
    size_t count = 0;
    for (size_t i = 0; i < diags->count; i++)
    {
        count += diags->items[i].is_error == is_error ? 1 : 0;
    }
    return count;
}

static bool push(struct ajar_diags *diags, struct ajar_diag item)
{
    struct ajar_diag *items =
        realloc(diags->items, (diags->count + 1) * sizeof *diags->items);
    if (items == NULL)
    {
        return false;
    }
    diags->items = items;
    diags->items[diags->count++] = item;
    return true;
}

/*
 * Keeps at most DIAGS_MAX_KEPT of a kind; the one after them says that there are more. So
 * a flood of warnings cannot hide the error.
 */
static void add(struct ajar_diags *diags, bool is_error, struct place place,
                const char *mend, const char *what)
{
    diags->errors += is_error ? 1 : 0;
    size_t kept = kept_of_kind(diags, is_error);
    if (kept > DIAGS_MAX_KEPT)
    {
        return;
    }
    if (kept == DIAGS_MAX_KEPT)
    {
        place.line = 0;
        place.column = 0;
        what = is_error ? "more errors follow" : "more warnings follow";
        mend = "mend those shown and run again";
    }
    struct ajar_diag item = {is_error,     strdup(place.file), place.line,
                             place.column, strdup(what),       strdup(mend)};
    if (item.file == NULL || item.what == NULL || item.mend == NULL || !push(diags, item))
    {
        free_text(item.file);
        free_text(item.what);
        free_text(item.mend);
    }
}

void diags_error(struct ajar_diags *diags, struct place place, const char *mend,
                 const char *what, ...)
{
    char text[DIAGS_MAX_TEXT];
    va_list args;
    va_start(args, what);
    (void)vsnprintf(text, sizeof text, what, args);
    va_end(args);
    add(diags, true, place, mend, text);
}

void diags_warning(struct ajar_diags *diags, struct place place, const char *mend,
                   const char *what, ...)
{
    char text[DIAGS_MAX_TEXT];
    va_list args;
    va_start(args, what);
    (void)vsnprintf(text, sizeof text, what, args);
    va_end(args);
    add(diags, false, place, mend, text);
}

void diags_text(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(out, size, format, args);
    va_end(args);
}

static int compare_unsigned(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

/* Remarks about a file as a whole (line 0) stand behind those about its lines. */
static int by_place(const void *left, const void *right)
{
    const struct ajar_diag *a = left;
    const struct ajar_diag *b = right;
    int order = strcmp(a->file, b->file);
    if (order == 0)
    {
        order = compare_unsigned(a->line - 1u, b->line - 1u);
    }
    if (order == 0)
    {
        order = compare_unsigned(a->column, b->column);
    }
    return order != 0 ? order : strcmp(a->what, b->what);
}

void diags_finish(struct ajar_diags *diags)
{
    if (diags->count > 1)
    {
        qsort(diags->items, diags->count, sizeof *diags->items, by_place);
    }
}
