/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <stdarg.h>
#include <stdio.h>

void faults_init(struct ajar_config_faults *faults)
{
    faults->count = 0;
    faults->more = 0;
}

void faults_add(struct ajar_config_faults *faults, struct faults_place place,
                const char *mend, const char *what, ...)
{
    if (faults->count == AJAR_CONFIG_FAULTS)
    {
        faults->more++;
        return;
    }
    size_t at = faults->count++;
    va_list list;
    va_start(list, what);
    (void)vsnprintf(faults->texts[at][0], sizeof(faults->texts[at][0]), what, list);
    va_end(list);
    (void)snprintf(faults->texts[at][1], sizeof(faults->texts[at][1]), "%s", mend);
    faults->items[at] = (struct ajar_diag){.is_error = true,
                                           .file = place.file,
                                           .line = place.line,
                                           .column = place.column,
                                           .what = faults->texts[at][0],
                                           .mend = faults->texts[at][1]};
}
