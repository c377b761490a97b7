/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SENSITIVITY_TEMPLATE_H
#define AJAR_SENSITIVITY_TEMPLATE_H

#include "ajar/sensitivity.h"

/*
 * A log shipper's template lists every field that the Elastic Common Schema knows, and
 * those of each of the shipper's modules, whether an event ever had one. Where an index
 * carries such a template as a whole, these fields say what it could hold and not what it
 * does.
 */

enum template_listed
{
    TEMPLATE_NOT_LISTED,
    TEMPLATE_LISTED_SCHEMA, /* a field of the Elastic Common Schema */
    TEMPLATE_LISTED_MODULE  /* a field below the name of a shipper's module */
};

/* Takes note of a field of the index at hand. */
void template_note(struct ajar_template_marks *marks, struct ajar_span path);
/* How much of an index with these marks a template has listed: not, the schema's fields,
 * or these and the modules'. */
enum template_listed template_of(const struct ajar_template_marks *marks);
enum template_listed template_lists(struct ajar_span path);

#endif
