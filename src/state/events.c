/* SPDX-License-Identifier: Apache-2.0 */
#include "events.h"

#include <stdlib.h>

#include "ajar/num.h"
#include "ajar/prng.h"
#include "codec.h"
#include "names.h"
#include "view.h"

enum
{
    SLOT_NEW = DB_SLOT_EVENTS,
    SLOT_LAST,
    SLOT_REWRITE,
    SLOT_COUNT_KIND,
    SLOT_UNFROZEN,
    SLOT_ONE_UNFROZEN,
    SLOT_FREEZE
};

#define EVENTS_ENDPOINTS_SHOWN 32u

static int no_memory(struct ajar_state *state)
{
    return db_fault(state, AJAR_STATE_FAULT_MEMORY, "out of memory");
}

int events_change(struct ajar_state *state, struct events_changes *changes,
                  enum ajar_change_what what, const char *from, const char *to)
{
    if (changes->count == AJAR_MAX_CHANGES)
    {
        return AJAR_OK; /* there are fewer kinds than that */
    }
    struct ajar_change_view *change = &changes->items[changes->count];
    change->what = what;
    change->from = ajar_arena_copy(&state->arena, ajar_span_of(from));
    change->to = ajar_arena_copy(&state->arena, ajar_span_of(to));
    if (change->from == NULL || change->to == NULL)
    {
        return no_memory(state);
    }
    changes->count++;
    return AJAR_OK;
}

/* ---- what differs ---- */

static uint64_t mix_endpoint(const struct row_endpoint *endpoint)
{
    uint64_t hash = (uint64_t)endpoint->port;
    for (size_t i = 0; i < sizeof endpoint->addr.bytes; i++)
    {
        hash = ajar_prng_mix(hash, endpoint->addr.bytes[i]);
    }
    for (const char *c = endpoint->name; c != NULL && *c != '\0'; c++)
    {
        hash = ajar_prng_mix(hash, (unsigned char)*c);
    }
    return hash;
}

const char *events_endpoints_text(struct ajar_state *state,
                                  const struct row_endpoint *endpoints, size_t count)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 64u * 1024u);
    size_t shown = 0;
    size_t more = 0;
    uint64_t digest = 0;
    for (size_t i = 0; i < count; i++)
    {
        struct life_endpoint life = rows_life(&endpoints[i]);
        char text[AJAR_ADDR_TEXT_MAX + 8];
        if (!life_endpoint_counts(&life))
        {
            continue;
        }
        if (shown == EVENTS_ENDPOINTS_SHOWN)
        {
            more++;
            digest += mix_endpoint(&endpoints[i]);
            continue;
        }
        (void)ajar_addr_format_port(&endpoints[i].addr, (uint16_t)endpoints[i].port,
                                    text);
        (void)ajar_buf_printf(&out, "%s%s%s%s%s", shown > 0 ? ", " : "", text,
                              endpoints[i].name[0] != '\0' ? " (" : "", endpoints[i].name,
                              endpoints[i].name[0] != '\0' ? ")" : "");
        shown++;
    }
    if (more > 0)
    {
        (void)ajar_buf_printf(&out, " and %zu more (%08x)", more,
                              (unsigned)(digest & 0xffffffffu));
    }
    const char *copy =
        out.failed ? NULL : ajar_arena_copy(&state->arena, ajar_buf_span(&out));
    ajar_buf_deinit(&out);
    return copy;
}

static const char *indices_text(struct ajar_state *state,
                                const struct row_finding *finding,
                                const struct row_endpoint *now)
{
    struct ajar_buf out;
    ajar_buf_init(&out, 8192);
    struct ajar_buf added;
    struct ajar_buf gone;
    ajar_buf_init(&added, 2048);
    ajar_buf_init(&gone, 2048);
    if (finding->told_shapes != NULL && now->shapes != NULL)
    {
        (void)names_added(&added, finding->told_shapes, now->shapes, 5);
        (void)names_added(&gone, now->shapes, finding->told_shapes, 5);
    }
    (void)ajar_buf_printf(&out, "%lld", (long long)now->list_count);
    if (added.len > 0 || gone.len > 0)
    {
        (void)ajar_buf_printf(
            &out, " (%s%s%s%s%s)", added.len > 0 ? "new: " : "",
            added.len > 0 ? added.data : "", added.len > 0 && gone.len > 0 ? "; " : "",
            gone.len > 0 ? "gone: " : "", gone.len > 0 ? gone.data : "");
    }
    const char *copy =
        out.failed ? NULL : ajar_arena_copy(&state->arena, ajar_buf_span(&out));
    ajar_buf_deinit(&out);
    ajar_buf_deinit(&added);
    ajar_buf_deinit(&gone);
    return copy;
}

