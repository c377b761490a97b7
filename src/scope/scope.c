/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include <stdlib.h>
#include <string.h>

static struct ajar_scope *scope_new(void)
{
    struct ajar_scope *scope = calloc(1, sizeof *scope);
    if (scope != NULL)
    {
        declaration_init(&scope->declared);
        declaration_init(&scope->reloaded);
        scope->exclusion_lines = &scope->declared.exclusions;
    }
    return scope;
}

void ajar_scope_free(struct ajar_scope *scope)
{
    if (scope == NULL)
    {
        return;
    }
    hosts_free(&scope->hosts);
    segments_free(&scope->ranges);
    segments_free(&scope->exclusions);
    segments_free(&scope->expectations);
    files_free(&scope->files);
    declaration_deinit(&scope->declared);
    declaration_deinit(&scope->reloaded);
    free(scope);
}

/* Everything is read: compare, flatten, count. */
static int finish(struct ajar_scope *scope, time_t today, struct ajar_diags *diags)
{
    check_sections(&scope->declared, today, diags);
    int status = check_ranges(&scope->declared.ranges, diags);
    if (status < 0 || diags->errors > 0)
    {
        return status < 0 ? status : AJAR_ESYNTAX;
    }
    status = segments_build(scope->declared.ranges.items, scope->declared.ranges.count,
                            true, &scope->ranges);
    if (status == AJAR_OK)
    {
        status =
            segments_build(scope->declared.exclusions.items,
                           scope->declared.exclusions.count, false, &scope->exclusions);
    }
    if (status == AJAR_OK)
    {
        status = segments_build(scope->declared.expectations.items,
                                scope->declared.expectations.count, false,
                                &scope->expectations);
    }
    if (status == AJAR_OK)
    {
        check_exclusions(scope, diags);
        check_expectations(scope, diags);
        status = hosts_build(scope);
    }
    return status == AJAR_OK ? digest_build(scope) : status;
}

/* Reads the listed files into the declaration. A file that cannot be read does not keep
 * the others from being checked: all remarks come at once. */
static int read_files(struct ajar_scope *scope, struct ajar_diags *diags)
{
    struct ajar_buf text;
    int worst = AJAR_OK;
    ajar_buf_init(&text, AJAR_MAX_TARGETS_FILE);
    for (size_t i = 0; i < scope->files.count; i++)
    {
        struct stamp *stamp = &scope->files.items[i];
        if (stamp->is_folder || stamp->is_missing)
        {
            continue;
        }
        int status = files_read(stamp, &text, diags);
        if (status == AJAR_OK)
        {
            status = declaration_read(&scope->declared, stamp->path, ajar_buf_span(&text),
                                      diags);
        }
        worst = status < 0 && worst == AJAR_OK ? status : worst;
    }
    ajar_buf_deinit(&text);
    return worst;
}

static int load_files(struct ajar_scope *scope, const char *const *paths,
                      size_t path_count, time_t today, struct ajar_diags *diags)
{
    int worst = AJAR_OK;
    for (size_t i = 0; i < path_count; i++)
    {
        int status = files_add(&scope->files, paths[i], true, diags);
        worst = status < 0 && worst == AJAR_OK ? status : worst;
    }
    int status = read_files(scope, diags);
    worst = worst == AJAR_OK ? status : worst;
    status = finish(scope, today, diags);
    return worst == AJAR_OK ? status : worst;
}

static int hand_over(struct ajar_scope *scope, int status, struct ajar_diags *diags,
                     struct ajar_scope **out)
{
    diags_finish(diags);
    if (status < 0)
    {
        ajar_scope_free(scope);
        return status;
    }
    *out = scope;
    return AJAR_OK;
}

int ajar_scope_load(const char *const *paths, size_t path_count, time_t today,
                    struct ajar_diags *diags, struct ajar_scope **out)
{
    diags_init(diags);
    struct ajar_scope *scope = scope_new();
    if (scope == NULL)
    {
        return AJAR_ENOMEM;
    }
    return hand_over(scope, load_files(scope, paths, path_count, today, diags), diags,
                     out);
}

int ajar_scope_load_text(const char *name, struct ajar_span text, time_t today,
                         struct ajar_diags *diags, struct ajar_scope **out)
{
    diags_init(diags);
    struct ajar_scope *scope = scope_new();
    if (scope == NULL)
    {
        return AJAR_ENOMEM;
    }
    int status = declaration_read(&scope->declared, name, text, diags);
    int finished = finish(scope, today, diags);
    return hand_over(scope, status < 0 ? status : finished, diags, out);
}

bool ajar_scope_is_stale(const struct ajar_scope *scope)
{
    return files_have_changed(&scope->files);
}

/* The old exclusions of one file into the new ones. */
static int keep_old(const struct ajar_scope *scope, const char *file,
                    struct declaration *fresh)
{
    int status = AJAR_OK;
    for (size_t i = 0; i < scope->exclusion_lines->count && status == AJAR_OK; i++)
    {
        const struct declared *line = &scope->exclusion_lines->items[i];
        if (strcmp(line->file, file) == 0)
        {
            status = declaration_copy(fresh, &fresh->exclusions, line);
        }
    }
    return status;
}

