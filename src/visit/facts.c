/* SPDX-License-Identifier: Apache-2.0 */
#include "visit_private.h"

#include <string.h>

static char *copy_text(struct ajar_arena *arena, const char *text)
{
    return text != NULL ? ajar_arena_copy(arena, ajar_span_of(text)) : NULL;
}

const struct ajar_tls_facts *facts_copy(struct ajar_arena *arena,
                                        const struct ajar_tls_facts *tls)
{
    struct ajar_tls_facts *copy =
        tls != NULL ? ajar_arena_alloc(arena, sizeof *copy) : NULL;
    if (copy == NULL)
    {
        return NULL;
    }
    memcpy(copy->version, tls->version, sizeof copy->version);
    memcpy(copy->sha256, tls->sha256, sizeof copy->sha256);
    memcpy(copy->not_after, tls->not_after, sizeof copy->not_after);
    copy->subject = copy_text(arena, tls->subject);
    copy->issuer = copy_text(arena, tls->issuer);
    for (size_t i = 0; i < tls->name_count && i < AJAR_MAX_TLS_NAMES; i++)
    {
        char *name = copy_text(arena, tls->names[i]);
        if (name != NULL)
        {
            copy->names[copy->name_count++] = name;
        }
    }
    return copy;
}

enum ajar_outcome facts_outcome_of_end(enum ajar_link_end why)
{
    switch (why)
    {
    case AJAR_LINK_REFUSED:
        return AJAR_OUTCOME_REFUSED;
    case AJAR_LINK_TIMEOUT:
        return AJAR_OUTCOME_TIMEOUT_CONNECT;
    case AJAR_LINK_RESET:
        return AJAR_OUTCOME_RESET;
    case AJAR_LINK_EOF:
        return AJAR_OUTCOME_CLOSED;
    case AJAR_LINK_TLS_FAILED:
    case AJAR_LINK_TLS_NOT_SPOKEN:
        return AJAR_OUTCOME_TLS_FAILED;
    case AJAR_LINK_HOST_UNREACHABLE:
        return AJAR_OUTCOME_HOST_UNREACHABLE;
    case AJAR_LINK_NET_UNREACHABLE:
        return AJAR_OUTCOME_NET_UNREACHABLE;
    case AJAR_LINK_LOCAL_RESOURCE:
        break;
    }
    return AJAR_OUTCOME_LOCAL_RESOURCE;
}

const char *facts_authority(struct ajar_arena *arena,
                            const struct ajar_visit_target *target, bool tls)
{
    uint16_t port = ajar_permit_port(target->permit);
    bool is_default = port == (tls ? 443 : 80);
    const struct ajar_addr *addr = ajar_permit_addr(target->permit);
    if (target->name != NULL && target->name[0] != '\0')
    {
        return is_default ? target->name
                          : ajar_arena_printf(arena, "%s:%u", target->name, port);
    }
    char text[AJAR_ADDR_TEXT_MAX + 8];
    size_t len = ajar_addr_format_port(addr, port, text);
    if (is_default)
    {
        char *colon = strrchr(text, ':');
        len = (size_t)(colon - text);
    }
    return ajar_arena_copy(arena, (struct ajar_span){text, len});
}
