/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "declare.h"

void files_free(struct file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
    {
        free(list->items[i].path);
    }
    free(list->items);
    *list = (struct file_list){NULL, 0, 0};
}

static int system_fault(const char *path, const char *mend, int error,
                        struct ajar_diags *diags)
{
    const char *text = strerrordesc_np(error);
    diags_error(diags, (struct place){path, 0, 0}, mend, "cannot be read: %s",
                text != NULL ? text : "unknown error");
    return AJAR_ESYSTEM;
}

static void take_stamp(struct stamp *stamp, const struct stat *info)
{
    stamp->is_folder = S_ISDIR(info->st_mode);
    stamp->is_missing = false;
    stamp->device = info->st_dev;
    stamp->inode = info->st_ino;
    stamp->size = info->st_size;
    stamp->changed = info->st_mtim;
}

/* By path or by what it leads to: a link to a file that is there already adds nothing. */
static bool is_listed(const struct file_list *list, const char *path,
                      const struct stat *info)
{
    for (size_t i = 0; i < list->count; i++)
    {
        const struct stamp *known = &list->items[i];
        bool same = info != NULL && !known->is_missing && known->device == info->st_dev &&
                    known->inode == info->st_ino;
        if (same || strcmp(known->path, path) == 0)
        {
            return true;
        }
    }
    return false;
}

bool files_contain(const struct file_list *list, const char *path)
{
    return is_listed(list, path, NULL);
}

static int push(struct file_list *list, const char *path, bool is_given,
                const struct stat *info)
{
    int status = declare_grow(&list->items, list->count, &list->cap, sizeof *list->items,
                              DECLARE_MAX_FILES);
    if (status < 0)
    {
        return status;
    }
    struct stamp stamp = {.path = strdup(path), .is_given = is_given, .is_missing = true};
    if (stamp.path == NULL)
    {
        return AJAR_ENOMEM;
    }
    if (info != NULL)
    {
        take_stamp(&stamp, info);
    }
    list->items[list->count++] = stamp;
    return AJAR_OK;
}

static int is_targets_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 4 &&
           strcmp(entry->d_name + len - 4, ".ini") == 0;
}

/* By bytes, whatever the locale: the order of files decides the order of remarks. */
static int by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static int add_folder(struct file_list *list, const char *path, struct ajar_diags *diags)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_targets_file, by_name);
    if (count < 0)
    {
        return system_fault(path, "let ajar read the folder", errno, diags);
    }
    if (count == 0)
    {
        diags_warning(diags, (struct place){path, 0, 0},
                      "put a targets file there, named *.ini", "no *.ini in this folder");
    }
    int status = AJAR_OK;
    for (int i = 0; i < count; i++)
    {
        char *inner = NULL;
        size_t size = strlen(path) + strlen(entries[i]->d_name) + 2;
        bool slash = path[0] != '\0' && path[strlen(path) - 1] == '/';
        if (status == AJAR_OK && (inner = malloc(size)) != NULL)
        {
            diags_text(inner, size, "%s%s%s", path, slash ? "" : "/", entries[i]->d_name);
            status = files_add(list, inner, false, diags);
        }
        free(inner);
        free(entries[i]);
    }
    free(entries);
    return status;
}

int files_add(struct file_list *list, const char *path, bool is_given,
              struct ajar_diags *diags)
{
    struct stat info;
    if (stat(path, &info) != 0)
    {
        int error = errno;
        int status = push(list, path, is_given, NULL);
        return status < 0 ? status
                          : system_fault(path, "name a targets file or a folder of them",
                                         error, diags);
    }
    if (is_listed(list, path, &info))
    {
        return AJAR_OK;
    }
    int status = push(list, path, is_given, &info);
    if (status == AJAR_OK && S_ISDIR(info.st_mode) && is_given)
    {
        status = add_folder(list, path, diags);
    }
    return status;
}

static int read_all(int descriptor, struct ajar_buf *out)
{
    char chunk[16384];
    for (;;)
    {
        ssize_t got = read(descriptor, chunk, sizeof chunk);
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

static int read_open(int descriptor, struct stamp *stamp, struct ajar_buf *out,
                     struct ajar_diags *diags)
{
    struct stat info;
    struct place place = {stamp->path, 0, 0};
    if (fstat(descriptor, &info) != 0)
    {
        return system_fault(stamp->path, "let ajar read the file", errno, diags);
    }
    take_stamp(stamp, &info); /* before the first read: a write after it shows */
    if (!S_ISREG(info.st_mode))
    {
        diags_error(diags, place, "name a plain file", "not a plain file");
        return AJAR_ESYSTEM;
    }
    int status = read_all(descriptor, out);
    if (status == AJAR_ELIMIT)
    {
        diags_error(diags, place, "split it into several files", "larger than %u MiB",
                    AJAR_MAX_TARGETS_FILE >> 20);
        status = AJAR_ESYNTAX; /* the file's fault, not ours */
    }
    else if (status == AJAR_ESYSTEM)
    {
        (void)system_fault(stamp->path, "let ajar read the file", errno, diags);
    }
    return status;
}

int files_read(struct stamp *stamp, struct ajar_buf *out, struct ajar_diags *diags)
{
    ajar_buf_reset(out, AJAR_MAX_TARGETS_FILE);
    /* O_NONBLOCK: a FIFO of that name must not hold us; it is refused below */
    int descriptor = open(stamp->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
    {
        stamp->is_missing = true;
        return system_fault(stamp->path, "let ajar read the file", errno, diags);
    }
    int status = read_open(descriptor, stamp, out, diags);
    (void)close(descriptor);
    return status;
}

static bool has_changed(const struct stamp *stamp)
{
    struct stat info;
    if (stat(stamp->path, &info) != 0)
    {
        return !stamp->is_missing;
    }
    return stamp->is_missing || info.st_dev != stamp->device ||
           info.st_ino != stamp->inode || info.st_size != stamp->size ||
           info.st_mtim.tv_sec != stamp->changed.tv_sec ||
           info.st_mtim.tv_nsec != stamp->changed.tv_nsec;
}

bool files_have_changed(const struct file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
    {
        if (has_changed(&list->items[i]))
        {
            return true;
        }
    }
    return false;
}
