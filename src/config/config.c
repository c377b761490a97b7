/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"

static struct build *build_new(struct ajar_config_faults *faults)
{
    struct build *build = calloc(1, sizeof(*build));
    if (build != NULL)
    {
        ajar_arena_init(&build->arena, BUILD_MAX_BYTES);
        build->faults = faults;
    }
    return build;
}

static void build_free(struct build *build)
{
    ajar_arena_deinit(&build->arena);
    free(build);
}

static int refuse(struct ajar_config_faults *faults, const char *path, int status,
                  const char *what)
{
    faults_add(faults, (struct faults_place){path, 0, 0},
               status == AJAR_ENOTFOUND ? "write the file, or name another with --config"
                                        : "mend the file or its permissions",
               "%s", what);
    return status;
}

/* Reads a regular file: a FIFO would hang, a folder says nothing. */
static int read_open(int descriptor, struct ajar_buf *out)
{
    struct stat facts;
    if (fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode))
    {
        errno = S_ISDIR(facts.st_mode) ? EISDIR : EINVAL;
        return AJAR_ESYSTEM;
    }
    for (;;)
    {
        char chunk[4096];
        ssize_t got = read(descriptor, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
        {
            continue;
        }
        if (got <= 0)
        {
            return got == 0 ? AJAR_OK : AJAR_ESYSTEM;
        }
        int status = ajar_buf_append(out, chunk, (size_t)got);
        if (status < 0)
        {
            return status;
        }
    }
}

static int read_path(const struct ajar_config_path *path, struct ajar_buf *out,
                     struct ajar_config_faults *faults)
{
    int descriptor = open(path->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
    {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        if (missing && !path->required)
        {
            return AJAR_OK;
        }
        return refuse(faults, path->path, missing ? AJAR_ENOTFOUND : AJAR_ESYSTEM,
                      strerrordesc_np(errno));
    }
    int status = read_open(descriptor, out);
    int why = errno;
    (void)close(descriptor);
    if (status == AJAR_ELIMIT)
    {
        return refuse(faults, path->path, AJAR_ESYNTAX, "longer than 256 KiB");
    }
    return status == AJAR_ESYSTEM
               ? refuse(faults, path->path, status, strerrordesc_np(why))
               : status;
}

/* The public pointer, or the reason why there is none. */
static int settle(struct build *build, int status, struct ajar_config **out)
{
    build_end(build);
    if (status == AJAR_OK && build->no_memory)
    {
        status = AJAR_ENOMEM;
    }
    if (status == AJAR_OK && build->faults->count > 0)
    {
        status = AJAR_ESYNTAX;
    }
    if (status < 0)
    {
        build_free(build);
        return status;
    }
    build->faults = NULL;
    *out = &build->view;
    return AJAR_OK;
}

int ajar_config_load(const struct ajar_config_path *paths, size_t path_count,
                     struct ajar_config_faults *faults, struct ajar_config **out)
{
    struct ajar_buf text;
    int status = AJAR_OK;
    faults_init(faults);
    struct build *build = build_new(faults);
    if (build == NULL)
    {
        return AJAR_ENOMEM;
    }
    ajar_buf_init(&text, AJAR_MAX_CONFIG_FILE);
    for (size_t i = 0; i < path_count && status == AJAR_OK; i++)
    {
        ajar_buf_reset(&text, AJAR_MAX_CONFIG_FILE);
        status = read_path(&paths[i], &text, faults);
        if (status == AJAR_OK)
        {
            build_file(build, paths[i].path, ajar_buf_span(&text));
        }
    }
    ajar_buf_deinit(&text);
    return settle(build, status, out);
}

int ajar_config_load_text(const char *name, struct ajar_span text,
                          struct ajar_config_faults *faults, struct ajar_config **out)
{
    faults_init(faults);
    struct build *build = build_new(faults);
    if (build == NULL)
    {
        return AJAR_ENOMEM;
    }
    build_file(build, name, text);
    return settle(build, AJAR_OK, out);
}

void ajar_config_free(struct ajar_config *config)
{
    if (config != NULL)
    {
        build_free((struct build *)config); /* view is its first member */
    }
}