/* One file again. With any fault in it its old exclusions stay. */
static int reread_file(const struct ajar_scope *scope, struct stamp *stamp,
                       struct ajar_buf *text, struct declaration *fresh,
                       struct ajar_diags *diags)
{
    size_t errors = diags->errors;
    size_t exclusions = fresh->exclusions.count;
    int status = files_read(stamp, text, diags);
    if (status == AJAR_OK)
    {
        status = declaration_read(fresh, stamp->path, ajar_buf_span(text), diags);
    }
    if (status == AJAR_OK && diags->errors > errors)
    {
        status = AJAR_ESYNTAX;
    }
    if (status < 0)
    {
        fresh->exclusions.count = exclusions;
        int kept = keep_old(scope, stamp->path, fresh);
        status = kept < 0 ? kept : status;
    }
    return status;
}

/* The same paths listed again: folders may have gained files. Files that are gone stay on
 * the list, so that their exclusions are kept and the loss is remarked upon. */
static int relist(const struct file_list *old, struct file_list *fresh,
                  struct ajar_diags *diags)
{
    struct ajar_diags unused; /* that a path is missing is said when it is read */
    int status = AJAR_OK;
    diags_init(&unused);
    for (size_t i = 0; i < old->count && status == AJAR_OK; i++)
    {
        if (old->items[i].is_given)
        {
            int added = files_add(fresh, old->items[i].path, true, &unused);
            status = added == AJAR_ESYSTEM ? AJAR_OK : added;
        }
    }
    for (size_t i = 0; i < old->count && status == AJAR_OK; i++)
    {
        if (!files_contain(fresh, old->items[i].path))
        {
            int added = files_add(fresh, old->items[i].path, false, &unused);
            status = added == AJAR_ESYSTEM ? AJAR_OK : added;
        }
    }
    ajar_diags_deinit(&unused);
    (void)diags;
    return status;
}

static int reread(const struct ajar_scope *scope, struct file_list *files,
                  struct declaration *fresh, struct ajar_diags *diags, int *out_worst)
{
    struct ajar_buf text;
    int status = relist(&scope->files, files, diags);
    ajar_buf_init(&text, AJAR_MAX_TARGETS_FILE);
    for (size_t i = 0; i < files->count && status == AJAR_OK; i++)
    {
        if (files->items[i].is_folder)
        {
            continue;
        }
        int read = reread_file(scope, &files->items[i], &text, fresh, diags);
        status = read == AJAR_ENOMEM ? read : AJAR_OK;
        *out_worst = read < 0 && *out_worst == AJAR_OK ? read : *out_worst;
    }
    ajar_buf_deinit(&text);
    return status;
}

/* Swaps the new exclusions in; what they replace is freed. */
static void replace(struct ajar_scope *scope, struct declaration *fresh,
                    struct segment_list *segments, struct file_list *files)
{
    declaration_deinit(&scope->reloaded);
    segments_free(&scope->exclusions);
    files_free(&scope->files);
    scope->reloaded = *fresh;
    scope->exclusions = *segments;
    scope->files = *files;
    scope->exclusion_lines = &scope->reloaded.exclusions;
}

int ajar_scope_reload_exclusions(struct ajar_scope *scope, struct ajar_diags *diags)
{
    struct declaration fresh;
    struct segment_list segments = {NULL, 0, 0};
    struct file_list files = {NULL, 0, 0};
    int worst = AJAR_OK;
    diags_init(diags);
    if (scope->files.count == 0)
    {
        return AJAR_OK; /* read from text: there is nothing to read again */
    }
    declaration_init(&fresh);
    int status = reread(scope, &files, &fresh, diags, &worst);
    if (status == AJAR_OK)
    {
        status = segments_build(fresh.exclusions.items, fresh.exclusions.count, false,
                                &segments);
    }
    diags_finish(diags);
    if (status < 0)
    {
        declaration_deinit(&fresh);
        files_free(&files);
        return status;
    }
    replace(scope, &fresh, &segments, &files);
    return worst;
}

size_t ajar_scope_section_count(const struct ajar_scope *scope)
{
    return scope->declared.section_count;
}

const struct ajar_section *ajar_scope_section_at(const struct ajar_scope *scope,
                                                 size_t index)
{
    return index < scope->declared.section_count ? &scope->declared.sections[index]->shown
                                                 : NULL;
}

const char *ajar_scope_expected(const struct ajar_scope *scope,
                                const struct ajar_section *section,
                                const struct ajar_addr *addr)
{
    const struct segment *segment =
        section != NULL ? segments_find(&scope->expectations, addr) : NULL;
    /* one team cannot declare another team's address as meant to be open */
    if (segment == NULL || &segment->line->section->shown != section)
    {
        return NULL;
    }
    return segment->line->text[0] != '\0' ? segment->line->text : "declared by expect =";
}

size_t ajar_scope_name_count(const struct ajar_scope *scope)
{
    return scope->declared.host_count;
}

const struct ajar_scope_host *ajar_scope_name_at(const struct ajar_scope *scope,
                                                 size_t index)
{
    return index < scope->declared.host_count ? &scope->declared.hosts[index] : NULL;
}
