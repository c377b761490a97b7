/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NET_TLS_H
#define AJAR_NET_TLS_H

#include "net.h"

/*
 * The TLS half of a link: an OpenSSL engine that sees bytes alone. It proves nothing
 * about who the peer is and says so by recording the certificate instead of trusting it.
 */
SSL_CTX *tls_context_new(void);

/* Gives the link its engine; name as in ajar_link_dial. */
int tls_new(struct ajar_link *link, const char *name) AJAR_MUST_CHECK;
void tls_free(struct ajar_link *link); /* fine on a plain link */

/* From a loop callback alone: these tell events. */
void tls_start(struct ajar_link *link);
void tls_feed(struct ajar_link *link, struct ajar_span bytes);

/* What the end of the socket means at this point of the handshake. */
enum ajar_link_end tls_end_of(const struct ajar_link *link, enum ajar_link_end why);
int tls_write(struct ajar_link *link, struct ajar_span bytes) AJAR_MUST_CHECK;
/* Sends close_notify, if it can be sent at once. */
void tls_goodbye(struct ajar_link *link);
const struct ajar_tls_facts *tls_facts(const struct ajar_link *link);

#endif
