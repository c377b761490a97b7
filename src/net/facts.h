/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NET_FACTS_H
#define AJAR_NET_FACTS_H

#include <openssl/x509.h>

#include "ajar/net.h"

/*
 * What a certificate says, as text. All of it is a stranger's: capped, without NUL bytes,
 * not escaped. A part that cannot be read or held stays empty.
 */
#define FACTS_MAX_TEXT 256

void facts_read(struct ajar_tls_facts *facts, const X509 *leaf);
void facts_deinit(struct ajar_tls_facts *facts);

#endif
