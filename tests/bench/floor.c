/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor that ajar is measured against: a bare epoll loop that does the same exchanges
 * and nothing else. No parser, no timer, no permit, no record: what is left is the
 * kernel.
 *
 *   ajar-floor FIRST_ADDRESS HOSTS PORT CONCURRENCY [PATH...]
 *
 * Connects to each of HOSTS consecutive IPv4 addresses of 127.0.0.0/8, sends a GET for
 * each PATH on one connection (none: connects only), and reads each reply by its
 * Content-Length. Prints how many connections were refused and how many replies were
 * read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct conn
{
    int fd;
    int path;    /* index of the request that is out */
    size_t want; /* bytes still missing; SIZE_MAX: the head is not complete */
    size_t have; /* of the head */
    uint32_t addr;
    char head[512];
};

static uint32_t next_addr;
static uint32_t hosts_left;
static uint16_t port;
static char **paths;
static int path_count;
static uint64_t refused;
static uint64_t replies;
static uint64_t failed;
static unsigned in_flight;
static int loop;

static void start(struct conn *conn);

static void finish(struct conn *conn)
{
    (void)close(conn->fd);
    in_flight--;
    start(conn);
}

static void send_next(struct conn *conn)
{
    char request[1024];
    struct in_addr addr = {htonl(conn->addr)};
    int len = snprintf(request, sizeof request,
                       "GET %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: floor\r\nAccept: "
                       "application/json\r\nAccept-Encoding: identity\r\n\r\n",
                       paths[conn->path], inet_ntoa(addr), port);
    conn->want = SIZE_MAX;
    conn->have = 0;
    if (send(conn->fd, request, (size_t)len, MSG_NOSIGNAL) != len)
    {
        failed++;
        finish(conn);
    }
}

static void start(struct conn *conn)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    while (hosts_left > 0)
    {
        hosts_left--;
        conn->addr = next_addr++;
        conn->path = 0;
        conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        to.sin_addr.s_addr = htonl(conn->addr);
        if (connect(conn->fd, (struct sockaddr *)&to, sizeof to) == 0 ||
            errno == EINPROGRESS)
        {
            struct epoll_event event = {.events = EPOLLOUT, .data.ptr = conn};
            (void)epoll_ctl(loop, EPOLL_CTL_ADD, conn->fd, &event);
            in_flight++;
            return;
        }
        refused += errno == ECONNREFUSED;
        failed += errno != ECONNREFUSED;
        (void)close(conn->fd);
    }
}

static void on_writable(struct conn *conn)
{
    int error = 0;
    socklen_t len = sizeof error;
    (void)getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error != 0)
    {
        refused += error == ECONNREFUSED;
        failed += error != ECONNREFUSED;
        finish(conn);
        return;
    }
    if (path_count == 0)
    {
        finish(conn);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
    (void)epoll_ctl(loop, EPOLL_CTL_MOD, conn->fd, &event);
    send_next(conn);
}

/* Takes the head apart as far as needed: how many body bytes follow. */
static void take_head(struct conn *conn, const char *data, size_t len, size_t *used)
{
    *used = 0;
    while (*used < len && conn->have < sizeof conn->head - 1)
    {
        conn->head[conn->have++] = data[(*used)++];
        if (conn->have >= 4 && memcmp(conn->head + conn->have - 4, "\r\n\r\n", 4) == 0)
        {
            conn->head[conn->have] = '\0';
            const char *length = strcasestr(conn->head, "\ncontent-length:");
            conn->want = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
            return;
        }
    }
}

static void on_readable(struct conn *conn)
{
    static char data[65536];
    ssize_t got = recv(conn->fd, data, sizeof data, 0);
    if (got <= 0)
    {
        failed++;
        finish(conn);
        return;
    }
    size_t used = 0;
    if (conn->want == SIZE_MAX)
    {
        take_head(conn, data, (size_t)got, &used);
        if (conn->want == SIZE_MAX)
        {
            return;
        }
    }
    size_t body = (size_t)got - used;
    conn->want -= body < conn->want ? body : conn->want;
    if (conn->want > 0)
    {
        return;
    }
    replies++;
    if (++conn->path < path_count)
    {
        send_next(conn);
    }
    else
    {
        finish(conn);
    }
}

int main(int argc, char **argv)
{
    struct in_addr first;
    if (argc < 5 || inet_pton(AF_INET, argv[1], &first) != 1 ||
        (ntohl(first.s_addr) >> 24) != 127)
    {
        (void)fprintf(stderr,
                      "usage: ajar-floor 127.x.y.z HOSTS PORT CONCURRENCY [PATH...]\n");
        return 2;
    }
    next_addr = ntohl(first.s_addr);
    hosts_left = (uint32_t)strtoul(argv[2], NULL, 10);
    port = (uint16_t)strtoul(argv[3], NULL, 10);
    unsigned concurrency = (unsigned)strtoul(argv[4], NULL, 10);
    paths = argv + 5;
    path_count = argc - 5;
    struct rlimit limit = {65536, 65536};
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    struct conn *conns = calloc(concurrency, sizeof *conns);
    struct epoll_event events[256];
    loop = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned i = 0; conns != NULL && i < concurrency; i++)
    {
        start(&conns[i]);
    }
    while (in_flight > 0)
    {
        int count = epoll_wait(loop, events, 256, 10000);
        for (int i = 0; i < count; i++)
        {
            struct conn *conn = events[i].data.ptr;
            if (events[i].events & EPOLLIN)
            {
                on_readable(conn);
            }
            else
            {
                on_writable(conn);
            }
        }
        if (count == 0)
        {
            break;
        }
    }
    (void)printf("refused %llu replies %llu failed %llu\n", (unsigned long long)refused,
                 (unsigned long long)replies, (unsigned long long)failed);
    free(conns);
    return failed == 0 ? 0 : 1;
}
