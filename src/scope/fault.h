/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_FAULT_H
#define AJAR_SCOPE_FAULT_H

#include <stddef.h>

/* What is wrong inside one value of a targets file, and what to write instead. */
struct fault
{
    size_t offset;     /* of the fault in the value, from 0 */
    const char *plain; /* what as static text, where it is one (ports) */
    char what[256];
    char mend[320];
};

#endif
