/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CONFIG_LINES_H
#define AJAR_CONFIG_LINES_H

#include "faults.h"

/*
 * The lines of an ini file: [section] or [section NAME], key = value, and remarks that
 * begin with ; or #, alone on their line or behind a blank. A value in double quotes is
 * taken as it stands, with \" and \\ for those two.
 */
struct lines_value
{
    struct ajar_span key;
    struct ajar_span value;    /* without quotes, blanks around it or a remark */
    struct faults_place place; /* of the key */
    struct faults_place value_at;
};

struct lines_sink
{
    void *user;
    /* name is empty where there is none */
    void (*on_section)(void *user, struct ajar_span kind, struct ajar_span name,
                       struct faults_place place);
    void (*on_value)(void *user, const struct lines_value *value);
};

void lines_read(const char *file, struct ajar_span text, const struct lines_sink *sink,
                struct ajar_config_faults *faults);

#endif
