/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_INTAKE_H
#define AJAR_APP_INTAKE_H

#include "options.h"
#include "session.h"
#include "worklist.h"

/*
 * From what was declared or typed to a worklist: names are resolved here, and
 * every address is held against the scope before a run begins. (It is held
 * against it again by a permit before each dial.)
 */
struct intake
{
    struct worklist list;
    bool with_ranges;
    uint64_t unresolved_targets; /* of names that could not be resolved or are not
                                    owned */
};

/* The targets typed after `ajar check`. One that is out of scope refuses the
 * whole call (APP_OUT_OF_SCOPE): nothing is half-done. */
enum app_exit intake_args(struct intake *intake, const struct session *session,
                          const char *const *args, size_t count,
                          const struct app_options *options);
/* One endpoint of a remembered finding (ajar recheck). name may be NULL. */
enum app_exit intake_endpoint(struct intake *intake, const struct session *session,
                              const struct ajar_addr *addr, uint16_t port,
                              const char *name);
/* Everything the scope declares. */
enum app_exit intake_scope(struct intake *intake, const struct session *session);
void intake_deinit(struct intake *intake);

#endif
