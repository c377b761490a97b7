/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "facts.h"
#include "text.h"

/* Characters of peer text that a person is shown of each kind. */
enum
{
    CHARS_VERSION = 40,
    CHARS_NAME = 60,
    CHARS_PATH = 60,
    CHARS_SUBJECT = 100,
    CHARS_REASON = 200,
    CHARS_OWNER = 80
};

void text_severity(struct page *page, enum ajar_severity severity, bool color)
{
    /* bold red, red, yellow, cyan; NONE stays plain */
    static const char *const codes[AJAR_SEVERITY_COUNT] = {
        [AJAR_SEVERITY_NONE] = "",
        [AJAR_SEVERITY_LOW] = "\x1b[36m",
        [AJAR_SEVERITY_MEDIUM] = "\x1b[33m",
        [AJAR_SEVERITY_HIGH] = "\x1b[31m",
        [AJAR_SEVERITY_CRITICAL] = "\x1b[1;31m",
    };
    char word[16] = {0};
    const char *lower = ajar_severity_word(severity);
    for (size_t i = 0; lower[i] != '\0' && i + 1 < sizeof(word); i++)
    {
        word[i] = (char)(lower[i] - 'a' + 'A');
    }
    bool painted = color && codes[severity][0] != '\0';
    page_code(page, painted ? codes[severity] : "");
    page_text(page, word);
    page_code(page, painted ? "\x1b[0m" : "");
}

/* A piece that is made of several parts is set on a page of its own, so that it can be
 * moved to the next line as a whole. */
static struct page scratch(struct ajar_buf *buf)
{
    ajar_buf_init(buf, TEXT_BLOCK_MAX);
    return (struct page){.out = buf, .columns = TEXT_BLOCK_MAX};
}

static void put_scratch(struct page *page, struct ajar_buf *buf)
{
    page_piece(page, buf->data != NULL ? buf->data : "");
    page->out->failed = page->out->failed || buf->failed;
    ajar_buf_deinit(buf);
}

static void put_address(struct page *page, const struct ajar_target_record *record)
{
    char text[AJAR_ADDR_TEXT_MAX + 8];
    ajar_addr_format_port(&record->addr, record->port, text);
    page_piece(page, text);
}

static void put_product(struct page *page, const struct ajar_evidence *evidence)
{
    struct ajar_buf buf;
    struct page piece = scratch(&buf);
    page_text(&piece, evidence->product != NULL ? evidence->product : "unknown product");
    if (evidence->version != NULL)
    {
        page_text(&piece, " ");
        page_peer(&piece, evidence->version, CHARS_VERSION);
    }
    put_scratch(page, &buf);
}

/* "at least 250,000,012 documents in 12 indices, 85.0 GiB" */
static void put_volume(struct page *page, const struct ajar_evidence *evidence)
{
    struct facts_volume volume = facts_volume_of(evidence);
    struct ajar_buf buf;
    struct page piece = scratch(&buf);
    if (volume.documents_known)
    {
        page_text(&piece, volume.lower_bound ? "at least " : "");
        page_count(&piece, volume.documents, "document", "documents");
    }
    if (volume.list)
    {
        /* hostile figures may not add up; never wrap below zero */
        uint64_t count = evidence->indices.count;
        uint64_t system = evidence->indices.system;
        page_text(&piece, volume.documents_known ? " in " : "");
        page_count(&piece, count > system ? count - system : 0, "index", "indices");
    }
    if (volume.bytes_known)
    {
        page_text(&piece, ", ");
        page_bytes(&piece, volume.bytes);
    }
    put_scratch(page, &buf);
}

static void put_head(struct page *page, const struct ajar_target_record *record,
                     bool color)
{
    struct ajar_buf buf;
    const struct ajar_verdict *verdict = &record->result.verdict;
    text_severity(page, verdict->severity, color);
    page_tab(page, TEXT_INDENT);
    put_address(page, record);
    if (record->expect != NULL)
    {
        page_piece(page, "(expected open)");
    }
    if (record->result.evidence != NULL)
    {
        put_product(page, record->result.evidence);
    }
    struct page level = scratch(&buf);
    page_text(&level, "open: ");
    page_text(&level, ajar_exposure_word(verdict->exposure));
    put_scratch(page, &buf);
    if (record->result.evidence != NULL)
    {
        put_volume(page, record->result.evidence);
    }
    struct page owner = scratch(&buf);
    page_peer(&owner, record->owner, CHARS_OWNER);
    put_scratch(page, &buf);
}

