/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Listeners. A port whose places cover few addresses gets one socket an address, so that
 * all other addresses refuse as dead ones do. Otherwise one wildcard socket, bound to the
 * loopback device where the kernel lets us; conn_accept drops what was not sent to
 * 127.0.0.0/8 in any case.
 */

static uint64_t addresses_of(const struct map *map, uint16_t port)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < map->count; i++)
    {
        const struct place *place = &map->places[i];
        if (place->port == port && !place->is_v6)
        {
            sum += (uint64_t)place->last - place->first + 1;
        }
    }
    return sum;
}

static int open_socket(const struct sockaddr *address, socklen_t length, bool wildcard)
{
    int yes = 1;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
    {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    /* accepted sockets inherit it, which spares a call a connection */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (wildcard)
    {
        /* refused without CAP_NET_RAW before Linux 5.7; the check at accept remains */
        (void)setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2);
    }
    if (address->sa_family == AF_INET6)
    {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    }
    if (bind(fd, address, length) != 0 || listen(fd, SOMAXCONN) != 0)
    {
        int why = errno;
        (void)close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0)
    {
        return 0;
    }
    /* sin_port and sin6_port stand at the same place */
    return ntohs(((struct sockaddr_in *)&bound)->sin_port);
}

static struct listener *add(struct server *server, int fd, const struct place *place,
                            struct listener **all)
{
    struct listener *listener = calloc(1, sizeof *listener);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = listener};
    if (listener == NULL || epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
    {
        free(listener);
        (void)close(fd);
        return NULL;
    }
    listener->kind = WATCH_LISTENER;
    listener->fd = fd;
    listener->place = place;
    listener->port = port_of(fd);
    listener->next = *all;
    *all = listener;
    return listener;
}

static int open_one(struct server *server, const struct place *place, uint32_t host,
                    uint16_t *port, struct listener **all)
{
    struct sockaddr_in v4 = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(host)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons(*port),
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool is_v6 = place != NULL && place->is_v6;
    int fd = is_v6 ? open_socket((struct sockaddr *)&v6, sizeof v6, false)
                   : open_socket((struct sockaddr *)&v4, sizeof v4, host == INADDR_ANY);
    struct listener *listener = fd < 0 ? NULL : add(server, fd, place, all);
    if (listener == NULL)
    {
        struct in_addr in = {htonl(host)};
        say("cannot listen on %s port %u: %s", is_v6 ? "::1" : inet_ntoa(in),
            (unsigned)*port, strerror(errno));
        return -1;
    }
    listener->host = is_v6 ? INADDR_LOOPBACK : host;
    *port = listener->port;
    return 0;
}

/* A narrower place took the address already. */
static bool covers(const struct listener *all, uint32_t host, uint16_t port)
{
    for (const struct listener *l = all; l != NULL; l = l->next)
    {
        if (l->port == port && l->place != NULL && !l->place->is_v6 &&
            l->place->first <= host && host <= l->place->last)
        {
            return true;
        }
    }
    return false;
}

static int open_exact(struct server *server, size_t at, uint16_t *bound,
                      struct listener **all)
{
    struct place *place = &server->map.places[at];
    struct listener *before = *all;
    for (uint32_t host = place->first;; host++)
    {
        bool taken = !place->is_v6 && *bound != 0 && covers(before, host, *bound);
        if (!taken && open_one(server, place, host, bound, all) != 0)
        {
            return -1;
        }
        if (host == place->last)
        {
            return 0;
        }
    }
}

/* All places of one port of the map. */
static int open_port(struct server *server, uint16_t port, struct listener **all)
{
    struct map *map = &server->map;
    bool wildcard = addresses_of(map, port) > SIMNET_MAX_EXACT;
    uint16_t bound = port;
    bool done = false;
    for (size_t i = 0; i < map->count; i++)
    {
        struct place *place = &map->places[i];
        if (place->port != port)
        {
            continue;
        }
        int result = 0;
        if (place->is_v6 || !wildcard)
        {
            result = open_exact(server, i, &bound, all);
        }
        else if (!done)
        {
            result = open_one(server, NULL, INADDR_ANY, &bound, all);
            done = true;
        }
        if (result != 0)
        {
            return -1;
        }
        place->bound_port = bound;
    }
    if (port == 0)
    {
        tell("port %u", (unsigned)bound);
    }
    return 0;
}

static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
    {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int listeners_open(struct server *server, struct listener **out)
{
    raise_descriptors();
    for (size_t i = 0; i < server->map.count; i++)
    {
        bool seen = false;
        for (size_t j = 0; j < i; j++)
        {
            seen |= server->map.places[j].port == server->map.places[i].port;
        }
        if (!seen && open_port(server, server->map.places[i].port, out) != 0)
        {
            return -1;
        }
    }
    return 0;
}

void listeners_close(struct listener *all)
{
    while (all != NULL)
    {
        struct listener *next = all->next;
        (void)close(all->fd);
        free(all);
        all = next;
    }
}
