/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ajar/notify.h"

#include "fake_state.h"

/* One test at a time a process: Criterion runs each in its own. */
struct bench
{
    uv_loop_t loop;
    struct ajar_state state;
    struct ajar_notify *notify;
    struct ajar_tickets sections[2];
    const char *arguments[4];
    char folder[64];
    bool done;
    unsigned told;
    unsigned told_unwritten;
    bool told_left_behind;
};

static struct bench bench;

static int64_t now_ms(void *context)
{
    struct timespec now;
    (void)context;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_done(void *context)
{
    struct bench *self = context;
    cr_assert_not(self->done, "done comes once");
    self->done = true;
}

static void on_told(void *context, const struct ajar_notify_told *told)
{
    struct bench *self = context;
    self->told++;
    self->told_unwritten += told->written ? 0 : 1;
    self->told_left_behind =
        self->told_left_behind ||
        (told->detail != NULL && strstr(told->detail, "left") != NULL);
}

static void make(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(uv_loop_init(&bench.loop), 0);
    (void)snprintf(bench.folder, sizeof(bench.folder), "/tmp/ajar-notify-XXXXXX");
    cr_assert_not_null(mkdtemp(bench.folder));
    cr_assert_eq(chdir(bench.folder), 0);
    bench.state.backoff_ms = 3600000;
}

static void drop(void)
{
    ajar_notify_free(bench.notify);
    cr_assert_eq(uv_loop_close(&bench.loop), 0, "nothing is left in the loop");
    cr_assert_eq(chdir("/"), 0);
    pid_t pid = fork();
    if (pid == 0)
    {
        execl("/bin/rm", "rm", "-rf", "--", bench.folder, (char *)NULL);
        _exit(1);
    }
    (void)waitpid(pid, NULL, 0);
}

TestSuite(notify, .init = make, .fini = drop, .timeout = 60);

static struct ajar_tickets shell(const char *script, uint32_t timeout_ms)
{
    bench.arguments[0] = "-c";
    bench.arguments[1] = script;
    return (struct ajar_tickets){.name = "",
                                 .command = "/bin/sh",
                                 .arguments = bench.arguments,
                                 .argument_count = 2,
                                 .timeout_ms = timeout_ms};
}

static void begin(struct ajar_tickets tickets)
{
    bench.sections[0] = tickets;
    struct ajar_notify_options options = {.loop = &bench.loop,
                                          .state = &bench.state,
                                          .sections = bench.sections,
                                          .section_count = 1,
                                          .path = "/usr/bin:/bin",
                                          .home = "/nonexistent",
                                          .lang = "C.UTF-8",
                                          .grace_ms = 200,
                                          .now_ms = now_ms,
                                          .told = on_told,
                                          .done = on_done,
                                          .context = &bench};
    cr_assert_eq(ajar_notify_new(&options, &bench.notify), AJAR_OK);
    ajar_notify_start(bench.notify);
}

static void finish(void)
{
    ajar_notify_finish(bench.notify);
    cr_assert_not(bench.done, "never before it returns");
    cr_assert_eq(uv_run(&bench.loop, UV_RUN_DEFAULT), 0);
    cr_assert(bench.done);
}

/* Delivers one event by this script, all the way. */
static const struct fake_event *once(const char *script, uint32_t timeout_ms)
{
    fake_add(&bench.state, 1, 1);
    begin(shell(script, timeout_ms));
    finish();
    cr_assert_eq(bench.told, 1);
    cr_assert_not(bench.state.events[0].under_way);
    return &bench.state.events[0];
}

static void read_file(const char *name, char *out, size_t size)
{
    FILE *file = fopen(name, "r");
    cr_assert_not_null(file, "%s: %s", name, strerror(errno));
    size_t got = fread(out, 1, size - 1, file);
    out[got] = '\0';
    (void)fclose(file);
}

Test(notify, exit_0_acknowledges_and_the_first_line_is_the_reference)
{
    const struct fake_event *event =
        once("cat > event; echo '  SEC-7 '; echo more", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED);
    cr_assert_not(event->owed);
    cr_assert_str_eq(event->reference, "SEC-7");
    cr_assert_str_eq(event->detail, "");
    char text[65536];
    read_file("event", text, sizeof(text));
    cr_assert_eq(strncmp(text, "{\"type\":\"event\",\"schema\":1,", 27), 0);
    cr_assert_str_eq(text + strlen(text) - 2, "}\n");
    struct ajar_notify_tally tally;
    ajar_notify_tally(bench.notify, &tally);
    cr_assert_eq(tally.acked, 1);
    cr_assert_eq(tally.under_way, 0);
    cr_assert_not(tally.state_failed);
}

Test(notify, stdin_can_be_opened_as_a_file)
{
    const struct fake_event *event =
        once("cat /dev/stdin > event && wc -l < event", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED, "%s", event->detail);
    cr_assert_str_eq(event->reference, "1");
}

Test(notify, the_environment_is_these_five)
{
    (void)setenv("AJAR_SECRET_OF_OURS", "1", 1);
    fake_add(&bench.state, 1, 1);
    struct ajar_tickets tickets = {.name = "",
                                   .command = "/usr/bin/env",
                                   .arguments = bench.arguments,
                                   .timeout_ms = 30000};
    bench.arguments[0] = "sh";
    bench.arguments[1] = "-c";
    bench.arguments[2] =
        "tr '\\0' '\\n' < /proc/$PPID/environ > /dev/null; exec env > env";
    tickets.argument_count = 3;
    begin(tickets);
    finish();
    char text[4096];
    read_file("env", text, sizeof(text));
    cr_assert(strstr(text, "AJAR_EVENT_ID=E-AAAAAAAAAA01-1\n"));
    cr_assert(strstr(text, "AJAR_FINDING_ID=F-AAAAAAAAAA01\n"));
    cr_assert(strstr(text, "PATH=/usr/bin:/bin\n"));
    cr_assert(strstr(text, "HOME=/nonexistent\n"));
    cr_assert(strstr(text, "LANG=C.UTF-8\n"));
    cr_assert_null(strstr(text, "SECRET"));
    unsigned lines = 0;
    for (const char *p = text; *p != '\0'; p++)
    {
        lines += *p == '\n' ? 1 : 0;
    }
    cr_assert_leq(lines, 6, "and PWD, which sh makes:\n%s", text);
}

Test(notify, no_descriptor_of_ours_is_inherited)
{
    int leak = open("/dev/null", O_RDONLY); /* without O_CLOEXEC, as a library would */
    cr_assert_geq(leak, 3);
    (void)fcntl(leak, F_DUPFD, 40);
    const struct fake_event *event = once("ls /proc/self/fd | tr '\\n' ' '", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED);
    /* 3 is the folder that ls reads */
    cr_assert_str_eq(event->reference, "0 1 2 3");
}

Test(notify, arguments_are_no_shell_text)
{
    fake_add(&bench.state, 1, 1);
    struct ajar_tickets tickets = {.name = "",
                                   .command = "/usr/bin/printf",
                                   .arguments = bench.arguments,
                                   .argument_count = 2,
                                   .timeout_ms = 30000};
    bench.arguments[0] = "%s";
    bench.arguments[1] = "$(id); `id` > x 'y'";
    begin(tickets);
    finish();
    cr_assert_str_eq(bench.state.events[0].reference, "$(id); `id` > x 'y'");
}

Test(notify, other_exits_are_failures_with_what_was_said)
{
    const struct fake_event *event = once("cat >/dev/null; echo SEC-9; echo 'no "
                                          "\033[31mtoken' >&2; echo in file >&2; exit 3",
                                          30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_FAILED);
    cr_assert(event->owed);
    cr_assert_str_eq(event->detail, "exit 3: no \\x1b[31mtoken | in file");
    cr_assert_str_eq(event->reference, "");
    cr_assert_eq(event->retry_ms, 0, "the room's back-off");
}

Test(notify, a_signal_is_a_failure)
{
    const struct fake_event *event = once("kill -SEGV $$", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_FAILED);
    cr_assert_str_eq(event->detail, "ended by signal 11");
}

Test(notify, a_missing_command_is_a_failure)
{
    fake_add(&bench.state, 1, 1);
    fake_add(&bench.state, 2, 1);
    begin((struct ajar_tickets){.name = "",
                                .command = "/no/such/command",
                                .arguments = bench.arguments,
                                .timeout_ms = 30000});
    finish();
    cr_assert_eq(bench.told, 2);
    cr_assert_str_eq(bench.state.events[0].detail,
                     "cannot start /no/such/command: no such file or directory");
    cr_assert(bench.state.events[1].owed);
}

Test(notify, a_command_that_may_not_be_run_is_a_failure)
{
    fake_add(&bench.state, 1, 1);
    begin((struct ajar_tickets){.name = "",
                                .command = "/etc/passwd",
                                .arguments = bench.arguments,
                                .timeout_ms = 30000});
    finish();
    cr_assert_str_eq(bench.state.events[0].detail,
                     "cannot start /etc/passwd: permission denied");
}

static bool is_alive(const char *pid_file)
{
    char text[32];
    read_file(pid_file, text, sizeof(text));
    int pid = (int)strtol(text, NULL, 10);
    cr_assert_gt(pid, 1);
    /* a killed orphan may be a zombie for a moment, until init reaps it */
    for (int i = 0; i < 500; i++)
    {
        char path[64];
        char status[256] = "";
        (void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
        FILE *file = fopen(path, "r");
        if (file == NULL)
        {
            return false;
        }
        size_t got = fread(status, 1, sizeof(status) - 1, file);
        (void)fclose(file);
        status[got] = '\0';
        const char *state = strrchr(status, ')');
        if (got == 0 || (state != NULL && state[2] == 'Z'))
        {
            return false;
        }
        (void)usleep(10000);
    }
    return true;
}

Test(notify, a_hang_is_ended_with_its_whole_group)
{
    const struct fake_event *event = once("trap '' TERM; sh -c 'trap \"\" TERM; echo $$ "
                                          "> child; while :; do sleep 1; done' & "
                                          "wait; while :; do sleep 1; done",
                                          1500);
    cr_assert_eq(event->result, AJAR_DELIVERY_TIMEOUT);
    cr_assert_str_eq(event->detail, "killed: it took longer than its timeout of 1 s");
    cr_assert_not(is_alive("child"));
}

Test(notify, who_listens_to_sigterm_may_clean_up)
{
    const struct fake_event *event =
        once("trap 'echo bye > bye; exit 0' TERM; sleep 60 & wait", 1000);
    cr_assert_eq(event->result, AJAR_DELIVERY_TIMEOUT, "%s", event->detail);
    char text[16];
    read_file("bye", text, sizeof(text));
    cr_assert_str_eq(text, "bye\n");
}

Test(notify, processes_left_behind_are_killed)
{
    const struct fake_event *event =
        once("(echo $(exec sh -c 'echo $PPID') > child; exec sleep 60) & "
             "while [ ! -s child ]; do :; done; echo SEC-1",
             30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED, "%s", event->detail);
    cr_assert_str_eq(event->reference, "SEC-1");
    cr_assert_str_eq(event->detail, "it left processes behind, which were killed");
    cr_assert_not(is_alive("child"));
    cr_assert(bench.told_left_behind);
}

Test(notify, processes_left_behind_without_our_pipes_are_killed_too)
{
    const struct fake_event *event =
        once("sleep 60 </dev/null >/dev/null 2>&1 & echo $! > child; echo SEC-1", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED);
    cr_assert_not(is_alive("child"));
}

Test(notify, a_megabyte_of_output_is_no_harm)
{
    const struct fake_event *event =
        once("echo SEC-2; head -c 900000 /dev/zero; head -c 100000 /dev/zero >&2", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED, "%s", event->detail);
    cr_assert_str_eq(event->reference, "SEC-2");
}

Test(notify, endless_output_is_ended)
{
    const struct fake_event *event = once("yes", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_FAILED);
    cr_assert_str_eq(event->detail, "killed: it printed more than 1 MiB");
}

Test(notify, a_first_line_that_is_too_long_is_no_reference)
{
    const struct fake_event *event =
        once("head -c 201 /dev/zero | tr '\\0' x; echo", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED);
    cr_assert_str_eq(event->reference, "");
    cr_assert(strstr(event->detail, "longer than a reference"));
}

Test(notify, a_first_line_of_200_bytes_is_one)
{
    const struct fake_event *event =
        once("head -c 200 /dev/zero | tr '\\0' x; echo; echo y", 30000);
    cr_assert_eq(strlen(event->reference), 200);
}

Test(notify, hostile_output_is_escaped)
{
    const struct fake_event *event = once("printf 'a\\033[2Jb\\377\\n'", 30000);
    cr_assert_str_eq(event->reference, "a\\x1b[2Jb\xef\xbf\xbd");
}

Test(notify, who_does_not_read_stdin_does_not_hurt)
{
    const struct fake_event *event = once("exec <&-; echo SEC-3", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED);
    cr_assert_str_eq(event->reference, "SEC-3");
}

Test(notify, in_order_a_finding_and_others_are_not_held_up)
{
    for (unsigned number = 1; number <= 3; number++)
    {
        for (unsigned finding = 1; finding <= 6; finding++)
        {
            fake_add(&bench.state, finding, number);
        }
    }
    begin(shell("case $AJAR_FINDING_ID in *01) exit 1;; esac; "
                "echo $AJAR_EVENT_ID >> $AJAR_FINDING_ID",
                30000));
    finish();
    cr_assert_eq(bench.told, 1 + 5 * 3, "the first of finding 1 failed, its others wait");
    cr_assert_eq(bench.state.events[0].attempts, 1);
    cr_assert_eq(bench.state.events[6].attempts, 0);
    cr_assert_leq(bench.state.most_at_once, AJAR_NOTIFY_PARALLEL);
    char text[256];
    read_file("F-AAAAAAAAAA04", text, sizeof(text));
    cr_assert_str_eq(text, "E-AAAAAAAAAA04-1\nE-AAAAAAAAAA04-2\nE-AAAAAAAAAA04-3\n");
}

Test(notify, several_at_once_and_no_more)
{
    for (unsigned finding = 1; finding <= 12; finding++)
    {
        fake_add(&bench.state, finding, 1);
    }
    begin(shell("sleep 0.05", 30000));
    cr_assert_eq(bench.state.begun, AJAR_NOTIFY_PARALLEL);
    finish();
    cr_assert_eq(bench.state.begun, 12);
    cr_assert_eq(bench.state.most_at_once, AJAR_NOTIFY_PARALLEL);
}

Test(notify, another_section_is_not_held_up_by_a_hang)
{
    /* both draw from one list here: the fast one does all that the slow one leaves */
    static const char *const slow[] = {"-c", "echo >> slow; sleep 60"};
    static const char *const fast[] = {"-c", "echo >> fast"};
    for (unsigned finding = 1; finding <= 9; finding++)
    {
        fake_add(&bench.state, finding, 1);
    }
    bench.sections[0] =
        (struct ajar_tickets){"slow", "/bin/sh", slow, 2, 1000, NULL, 0, "", 1};
    bench.sections[1] =
        (struct ajar_tickets){"fast", "/bin/sh", fast, 2, 1000, NULL, 0, "", 1};
    struct ajar_notify_options options = {.loop = &bench.loop,
                                          .state = &bench.state,
                                          .sections = bench.sections,
                                          .section_count = 2,
                                          .path = "/usr/bin:/bin",
                                          .grace_ms = 200,
                                          .now_ms = now_ms,
                                          .told = on_told,
                                          .done = on_done,
                                          .context = &bench};
    cr_assert_eq(ajar_notify_new(&options, &bench.notify), AJAR_OK);
    ajar_notify_start(bench.notify);
    finish();
    struct ajar_notify_tally tally;
    ajar_notify_tally(bench.notify, &tally);
    cr_assert_eq(tally.failed, 4);
    cr_assert_eq(tally.acked, 5);
}

static void on_late(uv_timer_t *timer)
{
    fake_add(&bench.state, 7, 1);
    ajar_notify_wake(bench.notify);
    uv_close((uv_handle_t *)timer, NULL);
    ajar_notify_finish(bench.notify);
}

Test(notify, lives_beside_other_work_and_takes_what_comes)
{
    uv_timer_t timer;
    cr_assert_eq(uv_timer_init(&bench.loop, &timer), 0);
    fake_add(&bench.state, 1, 1);
    begin(shell("echo SEC-4", 30000));
    cr_assert_eq(uv_timer_start(&timer, on_late, 300, 0), 0);
    cr_assert_eq(uv_run(&bench.loop, UV_RUN_DEFAULT), 0);
    cr_assert(bench.done);
    cr_assert_eq(bench.told, 2);
    cr_assert_geq(bench.state.queued, 2);
}

static void on_settled(uv_timer_t *timer)
{
    if (bench.told >= 3)
    {
        uv_close((uv_handle_t *)timer, NULL);
        ajar_notify_finish(bench.notify);
    }
}

Test(notify, what_failed_comes_again_after_its_back_off)
{
    uv_timer_t timer;
    cr_assert_eq(uv_timer_init(&bench.loop, &timer), 0);
    bench.state.backoff_ms = 50;
    fake_add(&bench.state, 1, 1);
    begin(shell("echo >> tries; [ $(wc -l < tries) = 3 ]", 30000));
    cr_assert_eq(uv_timer_start(&timer, on_settled, 10, 10), 0);
    cr_assert_eq(uv_run(&bench.loop, UV_RUN_DEFAULT), 0);
    cr_assert_eq(bench.state.events[0].attempts, 3);
    cr_assert_eq(bench.state.events[0].result, AJAR_DELIVERY_ACKED);
}

Test(notify, stop_ends_what_is_under_way_and_owes_it_at_once)
{
    for (unsigned finding = 1; finding <= 9; finding++)
    {
        fake_add(&bench.state, finding, 1);
    }
    begin(shell("exec sleep 60", 50000));
    ajar_notify_stop(bench.notify, 100);
    cr_assert_eq(uv_run(&bench.loop, UV_RUN_DEFAULT), 0);
    cr_assert(bench.done);
    cr_assert_eq(bench.told, 4);
    cr_assert_eq(bench.state.events[0].result, AJAR_DELIVERY_FAILED);
    cr_assert_str_eq(bench.state.events[0].detail,
                     "ended before it was done: ajar was told to stop");
    cr_assert_neq(bench.state.events[0].retry_ms, 0);
    cr_assert_eq(bench.state.begun, 4);
}

Test(notify, stop_lets_the_quick_ones_end)
{
    fake_add(&bench.state, 1, 1);
    begin(shell("sleep 0.2; echo SEC-5", 30000));
    ajar_notify_finish(bench.notify);
    ajar_notify_stop(bench.notify, 20000);
    cr_assert_eq(uv_run(&bench.loop, UV_RUN_DEFAULT), 0);
    cr_assert_eq(bench.state.events[0].result, AJAR_DELIVERY_ACKED);
}

Test(notify, nothing_to_do_is_done_at_once)
{
    begin(shell("exit 1", 30000));
    finish();
    cr_assert_eq(bench.told, 0);
}

Test(notify, a_result_that_state_refuses_is_told_again)
{
    bench.state.fail_delivered = 2;
    const struct fake_event *event = once("echo SEC-6", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED);
    cr_assert_str_eq(event->reference, "SEC-6");
    cr_assert_eq(bench.told_unwritten, 1);
    struct ajar_notify_tally tally;
    ajar_notify_tally(bench.notify, &tally);
    cr_assert(tally.state_failed);
    cr_assert_eq(tally.error.fault, AJAR_STATE_FAULT_FULL);
    cr_assert_eq(tally.unwritten, 0);
}

Test(notify, a_state_that_refuses_for_good_does_not_hold_the_program)
{
    bench.state.fail_delivered = 1000;
    fake_add(&bench.state, 1, 1);
    begin(shell("echo SEC-6", 30000));
    finish();
    struct ajar_notify_tally tally;
    ajar_notify_tally(bench.notify, &tally);
    cr_assert_eq(tally.unwritten, 1);
    cr_assert(tally.state_failed);
}

Test(notify, a_state_that_cannot_be_asked_is_asked_again)
{
    bench.state.fail_queue = 1;
    bench.state.fail_next = 1;
    const struct fake_event *event = once("echo SEC-8", 30000);
    cr_assert_eq(event->result, AJAR_DELIVERY_ACKED);
}

Test(notify, a_state_that_can_never_be_asked_ends)
{
    bench.state.fail_next = 1000;
    fake_add(&bench.state, 1, 1);
    begin(shell("echo SEC-8", 30000));
    finish();
    cr_assert_eq(bench.told, 0);
}

Test(notify, sigpipe_must_be_ignored)
{
    struct ajar_notify_options options = {.loop = &bench.loop};
    (void)signal(SIGPIPE, SIG_DFL);
    cr_assert_eq(ajar_notify_new(&options, &bench.notify), AJAR_ESTATE);
}
