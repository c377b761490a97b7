/* SPDX-License-Identifier: Apache-2.0 */
#include "conn_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "request.h"

/* Requests of a connection, and how connections begin. */

#define ACCEPTS_A_TURN 256

/* ---- requests ---------------------------------------------------------------------- */

/* Answers the first whole request of the bytes; how many bytes it had, 0: none is whole.
 */
static size_t conn_answer(struct server *server, struct conn *conn, const char *bytes,
                          size_t length)
{
    struct request request;
    size_t head = request_parse(bytes, length, &request);
    if (head == 0)
    {
        return 0;
    }
    const struct route *route = personality_route(conn->place->personality, &request);
    if (conn->tally != NULL)
    {
        tally_request(server->counter, conn->tally, bytes, head, &request,
                      route == NULL ? 0 : route->reply.status);
    }
    conn->unread = length > head || request.has_body;
    request.wants_close |= request.has_body;
    conn_reply(server, conn, route, &request);
    return head;
}

static bool conn_keep(struct conn *conn, const char *bytes, size_t length)
{
    if (conn->in == NULL)
    {
        conn->in = malloc(SIMNET_MAX_REQUEST);
    }
    if (conn->in == NULL || length > SIMNET_MAX_REQUEST - conn->in_length)
    {
        return false;
    }
    memmove(conn->in + conn->in_length, bytes, length);
    conn->in_length += length;
    return true;
}

/* New bytes of a peer that is being listened to. */
static void conn_input(struct server *server, struct conn *conn, const char *bytes,
                       size_t length)
{
    static const struct request nothing = {.target = "", .query = "", .unknown = ""};
    if (conn->in_length == 0 && (unsigned char)bytes[0] == 0x16 && conn->ssl == NULL)
    {
        conn->unread = true;
        conn_reply(server, conn, conn->place->personality->on_tls, &nothing);
        return;
    }
    size_t used = conn->in_length == 0 ? conn_answer(server, conn, bytes, length) : 0;
    if (conn->state == CONN_FREE)
    {
        return;
    }
    if (used < length && !conn_keep(conn, bytes + used, length - used))
    {
        conn_close(server, conn);
    }
}

/* A request that lies in the buffer whole. */
static bool conn_buffered(struct server *server, struct conn *conn)
{
    if (conn->in_length == 0)
    {
        return false;
    }
    size_t before = conn->in_length;
    size_t used = conn_answer(server, conn, conn->in, before);
    if (used > 0 && conn->state != CONN_FREE)
    {
        conn->in_length = before - used;
        memmove(conn->in, conn->in + used, conn->in_length);
    }
    return used > 0;
}

static void conn_read(struct server *server, struct conn *conn)
{
    while (conn->state == CONN_READING)
    {
        if (conn_buffered(server, conn))
        {
            continue;
        }
        ssize_t got = conn_get(conn, server->scratch, sizeof server->scratch);
        if (got == 0 || got == -2)
        {
            conn_close(server, conn);
            return;
        }
        if (got < 0)
        {
            conn_watch(server, conn, EPOLLIN);
            return;
        }
        conn_input(server, conn, server->scratch, (size_t)got);
        if (conn->state == CONN_READING && conn->ssl == NULL && conn->in_length == 0)
        {
            conn_watch(server, conn,
                       EPOLLIN); /* spares the read that would say "not now" */
            return;
        }
    }
}

/* ---- the beginning ----------------------------------------------------------------- */

static void conn_begin(struct server *server, struct conn *conn)
{
    static const struct request nothing = {.target = "", .query = "", .unknown = ""};
    conn->state = CONN_READING;
    if (conn->tally != NULL)
    {
        tally_connection(conn->tally, conn->ssl != NULL);
    }
    if (conn->place->personality->on_connect != NULL)
    {
        conn->unread = true;
        conn_reply(server, conn, conn->place->personality->on_connect, &nothing);
        return;
    }
    conn_watch(server, conn, EPOLLIN);
}

/* TLS ports look at the first byte: 0x16 is a handshake record (RFC 8446 5.1). */
static void conn_sniff(struct server *server, struct conn *conn)
{
    static const struct request nothing = {.target = "", .query = "", .unknown = ""};
    char first = 0;
    ssize_t got = recv(conn->fd, &first, 1, MSG_PEEK);
    if (got <= 0)
    {
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
        {
            conn_close(server, conn);
        }
        return;
    }
    if (first == 0x16)
    {
        conn->ssl = SSL_new(server->tls);
        if (conn->ssl == NULL || SSL_set_fd(conn->ssl, conn->fd) != 1)
        {
            conn_close(server, conn);
            return;
        }
        conn->state = CONN_SHAKING;
        return;
    }
    if (conn->tally != NULL)
    {
        tally_connection(conn->tally, false);
    }
    conn->unread = true;
    conn_reply(server, conn, conn->place->personality->on_plain, &nothing);
}

