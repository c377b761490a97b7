/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <openssl/bio.h>

#include <criterion/criterion.h>

#include "client.h"
#include "identity.h"
#include "peer.h"

/* Runs one TLS dial against what `peer` is set up for. */
static void visit(struct client *client, struct lab *lab, struct peer *peer)
{
    lab_init(lab);
    peer_start(peer, AF_INET, peer->serve);
    client_init(client, lab, "127.0.0.1", peer->port);
    client->to_send = ajar_span_of("GET / HTTP/1.1\r\n\r\n");
    client_run(client, true, NULL);
}

static void leave(struct client *client, struct lab *lab, struct peer *peer)
{
    client_deinit(client);
    peer_stop(peer);
    lab_deinit(lab);
}

static void expect(struct peer *peer, enum ajar_link_end why)
{
    struct client client;
    struct lab lab;
    visit(&client, &lab, peer);
    cr_assert_eq(client.opened, 0);
    cr_assert_eq(client.ended, 1);
    cr_assert_eq(client.why, why, "%d, not %d", (int)client.why, (int)why);
    leave(&client, &lab, peer);
}

Test(tls_refused, closed_without_a_byte)
{
    expect(&(struct peer){.serve = peer_close_at_once}, AJAR_LINK_EOF);
}

Test(tls_refused, reset_without_a_byte)
{
    expect(&(struct peer){.serve = peer_reset_at_once}, AJAR_LINK_RESET);
}

/* Takes the hello, sends `context`, closes. */
static void serve_text(struct peer *peer, int socket)
{
    char scrap[4096];
    (void)peer_receive(socket, scrap, sizeof(scrap));
    peer_send(socket, peer->context, strlen(peer->context));
}

static void serve_text_slowly(struct peer *peer, int socket)
{
    char scrap[4096];
    (void)peer_receive(socket, scrap, sizeof(scrap));
    const char *text = peer->context;
    for (size_t i = 0; text[i] != '\0'; i++)
    {
        peer_send(socket, &text[i], 1);
    }
    peer_wait_for_end(socket);
}

Test(tls_refused, something_else_answers)
{
    static char texts[][64] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                               "SSH-2.0-OpenSSH_9.2\r\n",
                               "220 mail.corp.example ESMTP\r\n",
                               "H",
                               "\x16HTTP",
                               "\x17\x03\x03",
                               "\x80\x2e\x01\x03\x01\x01\x15\x01\x01"};
    for (size_t i = 0; i < AJAR_COUNT_OF(texts); i++)
    {
        expect(&(struct peer){.serve = serve_text, .context = texts[i]},
               AJAR_LINK_TLS_NOT_SPOKEN);
        expect(&(struct peer){.serve = serve_text_slowly, .context = texts[i]},
               AJAR_LINK_TLS_NOT_SPOKEN);
    }
}

Test(tls_refused, garbage_in_the_handshake)
{
    static char texts[][64] = {
        "\x15\x03\x01\x01\x02\x02\x28",        /* a wrong length, then an end */
        "\x16\x03\x03\x01\x05\x02garbage",     /* cut off */
        "\x16\x03\x03\x7f\x7fgarbage garbage", /* a record of 32 KiB */
        "\x16\x03\x03\x01\x01\x7f",            /* a message that does not exist */
        "\x16\x03",                            /* cut off in the header */
        "\x16\x0f\x0f",                        /* not a version */
        "\x16"};
    for (size_t i = 0; i < AJAR_COUNT_OF(texts); i++)
    {
        enum ajar_link_end why =
            texts[i][1] == 0x0f ? AJAR_LINK_TLS_NOT_SPOKEN : AJAR_LINK_TLS_FAILED;
        expect(&(struct peer){.serve = serve_text, .context = texts[i]}, why);
    }
}

static void serve_alert(struct peer *peer, int socket)
{
    (void)peer;
    static const unsigned char handshake_failure[] = {21, 3, 3, 0, 2, 2, 40};
    char scrap[4096];
    (void)peer_receive(socket, scrap, sizeof(scrap));
    peer_send(socket, handshake_failure, sizeof(handshake_failure));
}

Test(tls_refused, alert_instead_of_a_hello)
{
    expect(&(struct peer){.serve = serve_alert}, AJAR_LINK_TLS_FAILED);
}

/* Handshake records without end that never complete a message. */
static void serve_endless(struct peer *peer, int socket)
{
    (void)peer;
    static unsigned char record[5 + 1024] = {22, 3, 3, 4, 0, 2, 0x0f, 0xff, 0xff};
    char scrap[4096];
    (void)peer_receive(socket, scrap, sizeof(scrap));
    for (int i = 0; i < 1024; i++)
    {
        peer_send(socket, record, sizeof(record));
    }
    peer_wait_for_end(socket);
}

Test(tls_refused, endless_handshake)
{
    expect(&(struct peer){.serve = serve_endless}, AJAR_LINK_TLS_FAILED);
}

