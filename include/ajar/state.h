/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_H
#define AJAR_STATE_H

#include "ajar/report.h"

/*
 * State: what ajar remembers from run to run: every target's last look, findings and
 * their life, the outbox of events, deliveries. It holds no socket and no clock (times
 * are passed in, Unix milliseconds), decides nothing about exposure and renders nothing.
 * Rules in words: docs/state.md. How it is stored is not part of this contract.
 *
 * Owner means the section's id everywhere; "" is loopback that no section declares.
 * Times: 0 is "never" or "not known". Texts in views are peer text, redacted but not
 * escaped; they are borrowed until the callback returns. Text pointers are NULL where
 * nothing is known, unless said otherwise.
 * Not safe for use by two threads at once. A callback must not call back into the same
 * state unless its comment says so, and must not wait for a person (a pager): a reader
 * that lingers holds up the writer's commit.
 */

/* ---- what went wrong ---- */

/* X(NAME, "word"). Every negative status of this room has its fault. */
#define AJAR_STATE_FAULT_MAP(X)                                                          \
    X(NONE, "none")                                                                      \
    X(MISSING, "missing") /* no such file or folder */                                   \
    X(PERMISSION, "permission")                                                          \
    X(READ_ONLY, "read_only") /* the file, the folder or the file system */              \
    X(LOCKED, "locked")       /* another ajar writes: an overlapping run exits 0 */      \
    X(BUSY, "busy")           /* a reader lingers; nothing is lost, try again */         \
    X(NEWER, "newer")         /* written by a newer ajar */                              \
    X(FOREIGN, "foreign")     /* a file that is not ajar's state */                      \
    X(CORRUPT, "corrupt")                                                                \
    X(FULL, "full") /* disk, quota or file size limit */                                 \
    X(IO, "io")                                                                          \
    X(MEMORY, "memory")                                                                  \
    X(MISUSE, "misuse")       /* called in the wrong state, or a bad argument */         \
    X(UNKNOWN, "unknown")     /* no such finding, event, run */                          \
    X(AMBIGUOUS, "ambiguous") /* a prefix that more than one id begins with */

enum ajar_state_fault
{
#define X(name, word) AJAR_STATE_FAULT_##name,
    AJAR_STATE_FAULT_MAP(X)
#undef X
};

/* A fault for a person: what, where, what to do about it; no line end. */
struct ajar_state_error
{
    enum ajar_state_fault fault;
    char text[512];
};

const char *ajar_state_fault_word(enum ajar_state_fault fault);

/* ---- open and close ---- */

struct ajar_state;

struct ajar_state_options
{
    const char *path;
    bool write;       /* takes the writer's lock (path + ".lock") and holds it */
    bool create;      /* with write: make the file (0600) and its last folder (0700) */
    uint32_t busy_ms; /* how long to wait for a reader or a commit; 0: 10 s */
};

/* AJAR_ENOTFOUND: MISSING. AJAR_ESTATE: LOCKED. AJAR_ESYSTEM: all else; *error says.
 * Older schemas are brought forward in one transaction (write) or refused (read only:
 * fault NEWER never, READ_ONLY with a text that says to run a writing command once).
 * A run that was killed is marked unfinished here (write). */
int ajar_state_open(const struct ajar_state_options *options, struct ajar_state **out,
                    struct ajar_state_error *error) AJAR_MUST_CHECK;
/* Commits nothing that a run still holds: end it, or it counts as unfinished. */
void ajar_state_close(struct ajar_state *state); /* NULL is fine */
/* The last fault of this handle; valid until the next call. */
const struct ajar_state_error *ajar_state_error(const struct ajar_state *state);
/* Full check of the file (ajar doctor). AJAR_ESYSTEM and CORRUPT when it fails. */
int ajar_state_verify(struct ajar_state *state) AJAR_MUST_CHECK;

/* ---- a run ---- */

enum ajar_state_source
{
    AJAR_STATE_SCAN,
    AJAR_STATE_CHECK,
    AJAR_STATE_RECHECK
};
const char *ajar_state_source_word(enum ajar_state_source source);

