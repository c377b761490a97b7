/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target once over every file of the folders and files named as arguments, so
 * that committed seeds are replayed by any compiler. Ends with 1 when there was none: an
 * empty corpus would be a test that cannot fail.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
    {
        perror(path);
        exit(1);
    }
    (void)fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    /* exactly as large as the input, so that ASan sees a read past its end */
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    size_t got = data != NULL && size > 0 ? fread(data, 1, (size_t)size, file) : 0;
    (void)fclose(file);
    if (size > 0 && got != (size_t)size)
    {
        (void)fprintf(stderr, "%s: short read\n", path);
        exit(1);
    }
    (void)LLVMFuzzerTestOneInput(data, got);
    free(data);
    return 1;
}

static unsigned replay(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
    {
        perror(path);
        exit(1);
    }
    if (!S_ISDIR(info.st_mode))
    {
        return replay_file(path);
    }
    unsigned count = 0;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
    {
        char inner[4096];
        (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        count += entry->d_name[0] == '.' ? 0 : replay_file(inner);
    }
    if (dir != NULL)
    {
        (void)closedir(dir);
    }
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    for (int i = 1; i < argc; i++)
    {
        count += replay(argv[i]);
    }
    (void)printf("%u passed, 0 failed\n", count);
    return count > 0 ? 0 : 1;
}
