/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One write, so that lines of several processes do not mix. */
static void put_line(int fd, const char *prefix, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

static void put_line(int fd, const char *prefix, const char *format, va_list arguments)
{
    char line[1024];
    int prefix_length = snprintf(line, sizeof line, "%s", prefix);
    size_t used = prefix_length < 0 ? 0 : (size_t)prefix_length;
    int length = vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    if (length < 0)
    {
        return;
    }
    used += (size_t)length;
    if (used > sizeof line - 2)
    {
        used = sizeof line - 2;
    }
    line[used] = '\n';
    ssize_t written = write(fd, line, used + 1);
    (void)written; /* nobody is left to be told */
}

void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line(STDERR_FILENO, "ajar-simnet: ", format, arguments);
    va_end(arguments);
}

void tell(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_line(STDOUT_FILENO, "", format, arguments);
    va_end(arguments);
}

char *file_read(const char *path, size_t *out_length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
    {
        return NULL;
    }
    char *bytes = NULL;
    size_t length = 0;
    size_t capacity = 0;
    for (;;)
    {
        if (capacity - length < 4096)
        {
            capacity = capacity * 2 + 8192;
            char *grown =
                capacity > 2 * SIMNET_MAX_FIXTURE ? NULL : realloc(bytes, capacity);
            if (grown == NULL)
            {
                errno = EFBIG;
                break;
            }
            bytes = grown;
        }
        ssize_t got = read(fd, bytes + length, capacity - length - 1);
        if (got <= 0)
        {
            if (got < 0)
            {
                break;
            }
            bytes[length] = '\0';
            *out_length = length;
            (void)close(fd);
            return bytes;
        }
        length += (size_t)got;
    }
    free(bytes);
    (void)close(fd);
    return NULL;
}

bool number_parse(const char *text, uint64_t max, uint64_t *out)
{
    if (*text == '\0')
    {
        return false;
    }
    uint64_t value = 0;
    for (; *text != '\0'; text++)
    {
        if (*text < '0' || *text > '9' || value > (UINT64_MAX - 9) / 10)
        {
            return false;
        }
        value = value * 10 + (uint64_t)(*text - '0');
    }
    if (value > max)
    {
        return false;
    }
    *out = value;
    return true;
}
