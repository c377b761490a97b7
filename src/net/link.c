/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tls.h"

/* Bytes that the socket did not take at once. Knows its link only through the handle. */
struct unsent
{
    uv_write_t request;
    char bytes[];
};

static struct ajar_link *link_of(uv_handle_t *handle)
{
    return handle->data;
}

void link_end(struct ajar_link *link, enum ajar_link_end why)
{
    if (link->closing || link->state == LINK_ENDED)
    {
        return;
    }
    link->state = LINK_ENDED;
    (void)uv_read_stop((uv_stream_t *)&link->tcp);
    link->events->ended(link, why);
}

/* False when the fault is here. Otherwise the peer or the road to it is gone; the kernel
 * says so only once, so it is kept for the read that then sees a mere end. */
static bool note_broken(struct ajar_link *link, int error)
{
    enum ajar_link_end why = net_end_of(error);
    if (why == AJAR_LINK_LOCAL_RESOURCE)
    {
        return false;
    }
    link->broken = true;
    link->failure = (uint8_t)why;
    return true;
}

static void on_written(uv_write_t *request, int status)
{
    if (status < 0 && status != UV_ECANCELED)
    {
        (void)note_broken(link_of((uv_handle_t *)request->handle), status);
    }
    free(request->data);
}

int link_write(struct ajar_link *link, struct ajar_span bytes)
{
    uv_stream_t *stream = (uv_stream_t *)&link->tcp;
    /* libuv only reads from it; its type is shared with reading. */
    uv_buf_t buf = {.base = (char *)(uintptr_t)bytes.data, .len = bytes.len};
    int sent = uv_try_write(stream, &buf, 1);
    if (sent < 0 && sent != UV_EAGAIN)
    {
        return note_broken(link, sent) ? AJAR_OK : AJAR_ESYSTEM;
    }
    size_t rest = bytes.len - (sent > 0 ? (size_t)sent : 0);
    if (rest == 0)
    {
        return AJAR_OK;
    }
    if (uv_stream_get_write_queue_size(stream) + rest > NET_MAX_UNSENT)
    {
        return AJAR_ELIMIT;
    }
    struct unsent *unsent = malloc(sizeof(*unsent) + rest);
    if (unsent == NULL)
    {
        return AJAR_ENOMEM;
    }
    memcpy(unsent->bytes, bytes.data + (bytes.len - rest), rest);
    unsent->request.data = unsent;
    buf = (uv_buf_t){.base = unsent->bytes, .len = rest};
    if (uv_write(&unsent->request, stream, &buf, 1, on_written) < 0)
    {
        free(unsent);
        return AJAR_ESYSTEM;
    }
    return AJAR_OK;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    (void)suggested;
    struct ajar_net *net = link_of(handle)->net;
    *out = (uv_buf_t){.base = net->read, .len = sizeof(net->read)};
}

/*
 * An end of the stream may be a reset in disguise, and a body that ends with its
 * connection would then look whole. The kernel tells a reset once, perhaps to a write;
 * and libuv (1.44, uv__stream_io) makes an end of a hang-up that follows data at once
 * without asking for the error behind it.
 */
static enum ajar_link_end end_of_stream(const struct ajar_link *link)
{
    if (link->broken)
    {
        return (enum ajar_link_end)link->failure;
    }
    uv_os_fd_t fd = -1;
    int error = 0;
    socklen_t length = sizeof(error);
    if (uv_fileno((const uv_handle_t *)&link->tcp, &fd) == 0 &&
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0)
    {
        return net_end_of(uv_translate_sys_error(error));
    }
    return AJAR_LINK_EOF;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct ajar_link *link = link_of((uv_handle_t *)stream);
    if (link->closing || link->state == LINK_ENDED || count == 0)
    {
        return;
    }
    if (count < 0)
    {
        /* The kernel reports a reset once; if a write took it, reading only sees an end.
         */
        enum ajar_link_end why =
            count == UV_EOF ? end_of_stream(link) : net_end_of((int)count);
        link_end(link, link->tls == NULL ? why : tls_end_of(link, why));
        return;
    }
    link->bytes_in += (uint64_t)count;
    struct ajar_span bytes = {buf->base, (size_t)count};
    if (link->tls == NULL)
    {
        link->events->data(link, bytes);
        return;
    }
    tls_feed(link, bytes);
}

static void on_connect(uv_connect_t *request, int status)
{
    struct ajar_link *link = link_of((uv_handle_t *)request->handle);
    if (link->closing)
    {
        return;
    }
    if (status == 0)
    {
        status = uv_read_start((uv_stream_t *)&link->tcp, on_alloc, on_read);
    }
    if (status < 0)
    {
        link_end(link, net_end_of(status));
        return;
    }
    if (link->tls != NULL)
    {
        link->state = LINK_HANDSHAKE;
        tls_start(link);
        return;
    }
    link->state = LINK_OPEN;
    link->events->opened(link);
}

