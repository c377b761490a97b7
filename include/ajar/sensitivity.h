/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SENSITIVITY_H
#define AJAR_SENSITIVITY_H

#include "ajar/arena.h"
#include "ajar/limits.h"

/*
 * Sensitivity: what the fields of an index are likely to hold, by their names and types
 * in the mapping; never by a value. Pure. docs/sensitivity.md says what counts as what,
 * how the score is made and how often it is right.
 */

/* X(NAME, "word", weight, "what a person calls it"). The weight is in hundredths. */
#define AJAR_KIND_MAP(X)                                                                 \
    X(EMAIL, "email", 70, "e-mail addresses")                                            \
    X(PHONE, "phone", 65, "phone numbers")                                               \
    X(PERSON_NAME, "person_name", 60, "names of persons")                                \
    X(POSTAL_ADDRESS, "postal_address", 60, "postal addresses")                          \
    X(IP_ADDRESS, "ip_address", 40, "IP addresses")                                      \
    X(LOCATION, "location", 45, "locations")                                             \
    X(DEVICE_ID, "device_id", 40, "device identifiers")                                  \
    X(BIRTH_DATE, "birth_date", 65, "dates of birth")                                    \
    X(GOVERNMENT_ID, "government_id", 85, "official identity numbers")                   \
    X(CREDENTIALS, "credentials", 90, "credentials")                                     \
    X(PAYMENT, "payment", 85, "payment details")                                         \
    X(HEALTH, "health", 85, "health data")                                               \
    X(FREE_TEXT, "free_text", 30, "free text")

enum ajar_kind
{
#define X(name, word, weight, text) AJAR_KIND_##name,
    AJAR_KIND_MAP(X)
#undef X
        AJAR_KIND_COUNT
};

const char *ajar_kind_word(enum ajar_kind kind);
const char *ajar_kind_text(enum ajar_kind kind);
#define AJAR_KIND_BIT(name) (1u << AJAR_KIND_##name)

/* The types of a mapping, as far as they matter here. */
enum ajar_field_type
{
    AJAR_FIELD_UNKNOWN,
    AJAR_FIELD_TEXT,
    AJAR_FIELD_KEYWORD,
    AJAR_FIELD_INTEGER,
    AJAR_FIELD_FLOAT,
    AJAR_FIELD_BOOLEAN,
    AJAR_FIELD_DATE,
    AJAR_FIELD_IP,
    AJAR_FIELD_GEO,
    AJAR_FIELD_OBJECT,
    AJAR_FIELD_OTHER
};

/* By the word that the mapping uses ("match_only_text", "geo_point", "string" ...). */
enum ajar_field_type ajar_field_type_of(struct ajar_span word);

struct ajar_field
{
    struct ajar_span index; /* the index that it stands in; may be empty */
    struct ajar_span path;  /* "customer.email", objects joined by dots */
    enum ajar_field_type type;
};

/* The kinds of one field, AJAR_KIND_BITs; 0: nothing sensitive by its name.
 * among_personal: a field beside it in the same object holds a person's name or date of
 * birth, which decides what a bare `name` is. */
uint32_t ajar_field_kinds(const struct ajar_field *field, bool among_personal);
/* Kinds that make their neighbours personal. */
#define AJAR_KINDS_PERSONAL (AJAR_KIND_BIT(PERSON_NAME) | AJAR_KIND_BIT(BIRTH_DATE))

/* Score 0 to 100 of a set of kinds, and its level. */
enum ajar_sensitivity_level
{
    AJAR_SENSITIVITY_NONE,    /* 0 */
    AJAR_SENSITIVITY_LOW,     /* 1 to 49 */
    AJAR_SENSITIVITY_MEDIUM,  /* 50 to 69 */
    AJAR_SENSITIVITY_HIGH,    /* 70 to 94 */
    AJAR_SENSITIVITY_CRITICAL /* 95 to 100 */
};

const char *ajar_sensitivity_word(enum ajar_sensitivity_level level);
uint32_t ajar_sensitivity_score(uint32_t kinds);
enum ajar_sensitivity_level ajar_sensitivity_level_of(uint32_t score);

/*
 * Redaction by name. A field with `redacted`, `masked`, `hash` ... in its name, or in an
 * index so named, is a redacted twin of the field (of the index) without that word; `raw`
 * and the like are left out too. Equal keys: twins of each other. *out_redacted: it is
 * the redacted one. *out_hint: the name says that redaction exists (`masked`, `raw`; a
 * hash alone may be a checksum). */
uint64_t ajar_field_twin_key(const struct ajar_field *field, bool *out_redacted,
                             bool *out_hint);

/* What a visit learnt. Texts are "index.path", raw peer text, in the arena. */
struct ajar_sensitivity_facts
{
    uint32_t kinds; /* AJAR_KIND_BITs; 0 with indices_looked_at > 0: none seen */
    uint32_t score; /* of kinds; possible ones add no more than to `medium` */
    uint32_t
        indices_looked_at; /* mappings of which at least one field was read; 0: none */
    uint64_t fields_seen;  /* leaf fields of these */
    uint64_t fields_sensitive;
    bool truncated; /* a mapping broke off or passed a cap: more is possible */
    const char *examples[AJAR_KIND_COUNT]; /* one field a kind, NULL where none */
    const char
        *fields[AJAR_MAX_SENSITIVE_FIELDS]; /* the first ones, examples before others */
    size_t field_count;
    bool redaction_hinted; /* some name says that redaction exists */
    const char
        *unredacted[AJAR_MAX_SENSITIVE_FIELDS]; /* sensitive, and no redacted twin */
    size_t unredacted_count;
    bool unredacted_more; /* there were more than are listed, or than could be followed */
    /* "ecs": some index carries a shipper's template of the Elastic Common Schema as a
     * whole, which lists its fields whether used or not. NULL: none does. */
    const char *template_name;
    uint32_t kinds_possible; /* of kinds: these stand in such fields alone */
};

