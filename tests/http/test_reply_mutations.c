/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Debian 12 has llhttp 8.1.0, Debian 13 has 9.2.1, and their strictness differs in many
 * places. What a reply is must not: each golden reply is taken with one byte changed,
 * inserted or removed at every position, and what the parser tells of all of them, whole
 * and byte by byte, must hash to what mutations.sum says, wherever it is built.
 *
 *   test_http_reply_mutations            compares with tests/http/mutations.sum
 *   test_http_reply_mutations --sum      prints a new one
 *   test_http_reply_mutations NAME       prints what each mutant of one reply is told as
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply_log.h"

enum
{
    GOLDEN_MAX = 1024,     /* bytes of a reply that is mutated; longer ones repeat */
    GOLDEN_AT_LEAST = 100, /* a folder that cannot be found must not pass */
    MUTANT_MAX_BODY = 4096
};

/* What means something in a head or a chunk, and what never may stand there. */
static const char bytes_put[] = "\0\t\n\r ,:;\"09aFgz-+=\\(\x01\x7f\x80\xff";
enum
{
    BYTES_PUT = sizeof bytes_put - 1
};

struct mutants
{
    struct reply_log log;
    bool prints;
    uint64_t sum;
    uint64_t count;
    uint64_t torn; /* mutants told otherwise byte by byte than whole */
};

static uint64_t add_text(uint64_t sum, const char *text)
{
    /* FNV-1a */
    for (; *text != '\0'; text++)
    {
        sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return (sum ^ 0xff) * UINT64_C(0x100000001b3);
}

static const char *tell(struct mutants *all, struct ajar_span reply, size_t step)
{
    reply_log_begin(&all->log, MUTANT_MAX_BODY);
    (void)reply_log_end(&all->log, reply_log_feed_steps(&all->log, reply, step));
    char *text = all->log.text.data;
    /* a head cut short may be known as malformed some bytes earlier: the same end */
    char *end = strstr(text, "at the connection's end: malformed");
    if (end != NULL)
    {
        (void)memmove(end, end + strlen("at the connection's end: "),
                      sizeof "malformed\n");
    }
    return text;
}

static void look(struct mutants *all, const char *how, size_t at, int byte,
                 struct ajar_span reply)
{
    uint64_t whole = add_text(0, tell(all, reply, reply.len > 0 ? reply.len : 1));
    if (all->prints)
    {
        (void)printf("%s %zu %02x: %s", how, at, (unsigned)byte, all->log.text.data);
    }
    bool same = add_text(0, tell(all, reply, 1)) == whole;
    if (!same)
    {
        (void)printf("torn: %s %zu %02x: %s", how, at, (unsigned)byte,
                     all->log.text.data);
    }
    all->torn += same ? 0 : 1;
    all->sum = (all->sum ^ whole) * UINT64_C(0x100000001b3);
    all->count++;
}

static void mutate(struct mutants *all, const char *reply, size_t len)
{
    char mutant[GOLDEN_MAX + 1];
    for (size_t at = 0; at < len; at++)
    {
        memcpy(mutant, reply, at);
        memcpy(mutant + at, reply + at + 1, len - at - 1);
        look(all, "without", at, 0, (struct ajar_span){mutant, len - 1});
        look(all, "up to", at, 0, (struct ajar_span){reply, at});
        for (size_t i = 0; i < BYTES_PUT; i++)
        {
            memcpy(mutant, reply, len);
            mutant[at] = bytes_put[i];
            look(all, "changed", at, (unsigned char)bytes_put[i],
                 (struct ajar_span){mutant, len});
            memcpy(mutant + at + 1, reply + at, len - at);
            look(all, "inserted", at, (unsigned char)bytes_put[i],
                 (struct ajar_span){mutant, len + 1});
        }
    }
}

static size_t read_reply(const char *name, char *out, size_t room)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/tests/http/golden/%s", AJAR_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
    {
        return 0;
    }
    size_t len = fread(out, 1, room, file);
    (void)fclose(file);
    return len;
}

static int is_reply(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".http") == 0;
}

/* The line of one reply, as mutations.sum has it; false when the reply is too long. */
static bool sum_reply(const char *name, bool prints, char *out_line, size_t room,
                      uint64_t *torn)
{
    char reply[GOLDEN_MAX + 1];
    size_t len = read_reply(name, reply, sizeof reply);
    if (len == 0 || len > GOLDEN_MAX)
    {
        return false;
    }
    struct mutants all = {.prints = prints};
    reply_log_init(&all.log);
    mutate(&all, reply, len);
    reply_log_deinit(&all.log);
    (void)snprintf(out_line, room, "%s %" PRIu64 " %016" PRIx64 "\n", name, all.count,
                   all.sum);
    *torn += all.torn;
    return true;
}

static bool is_in(FILE *sums, const char *line)
{
    char known[512];
    rewind(sums);
    while (fgets(known, sizeof known, sums) != NULL)
    {
        if (strcmp(known, line) == 0)
        {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    const char *one = argc > 1 && strcmp(argv[1], "--sum") != 0 ? argv[1] : NULL;
    FILE *sums = fopen(AJAR_SOURCE_DIR "/tests/http/mutations.sum", "r");
    struct dirent **names = NULL;
    int count =
        scandir(AJAR_SOURCE_DIR "/tests/http/golden", &names, is_reply, alphasort);
    int looked = 0;
    int wrong = 0;
    uint64_t torn = 0;
    for (int i = 0; i < count; i++)
    {
        char line[512];
        const char *name = names[i]->d_name;
        if ((one == NULL || strcmp(one, name) == 0) &&
            sum_reply(name, one != NULL, line, sizeof line, &torn))
        {
            looked++;
            bool known = argc == 1 && sums != NULL && is_in(sums, line);
            wrong += known || argc > 1 ? 0 : 1;
            (void)printf("%s%s",
                         known || argc > 1 ? "" : "not so before: ", known ? "" : line);
        }
        free(names[i]);
    }
    free(names);
    if (sums != NULL)
    {
        (void)fclose(sums);
    }
    if (argc == 1)
    {
        (void)printf("%d replies, %d not as before, %" PRIu64 " torn\n", looked, wrong,
                     torn);
    }
    if (one == NULL && looked < GOLDEN_AT_LEAST - 10)
    {
        (void)printf("only %d replies\n", looked);
        wrong++;
    }
    return wrong == 0 && torn == 0 ? 0 : 1;
}
