/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"

#include "codec.h"
#include "names.h"

/* More of a name than this is kept of no peer text. */
#define FACTS_TEXT_BYTES 512u

static const char *redacted(struct ajar_state *state, const char *text,
                            struct ajar_redact_counts *counts)
{
    if (text == NULL)
    {
        return NULL;
    }
    struct ajar_span span = ajar_span_of(text);
    span.len = span.len < FACTS_TEXT_BYTES ? span.len : FACTS_TEXT_BYTES;
    struct ajar_buf out;
    ajar_buf_init(&out, FACTS_TEXT_BYTES * 16);
    const char *copy = ajar_redact(span, &out, counts) == AJAR_OK
                           ? ajar_arena_copy(&state->arena, ajar_buf_span(&out))
                           : NULL;
    ajar_buf_deinit(&out);
    return copy;
}

/* A uuid that names a cluster: not absent, not the "_na_" of a node without a master. */
static const char *cluster_uuid(struct ajar_state *state, const char *uuid)
{
    if (uuid == NULL || uuid[0] == '\0' || strcmp(uuid, "_na_") == 0)
    {
        return NULL;
    }
    struct ajar_span span = ajar_span_of(uuid);
    if (span.len > 64)
    {
        return NULL; /* 22 characters in every product: this is something else */
    }
    char *copy = ajar_arena_copy(&state->arena, span);
    for (char *c = copy; c != NULL && *c != '\0'; c++)
    {
        *c = *c == '\n' ? ' ' : *c; /* keys are lines */
    }
    return copy;
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
    {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* A path may hold an index name, with '@' as %40. It is kept as it was sent, for the
 * owner's access log, unless what it says has to be redacted. */
static const char *redacted_path(struct ajar_state *state, const char *path)
{
    char *plain = ajar_arena_copy(&state->arena, ajar_span_of(path));
    struct ajar_redact_counts counts = {{0}};
    if (plain == NULL)
    {
        return NULL;
    }
    char *to = plain;
    for (const char *from = plain; *from != '\0'; from++)
    {
        int high = from[0] == '%' && from[1] != '\0' ? hex_of(from[1]) : -1;
        int low = high >= 0 ? hex_of(from[2]) : -1;
        bool escaped = low >= 0 && high * 16 + low >= 0x20;
        *to++ = escaped ? (char)(unsigned char)(high * 16 + low) : *from;
        from += escaped ? 2 : 0;
    }
    *to = '\0';
    const char *out = redacted(state, plain, &counts);
    for (size_t i = 0; i < AJAR_REDACT_KIND_COUNT; i++)
    {
        if (counts.by_kind[i] > 0)
        {
            return out;
        }
    }
    return ajar_arena_copy(&state->arena, ajar_span_of(path));
}

static int take_proofs(struct ajar_state *state, const struct ajar_state_look *look,
                       struct ajar_finding_view *view)
{
    const struct ajar_evidence *evidence = look->record->result.evidence;
    char source[AJAR_ADDR_TEXT_MAX];
    const char *source_text = NULL;
    if (look->source_known)
    {
        (void)ajar_addr_format(&look->source, source);
        source_text = ajar_arena_copy(&state->arena, ajar_span_of(source));
    }
    struct ajar_proof_view *proofs =
        ajar_arena_alloc(&state->arena, sizeof *proofs * AJAR_MAX_REQUESTS);
    const char **reasons =
        ajar_arena_alloc(&state->arena, sizeof *reasons * AJAR_MAX_REASONS);
    if (proofs == NULL || reasons == NULL)
    {
        return AJAR_ENOMEM;
    }
    view->proofs = proofs;
    view->reasons = reasons;
    for (size_t i = 0; i < evidence->exchange_count && i < AJAR_MAX_REQUESTS; i++)
    {
        const struct ajar_exchange *exchange = &evidence->exchanges[i];
        proofs[view->proof_count++] = (struct ajar_proof_view){
            .path = redacted_path(state, exchange->path != NULL ? exchange->path : ""),
            .source = source_text,
            .time_ms = look->record->time_unix_ms,
            .body_bytes = exchange->body_bytes,
            .status = exchange->status,
            .read = (enum ajar_read)exchange->read,
            .reading = (enum ajar_reading)exchange->reading,
        };
    }
    for (size_t i = 0; i < evidence->reason_count && i < AJAR_MAX_REASONS; i++)
    {
        reasons[view->reason_count] = redacted(state, evidence->reasons[i], NULL);
        view->reason_count += reasons[view->reason_count] != NULL ? 1u : 0u;
    }
    return AJAR_OK;
}

static int take_names(struct ajar_state *state, const struct ajar_state_look *look,
                      struct ajar_finding_view *view)
{
    size_t count =
        look->name_count < AJAR_MAX_VIEW_NAMES ? look->name_count : AJAR_MAX_VIEW_NAMES;
    const char **names = ajar_arena_alloc(&state->arena, (count + 1) * sizeof *names);
    if (names == NULL)
    {
        return AJAR_ENOMEM;
    }
    for (size_t i = 0; i < count; i++)
    {
        names[i] = redacted(state, look->names[i], &view->redacted);
        if (names[i] == NULL)
        {
            return AJAR_ENOMEM;
        }
    }
    view->names = names;
    view->name_count = count;
    view->names_complete = look->names_complete && count == look->name_count;
    return AJAR_OK;
}

static void take_figures(struct ajar_state *state, const struct ajar_evidence *evidence,
                         bool names_given, struct ajar_finding_view *view)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    view->list_known =
        evidence->reading[AJAR_READ_LIST] == AJAR_READING_SHOWN || indices->count > 0;
    view->index_count = indices->count;
    view->system_count = indices->system;
    view->documents = indices->documents;
    view->bytes = indices->bytes;
    view->unknown = indices->unknown;
    view->truncated = indices->truncated;
    view->count_known = evidence->reading[AJAR_READ_COUNT] == AJAR_READING_SHOWN;
    view->counted = evidence->counted;
    /* the largest are among the names, and are counted there */
    struct ajar_redact_counts *counts = names_given ? NULL : &view->redacted;
    for (size_t i = 0; i < indices->largest_count && i < AJAR_MAX_LARGEST; i++)
    {
        const char *name = redacted(state, indices->largest[i].name, counts);
        if (name != NULL)
        {
            view->largest[view->largest_count++] = (struct ajar_index_fact){
                name, indices->largest[i].documents, indices->largest[i].bytes};
        }
    }
    view->sensitive = indices->sensitive;
    view->sensitive_example = redacted(state, indices->sensitive_example, NULL);
    view->ransom_example = redacted(state, indices->ransom_example, NULL);
}

/* The volume that is compared from look to look: what the list says, else what a count of
 * everything says; -1 when nobody said, which is not none. */
static int64_t volume_of(const struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    bool listed = evidence->reading[AJAR_READ_LIST] == AJAR_READING_SHOWN &&
                  !(indices->documents == 0 && indices->unknown > 0);
    if (listed)
    {
        return db_sat(indices->documents);
    }
    return evidence->reading[AJAR_READ_COUNT] == AJAR_READING_SHOWN &&
                   evidence->counted_index == NULL
               ? db_sat(evidence->counted)
               : -1;
}

/* Names of its own, with documents, in a list that was read to its end, on something that
 * is no decoy (decoys of one kind serve one data set by the thousand). */
static bool is_copyable(const struct ajar_state_look *look)
{
    const struct ajar_evidence *evidence = look->record->result.evidence;
    const struct ajar_index_facts *indices = &evidence->indices;
    if (indices->fingerprint == 0 || indices->documents == 0 || indices->truncated ||
        (look->record->result.verdict.flags & AJAR_FLAG(HONEYPOT)) != 0)
    {
        return false;
    }
    for (size_t i = 0; i < look->name_count && i < AJAR_MAX_VIEW_NAMES; i++)
    {
        if (!names_is_common(ajar_span_of(look->names[i])))
        {
            return true;
        }
    }
    for (size_t i = 0; look->name_count == 0 && i < indices->largest_count; i++)
    {
        if (!names_is_common(ajar_span_of(indices->largest[i].name)))
        {
            return true;
        }
    }
    return false;
}

static int encode(struct ajar_state *state, struct facts *facts)
{
    struct ajar_buf out;
    ajar_buf_init(&out, CODEC_MAX_BYTES);
    int status = codec_put_facts(&out, &facts->view, true);
    char *copy =
        status == AJAR_OK ? ajar_arena_copy(&state->arena, ajar_buf_span(&out)) : NULL;
    facts->encoded = (struct ajar_span){copy, copy != NULL ? out.len : 0};
    ajar_buf_deinit(&out);
    return copy != NULL ? AJAR_OK : AJAR_ENOMEM;
}

int facts_of_look(struct ajar_state *state, const struct ajar_state_look *look,
                  struct facts *out)
{
    const struct ajar_evidence *evidence = look->record->result.evidence;
    memset(out, 0, sizeof *out);
    if (evidence == NULL)
    {
        return db_fault(state, AJAR_STATE_FAULT_MISUSE, "an open look without evidence");
    }
    struct ajar_finding_view *view = &out->view;
    out->product = evidence->product != NULL ? evidence->product : "";
    out->uuid = cluster_uuid(state, evidence->cluster_uuid);
    view->version = redacted(state, evidence->version, NULL);
    view->cluster_name = redacted(state, evidence->cluster_name, &view->redacted);
    int status = take_names(state, look, view);
    take_figures(state, evidence, look->name_count > 0, view);
    status = status == AJAR_OK ? take_proofs(state, look, view) : status;
    if (status == AJAR_OK && look->name_count > 0)
    {
        out->shapes = names_shapes(view->names, view->name_count, &state->arena);
        status = out->shapes != NULL ? AJAR_OK : AJAR_ENOMEM;
    }
    out->copyable = is_copyable(look);
    out->fingerprint = out->copyable ? evidence->indices.fingerprint : 0;
    out->names_digest = out->copyable ? look->names_digest : 0;
    out->ransom = evidence->indices.ransom_strong + evidence->indices.ransom_weak;
    status = status == AJAR_OK ? encode(state, out) : status;
    return status == AJAR_ENOMEM
               ? db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory")
               : status;
}

void facts_to_endpoint(const struct facts *facts, const struct ajar_state_look *look,
                       struct row_endpoint *endpoint)
{
    const struct ajar_target_record *record = look->record;
    endpoint->scheme = record->result.tls ? AJAR_SCHEME_HTTPS : AJAR_SCHEME_HTTP;
    endpoint->exposure = record->result.verdict.exposure;
    endpoint->severity = record->result.verdict.severity;
    endpoint->flags = record->result.verdict.flags;
    endpoint->documents = volume_of(record->result.evidence);
    endpoint->fingerprint = db_bits(facts->fingerprint);
    endpoint->names_digest = db_bits(facts->names_digest);
    endpoint->copyable = facts->copyable ? 1 : 0;
    endpoint->ransom = facts->ransom;
    endpoint->list_count =
        facts->view.list_known
            ? db_sat(facts->view.index_count - facts->view.system_count)
            : -1;
    endpoint->version = facts->view.version;
    endpoint->shapes = facts->shapes;
    endpoint->facts = facts->encoded;
}
