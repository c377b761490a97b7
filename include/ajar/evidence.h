/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_EVIDENCE_H
#define AJAR_EVIDENCE_H

#include "ajar/arena.h"
#include "ajar/limits.h"
#include "ajar/sensitivity.h"
#include "ajar/vocab.h"

/*
 * Evidence: typed, bounded facts that a probe collected in one visit. It is what classify
 * decides from and what a finding shows; it holds no document and no opinion. Texts are
 * peer text, unescaped, owned by the visit's arena.
 */

/* What one kind of read showed. Only SHOWN proves readability: status 200 and the shape
 * that belongs to the endpoint. */
enum ajar_reading
{
    AJAR_READING_NOT_ASKED,
    AJAR_READING_SHOWN,     /* 200 and the endpoint's shape */
    AJAR_READING_REFUSED,   /* 401 or 403 by a guard */
    AJAR_READING_IN_DOUBT,  /* refused, yet data may be readable: 403 of a lapsed licence
                             (R10), 401 to an anonymous user with other rights */
    AJAR_READING_NOT_READY, /* 408, 429, 5xx: no master, not recovered, overloaded, 502
                               ... */
    AJAR_READING_ABSENT,    /* 400/404/405: this endpoint does not exist there */
    AJAR_READING_OTHER, /* a whole reply that is none of the above: wrong shape, 3xx ...
                         */
    AJAR_READING_CUT, /* the reply broke off or passed a cap before its shape was clear */
    AJAR_READING_FAILED /* no reply: connection or deadline */
};

const char *ajar_reading_word(enum ajar_reading reading);

/* The kinds of read, one verdict each. X(NAME, "word"). */
#define AJAR_READ_MAP(X)                                                                 \
    X(ROOT, "root")       /* the banner */                                               \
    X(HEALTH, "health")   /* cluster metadata */                                         \
    X(LIST, "list")       /* index names */                                              \
    X(COUNT, "count")     /* a count on a non-system index */                            \
    X(CONTROL, "control") /* the nonsense path: SHOWN means that it got a 200 */         \
    X(MAPPING, "mapping") /* field names, once all else is known; decides no exposure */

enum ajar_read
{
#define X(name, word) AJAR_READ_##name,
    AJAR_READ_MAP(X)
#undef X
        AJAR_READ_COUNT_OF
};

struct ajar_exchange
{
    const char *path; /* as sent; arena or static */
    uint64_t body_bytes;
    uint32_t duration_us;
    uint16_t status; /* 0: no reply */
    uint8_t read;    /* enum ajar_read */
    uint8_t reading; /* enum ajar_reading */
};

struct ajar_index_fact
{
    const char *name;
    uint64_t documents;
    uint64_t bytes;
};

struct ajar_index_facts
{
    uint64_t count;     /* rows seen, system ones included */
    uint64_t system;    /* of these: the product's own (wire-facts 8) */
    uint64_t documents; /* of the non-system ones */
    uint64_t bytes;     /* of the non-system ones, replicas included (store.size) */
    uint64_t unknown;   /* non-system rows without a document count (closed, red) */
    bool truncated;     /* the list broke off: all figures are lower bounds */
    struct ajar_index_fact
        largest[AJAR_MAX_LARGEST]; /* non-system, by documents then bytes */
    size_t largest_count;
    uint32_t sensitive;            /* rows whose name hints at personal or secret data */
    const char *sensitive_example; /* one such name, or NULL */
    uint32_t ransom_strong; /* rows named as a known ransom or wiper campaign does */
    uint32_t ransom_weak;
    const char *ransom_example;
    uint64_t
        fingerprint;          /* order-free digest over non-system names and counts; 0 if
                               * none,     or if the list was truncated: a part matches nothing */
    uint64_t names_digest;    /* the same over the non-system names alone; 0 likewise */
    const char *const *names; /* the first non-system names in byte order, arena */
    size_t name_count;        /* at most AJAR_MAX_NAMES */
    bool names_complete;      /* these are all of them */
};

/*
 * How a verdict came about, for `ajar check --explain`: the bytes that decided what each
 * reply showed, and the rules of docs/classification.md in the order in which they were
 * asked. Kept only where it was asked for (a scan pays nothing); texts are in the arena,
 * peer text in them is unescaped and cut.
 */
struct ajar_trace_rule
{
    const char *rule; /* static: "exposure 2", "severity", "flag partial" */
    const char *why;  /* one line */
    bool decided;     /* it settled something; else it was asked and did not apply */
};

struct ajar_trace
{
    struct ajar_trace_rule rules[AJAR_MAX_TRACE_RULES];
    size_t rule_count;
    const char *proofs[AJAR_MAX_REQUESTS]; /* by exchange; NULL: no reply came */
};

struct ajar_evidence
{
    struct ajar_arena *arena;
    struct ajar_trace *trace;            /* NULL: not asked for */
    uint8_t reading[AJAR_READ_COUNT_OF]; /* enum ajar_reading, one a kind of read */

    const char
        *product; /* static word: "elasticsearch", "opensearch", "quickwit" ...; NULL */
    const char *guard; /* static words: "Elastic security", "Search Guard" ...; NULL */
    const char *version;
    const char *lucene_version;
    const char *node_name;
    const char *cluster_name;
    const char *cluster_uuid;
    const char *cluster_status; /* static: "green", "yellow", "red", or NULL */
    uint64_t nodes;
    uint64_t active_primary_shards;
    bool health_known;

    struct ajar_index_facts indices;
    uint64_t counted;          /* what the count said */
    uint64_t count_shards;     /* shards that it asked: 0 proves nothing */
    const char *counted_index; /* which index; NULL: all non-system ones */
    struct ajar_sensitivity_facts sensitivity; /* indices_looked_at 0: no mapping read */

    uint32_t flags; /* AJAR_FLAG bits that the probe itself proves */
    const char
        *reasons[AJAR_MAX_REASONS]; /* short sentences, in order; escaped? no: raw */
    size_t reason_count;

    struct ajar_exchange exchanges[AJAR_MAX_REQUESTS];
    size_t exchange_count;
};

void ajar_evidence_init(struct ajar_evidence *evidence, struct ajar_arena *arena);
/* Adds a formatted reason; silently dropped when there are AJAR_MAX_REASONS or no memory.
 */
void ajar_evidence_reason(struct ajar_evidence *evidence, const char *format, ...)
    AJAR_PRINTF(2, 3);

/* From here on a trace is kept; without memory for it, none is. */
void ajar_evidence_explain(struct ajar_evidence *evidence);
/* Notes a rule; nothing where no trace is kept or it is full. rule: static. */
void ajar_evidence_rule(struct ajar_evidence *evidence, bool decided, const char *rule,
                        const char *format, ...) AJAR_PRINTF(4, 5);
/* Notes the bytes that decided the reading of the exchange that was counted last. */
void ajar_evidence_proof(struct ajar_evidence *evidence, struct ajar_span bytes);

#endif
