/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <criterion/criterion.h>

#include "client.h"
#include "identity.h"
#include "peer.h"

/* Visits a server with that certificate; the caller calls client_deinit. */
static void read_facts(const struct identity_config *config, struct client *client)
{
    struct lab lab;
    struct peer peer = {0};
    lab_init(&lab);
    peer.tls = identity_server(config, 0, NULL);
    peer_start(&peer, AF_INET, peer_echo_tls);
    client_init(client, &lab, "127.0.0.1", peer.port);
    client->close_when = CLIENT_CLOSE_ON_OPENED;
    client_run(client, true, NULL);
    cr_assert(client->has_facts);
    client_deinit(client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

Test(facts, subject_and_names)
{
    const char *const dns[] = {"es1.corp.example", "*.es.corp.example", NULL};
    const unsigned char v4[] = {192, 0, 2, 7};
    struct client client;
    read_facts(&(struct identity_config){.organization = "Caf\xc3\xa9, Inc.",
                                         .common_name = "es-node-3.internal",
                                         .dns = dns,
                                         .address = v4,
                                         .address_len = sizeof(v4)},
               &client);
    cr_assert_str_eq(client.subject, "CN=es-node-3.internal,O=Caf\xc3\xa9\\, Inc.");
    cr_assert_eq(client.name_count, 3);
    cr_assert_str_eq(client.names[0], "es1.corp.example");
    cr_assert_str_eq(client.names[1], "*.es.corp.example");
    cr_assert_str_eq(client.names[2], "192.0.2.7");
}

Test(facts, addresses)
{
    const unsigned char v6[17] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7};
    struct client client;
    read_facts(&(struct identity_config){.address = v6, .address_len = 16}, &client);
    cr_assert_eq(client.name_count, 1);
    cr_assert_str_eq(client.names[0], "2001:db8::7");
    /* Neither family's length: not an address. */
    read_facts(&(struct identity_config){.address = v6, .address_len = 17}, &client);
    cr_assert_eq(client.name_count, 0);
}

/* "good" plus NUL plus "evil" must not read as "good". */
Test(facts, embedded_nul)
{
    struct client client;
    read_facts(&(struct identity_config){.common_name = "good.example\0.evil.example",
                                         .common_name_len = 26,
                                         .dns_with_nul = "good.example",
                                         .dns_after_nul = ".evil.example"},
               &client);
    cr_assert_str_eq(client.names[0], "good.example\\00.evil.example");
    cr_assert_str_eq(client.subject, "CN=good.example\\00.evil.example");
}

Test(facts, are_capped)
{
    enum
    {
        NAMES = 100
    };
    char *dns[NAMES + 1] = {NULL};
    for (size_t i = 0; i < NAMES; i++)
    {
        dns[i] = calloc(1, 401);
        memset(dns[i], 'x', 400);
    }
    struct client client;
    read_facts(&(struct identity_config){.dns = (const char *const *)dns}, &client);
    cr_assert_eq(client.name_count, AJAR_MAX_TLS_NAMES);
    for (size_t i = 0; i < client.name_count; i++)
    {
        cr_assert_eq(strlen(client.names[i]), 256);
    }
    for (size_t i = 0; i < NAMES; i++)
    {
        free(dns[i]);
    }
}

/* A cut goes between two characters, never through one. */
Test(facts, are_cut_between_characters)
{
    char text[] = "a\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9";
    char dns[400] = "";
    while (strlen(dns) + sizeof(text) < sizeof(dns))
    {
        memcpy(dns + strlen(dns), text + (dns[0] == '\0' ? 0 : 1),
               sizeof(text) - (dns[0] == '\0' ? 0 : 1));
    }
    const char *const list[] = {dns, NULL};
    struct client client;
    read_facts(&(struct identity_config){.dns = list}, &client);
    cr_assert_eq(strlen(client.names[0]), 255);
    cr_assert_eq(strncmp(client.names[0], dns, 255), 0);
}

Test(facts, far_future)
{
    struct client client;
    read_facts(&(struct identity_config){.not_after = 253402300799L}, &client);
    cr_assert_str_eq(client.not_after, "9999-12-31T23:59:59Z");
}
