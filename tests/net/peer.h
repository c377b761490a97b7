/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_NET_PEER_H
#define AJAR_TESTS_NET_PEER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <openssl/ssl.h>

/*
 * A server on loopback in a thread of its own, one connection after the other. What it
 * does with one is the test's; afterwards the peer closes it. Reads give up after
 * seconds.
 */
struct peer;
typedef void (*peer_serve_fn)(struct peer *peer, int socket);

struct peer
{
    int listener;
    uint16_t port;
    pthread_t thread;
    peer_serve_fn serve;
    SSL_CTX *tls; /* for peer_accept_tls; freed by peer_stop */
    void *context;
};

void peer_start(struct peer *peer, int family, peer_serve_fn serve);
void peer_stop(struct peer *peer);
/* A port that nobody listens on. */
uint16_t peer_closed_port(void);

/* For use in serve: */
void peer_send(int socket, const void *data, size_t len);
size_t peer_receive(int socket, void *data, size_t max);
void peer_reset(int socket); /* the close that follows is an RST */
void peer_wait_for_end(int socket);
/* NULL when the handshake fails. */
SSL *peer_accept_tls(struct peer *peer, int socket);

/* Ready-made behaviours. */
void peer_echo(struct peer *peer, int socket);
void peer_echo_tls(struct peer *peer, int socket);
void peer_close_at_once(struct peer *peer, int socket);
void peer_reset_at_once(struct peer *peer, int socket);
void peer_stay_silent(struct peer *peer, int socket);

#endif
