/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_PROBE_ES_H
#define AJAR_PROBE_ES_H

#include "ajar/classify.h"
#include "ajar/json.h"
#include "ajar/probe.h"

/*
 * The Elasticsearch and OpenSearch probe, inside. Each file does one thing:
 *   steps.c      every path, as data            path.c      an index name into a path
 *   plan.c       what to ask next               head.c      what a reply's head says
 *   json.c       JSON, broken texts too
 *   errors.c     the shapes of error bodies     guards.c    who refuses
 *   banner.c     identity from `/`              strangers.c other products, named
 *   decoys.c     marks of honeypots             list.c      the index list, row by row
 *   readings.c   one reply into one reading     names.c     the index names that are kept
 *   mappings.c   field names, as they stream    proof.c     the bytes that decided
 *   probe.c      the contract
 */

enum es_step
{
    ES_ROOT,
    ES_HEALTH_BOTH,
    ES_HEALTH_TIMEOUT,
    ES_HEALTH_PLAIN,
    ES_LIST_ALL_MASTER,
    ES_LIST_MASTER,
    ES_LIST_ALL_MANAGER,
    ES_LIST_ALL,
    ES_LIST_PLAIN,
    ES_ALIASES,
    ES_COUNT_INDEX,
    ES_COUNT_ALL,
    ES_COUNT_NO_DOT,
    ES_COUNT_STAR,
    ES_CONTROL,
    ES_MAPPING,
    ES_STEP_COUNT
};

extern const struct ajar_step es_steps[ES_STEP_COUNT];

/* Who refuses, or what a header says it is. Static rows. */
struct es_guard
{
    const char *mark;    /* the realm or the text that tells */
    const char *guard;   /* what ajar calls it */
    const char *product; /* what stands behind it, or NULL when that is not known */
    bool lookalike;      /* ... and is another product that speaks the interface */
};

/* What the head of the reply in flight said. Texts are static or copied into the arena.
 */
struct es_head
{
    uint16_t status; /* 0: no head came */
    bool elastic_product;
    bool plain_text;
    bool self_declared;
    bool scripted_server;            /* Server: of a script's own HTTP library */
    bool cloud_edge;                 /* X-Cloud-Request-Id */
    bool challenged;                 /* any WWW-Authenticate */
    bool coded;                      /* Content-Encoding other than identity */
    bool for_browsers;               /* a challenge that a browser would pass */
    const struct es_guard *realm;    /* a known one */
    const struct es_guard *stranger; /* a header of another product */
    const char *opensearch_version;  /* from X-OpenSearch-Version */
    const char *challenge;           /* the first WWW-Authenticate; for a trace alone */
};

/* A body that has the shape of an error reply; texts are borrowed from the parsed JSON.
 */
struct es_error
{
    bool shape; /* the family's own error shape, object or string form, or its text */
    const char *type; /* "security_exception"; NULL in the string forms */
    const char *reason;
};

/* The index list in flight, and the mappings. */
struct es_list;
struct es_mappings;

struct es_state
{
    struct ajar_evidence *evidence;
    uint64_t nonce;
    struct ajar_buf body;
    struct es_list *list;         /* in the arena, from the first list asked */
    struct es_mappings *mappings; /* in the arena, from the first mapping asked */
    struct ajar_release release;
    const char *decoy_mark; /* the heaviest, static */
    char *first;            /* the first bytes of the body, arena; for a trace alone */
    size_t first_len;
    struct es_head head;
    uint64_t primaries; /* active primary shards by health */
    uint8_t step;       /* enum es_step */
    uint8_t stage;      /* enum es_stage of plan.c */
    uint8_t asked;
    uint8_t mappings_asked;
    uint8_t count_at; /* which of the largest indices is counted: the first, the second */
    uint8_t failures; /* exchanges without a reply */
    uint8_t decoy_points; /* decoys.c */
    uint8_t decoy_heaviest;
    bool release_known;
    bool elastic_header;    /* some reply had X-elastic-product: 7.14 or later */
    bool compat;            /* OpenSearch that calls itself 7.10.2 */
    bool speaks;            /* something had the family's shape: worth further requests */
    bool over;              /* a 401, or nothing more to learn */
    bool unknown_parameter; /* 400: the version does not know one of ours */
    bool no_handler;        /* "No handler found": this endpoint does not exist there */
    bool no_master;         /* the cluster says that it has none */
    bool body_full;         /* our own cap on a body that is held was reached */
};

/* head.c */
void es_head_read(struct es_state *state, const struct ajar_reply_head *head);

