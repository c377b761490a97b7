/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CONFIG_BUILD_H
#define AJAR_CONFIG_BUILD_H

#include "ajar/arena.h"

#include "lines.h"

/* All texts and tables of one configuration. */
#define BUILD_MAX_BYTES (4u * 1024u * 1024u)

enum build_section
{
    BUILD_NONE,    /* before the first section */
    BUILD_UNKNOWN, /* its keys are passed over: the section's name was the fault */
    BUILD_TICKETS,
    BUILD_STATE,
    BUILD_SCAN
};

/* A [tickets] under way: what the public view borrows, writable. */
struct build_tickets
{
    struct ajar_tickets view;
    const char *arguments[AJAR_MAX_TICKET_ARGUMENTS];
    const char *owners[AJAR_MAX_TICKET_OWNERS];
    unsigned file_number;
    bool timeout_given;
};

/* The configuration while its files are read; `view` is what the caller gets. */
struct build
{
    struct ajar_config view; /* first: the public pointer is this one */
    struct ajar_arena arena;
    struct build_tickets *sections[AJAR_MAX_TICKET_SECTIONS];
    size_t section_count;
    const char *targets[AJAR_MAX_CONFIG_TARGETS];

    struct ajar_config_faults *faults;
    const char *file;
    unsigned file_number; /* from 1 */
    uint64_t given;       /* single keys that this file gave: bits of the table's rows */
    enum build_section section;
    struct build_tickets *tickets; /* the one under way */
    bool no_memory;
};

void build_file(struct build *build, const char *file, struct ajar_span text);
/* Fills the public tables. */
void build_end(struct build *build);
/* A copy that lives as long as the configuration; "" without memory, which is noted. */
const char *build_copy(struct build *build, struct ajar_span text);

#endif
