/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_SCOPE_SUPPORT_H
#define AJAR_TESTS_SCOPE_SUPPORT_H

#include "ajar/scope.h"

/* 2026-12-01 12:00 UTC: the day on which all these tests take place. */
#define TODAY ((time_t)1796126400)

/* Loads text without an error remark; warnings are forgotten. */
struct ajar_scope *load_fine(const char *text);
/* AJAR_ESYNTAX is expected, and nothing handed out. */
void load_fails(const char *text);
struct ajar_addr addr_of(const char *text);
enum ajar_ruling ruling_of(const struct ajar_scope *scope, const char *address);

#endif
