/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <criterion/criterion.h>

#include "client.h"
#include "peer.h"

static void talk(int family, const char *addr)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer_start(&peer, family, peer_echo);
    client_init(&client, &lab, addr, peer.port);
    client.to_send = ajar_span_of("GET / HTTP/1.1\r\n\r\n");
    client.close_when = CLIENT_CLOSE_ON_ENOUGH;
    client.enough = client.to_send.len;
    client_run(&client, false, NULL);
    cr_assert_eq(client.opened, 1);
    cr_assert_eq(client.ended, 0);
    cr_assert_str_eq(client.data.data, "GET / HTTP/1.1\r\n\r\n");
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

Test(plain, talks_over_v4)
{
    talk(AF_INET, "127.0.0.1");
}

Test(plain, talks_over_v6)
{
    talk(AF_INET6, "::1");
}

static void expect_end(peer_serve_fn serve, enum ajar_link_end why,
                       enum client_close close_when)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer_start(&peer, AF_INET, serve);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    client.close_when = close_when;
    client.to_send = ajar_span_of("GET / HTTP/1.1\r\n\r\n");
    client_run(&client, false, NULL);
    cr_assert_eq(client.opened, 1);
    cr_assert_eq(client.ended, 1);
    cr_assert_eq(client.why, why, "%d, not %d", (int)client.why, (int)why);
    cr_assert_eq(client.data.len, 0);
    cr_assert_not(client.has_facts);
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

Test(plain, closed_without_a_byte)
{
    expect_end(peer_close_at_once, AJAR_LINK_EOF, CLIENT_CLOSE_AFTER_END);
    expect_end(peer_close_at_once, AJAR_LINK_EOF, CLIENT_CLOSE_LATER);
}

Test(plain, reset)
{
    expect_end(peer_reset_at_once, AJAR_LINK_RESET, CLIENT_CLOSE_AFTER_END);
    expect_end(peer_reset_at_once, AJAR_LINK_RESET, CLIENT_CLOSE_LATER);
}

Test(plain, refused)
{
    struct lab lab;
    struct client client;
    lab_init(&lab);
    client_init(&client, &lab, "127.0.0.1", peer_closed_port());
    client_run(&client, false, NULL);
    cr_assert_eq(client.opened, 0);
    cr_assert_eq(client.ended, 1);
    cr_assert_eq(client.why, AJAR_LINK_REFUSED);
    client_deinit(&client);
    lab_deinit(&lab);
}

#define LARGE (8u * 1024u * 1024u)

static char pattern(size_t at)
{
    return (char)(at * 31 + at / 251);
}

static void serve_large(struct peer *peer, int socket)
{
    (void)peer;
    char *bytes = malloc(LARGE);
    for (size_t i = 0; i < LARGE; i++)
    {
        bytes[i] = pattern(i);
    }
    /* pieces of odd sizes, so that reads end anywhere */
    for (size_t at = 0, piece = 1; at < LARGE; at += piece, piece = piece * 3 % 70001 + 1)
    {
        peer_send(socket, bytes + at, piece < LARGE - at ? piece : LARGE - at);
    }
    free(bytes);
}

Test(plain, large_and_split)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer_start(&peer, AF_INET, serve_large);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    client_run(&client, false, NULL);
    cr_assert_eq(client.why, AJAR_LINK_EOF);
    cr_assert_eq(client.data.len, LARGE);
    for (size_t i = 0; i < LARGE; i++)
    {
        if (client.data.data[i] != pattern(i))
        {
            cr_assert_fail("byte %zu", i);
        }
    }
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

static void serve_reply_and_reset(struct peer *peer, int socket)
{
    (void)peer;
    peer_send(socket, "HTTP/1.1 400", 12);
    char scrap[4096];
    (void)peer_receive(socket, scrap, sizeof(scrap));
    peer_reset(socket);
}

/* What was said before the reset is still heard. */
Test(plain, data_before_a_reset)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer_start(&peer, AF_INET, serve_reply_and_reset);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    client.to_send = ajar_span_of("?");
    client_run(&client, false, NULL);
    cr_assert_str_eq(client.data.data, "HTTP/1.1 400");
    cr_assert_eq(client.why, AJAR_LINK_RESET, "%d", (int)client.why);
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

static void serve_hello(struct peer *peer, int socket)
{
    (void)peer;
    peer_send(socket, "hello", 5);
    peer_wait_for_end(socket);
}

