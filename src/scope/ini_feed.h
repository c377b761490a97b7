/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_INI_FEED_H
#define AJAR_SCOPE_INI_FEED_H

#include "ajar/buf.h"

#include "diags.h"

/*
 * One targets file through inih, line by line. inih 55 as packaged hands over no line
 * number, cuts lines at 200 bytes and section names at 49, ignores text behind a
 * section's
 * ']', keeps inline comments in continuation lines, and goes on after an error: so the
 * lines are checked and counted here before inih sees them.
 */
struct ini_value
{
    const char *key;
    struct ajar_span value; /* no blanks around it, no comment behind it */
    unsigned line;
    unsigned key_column;
    unsigned value_column;
    bool continued; /* an indented line that continues the key's value */
};

struct ini_sink
{
    void *user;
    void (*on_section)(void *user, struct ajar_span id, unsigned line, unsigned column);
    void (*on_value)(void *user, const struct ini_value *value);
};

/* Faults of the lines go to diags with `file` as their place. */
void ini_feed(const char *file, struct ajar_span text, const struct ini_sink *sink,
              struct ajar_diags *diags);

#endif
