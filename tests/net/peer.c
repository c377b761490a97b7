/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#define PEER_PATIENCE_S 10

static int bind_port(int family, uint16_t *out_port)
{
    struct sockaddr_storage addr = {0};
    socklen_t len = 0;
    if (family == AF_INET)
    {
        struct sockaddr_in *v4 = (struct sockaddr_in *)&addr;
        v4->sin_family = AF_INET;
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        len = sizeof(*v4);
    }
    else
    {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&addr;
        v6->sin6_family = AF_INET6;
        v6->sin6_addr = in6addr_loopback;
        len = sizeof(*v6);
    }
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_geq(fd, 0);
    cr_assert_eq(bind(fd, (struct sockaddr *)&addr, len), 0, "%s", strerror(errno));
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
    /* the port stands at the same place in both */
    *out_port = ntohs(((struct sockaddr_in *)&addr)->sin_port);
    return fd;
}

static void *run(void *argument)
{
    struct peer *peer = argument;
    for (;;)
    {
        int fd = accept(peer->listener, NULL, NULL);
        if (fd < 0)
        {
            return NULL; /* peer_stop shut it down */
        }
        const struct timeval patience = {.tv_sec = PEER_PATIENCE_S};
        const int on = 1;
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        peer->serve(peer, fd);
        (void)close(fd);
    }
}

void peer_start(struct peer *peer, int family, peer_serve_fn serve)
{
    peer->serve = serve;
    peer->listener = bind_port(family, &peer->port);
    cr_assert_eq(listen(peer->listener, 256), 0);
    cr_assert_eq(pthread_create(&peer->thread, NULL, run, peer), 0);
}

void peer_stop(struct peer *peer)
{
    (void)shutdown(peer->listener, SHUT_RDWR);
    (void)pthread_join(peer->thread, NULL);
    (void)close(peer->listener);
    SSL_CTX_free(peer->tls);
}

uint16_t peer_closed_port(void)
{
    uint16_t port = 0;
    (void)close(bind_port(AF_INET, &port));
    return port;
}

void peer_send(int socket, const void *data, size_t len)
{
    const char *at = data;
    while (len > 0)
    {
        ssize_t sent = send(socket, at, len, MSG_NOSIGNAL);
        if (sent <= 0)
        {
            return; /* the client is gone: its test looks at the client's side */
        }
        at += sent;
        len -= (size_t)sent;
    }
}

size_t peer_receive(int socket, void *data, size_t max)
{
    ssize_t got = recv(socket, data, max, 0);
    return got > 0 ? (size_t)got : 0;
}

void peer_reset(int socket)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

void peer_wait_for_end(int socket)
{
    char scrap[4096];
    while (peer_receive(socket, scrap, sizeof(scrap)) > 0)
    {
    }
}

SSL *peer_accept_tls(struct peer *peer, int socket)
{
    SSL *ssl = SSL_new(peer->tls);
    (void)SSL_set_fd(ssl, socket);
    if (SSL_accept(ssl) == 1)
    {
        return ssl;
    }
    SSL_free(ssl);
    return NULL;
}

void peer_echo(struct peer *peer, int socket)
{
    (void)peer;
    char bytes[4096];
    size_t got = 0;
    while ((got = peer_receive(socket, bytes, sizeof(bytes))) > 0)
    {
        peer_send(socket, bytes, got);
    }
}

void peer_echo_tls(struct peer *peer, int socket)
{
    SSL *ssl = peer_accept_tls(peer, socket);
    if (ssl == NULL)
    {
        return;
    }
    char bytes[4096];
    int got = 0;
    while ((got = SSL_read(ssl, bytes, sizeof(bytes))) > 0)
    {
        if (SSL_write(ssl, bytes, got) <= 0)
        {
            break;
        }
    }
    (void)SSL_shutdown(ssl);
    SSL_free(ssl);
}

void peer_close_at_once(struct peer *peer, int socket)
{
    (void)peer;
    /* What was sent is taken, or the close would be a reset. */
    char scrap[4096];
    (void)peer_receive(socket, scrap, sizeof(scrap));
}

void peer_reset_at_once(struct peer *peer, int socket)
{
    (void)peer;
    char scrap[4096];
    (void)peer_receive(socket, scrap, sizeof(scrap));
    peer_reset(socket);
}

void peer_stay_silent(struct peer *peer, int socket)
{
    (void)peer;
    peer_wait_for_end(socket);
}
