/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "ajar/num.h"

#include "text.h"

/* Addresses named in one group; the rest is counted. */
#define GROUP_ADDRESSES 12
#define REASON_GROUPS 40

void text_address(struct page *page, const struct kept *kept)
{
    char text[AJAR_ADDR_TEXT_MAX + 8];
    ajar_addr_format_port(&kept->addr, kept->port, text);
    page_text(page, text);
}

static void put_addresses(struct page *page, struct kept *const *items, size_t count)
{
    for (size_t i = 0; i < count && i < GROUP_ADDRESSES; i++)
    {
        page_text(page, i == 0 ? "" : ", ");
        text_address(page, items[i]);
    }
    if (count > GROUP_ADDRESSES)
    {
        page_text(page, " and ");
        page_u64(page, count - GROUP_ADDRESSES);
        page_text(page, " more");
    }
}

/* Data sets: same fingerprint, same data; targets without one stand apart, by address. */
static int compare_data(const void *a, const void *b)
{
    const struct kept *left = *(struct kept *const *)a;
    const struct kept *right = *(struct kept *const *)b;
    if (left->fingerprint != right->fingerprint)
    {
        return left->fingerprint < right->fingerprint ? -1 : 1;
    }
    int order = ajar_addr_compare(&left->addr, &right->addr);
    return order != 0 ? order : (left->port > right->port) - (left->port < right->port);
}

static bool holds_data(const struct kept *kept)
{
    return kept->documents_known && kept->documents > 0;
}

/* How many items from `at` on are one data set; they stand sorted by compare_data. */
static size_t data_run(struct kept *const *items, size_t count, size_t at)
{
    size_t len = 1;
    while (items[at]->fingerprint != 0 && at + len < count &&
           items[at + len]->fingerprint == items[at]->fingerprint)
    {
        len++;
    }
    return len;
}

static uint64_t servers_of(struct kept *const *items, size_t count)
{
    uint64_t servers = 1;
    for (size_t i = 1; i < count; i++)
    {
        servers += ajar_addr_compare(&items[i - 1]->addr, &items[i]->addr) != 0 ? 1 : 0;
    }
    return servers;
}

static void put_copies(struct page *page, struct kept *const *items, size_t count)
{
    uint64_t servers = servers_of(items, count);
    page_hang(page, 2, 4);
    page_text(page, "one data set of ");
    page_count(page, items[0]->documents, "document", "documents");
    page_text(page, " on ");
    page_count(page, servers, "server", "servers");
    if (servers < count)
    {
        page_text(page, " (");
        page_u64(page, count);
        page_text(page, " targets)");
    }
    page_text(page, ": ");
    put_addresses(page, items, count);
    page_end(page);
}

static void put_sum(struct page *page, const struct ajar_text_report *report,
                    uint64_t documents, uint64_t sets, bool at_least)
{
    page_hang(page, 2, 4);
    page_text(page, at_least ? "readable by a stranger: at least "
                             : "readable by a stranger: ");
    page_count(page, documents, "document", "documents");
    page_text(page, " in ");
    page_count(page, sets, "data set", "data sets");
    page_text(page, " (copies counted once)");
    page_text(page, report->open.dropped > 0 ? ", unlisted targets not included" : "");
    page_end(page);
}

void text_end_data(struct page *page, const struct ajar_text_report *report,
                   struct kept *const *sorted)
{
    size_t count = 0;
    struct kept **items = calloc(report->open.count + 1, sizeof(struct kept *));
    if (items == NULL)
    {
        page->out->failed = true;
        return;
    }
    for (size_t i = 0; i < report->open.count; i++)
    {
        if (holds_data(sorted[i]))
        {
            items[count++] = sorted[i];
        }
    }
    if (count > 0)
    {
        qsort(items, count, sizeof(struct kept *), compare_data);
        page_text(page, "Data");
        page_end(page);
    }
    uint64_t documents = 0;
    uint64_t sets = 0;
    bool at_least = report->open.dropped > 0;
    for (size_t at = 0, len; at < count; at += len)
    {
        len = data_run(items, count, at);
        documents = ajar_num_add(documents, items[at]->documents);
        at_least = at_least || items[at]->lower_bound;
        sets++;
        if (len > 1)
        {
            put_copies(page, items + at, len);
        }
    }
    if (count > 0)
    {
        put_sum(page, report, documents, sets, at_least);
        page_blank(page);
    }
    free(items);
}

