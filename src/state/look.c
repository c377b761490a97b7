/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#include <openssl/evp.h>

#include "batch.h"
#include "events.h"
#include "facts.h"
#include "names.h"

enum
{
    SLOT_TARGET = DB_SLOT_RUN + 10
};

/* What is gathered for one open look. */
struct open_look
{
    const struct ajar_state_look *look;
    const char *name; /* never NULL */
    int64_t time_ms;
    int64_t owner;
    int64_t closed_ms;    /* last proof before this look that it was closed */
    int64_t last_finding; /* what was open here last; 0: nothing yet */
    struct facts facts;
    struct row_finding finding;
    struct row_endpoint endpoint;
    struct row_endpoint *endpoints; /* all, after this one was stored */
    size_t endpoint_count;
    bool is_new;
    bool is_back;             /* was resolved, and is open again within 90 days */
    int64_t documents_before; /* at this endpoint; -1 not known */
    int64_t ransom_before;
};

static int no_memory(struct ajar_state *state)
{
    return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
}

/* ---- whose finding is it ---- */

/* "F-" and 60 bits of SHA-256 over the key, how often it began and when, in RFC 4648 base
 * 32. The time keeps the id of a finding that was forgotten (prune) from coming back: a
 * ticket script would take the new one's events for old ones. */
static bool make_id(const char *key, int64_t seq, int64_t time_ms,
                    char out[AJAR_FINDING_ID_BYTES])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char sum[EVP_MAX_MD_SIZE];
    struct ajar_buf text;
    unsigned len = 0;
    ajar_buf_init(&text, 4096);
    bool done = ajar_buf_printf(&text, "ajar finding 1\n%s\n%lld\n%lld", key,
                                (long long)seq, (long long)time_ms) == AJAR_OK &&
                EVP_Digest(text.data, text.len, sum, &len, EVP_sha256(), NULL) == 1;
    ajar_buf_deinit(&text);
    if (!done || len < 8)
    {
        return false;
    }
    uint64_t bits = 0;
    for (size_t i = 0; i < 8; i++)
    {
        bits = bits << 8 | sum[i];
    }
    memcpy(out, "F-", 2);
    for (size_t i = 0; i < 12; i++)
    {
        out[2 + i] = digits[bits >> 59];
        bits <<= 5;
    }
    out[14] = '\0';
    return true;
}

static int read_target(struct ajar_state *state, struct open_look *open)
{
    const struct ajar_target_record *record = open->look->record;
    sqlite3_stmt *statement =
        db_statement(state, SLOT_TARGET,
                     "SELECT iif(proof, seen_ms, closed_ms), finding FROM target"
                     " WHERE addr = ?1 AND port = ?2 AND name = ?3");
    db_addr(statement, 1, &record->addr);
    db_int(statement, 2, record->port);
    db_text(statement, 3, open->name);
    int status = db_step(state, statement);
    if (status == 1)
    {
        open->closed_ms = db_get(statement, 0);
        open->last_finding = db_get(statement, 1);
        (void)sqlite3_reset(statement);
        status = AJAR_OK;
    }
    return status;
}

static const char *cluster_of(struct ajar_state *state, const struct open_look *open)
{
    char address[AJAR_ADDR_TEXT_MAX + 8];
    if (open->facts.uuid != NULL)
    {
        return ajar_arena_printf(&state->arena, "%s\n%s", open->facts.product,
                                 open->facts.uuid);
    }
    (void)ajar_addr_format_port(&open->look->record->addr, open->look->record->port,
                                address);
    return ajar_arena_printf(&state->arena, "@%s", address);
}

static bool same_product(const struct open_look *open, const struct row_finding *finding)
{
    return open->facts.product[0] == '\0' || finding->product == NULL ||
           finding->product[0] == '\0' ||
           strcmp(open->facts.product, finding->product) == 0;
}

/* What was open at this very target and is not resolved goes on, when this look or that
 * finding has no uuid: a banner that is refused today is no other cluster. */
static int continue_finding(struct ajar_state *state, struct open_look *open)
{
    struct row_finding last;
    if (open->last_finding == 0)
    {
        return 0;
    }
    int status = rows_finding(state, open->last_finding, &last);
    if (status != 1 || last.owner != open->owner || last.state == AJAR_FINDING_RESOLVED ||
        !same_product(open, &last))
    {
        return status < 0 ? status : 0;
    }
    if (open->facts.uuid != NULL && last.uuid != NULL)
    {
        return 0; /* both are known, and the key decided already */
    }
    open->finding = last;
    return 1;
}

