/* SPDX-License-Identifier: Apache-2.0 */
#include "conn_private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* The life of connections, and their bytes with or without TLS. */

#define SLAB 256
#define DRAIN_MS 2000

struct slab
{
    struct slab *next;
    struct conn conns[SLAB];
};

struct conn *conn_new(struct server *server)
{
    if (server->free_conns == NULL)
    {
        struct slab *slab = calloc(1, sizeof *slab);
        if (slab == NULL)
        {
            return NULL;
        }
        slab->next = server->slabs;
        server->slabs = slab;
        for (size_t i = 0; i < SLAB; i++)
        {
            slab->conns[i].next_free = server->free_conns;
            server->free_conns = &slab->conns[i];
        }
    }
    struct conn *conn = server->free_conns;
    server->free_conns = conn->next_free;
    return conn;
}

void conn_untime(struct server *server, struct conn *conn)
{
    if (!conn->is_timed)
    {
        return;
    }
    conn->is_timed = false;
    if (conn->timed_before != NULL)
    {
        conn->timed_before->timed_next = conn->timed_next;
    }
    else
    {
        server->timed = conn->timed_next;
    }
    if (conn->timed_next != NULL)
    {
        conn->timed_next->timed_before = conn->timed_before;
    }
}

void conn_time(struct server *server, struct conn *conn, uint64_t delay_ms)
{
    conn_untime(server, conn);
    conn->due_ms = server->now_ms + delay_ms;
    conn->is_timed = true;
    conn->timed_before = NULL;
    conn->timed_next = server->timed;
    if (server->timed != NULL)
    {
        server->timed->timed_before = conn;
    }
    server->timed = conn;
}

void conn_watch(struct server *server, struct conn *conn, uint32_t interest)
{
    if (conn->interest == interest)
    {
        return;
    }
    struct epoll_event event = {.events = interest, .data.ptr = conn};
    int what = conn->interest == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    conn->interest = interest;
    (void)epoll_ctl(server->epoll, what, conn->fd, &event);
}

void conn_close(struct server *server, struct conn *conn)
{
    conn_untime(server, conn);
    if (conn->ssl != NULL)
    {
        SSL_free(conn->ssl);
        conn->ssl = NULL;
    }
    (void)close(conn->fd);
    conn->state = CONN_FREE;
    conn->in_length = 0;
    conn->next_free = server->free_conns;
    server->free_conns = conn;
}

void conn_reset(struct server *server, struct conn *conn)
{
    struct linger now = {1, 0};
    (void)setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    conn_close(server, conn);
}

void conn_finish(struct server *server, struct conn *conn)
{
    if (conn->ssl != NULL)
    {
        (void)SSL_shutdown(conn->ssl);
    }
    if (!conn->unread)
    {
        conn_close(server, conn);
        return;
    }
    (void)shutdown(conn->fd, SHUT_WR);
    conn->state = CONN_DRAINING;
    conn_watch(server, conn, EPOLLIN);
    conn_time(server, conn, DRAIN_MS);
}

ssize_t conn_get(struct conn *conn, char *out, size_t capacity)
{
    if (conn->ssl == NULL)
    {
        ssize_t got = read(conn->fd, out, capacity);
        return got >= 0 ? got : errno == EAGAIN || errno == EINTR ? -1 : -2;
    }
    int got = SSL_read(conn->ssl, out, capacity > 16384 ? 16384 : (int)capacity);
    if (got > 0)
    {
        return got;
    }
    int why = SSL_get_error(conn->ssl, got);
    return why == SSL_ERROR_WANT_READ ? -1 : why == SSL_ERROR_ZERO_RETURN ? 0 : -2;
}

ssize_t conn_put(struct conn *conn, const char *bytes, size_t length)
{
    if (conn->ssl == NULL)
    {
        ssize_t put = send(conn->fd, bytes, length, MSG_NOSIGNAL);
        return put >= 0 ? put : errno == EAGAIN || errno == EINTR ? -1 : -2;
    }
    int put = SSL_write(conn->ssl, bytes, length > 65536 ? 65536 : (int)length);
    if (put > 0)
    {
        return put;
    }
    int why = SSL_get_error(conn->ssl, put);
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? -1 : -2;
}

void conn_close_all(struct server *server)
{
    struct slab *slab = server->slabs;
    while (slab != NULL)
    {
        struct slab *next = slab->next;
        for (size_t i = 0; i < SLAB; i++)
        {
            if (slab->conns[i].state != CONN_FREE)
            {
                conn_close(server, &slab->conns[i]);
            }
            free(slab->conns[i].in);
            free(slab->conns[i].rendered);
        }
        free(slab);
        slab = next;
    }
    server->slabs = NULL;
}