Test(tls_refused, a_hundred_kilobytes_of_certificates)
{
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++)
    {
        struct peer peer = {.serve = peer_echo_tls};
        peer.tls = identity_server(&(struct identity_config){0}, version, NULL);
        identity_add_chain(peer.tls, 9, 10000);
        expect(&peer, AJAR_LINK_TLS_FAILED);
    }
}

/* A peer that wants a certificate of ours. In TLS 1.2 the handshake fails; in 1.3 it ends
 * well for us and the refusal is the first thing read. Its certificate is known in both.
 */
static void expect_wanted_certificate(int version, unsigned opened)
{
    char sha256[65];
    struct client client;
    struct lab lab;
    struct peer peer = {.serve = peer_echo_tls};
    peer.tls = identity_server(&(struct identity_config){0}, version, sha256);
    SSL_CTX_set_verify(peer.tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    visit(&client, &lab, &peer);
    cr_assert_eq(client.opened, opened);
    cr_assert_eq(client.ended, 1);
    cr_assert_eq(client.why, AJAR_LINK_TLS_FAILED, "%d", (int)client.why);
    cr_assert_eq(client.data.len, 0);
    cr_assert(client.has_facts);
    cr_assert_str_eq(client.sha256, sha256);
    cr_assert_str_eq(client.version, version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2");
    leave(&client, &lab, &peer);
}

Test(tls_refused, client_certificate_wanted)
{
    expect_wanted_certificate(TLS1_2_VERSION, 0);
    expect_wanted_certificate(TLS1_3_VERSION, 1);
}

/* The byte of what the server says that is changed. */
struct flip
{
    size_t at;
    bool done;
};

static void serve_flipped(struct peer *peer, int socket)
{
    const struct timeval patience = {.tv_usec = 100000};
    (void)setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    SSL *ssl = SSL_new(peer->tls);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl);
    struct flip *flip = peer->context;
    size_t left = flip->at;
    char bytes[8192];
    size_t got = 0;
    while ((got = peer_receive(socket, bytes, sizeof(bytes))) > 0)
    {
        (void)BIO_write(SSL_get_rbio(ssl), bytes, (int)got);
        (void)SSL_do_handshake(ssl);
        int len = BIO_read(SSL_get_wbio(ssl), bytes, sizeof(bytes));
        if (len > 0)
        {
            if (left < (size_t)len)
            {
                bytes[left] = (char)(bytes[left] ^ 0x41);
                flip->done = true;
            }
            left = left < (size_t)len ? SIZE_MAX : left - (size_t)len;
            peer_send(socket, bytes, (size_t)len);
        }
    }
    SSL_free(ssl);
}

/* Nothing that was tampered with opens, and nothing of it harms. Byte 2, of the first
 * record's version, means nothing to anybody (RFC 8446 section 5.1). */
Test(tls_refused, a_flipped_byte_anywhere)
{
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++)
    {
        for (size_t at = 0; at < 500; at += at == 1 ? 2 : at < 60 ? 1 : 13)
        {
            struct client client;
            struct lab lab;
            struct flip flip = {.at = at};
            struct peer peer = {.serve = serve_flipped, .context = &flip};
            peer.tls = identity_server(&(struct identity_config){0}, version, NULL);
            visit(&client, &lab, &peer);
            cr_assert(flip.done);
            cr_assert_eq(client.opened, 0, "byte %zu", at);
            cr_assert(client.why == AJAR_LINK_TLS_FAILED ||
                          client.why == AJAR_LINK_TLS_NOT_SPOKEN,
                      "byte %zu: %d", at, (int)client.why);
            leave(&client, &lab, &peer);
        }
    }
}

static void serve_then_break(struct peer *peer, int socket)
{
    SSL *ssl = peer_accept_tls(peer, socket);
    if (ssl == NULL)
    {
        return;
    }
    (void)SSL_write(ssl, "HTTP/1.1 200", 12);
    static const unsigned char broken[] = {23, 3, 3, 0, 32, 1, 2, 3, 4, 5, 6, 7, 8,
                                           9,  8, 7, 6, 5,  4, 3, 2, 1, 0, 1, 2, 3,
                                           4,  5, 6, 7, 8,  9, 8, 7, 6, 5, 4};
    peer_send(socket, broken, sizeof(broken));
    peer_wait_for_end(socket);
    SSL_free(ssl);
}

/* A session that breaks after data is a broken connection, not a failed handshake. */
Test(tls_refused, broken_after_data)
{
    struct client client;
    struct lab lab;
    struct peer peer = {.serve = serve_then_break};
    peer.tls = identity_server(&(struct identity_config){0}, 0, NULL);
    visit(&client, &lab, &peer);
    cr_assert_str_eq(client.data.data, "HTTP/1.1 200");
    cr_assert_eq(client.why, AJAR_LINK_RESET);
    leave(&client, &lab, &peer);
}