static void conn_shake(struct server *server, struct conn *conn)
{
    int result = SSL_accept(conn->ssl);
    int why = result == 1 ? SSL_ERROR_NONE : SSL_get_error(conn->ssl, result);
    if (why == SSL_ERROR_NONE)
    {
        conn_begin(server, conn);
        conn_read(server, conn); /* OpenSSL may hold the request already */
    }
    else if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
    {
        conn_watch(server, conn, why == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT);
    }
    else
    {
        conn_close(server, conn);
    }
}

static void conn_drain(struct server *server, struct conn *conn)
{
    ssize_t got = read(conn->fd, server->scratch, sizeof server->scratch);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
    {
        conn_close(server, conn);
    }
}

static void advance(struct server *server, struct conn *conn)
{
    if (conn->state == CONN_SNIFFING)
    {
        conn_sniff(server, conn);
    }
    if (conn->state == CONN_SHAKING)
    {
        conn_shake(server, conn);
    }
    else if (conn->state == CONN_SENDING)
    {
        conn_send(server, conn);
        if (conn->state == CONN_READING)
        {
            conn_read(server, conn);
        }
    }
    else if (conn->state == CONN_READING)
    {
        conn_read(server, conn);
    }
    else if (conn->state == CONN_DRAINING)
    {
        conn_drain(server, conn);
    }
}

void conn_ready(struct server *server, struct conn *conn, uint32_t events)
{
    if (conn->state == CONN_FREE)
    {
        return; /* closed earlier in this turn */
    }
    bool idle = conn->state == CONN_WAITING || conn->state == CONN_STALLED;
    if ((events & EPOLLERR) != 0 || (idle && (events & (EPOLLHUP | EPOLLRDHUP)) != 0))
    {
        conn_close(server, conn);
        return;
    }
    advance(server, conn);
}

void conn_tick(struct server *server)
{
    for (struct conn *conn = server->timed, *next = NULL; conn != NULL; conn = next)
    {
        next = conn->timed_next;
        if (conn->due_ms > server->now_ms)
        {
            continue;
        }
        conn_untime(server, conn);
        if (conn->state == CONN_WAITING)
        {
            conn->state = CONN_SENDING;
            advance(server, conn);
        }
        else
        {
            conn_close(server, conn);
        }
    }
}

static bool conn_place(struct server *server, struct conn *conn,
                       const struct listener *listener)
{
    conn->place = listener->place;
    conn->address.s_addr = htonl(listener->host);
    if (listener->place != NULL)
    {
        return true;
    }
    struct sockaddr_in own;
    socklen_t length = sizeof own;
    if (getsockname(conn->fd, (struct sockaddr *)&own, &length) != 0)
    {
        return false;
    }
    conn->address = own.sin_addr;
    uint32_t host = ntohl(own.sin_addr.s_addr);
    if (host >> 24 == 127)
    {
        conn->place = map_find(&server->map, host, listener->port);
    }
    return conn->place != NULL;
}

static void conn_start(struct server *server, const struct listener *listener, int fd)
{
    struct conn *conn = conn_new(server);
    if (conn == NULL)
    {
        (void)close(fd);
        return;
    }
    conn->kind = WATCH_CONN;
    conn->fd = fd;
    conn->interest = 0;
    conn->unread = false;
    conn->tally = NULL;
    conn->in_length = 0;
    if (!conn_place(server, conn, listener))
    {
        conn_reset(server, conn); /* nobody lives there, or it came from elsewhere */
        return;
    }
    if (server->counter != NULL)
    {
        conn->tally = counter_tally(server->counter, conn->place,
                                    conn->place->is_v6 ? 0 : ntohl(conn->address.s_addr));
    }
    if (conn->place->tls)
    {
        conn->state = CONN_SNIFFING;
        conn_watch(server, conn, EPOLLIN);
        return;
    }
    conn_begin(server, conn);
}

void conn_accept(struct server *server, const struct listener *listener)
{
    for (int i = 0; i < ACCEPTS_A_TURN; i++)
    {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
        {
            return;
        }
        conn_start(server, listener, fd);
    }
}
