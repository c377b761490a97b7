/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CONFIG_VALUES_H
#define AJAR_CONFIG_VALUES_H

#include "build.h"

/* Takes one key of the section that is under way. */
void values_take(struct build *build, const struct lines_value *value);

#endif
