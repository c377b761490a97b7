/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SENSITIVITY_TOKENS_H
#define AJAR_SENSITIVITY_TOKENS_H

#include "ajar/buf.h"

/*
 * A name taken apart: customerEmail, customer_email, CUSTOMER-EMAIL and customer.email2
 * are all "customer", "email". Digits separate and are dropped; letters beyond ASCII are
 * folded.
 */
enum
{
    TOKENS_MAX = 32,
    TOKENS_BYTES = 32 /* of one, with its NUL: longer ones are no word of ours */
};

struct tokens
{
    char text[TOKENS_MAX][TOKENS_BYTES]; /* empty: longer than any word */
    uint8_t part[TOKENS_MAX];            /* which component of the dotted path */
    size_t count;
    size_t parts; /* components with a token */
};

/* Names longer than TOKENS_MAX tokens keep their last ones, which say what it is. */
void tokens_split(struct ajar_span name, struct tokens *out);

#endif
