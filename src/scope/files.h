/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SCOPE_FILES_H
#define AJAR_SCOPE_FILES_H

#include <sys/stat.h>

#include "diags.h"

/* A file or folder that the scope was read from, as it was then. */
struct stamp
{
    char *path;
    bool is_given; /* named by the caller; else found in a folder */
    bool is_folder;
    bool is_missing; /* it could not be read then */
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

struct file_list
{
    struct stamp *items;
    size_t count;
    size_t cap;
};

void files_free(struct file_list *list);
/* A folder stands for itself and its *.ini in the order of their names; a file that comes
 * twice is taken once. AJAR_ESYSTEM when one cannot be had: the others are listed. */
int files_add(struct file_list *list, const char *path, bool is_given,
              struct ajar_diags *diags) AJAR_MUST_CHECK;
/* Takes the stamp and the text. AJAR_ESYSTEM or, too large, AJAR_ESYNTAX, with a remark.
 */
int files_read(struct stamp *stamp, struct ajar_buf *out,
               struct ajar_diags *diags) AJAR_MUST_CHECK;
bool files_have_changed(const struct file_list *list);
bool files_contain(const struct file_list *list, const char *path);

#endif
