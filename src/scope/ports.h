/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_PORTS_H
#define AJAR_SCOPE_PORTS_H

#include "ajar/scope.h"

#include "fault.h"

/*
 * The ports of one section, each once. A port that names its scheme (9200/http) wins over
 * the same port without one (9200-9205); two different schemes are a fault.
 */
struct port_list
{
    struct ajar_port items[AJAR_MAX_PORTS_PER_SECTION];
    size_t count;
};

/* Adds what a ports= value says. On failure the list is as it was. */
int ports_add(struct port_list *list, struct ajar_span text,
              struct fault *fault) AJAR_MUST_CHECK;

#endif
