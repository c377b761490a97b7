/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/status.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *ajar_status_text(int status)
{
    switch (status)
    {
#define X(name, value, text)                                                             \
    case (value):                                                                        \
        return text;
        AJAR_STATUS_MAP(X)
#undef X
    default:
        return "unknown status";
    }
}

/*
 * The one place of a library room that prints and ends the process: a broken precondition
 * is a bug of ours, and to go on could mean to report something false. write(2) and no
 * stdio, since the heap may be what is broken.
 */
_Noreturn void ajar_require_failed(const char *condition, const char *file, int line)
{
    char text[512];
    int len = snprintf(text, sizeof text, "ajar: bug: %s:%d: not true: %s\n", file, line,
                       condition);
    if (len > 0)
    {
        size_t bytes = (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
        ssize_t written = write(STDERR_FILENO, text, bytes);
        (void)written;
    }
    (void)raise(SIGABRT);
    __builtin_trap(); /* SIGABRT was ignored or handled: still never return */
}
