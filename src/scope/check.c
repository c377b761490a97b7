/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include <stdlib.h>
#include <string.h>

#include "range.h"
#include "special.h"

#define SOON_DAYS 30
/* Ranges around one range that are compared with it; deeper nesting is no address plan.
 */
#define MAX_DEPTH 64u

static struct place line_place(const struct declared *line)
{
    return (struct place){line->file, line->line, line->column};
}

/* Where the other line stands: the file is named when it is another one. */
static void other_place(char *out, size_t size, const char *file, const char *other_file,
                        unsigned other_line)
{
    bool same = strcmp(file, other_file) == 0;
    diags_text(out, size, "line %u%s%s", other_line, same ? "" : " of ",
               same ? "" : other_file);
}

static void check_approval(struct declared_section *section, int64_t today,
                           struct ajar_diags *diags)
{
    struct place place = {section->shown.file, section->approval_line,
                          section->approval_column};
    char date[16];
    if (today > section->approval.until_day)
    {
        section->is_expired = true;
        approval_format(section->approval.until_day, date);
        diags_warning(diags, place, "have it approved again and write the new dates",
                      "the approval of [%s] ended on %s: its addresses are not dialled",
                      section->shown.id, date);
    }
    else if (today < section->approval.from_day)
    {
        section->is_expired = true;
        approval_format(section->approval.from_day, date);
        diags_warning(diags, place, "wait, or correct the date",
                      "the approval of [%s] begins on %s: its addresses are not dialled "
                      "before",
                      section->shown.id, date);
    }
    else if (section->approval.until_day - today <= SOON_DAYS)
    {
        approval_format(section->approval.until_day, date);
        diags_warning(diags, place, "have it approved again in time",
                      "the approval of [%s] ends on %s, in %d days", section->shown.id,
                      date, (int)(section->approval.until_day - today));
    }
}

struct numbered
{
    const struct declared_section *section;
    size_t order;
};

