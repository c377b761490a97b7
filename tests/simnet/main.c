/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ajar-simnet --map FILE [--fixtures DIR] [--count FILE]: simnet.h says what it is. */

struct options
{
    const char *map;
    const char *fixtures;
    const char *count;
    char beside_map[1024];
};

static const char usage[] =
    "usage: ajar-simnet --map FILE [--fixtures DIR] [--count FILE]\n"
    "  --map FILE      what lives where: ADDRESS[/PREFIX|-LAST] PORT PERSONALITY [option "
    "...]\n"
    "  --fixtures DIR  the personalities (default: ../fixtures or fixtures beside the "
    "map)\n"
    "  --count FILE    on SIGUSR1 and at the end: what came in, one JSON object an "
    "address\n"
    "Prints `port N` when the map has port 0, then `ready`. It ends on SIGTERM or "
    "SIGINT, when\n"
    "standard input closes, and with its parent.";

/* The folder of fixtures that belongs to a map in our own tree, built or installed. */
static bool find_fixtures(struct options *options)
{
    static const char *const places[] = {"../fixtures", "fixtures"};
    const char *slash = strrchr(options->map, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - options->map) + 1;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    {
        size_t length = strlen(places[i]);
        struct stat found;
        if (folder + length >= sizeof options->beside_map)
        {
            return false;
        }
        memcpy(options->beside_map, options->map, folder);
        memcpy(options->beside_map + folder, places[i], length + 1);
        if (stat(options->beside_map, &found) == 0 && S_ISDIR(found.st_mode))
        {
            options->fixtures = options->beside_map;
            return true;
        }
    }
    return false;
}

static int parse_options(int count, char **words, struct options *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 1; i < count; i++)
    {
        const char **value = strcmp(words[i], "--map") == 0        ? &out->map
                             : strcmp(words[i], "--fixtures") == 0 ? &out->fixtures
                             : strcmp(words[i], "--count") == 0    ? &out->count
                                                                   : NULL;
        if (strcmp(words[i], "--help") == 0)
        {
            tell("%s", usage);
            return 1;
        }
        if (value == NULL || i + 1 == count)
        {
            say("%s: %s", words[i], value == NULL ? "no such option" : "wants a value");
            return 2;
        }
        *value = words[++i];
    }
    if (out->map == NULL)
    {
        say("no --map\n%s", usage);
        return 2;
    }
    if (out->fixtures == NULL && !find_fixtures(out))
    {
        say("no fixtures folder beside %s: name one with --fixtures", out->map);
        return 2;
    }
    return 0;
}

/* Signals come as bytes, so that no handler runs in the middle of anything. */
static int open_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void die_with_parent(void)
{
    pid_t parent = getppid();
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
    {
        (void)raise(SIGTERM); /* it died in between */
    }
}

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* False: time to end. */
static bool on_signal(struct server *server, int fd, const char *count)
{
    struct signalfd_siginfo info;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
    {
        if (info.ssi_signo != SIGUSR1)
        {
            return false;
        }
        if (server->counter != NULL)
        {
            (void)counter_write(server->counter, count);
        }
    }
    return true;
}

static bool stdin_open(void)
{
    char bytes[256];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool dispatch(struct server *server, const struct epoll_event *event, int signals,
                     const char *count)
{
    switch (*(enum watch_kind *)event->data.ptr)
    {
    case WATCH_LISTENER:
        conn_accept(server, event->data.ptr);
        return true;
    case WATCH_CONN:
        conn_ready(server, event->data.ptr, event->events);
        return true;
    case WATCH_SIGNAL:
        return on_signal(server, signals, count);
    case WATCH_STDIN:
        return stdin_open();
    }
    return false;
}

static void serve(struct server *server, int signals, const char *count)
{
    struct epoll_event events[512];
    for (bool on = true; on;)
    {
        int ready =
            epoll_wait(server->epoll, events, 512, server->timed == NULL ? -1 : 5);
        server->now_ms = now_ms();
        for (int i = 0; i < ready; i++)
        {
            on &= dispatch(server, &events[i], signals, count);
        }
        conn_tick(server);
    }
}

static bool watch_end(struct server *server, int signals)
{
    static enum watch_kind signal_kind = WATCH_SIGNAL;
    static enum watch_kind stdin_kind = WATCH_STDIN;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &signal_kind};
    if (signals < 0 || epoll_ctl(server->epoll, EPOLL_CTL_ADD, signals, &event) != 0)
    {
        return false;
    }
    /* a file or /dev/null cannot be watched (EPERM) and never counts as closed */
    event.data.ptr = &stdin_kind;
    (void)epoll_ctl(server->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    return true;
}

static int run(struct server *server, const struct options *options)
{
    struct listener *listeners = NULL;
    int signals = open_signals();
    int result = 1;
    die_with_parent();
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    server->now_ms = now_ms();
    if (options->count != NULL)
    {
        server->counter = counter_new();
    }
    if (server->map.has_tls)
    {
        server->tls = tls_context();
    }
    if (server->epoll >= 0 && (options->count == NULL || server->counter != NULL) &&
        (!server->map.has_tls || server->tls != NULL) && watch_end(server, signals) &&
        listeners_open(server, &listeners) == 0)
    {
        tell("ready");
        serve(server, signals, options->count);
        result =
            server->counter == NULL ? 0 : -counter_write(server->counter, options->count);
    }
    conn_close_all(server);
    listeners_close(listeners);
    counter_free(server->counter);
    SSL_CTX_free(server->tls);
    (void)close(signals);
    (void)close(server->epoll);
    return result;
}

int main(int count, char **words)
{
    struct options options;
    int result = parse_options(count, words, &options);
    if (result != 0)
    {
        return result == 1 ? 0 : result;
    }
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL || map_load(options.map, options.fixtures, &server->map) != 0)
    {
        free(server);
        return 2;
    }
    result = run(server, &options);
    map_free(&server->map);
    free(server);
    return result;
}
