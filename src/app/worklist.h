/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_WORKLIST_H
#define AJAR_APP_WORKLIST_H

#include "ajar/scope.h"

/*
 * What a run visits: hosts 0 .. count-1, first the owned ranges of the scope
 * (computed, not stored), then those given or resolved by name (stored, few).
 * It is not a permit: each address is asked for one when its turn comes.
 */
struct work_host
{
    struct ajar_addr addr;
    const char *name;                   /* NULL: none */
    const struct ajar_section *section; /* NULL: loopback that no file declares */
    const struct ajar_port *ports;
    size_t port_count;
};

struct due_set;

struct worklist
{
    const struct ajar_scope *scope;
    uint64_t range_hosts;      /* of the scope's, or of these only what is due */
    const struct due_set *due; /* NULL: all; borrowed */
    struct work_host *extra;   /* names and ports owned by the list */
    size_t extra_count;
    size_t extra_hidden; /* behind the count: not due */
    size_t extra_cap;
    uint64_t targets;
    struct ajar_port default_ports[AJAR_MAX_PORTS_PER_SECTION];
    size_t default_port_count;
};

/* with_ranges: visit what the scope declares (scan), or only what is added
 * (check). The scope is borrowed. */
int worklist_init(struct worklist *list, const struct ajar_scope *scope,
                  bool with_ranges) AJAR_MUST_CHECK;
void worklist_deinit(struct worklist *list);
/* Adds one address; name and ports are copied. port_count 0: the ports that its
 * section declares, or the default ones. A host that is there already gains the
 * ports. */
int worklist_add(struct worklist *list, const struct ajar_addr *addr, const char *name,
                 const struct ajar_section *section, const struct ajar_port *ports,
                 size_t port_count) AJAR_MUST_CHECK;
uint64_t worklist_hosts(const struct worklist *list);
void worklist_host_at(const struct worklist *list, uint64_t index, struct work_host *out);

#endif