static bool indices_changed(const struct row_finding *finding,
                            const struct row_endpoint *now)
{
    if (now->list_count < 0 || finding->told_count < 0)
    {
        return false; /* not read, then or now: no opinion */
    }
    if (finding->told_shapes != NULL && now->shapes != NULL)
    {
        return strcmp(finding->told_shapes, now->shapes) != 0;
    }
    int64_t apart = llabs(now->list_count - finding->told_count);
    return apart * 2 >= finding->told_count && apart > 0;
}

static int compare_words(struct ajar_state *state, const struct row_finding *finding,
                         const struct row_endpoint *now, struct events_changes *changes)
{
    int status = AJAR_OK;
    if (finding->exposure != finding->told_exposure)
    {
        status =
            events_change(state, changes, AJAR_CHANGE_EXPOSURE,
                          ajar_exposure_word((enum ajar_exposure)finding->told_exposure),
                          ajar_exposure_word((enum ajar_exposure)finding->exposure));
    }
    if (status == AJAR_OK && finding->severity != finding->told_severity)
    {
        status =
            events_change(state, changes, AJAR_CHANGE_SEVERITY,
                          ajar_severity_word((enum ajar_severity)finding->told_severity),
                          ajar_severity_word((enum ajar_severity)finding->severity));
    }
    int64_t flag = AJAR_FLAG(COMPROMISED);
    if (status == AJAR_OK && ((finding->flags ^ finding->told_flags) & flag) != 0)
    {
        bool is = (finding->flags & flag) != 0;
        status = events_change(state, changes, AJAR_CHANGE_FLAGS, is ? "" : "compromised",
                               is ? "compromised" : "");
    }
    if (status == AJAR_OK && finding->told_version != NULL && now->version != NULL &&
        strcmp(finding->told_version, now->version) != 0)
    {
        status = events_change(state, changes, AJAR_CHANGE_VERSION, finding->told_version,
                               now->version);
    }
    return status;
}

static int compare_volume(struct ajar_state *state, const struct row_finding *finding,
                          const struct row_endpoint *now, struct events_changes *changes)
{
    char from[24];
    int status = AJAR_OK;
    if (indices_changed(finding, now))
    {
        from[ajar_num_render((uint64_t)finding->told_count, from)] = '\0';
        const char *to = indices_text(state, finding, now);
        status = to != NULL ? events_change(state, changes, AJAR_CHANGE_INDICES, from, to)
                            : no_memory(state);
    }
    if (status == AJAR_OK && finding->told_documents >= 0 && finding->documents >= 0 &&
        life_documents_changed((uint64_t)finding->told_documents,
                               (uint64_t)finding->documents))
    {
        char to[24];
        from[ajar_num_render((uint64_t)finding->told_documents, from)] = '\0';
        to[ajar_num_render((uint64_t)finding->documents, to)] = '\0';
        status = events_change(state, changes, AJAR_CHANGE_DOCUMENTS, from, to);
    }
    return status;
}

int events_compare(struct ajar_state *state, const struct row_finding *finding,
                   const struct row_endpoint *endpoints, size_t count, bool endpoints_too,
                   struct events_changes *changes)
{
    const struct row_endpoint *now = rows_representative(finding, endpoints, count);
    if (now == NULL)
    {
        return AJAR_OK;
    }
    int status = compare_words(state, finding, now, changes);
    status = status == AJAR_OK ? compare_volume(state, finding, now, changes) : status;
    if (status == AJAR_OK && endpoints_too)
    {
        const char *text = events_endpoints_text(state, endpoints, count);
        if (text == NULL)
        {
            return no_memory(state);
        }
        const char *told = finding->told_endpoints != NULL ? finding->told_endpoints : "";
        if (text[0] != '\0' && strcmp(text, told) != 0)
        {
            status = events_change(state, changes, AJAR_CHANGE_ENDPOINTS, told, text);
        }
    }
    return status;
}

/* ---- telling ---- */

