/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_INNER_H
#define AJAR_SCOPE_INNER_H

#include "declare.h"
#include "files.h"
#include "segments.h"

/* Addresses to visit, in a row. */
struct host_run
{
    struct ajar_addr first;
    uint64_t before; /* hosts in the runs before this one */
    const struct ajar_section *section;
};

struct host_list
{
    struct host_run *runs;
    size_t count;
    size_t cap;
    uint64_t hosts;
    uint64_t targets;
    uint64_t excluded; /* targets */
};

struct ajar_scope
{
    struct declaration declared;
    struct segment_list ranges;
    /* The exclusions in force: the declaration's own, or those of the last reload. */
    struct declaration reloaded;
    const struct declared_list *exclusion_lines;
    struct segment_list exclusions;
    struct segment_list expectations;
    struct host_list hosts; /* fixed at load, so that a host's index keeps its meaning */
    struct file_list files;
    char digest[65];
};

/* check.c: what only several lines together show. */
void check_sections(struct declaration *declaration, time_t today,
                    struct ajar_diags *diags);
int check_ranges(const struct declared_list *ranges,
                 struct ajar_diags *diags) AJAR_MUST_CHECK;
void check_exclusions(const struct ajar_scope *scope, struct ajar_diags *diags);
void check_expectations(const struct ajar_scope *scope, struct ajar_diags *diags);
/* hosts.c */
int hosts_build(struct ajar_scope *scope) AJAR_MUST_CHECK;
void hosts_free(struct host_list *list);
/* Does the segment hold targets, exclusions aside? */
bool hosts_are_in(const struct segment *segment);
/* digest.c */
int digest_build(struct ajar_scope *scope) AJAR_MUST_CHECK;
/* explain.c: the ruling alone. */
enum ajar_ruling explain_ruling(const struct ajar_scope *scope,
                                const struct ajar_addr *addr,
                                const struct ajar_section **out_section);

#endif