static int by_id(const void *left, const void *right)
{
    const struct numbered *a = left;
    const struct numbered *b = right;
    int order = strcmp(a->section->shown.id, b->section->shown.id);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static void check_twice(const struct declared_section *first,
                        const struct declared_section *again, struct ajar_diags *diags)
{
    char where[DIAGS_MAX_TEXT];
    struct place place = {again->shown.file, again->shown.line, again->column};
    other_place(where, sizeof where, again->shown.file, first->shown.file,
                first->shown.line);
    if (strcmp(first->shown.id, again->shown.id) == 0)
    {
        diags_error(diags, place, "merge the two sections or rename one",
                    "[%s] is declared twice, first in %s", again->shown.id, where);
    }
}

static void check_names(const struct declaration *declaration, struct ajar_diags *diags)
{
    size_t count = declaration->section_count;
    struct numbered *sorted = calloc(count + 1, sizeof *sorted);
    if (sorted == NULL)
    {
        diags->errors++; /* unchecked is not right */
        return;
    }
    for (size_t i = 0; i < count; i++)
    {
        sorted[i] = (struct numbered){declaration->sections[i], i};
    }
    qsort(sorted, count, sizeof *sorted, by_id);
    for (size_t i = 1; i < count; i++)
    {
        check_twice(sorted[i - 1].section, sorted[i].section, diags);
    }
    free(sorted);
}

void check_sections(struct declaration *declaration, time_t today,
                    struct ajar_diags *diags)
{
    check_names(declaration, diags);
    for (size_t i = 0; i < declaration->section_count; i++)
    {
        if (declaration->sections[i]->has_approval)
        {
            check_approval(declaration->sections[i], approval_day(today), diags);
        }
    }
}

/* First come, widest first: what holds a range stands before it. */
static int by_first(const void *left, const void *right)
{
    const struct declared *a = *(const struct declared *const *)left;
    const struct declared *b = *(const struct declared *const *)right;
    int order = ajar_addr_compare(&a->first, &b->first);
    order = order != 0 ? order : ajar_addr_compare(&b->last, &a->last);
    return order != 0 ? order : (a > b) - (a < b);
}

static void same_range(const struct declared *outer, const struct declared *line,
                       struct ajar_diags *diags)
{
    char where[DIAGS_MAX_TEXT];
    other_place(where, sizeof where, line->file, outer->file, outer->line);
    if (outer->section == line->section)
    {
        diags_warning(diags, line_place(line), "remove one of the two",
                      "%s is listed twice in [%s], first in %s", line->text,
                      line->section->shown.id, where);
        return;
    }
    diags_error(diags, line_place(line), "leave it with the team that owns it",
                "%s belongs to [%s] already, %s", line->text, outer->section->shown.id,
                where);
}

/* Compares a range with one that begins before or with it. True ends the search: the rest
 * would say the same again. */
static bool compare_ranges(const struct declared *outer, const struct declared *line,
                           bool *inside_told, struct ajar_diags *diags)
{
    char where[DIAGS_MAX_TEXT];
    bool foreign = outer->section != line->section;
    bool inside = ajar_addr_compare(&line->last, &outer->last) <= 0;
    if (inside && ajar_addr_compare(&outer->width, &line->width) == 0)
    {
        same_range(outer, line, diags);
        return true;
    }
    other_place(where, sizeof where, line->file, outer->file, outer->line);
    if (!inside && foreign)
    {
        diags_error(diags, line_place(line),
                    "cut one of the two, so that each address has one owner",
                    "%s overlaps %s of [%s], %s", line->text, outer->text,
                    outer->section->shown.id, where);
        return true;
    }
    if (inside && foreign && !*inside_told)
    {
        diags_warning(diags, line_place(line),
                      "nothing, when that is meant: the narrower range wins",
                      "%s lies inside %s of [%s], %s; [%s] owns it", line->text,
                      outer->text, outer->section->shown.id, where,
                      line->section->shown.id);
    }
    *inside_told = *inside_told || inside; /* the nearest one is the one to name */
    return false;
}

/* The ranges that are still open at line->first, the latest last. Closed ones go. */
static size_t drop_closed(const struct declared **open, size_t count,
                          const struct declared *line)
{
    size_t kept = 0;
    size_t from = count > MAX_DEPTH ? count - MAX_DEPTH : 0;
    for (size_t i = from; i < count; i++)
    {
        if (ajar_addr_compare(&open[i]->last, &line->first) >= 0)
        {
            open[kept++] = open[i];
        }
    }
    return kept;
}

static void never_dialled(const struct declared *line, const struct special_block *block,
                          bool whole, struct ajar_diags *diags)
{
    diags_warning(diags, line_place(line),
                  whole ? "remove it, or write the range that is meant"
                        : "nothing, when the rest is meant: that part is left out",
                  "%s%s is special-purpose space (%s, %s) and is never dialled",
                  whole ? "" : "a part of ", line->text, block->name, block->reference);
}

/* One remark a range: that all of it is never dialled, or the first part that is not. */
static void check_special(const struct declared *line, struct ajar_diags *diags)
{
    const struct special_block *around = special_around(&line->first, &line->last);
    size_t from = 0;
    size_t to = 0;
    if (around != NULL && around->class == SPECIAL_NEVER)
    {
        never_dialled(line, around, true, diags);
        return;
    }
    special_range(&line->first, &line->last, &from, &to);
    for (size_t i = from; i < to; i++)
    {
        const struct special_block *block = special_block_of(special_segment_at(i));
        if (block->class == SPECIAL_NEVER)
        {
            never_dialled(line, block, false, diags);
            return;
        }
        if (block->class == SPECIAL_PRIVATE && around == NULL)
        {
            diags_warning(diags, line_place(line),
                          "list the private ranges that are yours by themselves",
                          "a part of %s is private space (%s), which this range does not "
                          "list",
                          line->text, block->name);
            return;
        }
    }
}

static void check_overlaps(const struct declared **sorted, const struct declared **open,
                           size_t count, struct ajar_diags *diags)
{
    size_t open_count = 0;
    for (size_t i = 0; i < count; i++)
    {
        bool inside_told = false;
        open_count = drop_closed(open, open_count, sorted[i]);
        for (size_t j = open_count; j-- > 0;)
        {
            if (compare_ranges(open[j], sorted[i], &inside_told, diags))
            {
                break;
            }
        }
        open[open_count++] = sorted[i];
    }
}

int check_ranges(const struct declared_list *ranges, struct ajar_diags *diags)
{
    const struct declared **sorted = calloc(ranges->count + 1, sizeof *sorted);
    const struct declared **open = calloc(ranges->count + 1, sizeof *open);
    int status = sorted != NULL && open != NULL ? AJAR_OK : AJAR_ENOMEM;
    if (status == AJAR_OK)
    {
        for (size_t i = 0; i < ranges->count; i++)
        {
            sorted[i] = &ranges->items[i];
            check_special(sorted[i], diags);
        }
        qsort(sorted, ranges->count, sizeof *sorted, by_first);
        check_overlaps(sorted, open, ranges->count, diags);
    }
    free(sorted);
    free(open);
    return status;
}

static bool touches(const struct segment_list *list, const struct declared *line)
{
    size_t at = segments_lower(list, &line->first);
    return at < list->count &&
           ajar_addr_compare(&list->items[at].first, &line->last) <= 0;
}

static bool touches_loopback(const struct declared *line)
{
    size_t from = 0;
    size_t to = 0;
    special_range(&line->first, &line->last, &from, &to);
    for (size_t i = from; i < to; i++)
    {
        if (special_block_of(special_segment_at(i))->class == SPECIAL_LOOPBACK)
        {
            return true;
        }
    }
    return false;
}

/* An expectation that covers nothing of its own section is a slip: of its names'
 * addresses nothing is known here. */
void check_expectations(const struct ajar_scope *scope, struct ajar_diags *diags)
{
    const struct declaration *declared = &scope->declared;
    for (size_t i = 0; i < declared->expectations.count; i++)
    {
        const struct declared *line = &declared->expectations.items[i];
        bool meets = line->section->has_hosts;
        for (size_t k = 0; k < declared->ranges.count && !meets; k++)
        {
            const struct declared *range = &declared->ranges.items[k];
            meets = range->section == line->section &&
                    ajar_addr_compare(&range->first, &line->last) <= 0 &&
                    ajar_addr_compare(&line->first, &range->last) <= 0;
        }
        if (!meets)
        {
            diags_warning(diags, line_place(line),
                          "check the address, or remove the line when the range is gone",
                          "expect = lies in no range of [%s]", line->section->shown.id);
        }
    }
}

void check_exclusions(const struct ajar_scope *scope, struct ajar_diags *diags)
{
    for (size_t i = 0; i < scope->declared.exclusions.count; i++)
    {
        const struct declared *line = &scope->declared.exclusions.items[i];
        if (!touches(&scope->ranges, line) && !touches_loopback(line))
        {
            diags_warning(diags, line_place(line),
                          "check the address, or remove the line when the range is gone",
                          "exclude = %s hits no declared range", line->text);
        }
    }
}