struct ajar_state_run
{
    const struct ajar_run_info *info; /* borrowed until run_end */
    enum ajar_state_source source;
    bool manual;         /* a person asked for it now */
    const char *vantage; /* where it looks from ("internet", "office"); NULL: none given.
                          * A look from one vantage never closes what another saw open. */
    int64_t now_ms;
};

/* One target's look. */
struct ajar_state_look
{
    const struct ajar_target_record *record;
    bool canary; /* own decoy: remembered as a target, never a finding */
    bool source_known;
    struct ajar_addr source;  /* our own address on that connection */
    const char *const *names; /* non-system index names, byte order, at most 256 used */
    size_t name_count;
    bool names_complete;   /* these are all */
    uint64_t names_digest; /* order-free, over all names; 0: none */
};

/* What a run came to: for "nothing changed" and its coverage. */
struct ajar_state_summary
{
    uint64_t observed;
    uint64_t events; /* in all */
    uint64_t opened;
    uint64_t changed;
    uint64_t unverified;
    uint64_t resolved;
    uint64_t reopened;
    uint64_t moved;
    uint64_t acceptances_ended;
    uint64_t still_open; /* findings that are open after it, accepted ones not counted */
    uint64_t redacted;   /* pieces of personal data that were taken out of names */
};

int ajar_state_run_begin(struct ajar_state *state,
                         const struct ajar_state_run *run) AJAR_MUST_CHECK;
/* Takes one look. What proves something open is in a transaction at once; all else is
 * gathered. After a failure (say FULL) the run may go on: nothing told is lost, what was
 * not committed is not told. */
int ajar_state_observe(struct ajar_state *state,
                       const struct ajar_state_look *look) AJAR_MUST_CHECK;
/* Commits what is due: an opened finding within a second, plain looks within 30 s or as
 * they fill the batch. Call it about every 100 ms to 1 s in a run. *out_new_events (NULL
 * allowed): true when events were made durable that delivery does not know yet. */
int ajar_state_tick(struct ajar_state *state, int64_t now_ms,
                    bool *out_new_events) AJAR_MUST_CHECK;
/* Ends the run: judges closings, silence, moves and changes of what it covered. Not
 * trusted: coverage is kept, nothing is closed and nothing is called silent. An
 * incomplete run judges what it covered alone. totals is copied. */
int ajar_state_run_end(struct ajar_state *state, const struct ajar_run_totals *totals,
                       bool trusted, int64_t now_ms,
                       struct ajar_state_summary *out) AJAR_MUST_CHECK;

/* A canary section's looks in the current run, before run_end. */
struct ajar_state_canary
{
    uint64_t as_declared;
    uint64_t otherwise;
    uint64_t not_looked_at;   /* remembered targets of it that this run did not visit */
    struct ajar_addr example; /* one that was otherwise; port 0: none */
    uint16_t example_port;
    enum ajar_exposure example_exposure;
};
/* Seen as declared: records means RECORDS; protected means PROTECTED exactly. A section
 * whose every target is otherwise or not looked at has failed; the caller decides. */
int ajar_state_canary(struct ajar_state *state, const char *owner,
                      enum ajar_exposure expected,
                      struct ajar_state_canary *out) AJAR_MUST_CHECK;

/* ---- vocabularies ---- */

/* X(NAME, "word"). */
#define AJAR_FINDING_STATE_MAP(X)                                                        \
    X(OPEN, "open")                                                                      \
    X(CLOSING, "closing")       /* proven closed once; a second look must agree */       \
    X(UNVERIFIED, "unverified") /* it went silent, which proves nothing */               \
    X(RESOLVED, "resolved")                                                              \
    X(ACCEPTED, "accepted") /* open, and meant to be: by accept or by expect= */

enum ajar_finding_state
{
#define X(name, word) AJAR_FINDING_##name,
    AJAR_FINDING_STATE_MAP(X)
#undef X
        AJAR_FINDING_STATE_COUNT
};

#define AJAR_EVENT_KIND_MAP(X)                                                           \
    X(OPENED, "opened")                                                                  \
    X(CHANGED, "changed")                                                                \
    X(UNVERIFIED, "unverified")                                                          \
    X(RESOLVED, "resolved")                                                              \
    X(REOPENED, "reopened")                                                              \
    X(MOVED, "moved")                                                                    \
    X(ACCEPTED, "accepted")                                                              \
    X(ACCEPT_ENDED, "accept_ended")