/* Inconclusive targets: same outcome, same reason, one group. */
static int compare_reason(const void *a, const void *b)
{
    const struct kept *left = *(struct kept *const *)a;
    const struct kept *right = *(struct kept *const *)b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = left->outcome < right->outcome ? -1 : left->outcome > right->outcome;
    order = order != 0 ? order : memcmp(left->text, right->text, len);
    order = order != 0 ? order : (left->len > right->len) - (left->len < right->len);
    return order != 0 ? order : text_order(left, right);
}

static bool same_reason(const struct kept *a, const struct kept *b)
{
    return a->outcome == b->outcome && a->len == b->len &&
           memcmp(a->text, b->text, a->len) == 0;
}

static void put_group(struct page *page, struct kept *const *items, size_t count)
{
    page_hang(page, 2, 4);
    page_text(page, ajar_outcome_word(items[0]->outcome));
    page_text(page, ": ");
    page_span(page, (struct ajar_span){items[0]->text, items[0]->len});
    page_hang(page, 4, 6);
    put_addresses(page, items, count);
    page_end(page);
}

static void put_groups(struct page *page, struct kept *const *items, size_t count)
{
    size_t groups = 0;
    size_t at = 0;
    while (at < count && groups < REASON_GROUPS)
    {
        size_t len = 1;
        while (at + len < count && same_reason(items[at], items[at + len]))
        {
            len++;
        }
        put_group(page, items + at, len);
        at += len;
        groups++;
    }
    if (at < count)
    {
        page_hang(page, 2, 4);
        page_text(page, "and ");
        page_u64(page, count - at);
        page_text(page, " more for other reasons");
        page_end(page);
    }
}

void text_end_unsure(struct page *page, const struct ajar_text_report *report)
{
    const struct kept_list *list = &report->unsure;
    if (list->count + list->dropped == 0)
    {
        return;
    }
    struct kept **items = calloc(list->count + 1, sizeof(struct kept *));
    if (items == NULL)
    {
        page->out->failed = true;
        return;
    }
    page_hang(page, 0, 2);
    page_text(page, "Could not be told (");
    page_count(page, list->count + list->dropped, "target", "targets");
    page_text(page, "; not safe until a later run says so)");
    page_end(page);
    if (list->count > 0)
    {
        memcpy(items, list->items, list->count * sizeof(struct kept *));
        qsort(items, list->count, sizeof(struct kept *), compare_reason);
    }
    put_groups(page, items, list->count);
    if (list->dropped > 0)
    {
        page_hang(page, 2, 4);
        page_u64(page, list->dropped);
        page_text(page, " more not listed: --format jsonl lists every target");
    }
    page_blank(page);
    free(items);
}

void text_end_rest(struct page *page, const struct ajar_text_report *report)
{
    const struct kept_list *list = &report->rest;
    if (list->count == 0)
    {
        return;
    }
    page_text(page, "Not open");
    page_end(page);
    for (size_t i = 0; i < list->count; i++)
    {
        (void)ajar_buf_append(page->out, list->items[i]->text, list->items[i]->len);
    }
    if (list->dropped > 0)
    {
        page_u64(page, list->dropped);
        page_text(page, " more not listed: --format jsonl lists every target");
    }
    page_blank(page);
}

static void put_tally(struct page *page, bool *first, uint64_t value, const char *word)
{
    if (value > 0)
    {
        page_text(page, *first ? "" : ", ");
        page_u64(page, value);
        page_glue(page);
        page_text(page, word);
        *first = false;
    }
}

static uint64_t visited(const struct ajar_run_totals *totals)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        sum = ajar_num_add(sum, totals->by_outcome[i]);
    }
    return sum;
}

static void put_tallies(struct page *page, const struct ajar_run_totals *totals)
{
    bool first = true;
    page_line(page, 2, "exposure", TEXT_INDENT);
    for (unsigned i = AJAR_EXPOSURE_COUNT; i > 0; i--) /* the most open first */
    {
        put_tally(page, &first, totals->by_exposure[i - 1],
                  ajar_exposure_word((enum ajar_exposure)(i - 1)));
    }
    page_text(page, first ? "none" : "");
    first = true;
    page_line(page, 2, "outcome", TEXT_INDENT);
    for (unsigned i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        put_tally(page, &first, totals->by_outcome[i],
                  ajar_outcome_word((enum ajar_outcome)i));
    }
    page_text(page, first ? "none" : "");
}

