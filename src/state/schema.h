/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_SCHEMA_H
#define AJAR_STATE_SCHEMA_H

#include <stddef.h>

/* How it is stored, as numbered steps that only ever go forward. schema_steps[n] brings
 * version n to version n + 1. A step that was released is never edited. */
extern const char *const schema_steps[];
extern const size_t schema_version; /* of this build: the number of steps */

#define SCHEMA_APPLICATION_ID 0x616a6172 /* "ajar" */

#endif
