/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTPUT_MAX (16u * 1024u * 1024u)
#define OUTPUT_FULL (32u * 1024u)

int output_open(struct output *output, const char *path, int *out_error)
{
    memset(output, 0, sizeof *output);
    ajar_buf_init(&output->buf, OUTPUT_MAX);
    output->fd = STDOUT_FILENO;
    if (path == NULL || strcmp(path, "-") == 0)
    {
        return AJAR_OK;
    }
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
    {
        /* a device or a pipe has no name to be given later */
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        *out_error = errno;
        return output->fd >= 0 ? AJAR_OK : AJAR_ESYSTEM;
    }
    output->is_file = true;
    output->path = strdup(path);
    if (output->path == NULL || asprintf(&output->part, "%s.part", path) < 0)
    {
        *out_error = ENOMEM;
        free(output->path);
        return AJAR_ENOMEM;
    }
    output->fd = open(output->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (output->fd < 0)
    {
        *out_error = errno;
        free(output->path);
        free(output->part);
        return AJAR_ESYSTEM;
    }
    return AJAR_OK;
}

struct ajar_buf *output_buf(struct output *output)
{
    return &output->buf;
}

int output_flush(struct output *output)
{
    size_t done = 0;
    if (output->buf.failed && output->error == 0)
    {
        output->error = ENOMEM;
    }
    while (output->error == 0 && done < output->buf.len)
    {
        ssize_t wrote =
            write(output->fd, output->buf.data + done, output->buf.len - done);
        if (wrote >= 0)
        {
            done += (size_t)wrote;
        }
        else if (errno != EINTR)
        {
            output->error = errno;
        }
    }
    ajar_buf_reset(&output->buf, OUTPUT_FULL * 2);
    return output->error == 0 ? AJAR_OK : AJAR_ESYSTEM;
}

int output_flush_if_full(struct output *output)
{
    return output->buf.len >= OUTPUT_FULL || output->buf.failed ? output_flush(output)
                                                                : AJAR_OK;
}

int output_close(struct output *output)
{
    int status = output_flush(output);
    if (output->is_file)
    {
        /* a full disk may show only now */
        if (status == AJAR_OK && (fsync(output->fd) != 0 && errno != EINVAL))
        {
            output->error = errno;
            status = AJAR_ESYSTEM;
        }
        if (close(output->fd) != 0 && status == AJAR_OK)
        {
            output->error = errno;
            status = AJAR_ESYSTEM;
        }
        if (status == AJAR_OK && rename(output->part, output->path) != 0)
        {
            output->error = errno;
            status = AJAR_ESYSTEM;
        }
        free(output->path);
        free(output->part);
    }
    ajar_buf_deinit(&output->buf);
    return status;
}