/* json.c: as ajar_json_parse; bytes that are not UTF-8 are read as `?`. */
struct cJSON *es_json_parse(struct ajar_span text);

/* errors.c */
void es_error_read(const struct es_state *state, const struct cJSON *json,
                   struct es_error *out);
/* Does the reason begin so, in the object form or inside Type[...] of the string form? */
bool es_error_says(const struct es_error *error, const char *prefix);

/* guards.c */
const struct es_guard *es_guard_of_realm(struct ajar_span challenge);
/* Names guard and product from a refusal; true when the refusal is a guard's own. */
bool es_guard_name(struct es_state *state, const struct cJSON *json,
                   const struct es_error *error);
/* A 503 of a guard that is not set up yet: its fixed text. */
bool es_guard_not_ready(struct es_state *state);
/* ReadonlyREST before its rules are loaded, or when they could not be: it refuses all,
 * with 503 or 403 as it was told, and what its rules would say is not known. */
bool es_guard_has_no_rules(struct es_state *state, const struct cJSON *json);
/* nginx with ssl_verify_client refuses with 400, before it looks at the path. */
bool es_guard_wants_certificate(struct es_state *state);
void es_guard_set(struct es_state *state, const struct es_guard *guard);

/* banner.c: true when the JSON has the shape of the banner; fills the identity. */
bool es_banner_read(struct es_state *state, const struct cJSON *json);

/* strangers.c */
const struct es_guard *es_stranger_of_header(struct ajar_span name,
                                             struct ajar_span value);
/* Names the product of a reply to `/` that is no banner, when its shape is known. */
void es_stranger_name(struct es_state *state, const struct cJSON *json);

/* decoys.c */
void es_decoy_add(struct es_state *state, uint8_t points, const char *mark);
void es_decoy_banner(struct es_state *state, const struct cJSON *json);
void es_decoy_health(struct es_state *state, const struct cJSON *json);
void es_decoy_row(struct es_state *state, struct ajar_span name, bool has_uuid);
/* Sets the flag when the marks weigh enough. */
void es_decoy_conclude(struct es_state *state);

/* list.c */
bool es_list_begin(struct es_state *state); /* false: no memory */
bool es_list_feed(struct es_state *state, struct ajar_span bytes);
/* whole: the reply came to its end. Fills evidence->indices. */
enum ajar_reading es_list_end(struct es_state *state, bool whole);
void es_list_release(struct es_state *state);
/* The at-th largest user index that can be asked for by name, or the empty span. */
struct ajar_span es_list_target(const struct es_state *state, size_t at);
bool es_list_has_counts(const struct es_state *state);
bool es_list_is_names_only(const struct es_state *state);
/* The index whose mapping is asked for as the at-th, or the empty span. */
struct ajar_span es_list_mapping_target(const struct es_state *state, size_t at);

/* names.c: the first names in byte order, in constant memory. */
struct es_names
{
    char *slots[AJAR_MAX_NAMES]; /* sorted; each holds AJAR_MAX_INDEX_NAME + 1 bytes */
    size_t count;
    bool more; /* some were left out */
};
void es_names_add(struct es_names *names, struct ajar_arena *arena, const char *name);

/* mappings.c */
bool es_mappings_begin(struct es_state *state); /* false: no memory */
bool es_mappings_feed(struct es_state *state, struct ajar_span bytes);
enum ajar_reading es_mappings_end(struct es_state *state, bool whole);
/* Fills evidence->sensitivity from all that was read. */
void es_mappings_conclude(struct es_state *state);

/* proof.c: the bytes that decided, where the evidence keeps a trace; else nothing. */
void es_proof_begin(struct es_state *state);
void es_proof_feed(struct es_state *state, struct ajar_span bytes);
void es_proof_keep(struct es_state *state, const struct cJSON *json);

/* readings.c */
enum ajar_reading es_reading_of(struct es_state *state, enum ajar_reply_end how);

/* path.c */
bool es_path_index_ok(struct ajar_span name);
/* The step's path with its hole filled, in the arena; NULL when the name is not fit or
 * memory is out. */
const char *es_path_of_index(struct es_state *state, const struct ajar_step *step,
                             struct ajar_span name);
const char *es_path_of_nonce(struct es_state *state, const struct ajar_step *step);

/* plan.c */
bool es_plan_next(struct es_state *state, struct ajar_ask *out);
void es_plan_after(struct es_state *state, enum ajar_reading reading);
/* Has any read been shown so far? */
bool es_plan_shown_any(const struct es_state *state);

/* What stands in reasons and exchanges: static words for a path without its query. */
const char *es_step_word(const struct es_state *state);

#endif
