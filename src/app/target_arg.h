/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_TARGET_ARG_H
#define AJAR_APP_TARGET_ARG_H

#include "ajar/addr.h"
#include "ajar/vocab.h"

/*
 * A target as a person writes it: ADDR, NAME, ADDR:PORT, [V6]:PORT,
 * http(s)://HOST[:PORT][/]. A bare IPv6 address may stand without brackets when
 * it has no port.
 */
struct target_arg
{
    char name[254];          /* a host name (RFC 1123, 253 bytes), lower-cased; "" for a
                                literal */
    struct ajar_addr addr;   /* of a literal */
    uint16_t port;           /* 0: not given */
    enum ajar_scheme scheme; /* AUTO: not given */
};

/* AJAR_ESYNTAX: *out_what says what is wrong and how to mend it (static text).
 */
int target_arg_parse(const char *text, struct target_arg *out,
                     const char **out_what) AJAR_MUST_CHECK;

#endif
