/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "client.h"
#include "peer.h"

struct meaning
{
    int error;
    enum ajar_link_end why;
};

/* Every word of the kernel about a connect, and what a user is told. */
static const struct meaning meanings[] = {
    {UV_ETIMEDOUT, AJAR_LINK_TIMEOUT},
    {UV_ECONNRESET, AJAR_LINK_RESET},
    {UV_EPIPE, AJAR_LINK_RESET},
    {UV_EHOSTUNREACH, AJAR_LINK_HOST_UNREACHABLE},
    {UV_EHOSTDOWN, AJAR_LINK_HOST_UNREACHABLE},
    {UV_ENOPROTOOPT, AJAR_LINK_HOST_UNREACHABLE},
    {UV_ENETUNREACH, AJAR_LINK_NET_UNREACHABLE},
    {UV_ENETDOWN, AJAR_LINK_NET_UNREACHABLE},
    {UV_EACCES, AJAR_LINK_NET_UNREACHABLE},
    {UV_EPERM, AJAR_LINK_NET_UNREACHABLE},
    {UV_EINVAL, AJAR_LINK_NET_UNREACHABLE},
    {UV_EADDRNOTAVAIL, AJAR_LINK_LOCAL_RESOURCE},
    {UV_EADDRINUSE, AJAR_LINK_LOCAL_RESOURCE},
    {UV_EMFILE, AJAR_LINK_LOCAL_RESOURCE},
    {UV_ENFILE, AJAR_LINK_LOCAL_RESOURCE},
    {UV_ENOBUFS, AJAR_LINK_LOCAL_RESOURCE},
    {UV_ENOMEM, AJAR_LINK_LOCAL_RESOURCE},
    {UV_EAGAIN, AJAR_LINK_LOCAL_RESOURCE},
    {UV_EIO, AJAR_LINK_LOCAL_RESOURCE},
};

/* A connect that fails at once is told like one that fails later: by `ended`, from the
 * loop, and the link is closed as always. */
Test(errors, connect_fails_at_once)
{
    const enum client_close moments[] = {CLIENT_CLOSE_AFTER_END, CLIENT_CLOSE_LATER,
                                         CLIENT_CLOSE_AT_ONCE};
    struct lab lab;
    lab_init(&lab);
    for (size_t i = 0; i < AJAR_COUNT_OF(meanings) * AJAR_COUNT_OF(moments); i++)
    {
        const struct meaning *meaning = &meanings[i / AJAR_COUNT_OF(moments)];
        struct client client;
        client_init(&client, &lab, "127.0.0.1", 9);
        client.close_when = moments[i % AJAR_COUNT_OF(moments)];
        fake_connect_error = meaning->error;
        client_run(&client, i % 2 == 1, NULL);
        cr_assert_eq(client.opened, 0);
        if (client.close_when == CLIENT_CLOSE_AT_ONCE)
        {
            cr_assert_eq(client.ended, 0);
        }
        else
        {
            cr_assert_eq(client.ended, 1);
            cr_assert_eq(client.why, meaning->why, "%s", uv_err_name(meaning->error));
        }
        client_deinit(&client);
    }
    lab_deinit(&lab);
}

