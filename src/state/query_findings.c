/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

#include "copies.h"
#include "view.h"

enum
{
    SLOT_ALL = DB_SLOT_QUERY,
    SLOT_PREFIX,
    SLOT_AT,
    SLOT_COPIES,
    SLOT_NEAREST
};

/* A list is read finding by finding, each in its own arena. */
struct listing
{
    struct ajar_state *state;
    int64_t owner; /* 0: all */
    bool details;
    ajar_finding_fn each;
    void *context;
    struct copies *copies; /* NULL: each finding asks for its own */
};

/* 1: go on, 0: the callback has enough. */
static int show(struct listing *listing, const struct row_finding *finding)
{
    struct ajar_state *state = listing->state;
    struct row_endpoint *endpoints = NULL;
    size_t count = 0;
    struct ajar_finding_view view;
    int status = rows_endpoints(state, finding->num, finding->rep, &endpoints, &count);
    status = status == AJAR_OK ? view_of_finding(state, finding, endpoints, count,
                                                 listing->details, &view)
                               : status;
    if (status == AJAR_OK)
    {
        status = listing->copies != NULL
                     ? copies_of(listing->copies, finding, &view.dataset)
                     : view_dataset(state, finding, listing->owner, &view.dataset);
    }
    status = status == AJAR_OK
                 ? view_reference(state, finding->num, NULL, &view.reference)
                 : status;
    if (status != AJAR_OK)
    {
        return status;
    }
    return listing->each(listing->context, &view) ? 1 : 0;
}

/* Each row of a statement whose columns are ROWS_FINDING_SELECT. The arena begins anew
 * with each, so that a list costs what one finding costs. */
static int list(struct listing *listing, sqlite3_stmt *statement)
{
    struct ajar_state *state = listing->state;
    int status = db_step(state, statement);
    while (status == 1)
    {
        struct row_finding finding;
        ajar_arena_reset(&state->arena);
        status = rows_finding(state, db_get(statement, 0), &finding);
        status = status == 1 ? show(listing, &finding) : status;
        if (status == 1)
        {
            status = db_step(state, statement);
        }
        else if (statement != NULL)
        {
            (void)sqlite3_reset(statement);
        }
    }
    return status;
}

static uint32_t default_states(uint32_t states)
{
    return states != 0
               ? states
               : (1u << AJAR_FINDING_OPEN) | (1u << AJAR_FINDING_CLOSING) |
                     (1u << AJAR_FINDING_UNVERIFIED) | (1u << AJAR_FINDING_ACCEPTED);
}

int ajar_state_findings(struct ajar_state *state, const struct ajar_finding_query *query,
                        ajar_finding_fn each, void *context)
{
    db_enter(state);
    struct listing listing = {
        .state = state, .details = query->details, .each = each, .context = context};
    int status = db_begin_read(state);
    status =
        status == AJAR_OK ? db_owner_find(state, query->owner, &listing.owner) : status;
    status =
        status == AJAR_OK ? copies_load(state, listing.owner, &listing.copies) : status;
    if (status == AJAR_OK)
    {
        sqlite3_stmt *statement = db_statement(
            state, SLOT_ALL,
            "SELECT num FROM finding"
            " WHERE (?1 = 0 OR owner = ?1) AND (event_ms >= ?2 OR opened_ms >= ?2)"
            " AND (?3 >> (CASE WHEN state < 3 AND accept_kind IN (1, 2) THEN 4 ELSE state"
            " END)) & 1 ORDER BY severity DESC, exposure DESC, first_open_ms DESC, id");
        db_int(statement, 1, listing.owner);
        db_int(statement, 2, query->since_ms);
        db_int(statement, 3, default_states(query->states));
        status = list(&listing, statement);
    }
    db_end_read(state);
    copies_free(listing.copies);
    return status;
}

/* ---- one ---- */

/* What a person typed, as an id is written: upper case, "F-" in front. */
static bool normal_id(struct ajar_span text, char out[AJAR_FINDING_ID_BYTES])
{
    if (text.len >= 2 && (text.data[0] | 0x20) == 'f' && text.data[1] == '-')
    {
        text = (struct ajar_span){text.data + 2, text.len - 2};
    }
    if (text.len == 0 || text.len > 12)
    {
        return false;
    }
    memcpy(out, "F-", 2);
    for (size_t i = 0; i < text.len; i++)
    {
        char c = text.data[i];
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        /* nothing that GLOB would read as a pattern */
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
        {
            return false;
        }
        out[2 + i] = c;
    }
    out[2 + text.len] = '\0';
    return true;
}

static void add_candidate(struct ajar_state_match *match, const char *id)
{
    if (match->count < AJAR_STATE_CANDIDATES && strlen(id) < sizeof match->ids[0])
    {
        memcpy(match->ids[match->count], id, strlen(id) + 1);
    }
    match->count++;
}

/* The ids that a statement over a prefix (?1) and an owner (?2, 0: any) gives. */
static int take_candidates(struct ajar_state *state, sqlite3_stmt *statement,
                           const char *prefix, int64_t owner,
                           struct ajar_state_match *match)
{
    db_text(statement, 1, prefix);
    db_int(statement, 2, owner);
    int status = db_step(state, statement);
    while (status == 1)
    {
        const char *id = (const char *)sqlite3_column_text(statement, 0);
        add_candidate(match, id != NULL ? id : "");
        status = db_step(state, statement);
    }
    return status;
}

static int candidates(struct ajar_state *state, const char *prefix, int64_t owner,
                      struct ajar_state_match *match)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_PREFIX,
                     "SELECT id FROM finding WHERE id >= ?1 AND id < ?1 || '~'"
                     " AND (?2 = 0 OR owner = ?2) ORDER BY id");
    return take_candidates(state, statement, prefix, owner, match);
}