static int set_told(struct ajar_state *state, struct row_finding *finding,
                    const struct row_endpoint *endpoints, size_t count)
{
    const struct row_endpoint *now = rows_representative(finding, endpoints, count);
    finding->told_state =
        finding->state == AJAR_FINDING_CLOSING ? finding->told_state : finding->state;
    finding->told_exposure = finding->exposure;
    finding->told_severity = finding->severity;
    finding->told_flags = finding->flags;
    finding->told_endpoints = events_endpoints_text(state, endpoints, count);
    if (now != NULL)
    {
        finding->told_version =
            now->version != NULL ? now->version : finding->told_version;
        finding->told_count =
            now->list_count >= 0 ? now->list_count : finding->told_count;
        finding->told_shapes = now->shapes != NULL ? now->shapes : finding->told_shapes;
        finding->told_documents =
            now->documents >= 0 ? now->documents : finding->told_documents;
    }
    return finding->told_endpoints != NULL ? AJAR_OK : no_memory(state);
}

/* The body is the caller's to deinit. */
static int render_body(struct ajar_state *state, const struct row_finding *finding,
                       const struct row_endpoint *endpoints, size_t count,
                       const struct events_changes *changes, struct ajar_buf *out)
{
    struct ajar_finding_view view;
    int status = view_of_finding(state, finding, endpoints, count, true, &view);
    if (status != AJAR_OK)
    {
        return status;
    }
    return codec_put_event(out, state->run.num != 0 ? state->run.id : "", &view,
                           changes->items, changes->count) == AJAR_OK
               ? AJAR_OK
               : no_memory(state);
}

static void count_event(struct ajar_state *state, enum ajar_event_kind kind)
{
    struct ajar_state_summary *summary = &state->run.summary;
    uint64_t *const counters[AJAR_EVENT_KIND_COUNT] = {
        [AJAR_EVENT_OPENED] = &summary->opened,
        [AJAR_EVENT_CHANGED] = &summary->changed,
        [AJAR_EVENT_UNVERIFIED] = &summary->unverified,
        [AJAR_EVENT_RESOLVED] = &summary->resolved,
        [AJAR_EVENT_REOPENED] = &summary->reopened,
        [AJAR_EVENT_MOVED] = &summary->moved,
        [AJAR_EVENT_ACCEPT_ENDED] = &summary->acceptances_ended,
    };
    summary->events++;
    if (counters[kind] != NULL)
    {
        (*counters[kind])++;
    }
}

/* The ever-growing counter of this kind, and the time of the newest event. */
static int keep_books(struct ajar_state *state, enum ajar_event_kind kind)
{
    char name[32] = "kind:";
    size_t len = strlen(ajar_event_kind_word(kind));
    memcpy(name + 5, ajar_event_kind_word(kind), len + 1);
    sqlite3_stmt *statement =
        db_statement(state, SLOT_COUNT_KIND,
                     "INSERT INTO setting (name, value) VALUES (?1, 1)"
                     " ON CONFLICT (name) DO UPDATE SET value = value + 1");
    db_text(statement, 1, name);
    int status = db_run(state, statement);
    return status == AJAR_OK ? db_set(state, "event_ms", state->event_ms) : status;
}

static int insert_event(struct ajar_state *state, const struct row_finding *finding,
                        enum ajar_event_kind kind, bool urgent, struct ajar_span body)
{
    const char *id = ajar_arena_printf(&state->arena, "E-%s-%lld", finding->id + 2,
                                       (long long)finding->events);
    if (id == NULL)
    {
        return no_memory(state);
    }
    sqlite3_stmt *statement =
        db_statement(state, SLOT_NEW,
                     "INSERT INTO event (id, finding, owner, kind, time_ms, run, urgent,"
                     " settled, frozen, copies, copy_documents, fingerprint, body)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0, 0, 0, ?8)");
    db_text(statement, 1, id);
    db_int(statement, 2, finding->num);
    db_int(statement, 3, finding->owner);
    db_int(statement, 4, kind);
    db_int(statement, 5, finding->event_ms);
    db_int(statement, 6, state->run.num);
    db_int(statement, 7, urgent ? 1 : 0);
    db_blob(statement, 8, body.data, body.len);
    return db_run(state, statement);
}

