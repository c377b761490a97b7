/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SIMNET_CONN_PRIVATE_H
#define AJAR_SIMNET_CONN_PRIVATE_H

#include <sys/types.h>

#include "simnet.h"

/*
 * One connection, shared by the three files that work on it: pool.c (its life and its
 * bytes), send.c (a reply at the place's pace), conn.c (requests and beginnings).
 * Connections come from slabs and are never given back; the buffers of one stay with it,
 * so that a busy server allocates nothing.
 */

enum conn_state
{
    CONN_FREE,
    CONN_SNIFFING, /* a TLS port: which first byte? */
    CONN_SHAKING,
    CONN_READING,
    CONN_SENDING,
    CONN_WAITING, /* for a moment, then sending */
    CONN_STALLED,
    CONN_DRAINING /* half closed; what the peer still sends is thrown away */
};

struct conn
{
    enum watch_kind kind;
    enum conn_state state;
    int fd;
    uint32_t interest;
    const struct place *place;
    struct in_addr address; /* ours, as the peer dialled it */
    struct tally *tally;
    SSL *ssl;

    char *in; /* a request that came in pieces; SIMNET_MAX_REQUEST once made */
    size_t in_length;

    const struct route *route;
    const char *out; /* stored or rendered bytes of the reply */
    size_t out_length;
    char *rendered; /* SIMNET_MAX_RENDERED once made */
    uint64_t sent;
    uint64_t total;
    bool close_after;
    bool unread; /* the peer may still be sending: close by draining */
    bool was_split;

    uint64_t due_ms;
    bool is_timed;
    struct conn *timed_next;
    struct conn *timed_before;
    struct conn *next_free;
};

struct conn *conn_new(struct server *server);
void conn_close(struct server *server, struct conn *conn);
void conn_reset(struct server *server, struct conn *conn);
/* The orderly end: what was sent arrives even if the peer still speaks. */
void conn_finish(struct server *server, struct conn *conn);

/* What epoll is asked for. */
void conn_watch(struct server *server, struct conn *conn, uint32_t interest);
/* conn_tick looks at it again after the delay. */
void conn_time(struct server *server, struct conn *conn, uint64_t delay_ms);
void conn_untime(struct server *server, struct conn *conn);

/* Bytes, 0: the peer ended, -1: not now, -2: broken. */
ssize_t conn_get(struct conn *conn, char *out, size_t capacity);
ssize_t conn_put(struct conn *conn, const char *bytes, size_t length);

/* Begins the reply of a route (NULL: closes without a byte). */
void conn_reply(struct server *server, struct conn *conn, const struct route *route,
                const struct request *request);
/* Sends until the reply is out, the pace says wait, or the peer takes no more. */
void conn_send(struct server *server, struct conn *conn);

#endif