/* The ids that share the longest beginning: those on both sides in order. */
static int nearest(struct ajar_state *state, const char *prefix, int64_t owner,
                   struct ajar_state_match *match)
{
    sqlite3_stmt *statement = db_statement(
        state, SLOT_NEAREST,
        "SELECT id FROM (SELECT id FROM finding WHERE id < ?1 AND (?2 = 0 OR owner = ?2)"
        " ORDER BY id DESC LIMIT 1) UNION ALL SELECT id FROM (SELECT id FROM finding"
        " WHERE id > ?1 AND (?2 = 0 OR owner = ?2) ORDER BY id LIMIT 1)");
    int status = take_candidates(state, statement, prefix, owner, match);
    match->count = 0; /* near, but none that matches */
    return status;
}

int ajar_state_match_finding(struct ajar_state *state, struct ajar_span text,
                             const char *owner, struct ajar_state_match *out)
{
    char prefix[AJAR_FINDING_ID_BYTES] = "F-";
    int64_t owner_num = 0;
    struct ajar_state_match match;
    memset(&match, 0, sizeof match);
    db_enter(state);
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, owner, &owner_num) : status;
    bool written = normal_id(text, prefix);
    status = status == AJAR_OK && written ? candidates(state, prefix, owner_num, &match)
                                          : status;
    bool none = status == AJAR_OK && match.count == 0;
    status = none ? nearest(state, prefix, owner_num, &match) : status;
    db_end_read(state);
    if (status != AJAR_OK)
    {
        return status;
    }
    *out = match;
    if (none)
    {
        return db_fault(state, AJAR_STATE_FAULT_UNKNOWN,
                        "no finding begins with \"%.*s\"",
                        (int)(text.len < 64 ? text.len : 64), text.data);
    }
    return match.count == 1
               ? AJAR_OK
               : db_fault(state, AJAR_STATE_FAULT_AMBIGUOUS,
                          "%zu findings begin with \"%s\"; give more of the id",
                          match.count, prefix);
}

/* 1: *out is the finding, which the owner may see; negative: there is none such. */
static int find_owned(struct listing *listing, const char *id, const char *owner,
                      struct row_finding *out)
{
    int status = db_owner_find(listing->state, owner, &listing->owner);
    status = status == AJAR_OK ? rows_finding_by_id(listing->state, id, out) : status;
    bool others = status == 1 && listing->owner != 0 && out->owner != listing->owner;
    return status == 0 || others ? db_fault(listing->state, AJAR_STATE_FAULT_UNKNOWN,
                                            "there is no finding %s", id)
                                 : status;
}

int ajar_state_finding(struct ajar_state *state, const char *id, const char *owner,
                       ajar_finding_fn each, void *context)
{
    db_enter(state);
    struct listing listing = {
        .state = state, .details = true, .each = each, .context = context};
    struct row_finding finding = {.owner = 0};
    int status = db_begin_read(state);
    status = status == AJAR_OK ? find_owned(&listing, id, owner, &finding) : status;
    if (status == 1)
    {
        status = show(&listing, &finding);
        status = status == 1 ? AJAR_OK : status;
    }
    db_end_read(state);
    return status;
}

int ajar_state_findings_at(struct ajar_state *state, const struct ajar_addr *addr,
                           uint16_t port, const char *owner, ajar_finding_fn each,
                           void *context)
{
    db_enter(state);
    struct listing listing = {
        .state = state, .details = true, .each = each, .context = context};
    int status = db_begin_read(state);
    status = status == AJAR_OK ? db_owner_find(state, owner, &listing.owner) : status;
    if (status == AJAR_OK)
    {
        sqlite3_stmt *statement = db_statement(
            state, SLOT_AT,
            "SELECT num FROM finding WHERE state < 3 AND num IN"
            " (SELECT finding FROM endpoint WHERE addr = ?1 AND (?2 = 0 OR port = ?2))"
            " AND (?3 = 0 OR owner = ?3) ORDER BY id");
        db_addr(statement, 1, addr);
        db_int(statement, 2, port);
        db_int(statement, 3, listing.owner);
        status = list(&listing, statement);
    }
    db_end_read(state);
    return status;
}

static int list_copies(struct listing *listing, const struct row_finding *finding)
{
    uint64_t low = 0;
    uint64_t high = 0;
    life_near_bounds(finding->documents > 0 ? (uint64_t)finding->documents : 0, &low,
                     &high);
    sqlite3_stmt *statement =
        db_statement(listing->state, SLOT_COPIES,
                     "SELECT num FROM finding WHERE num IN (" VIEW_COPIES ")"
                     " AND (?5 = 0 OR owner = ?5) AND num != ?6 ORDER BY id");
    db_int(statement, 1, finding->fingerprint);
    db_int(statement, 2, finding->names_digest);
    db_int(statement, 3, db_sat(low));
    db_int(statement, 4, db_sat(high));
    db_int(statement, 5, listing->owner);
    db_int(statement, 6, finding->num);
    return list(listing, statement);
}

int ajar_state_copies(struct ajar_state *state, const char *id, const char *owner,
                      ajar_finding_fn each, void *context)
{
    db_enter(state);
    struct listing listing = {.state = state, .each = each, .context = context};
    struct row_finding finding = {.owner = 0};
    int status = db_begin_read(state);
    status = status == AJAR_OK ? find_owned(&listing, id, owner, &finding) : status;
    if (status == 1)
    {
        status = finding.copyable != 0 ? list_copies(&listing, &finding) : AJAR_OK;
    }
    db_end_read(state);
    return status;
}
