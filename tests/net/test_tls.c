/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/bio.h>

#include <criterion/criterion.h>

#include "client.h"
#include "identity.h"
#include "peer.h"

static const char request[] = "GET /_cluster/health HTTP/1.1\r\n\r\n";

static void talk(struct peer *peer, const char *version, const char *name)
{
    struct lab lab;
    struct client client;
    char sha256[65];
    memcpy(sha256, peer->context, sizeof(sha256));
    lab_init(&lab);
    peer_start(peer, AF_INET, peer->serve);
    client_init(&client, &lab, "127.0.0.1", peer->port);
    client.to_send = ajar_span_of(request);
    client.close_when = CLIENT_CLOSE_ON_ENOUGH;
    client.enough = sizeof(request) - 1;
    client_run(&client, true, name);
    cr_assert_eq(client.opened, 1, "%d", (int)client.why);
    cr_assert_str_eq(client.data.data, request);
    cr_assert(client.has_facts);
    cr_assert_str_eq(client.version, version);
    cr_assert_str_eq(client.sha256, sha256);
    cr_assert_str_eq(client.not_after, "2033-05-18T03:33:20Z");
    cr_assert_str_eq(client.subject, "CN=es1.corp.example");
    cr_assert_str_eq(client.issuer, "CN=es1.corp.example");
    client_deinit(&client);
    peer_stop(peer);
    lab_deinit(&lab);
}

static void talk_version(const struct identity_config *config, int number,
                         const char *version)
{
    char sha256[65];
    struct peer peer = {.serve = peer_echo_tls, .context = sha256};
    peer.tls = identity_server(config, number, sha256);
    talk(&peer, version, NULL);
}

Test(tls, version_1_3)
{
    talk_version(&(struct identity_config){0}, TLS1_3_VERSION, "TLSv1.3");
}

Test(tls, version_1_2)
{
    talk_version(&(struct identity_config){0}, TLS1_2_VERSION, "TLSv1.2");
}

/* A server that the library's defaults would not talk to: it is as open as any. */
Test(tls, version_1_0_with_sha1_and_1024_bits)
{
    const struct identity_config weak = {.rsa_bits = 1024, .sha1 = 1};
    talk_version(&weak, TLS1_VERSION, "TLSv1");
    talk_version(&weak, TLS1_1_VERSION, "TLSv1.1");
    talk_version(&weak, TLS1_2_VERSION, "TLSv1.2");
}

/* An engine of the server's own over memory, its bytes sent one by one. */
static void drain(SSL *ssl, int socket)
{
    char byte;
    while (BIO_read(SSL_get_wbio(ssl), &byte, 1) == 1)
    {
        peer_send(socket, &byte, 1);
    }
}

static void serve_dribbling(struct peer *peer, int socket)
{
    SSL *ssl = SSL_new(peer->tls);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl);
    char bytes[4096];
    size_t got = 0;
    while ((got = peer_receive(socket, bytes, sizeof(bytes))) > 0)
    {
        (void)BIO_write(SSL_get_rbio(ssl), bytes, (int)got);
        int plain = SSL_read(ssl, bytes, sizeof(bytes)); /* shakes hands by itself */
        if (plain > 0)
        {
            (void)SSL_write(ssl, bytes, plain);
        }
        drain(ssl, socket);
    }
    SSL_free(ssl);
}

Test(tls, byte_by_byte)
{
    const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    for (size_t i = 0; i < AJAR_COUNT_OF(versions); i++)
    {
        char sha256[65];
        struct peer peer = {.serve = serve_dribbling, .context = sha256};
        peer.tls = identity_server(&(struct identity_config){0}, versions[i], sha256);
        talk(&peer, i == 0 ? "TLSv1.2" : "TLSv1.3", NULL);
    }
}

/* Writes that the socket does not take at once, in the handshake too. */
Test(tls, short_writes)
{
    fake_write_most = 1;
    talk_version(&(struct identity_config){0}, TLS1_3_VERSION, "TLSv1.3");
    fake_write_most = 0;
    talk_version(&(struct identity_config){0}, TLS1_2_VERSION, "TLSv1.2");
    fake_write_most = SIZE_MAX;
}

#define LARGE (3u * 1024u * 1024u)

static void serve_large(struct peer *peer, int socket)
{
    SSL *ssl = peer_accept_tls(peer, socket);
    if (ssl == NULL)
    {
        return;
    }
    char bytes[5000];
    unsigned next = 0;
    for (size_t at = 0; at < LARGE;)
    {
        size_t len = sizeof(bytes) < LARGE - at ? sizeof(bytes) : LARGE - at;
        for (size_t i = 0; i < len; i++)
        {
            bytes[i] = (char)(next++ * 7u >> 3);
        }
        if (SSL_write(ssl, bytes, (int)len) <= 0)
        {
            break;
        }
        at += len;
    }
    /* No close_notify, as many Java servers do. */
    SSL_free(ssl);
}

