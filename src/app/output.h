/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_OUTPUT_H
#define AJAR_APP_OUTPUT_H

#include "ajar/buf.h"

/*
 * Where results go: stdout, or a file that bears its name only when the run has
 * ended in order (until then NAME.part). A write that fails is an error at once
 * and stays one, so that half a result is never taken for a whole one.
 */
struct output
{
    int fd;
    bool is_file;
    char *path;
    char *part;
    struct ajar_buf buf;
    int error; /* errno of the first failed write, or 0 */
};

/* path NULL or "-": stdout. On failure *out_error is errno. */
int output_open(struct output *output, const char *path, int *out_error) AJAR_MUST_CHECK;
/* The buffer to append to; flush when it grows. */
struct ajar_buf *output_buf(struct output *output);
/* Writes out what is buffered. AJAR_ESYSTEM when that fails or failed before.
 */
int output_flush(struct output *output) AJAR_MUST_CHECK;
/* Flushes when more than a page's worth is waiting. */
int output_flush_if_full(struct output *output) AJAR_MUST_CHECK;
/* Flushes, closes, and gives a file its name; a file whose writing failed keeps
 * ".part".
 */
int output_close(struct output *output) AJAR_MUST_CHECK;

#endif
