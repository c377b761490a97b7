/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

/* A folder of its own for each test, gone at its end. */
struct folder
{
    char path[64];
};

static struct folder folder_new(void)
{
    struct folder folder = {"/tmp/ajar-scope-XXXXXX"};
    cr_assert_not_null(mkdtemp(folder.path));
    return folder;
}

static const char *path_in(const struct folder *folder, const char *name, char out[128])
{
    (void)snprintf(out, 128, "%s/%s", folder->path, name);
    return out;
}

static void write_file(const struct folder *folder, const char *name, const char *text)
{
    char path[128];
    FILE *file = fopen(path_in(folder, name, path), "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    (void)fclose(file);
}

static void remove_file(const struct folder *folder, const char *name)
{
    char path[128];
    cr_assert_eq(unlink(path_in(folder, name, path)), 0);
}

static int load(const char *path, struct ajar_diags *diags, struct ajar_scope **out)
{
    return ajar_scope_load(&path, 1, TODAY, diags, out);
}

static struct ajar_scope *load_path(const char *path)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    cr_assert_eq(load(path, &diags, &scope), AJAR_OK, "%s",
                 diags.count > 0 ? diags.items[0].what : "?");
    ajar_diags_deinit(&diags);
    return scope;
}

/* Reloads; the status and the first remark are as expected. */
static void reload(struct ajar_scope *scope, int want, const char *want_what)
{
    struct ajar_diags diags;
    int status = ajar_scope_reload_exclusions(scope, &diags);
    cr_assert_eq(status, want, "%d: %s", status,
                 diags.count > 0 ? diags.items[0].what : "");
    cr_assert_eq(diags.errors > 0, want_what != NULL);
    if (want_what != NULL)
    {
        cr_assert_not_null(strstr(diags.items[0].what, want_what), "%s",
                           diags.items[0].what);
    }
    ajar_diags_deinit(&diags);
}

static struct ajar_permit *permit_for(const struct ajar_scope *scope, const char *address)
{
    struct ajar_addr addr = addr_of(address);
    struct ajar_permit *permit = NULL;
    cr_assert_eq(ajar_scope_permit(scope, &addr, 9200, &permit), AJAR_OK);
    return permit;
}

