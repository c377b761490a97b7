/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_HTTP_HEAD_STORE_H
#define AJAR_HTTP_HEAD_STORE_H

#include "ajar/http.h"

/*
 * The header lines of one head while they arrive in fragments of any size. Names and
 * values stand in one growing text, in order and without gaps, so that a header needs
 * only two lengths; the spans are made once, when the text no longer moves.
 */
struct head_store
{
    struct ajar_buf text;    /* name value name value ... */
    struct ajar_buf headers; /* of struct ajar_header; `data` is NULL until placed */
    bool in_name;
};

void head_store_init(struct head_store *store);
void head_store_deinit(struct head_store *store);
/* Forgets the head and keeps at most 1 KiB. */
void head_store_reset(struct head_store *store);

/* A fragment; AJAR_ENOMEM or AJAR_ELIMIT. The first one of a name begins a header. */
int head_store_name(struct head_store *store, struct ajar_span part) AJAR_MUST_CHECK;
int head_store_value(struct head_store *store, struct ajar_span part) AJAR_MUST_CHECK;
/* AJAR_ESYNTAX: the name is empty or no token (RFC 9110 section 5.6.2). */
int head_store_end_name(struct head_store *store) AJAR_MUST_CHECK;
void head_store_end_value(struct head_store *store); /* drops white space at its end */

/* Makes the spans; nothing may be added until the next reset. Returns how many. */
size_t head_store_place(struct head_store *store, const struct ajar_header **out_headers);

/* A byte of a name (RFC 9110 section 5.6.2). */
bool head_is_token_byte(char byte);

#endif
