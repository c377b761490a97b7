/* SPDX-License-Identifier: Apache-2.0 */
#include "worklist.h"

#include <stdlib.h>
#include <string.h>

#include "due.h"

int worklist_init(struct worklist *list, const struct ajar_scope *scope, bool with_ranges)
{
    unsigned column = 0;
    const char *what = NULL;
    memset(list, 0, sizeof *list);
    list->scope = scope;
    if (with_ranges)
    {
        list->range_hosts = ajar_scope_host_count(scope);
        list->targets = ajar_scope_target_count(scope);
    }
    return ajar_ports_parse(ajar_span_of(AJAR_DEFAULT_PORTS), list->default_ports,
                            &list->default_port_count, &column, &what);
}

void worklist_deinit(struct worklist *list)
{
    for (size_t i = 0; i < list->extra_count + list->extra_hidden; i++)
    {
        /* both were allocated here; the struct lends them read-only */
        free((void *)(uintptr_t)list->extra[i].name);
        free((void *)(uintptr_t)list->extra[i].ports);
    }
    free(list->extra);
    memset(list, 0, sizeof *list);
}

static struct work_host *find(struct worklist *list, const struct ajar_addr *addr,
                              const char *name)
{
    for (size_t i = 0; i < list->extra_count; i++)
    {
        struct work_host *host = &list->extra[i];
        bool same_name = (host->name == NULL) == (name == NULL) &&
                         (name == NULL || strcmp(host->name, name) == 0);
        if (same_name && ajar_addr_compare(&host->addr, addr) == 0)
        {
            return host;
        }
    }
    return NULL;
}

static int add_ports(struct worklist *list, struct work_host *host,
                     const struct ajar_port *ports, size_t count)
{
    struct ajar_port *grown = realloc((void *)(uintptr_t)host->ports,
                                      (host->port_count + count) * sizeof *grown);
    if (grown == NULL)
    {
        return AJAR_ENOMEM;
    }
    host->ports = grown;
    for (size_t i = 0; i < count; i++)
    {
        bool known = false;
        for (size_t k = 0; k < host->port_count && !known; k++)
        {
            known = grown[k].port == ports[i].port && grown[k].scheme == ports[i].scheme;
        }
        if (!known)
        {
            grown[host->port_count++] = ports[i];
            list->targets++;
        }
    }
    return AJAR_OK;
}

static struct work_host *append(struct worklist *list)
{
    if (list->extra_count == list->extra_cap)
    {
        size_t cap = list->extra_cap == 0 ? 16 : list->extra_cap * 2;
        struct work_host *grown = realloc(list->extra, cap * sizeof *grown);
        if (grown == NULL)
        {
            return NULL;
        }
        list->extra = grown;
        list->extra_cap = cap;
    }
    struct work_host *host = &list->extra[list->extra_count];
    memset(host, 0, sizeof *host);
    return host;
}

int worklist_add(struct worklist *list, const struct ajar_addr *addr, const char *name,
                 const struct ajar_section *section, const struct ajar_port *ports,
                 size_t port_count)
{
    if (port_count == 0)
    {
        ports = section != NULL ? section->ports : list->default_ports;
        port_count = section != NULL ? section->port_count : list->default_port_count;
    }
    struct work_host *host = find(list, addr, name);
    if (host == NULL)
    {
        host = append(list);
        if (host == NULL)
        {
            return AJAR_ENOMEM;
        }
        host->addr = *addr;
        host->section = section;
        if (name != NULL && (host->name = strdup(name)) == NULL)
        {
            return AJAR_ENOMEM;
        }
        list->extra_count++;
    }
    return add_ports(list, host, ports, port_count);
}

uint64_t worklist_hosts(const struct worklist *list)
{
    return list->range_hosts + list->extra_count;
}

void worklist_host_at(const struct worklist *list, uint64_t index, struct work_host *out)
{
    if (index >= list->range_hosts)
    {
        *out = list->extra[index - list->range_hosts];
        return;
    }
    memset(out, 0, sizeof *out);
    if (list->due != NULL)
    {
        index = due_nth(list->due, index);
    }
    AJAR_REQUIRE(ajar_scope_host_at(list->scope, index, &out->addr, &out->section) ==
                 AJAR_OK);
    out->ports = out->section != NULL ? out->section->ports : list->default_ports;
    out->port_count =
        out->section != NULL ? out->section->port_count : list->default_port_count;
}