/* Closing is allowed at any moment; after it only `closed` comes. */
Test(plain, close_at_each_moment)
{
    const enum client_close moments[] = {CLIENT_CLOSE_AT_ONCE, CLIENT_CLOSE_ON_OPENED,
                                         CLIENT_CLOSE_ON_DATA};
    struct lab lab;
    struct peer peer = {0};
    lab_init(&lab);
    peer_start(&peer, AF_INET, serve_hello);
    for (size_t i = 0; i < AJAR_COUNT_OF(moments); i++)
    {
        struct client client;
        client_init(&client, &lab, "127.0.0.1", peer.port);
        client.close_when = moments[i];
        client_run(&client, false, NULL);
        cr_assert_eq(client.ended, 0);
        cr_assert_eq(client.opened, i == 0 ? 0 : 1);
        cr_assert_eq(client.data.len, i == 2 ? 5 : 0);
        client_deinit(&client);
    }
    peer_stop(&peer);
    lab_deinit(&lab);
}

#define MANY 200

Test(plain, many_at_once)
{
    struct lab lab;
    struct peer peer = {0};
    struct client *clients = calloc(MANY, sizeof(*clients));
    lab_init(&lab);
    peer_start(&peer, AF_INET, peer_echo);
    uint16_t closed = peer_closed_port();
    for (int i = 0; i < MANY; i++)
    {
        enum ajar_link_end why;
        client_init(&clients[i], &lab, "127.0.0.1", i % 4 == 3 ? closed : peer.port);
        clients[i].to_send = ajar_span_of("ping");
        clients[i].close_when = CLIENT_CLOSE_ON_ENOUGH;
        clients[i].enough = 4;
        cr_assert_eq(client_dial(&clients[i], false, NULL, &why), AJAR_OK);
    }
    lab_run(&lab);
    for (int i = 0; i < MANY; i++)
    {
        cr_assert_eq(clients[i].closed, 1);
        cr_assert_eq(clients[i].opened, i % 4 == 3 ? 0 : 1);
        cr_assert_eq(clients[i].data.len, i % 4 == 3 ? 0 : 4);
        client_deinit(&clients[i]);
    }
    free(clients);
    peer_stop(&peer);
    lab_deinit(&lab);
}

static void on_opened_ask(struct ajar_link *link)
{
    struct ajar_addr *own = link->user;
    cr_assert_eq(ajar_link_local_addr(link, own), AJAR_OK);
    ajar_link_close(link);
    cr_assert_eq(ajar_link_local_addr(link, own), AJAR_ESTATE);
}

static void on_data_ignore(struct ajar_link *link, struct ajar_span bytes)
{
    (void)link;
    (void)bytes;
}

static void on_ended_ask(struct ajar_link *link, enum ajar_link_end why)
{
    (void)why;
    on_opened_ask(link);
}

static void on_opened_wait(struct ajar_link *link)
{
    (void)link;
}

static void on_closed_nothing(struct ajar_link *link)
{
    (void)link;
}

static void serve_and_leave(struct peer *peer, int socket)
{
    (void)peer;
    peer_send(socket, "bye", 3);
}

/* A reply may end with its connection, and is judged then. */
Test(plain, own_address_when_the_peer_has_ended_it)
{
    const struct ajar_link_events events = {.opened = on_opened_wait,
                                            .data = on_data_ignore,
                                            .ended = on_ended_ask,
                                            .closed = on_closed_nothing};
    struct lab lab;
    struct peer peer = {0};
    struct client client; /* for its permit */
    lab_init(&lab);
    peer_start(&peer, AF_INET, serve_and_leave);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    struct ajar_addr own = {{0}};
    struct ajar_link link = {.user = &own};
    enum ajar_link_end why;
    cr_assert_eq(
        ajar_link_dial(lab.net, &link, client.permit, false, NULL, &events, &why),
        AJAR_OK);
    lab_run(&lab);
    cr_assert_eq(ajar_addr_to_v4(&own), 0x7f000001u);
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

Test(plain, own_address)
{
    const struct ajar_link_events events = {.opened = on_opened_ask,
                                            .closed = on_closed_nothing};
    struct lab lab;
    struct peer peer = {0};
    struct client client; /* for its permit */
    lab_init(&lab);
    peer_start(&peer, AF_INET, peer_stay_silent);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    struct ajar_addr own = {{0}};
    struct ajar_link link = {.user = &own};
    enum ajar_link_end why;
    cr_assert_eq(
        ajar_link_dial(lab.net, &link, client.permit, false, NULL, &events, &why),
        AJAR_OK);
    cr_assert_eq(ajar_link_local_addr(&link, &own), AJAR_ESTATE);
    cr_assert_eq(ajar_link_send(&link, ajar_span_of("early")), AJAR_ESTATE);
    lab_run(&lab);
    char text[AJAR_ADDR_TEXT_MAX];
    (void)ajar_addr_format(&own, text);
    cr_assert_str_eq(text, "127.0.0.1");
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}