enum ajar_event_kind
{
#define X(name, word) AJAR_EVENT_##name,
    AJAR_EVENT_KIND_MAP(X)
#undef X
        AJAR_EVENT_KIND_COUNT
};

/* What can change. */
#define AJAR_CHANGE_MAP(X)                                                               \
    X(EXPOSURE, "exposure")                                                              \
    X(SEVERITY, "severity")                                                              \
    X(VERSION, "version")                                                                \
    X(INDICES, "indices")                                                                \
    X(DOCUMENTS, "documents")                                                            \
    X(ENDPOINTS, "endpoints")                                                            \
    X(FLAGS, "flags")           /* compromised alone is told */                          \
    X(STATE, "state")           /* from unverified back to open */                       \
    X(ACCEPTANCE, "acceptance") /* until, indices, by; or why it ended */                \
    X(SILENCE, "silence")       /* why nothing is known any more */

enum ajar_change_what
{
#define X(name, word) AJAR_CHANGE_##name,
    AJAR_CHANGE_MAP(X)
#undef X
        AJAR_CHANGE_COUNT
};

#define AJAR_ENDPOINT_STATE_MAP(X)                                                       \
    X(OPEN, "open")                                                                      \
    X(CLOSED, "closed")                                                                  \
    X(SILENT, "silent")

enum ajar_endpoint_state
{
#define X(name, word) AJAR_ENDPOINT_##name,
    AJAR_ENDPOINT_STATE_MAP(X)
#undef X
        AJAR_ENDPOINT_STATE_COUNT
};

const char *ajar_finding_state_word(enum ajar_finding_state state);
const char *ajar_event_kind_word(enum ajar_event_kind kind);
const char *ajar_change_word(enum ajar_change_what what);
const char *ajar_endpoint_state_word(enum ajar_endpoint_state state);
int ajar_finding_state_parse(struct ajar_span word,
                             enum ajar_finding_state *out) AJAR_MUST_CHECK;

/* ---- views ---- */

#define AJAR_FINDING_ID_BYTES 16 /* "F-ABCDEFGHIJKL" */
#define AJAR_EVENT_ID_BYTES 32   /* "E-ABCDEFGHIJKL-12": the finding's, and a number */
#define AJAR_MAX_VIEW_ENDPOINTS 64
#define AJAR_MAX_VIEW_NAMES 256
#define AJAR_MAX_CHANGES 12

struct ajar_endpoint_view
{
    struct ajar_addr addr;
    uint16_t port;
    const char *name;        /* NULL: none */
    enum ajar_scheme scheme; /* HTTP or HTTPS, never AUTO */
    enum ajar_endpoint_state state;
    enum ajar_exposure exposure; /* of its last open look */
    int64_t first_seen_ms;       /* first open look here */
    int64_t last_seen_ms;        /* last open look here */
    int64_t closed_ms;           /* first look that proved it closed; 0 while open */
};

/* The exposure window; 0: none. Open at least from first_open to last_open, at most from
 * last_closed to first_closed (or until now). */
struct ajar_window
{
    int64_t last_closed_ms;
    int64_t first_open_ms;
    int64_t last_open_ms;
    int64_t first_closed_ms;
};

/* Clusters with the same data, this one among them; 1 when it is alone. */
struct ajar_dataset_view
{
    uint64_t fingerprint; /* 0: none */
    uint64_t copies;
    uint64_t documents; /* of one copy: the largest */
};

struct ajar_proof_view
{
    const char *path;
    const char *source; /* our own address as text; NULL: not known */
    int64_t time_ms;
    uint64_t body_bytes;
    uint16_t status; /* 0: no reply */
    enum ajar_read read;
    enum ajar_reading reading;
};

struct ajar_acceptance_view
{
    bool active;
    bool by_targets_file; /* by expect=; then `reason` is its text */
    int64_t since_ms;
    int64_t until_ms;    /* 0: no end */
    const char *indices; /* patterns, comma separated; NULL: the shapes of that day */
    const char *by;
    const char *reason;
};