static void show_banner(struct page *page, const struct ajar_evidence *evidence)
{
    page_text(page, "the banner");
    if (evidence->node_name != NULL)
    {
        page_text(page, " of node \"");
        page_peer(page, evidence->node_name, CHARS_NAME);
        page_text(page, "\"");
    }
    if (evidence->cluster_name != NULL)
    {
        page_text(page, ", cluster \"");
        page_peer(page, evidence->cluster_name, CHARS_NAME);
        page_text(page, "\"");
    }
}

static void show_health(struct page *page, const struct ajar_evidence *evidence)
{
    page_text(page, "the cluster's health");
    if (evidence->cluster_status != NULL)
    {
        page_text(page, ": ");
        page_text(page, evidence->cluster_status);
    }
    if (evidence->health_known)
    {
        page_text(page, ", ");
        page_count(page, evidence->nodes, "node", "nodes");
    }
}

static void show_list(struct page *page, const struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    page_text(page,
              indices->truncated ? "the index list, cut: at least " : "the index list: ");
    page_count(page, indices->count, "name", "names");
    if (indices->system > 0)
    {
        page_text(page, ", ");
        page_u64(page, indices->system);
        page_text(page, " of them the product's own");
    }
    for (size_t i = 0; i < indices->largest_count && i < 3; i++)
    {
        page_text(page, i == 0 ? "; largest " : ", ");
        page_peer(page, indices->largest[i].name, CHARS_NAME);
        page_text(page, " (");
        page_count(page, indices->largest[i].documents, "document", "documents");
        page_text(page, ")");
    }
}

static void show_count(struct page *page, const struct ajar_evidence *evidence)
{
    page_text(page, "a count of ");
    page_count(page, evidence->counted, "document", "documents");
    if (evidence->counted_index != NULL)
    {
        page_text(page, " in ");
        page_peer(page, evidence->counted_index, CHARS_NAME);
    }
    page_text(page, ": whoever may count may read");
}

static void show_mapping(struct page *page, const struct ajar_evidence *evidence)
{
    const struct ajar_sensitivity_facts *facts = &evidence->sensitivity;
    page_text(page, "field names (");
    page_text(page, facts->truncated ? "at least " : "");
    page_u64(page, facts->fields_seen);
    page_text(page, facts->fields_seen == 1 ? " field)" : " fields in all)");
}

static void show(struct page *page, const struct ajar_evidence *evidence, unsigned read)
{
    switch ((enum ajar_read)read)
    {
    case AJAR_READ_ROOT:
        show_banner(page, evidence);
        return;
    case AJAR_READ_HEALTH:
        show_health(page, evidence);
        return;
    case AJAR_READ_LIST:
        show_list(page, evidence);
        return;
    case AJAR_READ_COUNT:
        show_count(page, evidence);
        return;
    case AJAR_READ_CONTROL:
        page_text(page, "a path that means nothing was answered, too");
        return;
    case AJAR_READ_MAPPING:
        show_mapping(page, evidence);
        return;
    case AJAR_READ_COUNT_OF:
    default:
        return;
    }
}

/* What a reply that showed nothing said instead. */
static const char *not_shown(unsigned reading, unsigned read)
{
    bool control = read == AJAR_READ_CONTROL;
    switch ((enum ajar_reading)reading)
    {
    case AJAR_READING_REFUSED:
        return "refused by a guard";
    case AJAR_READING_IN_DOUBT:
        return "refused, and yet the data may be readable";
    case AJAR_READING_NOT_READY:
        return "not ready to answer";
    case AJAR_READING_ABSENT:
        return control ? "a path that means nothing is not found, as it should be"
                       : "does not exist there";
    case AJAR_READING_OTHER:
        return control ? "a path that means nothing gets no answer of this kind"
                       : "something else than this product would answer";
    case AJAR_READING_CUT:
        return "the reply broke off or was too large";
    case AJAR_READING_FAILED:
        return "no whole reply";
    case AJAR_READING_NOT_ASKED:
    case AJAR_READING_SHOWN:
    default:
        return "";
    }
}

