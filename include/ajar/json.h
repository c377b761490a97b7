/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_JSON_H
#define AJAR_JSON_H

#include "ajar/buf.h"
#include "ajar/limits.h"

/*
 * JSON from a peer, read strictly. `ajar_json_*` wraps cJSON and closes the holes that
 * ecosystem.md 6.3 measured: whole input or nothing, valid UTF-8, no U+0000 in strings,
 * nesting of at most AJAR_MAX_JSON_DEPTH, case-sensitive names, first of duplicate keys,
 * counts as exact 64-bit integers. `ajar_rows_*` takes a large document apart row by row
 * in constant memory as its bytes arrive. Neither does I/O.
 */
struct cJSON;

/* The parsed document, or NULL when it is not well-formed, is longer than AJAR_MAX_BODY
 * (cJSON takes up to forty times that), or memory is out. Free with ajar_json_free. */
struct cJSON *ajar_json_parse(struct ajar_span text);
void ajar_json_free(struct cJSON *json);

/* Members of an object; NULL / false when absent or of another type. Borrowed from json.
 */
const struct cJSON *ajar_json_get(const struct cJSON *json, const char *name);
const char *ajar_json_string(const struct cJSON *json, const char *name);
const struct cJSON *ajar_json_object(const struct cJSON *json, const char *name);
bool ajar_json_bool(const struct cJSON *json, const char *name, bool *out);
/* A count: a JSON integer or, as _cat sends it, its decimal digits in a string. false for
 * null, fractions, negatives and overflow. Numbers are exact below 2^53 and false from
 * there on (cJSON reads 2^53 + 1 as 2^53), digits are exact to 2^64-1. */
bool ajar_json_count(const struct cJSON *json, const char *name, uint64_t *out);

/* Private to the room: a strict JSON tokenizer's place in a document (src/json/scan.h).
 */
struct ajar_json_scan
{
    uint64_t kinds; /* bit d-1 set: the container at depth d is an object */
    uint32_t unit;  /* the \u escape being read */
    uint8_t state;
    uint8_t depth;
    uint8_t watch;   /* events from deeper than this are not told */
    uint8_t literal; /* which of true, false, null */
    uint8_t matched; /* its characters, or the escape's digits, read so far */
    bool in_key;
    bool has_nul; /* a \u0000 was seen */
};

/*
 * Row reader: finds the members of one array or object inside a document and hands out
 * each as a complete JSON text. Where they are:
 *   path ""         the document itself is the array ([row, row]) or object ({key: row})
 *   path "indices"  the member "indices" of the top-level object
 *   path "a.b"      the member "b" of the member "a"
 * Everything around them is checked for well-formedness (brackets, commas, strings,
 * depth) and skipped, never held. UTF-8 is checked where a row is parsed. As for
 * ajar_json_get, the first of duplicate members counts. The end of the input is the
 * caller's to tell: a reader that still says MORE then has seen a truncated document.
 */
enum ajar_rows_state
{
    AJAR_ROWS_MORE,     /* give more bytes */
    AJAR_ROWS_DONE,     /* the document is complete and well-formed */
    AJAR_ROWS_BAD,      /* not JSON; what was handed out before stands */
    AJAR_ROWS_NOT_FOUND /* well-formed so far, but the root is neither array nor object */
};

/* One row: `key` is empty in an array, else the raw member name (escapes undone, a lone
 * surrogate as U+FFFD, a NUL possible; borrowed until return). `text` is the row's own
 * JSON, borrowed until return. Return false to stop (the reader then stays in BAD). */
typedef bool (*ajar_rows_fn)(void *context, struct ajar_span key, struct ajar_span text);

struct ajar_rows
{
    struct ajar_buf row; /* at most AJAR_MAX_ROW; a longer row counts in `oversized` */
    struct ajar_buf key; /* at most AJAR_MAX_INDEX_NAME * 6 */
    ajar_rows_fn fn;
    void *context;
    const char *path;
    uint64_t rows;      /* handed out */
    uint64_t oversized; /* skipped: longer than AJAR_MAX_ROW, or with such a key */
    enum ajar_rows_state state;
    bool found;    /* the array or object named by path was entered */
    bool is_array; /* it is an array */
    /* private to rows.c */
    struct ajar_json_scan scan;
    uint8_t row_depth; /* depth at which rows stand, 0 while not inside */
    uint8_t matched;   /* components of path matched so far */
    uint8_t capture;   /* what the bytes at hand belong to: nothing, a key, a row */
    bool too_long;     /* it passed its maximum */
    bool key_too_long;
    bool member_match; /* the last key is the path's next component */
};

/* path is borrowed for the reader's life. */
void ajar_rows_init(struct ajar_rows *rows, const char *path, ajar_rows_fn fn,
                    void *context);
void ajar_rows_deinit(struct ajar_rows *rows);
/* Takes the next bytes; any split gives the same rows. Returns the state. Memory that
 * runs out counts the row as oversized. */
enum ajar_rows_state ajar_rows_feed(struct ajar_rows *rows, struct ajar_span bytes);

#endif
