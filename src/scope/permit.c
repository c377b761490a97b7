/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include <stdlib.h>

/* Complete here alone: no other room can make one. */
struct ajar_permit
{
    const struct ajar_scope *scope;
    const struct ajar_section *section;
    struct ajar_addr addr;
    uint16_t port;
};

int ajar_scope_permit(const struct ajar_scope *scope, const struct ajar_addr *addr,
                      uint16_t port, struct ajar_permit **out)
{
    const struct ajar_section *section = NULL;
    enum ajar_ruling ruling = explain_ruling(scope, addr, &section);
    if (ruling != AJAR_RULING_OWNED && ruling != AJAR_RULING_LOOPBACK)
    {
        return AJAR_EREFUSED;
    }
    if (port == 0)
    {
        return AJAR_EINVAL;
    }
    struct ajar_permit *permit = malloc(sizeof *permit);
    if (permit == NULL)
    {
        return AJAR_ENOMEM;
    }
    *permit = (struct ajar_permit){scope, section, *addr, port};
    *out = permit;
    return AJAR_OK;
}

bool ajar_permit_is_valid(const struct ajar_permit *permit)
{
    return segments_find(&permit->scope->exclusions, &permit->addr) == NULL;
}

void ajar_permit_release(struct ajar_permit *permit)
{
    free(permit);
}

const struct ajar_addr *ajar_permit_addr(const struct ajar_permit *permit)
{
    return &permit->addr;
}

uint16_t ajar_permit_port(const struct ajar_permit *permit)
{
    return permit->port;
}

const struct ajar_section *ajar_permit_section(const struct ajar_permit *permit)
{
    return permit->section;
}
