/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "output.h"

/* A view may be larger than what an output holds at once. */
#define PIECE (32u * 1024u)

int print_to(struct ajar_buf *buf, const char *path, bool world_readable)
{
    struct output output;
    int error = 0;
    (void)signal(SIGPIPE, SIG_IGN);
    bool failed = buf->failed || output_open(&output, path, &error) != AJAR_OK;
    if (!failed)
    {
        if (world_readable && output.is_file)
        {
            (void)fchmod(output.fd, 0644); /* whatever the umask says */
        }
        for (size_t at = 0; at < buf->len && output.error == 0; at += PIECE)
        {
            size_t left = buf->len - at;
            (void)ajar_buf_append(output_buf(&output), buf->data + at,
                                  left < PIECE ? left : PIECE);
            if (output_flush_if_full(&output) != AJAR_OK)
            {
                break; /* the close says why */
            }
        }
        failed = output_close(&output) != AJAR_OK;
        error = output.error;
    }
    ajar_buf_deinit(buf);
    if (failed)
    {
        (void)fprintf(stderr, "ajar: cannot write %s: %s\n",
                      path != NULL ? path : "the output",
                      error != 0 ? strerror(error) : "out of memory");
        return APP_INCOMPLETE;
    }
    return APP_OK;
}

int print_result(enum app_exit code, struct ajar_buf *buf, const char *path)
{
    if (code != APP_OK)
    {
        ajar_buf_deinit(buf);
        return (int)code;
    }
    return print_to(buf, path, false);
}

int print_buf(struct ajar_buf *buf)
{
    return print_to(buf, NULL, false);
}
