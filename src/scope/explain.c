/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include "special.h"

/*
 * One decision for permits, explanations and tests. In this order: an exclusion always
 * wins; special-purpose space is never scannable; private space must be listed by a range
 * of its own; the approval must be valid. Loopback that no file declares is owned.
 */
static enum ajar_ruling rule(const struct segment *segment,
                             const struct segment *exclusion,
                             const struct special_block *special)
{
    if (exclusion != NULL)
    {
        return AJAR_RULING_EXCLUDED;
    }
    if (segment == NULL)
    {
        if (special != NULL && special->class == SPECIAL_LOOPBACK)
        {
            return AJAR_RULING_LOOPBACK;
        }
        return special != NULL && special->class == SPECIAL_NEVER
                   ? AJAR_RULING_SPECIAL
                   : AJAR_RULING_UNDECLARED;
    }
    if (segment->kind == SEGMENT_NEVER)
    {
        return AJAR_RULING_SPECIAL;
    }
    if (segment->kind == SEGMENT_UNLISTED)
    {
        return AJAR_RULING_PRIVATE_UNLISTED;
    }
    if (segment->line->section->is_expired)
    {
        return AJAR_RULING_EXPIRED;
    }
    return segment->kind == SEGMENT_LOOPBACK ? AJAR_RULING_LOOPBACK : AJAR_RULING_OWNED;
}

enum ajar_ruling explain_ruling(const struct ajar_scope *scope,
                                const struct ajar_addr *addr,
                                const struct ajar_section **out_section)
{
    const struct segment *segment = segments_find(&scope->ranges, addr);
    const struct segment *exclusion = segments_find(&scope->exclusions, addr);
    /* the segment's kind knows the registry already */
    const struct special_block *special = segment == NULL ? special_find(addr) : NULL;
    *out_section = segment != NULL ? &segment->line->section->shown : NULL;
    return rule(segment, exclusion, special);
}

static void from_line(struct ajar_explanation *out, const struct declared *line)
{
    out->file = line->file;
    out->line = line->line;
    out->text = line->text;
}

static void from_registry(struct ajar_explanation *out,
                          const struct special_block *special)
{
    out->text = special->name;
    out->source = special->reference;
}

void ajar_scope_explain(const struct ajar_scope *scope, const struct ajar_addr *addr,
                        struct ajar_explanation *out)
{
    const struct segment *segment = segments_find(&scope->ranges, addr);
    const struct segment *exclusion = segments_find(&scope->exclusions, addr);
    const struct special_block *special = special_find(addr);
    struct ajar_explanation found = {.ruling = rule(segment, exclusion, special)};
    if (segment != NULL)
    {
        found.section = &segment->line->section->shown;
    }
    switch (found.ruling)
    {
    case AJAR_RULING_EXCLUDED:
        from_line(&found, exclusion->line);
        break;
    case AJAR_RULING_EXPIRED:
        found.file = found.section->file;
        found.line = segment->line->section->approval_line;
        found.text = found.section->approval;
        break;
    case AJAR_RULING_OWNED:
    case AJAR_RULING_PRIVATE_UNLISTED:
        from_line(&found, segment->line);
        found.source = special != NULL ? special->reference : NULL;
        break;
    case AJAR_RULING_LOOPBACK:
    case AJAR_RULING_SPECIAL:
        from_registry(&found, special);
        if (segment != NULL && found.ruling == AJAR_RULING_LOOPBACK)
        {
            from_line(&found, segment->line);
        }
        break;
    case AJAR_RULING_UNDECLARED:
    default:
        break;
    }
    *out = found;
}

const char *ajar_scope_registry_date(void)
{
    return special_date();
}