int events_emit(struct ajar_state *state, struct row_finding *finding,
                const struct row_endpoint *endpoints, size_t count,
                enum ajar_event_kind kind, const struct events_changes *changes,
                bool urgent)
{
    struct ajar_buf body;
    ajar_buf_init(&body, CODEC_MAX_BYTES);
    /* a clock that was set back does not put an event before an older one */
    state->event_ms = state->now_ms > state->event_ms ? state->now_ms : state->event_ms;
    finding->event_ms = state->event_ms;
    finding->events++;
    int status = render_body(state, finding, endpoints, count, changes, &body);
    status = status == AJAR_OK
                 ? insert_event(state, finding, kind, urgent, ajar_buf_span(&body))
                 : status;
    ajar_buf_deinit(&body);
    status = status == AJAR_OK ? keep_books(state, kind) : status;
    status = status == AJAR_OK ? set_told(state, finding, endpoints, count) : status;
    if (status == AJAR_OK)
    {
        state->new_events = true;
        count_event(state, kind);
    }
    return status;
}

int events_refresh(struct ajar_state *state, struct row_finding *finding,
                   const struct row_endpoint *endpoints, size_t count)
{
    sqlite3_stmt *statement =
        db_statement(state, SLOT_LAST,
                     "SELECT seq, kind, run, frozen FROM event WHERE finding = ?1"
                     " ORDER BY seq DESC LIMIT 1");
    db_int(statement, 1, finding->num);
    int status = db_step(state, statement);
    if (status != 1)
    {
        return status;
    }
    int64_t seq = db_get(statement, 0);
    int64_t kind = db_get(statement, 1);
    bool fresh = (kind == AJAR_EVENT_OPENED || kind == AJAR_EVENT_REOPENED) &&
                 db_get(statement, 2) == state->run.num && db_get(statement, 3) == 0;
    (void)sqlite3_reset(statement);
    if (!fresh)
    {
        return 0;
    }
    struct ajar_buf body;
    struct events_changes none = {.count = 0};
    ajar_buf_init(&body, CODEC_MAX_BYTES);
    status = render_body(state, finding, endpoints, count, &none, &body);
    if (status == AJAR_OK)
    {
        statement = db_statement(state, SLOT_REWRITE,
                                 "UPDATE event SET body = ?2 WHERE seq = ?1");
        db_int(statement, 1, seq);
        db_blob(statement, 2, body.data, body.len);
        status = db_run(state, statement);
    }
    ajar_buf_deinit(&body);
    status = status == AJAR_OK ? set_told(state, finding, endpoints, count) : status;
    return status == AJAR_OK ? 1 : status;
}

/* ---- what it says of copies, for good ---- */

static int freeze_one(struct ajar_state *state, int64_t seq, int64_t num)
{
    struct row_finding finding;
    struct ajar_dataset_view dataset = {0, 1, 0};
    int status = rows_finding(state, num, &finding);
    if (status == 1)
    {
        status = view_dataset(state, &finding, finding.owner, &dataset);
    }
    if (status < 0)
    {
        return status;
    }
    sqlite3_stmt *statement =
        db_statement(state, SLOT_FREEZE,
                     "UPDATE event SET frozen = 1, copies = ?2, copy_documents = ?3,"
                     " fingerprint = ?4 WHERE seq = ?1");
    db_int(statement, 1, seq);
    db_int(statement, 2, db_sat(dataset.copies));
    db_int(statement, 3, db_sat(dataset.documents));
    db_int(statement, 4, db_bits(dataset.fingerprint));
    return db_run(state, statement);
}

int events_freeze(struct ajar_state *state, int64_t seq)
{
    int64_t after = 0;
    for (;;)
    {
        if (seq == 0)
        {
            ajar_arena_reset(&state->arena); /* there may be thousands */
        }
        sqlite3_stmt *statement =
            seq == 0 ? db_statement(state, SLOT_UNFROZEN,
                                    "SELECT seq, finding FROM event WHERE frozen = 0 AND"
                                    " seq > ?1 ORDER BY seq LIMIT 1")
                     : db_statement(state, SLOT_ONE_UNFROZEN,
                                    "SELECT seq, finding FROM event WHERE frozen = 0 AND"
                                    " seq = ?1");
        db_int(statement, 1, seq == 0 ? after : seq);
        int status = db_step(state, statement);
        if (status != 1)
        {
            return status;
        }
        after = db_get(statement, 0);
        int64_t finding = db_get(statement, 1);
        (void)sqlite3_reset(statement);
        status = freeze_one(state, after, finding);
        if (status != AJAR_OK || seq != 0)
        {
            return status;
        }
    }
}