static int new_finding(struct ajar_state *state, struct open_look *open, const char *key,
                       const char *cluster, int64_t seq)
{
    char id[AJAR_FINDING_ID_BYTES];
    const char *kept = make_id(key, seq, open->time_ms, id)
                           ? ajar_arena_copy(&state->arena, ajar_span_of(id))
                           : NULL;
    if (kept == NULL)
    {
        return no_memory(state);
    }
    open->is_new = true;
    open->finding = (struct row_finding){
        .id = kept,
        .key = key,
        .seq = seq,
        .cluster = cluster,
        .owner = open->owner,
        .run_id = "",
        .vantage = "",
        .opened_ms = open->time_ms,
        .first_open_ms = open->time_ms,
        .last_closed_ms = open->closed_ms,
        .born_run = state->run.num,
        .told_count = -1,
        .told_documents = -1,
    };
    return AJAR_OK;
}

static void reopen(struct open_look *open, int64_t run)
{
    struct row_finding *finding = &open->finding;
    open->is_back = true;
    finding->last_closed_ms =
        open->closed_ms > finding->resolved_ms ? open->closed_ms : finding->resolved_ms;
    finding->first_open_ms = open->time_ms;
    finding->last_open_ms = 0;
    finding->resolved_ms = 0;
    finding->reopened++;
    finding->born_run = run;
    finding->history_flags = 0;
    finding->accept_kind = ROWS_ACCEPT_NONE;
}

/* Finds the finding by its cluster, else by what was open here, else makes one. */
static int find_finding(struct ajar_state *state, struct open_look *open)
{
    const char *owner = open->look->record->owner;
    const char *cluster = cluster_of(state, open);
    const char *key = cluster != NULL
                          ? ajar_arena_printf(&state->arena, "%s\n%s",
                                              owner != NULL ? owner : "", cluster)
                          : NULL;
    if (key == NULL)
    {
        return no_memory(state);
    }
    int status = open->facts.uuid == NULL ? continue_finding(state, open) : 0;
    if (status == 0)
    {
        status = rows_finding_by_key(state, key, &open->finding);
        bool live = status == 1 && open->finding.state != AJAR_FINDING_RESOLVED;
        int64_t seq = status == 1 ? open->finding.seq + 1 : 1;
        bool back = status == 1 && !live &&
                    open->time_ms - open->finding.resolved_ms <= LIFE_REOPEN_MS;
        if (status == 0 && open->facts.uuid != NULL)
        {
            status = continue_finding(state, open);
            if (status == 1)
            {
                /* it had no uuid until now: the id stays, the key is the cluster's */
                open->finding.key = key;
                open->finding.seq = 1;
                open->finding.cluster = cluster;
                live = true;
            }
        }
        if (status >= 0 && back)
        {
            reopen(open, state->run.num);
        }
        else if (status >= 0 && !live)
        {
            status = new_finding(state, open, key, cluster, seq);
        }
    }
    return status < 0 ? status : AJAR_OK;
}

/* ---- its rows ---- */

static int store_rows(struct ajar_state *state, struct open_look *open)
{
    const struct ajar_target_record *record = open->look->record;
    struct row_finding *finding = &open->finding;
    finding->state = AJAR_FINDING_OPEN;
    finding->first_closed_ms = 0;
    finding->run = state->run.num;
    finding->run_id = state->run.id;
    finding->vantage = state->run.vantage;
    finding->contact = record->contact;
    finding->product =
        open->facts.product[0] != '\0' ? open->facts.product : finding->product;
    finding->uuid = open->facts.uuid != NULL ? open->facts.uuid : finding->uuid;
    finding->last_open_ms =
        open->time_ms > finding->last_open_ms ? open->time_ms : finding->last_open_ms;
    int status = open->is_new ? rows_store_finding(state, finding) : AJAR_OK;
    if (status != AJAR_OK)
    {
        return status;
    }
    struct row_endpoint *endpoint = &open->endpoint;
    open->documents_before = -1;
    status = rows_endpoint_at(state, finding->num, &record->addr, record->port,
                              open->name, endpoint);
    if (status == 0)
    {
        *endpoint = (struct row_endpoint){.finding = finding->num,
                                          .addr = record->addr,
                                          .port = record->port,
                                          .name = open->name,
                                          .first_ms = open->time_ms,
                                          .first_run = state->run.num};
    }
    else if (status == 1)
    {
        open->documents_before = endpoint->documents;
        open->ransom_before = endpoint->ransom;
    }
    else
    {
        return status;
    }
    struct life_endpoint life = rows_life(endpoint);
    (void)life_endpoint_look(&life, LIFE_LOOK_OPEN, open->time_ms);
    rows_set_life(endpoint, &life);
    endpoint->last_ms =
        open->time_ms > endpoint->last_ms ? open->time_ms : endpoint->last_ms;
    facts_to_endpoint(&open->facts, open->look, endpoint);
    return rows_store_endpoint(state, endpoint);
}

