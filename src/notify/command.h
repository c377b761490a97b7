/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_NOTIFY_COMMAND_H
#define AJAR_NOTIFY_COMMAND_H

#include "ajar/notify.h"

/*
 * Command: one run of a program under libuv, from pipes to the last closed handle. It
 * always ends: by itself, by its timeout, by too much output or by command_stop.
 */

struct command_ask
{
    uv_loop_t *loop;
    char *const *argv; /* argv[0] is the path; NULL-ended; borrowed until return */
    char *const *env;
    struct ajar_span input; /* borrowed until done */
    uint32_t timeout_ms;
    uint32_t grace_ms; /* from SIGTERM to SIGKILL */
};

/* How it ended: the first of these that is true. */
struct command_end
{
    int start_error; /* negative libuv error: it never ran */
    bool stopped;    /* by command_stop */
    bool timed_out;
    bool flooded; /* it printed more than AJAR_NOTIFY_OUTPUT */
    int signal;   /* 0: it exited by itself */
    int64_t exit_status;
    bool left_behind; /* processes of its group outlived it, and were killed */
};

enum command_pipe
{
    COMMAND_IN,
    COMMAND_OUT,
    COMMAND_ERR,
    COMMAND_PIPES
};

/* Private but for end, out and err, which stand from done on. Zeroed memory before start.
 */
struct command
{
    struct command_end end;
    struct ajar_buf out; /* the first bytes of each */
    struct ajar_buf err;

    void (*done)(void *context); /* the last thing that comes; may start it again */
    void *context;
    uv_process_t process;
    uv_pipe_t pipes[COMMAND_PIPES];
    uv_timer_t timer;
    uv_write_t write;
    uint32_t grace_ms;
    uint64_t taken; /* bytes of output, kept or not */
    int group;      /* process group; 0: never started */
    unsigned handles;
    unsigned readers; /* of OUT and ERR, not at their end yet */
    bool exited;
    bool stopping;   /* its time was cut by command_stop */
    bool terminated; /* SIGTERM was sent */
    bool killed;     /* and SIGKILL */
    char chunk[4096];
};

/* `done` comes later, exactly once, also where the program cannot be started. */
void command_start(struct command *command, const struct command_ask *ask,
                   void (*done)(void *context), void *context);
/* It has wait_ms to end, then is terminated and counts as stopped. */
void command_stop(struct command *command, uint32_t wait_ms);
void command_deinit(struct command *command); /* before start or from done on */

#endif
