/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/socket.h>

#include <openssl/crypto.h>

#include <criterion/criterion.h>

#include "client.h"
#include "identity.h"
#include "peer.h"

/*
 * Every allocation fails once, ours (--wrap) and OpenSSL's, in the client's thread alone.
 * A visit then ends, with whatever word; nothing is lost and nothing hangs.
 */
static _Thread_local long fail_in = -1;
static _Thread_local bool has_failed;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool fails_now(void)
{
    bool now = fail_in >= 0 && fail_in-- == 0;
    has_failed = has_failed || now;
    return now;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

static void *crypto_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails_now() ? NULL : __real_malloc(size);
}

static void *crypto_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails_now() ? NULL : realloc(memory, size);
}

static void crypto_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

/*
 * OpenSSL takes these only before its first allocation, which the constructor of some
 * library that Criterion brings has done before main. Hence the earliest hook there is.
 */
static void install(void)
{
    (void)CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free);
}

__attribute__((section(".preinit_array"),
               used)) static void (*const at_start)(void) = install;

static void expect_installed(void)
{
    CRYPTO_malloc_fn taken = NULL;
    CRYPTO_get_mem_functions(&taken, NULL, NULL);
    cr_assert(taken == crypto_malloc, "OpenSSL allocates as it likes");
}

static void visit(struct lab *lab, uint16_t port, bool tls, long fail_at)
{
    struct client client;
    client_init(&client, lab, "127.0.0.1", port);
    client.close_when = CLIENT_CLOSE_ON_OPENED;
    has_failed = false;
    fail_in = fail_at;
    enum ajar_link_end why = AJAR_LINK_EOF;
    int status = client_dial(&client, tls, NULL, &why);
    lab_run(lab);
    fail_in = -1;
    cr_assert_eq(client.closed, status == AJAR_OK ? 1 : 0);
    if (status != AJAR_OK)
    {
        cr_assert_eq(why, AJAR_LINK_LOCAL_RESOURCE);
    }
    else if (!has_failed)
    {
        cr_assert_eq(client.opened, 1);
    }
    client_deinit(&client);
}

Test(shortage, every_allocation_of_a_visit)
{
    expect_installed();
    struct lab lab;
    struct peer peer = {0};
    const char *const dns[] = {"es1.corp.example", NULL};
    lab_init(&lab);
    peer.tls = identity_server(&(struct identity_config){.dns = dns}, 0, NULL);
    peer_start(&peer, AF_INET, peer_echo_tls);
    visit(&lab, peer.port, true, -1); /* what is made once is made now */
    long at = 0;
    do
    {
        visit(&lab, peer.port, true, at);
        at += at < 100 ? 1 : 7;
    } while (has_failed);
    cr_assert_gt(at, 200);
    peer_stop(&peer);
    lab_deinit(&lab);
}

Test(shortage, every_allocation_of_a_new_net)
{
    expect_installed();
    struct lab lab;
    lab_init(&lab);
    for (long at = 0;; at++)
    {
        struct ajar_net *net = NULL;
        has_failed = false;
        fail_in = at;
        int status = ajar_net_new(&lab.loop, &net);
        fail_in = -1;
        cr_assert(status == AJAR_OK || (status == AJAR_ENOMEM && net == NULL));
        ajar_net_free(net);
        if (!has_failed)
        {
            cr_assert_eq(status, AJAR_OK);
            break;
        }
    }
    lab_deinit(&lab);
}

/* No memory for what a short write left over. */
Test(shortage, a_send_says_so)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer_start(&peer, AF_INET, peer_stay_silent);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    enum ajar_link_end why;
    cr_assert_eq(client_dial(&client, false, NULL, &why), AJAR_OK);
    while (client.opened == 0)
    {
        (void)uv_run(&lab.loop, UV_RUN_ONCE);
    }
    fake_write_most = 0;
    fail_in = 0;
    cr_assert_eq(ajar_link_send(&client.link, ajar_span_of("GET")), AJAR_ENOMEM);
    fake_write_most = SIZE_MAX;
    client_close(&client);
    lab_run(&lab);
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}
