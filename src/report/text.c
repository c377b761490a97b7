/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "text.h"

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int text_order(const struct kept *a, const struct kept *b)
{
    int order = compare_u64(a->expected, b->expected);
    order = order != 0 ? order : compare_u64(b->severity, a->severity);
    order = order != 0 ? order : compare_u64(b->exposure, a->exposure);
    order = order != 0 ? order : compare_u64(b->documents, a->documents);
    order = order != 0 ? order : ajar_addr_compare(&a->addr, &b->addr);
    return order != 0 ? order : compare_u64(a->port, b->port);
}

static void swap(struct kept **a, struct kept **b)
{
    struct kept *other = *a;
    *a = *b;
    *b = other;
}

/* The last item goes up to its place: a parent is milder than its children. */
static void heap_up(struct kept **items, size_t at)
{
    while (at > 0 && text_order(items[at], items[(at - 1) / 2]) > 0)
    {
        swap(&items[at], &items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void heap_down(struct kept **items, size_t count)
{
    size_t at = 0;
    for (;;)
    {
        size_t mildest = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
        {
            if (text_order(items[child], items[mildest]) > 0)
            {
                mildest = child;
            }
        }
        if (mildest == at)
        {
            return;
        }
        swap(&items[at], &items[mildest]);
        at = mildest;
    }
}

static int list_grow(struct kept_list *list)
{
    size_t cap = list->cap == 0 ? 16 : list->cap * 2;
    cap = cap > list->max ? list->max : cap;
    struct kept **items = realloc(list->items, cap * sizeof(struct kept *));
    if (items == NULL)
    {
        return AJAR_ENOMEM;
    }
    list->items = items;
    list->cap = cap;
    return AJAR_OK;
}

/* Takes the item, also when it is dropped. */
static int list_take(struct kept_list *list, struct kept *item)
{
    if (list->count == list->max)
    {
        list->dropped++;
        if (list->ordered && list->max > 0 && text_order(item, list->items[0]) < 0)
        {
            swap(&item, &list->items[0]);
            heap_down(list->items, list->count);
        }
        free(item);
        return AJAR_OK;
    }
    if (list->count == list->cap && list_grow(list) != AJAR_OK)
    {
        free(item);
        return AJAR_ENOMEM;
    }
    list->items[list->count++] = item;
    if (list->ordered)
    {
        heap_up(list->items, list->count - 1);
    }
    return AJAR_OK;
}

static void list_deinit(struct kept_list *list)
{
    for (size_t i = 0; i < list->count; i++)
    {
        free(list->items[i]);
    }
    free(list->items);
}

int ajar_text_new(const struct ajar_text_style *style, size_t keep,
                  struct ajar_text_report **out)
{
    struct ajar_text_report *report = calloc(1, sizeof(*report));
    if (report == NULL)
    {
        return AJAR_ENOMEM;
    }
    report->style = *style;
    report->style.columns = style->columns < 60 ? 60 : style->columns;
    report->open.ordered = report->why.ordered = true;
    report->open.max = report->unsure.max = report->rest.max = keep;
    report->why.max = keep;
    *out = report;
    return AJAR_OK;
}

void ajar_text_free(struct ajar_text_report *report)
{
    if (report == NULL)
    {
        return;
    }
    list_deinit(&report->open);
    list_deinit(&report->unsure);
    list_deinit(&report->rest);
    list_deinit(&report->why);
    free(report);
}

static void describe(struct kept *kept, const struct ajar_target_record *record)
{
    const struct ajar_visit_result *result = &record->result;
    const struct ajar_evidence *evidence = result->evidence;
    struct facts_volume volume = facts_volume_of(evidence);
    kept->addr = record->addr;
    kept->port = record->port;
    kept->outcome = result->outcome;
    kept->exposure = result->verdict.exposure;
    kept->severity = result->verdict.severity;
    kept->expected = record->expect != NULL;
    kept->documents_known = volume.documents_known;
    kept->lower_bound = volume.lower_bound;
    kept->documents = volume.documents;
    if (evidence != NULL)
    {
        kept->fingerprint = evidence->indices.fingerprint;
        kept->product = evidence->product;
    }
    if (ajar_exposure_is_open(kept->exposure))
    {
        kept->remedy = ajar_remedy(
            kept->product, evidence != NULL ? evidence->version : NULL, kept->exposure);
        kept->advice = text_advice_of(result);
    }
}

static int keep(struct kept_list *list, const struct ajar_target_record *record,
                struct ajar_buf *text)
{
    static const char cut[] = " ... (cut)";
    bool whole = !text->failed;
    if (text->failed && text->len == 0)
    {
        return AJAR_ENOMEM;
    }
    size_t more = whole ? 0 : sizeof(cut) - 1;
    struct kept *kept = calloc(1, sizeof(*kept) + text->len + more);
    if (kept == NULL)
    {
        return AJAR_ENOMEM;
    }
    describe(kept, record);
    kept->len = text->len + more;
    if (text->len > 0)
    {
        memcpy(kept->text, text->data, text->len);
    }
    memcpy(kept->text + text->len, cut, more);
    return list_take(list, kept);
}

static int add_why(struct ajar_text_report *report,
                   const struct ajar_target_record *record)
{
    const struct ajar_evidence *evidence = record->result.evidence;
    if (!report->style.explain || evidence == NULL || evidence->trace == NULL)
    {
        return AJAR_OK;
    }
    struct ajar_buf text;
    ajar_buf_init(&text, TEXT_BLOCK_MAX);
    struct page page = {.out = &text, .columns = report->style.columns};
    text_block_explain(&page, record);
    int status = keep(&report->why, record, &text);
    ajar_buf_deinit(&text);
    return status;
}

static int add_verdict(struct ajar_text_report *report,
                       const struct ajar_target_record *record)
{
    enum ajar_exposure exposure = record->result.verdict.exposure;
    bool open = ajar_exposure_is_open(exposure);
    struct kept_list *list = open                                     ? &report->open
                             : exposure == AJAR_EXPOSURE_INCONCLUSIVE ? &report->unsure
                                                                      : &report->rest;
    if (list == &report->rest && !report->style.verbose)
    {
        return AJAR_OK;
    }
    report->expected_open += open && record->expect != NULL ? 1 : 0;
    struct ajar_buf text;
    ajar_buf_init(&text, TEXT_BLOCK_MAX);
    struct page page = {.out = &text, .columns = report->style.columns};
    if (list == &report->open)
    {
        text_block_open(&page, record, report->style.color);
    }
    else if (list == &report->unsure)
    {
        page.columns = TEXT_BLOCK_MAX; /* set into lines later, behind its targets */
        text_block_reason(&page, record);
    }
    else
    {
        text_block_line(&page, record);
    }
    int status = keep(list, record, &text);
    ajar_buf_deinit(&text);
    return status;
}

int ajar_text_add(struct ajar_text_report *report,
                  const struct ajar_target_record *record)
{
    int status = add_why(report, record);
    return status == AJAR_OK ? add_verdict(report, record) : status;
}

static int compare_kept(const void *a, const void *b)
{
    return text_order(*(struct kept *const *)a, *(struct kept *const *)b);
}

static bool remedy_seen(struct kept *const *sorted, size_t at, size_t *out_first)
{
    for (size_t i = 0; i < at; i++)
    {
        if (sorted[i]->remedy == sorted[at]->remedy)
        {
            *out_first = i;
            return true;
        }
    }
    return false;
}

/* The remedy once for all targets that share it, then how to see that it worked. */
static void put_remedy(struct page *page, struct kept *const *sorted, size_t at)
{
    size_t first;
    const char *const *lines = sorted[at]->remedy;
    if (lines != NULL && lines[0] != NULL)
    {
        page_line(page, 2, "close it", TEXT_INDENT);
        if (remedy_seen(sorted, at, &first))
        {
            page_text(page, "as for ");
            text_address(page, sorted[first]);
            page_text(page, " above");
            lines = NULL;
        }
        for (size_t i = 0; lines != NULL && lines[i] != NULL; i++)
        {
            if (i > 0)
            {
                page_line(page, TEXT_INDENT, "", TEXT_INDENT);
            }
            page_text(page, lines[i]);
        }
    }
    page_line(page, 2, "check", TEXT_INDENT);
    page_text(page, "ajar check ");
    text_address(page, sorted[at]);
    page_end(page);
}

static void put_table(struct page *page, const struct ajar_text_report *report,
                      struct kept *const *sorted)
{
    for (size_t i = 0; i < report->open.count; i++)
    {
        (void)ajar_buf_append(page->out, sorted[i]->text, sorted[i]->len);
        if (sorted[i]->len > 0 && sorted[i]->text[sorted[i]->len - 1] != '\n')
        {
            page_blank(page);
        }
        text_put_advice(page, sorted, i);
        put_remedy(page, sorted, i);
        page_blank(page);
    }
    if (report->open.dropped > 0)
    {
        page_u64(page, report->open.dropped);
        page_text(page, report->open.dropped == 1 ? " more target stands open and is"
                                                  : " more targets stand open and are");
        page_text(page, " not listed: these are the worst ");
        page_u64(page, report->open.count);
        page_text(page, ". --format jsonl lists every target.");
        page_blank(page);
    }
}

static void put_whys(struct page *page, const struct kept_list *why,
                     struct kept *const *sorted)
{
    for (size_t i = 0; i < why->count; i++)
    {
        (void)ajar_buf_append(page->out, sorted[i]->text, sorted[i]->len);
        page_blank(page);
    }
    if (why->dropped > 0)
    {
        page_u64(page, why->dropped);
        page_text(page, " more explanations are left out: --format jsonl has them all.");
        page_blank(page);
    }
}

/* The list worst first; NULL when memory is out. Free it. */
static struct kept **sort_list(const struct kept_list *list)
{
    struct kept **sorted = calloc(list->count + 1, sizeof(struct kept *));
    if (sorted != NULL && list->count > 0)
    {
        memcpy(sorted, list->items, list->count * sizeof(struct kept *));
        qsort(sorted, list->count, sizeof(struct kept *), compare_kept);
    }
    return sorted;
}

int ajar_text_render(const struct ajar_text_report *report,
                     const struct ajar_run_info *run,
                     const struct ajar_run_totals *totals, struct ajar_buf *out)
{
    struct page page = {.out = out, .columns = report->style.columns};
    struct kept **sorted = sort_list(&report->open);
    struct kept **whys = sort_list(&report->why);
    if (sorted == NULL || whys == NULL)
    {
        free(sorted);
        free(whys);
        return AJAR_ENOMEM;
    }
    put_table(&page, report, sorted);
    put_whys(&page, &report->why, whys);
    free(whys);
    text_end_data(&page, report, sorted);
    text_end_unsure(&page, report);
    text_end_rest(&page, report);
    text_end_coverage(&page, run, totals);
    text_end_sentence(&page, report, run, totals);
    free(sorted);
    return out->failed ? AJAR_ELIMIT : AJAR_OK;
}
