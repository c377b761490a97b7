/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

/* What the field names of an open target look like, in words. */
enum
{
    CHARS_FIELD = 80
};

static void put_kinds(struct page *page, const struct ajar_sensitivity_facts *facts)
{
    bool any = false;
    for (unsigned i = 0; i < AJAR_KIND_COUNT; i++)
    {
        if ((facts->kinds & 1u << i) != 0)
        {
            page_text(page, any ? ", " : "");
            page_text(page, ajar_kind_text((enum ajar_kind)i));
            any = true;
            if (facts->examples[i] != NULL)
            {
                page_text(page, " (");
                page_peer(page, facts->examples[i], CHARS_FIELD);
                page_text(page, ")");
            }
        }
    }
    page_text(page, any ? "" : "nothing personal or secret, by its field names");
}

/* Fields of a template that lists them whether used or not. */
static void put_template(struct page *page, const struct ajar_sensitivity_facts *facts)
{
    if (facts->template_name == NULL)
    {
        return;
    }
    page_text(page, facts->kinds_possible == 0 ? "; some stand in fields" : "; ");
    const char *join = "";
    for (unsigned i = 0; i < AJAR_KIND_COUNT; i++)
    {
        if ((facts->kinds_possible & 1u << i) != 0)
        {
            page_text(page, join);
            page_text(page, ajar_kind_text((enum ajar_kind)i));
            join = ", ";
        }
    }
    page_text(page, facts->kinds_possible == 0 ? "" : " only possible: in fields");
    page_text(page, " of the ECS template, which lists them whether used or not");
}

static void put_unredacted(struct page *page, const struct ajar_sensitivity_facts *facts)
{
    page_line(page, 2, "redaction", TEXT_INDENT);
    page_text(page, "is in use, but these have no redacted twin: ");
    for (size_t i = 0; i < facts->unredacted_count; i++)
    {
        page_text(page, i == 0 ? "" : ", ");
        page_peer(page, facts->unredacted[i], CHARS_FIELD);
    }
    page_text(page, facts->unredacted_more ? " and others" : "");
}

void text_block_sensitivity(struct page *page, const struct ajar_sensitivity_facts *facts)
{
    if (facts->indices_looked_at == 0)
    {
        return;
    }
    page_line(page, 2, "data", TEXT_INDENT);
    page_text(page, "looks like: ");
    put_kinds(page, facts);
    page_text(page, "; sensitivity ");
    page_text(page, ajar_sensitivity_word(ajar_sensitivity_level_of(facts->score)));
    page_text(page, ", by the field names of ");
    page_count(page, facts->indices_looked_at, "index", "indices");
    put_template(page, facts);
    if (facts->unredacted_count > 0)
    {
        put_unredacted(page, facts);
    }
}