static void on_closed(uv_handle_t *handle)
{
    struct ajar_link *link = link_of(handle);
    tls_free(link);
    link->events->closed(link); /* the link may be gone now */
}

/*
 * A connect that failed at once (no route, no local port): libuv leaves the handle open
 * and calls nothing back. Its close callback is the only later moment that needs no
 * handle of ours, so the end is told from there, on a fresh handle without a socket.
 */
static void on_failed_closed(uv_handle_t *handle)
{
    struct ajar_link *link = link_of(handle);
    if (link->closing)
    {
        on_closed(handle);
        return;
    }
    (void)uv_tcp_init(link->net->loop, &link->tcp); /* without a socket: cannot fail */
    link->tcp.data = link;
    link_end(link, (enum ajar_link_end)link->failure);
}

static void sockaddr_of(const struct ajar_addr *addr, uint16_t port,
                        struct sockaddr_storage *out)
{
    memset(out, 0, sizeof(*out));
    if (ajar_addr_is_v4(addr))
    {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        v4->sin_addr.s_addr = htonl(ajar_addr_to_v4(addr));
        return;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    memcpy(&v6->sin6_addr, addr->bytes, sizeof(addr->bytes));
}

static void link_init(struct ajar_link *link, struct ajar_net *net,
                      const struct ajar_link_events *events)
{
    link->events = events;
    link->net = net;
    link->tls = NULL;
    link->bytes_in = 0;
    link->state = LINK_CONNECTING;
    link->failure = 0;
    link->closing = false;
    link->broken = false;
}

int ajar_link_dial(struct ajar_net *net, struct ajar_link *link,
                   const struct ajar_permit *permit, bool tls, const char *name,
                   const struct ajar_link_events *events, enum ajar_link_end *out_why)
{
    if (!ajar_permit_is_valid(permit))
    {
        return AJAR_EREFUSED;
    }
    link_init(link, net, events);
    int status = tls ? tls_new(link, name) : AJAR_OK;
    if (status < 0)
    {
        *out_why = AJAR_LINK_LOCAL_RESOURCE;
        return status;
    }
    struct sockaddr_storage peer;
    sockaddr_of(ajar_permit_addr(permit), ajar_permit_port(permit), &peer);
    /* With a family the socket is made here and not by the connect, so that a shortage of
     * descriptors shows while nothing has started. */
    int error = uv_tcp_init_ex(net->loop, &link->tcp, peer.ss_family);
    if (error < 0)
    {
        tls_free(link);
        *out_why = net_end_of(error);
        return AJAR_ESYSTEM;
    }
    link->tcp.data = link;
    error =
        uv_tcp_connect(&link->connect, &link->tcp, (struct sockaddr *)&peer, on_connect);
    if (error < 0)
    {
        link->state = LINK_FAILED;
        link->failure = (uint8_t)net_end_of(error);
        uv_close((uv_handle_t *)&link->tcp, on_failed_closed);
    }
    return AJAR_OK;
}

int ajar_link_send(struct ajar_link *link, struct ajar_span bytes)
{
    if (link->closing || link->state != LINK_OPEN)
    {
        return AJAR_ESTATE;
    }
    if (bytes.len == 0)
    {
        return AJAR_OK;
    }
    return link->tls == NULL ? link_write(link, bytes) : tls_write(link, bytes);
}

void ajar_link_close(struct ajar_link *link)
{
    if (link->closing)
    {
        return;
    }
    link->closing = true;
    if (link->state == LINK_FAILED)
    {
        return; /* on its way; on_failed_closed sees the flag */
    }
    if (link->tls != NULL && link->state == LINK_OPEN)
    {
        tls_goodbye(link);
    }
    uv_close((uv_handle_t *)&link->tcp, on_closed);
}

const struct ajar_tls_facts *ajar_link_tls_facts(const struct ajar_link *link)
{
    return link->tls == NULL ? NULL : tls_facts(link);
}

int ajar_link_local_addr(const struct ajar_link *link, struct ajar_addr *out)
{
    struct sockaddr_storage own;
    int length = sizeof(own);
    bool open = link->state == LINK_OPEN || link->state == LINK_HANDSHAKE ||
                (link->state == LINK_ENDED && link->bytes_in > 0);
    if (link->closing || !open ||
        uv_tcp_getsockname(&link->tcp, (struct sockaddr *)&own, &length) < 0)
    {
        return AJAR_ESTATE;
    }
    if (own.ss_family == AF_INET)
    {
        *out =
            ajar_addr_from_v4(ntohl(((const struct sockaddr_in *)&own)->sin_addr.s_addr));
        return AJAR_OK;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&own;
    memcpy(out->bytes, &v6->sin6_addr, sizeof(out->bytes));
    return AJAR_OK;
}