void text_end_coverage(struct page *page, const struct ajar_run_info *run,
                       const struct ajar_run_totals *totals)
{
    page_text(page, "Coverage");
    page_line(page, 2, "targets", TEXT_INDENT);
    page_u64(page, run->targets);
    page_text(page, ": ");
    page_u64(page, visited(totals));
    page_text(page, " visited, ");
    page_u64(page, totals->not_visited);
    page_text(page, " not visited; besides, ");
    page_u64(page, run->excluded);
    page_text(page, " excluded by the targets files");
    put_tallies(page, totals);
    page_line(page, 2, "requests", TEXT_INDENT);
    page_count(page, totals->requests, "request", "requests");
    page_text(page, " sent in ");
    page_ms(page, totals->duration_ms);
    page_line(page, 2, "run", TEXT_INDENT);
    page_peer(page, run->id, 60);
    page_text(page, ", seed ");
    char seed[21] = {0};
    ajar_num_render(run->seed, seed); /* to be typed again: without commas */
    page_text(page, seed);
    page_text(page, ", ajar ");
    page_peer(page, run->version, 40);
    page_blank(page);
}

static uint64_t open_total(const struct ajar_run_totals *totals)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < AJAR_EXPOSURE_COUNT; i++)
    {
        sum += ajar_exposure_is_open((enum ajar_exposure)i) ? totals->by_exposure[i] : 0;
    }
    return sum;
}

static void put_open(struct page *page, const struct ajar_text_report *report,
                     const struct ajar_run_info *run, uint64_t open)
{
    enum ajar_severity worst = AJAR_SEVERITY_NONE;
    for (size_t i = 0; i < report->open.count; i++)
    {
        const struct kept *kept = report->open.items[i];
        worst = kept->severity > worst ? kept->severity : worst;
    }
    page_u64(page, open);
    page_text(page, " of ");
    page_count(page, run->targets, "target", "targets");
    page_text(page, open == 1 ? " stands open: severity " : " stand open: the worst is ");
    text_severity(page, worst, report->style.color);
    page_text(page, ".");
    if (report->expected_open > 0)
    {
        page_text(page, " ");
        page_u64(page, report->expected_open);
        page_text(page, " of them declared as meant to be open.");
    }
}

static void put_none_open(struct page *page, const struct ajar_run_info *run,
                          const struct ajar_run_totals *totals)
{
    uint64_t unsure = totals->by_exposure[AJAR_EXPOSURE_INCONCLUSIVE];
    uint64_t silent = totals->by_exposure[AJAR_EXPOSURE_UNREACHABLE];
    uint64_t seen = visited(totals);
    if (seen == 0)
    {
        page_text(page, "No target was visited: nothing is known.");
        return;
    }
    if (unsure == 0 && silent == seen)
    {
        page_text(page,
                  "No target answered: nothing is reachable from this machine, which "
                  "says nothing about other networks.");
        return;
    }
    page_text(page, "No target was found open: of ");
    page_count(page, run->targets, "target", "targets");
    page_text(page, ", ");
    page_u64(page, seen - (silent < seen ? silent : seen));
    page_text(page, " answered or connected and ");
    page_u64(page, silent);
    page_text(page, " could not be reached from here.");
}

void text_end_sentence(struct page *page, const struct ajar_text_report *report,
                       const struct ajar_run_info *run,
                       const struct ajar_run_totals *totals)
{
    uint64_t open = open_total(totals);
    uint64_t unsure = totals->by_exposure[AJAR_EXPOSURE_INCONCLUSIVE];
    if (!totals->complete)
    {
        page_code(page, report->style.color ? "\x1b[1;33m" : "");
        page_text(page, "INCOMPLETE:");
        page_code(page, report->style.color ? "\x1b[0m" : "");
        page_text(page, " the run ended before all was seen; ");
        page_u64(page, totals->not_visited);
        page_text(page, " of ");
        page_count(page, run->targets, "target was", "targets were");
        page_text(page, " not visited. What is not listed here is not known to be safe.");
        page_end(page);
    }
    if (open > 0)
    {
        put_open(page, report, run, open);
    }
    else
    {
        put_none_open(page, run, totals);
    }
    if (unsure > 0)
    {
        page_text(page, " ");
        page_u64(page, unsure);
        page_text(page, " could not be told and must not be taken as safe.");
    }
    page_end(page);
}
