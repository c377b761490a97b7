/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_DIAGS_H
#define AJAR_SCOPE_DIAGS_H

#include "ajar/scope.h"

/* How many remarks of each kind are kept; the rest is counted and mentioned. */
#define DIAGS_MAX_KEPT 100
/* Longest text of a remark; a line of a targets file is far shorter. */
#define DIAGS_MAX_TEXT 512

struct place
{
    const char *file;
    unsigned line;
    unsigned column;
};

void diags_init(struct ajar_diags *diags);
/* mend is copied; what is formatted. Without memory the remark is lost, the error
 * counted. */
void diags_error(struct ajar_diags *diags, struct place place, const char *mend,
                 const char *what, ...) AJAR_PRINTF(4, 5);
void diags_warning(struct ajar_diags *diags, struct place place, const char *mend,
                   const char *what, ...) AJAR_PRINTF(4, 5);
/* By file, line and column; says at the end how many were left out. */
void diags_finish(struct ajar_diags *diags);
/* Formats into a fixed text, cut at its end. */
void diags_text(char *out, size_t size, const char *format, ...) AJAR_PRINTF(3, 4);

#endif
