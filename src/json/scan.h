/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_JSON_SCAN_H
#define AJAR_JSON_SCAN_H

#include "ajar/json.h"

/*
 * A strict, incremental JSON tokenizer (RFC 8259): grammar, raw control characters,
 * escapes and depth, in constant memory. It is what both the row reader and
 * ajar_json_parse trust; cJSON accepts leading zeros, raw control characters and trailing
 * bytes. Not its business: UTF-8 and lone surrogates.
 *
 * A level is how many containers stand around a value: the document itself is at level 0.
 */
enum scan_event
{
    SCAN_NONE,
    SCAN_MORE,      /* the bytes are used up */
    SCAN_BAD,       /* not JSON; the scan stays there */
    SCAN_VALUE,     /* a value begins; its first byte was taken */
    SCAN_VALUE_END, /* it ends before the next byte; scan->depth is its level */
    SCAN_KEY,       /* a member name begins; its quote was taken */
    SCAN_KEY_END    /* it ends; its closing quote was taken */
};

void scan_init(struct ajar_json_scan *scan);
/* The next event at a level of at most scan->watch, all others are passed by. Moves *at.
 */
enum scan_event scan_next(struct ajar_json_scan *scan, const char **at, const char *end);
/* True when the document is complete and only space may follow. */
bool scan_is_complete(const struct ajar_json_scan *scan);
/* The same once no byte can follow: a number at level 0 then has its end. */
bool scan_may_end(const struct ajar_json_scan *scan);
/* True when the innermost open container is an object. */
bool scan_in_object(const struct ajar_json_scan *scan);

/* Undoes the escapes of a member name that the scan has passed; returns the new length,
 * never more than len. */
size_t unescape_in_place(char *text, size_t len);

#endif