/* Pieces taken out of names, by kind. */
enum ajar_redact_kind
{
    AJAR_REDACT_EMAIL,
    AJAR_REDACT_PHONE,
    AJAR_REDACT_CARD,
    AJAR_REDACT_NATIONAL_ID,
    AJAR_REDACT_KIND_COUNT
};
const char *ajar_redact_kind_word(enum ajar_redact_kind kind);

struct ajar_redact_counts
{
    uint32_t by_kind[AJAR_REDACT_KIND_COUNT];
};

struct ajar_finding_view
{
    char id[AJAR_FINDING_ID_BYTES];
    enum ajar_finding_state state;
    enum ajar_exposure exposure;
    enum ajar_severity severity;
    uint32_t flags; /* AJAR_FLAG bits; COMPROMISED also by history */
    bool announced; /* an opened event was made; false: expected from the first look */
    const char *product;
    const char *version;
    const char *cluster_name;
    const char *cluster_uuid;
    const char *owner;   /* never NULL */
    const char *contact; /* as of the last look */
    const char *run;     /* id of the last run that saw it open; never NULL */
    const char *vantage;
    struct ajar_window window;
    int64_t
        opened_ms; /* first time under this id; the window begins anew at a reopening */
    int64_t resolved_ms; /* the second proving look; 0 while not resolved */
    uint32_t times_reopened;

    const struct ajar_endpoint_view *endpoints; /* open ones first, then by address */
    size_t endpoint_count;                      /* at most AJAR_MAX_VIEW_ENDPOINTS */
    uint64_t endpoints_total;

    bool list_known; /* index rows were read: the figures mean something */
    uint64_t index_count;
    uint64_t system_count;
    uint64_t documents;
    uint64_t bytes;
    uint64_t unknown;
    bool truncated;
    uint64_t counted; /* by a count; 0 with count_known false: not asked or refused */
    bool count_known;
    struct ajar_index_fact largest[AJAR_MAX_LARGEST];
    size_t largest_count;
    const char *const *names; /* byte order of the names as they were */
    size_t name_count;
    bool names_complete;
    uint32_t sensitive;
    const char *sensitive_example;
    const char *ransom_example;

    struct ajar_dataset_view dataset;
    const struct ajar_proof_view *proofs;
    size_t proof_count;
    const char *const *reasons;
    size_t reason_count;
    struct ajar_acceptance_view acceptance;
    struct ajar_redact_counts redacted;
    const char *reference; /* the ticket's; of the asked section, else the first known */
};

struct ajar_change_view
{
    enum ajar_change_what what;
    const char *from; /* never NULL, may be "" */
    const char *to;
};

struct ajar_event_view
{
    char id[AJAR_EVENT_ID_BYTES];
    uint64_t seq; /* increasing over the whole file */
    enum ajar_event_kind kind;
    int64_t time_ms; /* never before an older event's, even with a clock set back */
    const char *run; /* id; never NULL ("" for what a command did) */
    bool urgent;     /* compromised by history */
    bool delivered;  /* acknowledged wherever it was owed, or by hand */
    const struct ajar_change_view *changes;
    size_t change_count;
    struct ajar_finding_view finding; /* as it was then; `reference` as it is now */
};

/* ---- questions ---- */

typedef bool (*ajar_finding_fn)(void *context, const struct ajar_finding_view *finding);
typedef bool (*ajar_event_fn)(void *context, const struct ajar_event_view *event);

struct ajar_finding_query
{
    const char *owner; /* NULL: whole estate; else nothing of another owner is in it,
                        * copies of another owner's clusters included */
    uint32_t states;   /* bits 1 << AJAR_FINDING_x; 0: all but resolved */
    int64_t since_ms;  /* with an event or first seen at or after it; 0: no bound */
    bool details;      /* names, proofs and reasons too; else counts of them are 0 */
};

/* Worst first, then newest. Return false from the callback to stop. */
int ajar_state_findings(struct ajar_state *state, const struct ajar_finding_query *query,
                        ajar_finding_fn each, void *context) AJAR_MUST_CHECK;

#define AJAR_STATE_CANDIDATES 8
struct ajar_state_match
{
    size_t count; /* in all; the first AJAR_STATE_CANDIDATES stand in ids */
    char ids[AJAR_STATE_CANDIDATES][AJAR_FINDING_ID_BYTES];
};
/* text: an id or a prefix of one, any case, with or without "F-". AJAR_OK: one, ids[0].
 * AJAR_ENOTFOUND: none; ids then hold the nearest. AJAR_ELIMIT: ambiguous. owner as
 * above.
 */
