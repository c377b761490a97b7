/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `ajar demo`: a simulated network on loopback with every kind of exposure, and
 * a scan of it. The network is a program of its own (ajar-simnet) that ends
 * when we do: it stops as soon as its standard input closes.
 */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct demo_places
{
    char program[4096];
    char map[4096];
    char targets[4096];
    char fixtures[4096];
};

struct demo_net
{
    pid_t pid;
    int stdin_fd;
    int stdout_fd;
};

static bool find_places(struct demo_places *places)
{
    /* installed: PREFIX/bin/ajar; built: build/release/ajar in the tree */
    static const char *const layouts[][2] = {
        {"../libexec/ajar/ajar-simnet", "../share/ajar/simnet"},
        {"ajar-simnet", "../../tests/simnet"},
    };
    char self[2048];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = NULL;
    if (len > 0)
    {
        self[len] = '\0';
        slash = strrchr(self, '/');
    }
    if (slash == NULL)
    {
        return false;
    }
    *slash = '\0';
    for (size_t i = 0; i < AJAR_COUNT_OF(layouts); i++)
    {
        (void)snprintf(places->program, sizeof places->program, "%s/%s", self,
                       layouts[i][0]);
        (void)snprintf(places->map, sizeof places->map, "%s/%s/demo/demo.map", self,
                       layouts[i][1]);
        (void)snprintf(places->targets, sizeof places->targets, "%s/%s/demo/targets.ini",
                       self, layouts[i][1]);
        (void)snprintf(places->fixtures, sizeof places->fixtures, "%s/%s/fixtures", self,
                       layouts[i][1]);
        if (access(places->program, X_OK) == 0 && access(places->map, R_OK) == 0)
        {
            return true;
        }
    }
    return false;
}

static void become_simnet(const struct demo_places *places, int in, int out)
{
    (void)dup2(in, STDIN_FILENO);
    (void)dup2(out, STDOUT_FILENO);
    /* Ctrl-C is for the scan; the network ends with it, not before it */
    (void)signal(SIGINT, SIG_IGN);
    (void)execl(places->program, places->program, "--map", places->map, "--fixtures",
                places->fixtures, (char *)NULL);
    (void)fprintf(stderr, "ajar: %s: %s\n", places->program, strerror(errno));
    _exit(127);
}

static bool start_net(const struct demo_places *places, struct demo_net *net)
{
    int in[2];
    int out[2];
    if (pipe2(in, 02000000 /* O_CLOEXEC */) != 0)
    {
        return false;
    }
    if (pipe2(out, 02000000) != 0)
    {
        (void)close(in[0]);
        (void)close(in[1]);
        return false;
    }
    net->pid = fork();
    if (net->pid == 0)
    {
        become_simnet(places, in[0], out[1]);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    net->stdin_fd = in[1];
    net->stdout_fd = out[0];
    return net->pid > 0;
}

static bool wait_until_ready(const struct demo_net *net)
{
    char text[256];
    size_t len = 0;
    while (len < sizeof text - 1)
    {
        ssize_t got = read(net->stdout_fd, text + len, sizeof text - 1 - len);
        if (got <= 0)
        {
            return false;
        }
        len += (size_t)got;
        text[len] = '\0';
        if (strstr(text, "ready\n") != NULL)
        {
            return true;
        }
    }
    return false;
}

static void stop_net(const struct demo_net *net)
{
    (void)close(net->stdin_fd);
    (void)close(net->stdout_fd);
    (void)kill(net->pid, SIGTERM);
    (void)waitpid(net->pid, NULL, 0);
}

int cmd_demo(const struct app_options *options)
{
    struct demo_places places;
    struct demo_net net;
    if (!find_places(&places))
    {
        (void)fprintf(stderr,
                      "ajar: the simulated network (ajar-simnet) is not installed "
                      "beside ajar\n");
        return APP_OUR_FAULT;
    }
    if (!start_net(&places, &net))
    {
        (void)fprintf(stderr, "ajar: cannot start the simulated network: %s\n",
                      strerror(errno));
        return APP_OUR_FAULT;
    }
    int code = APP_OUR_FAULT;
    if (wait_until_ready(&net))
    {
        const char *paths[] = {places.targets};
        if (!options->quiet)
        {
            (void)fprintf(stderr,
                          "ajar: demo: a simulated network on loopback, nothing else is "
                          "visited; this is `ajar scan %s`\n",
                          places.targets);
        }
        struct visit_request request = {
            .options = options, .paths = paths, .path_count = 1};
        code = visit_and_report(&request);
    }
    else
    {
        (void)fprintf(stderr,
                      "ajar: the simulated network did not start (is another demo "
                      "running? its ports on 127.77.0.0/24 must be free)\n");
    }
    stop_net(&net);
    return code;
}
