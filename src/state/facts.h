/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_FACTS_H
#define AJAR_STATE_FACTS_H

#include "db.h"
#include "rows.h"

/*
 * From a look at something open to what is stored of it: the only place where peer text
 * enters the room, redacted as it enters.
 */
struct facts
{
    const char *product;           /* "" when it is not known */
    const char *uuid;              /* NULL: none that identifies a cluster */
    struct ajar_finding_view view; /* the fields of codec_put_facts */
    const char *shapes;            /* of the names; NULL when they are not known */
    bool copyable;                 /* its data set can be compared with others */
    uint64_t fingerprint;
    uint64_t names_digest;
    uint32_t ransom; /* rows with a name of that style */
    struct ajar_span encoded;
};

/* AJAR_ENOMEM, else AJAR_OK. Texts in the state's arena. */
int facts_of_look(struct ajar_state *state, const struct ajar_state_look *look,
                  struct facts *out);
/* Fills the endpoint's columns from a look and its facts. */
void facts_to_endpoint(const struct facts *facts, const struct ajar_state_look *look,
                       struct row_endpoint *endpoint);

#endif