/* The query only chooses the form of the reply; `ajar probes` and the JSON line show it.
 */
void text_path(struct page *page, const char *path)
{
    char bare[CHARS_PATH + 1] = {0};
    size_t len = path != NULL ? strcspn(path, "?") : 0;
    if (path == NULL || path[len] == '\0' || len > CHARS_PATH)
    {
        page_peer(page, path, CHARS_PATH);
        return;
    }
    memcpy(bare, path, len);
    page_peer(page, bare, CHARS_PATH);
    page_text(page, "?...");
}

/* first: a read that was asked again is not explained twice. */
static void put_exchange(struct page *page, const struct ajar_evidence *evidence,
                         const struct ajar_exchange *exchange, bool first)
{
    page_text(page, "GET ");
    text_path(page, exchange->path);
    page_text(page, " -> ");
    if (exchange->status != 0)
    {
        page_u64(page, exchange->status);
        page_text(page, ", ");
        page_bytes(page, exchange->body_bytes);
    }
    else
    {
        page_text(page, "no status");
    }
    bool shown = exchange->reading == AJAR_READING_SHOWN;
    const char *words = not_shown(exchange->reading, exchange->read);
    if (shown ? first : words[0] != '\0')
    {
        page_text(page, ": ");
        page_text(page, words);
    }
    if (shown && first)
    {
        show(page, evidence, exchange->read);
    }
}

static void put_proof(struct page *page, const struct ajar_evidence *evidence)
{
    uint32_t shown = 0; /* bit: this kind of read was explained */
    for (size_t i = 0; i < evidence->exchange_count && i < AJAR_MAX_REQUESTS; i++)
    {
        const struct ajar_exchange *exchange = &evidence->exchanges[i];
        uint32_t bit = 1u << (exchange->read & 31);
        page_line(page, 2, i == 0 ? "proof" : "", TEXT_INDENT);
        put_exchange(page, evidence, exchange, (shown & bit) == 0);
        shown |= exchange->reading == AJAR_READING_SHOWN ? bit : 0;
    }
}

/* A reason that retells one exchange ("GET /_count answered 200: ...") is shown by the
 * proof already; the others are conclusions. */
static bool is_retelling(const char *reason)
{
    return reason == NULL || strncmp(reason, "GET ", 4) == 0;
}

static void put_reasons(struct page *page, const struct ajar_evidence *evidence)
{
    const char *label = "why";
    for (size_t i = 0; i < evidence->reason_count && i < AJAR_MAX_REASONS; i++)
    {
        if (!is_retelling(evidence->reasons[i]))
        {
            page_line(page, 2, label, TEXT_INDENT);
            page_peer(page, evidence->reasons[i], CHARS_REASON);
            label = "";
        }
    }
}

static void put_flags(struct page *page, uint32_t flags)
{
    const char *label = "flags";
    for (unsigned i = 0; i < AJAR_FLAG_COUNT; i++)
    {
        if ((flags & (1u << i)) != 0)
        {
            page_line(page, 2, label, TEXT_INDENT);
            page_text(page, ajar_flag_word((enum ajar_flag_index)i));
            page_text(page, ": ");
            page_text(page, ajar_flag_meaning((enum ajar_flag_index)i));
            label = "";
        }
    }
}

static void put_tls(struct page *page, const struct ajar_tls_facts *tls)
{
    page_line(page, 2, "TLS", TEXT_INDENT);
    page_peer(page, tls->subject != NULL ? tls->subject : "no certificate",
              CHARS_SUBJECT);
    if (tls->version[0] != '\0')
    {
        page_text(page, " over ");
        page_peer(page, tls->version, CHARS_VERSION);
    }
    if (tls->not_after[0] != '\0')
    {
        page_text(page, ", valid until ");
        page_peer(page, tls->not_after, CHARS_VERSION);
    }
    for (size_t i = 0; i < tls->name_count && i < 3; i++)
    {
        page_text(page, i == 0 ? ", for " : ", ");
        page_peer(page, tls->names[i], CHARS_NAME);
    }
    if (tls->name_count > 3)
    {
        page_text(page, " and ");
        page_u64(page, tls->name_count - 3);
        page_text(page, " more");
    }
}

