/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "text.h"

/* What is known of the release of an open target. Advice: it stands apart from the proof,
 * and once for all targets that share it. */
enum
{
    FLAWS_SHOWN = 4 /* the JSON line has all of them, with their sources */
};

struct advice text_advice_of(const struct ajar_visit_result *result)
{
    struct advice advice = {0};
    const struct ajar_evidence *evidence = result->evidence;
    uint32_t flags = result->verdict.flags;
    if (evidence == NULL)
    {
        return advice;
    }
    if ((flags & AJAR_FLAG(END_OF_LIFE)) != 0)
    {
        (void)ajar_release_is_end_of_life(evidence->product, evidence->version,
                                          &advice.since);
    }
    advice.flaw_count = ajar_release_flaws(evidence->product, evidence->version, flags,
                                           result->verdict.exposure, advice.flaws);
    return advice;
}

static bool is_same(const struct advice *a, const struct advice *b)
{
    return a->since == b->since && a->flaw_count == b->flaw_count &&
           memcmp(a->flaws, b->flaws, a->flaw_count * sizeof(a->flaws[0])) == 0;
}

static bool seen(struct kept *const *sorted, size_t at, size_t *out_first)
{
    for (size_t i = 0; i < at; i++)
    {
        if (is_same(&sorted[i]->advice, &sorted[at]->advice))
        {
            *out_first = i;
            return true;
        }
    }
    return false;
}

/* The first words say how old the tables are. */
static void begin(struct page *page, bool *first)
{
    page_line(page, 2, *first ? "advice" : "", TEXT_INDENT);
    page_text(page, *first ? "as of " AJAR_ADVICE_AS_OF ": " : "");
    *first = false;
}

static void put_flaw(struct page *page, const struct ajar_flaw *flaw)
{
    page_text(page, flaw->id);
    page_text(page, ": a stranger can ");
    page_text(page, flaw->what);
    if (flaw->needs != NULL)
    {
        page_text(page, ", only if ");
        page_text(page, flaw->needs);
    }
    page_text(page, "; fixed in ");
    page_text(page, flaw->fixed_in);
}

static void put_whole(struct page *page, const struct advice *advice)
{
    bool first = true;
    if (advice->since != NULL)
    {
        begin(page, &first);
        page_text(page, "end of life since ");
        page_text(page, advice->since);
    }
    for (size_t i = 0; i < advice->flaw_count && i < FLAWS_SHOWN; i++)
    {
        begin(page, &first);
        put_flaw(page, advice->flaws[i]);
    }
    if (advice->flaw_count > FLAWS_SHOWN)
    {
        begin(page, &first);
        page_text(page, "and ");
        page_count(page, advice->flaw_count - FLAWS_SHOWN, "more flaw", "more flaws");
        page_text(page, ": --format jsonl names all, with sources");
    }
}

void text_put_advice(struct page *page, struct kept *const *sorted, size_t at)
{
    size_t first;
    const struct advice *advice = &sorted[at]->advice;
    if (advice->since == NULL && advice->flaw_count == 0)
    {
        return;
    }
    if (seen(sorted, at, &first))
    {
        page_line(page, 2, "advice", TEXT_INDENT);
        page_text(page, "as for ");
        text_address(page, sorted[first]);
        page_text(page, " above");
    }
    else
    {
        put_whole(page, advice);
    }
}
