/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* After its exit, what is still in the pipes is read for so long; who holds them then is
 * a process that it left behind. */
#define LINGER_MS 200
/* A process that does not die of SIGKILL in this time sits in the kernel; leave it. */
#define UNKILLABLE_MS 5000

static void on_timer(uv_timer_t *timer);

static void on_closed(uv_handle_t *handle)
{
    struct command *command = handle->data;
    if (--command->handles == 0)
    {
        command->done(command->context);
    }
}

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
    {
        uv_close(handle, on_closed);
    }
}

static uv_handle_t *pipe_handle(struct command *command, enum command_pipe which)
{
    return (uv_handle_t *)&command->pipes[which];
}

static void close_all(struct command *command)
{
    for (int i = 0; i < COMMAND_PIPES; i++)
    {
        close_handle(pipe_handle(command, (enum command_pipe)i));
    }
    close_handle((uv_handle_t *)&command->timer);
    close_handle((uv_handle_t *)&command->process);
}

/* The whole group: a shell script's children must not outlive it. The group's number
 * stays taken while a member lives; where none does, the kernel says ESRCH. */
static bool signal_group(const struct command *command, int signal)
{
    return command->group > 0 && kill(-command->group, signal) == 0;
}

/* It has exited and its output is read: whoever is left of its group ends now. */
static void finish(struct command *command)
{
    command->end.left_behind = signal_group(command, SIGKILL) && !command->terminated;
    close_all(command);
}

static void set_timer(struct command *command, uint64_t after_ms)
{
    (void)uv_timer_start(&command->timer, on_timer, after_ms, 0);
}

static void terminate(struct command *command)
{
    if (!command->terminated)
    {
        command->terminated = true;
        (void)signal_group(command, SIGTERM);
        set_timer(command, command->grace_ms);
    }
}

/* The one timer: its deadline, then the grace after SIGTERM, then the wait after SIGKILL;
 * after its exit the wait for its pipes. */
static void on_timer(uv_timer_t *timer)
{
    struct command *command = timer->data;
    if (command->exited || command->killed)
    {
        finish(command);
    }
    else if (command->terminated)
    {
        command->killed = true;
        (void)signal_group(command, SIGKILL);
        set_timer(command, UNKILLABLE_MS);
    }
    else
    {
        command->end.stopped = command->stopping;
        command->end.timed_out = !command->stopping;
        terminate(command);
    }
}

static void on_exit(uv_process_t *process, int64_t exit_status, int signal)
{
    struct command *command = process->data;
    command->exited = true;
    command->end.exit_status = exit_status;
    command->end.signal = signal;
    close_handle(pipe_handle(command, COMMAND_IN)); /* nobody reads it any more */
    if (command->readers == 0)
    {
        finish(command);
        return;
    }
    set_timer(command, LINGER_MS);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
    struct command *command = handle->data;
    (void)size;
    *out = uv_buf_init(command->chunk, sizeof(command->chunk));
}

static void keep(struct ajar_buf *buf, const char *data, size_t len)
{
    size_t room = buf->max - buf->len;
    (void)ajar_buf_append(buf, data, len < room ? len : room); /* no memory: not kept */
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf)
{
    struct command *command = stream->data;
    bool is_out = stream == (uv_stream_t *)&command->pipes[COMMAND_OUT];
    if (got < 0)
    {
        (void)uv_read_stop(stream);
        command->readers--;
        if (command->readers == 0 && command->exited)
        {
            finish(command);
        }
        return;
    }
    keep(is_out ? &command->out : &command->err, buf->base, (size_t)got);
    command->taken += (uint64_t)got;
    if (command->taken > AJAR_NOTIFY_OUTPUT && !command->exited && !command->terminated)
    {
        command->end.flooded = true;
        terminate(command);
    }
}

/* EPIPE is no failure: a command need not read what it is given. */
static void on_written(uv_write_t *write, int status)
{
    struct command *command = write->data;
    (void)status;
    close_handle(pipe_handle(command, COMMAND_IN));
}

static void close_fds(const uv_file fds[COMMAND_PIPES])
{
    for (int i = 0; i < COMMAND_PIPES; i++)
    {
        if (fds[i] >= 0)
        {
            (void)close(fds[i]);
        }
    }
}

/* Real pipes: libuv's own are sockets, which a script cannot open as /dev/stdin. Ours are
 * non-blocking and in the loop; the command's ends are left in `theirs`. */