int ajar_state_match_finding(struct ajar_state *state, struct ajar_span text,
                             const char *owner,
                             struct ajar_state_match *out) AJAR_MUST_CHECK;
/* One finding with details. AJAR_ENOTFOUND. id in full. */
int ajar_state_finding(struct ajar_state *state, const char *id, const char *owner,
                       ajar_finding_fn each, void *context) AJAR_MUST_CHECK;
/* The unresolved findings that have an endpoint at this address (port 0: any). */
int ajar_state_findings_at(struct ajar_state *state, const struct ajar_addr *addr,
                           uint16_t port, const char *owner, ajar_finding_fn each,
                           void *context) AJAR_MUST_CHECK;
/* The other findings that hold the same data set; owner: that owner's only. */
int ajar_state_copies(struct ajar_state *state, const char *id, const char *owner,
                      ajar_finding_fn each, void *context) AJAR_MUST_CHECK;

struct ajar_event_query
{
    const char *owner;
    const char *finding; /* id; NULL: all */
    int64_t since_ms;
    uint64_t after_seq;
    bool undelivered; /* only what is not acknowledged */
};
/* In order of seq. */
int ajar_state_events(struct ajar_state *state, const struct ajar_event_query *query,
                      ajar_event_fn each, void *context) AJAR_MUST_CHECK;
/* One by its id, any case. AJAR_ENOTFOUND. */
int ajar_state_event(struct ajar_state *state, const char *id, const char *owner,
                     ajar_event_fn each, void *context) AJAR_MUST_CHECK;

struct ajar_run_view
{
    const char *id;
    const char *version;
    const char *scope_digest;
    const char *vantage;
    enum ajar_state_source source;
    bool manual;
    bool ended; /* false: killed, or still under way */
    bool complete;
    bool trusted;
    int64_t started_ms;
    int64_t ended_ms;
    uint64_t targets;
    uint64_t excluded;
    uint64_t observed;
    uint64_t not_visited;
    uint64_t requests;
    uint64_t events;
    uint64_t by_exposure[AJAR_EXPOSURE_COUNT];
    uint64_t by_outcome[AJAR_OUTCOME_COUNT];
};
typedef bool (*ajar_run_fn)(void *context, const struct ajar_run_view *run);
/* Newest first; limit 0: all that are kept. */
int ajar_state_runs(struct ajar_state *state, uint64_t limit, ajar_run_fn each,
                    void *context) AJAR_MUST_CHECK;

/* Coverage, an owner at a time, in order of owner. */
struct ajar_coverage_view
{
    const char *owner;
    uint64_t targets;  /* remembered */
    uint64_t reached;  /* ever gave an answer: a reply, a refusal, a reset */
    uint64_t never;    /* never did */
    uint64_t open;     /* open at the last look */
    int64_t oldest_ms; /* the target whose last look is longest ago */
    int64_t newest_ms;
    uint64_t worst_gap_ms; /* longest time between two looks at one target, the time since
                            * the last look included: what is worst-case time to detect */
    uint64_t looked_once;  /* targets with one look: no gap is known of them yet */
    uint64_t by_outcome[AJAR_OUTCOME_COUNT];   /* of the last looks */
    uint64_t by_exposure[AJAR_EXPOSURE_COUNT]; /* of the last looks */
};
typedef bool (*ajar_coverage_fn)(void *context,
                                 const struct ajar_coverage_view *coverage);
int ajar_state_coverage(struct ajar_state *state, const char *owner, int64_t now_ms,
                        ajar_coverage_fn each, void *context) AJAR_MUST_CHECK;

/* One remembered target. */
struct ajar_remembered_view
{
    struct ajar_addr addr;
    uint16_t port;
    const char *name;
    const char *owner;
    enum ajar_exposure exposure;
    enum ajar_outcome outcome;
    int64_t seen_ms;     /* last look */
    int64_t answered_ms; /* last look that got an answer; 0: never reached */
    int64_t closed_ms;   /* last look that proved it closed */
    uint64_t worst_gap_ms;
};
typedef bool (*ajar_remembered_fn)(void *context,
                                   const struct ajar_remembered_view *target);