Test(files, shipped_examples_load)
{
    struct ajar_scope *scope = load_path("targets/localhost.ini");
    cr_assert_eq(ajar_scope_host_count(scope), 2);
    cr_assert_eq(ajar_scope_target_count(scope), 16);
    cr_assert_eq(ruling_of(scope, "127.0.0.1"), AJAR_RULING_LOOPBACK);
    ajar_scope_free(scope);
    /* the example is harmless: documentation space alone */
    scope = load_path("targets/example.ini");
    cr_assert_eq(ajar_scope_host_count(scope), 0);
    cr_assert_eq(ruling_of(scope, "198.51.100.1"), AJAR_RULING_SPECIAL);
    cr_assert_eq(ruling_of(scope, "198.51.100.7"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ajar_scope_name_count(scope), 2);
    ajar_scope_free(scope);
}

Test(files, a_folder_stands_for_its_ini_files)
{
    struct folder folder = folder_new();
    char path[128];
    write_file(&folder, "b.ini", "[b]\nowner=B\nrange=20.0.1.0/24\n");
    write_file(&folder, "a.ini", "[a]\nowner=A\nrange=20.0.0.0/24\n");
    write_file(&folder, "notes.txt", "not a targets file");
    write_file(&folder, ".hidden.ini", "neither");
    write_file(&folder, "c.ini~", "nor this");
    struct ajar_scope *scope = load_path(folder.path);
    cr_assert_eq(ajar_scope_host_count(scope), 512);
    ajar_scope_free(scope);
    /* named beside its folder, a file counts once */
    const char *both[] = {path_in(&folder, "a.ini", path), folder.path, folder.path};
    struct ajar_diags diags;
    cr_assert_eq(ajar_scope_load(both, 3, TODAY, &diags, &scope), AJAR_OK);
    cr_assert_eq(ajar_scope_host_count(scope), 512);
    cr_assert_eq(diags.count, 0);
    ajar_diags_deinit(&diags);
    ajar_scope_free(scope);
    /* two files may not claim one range */
    write_file(&folder, "c.ini", "[c]\nowner=C\nrange=20.0.0.0/24\n");
    scope = NULL;
    cr_assert_eq(load(folder.path, &diags, &scope), AJAR_ESYNTAX);
    cr_assert_null(scope);
    cr_assert_eq(diags.count, 1);
    cr_assert_not_null(strstr(diags.items[0].file, "/c.ini"));
    cr_assert_not_null(strstr(diags.items[0].what, "line 3 of "));
    cr_assert_not_null(strstr(diags.items[0].what, "/a.ini"));
    ajar_diags_deinit(&diags);
    remove_file(&folder, "a.ini");
    remove_file(&folder, "b.ini");
    remove_file(&folder, "c.ini");
    remove_file(&folder, "c.ini~");
    remove_file(&folder, "notes.txt");
    remove_file(&folder, ".hidden.ini");
    (void)rmdir(folder.path);
}

Test(files, what_cannot_be_read_is_said)
{
    struct folder folder = folder_new();
    char path[128];
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    path_in(&folder, "none.ini", path);
    cr_assert_eq(load(path, &diags, &scope), AJAR_ESYSTEM);
    cr_assert_eq(diags.errors, 1);
    cr_assert_str_eq(diags.items[0].file, path);
    cr_assert_eq(diags.items[0].line, 0);
    cr_assert_str_eq(diags.items[0].what, "cannot be read: No such file or directory");
    cr_assert_str_eq(diags.items[0].mend, "name a targets file or a folder of them");
    ajar_diags_deinit(&diags);
    /* a FIFO must not hold us */
    path_in(&folder, "fifo.ini", path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_assert_eq(load(path, &diags, &scope), AJAR_ESYSTEM);
    cr_assert_str_eq(diags.items[0].what, "not a plain file");
    ajar_diags_deinit(&diags);
    remove_file(&folder, "fifo.ini");
    /* an empty folder is a slip of the pen */
    cr_assert_eq(load(folder.path, &diags, &scope), AJAR_OK);
    cr_assert_eq(diags.count, 1);
    cr_assert_not(diags.items[0].is_error);
    cr_assert_str_eq(diags.items[0].what, "no *.ini in this folder");
    ajar_diags_deinit(&diags);
    ajar_scope_free(scope);
    (void)rmdir(folder.path);
}

Test(files, a_file_has_a_largest_size)
{
    struct folder folder = folder_new();
    char path[128];
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    FILE *file = fopen(path_in(&folder, "large.ini", path), "wb");
    for (size_t i = 0; i <= AJAR_MAX_TARGETS_FILE / 64; i++)
    {
        (void)fprintf(file, ";%062d\n", 0);
    }
    (void)fclose(file);
    cr_assert_eq(load(path, &diags, &scope), AJAR_ESYNTAX);
    cr_assert_null(scope);
    cr_assert_str_eq(diags.items[0].what, "larger than 4 MiB");
    ajar_diags_deinit(&diags);
    remove_file(&folder, "large.ini");
    (void)rmdir(folder.path);
}

Test(files, exclusions_are_read_again_while_permits_exist)
{
    struct folder folder = folder_new();
    char path[128];
    write_file(&folder, "a.ini", "[a]\nowner=A\nrange=20.0.0.0/24\nexclude=20.0.0.1\n");
    struct ajar_scope *scope = load_path(path_in(&folder, "a.ini", path));
    struct ajar_permit *two = permit_for(scope, "20.0.0.2");
    struct ajar_permit *three = permit_for(scope, "20.0.0.3");
    char digest[65];
    memcpy(digest, ajar_scope_digest(scope), sizeof digest);
    cr_assert_not(ajar_scope_is_stale(scope));
    /* 20.0.0.1 is let in again, 20.0.0.2 goes out; the new range and team do not count */
    write_file(
        &folder, "a.ini",
        "exclude=20.0.0.2\n[a]\nowner=A\nrange=20.0.0.0/23\n[n]\nrange=21.0.0.0/24\n");
    cr_assert(ajar_scope_is_stale(scope));
    cr_assert(ajar_permit_is_valid(two)); /* nothing changes before it is read */
    reload(scope, AJAR_OK, NULL);
    cr_assert_not(ajar_scope_is_stale(scope));
    cr_assert_not(ajar_permit_is_valid(two));
    cr_assert(ajar_permit_is_valid(three));
    cr_assert_str_eq(ajar_permit_section(two)->id, "a");
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_OWNED);
    cr_assert_eq(ruling_of(scope, "20.0.0.2"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "20.0.1.1"), AJAR_RULING_UNDECLARED);
    cr_assert_eq(ruling_of(scope, "21.0.0.1"), AJAR_RULING_UNDECLARED);
    /* the enumeration and its digest are those of the start */
    cr_assert_eq(ajar_scope_host_count(scope), 255);
    cr_assert_str_eq(ajar_scope_digest(scope), digest);
    struct ajar_addr addr = addr_of("20.0.0.2");
    struct ajar_explanation found;
    ajar_scope_explain(scope, &addr, &found);
    cr_assert_eq(found.line, 1);
    cr_assert_str_eq(found.file, path);
    cr_assert_str_eq(found.section->id, "a");
    ajar_permit_release(two);
    ajar_permit_release(three);
    ajar_scope_free(scope);
    remove_file(&folder, "a.ini");
    (void)rmdir(folder.path);
}

/* One file is broken, another gone: their exclusions stay, while those of the third and
 * of a new one count as they now stand. */
Test(files, a_broken_or_vanished_file_keeps_its_exclusions)
{
    struct folder folder = folder_new();
    write_file(&folder, "a.ini", "[a]\nowner=A\nrange=20.0.0.0/24\nexclude=20.0.0.1\n");
    write_file(&folder, "b.ini", "exclude=20.0.0.2\n");
    write_file(&folder, "c.ini", "exclude=20.0.0.3\n");
    struct ajar_scope *scope = load_path(folder.path);
    write_file(&folder, "a.ini", "exclude=20.0.0.9\nexclude=20.0.0.777\n");
    remove_file(&folder, "b.ini");
    write_file(&folder, "c.ini", "exclude=20.0.0.4 ; changed\n");
    write_file(&folder, "d.ini", "exclude=20.0.0.5\n");
    cr_assert(ajar_scope_is_stale(scope));
    reload(scope, AJAR_ESYNTAX, "20.0.0.777");
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "20.0.0.9"), AJAR_RULING_OWNED);
    cr_assert_eq(ruling_of(scope, "20.0.0.2"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "20.0.0.3"), AJAR_RULING_OWNED);
    cr_assert_eq(ruling_of(scope, "20.0.0.4"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "20.0.0.5"), AJAR_RULING_EXCLUDED);
    /* said once: what has not changed since is not stale */
    cr_assert_not(ajar_scope_is_stale(scope));
    /* again and again, the old ones stay */
    reload(scope, AJAR_ESYNTAX, "20.0.0.777");
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_EXCLUDED);
    cr_assert_eq(ruling_of(scope, "20.0.0.2"), AJAR_RULING_EXCLUDED);
    write_file(&folder, "a.ini", "exclude=20.0.0.9\n");
    cr_assert(ajar_scope_is_stale(scope));
    reload(scope, AJAR_ESYSTEM, "cannot be read");
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_OWNED);
    cr_assert_eq(ruling_of(scope, "20.0.0.9"), AJAR_RULING_EXCLUDED);
    /* the vanished file comes back */
    write_file(&folder, "b.ini", "; nothing any more\n");
    cr_assert(ajar_scope_is_stale(scope));
    reload(scope, AJAR_OK, NULL);
    cr_assert_eq(ruling_of(scope, "20.0.0.2"), AJAR_RULING_OWNED);
    cr_assert_not(ajar_scope_is_stale(scope));
    ajar_scope_free(scope);
    remove_file(&folder, "a.ini");
    remove_file(&folder, "b.ini");
    remove_file(&folder, "c.ini");
    remove_file(&folder, "d.ini");
    (void)rmdir(folder.path);
}

