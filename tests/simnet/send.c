/* SPDX-License-Identifier: Apache-2.0 */
#include "conn_private.h"

#include <stdlib.h>
#include <sys/epoll.h>

/* A reply on its way: stored bytes, then generated ones, at the pace of the place. */

#define DRIP_MS 100
#define SPLIT_MS 20
#define BYTES_A_TURN (512u * 1024u)

/* How many bytes the pace lets go in one write from here. */
static uint64_t portion(const struct conn *conn)
{
    uint64_t left = conn->total - conn->sent;
    if (conn->route->drips || conn->place->pace == PACE_DRIP)
    {
        return 1;
    }
    switch (conn->place->pace)
    {
    case PACE_BYTES:
        return conn->sent < SIMNET_BYTEWISE ? 1 : left;
    case PACE_SPLIT:
        return conn->sent < conn->place->split_at ? conn->place->split_at - conn->sent
                                                  : left;
    case PACE_WHOLE:
    case PACE_DRIP:
        break;
    }
    return left;
}

static ssize_t write_part(struct server *server, struct conn *conn, uint64_t most)
{
    uint64_t left = conn->total - conn->sent;
    most = most < left ? most : left;
    if (conn->sent < conn->out_length)
    {
        uint64_t stored = conn->out_length - conn->sent;
        return conn_put(conn, conn->out + conn->sent,
                        (size_t)(most < stored ? most : stored));
    }
    size_t capacity =
        most < sizeof server->scratch ? (size_t)most : sizeof server->scratch;
    const struct reply *reply = &conn->route->reply;
    size_t made =
        source_read(reply->source, reply->source_param, conn->sent - conn->out_length,
                    reply->source_length, server->scratch, capacity);
    return made == 0 ? -2 : conn_put(conn, server->scratch, made);
}

static void pause_for(struct server *server, struct conn *conn, uint64_t delay_ms)
{
    conn->state = CONN_WAITING;
    conn_watch(server, conn, EPOLLRDHUP);
    conn_time(server, conn, delay_ms);
}

static void reply_sent(struct server *server, struct conn *conn)
{
    server->served++;
    if (conn->close_after)
    {
        conn_finish(server, conn);
        return;
    }
    conn->state = CONN_READING;
}

void conn_send(struct server *server, struct conn *conn)
{
    uint64_t turn = 0;
    conn->state = CONN_SENDING;
    while (conn->sent < conn->total)
    {
        uint64_t part = portion(conn);
        ssize_t put = turn > BYTES_A_TURN ? -1 : write_part(server, conn, part);
        if (put == -2)
        {
            conn_close(server, conn);
            return;
        }
        if (put < 0)
        {
            conn_watch(server, conn, EPOLLOUT);
            return;
        }
        conn->sent += (uint64_t)put;
        turn += (uint64_t)put;
        if (conn->sent == conn->total)
        {
            break;
        }
        if (conn->route->drips || conn->place->pace == PACE_DRIP)
        {
            pause_for(server, conn, DRIP_MS);
            return;
        }
        if (conn->place->pace == PACE_SPLIT && !conn->was_split &&
            conn->sent >= conn->place->split_at)
        {
            conn->was_split = true;
            pause_for(server, conn, SPLIT_MS);
            return;
        }
        if (part == 1)
        {
            conn_watch(server, conn, EPOLLOUT); /* the next byte in the next turn */
            return;
        }
    }
    reply_sent(server, conn);
}

static bool conn_render(struct conn *conn, const struct request *request)
{
    if (conn->rendered == NULL)
    {
        conn->rendered = malloc(SIMNET_MAX_RENDERED);
    }
    if (conn->rendered == NULL)
    {
        return false;
    }
    conn->out = conn->rendered;
    conn->out_length = reply_render(&conn->route->reply, request, &conn->address,
                                    conn->rendered, SIMNET_MAX_RENDERED);
    return conn->out_length > 0;
}

void conn_reply(struct server *server, struct conn *conn, const struct route *route,
                const struct request *request)
{
    if (route == NULL || route->reply.action == ACTION_CLOSE)
    {
        conn_finish(server, conn);
        return;
    }
    const struct reply *reply = &route->reply;
    conn->route = route;
    conn->out = reply->bytes;
    conn->out_length = reply->length;
    if (reply->action == ACTION_RESET ||
        (reply->has_placeholders && !conn_render(conn, request)))
    {
        conn_reset(server, conn);
        return;
    }
    if (reply->action == ACTION_STALL)
    {
        conn->state = CONN_STALLED;
        conn_watch(server, conn, EPOLLRDHUP);
        return;
    }
    conn->sent = 0;
    conn->was_split = false;
    conn->total = reply->source_length > UINT64_MAX - conn->out_length
                      ? UINT64_MAX
                      : conn->out_length + reply->source_length;
    conn->close_after = reply->closes || conn->place->closes || request->wants_close;
    if (route->cut < conn->total)
    {
        conn->total = route->cut;
        conn->close_after = true;
    }
    if (conn->place->delay_ms + route->delay_ms > 0)
    {
        pause_for(server, conn, (uint64_t)conn->place->delay_ms + route->delay_ms);
        return;
    }
    conn_send(server, conn);
}