struct ajar_remembered_query
{
    const char *owner;
    bool never_reached; /* only these */
    uint64_t limit;     /* 0: no bound */
};
int ajar_state_remembered(struct ajar_state *state,
                          const struct ajar_remembered_query *query,
                          ajar_remembered_fn each, void *context) AJAR_MUST_CHECK;

/* Is a host due? A tenth of the interval is leeway, so that an hourly timer that fires a
 * second early does not skip an hour. */
struct ajar_due_query
{
    const struct ajar_addr *addr;
    const char *name;      /* NULL: none */
    uint32_t port_count;   /* how many ports it should have; fewer remembered: due */
    uint64_t every_ms;     /* of its section */
    uint64_t hot_every_ms; /* where an unresolved, not accepted finding has an endpoint */
    int64_t now_ms;
};
/* *out_due_ms: when; at or before now_ms means due. */
int ajar_state_due(struct ajar_state *state, const struct ajar_due_query *query,
                   int64_t *out_due_ms) AJAR_MUST_CHECK;

struct ajar_state_metrics
{
    uint64_t by_state[AJAR_FINDING_STATE_COUNT];
    uint64_t open_by_exposure[AJAR_EXPOSURE_COUNT]; /* unresolved and not accepted */
    uint64_t open_by_severity[AJAR_SEVERITY_COUNT];
    uint64_t events_by_kind[AJAR_EVENT_KIND_COUNT]; /* since the file began; not per
                                                     * owner: those kept */
    uint64_t undelivered;
    int64_t oldest_undelivered_ms;
    uint64_t failed_attempts; /* of deliveries that are still owed */
    uint64_t datasets;        /* distinct among unresolved */
    uint64_t documents;       /* each data set counted once */
    uint64_t documents_all;   /* copies counted each */
    uint64_t targets;
    uint64_t never_reached;
    uint64_t file_bytes;
    bool has_run; /* the last scan; zero for an owner's view */
    bool run_complete;
    bool run_trusted;
    bool run_ended;
    int64_t run_started_ms;
    int64_t run_ended_ms;
    uint64_t run_targets;
    uint64_t run_observed;
    int64_t last_good_ms; /* end of the last complete and trusted scan; 0: none */
};
int ajar_state_metrics(struct ajar_state *state, const char *owner,
                       struct ajar_state_metrics *out) AJAR_MUST_CHECK;
/* The same without `targets` and `never_reached` (0): those alone need a look at every
 * remembered target, which the foot of a list must not cost. */
int ajar_state_standing(struct ajar_state *state, const char *owner,
                        struct ajar_state_metrics *out) AJAR_MUST_CHECK;

/* ---- what a person decides ---- */

struct ajar_acceptance
{
    int64_t until_ms;    /* after now */
    const char *indices; /* patterns with * and ?, separated by commas; NULL: what is
                          * there now, names that differ in digits alone counted as one */
    const char *by;
    const char *reason;
};
/* AJAR_ENOTFOUND; AJAR_ESTATE: resolved; AJAR_EREFUSED: an index that is there now does
 * not match (the error names it). Emits `accepted`. */
int ajar_state_accept(struct ajar_state *state, const char *finding,
                      const struct ajar_acceptance *acceptance,
                      int64_t now_ms) AJAR_MUST_CHECK;

/* ---- deliveries ---- */

/* A [tickets NAME] section; "" is the one without a name. */
struct ajar_ticket_section
{
    const char *name;
    const char *const *owners; /* NULL: all */
    size_t owner_count;
};

/* Makes the section known and queues for it what it does not have: at first (and when its
 * owners change) all kept events of findings that are not resolved; later every event.
 * Needs write. Once at start for each section, and again after ajar_state_tick said that
 * there is new. What a killed process had under way is owed again since open. */
int ajar_state_queue(struct ajar_state *state, const struct ajar_ticket_section *section,
                     int64_t now_ms) AJAR_MUST_CHECK;
