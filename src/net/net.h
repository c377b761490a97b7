/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NET_INTERNAL_H
#define AJAR_NET_INTERNAL_H

#include <openssl/ssl.h>

#include "ajar/net.h"

#define NET_READ_BYTES (64u * 1024u)  /* what libuv offers to one read */
#define NET_PLAIN_BYTES (16u * 1024u) /* one TLS record, RFC 8446 section 5.1 */
#define NET_MAX_UNSENT (64u * 1024u)  /* a link that copied more than this is stuck */

/* Reads are handed out before the next one starts, so one buffer serves all links. */
struct ajar_net
{
    uv_loop_t *loop;
    SSL_CTX *ssl;
    char read[NET_READ_BYTES];
    char plain[NET_PLAIN_BYTES];
};

enum link_state
{
    LINK_CONNECTING,
    LINK_HANDSHAKE,
    LINK_OPEN,
    LINK_ENDED, /* nothing more comes from the peer; waits for ajar_link_close */
    LINK_FAILED /* the dial failed at once; its socket is closing, the word follows */
};

enum ajar_link_end net_end_of(int uv_error);

/* For tls.c: bytes to the socket, what does not fit now is copied. A peer that is gone is
 * no failure here: the read side tells it, after what it still had to say. */
int link_write(struct ajar_link *link, struct ajar_span bytes);
/* Tells the end once; the caller must not touch the link afterwards. */
void link_end(struct ajar_link *link, enum ajar_link_end why);

#endif