/* The score that possible kinds can reach: `medium`. */
#define AJAR_SENSITIVITY_POSSIBLE_MAX 69

/* What a mapping says of where it came from; private to template.c. */
struct ajar_template_marks
{
    uint64_t groups;
    uint64_t modules[2];
    uint8_t signs;
};

/* Sensitive fields of one index by who listed them: nobody, the schema, a module. */
struct ajar_sensitivity_share
{
    uint32_t kinds;
    const char *examples[AJAR_KIND_COUNT];
};
#define AJAR_SENSITIVITY_SHARES 3

/*
 * Collects fields of up to a few indices in constant memory (about 6 KiB) and the texts
 * of the facts in an arena. Begin, { index, field* }, finish.
 */

struct ajar_sensitivity
{
    struct ajar_arena *arena;
    struct ajar_sensitivity_facts facts;
    char index[AJAR_MAX_INDEX_NAME + 1];
    size_t index_len;
    bool index_has_fields;
    /* private to collect.c */
    struct ajar_template_marks marks; /* of the index at hand */
    struct ajar_sensitivity_share shares[AJAR_SENSITIVITY_SHARES]; /* likewise */
    struct ajar_sensitivity_share possible;                        /* of all indices */
    size_t pending_first;   /* where the index at hand begins */
    size_t sensitive_first; /* likewise */
    uint64_t personal[32];  /* digests of objects in which a person stands */
    size_t personal_count;
    struct
    {
        char *name; /* arena */
        uint64_t parent;
        uint64_t twin;
        uint32_t kinds; /* that it has when a person stands beside it */
        uint8_t listed; /* who listed it; once the index has ended: is it possible only */
    } pending[16];
    size_t pending_count;
    struct
    {
        const char *name; /* arena */
        uint64_t twin;
        uint32_t kinds;
        uint8_t listed; /* as above */
        bool redacted;  /* it is such a twin itself: a password's hash */
    } sensitive[64];
    size_t sensitive_count;
    uint64_t twins[128]; /* keys of redacted fields */
    size_t twin_count;
};

void ajar_sensitivity_begin(struct ajar_sensitivity *sensitivity,
                            struct ajar_arena *arena);
void ajar_sensitivity_index(struct ajar_sensitivity *sensitivity, struct ajar_span name);
void ajar_sensitivity_field(struct ajar_sensitivity *sensitivity, struct ajar_span path,
                            enum ajar_field_type type);
/* A mapping was not seen to its end. */
void ajar_sensitivity_cut(struct ajar_sensitivity *sensitivity);
/* Fills the facts; the collector may not be used again before begin. */
void ajar_sensitivity_finish(struct ajar_sensitivity *sensitivity,
                             struct ajar_sensitivity_facts *out);

/*
 * Reads `/{index}/_mapping` as it streams in, in constant memory, and hands out every
 * field: 0.90      {"idx":{"type":{"properties":{...}}}} 1.0-6.x
 * {"idx":{"mappings":{"type":{"properties":{...}}}}} 7.0 on
 * {"idx":{"mappings":{"properties":{...}}}}        (OpenSearch likewise) Multi-fields
 * ("fields") are other spellings of the same value and are left out. It trusts nothing:
 * depth, path length and brackets are checked; bytes that are no mapping end it.
 */
enum ajar_mapping_state
{
    AJAR_MAPPING_MORE,
    AJAR_MAPPING_DONE,
    AJAR_MAPPING_BAD
};

struct ajar_mapping_sink
{
    void (*index)(void *context, struct ajar_span name);
    void (*field)(void *context, struct ajar_span path, struct ajar_span type);
    void *context;
};

struct ajar_mapping
{
    struct ajar_mapping_sink sink;
    enum ajar_mapping_state state;
    bool shaped;        /* an index with `mappings` or `properties` in it was seen */
    uint64_t oversized; /* fields left out: path too long */
    /* private to mapping.c */
    char path[512];
    uint16_t path_len;
    char text[AJAR_MAX_INDEX_NAME + 1]; /* the string at hand, escapes undone */
    uint16_t text_len;
    uint16_t base[AJAR_MAX_JSON_DEPTH]; /* path length around each container */
    uint8_t role[AJAR_MAX_JSON_DEPTH];
    char type[AJAR_MAX_JSON_DEPTH][24]; /* of the field at that depth */
    bool has_children[AJAR_MAX_JSON_DEPTH];
    bool object[AJAR_MAX_JSON_DEPTH];
    uint32_t unit; /* of an escape */
    uint8_t depth;
    uint8_t step;
    uint8_t digits;
    uint8_t key; /* what the last member name was */
    bool text_too_long;
    bool in_key;
    bool path_too_long;
};

void ajar_mapping_init(struct ajar_mapping *mapping,
                       const struct ajar_mapping_sink *sink);
enum ajar_mapping_state ajar_mapping_feed(struct ajar_mapping *mapping,
                                          struct ajar_span bytes);

#endif