/*
 * The next event that may be delivered now: the oldest one whose finding has nothing
 * earlier owed or under way in this section and whose back-off is over. It is marked as
 * under way and its copies are fixed (durably, before `each` is called). `each` is called
 * at most once; render there, run the command later.
 * AJAR_ENOTFOUND: nothing now; *out_next_ms (NULL allowed) says when to ask again, 0:
 * nothing is owed but what is under way.
 */
int ajar_state_deliver_next(struct ajar_state *state, const char *section, int64_t now_ms,
                            ajar_event_fn each, void *context,
                            int64_t *out_next_ms) AJAR_MUST_CHECK;

enum ajar_delivery_result
{
    AJAR_DELIVERY_ACKED,
    AJAR_DELIVERY_FAILED, /* an exit that is not 0, a signal, could not start */
    AJAR_DELIVERY_TIMEOUT
};
struct ajar_delivery_report
{
    const char *section;
    const char *event; /* id */
    enum ajar_delivery_result result;
    const char *reference; /* ACKED: the ticket's; NULL or "": none given */
    const char *detail;    /* FAILED: for a person ("exit 3: ..."); NULL */
    int64_t now_ms;
    int64_t
        retry_ms; /* not before; 0: by the room's back-off (30 s, doubled, at most 6 h) */
};
/* Durable when it returns. An acknowledgement that could not be written is told again. */
int ajar_state_delivered(struct ajar_state *state,
                         const struct ajar_delivery_report *report) AJAR_MUST_CHECK;
/* By hand: settled in every section (section NULL) or in one. reference may be NULL. */
int ajar_state_ack(struct ajar_state *state, const char *event, const char *section,
                   const char *reference, int64_t now_ms) AJAR_MUST_CHECK;
/* Events owed in a section that is known; *out_owed includes those under way. */
int ajar_state_owed(struct ajar_state *state, const char *section,
                    uint64_t *out_owed) AJAR_MUST_CHECK;
/* Back-off is over for all that is owed there (ajar deliver, asked by a person). */
int ajar_state_retry_now(struct ajar_state *state, const char *section) AJAR_MUST_CHECK;

enum ajar_delivery_state
{
    AJAR_DELIVERY_STATE_OWED,
    AJAR_DELIVERY_STATE_UNDER_WAY,
    AJAR_DELIVERY_STATE_ACKED,
    AJAR_DELIVERY_STATE_SKIPPED /* settled by hand, or older than the section */
};
const char *ajar_delivery_state_word(enum ajar_delivery_state state);
struct ajar_delivery_view
{
    char event[AJAR_EVENT_ID_BYTES];
    enum ajar_event_kind kind;
    const char *section;
    enum ajar_delivery_state state;
    uint32_t attempts;
    int64_t last_ms; /* last attempt */
    int64_t next_ms; /* OWED: not before */
    const char *reference;
    const char *detail; /* of the last failure */
};
typedef bool (*ajar_delivery_fn)(void *context,
                                 const struct ajar_delivery_view *delivery);
/* finding: id, NULL for all that is owed. owner as everywhere. */
int ajar_state_deliveries(struct ajar_state *state, const char *finding,
                          const char *owner, ajar_delivery_fn each,
                          void *context) AJAR_MUST_CHECK;

/* ---- keeping it small ---- */

struct ajar_retention
{
    uint32_t run_days; /* runs; the newest scan is always kept. 0: 400 */
    uint32_t
        finding_days; /* resolved findings with their events, once delivered. 0: 400 */
    uint32_t target_days; /* targets that no run has looked at. 0: 90 */
};
struct ajar_pruned
{
    uint64_t runs;
    uint64_t findings;
    uint64_t events;
    uint64_t targets;
};
/* NULL: the defaults. Unresolved findings are never dropped: an endpoint that no run has
 * looked at for target_days makes its finding unverified. */
int ajar_state_prune(struct ajar_state *state, const struct ajar_retention *retention,
                     int64_t now_ms, struct ajar_pruned *out) AJAR_MUST_CHECK;

/* ---- minimization ---- */

/*
 * Appends name with personal data replaced by "[email]", "[phone]", "[card]" and
 * "[national-id]", and adds what it took out to *counts (NULL allowed). Pure. Statuses:
 * those of buf.
 */
int ajar_redact(struct ajar_span name, struct ajar_buf *out,
                struct ajar_redact_counts *counts);

#endif
