/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_DECLARE_H
#define AJAR_SCOPE_DECLARE_H

#include "ajar/arena.h"
#include "ajar/scope.h"

#include "approval.h"

/*
 * What targets files declare, as they say it: one file after the other is read into a
 * declaration. Nothing is compared across lines here (check.c) and nothing flattened
 * (segments.c).
 */
#define DECLARE_MAX_LINES 262144u /* ranges; and as many exclusions; and names */
#define DECLARE_MAX_SECTIONS 65536u
#define DECLARE_MAX_FILES 4096u
#define DECLARE_MAX_SEGMENTS (4u * 1024u * 1024u)
#define DECLARE_MAX_TEXT (256u * 1024u * 1024u)

struct declared_section
{
    struct ajar_section shown; /* what the contract shows */
    unsigned column;
    bool has_approval;
    bool is_expired; /* not yet or no longer approved */
    struct approval approval;
    unsigned approval_line;
    unsigned approval_column;
    bool has_targets; /* a range or a host */
    bool has_hosts;
    bool has_exclusion; /* a section may hold exclusions alone */
};

/* A range or an exclusion. */
struct declared
{
    struct ajar_addr first;
    struct ajar_addr last;
    struct ajar_addr width;
    const struct declared_section *section; /* NULL before the first section */
    const char *file;
    const char *text;
    unsigned line;
    unsigned column;
};

struct declared_list
{
    struct declared *items;
    size_t count;
    size_t cap;
};

struct declaration
{
    struct ajar_arena arena; /* texts and sections */
    struct declared_section **sections;
    size_t section_count;
    size_t section_cap;
    struct declared_list ranges;
    struct declared_list exclusions;
    struct declared_list expectations; /* text: the reason */
    struct ajar_scope_host *hosts;
    size_t host_count;
    size_t host_cap;
};

void declaration_init(struct declaration *declaration);
void declaration_deinit(struct declaration *declaration);
/* Reads one file's text. Faults go to diags; AJAR_ENOMEM is ours. */
int declaration_read(struct declaration *into, const char *file, struct ajar_span text,
                     struct ajar_diags *diags) AJAR_MUST_CHECK;
/* Adds a copy of a line, texts included. */
int declaration_copy(struct declaration *into, struct declared_list *list,
                     const struct declared *line) AJAR_MUST_CHECK;

/* Room for one more item in an array: slot is the address of its pointer. */
int declare_grow(void *slot, size_t count, size_t *cap, size_t item_size,
                 size_t max) AJAR_MUST_CHECK;

#endif