static int open_pipes(struct command *command, uv_file theirs[COMMAND_PIPES])
{
    for (int i = 0; i < COMMAND_PIPES; i++)
    {
        uv_file pair[2]; /* read end, write end */
        bool input = i == COMMAND_IN;
        int status =
            uv_pipe(pair, input ? 0 : UV_NONBLOCK_PIPE, input ? UV_NONBLOCK_PIPE : 0);
        if (status < 0)
        {
            return status;
        }
        theirs[i] = input ? pair[0] : pair[1];
        status = uv_pipe_open(&command->pipes[i], input ? pair[1] : pair[0]);
        if (status < 0)
        {
            (void)close(input ? pair[1] : pair[0]);
            return status;
        }
    }
    return 0;
}

static int spawn(struct command *command, const struct command_ask *ask,
                 const uv_file theirs[COMMAND_PIPES])
{
    uv_stdio_container_t stdio[COMMAND_PIPES];
    for (int i = 0; i < COMMAND_PIPES; i++)
    {
        stdio[i].flags = UV_INHERIT_FD;
        stdio[i].data.fd = theirs[i];
    }
    uv_process_options_t options = {
        .exit_cb = on_exit,
        .file = ask->argv[0],
        .args = (char **)(uintptr_t)ask->argv,
        .env = (char **)(uintptr_t)ask->env,
        .flags = UV_PROCESS_DETACHED, /* setsid: a group of its own */
        .stdio_count = COMMAND_PIPES,
        .stdio = stdio,
    };
    /* Whatever any room or library has open stays here. An old kernel (before 5.11) lacks
     * this flag; then each descriptor's own close-on-exec must do. */
    (void)close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    int status = uv_spawn(ask->loop, &command->process, &options);
    if (status == 0)
    {
        command->group = command->process.pid;
    }
    return status;
}

static void begin_io(struct command *command, const struct command_ask *ask)
{
    uv_buf_t input =
        uv_buf_init((char *)(uintptr_t)ask->input.data, (unsigned)ask->input.len);
    command->write.data = command;
    if (uv_write(&command->write, (uv_stream_t *)&command->pipes[COMMAND_IN], &input, 1,
                 on_written) < 0)
    {
        close_handle(pipe_handle(command, COMMAND_IN));
    }
    for (int i = COMMAND_OUT; i <= COMMAND_ERR; i++)
    {
        if (uv_read_start((uv_stream_t *)&command->pipes[i], on_alloc, on_read) == 0)
        {
            command->readers++;
        }
    }
    set_timer(command, ask->timeout_ms);
}

/* Every handle is made before anything can fail, so that each is closed once. */
static int make_handles(struct command *command, uv_loop_t *loop)
{
    int status = uv_timer_init(loop, &command->timer);
    command->timer.data = command;
    for (int i = 0; i < COMMAND_PIPES; i++)
    {
        int made = uv_pipe_init(loop, &command->pipes[i], 0);
        command->pipes[i].data = command;
        status = status < 0 ? status : made;
    }
    command->handles = COMMAND_PIPES + 2; /* the timer, and the process of uv_spawn */
    return status;
}

void command_start(struct command *command, const struct command_ask *ask,
                   void (*done)(void *context), void *context)
{
    uv_file theirs[COMMAND_PIPES] = {-1, -1, -1};
    command_deinit(command);
    *command =
        (struct command){.done = done, .context = context, .grace_ms = ask->grace_ms};
    ajar_buf_init(&command->out, AJAR_NOTIFY_REFERENCE + 1);
    ajar_buf_init(&command->err, AJAR_NOTIFY_DETAIL);
    command->process.data = command;
    int status = make_handles(command, ask->loop);
    if (status == 0)
    {
        status = open_pipes(command, theirs);
    }
    if (status == 0)
    {
        status = spawn(command, ask, theirs);
        command->process.data = command;
    }
    else
    {
        /* never given to uv_spawn, so that libuv does not know it */
        command->handles--;
    }
    close_fds(theirs);
    if (status == 0)
    {
        begin_io(command, ask);
        return;
    }
    command->end.start_error = status;
    for (int i = 0; i < COMMAND_PIPES; i++)
    {
        close_handle(pipe_handle(command, (enum command_pipe)i));
    }
    close_handle((uv_handle_t *)&command->timer);
    if (command->process.loop != NULL)
    {
        close_handle((uv_handle_t *)&command->process);
    }
}

void command_stop(struct command *command, uint32_t wait_ms)
{
    if (command->group == 0 || command->exited || command->terminated)
    {
        return;
    }
    uint64_t due = uv_timer_get_due_in(&command->timer);
    if (wait_ms < due)
    {
        command->stopping = true;
        set_timer(command, wait_ms);
    }
}

void command_deinit(struct command *command)
{
    ajar_buf_deinit(&command->out);
    ajar_buf_deinit(&command->err);
}
