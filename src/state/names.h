/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_NAMES_H
#define AJAR_STATE_NAMES_H

#include "ajar/arena.h"

/* What index names say to memory: pure functions. */

/* A name with each run of digits as one '#', so that logs-2026.11.22 and logs-2026.11.23
 * are one shape and a new day is no change. */
int names_shape(struct ajar_buf *out, struct ajar_span name);
/* The distinct shapes of names (in byte order of the names), one a line, each with its
 * line end; NULL: no memory. */
const char *names_shapes(const char *const *names, size_t count,
                         struct ajar_arena *arena);
/* Is the shape of name a line of shapes? */
bool names_has_shape(const char *shapes, struct ajar_span name);
/* The first lines of `now` that are no lines of `before`, joined by ", ", at most `max`
 * and then "..."; "" when there are none. */
int names_added(struct ajar_buf *out, const char *before, const char *now, size_t max);

/* Patterns with * and ?, separated by commas or blanks. */
bool names_match(const char *patterns, struct ajar_span name);

/* Names that installations share without sharing data: samples, tutorials, and what
 * monitoring and tracing agents write. */
bool names_is_common(struct ajar_span name);

#endif