/* The collapse of a data set with a ransom note beside what is left. Told against the
 * last look at the same endpoint, else (a first look through a new door) against the
 * finding. */
static bool is_compromised_by_history(const struct open_look *open,
                                      const struct row_finding *before)
{
    int64_t was =
        open->documents_before >= 0 ? open->documents_before : before->documents;
    return !open->is_new && !open->is_back && open->endpoint.ransom > 0 &&
           open->ransom_before == 0 && was >= 0 && open->endpoint.documents >= 0 &&
           life_is_collapse((uint64_t)was, (uint64_t)open->endpoint.documents);
}

/* A load balancer or a whole /16 in front of one cluster: a look through one more of its
 * doors, no worse than the worst, tells nothing before the end of the run. So its doors
 * are not all read for each of them, which would be their number squared. */
static int is_plain(struct ajar_state *state, const struct open_look *open,
                    const struct row_finding *before, bool compromised, bool *out)
{
    struct row_endpoint rep;
    *out = false;
    if (open->is_new || open->is_back || compromised ||
        before->state != AJAR_FINDING_OPEN || before->told_state != AJAR_FINDING_OPEN ||
        before->accept_kind != ROWS_ACCEPT_NONE || open->look->record->expect != NULL ||
        before->rep == open->endpoint.num)
    {
        return AJAR_OK;
    }
    int status = rows_endpoint(state, before->rep, &rep);
    if (status == 1)
    {
        int order = ajar_addr_compare(&open->endpoint.addr, &rep.addr);
        *out = order > 0 && !rows_is_worse(&open->endpoint, &rep);
    }
    return status < 0 ? status : AJAR_OK;
}

static int load_endpoints(struct ajar_state *state, struct open_look *open)
{
    int status = rows_endpoints(state, open->finding.num, 0, &open->endpoints,
                                &open->endpoint_count);
    if (status == AJAR_OK)
    {
        rows_represent(&open->finding, open->endpoints, open->endpoint_count);
    }
    return status;
}

/* ---- what has to be told now ---- */

static int emit(struct ajar_state *state, struct open_look *open,
                enum ajar_event_kind kind, const struct events_changes *changes,
                bool urgent)
{
    return events_emit(state, &open->finding, open->endpoints, open->endpoint_count, kind,
                       changes, urgent);
}

/* Why an acceptance does not cover this look; NULL: it does. */
static const char *acceptance_breach(struct ajar_state *state,
                                     const struct open_look *open)
{
    const struct row_finding *finding = &open->finding;
    const struct ajar_state_look *look = open->look;
    if ((finding->flags & AJAR_FLAG(COMPROMISED)) != 0)
    {
        return "it looks compromised";
    }
    if (finding->exposure > finding->accept_exposure)
    {
        return ajar_arena_printf(
            &state->arena, "more is open: %s",
            ajar_exposure_word((enum ajar_exposure)finding->exposure));
    }
    if (finding->accept_kind == ROWS_ACCEPT_EXPECTED)
    {
        return finding->severity > finding->accept_severity
                   ? "it is more severe than it was"
                   : NULL;
    }
    for (size_t i = 0; i < look->name_count; i++)
    {
        struct ajar_span name = ajar_span_of(look->names[i]);
        /* shapes were made of names as they are stored: redacted */
        bool covered = finding->accept_indices != NULL
                           ? names_match(finding->accept_indices, name)
                           : i < open->facts.view.name_count &&
                                 names_has_shape(finding->accept_shapes,
                                                 ajar_span_of(open->facts.view.names[i]));
        if (!covered)
        {
            /* said as it is stored: redacted */
            return ajar_arena_printf(
                &state->arena, "index %s is not among those accepted",
                i < open->facts.view.name_count ? open->facts.view.names[i]
                                                : "(beyond those listed)");
        }
    }
    return NULL;
}

static void expect(struct open_look *open)
{
    struct row_finding *finding = &open->finding;
    finding->accept_kind = ROWS_ACCEPT_EXPECTED;
    finding->accept_since_ms = open->time_ms;
    finding->accept_until_ms = 0;
    finding->accept_exposure = finding->exposure;
    finding->accept_severity = finding->severity;
    finding->accept_indices = NULL;
    finding->accept_shapes = NULL;
    finding->accept_by = NULL;
    finding->accept_reason = open->look->record->expect;
}

static int tell_first(struct ajar_state *state, struct open_look *open, bool compromised)
{
    struct row_finding *finding = &open->finding;
    struct events_changes none = {.count = 0};
    if (open->look->record->expect != NULL &&
        (finding->flags & AJAR_FLAG(COMPROMISED)) == 0)
    {
        expect(open);
        finding->announced = 0;
        return AJAR_OK;
    }
    finding->announced = 1;
    return emit(state, open, open->is_new ? AJAR_EVENT_OPENED : AJAR_EVENT_REOPENED,
                &none, compromised);
}