Test(files, a_new_file_in_the_folder_makes_the_scope_stale)
{
    struct folder folder = folder_new();
    write_file(&folder, "a.ini", "[a]\nowner=A\nrange=20.0.0.0/24\n");
    struct ajar_scope *scope = load_path(folder.path);
    /* the folder's time stamp is coarse: make sure that it differs */
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    cr_assert_eq(utimensat(AT_FDCWD, folder.path, times, 0), 0);
    cr_assert(ajar_scope_is_stale(scope));
    reload(scope, AJAR_OK, NULL);
    cr_assert_not(ajar_scope_is_stale(scope));
    write_file(&folder, "b.ini", "exclude=20.0.0.8\n");
    cr_assert(ajar_scope_is_stale(scope));
    reload(scope, AJAR_OK, NULL);
    cr_assert_eq(ruling_of(scope, "20.0.0.8"), AJAR_RULING_EXCLUDED);
    ajar_scope_free(scope);
    remove_file(&folder, "a.ini");
    remove_file(&folder, "b.ini");
    (void)rmdir(folder.path);
}

/* The same size and second, another inode: what an editor that renames leaves behind. */
Test(files, a_replaced_file_is_noticed)
{
    struct folder folder = folder_new();
    char path[128];
    char other[128];
    struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    write_file(&folder, "a.ini", "exclude=20.0.0.1\n[a]\nowner=A\nrange=20.0.0.0/24\n");
    write_file(&folder, "new", "exclude=20.0.0.2\n[a]\nowner=A\nrange=20.0.0.0/24\n");
    path_in(&folder, "a.ini", path);
    path_in(&folder, "new", other);
    cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    cr_assert_eq(utimensat(AT_FDCWD, other, times, 0), 0);
    struct ajar_scope *scope = load_path(path);
    cr_assert_not(ajar_scope_is_stale(scope));
    cr_assert_eq(rename(other, path), 0);
    cr_assert(ajar_scope_is_stale(scope));
    reload(scope, AJAR_OK, NULL);
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_OWNED);
    cr_assert_eq(ruling_of(scope, "20.0.0.2"), AJAR_RULING_EXCLUDED);
    ajar_scope_free(scope);
    remove_file(&folder, "a.ini");
    (void)rmdir(folder.path);
}

Test(files, text_has_no_files_to_go_stale)
{
    struct ajar_scope *scope =
        load_fine("[a]\nowner=A\nrange=20.0.0.0/24\nexclude=20.0.0.1\n");
    cr_assert_not(ajar_scope_is_stale(scope));
    reload(scope, AJAR_OK, NULL);
    cr_assert_eq(ruling_of(scope, "20.0.0.1"), AJAR_RULING_EXCLUDED);
    ajar_scope_free(scope);
}
