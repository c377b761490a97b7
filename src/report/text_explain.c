/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

/*
 * How a verdict came about, short enough for a ticket: what was asked, the bytes that
 * decided, then the rules in the order in which they were asked. It stands for itself,
 * since it is what gets pasted.
 */
enum
{
    CHARS_PROOF = AJAR_MAX_PROOF,
    CHARS_WHY = 200
};

static void put_title(struct page *page, const struct ajar_target_record *record)
{
    char text[AJAR_ADDR_TEXT_MAX + 8];
    char time[32];
    const struct ajar_verdict *verdict = &record->result.verdict;
    ajar_addr_format_port(&record->addr, record->port, text);
    ajar_time_format(record->time_unix_ms, time);
    page_text(page, "WHY");
    page_tab(page, TEXT_INDENT);
    page_text(page, text);
    page_text(page, " is ");
    page_text(page, ajar_exposure_word(verdict->exposure));
    page_text(page, ", severity ");
    page_text(page, ajar_severity_word(verdict->severity));
    page_text(page, " (ajar ");
    page_text(page, record->run != NULL ? record->run->version : "");
    page_text(page, ", ");
    page_text(page, time);
    page_text(page, ")");
}

static void put_exchange(struct page *page, const struct ajar_exchange *exchange,
                         const char *proof)
{
    page_text(page, "GET ");
    text_path(page, exchange->path);
    page_text(page, " -> ");
    if (exchange->status == 0)
    {
        page_text(page, "no reply");
        return;
    }
    page_u64(page, exchange->status);
    page_text(page, ", ");
    page_text(page, ajar_reading_word((enum ajar_reading)exchange->reading));
    page_text(page, ": ");
    if (proof == NULL || proof[0] == '\0')
    {
        page_text(page, "an empty body");
    }
    page_peer(page, proof, CHARS_PROOF);
}

void text_block_explain(struct page *page, const struct ajar_target_record *record)
{
    const struct ajar_evidence *evidence = record->result.evidence;
    const struct ajar_trace *trace = evidence != NULL ? evidence->trace : NULL;
    put_title(page, record);
    for (size_t i = 0; trace != NULL && i < evidence->exchange_count; i++)
    {
        page_line(page, 2, i == 0 ? "asked" : "", TEXT_INDENT);
        put_exchange(page, &evidence->exchanges[i], trace->proofs[i]);
    }
    for (size_t i = 0; trace != NULL && i < trace->rule_count; i++)
    {
        const struct ajar_trace_rule *rule = &trace->rules[i];
        page_line(page, 2, i == 0 ? "rules" : "", TEXT_INDENT);
        page_text(page, rule->rule);
        page_text(page, rule->decided ? " -> " : " no: ");
        page_peer(page, rule->why, CHARS_WHY);
    }
    page_end(page);
}
