/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CONFIG_FAULTS_H
#define AJAR_CONFIG_FAULTS_H

#include "ajar/config.h"

struct faults_place
{
    const char *file;
    unsigned line;
    unsigned column;
};

void faults_init(struct ajar_config_faults *faults);
/* mend is copied, what is formatted; both are cut where they do not fit. */
void faults_add(struct ajar_config_faults *faults, struct faults_place place,
                const char *mend, const char *what, ...) AJAR_PRINTF(4, 5);

#endif
