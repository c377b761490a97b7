/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/*
 * What is hashed is the flattened declaration: sections by name with owner and ports,
 * then who owns which addresses, exclusions and names, all sorted. So order, comments,
 * spelling (a CIDR or a pair) and files do not count, and what changes the space does:
 * also an approval that has lapsed, and a newer registry.
 */
struct hasher
{
    EVP_MD_CTX *context;
    bool failed;
};

static void put(struct hasher *hasher, const void *data, size_t len)
{
    if (EVP_DigestUpdate(hasher->context, data, len) != 1)
    {
        hasher->failed = true;
    }
}

/* With its NUL: "ab","c" is not "a","bc". */
static void put_text(struct hasher *hasher, const char *text)
{
    put(hasher, text, strlen(text) + 1);
}

static void put_range(struct hasher *hasher, const char *kind,
                      const struct ajar_addr *first, const struct ajar_addr *last,
                      const char *owner)
{
    put_text(hasher, kind);
    put(hasher, first->bytes, sizeof first->bytes);
    put(hasher, last->bytes, sizeof last->bytes);
    put_text(hasher, owner);
}

static int by_port(const void *left, const void *right)
{
    const struct ajar_port *a = left;
    const struct ajar_port *b = right;
    return (a->port > b->port) - (a->port < b->port);
}

static void put_section(struct hasher *hasher, const struct ajar_section *section)
{
    struct ajar_port ports[AJAR_MAX_PORTS_PER_SECTION];
    put_text(hasher, "section");
    put_text(hasher, section->id);
    put_text(hasher, section->owner);
    memcpy(ports, section->ports, section->port_count * sizeof *ports);
    qsort(ports, section->port_count, sizeof *ports, by_port);
    for (size_t i = 0; i < section->port_count; i++)
    {
        unsigned char bytes[3] = {(unsigned char)(ports[i].port >> 8),
                                  (unsigned char)(ports[i].port & 0xff), ports[i].scheme};
        put(hasher, bytes, sizeof bytes);
    }
}

static int by_id(const void *left, const void *right)
{
    const struct declared_section *const *a = left;
    const struct declared_section *const *b = right;
    return strcmp((*a)->shown.id, (*b)->shown.id);
}

static int put_sections(struct hasher *hasher, const struct declaration *declared)
{
    size_t count = declared->section_count;
    struct declared_section **sorted =
        calloc(count + 1, sizeof(struct declared_section *));
    if (sorted == NULL)
    {
        return AJAR_ENOMEM;
    }
    for (size_t i = 0; i < count; i++)
    {
        sorted[i] = declared->sections[i];
    }
    qsort(sorted, count, sizeof(struct declared_section *), by_id);
    for (size_t i = 0; i < count; i++)
    {
        put_section(hasher, &sorted[i]->shown);
    }
    free(sorted);
    return AJAR_OK;
}

static const char *kind_of(const struct segment *segment)
{
    static const char *const words[] = {"range", "loopback", "special", "unlisted"};
    return segment->line->section != NULL && segment->line->section->is_expired
               ? "expired"
               : words[segment->kind];
}

/* Neighbours of one owner and kind are one range: two /25 are a /24. */
static void put_segments(struct hasher *hasher, const struct segment_list *list,
                         bool is_exclusion)
{
    size_t i = 0;
    while (i < list->count)
    {
        const struct segment *first = &list->items[i];
        const char *kind = is_exclusion ? "exclude" : kind_of(first);
        const char *owner = is_exclusion ? "" : first->line->section->shown.id;
        struct ajar_addr last = first->last;
        for (i++; i < list->count; i++)
        {
            const struct segment *next = &list->items[i];
            struct ajar_addr after = ajar_addr_add(&last, 1);
            bool same = is_exclusion || (strcmp(kind_of(next), kind) == 0 &&
                                         next->line->section == first->line->section);
            if (!same || ajar_addr_compare(&after, &next->first) != 0)
            {
                break;
            }
            last = next->last;
        }
        put_range(hasher, kind, &first->first, &last, owner);
    }
}

static int by_name(const void *left, const void *right)
{
    const struct ajar_scope_host *a = left;
    const struct ajar_scope_host *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->section->id, b->section->id);
}

static int put_names(struct hasher *hasher, const struct declaration *declared)
{
    size_t count = declared->host_count;
    struct ajar_scope_host *sorted = calloc(count + 1, sizeof *sorted);
    if (sorted == NULL)
    {
        return AJAR_ENOMEM;
    }
    for (size_t i = 0; i < count; i++)
    {
        sorted[i] = declared->hosts[i];
    }
    qsort(sorted, count, sizeof *sorted, by_name);
    for (size_t i = 0; i < count; i++)
    {
        put_text(hasher, "host");
        put_text(hasher, sorted[i].name);
        put_text(hasher, sorted[i].section->id);
    }
    free(sorted);
    return AJAR_OK;
}

static int hash_scope(struct hasher *hasher, struct ajar_scope *scope)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (EVP_DigestInit_ex(hasher->context, EVP_sha256(), NULL) != 1)
    {
        return AJAR_ENOMEM;
    }
    put_text(hasher, "ajar scope 1");
    int status = put_sections(hasher, &scope->declared);
    put_segments(hasher, &scope->ranges, false);
    put_segments(hasher, &scope->exclusions, true);
    status = status == AJAR_OK ? put_names(hasher, &scope->declared) : status;
    if (status == AJAR_OK &&
        (hasher->failed || EVP_DigestFinal_ex(hasher->context, sum, &len) != 1))
    {
        status = AJAR_ENOMEM;
    }
    for (unsigned i = 0; status == AJAR_OK && i < len && i < 32; i++)
    {
        scope->digest[2 * i] = digits[sum[i] >> 4];
        scope->digest[2 * i + 1] = digits[sum[i] & 15];
    }
    return status;
}

int digest_build(struct ajar_scope *scope)
{
    struct hasher hasher = {EVP_MD_CTX_new(), false};
    if (hasher.context == NULL)
    {
        return AJAR_ENOMEM;
    }
    int status = hash_scope(&hasher, scope);
    EVP_MD_CTX_free(hasher.context);
    return status;
}

const char *ajar_scope_digest(const struct ajar_scope *scope)
{
    return scope->digest;
}