static void put_people(struct page *page, const struct ajar_target_record *record)
{
    page_line(page, 2, "owner", TEXT_INDENT);
    if (record->owner == NULL)
    {
        page_text(page, "this machine (loopback); no targets file names it");
    }
    page_peer(page, record->owner, CHARS_OWNER);
    if (record->contact != NULL)
    {
        page_text(page, ", ");
        page_peer(page, record->contact, CHARS_OWNER);
    }
    if (record->expect != NULL)
    {
        page_line(page, 2, "expected", TEXT_INDENT);
        page_text(page, "declared as meant to be open: ");
        page_peer(page, record->expect, CHARS_REASON);
    }
}

void text_block_open(struct page *page, const struct ajar_target_record *record,
                     bool color)
{
    put_head(page, record, color);
    if (record->name != NULL)
    {
        page_line(page, 2, "name", TEXT_INDENT);
        page_peer(page, record->name, CHARS_SUBJECT);
    }
    if (record->result.evidence != NULL)
    {
        put_proof(page, record->result.evidence);
        put_reasons(page, record->result.evidence);
    }
    if (record->result.evidence != NULL)
    {
        text_block_sensitivity(page, &record->result.evidence->sensitivity);
    }
    put_flags(page, record->result.verdict.flags);
    if (record->result.tls_facts != NULL)
    {
        put_tls(page, record->result.tls_facts);
    }
    put_people(page, record);
    page_end(page);
}

/* Conclusions first; without one, what was asked last. */
void text_block_reason(struct page *page, const struct ajar_target_record *record)
{
    const struct ajar_evidence *evidence = record->result.evidence;
    size_t count = evidence != NULL ? evidence->reason_count : 0;
    bool any = false;
    for (size_t i = 0; i < count && i < AJAR_MAX_REASONS; i++)
    {
        if (!is_retelling(evidence->reasons[i]))
        {
            page_text(page, any ? "; " : "");
            page_peer(page, evidence->reasons[i], CHARS_REASON);
            any = true;
        }
    }
    if (!any && count > 0)
    {
        page_peer(page, evidence->reasons[count - 1], CHARS_REASON);
    }
    else if (!any)
    {
        page_text(page, ajar_outcome_meaning(record->result.outcome));
    }
}

static void put_deciding(struct page *page, const struct ajar_exchange *exchange)
{
    struct ajar_buf buf;
    struct page proof = scratch(&buf);
    page_text(&proof, "GET ");
    text_path(&proof, exchange->path);
    page_text(&proof, " -> ");
    if (exchange->status != 0)
    {
        page_u64(&proof, exchange->status);
    }
    else
    {
        page_text(&proof, "no reply");
    }
    put_scratch(page, &buf);
}

void text_block_line(struct page *page, const struct ajar_target_record *record)
{
    const struct ajar_evidence *evidence = record->result.evidence;
    struct ajar_buf buf;
    page->indent = TEXT_INDENT;
    put_address(page, record);
    page_piece(page, ajar_exposure_word(record->result.verdict.exposure));
    if (record->result.outcome != AJAR_OUTCOME_REPLIED)
    {
        page_piece(page, ajar_outcome_word(record->result.outcome));
    }
    if (evidence != NULL && evidence->product != NULL)
    {
        put_product(page, evidence);
    }
    if (evidence != NULL && evidence->guard != NULL)
    {
        page_piece(page, evidence->guard);
    }
    if (evidence != NULL && evidence->exchange_count > 0)
    {
        /* the last request decided: a 401 ends a visit */
        put_deciding(page, &evidence->exchanges[evidence->exchange_count - 1]);
    }
    struct page owner = scratch(&buf);
    page_peer(&owner, record->owner, CHARS_OWNER);
    put_scratch(page, &buf);
    page_end(page);
}