Test(errors, out_of_descriptors)
{
    struct lab lab;
    struct client client;
    lab_init(&lab);
    client_init(&client, &lab, "127.0.0.1", 9);
    int lowest_free = dup(0);
    cr_assert_geq(lowest_free, 0);
    (void)close(lowest_free);
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    const struct rlimit low = {.rlim_cur = (rlim_t)lowest_free,
                               .rlim_max = limit.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    for (int tls = 0; tls < 2; tls++)
    {
        enum ajar_link_end why = AJAR_LINK_EOF;
        cr_assert_eq(client_dial(&client, tls == 1, NULL, &why), AJAR_ESYSTEM);
        cr_assert_eq(why, AJAR_LINK_LOCAL_RESOURCE);
    }
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    lab_run(&lab);
    cr_assert_eq(client.ended + client.closed, 0, "nothing started, nothing told");
    client_deinit(&client);
    lab_deinit(&lab);
}

#define SENT 5000

static void send_short(size_t most)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    char bytes[SENT];
    for (size_t i = 0; i < sizeof(bytes); i++)
    {
        bytes[i] = (char)('a' + i % 23);
    }
    lab_init(&lab);
    peer_start(&peer, AF_INET, peer_echo);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    client.to_send = (struct ajar_span){bytes, sizeof(bytes)};
    client.close_when = CLIENT_CLOSE_ON_ENOUGH;
    client.enough = sizeof(bytes);
    fake_write_most = most;
    client_run(&client, false, NULL);
    fake_write_most = SIZE_MAX;
    cr_assert_eq(client.data.len, sizeof(bytes));
    cr_assert_arr_eq(client.data.data, bytes, sizeof(bytes));
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

/* A socket that takes nothing at once, one byte, or all but one: the rest follows. */
Test(errors, short_writes)
{
    send_short(0);
    send_short(1);
    send_short(SENT - 1);
}

static void serve_until_posted(struct peer *peer, int socket)
{
    (void)socket;
    (void)sem_wait(peer->context);
}

/* The bytes that wait for a peer that does not read have a limit, and are given back. */
Test(errors, a_peer_that_does_not_read)
{
    struct lab lab;
    sem_t over;
    cr_assert_eq(sem_init(&over, 0, 0), 0);
    struct peer peer = {.context = &over};
    struct client client;
    static const char bytes[16384];
    lab_init(&lab);
    peer_start(&peer, AF_INET, serve_until_posted);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    enum ajar_link_end why;
    cr_assert_eq(client_dial(&client, false, NULL, &why), AJAR_OK);
    while (client.opened == 0)
    {
        (void)uv_run(&lab.loop, UV_RUN_ONCE);
    }
    int status = AJAR_OK;
    for (int i = 0; status == AJAR_OK && i < 10000; i++) /* the kernel holds megabytes */
    {
        status = ajar_link_send(&client.link, (struct ajar_span){bytes, sizeof(bytes)});
    }
    cr_assert_eq(status, AJAR_ELIMIT);
    cr_assert_leq(uv_stream_get_write_queue_size((uv_stream_t *)&client.link.tcp),
                  64 * 1024);
    client_close(&client);
    lab_run(&lab);
    cr_assert_eq(client.closed, 1);
    client_deinit(&client);
    cr_assert_eq(sem_post(&over), 0);
    peer_stop(&peer);
    lab_deinit(&lab);
    (void)sem_destroy(&over);
}

/* The kernel tells a reset once. When a write met it, the read sees a mere end, which
 * would read as an orderly close. */
Test(errors, a_reset_that_a_write_met)
{
    struct lab lab;
    struct peer peer = {0};
    struct client client;
    lab_init(&lab);
    peer_start(&peer, AF_INET, peer_close_at_once);
    client_init(&client, &lab, "127.0.0.1", peer.port);
    enum ajar_link_end why;
    cr_assert_eq(client_dial(&client, false, NULL, &why), AJAR_OK);
    while (client.opened == 0)
    {
        (void)uv_run(&lab.loop, UV_RUN_ONCE);
    }
    cr_assert_eq(ajar_link_send(&client.link, ajar_span_of("x")), AJAR_OK);
    fake_write_error = UV_EPIPE;
    cr_assert_eq(ajar_link_send(&client.link, ajar_span_of("y")), AJAR_OK);
    fake_write_error = 0;
    lab_run(&lab);
    cr_assert_eq(client.ended, 1);
    cr_assert_eq(client.why, AJAR_LINK_RESET);
    client_deinit(&client);
    peer_stop(&peer);
    lab_deinit(&lab);
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
}

/* An exclusion that comes during the run stops the next dial, permit or not. */
Test(errors, an_exclusion_stops_the_dial)
{
    struct lab lab;
    struct client client;
    char path[] = "/tmp/ajar-net-XXXXXX";
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    (void)close(fd);
    write_file(path, "[x]\nrange = 127.0.0.0/24\n");
    lab_init(&lab);
    ajar_diags_deinit(&lab.diags);
    ajar_scope_free(lab.scope);
    const char *const paths[] = {path};
    cr_assert_eq(ajar_scope_load(paths, 1, 1700000000, &lab.diags, &lab.scope), AJAR_OK);
    client_init(&client, &lab, "127.0.0.1", peer_closed_port());
    client_run(&client, false, NULL);
    cr_assert_eq(client.why, AJAR_LINK_REFUSED);

    write_file(path, "[x]\nrange = 127.0.0.0/24\nexclude = 127.0.0.1\n");
    ajar_diags_deinit(&lab.diags);
    cr_assert_eq(ajar_scope_reload_exclusions(lab.scope, &lab.diags), AJAR_OK);
    enum ajar_link_end why = AJAR_LINK_EOF;
    cr_assert_eq(client_dial(&client, false, NULL, &why), AJAR_EREFUSED);
    cr_assert_eq(client_dial(&client, true, NULL, &why), AJAR_EREFUSED);
    lab_run(&lab);
    cr_assert_eq(client.closed, 1, "of the first dial alone");
    client_deinit(&client);
    lab_deinit(&lab);
    (void)unlink(path);
}
