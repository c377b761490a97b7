/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NET_H
#define AJAR_NET_H

#include <uv.h>

#include "ajar/limits.h"
#include "ajar/scope.h"

/*
 * Net: from a permit to a connected link, plain or TLS; the only I/O of a visit. It knows
 * no HTTP and no product. TLS is an OpenSSL engine over memory BIOs, stacked on the same
 * TCP handle; certificates are recorded, not trusted (verification is off, the security
 * level is 0: a weak server is still an open one).
 *
 * Rules of the asynchronous part: a dial that returns a negative status started nothing
 * and calls nothing back. A dial that returns 0 leads to exactly one `closed`, later,
 * never from within a call into this room. Between the two come at most one `opened`, any
 * number of `data`, at most one `ended`. After ajar_link_close only `closed` comes. A
 * link that ended stays until it is closed. The process must ignore SIGPIPE: libuv writes
 * plainly.
 */
struct ajar_net;
struct ajar_link;

/* Why a link ended by itself. */
enum ajar_link_end
{
    AJAR_LINK_REFUSED,        /* ECONNREFUSED */
    AJAR_LINK_TIMEOUT,        /* ETIMEDOUT from the kernel */
    AJAR_LINK_RESET,          /* ECONNRESET, EPIPE */
    AJAR_LINK_EOF,            /* orderly end (FIN or close_notify, or FIN without it) */
    AJAR_LINK_TLS_FAILED,     /* the peer spoke TLS, the handshake failed; after `opened`
                                 too: TLS 1.3 refuses a missing client certificate then */
    AJAR_LINK_TLS_NOT_SPOKEN, /* the peer answered our ClientHello with something else */
    AJAR_LINK_HOST_UNREACHABLE, /* EHOSTUNREACH, EHOSTDOWN */
    AJAR_LINK_NET_UNREACHABLE, /* ENETUNREACH, ENETDOWN, EACCES/EPERM from a firewall here
                                */
    AJAR_LINK_LOCAL_RESOURCE /* EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EAGAIN */
};

/* A certificate and its session as recorded: peer text, unescaped. Owned by the link;
 * borrowed until its `closed`. Texts may be NULL. */
struct ajar_tls_facts
{
    char version[12];   /* "TLSv1.3" */
    char sha256[65];    /* of the leaf's DER, lower-case hex; "" without a certificate */
    char not_after[21]; /* RFC 3339 UTC; "" when unknown */
    char *subject;      /* RFC 2253 text */
    char *issuer;
    char *names[AJAR_MAX_TLS_NAMES]; /* subjectAltName DNS and IP entries */
    size_t name_count;
};

struct ajar_link_events
{
    void (*opened)(
        struct ajar_link *link); /* connected; with TLS, the handshake is done */
    void (*data)(struct ajar_link *link,
                 struct ajar_span bytes); /* borrowed until return */
    void (*ended)(struct ajar_link *link, enum ajar_link_end why);
    void (*closed)(struct ajar_link *link); /* the last call; the memory may be reused */
};

/* Memory is the caller's and must not move until `closed`. `user` is the caller's. */
struct ajar_link
{
    void *user;
    const struct ajar_link_events *events;
    struct ajar_net *net;
    struct ajar_link_tls *tls; /* NULL on a plain link; private to net */
    uv_tcp_t tcp;
    uv_connect_t connect;
    uint64_t bytes_in; /* raw bytes from the socket, TLS records included */
    uint8_t state;     /* private to net, like the rest */
    uint8_t failure;   /* enum ajar_link_end that waits to be told */
    bool closing;
    bool broken; /* a write failed: `failure` says how */
};

/* One a loop. The loop is borrowed. */
int ajar_net_new(uv_loop_t *loop, struct ajar_net **out) AJAR_MUST_CHECK;
/* No link may be open any more. */
void ajar_net_free(struct ajar_net *net);

/*
 * Dials what the permit names. name: for SNI, NULL or "" for none; an IP literal is never
 * sent as SNI (RFC 6066 section 3). AJAR_EREFUSED: the permit is no longer valid.
 * AJAR_ESYSTEM: no socket could be had (out of descriptors, memory): *out_why says which
 * end it would have been. AJAR_ENOMEM likewise; AJAR_EINVAL: a name over 255 bytes. A
 * connect that the kernel refuses at once is told by `ended`, like one refused later.
 */
int ajar_link_dial(struct ajar_net *net, struct ajar_link *link,
                   const struct ajar_permit *permit, bool tls, const char *name,
                   const struct ajar_link_events *events,
                   enum ajar_link_end *out_why) AJAR_MUST_CHECK;
/* Copies what cannot be written at once, up to 64 KiB in all (AJAR_ELIMIT). Only between
 * `opened` and `ended` (AJAR_ESTATE). A peer that is gone is told by `ended`, not here.
 */
int ajar_link_send(struct ajar_link *link, struct ajar_span bytes) AJAR_MUST_CHECK;
/* Starts the end; may be called at any time after a dial, more than once. */
void ajar_link_close(struct ajar_link *link);
/* NULL on a plain link or before the certificate came; also after a failed handshake. */
const struct ajar_tls_facts *ajar_link_tls_facts(const struct ajar_link *link);
/* Our own address on a link that is open, or was until the peer ended it behind some
 * bytes; AJAR_ESTATE before and after. */
int ajar_link_local_addr(const struct ajar_link *link,
                         struct ajar_addr *out) AJAR_MUST_CHECK;

#endif
