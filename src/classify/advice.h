/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CLASSIFY_ADVICE_H
#define AJAR_CLASSIFY_ADVICE_H

#include "ajar/classify.h"

/* Rows of the tables in advice/, which scripts/gen-advice writes from the CSV files
 * there.
 */

/* A product line that has ended: the minors of one major. */
struct advice_line
{
    const char *product;
    uint32_t major;
    uint32_t minor_first;
    uint32_t minor_last;
    const char *since; /* NULL: which day is not known */
};

/* Releases from `first` on and before `before` have the flaw. */
struct advice_flaw
{
    const char *product;
    struct ajar_release first;
    struct ajar_release before;
    bool open_only; /* it needs what only an open server grants a stranger */
    struct ajar_flaw told;
};

#endif