Test(tls, large_and_an_end_without_goodbye)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer.tls = identity_server(&(struct identity_config){0}, 0, NULL);
    peer_start(&peer, AF_INET, serve_large);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    client_run(&client, true, NULL);
    cr_assert_eq(client.data.len, LARGE);
    cr_assert_eq(client.why, AJAR_LINK_EOF);
    for (unsigned i = 0; i < LARGE; i++)
    {
        if (client.data.data[i] != (char)(i * 7u >> 3))
        {
            cr_assert_fail("byte %u", i);
        }
    }
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

static void serve_name(struct peer *peer, int socket)
{
    SSL *ssl = peer_accept_tls(peer, socket);
    if (ssl == NULL)
    {
        return;
    }
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    name = name == NULL ? "(none)" : name;
    (void)SSL_write(ssl, name, (int)strlen(name));
    (void)SSL_shutdown(ssl);
    SSL_free(ssl);
}

struct server_name
{
    const char *given;
    const char *seen;
};

Test(tls, server_name)
{
    const struct server_name cases[] = {{NULL, "(none)"},
                                        {"", "(none)"},
                                        {".", "(none)"},
                                        {"127.0.0.1", "(none)"},
                                        {"2001:db8::7", "(none)"},
                                        {"es1.corp.example", "es1.corp.example"},
                                        {"es1.corp.example.", "es1.corp.example"}};
    struct lab lab;
    struct peer peer = {0};
    lab_init(&lab);
    peer.tls = identity_server(&(struct identity_config){0}, 0, NULL);
    peer_start(&peer, AF_INET, serve_name);
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        struct client client;
        client_init(&client, &lab, "127.0.0.1", peer.port);
        client_run(&client, true, cases[i].given);
        cr_assert_eq(client.why, AJAR_LINK_EOF);
        cr_assert_str_eq(client.data.data, cases[i].seen);
        client_deinit(&client);
    }
    struct client client;
    char *name = calloc(1, 400);
    memset(name, 'a', 399);
    enum ajar_link_end why;
    client_init(&client, &lab, "127.0.0.1", peer.port);
    cr_assert_eq(client_dial(&client, true, name, &why), AJAR_EINVAL);
    client_deinit(&client);
    free(name);
    peer_stop(&peer);
    lab_deinit(&lab);
}

Test(tls, close_at_each_moment)
{
    const enum client_close moments[] = {CLIENT_CLOSE_AT_ONCE, CLIENT_CLOSE_ON_OPENED,
                                         CLIENT_CLOSE_ON_DATA};
    struct lab lab;
    struct peer peer = {0};
    lab_init(&lab);
    peer.tls = identity_server(&(struct identity_config){0}, 0, NULL);
    peer_start(&peer, AF_INET, peer_echo_tls);
    for (size_t i = 0; i < AJAR_COUNT_OF(moments); i++)
    {
        struct client client;
        client_init(&client, &lab, "127.0.0.1", peer.port);
        client.to_send = ajar_span_of(request);
        client.close_when = moments[i];
        client_run(&client, true, NULL);
        cr_assert_eq(client.ended, 0);
        cr_assert_eq(client.opened, i == 0 ? 0 : 1);
        client_deinit(&client);
    }
    peer_stop(&peer);
    lab_deinit(&lab);
}

/* Connected, our hello sent, nothing back: the caller's deadline closes. */
Test(tls, close_in_the_handshake)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer_start(&peer, AF_INET, peer_stay_silent);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    enum ajar_link_end why;
    cr_assert_eq(client_dial(&client, true, NULL, &why), AJAR_OK);
    struct ajar_addr own;
    while (ajar_link_local_addr(&client.link, &own) != AJAR_OK)
    {
        (void)uv_run(&lab.loop, UV_RUN_ONCE);
    }
    client_close(&client);
    lab_run(&lab);
    cr_assert_eq(client.closed, 1);
    cr_assert_eq(client.opened + client.ended, 0);
    cr_assert_not(client.has_facts);
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

#define MANY 40

Test(tls, many_at_once)
{
    struct lab lab;
    struct peer peer = {0};
    struct client *clients = calloc(MANY, sizeof(*clients));
    lab_init(&lab);
    peer.tls = identity_server(&(struct identity_config){0}, 0, NULL);
    peer_start(&peer, AF_INET, peer_echo_tls);
    for (int i = 0; i < MANY; i++)
    {
        enum ajar_link_end why;
        client_init(&clients[i], &lab, "127.0.0.1", peer.port);
        clients[i].to_send = ajar_span_of("ping");
        clients[i].close_when = CLIENT_CLOSE_ON_ENOUGH;
        clients[i].enough = 4;
        cr_assert_eq(client_dial(&clients[i], true, NULL, &why), AJAR_OK);
    }
    lab_run(&lab);
    for (int i = 0; i < MANY; i++)
    {
        cr_assert_eq(clients[i].closed, 1);
        cr_assert_str_eq(clients[i].data.data, "ping");
        client_deinit(&clients[i]);
    }
    free(clients);
    peer_stop(&peer);
    lab_deinit(&lab);
}