static int tell_rise(struct ajar_state *state, struct open_look *open, bool compromised)
{
    struct row_finding *finding = &open->finding;
    bool rises = finding->exposure > finding->told_exposure ||
                 finding->severity > finding->told_severity || compromised;
    if (!rises)
    {
        return AJAR_OK; /* the end of the run compares the rest */
    }
    struct events_changes changes = {.count = 0};
    int status = AJAR_OK;
    if (finding->told_state == AJAR_FINDING_UNVERIFIED)
    {
        status = events_change(state, &changes, AJAR_CHANGE_STATE, "unverified", "open");
    }
    const char *told = finding->told_endpoints;
    status = status == AJAR_OK ? events_compare(state, finding, open->endpoints,
                                                open->endpoint_count, false, &changes)
                               : status;
    status = status == AJAR_OK
                 ? emit(state, open, AJAR_EVENT_CHANGED, &changes, compromised)
                 : status;
    finding->told_endpoints = told; /* their turn is at the end of the run */
    return status;
}

static int tell_accepted(struct ajar_state *state, struct open_look *open,
                         bool compromised)
{
    struct row_finding *finding = &open->finding;
    const char *why = NULL;
    if (finding->accept_kind == ROWS_ACCEPT_EXPECTED &&
        open->look->record->expect == NULL)
    {
        why = "the targets file does not expect it any more";
    }
    else
    {
        why = acceptance_breach(state, open);
    }
    return why == NULL ? AJAR_OK
                       : look_end_acceptance(state, finding, open->endpoints,
                                             open->endpoint_count, why, compromised);
}

static int tell(struct ajar_state *state, struct open_look *open, bool compromised)
{
    struct row_finding *finding = &open->finding;
    const char *expected = open->look->record->expect;
    if (open->is_new || open->is_back)
    {
        return tell_first(state, open, compromised);
    }
    if (finding->accept_kind == ROWS_ACCEPT_BY_HAND ||
        finding->accept_kind == ROWS_ACCEPT_EXPECTED)
    {
        return tell_accepted(state, open, compromised);
    }
    if (expected == NULL)
    {
        finding->accept_kind = ROWS_ACCEPT_NONE;
    }
    else if (finding->accept_kind == ROWS_ACCEPT_NONE && !compromised &&
             (finding->flags & AJAR_FLAG(COMPROMISED)) == 0)
    {
        /* the owner says now that it is meant to be */
        struct events_changes changes = {.count = 0};
        expect(open);
        int status = events_change(state, &changes, AJAR_CHANGE_ACCEPTANCE, "", expected);
        return status == AJAR_OK ? emit(state, open, AJAR_EVENT_ACCEPTED, &changes, false)
                                 : status;
    }
    return tell_rise(state, open, compromised);
}

static int store_target(struct ajar_state *state, const struct open_look *open)
{
    const struct ajar_target_record *record = open->look->record;
    struct batch_row row = {
        .addr = record->addr,
        .port = record->port,
        .owner = open->owner,
        .seen_ms = open->time_ms,
        .exposure = (uint8_t)record->result.verdict.exposure,
        .outcome = (uint8_t)record->result.outcome,
    };
    return batch_store_target(state, &row, record->name, open->finding.num);
}

int look_open(struct ajar_state *state, const struct ajar_state_look *look, int64_t owner)
{
    struct open_look open = {.look = look,
                             .name = look->record->name != NULL ? look->record->name : "",
                             .time_ms = look->record->time_unix_ms,
                             .owner = owner};
    int status = facts_of_look(state, look, &open.facts);
    status = status == AJAR_OK ? read_target(state, &open) : status;
    status = status == AJAR_OK ? find_finding(state, &open) : status;
    struct row_finding before = open.finding;
    status = status == AJAR_OK ? store_rows(state, &open) : status;
    if (status != AJAR_OK)
    {
        return status;
    }
    bool compromised = is_compromised_by_history(&open, &before);
    bool plain = false;
    if (compromised)
    {
        open.finding.history_flags = AJAR_FLAG(COMPROMISED);
    }
    status = is_plain(state, &open, &before, compromised, &plain);
    if (!plain)
    {
        status = status == AJAR_OK ? load_endpoints(state, &open) : status;
        status = status == AJAR_OK ? tell(state, &open, compromised) : status;
    }
    status = status == AJAR_OK ? rows_store_finding(state, &open.finding) : status;
    for (size_t i = 0; i < AJAR_REDACT_KIND_COUNT; i++)
    {
        state->run.summary.redacted += open.facts.view.redacted.by_kind[i];
    }
    return status == AJAR_OK ? store_target(state, &open) : status;
}
