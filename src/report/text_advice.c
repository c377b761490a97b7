/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

/* What is known of the release of an open target. Advice: it stands apart from the proof.
 */
enum
{
    FLAWS_SHOWN = 4 /* the JSON line has all of them, with their sources */
};

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

void text_block_advice(struct page *page, const struct ajar_visit_result *result)
{
    const struct ajar_flaw *flaws[AJAR_MAX_FLAWS];
    const struct ajar_evidence *evidence = result->evidence;
    uint32_t flags = result->verdict.flags;
    const char *since = NULL;
    bool first = true;
    size_t count = ajar_release_flaws(evidence->product, evidence->version, flags,
                                      result->verdict.exposure, flaws);
    if ((flags & AJAR_FLAG(END_OF_LIFE)) != 0 &&
        ajar_release_is_end_of_life(evidence->product, evidence->version, &since) &&
        since != NULL)
    {
        begin(page, &first);
        page_text(page, "end of life since ");
        page_text(page, since);
    }
    for (size_t i = 0; i < count && i < FLAWS_SHOWN; i++)
    {
        begin(page, &first);
        put_flaw(page, flaws[i]);
    }
    if (count > FLAWS_SHOWN)
    {
        begin(page, &first);
        page_text(page, "and ");
        page_count(page, count - FLAWS_SHOWN, "more flaw", "more flaws");
        page_text(page, ": --format jsonl names all, with sources");
    }
}
