/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What came in, by address and port, so that a test can prove what ajar did and did not
 * send. Bounded: the first lines of each address, and so many bytes of text in all.
 */

#define MAX_LINES 32u
#define MAX_TEXT (64u * 1024u * 1024u)

struct seen
{
    char *line; /* request line, not escaped */
    unsigned status;
};

struct tally
{
    const struct place *place;
    uint32_t address;
    uint64_t connections;
    uint64_t tls_connections;
    uint64_t requests;
    uint64_t not_get;
    uint64_t with_credentials;
    uint64_t with_body;
    struct seen seen[MAX_LINES];
    size_t seen_count;
    char *first_head;
};

struct counter
{
    struct tally **slots; /* open addressing, a power of two */
    size_t capacity;
    size_t used;
    size_t text_bytes;
};

struct counter *counter_new(void)
{
    struct counter *counter = calloc(1, sizeof *counter);
    if (counter == NULL)
    {
        return NULL;
    }
    counter->capacity = 1024;
    counter->slots = calloc(counter->capacity, sizeof *counter->slots);
    if (counter->slots == NULL)
    {
        free(counter);
        return NULL;
    }
    return counter;
}

void counter_free(struct counter *counter)
{
    if (counter == NULL)
    {
        return;
    }
    for (size_t i = 0; i < counter->capacity; i++)
    {
        struct tally *tally = counter->slots[i];
        for (size_t j = 0; tally != NULL && j < tally->seen_count; j++)
        {
            free(tally->seen[j].line);
        }
        if (tally != NULL)
        {
            free(tally->first_head);
            free(tally);
        }
    }
    free(counter->slots);
    free(counter);
}

static size_t slot_of(const struct counter *counter, uint16_t port, uint32_t address)
{
    uint64_t key = ((uint64_t)port << 32 | address) * 0x9e3779b97f4a7c15u;
    size_t at = (size_t)(key >> 20) & (counter->capacity - 1);
    while (counter->slots[at] != NULL && (counter->slots[at]->address != address ||
                                          counter->slots[at]->place->bound_port != port))
    {
        at = (at + 1) & (counter->capacity - 1);
    }
    return at;
}

static bool grow(struct counter *counter)
{
    struct counter bigger = *counter;
    bigger.capacity *= 2;
    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (bigger.slots == NULL)
    {
        return false;
    }
    for (size_t i = 0; i < counter->capacity; i++)
    {
        struct tally *tally = counter->slots[i];
        if (tally != NULL)
        {
            bigger.slots[slot_of(&bigger, tally->place->bound_port, tally->address)] =
                tally;
        }
    }
    free(counter->slots);
    *counter = bigger;
    return true;
}

struct tally *counter_tally(struct counter *counter, const struct place *place,
                            uint32_t address)
{
    if (counter->used * 2 >= counter->capacity && !grow(counter))
    {
        return NULL;
    }
    size_t at = slot_of(counter, place->bound_port, address);
    if (counter->slots[at] == NULL)
    {
        struct tally *tally = calloc(1, sizeof *tally);
        if (tally == NULL)
        {
            return NULL;
        }
        tally->place = place;
        tally->address = address;
        counter->slots[at] = tally;
        counter->used++;
    }
    return counter->slots[at];
}

void tally_connection(struct tally *tally, bool tls)
{
    tally->connections += tls ? 0 : 1;
    tally->tls_connections += tls ? 1 : 0;
}

void tally_request(struct counter *counter, struct tally *tally, const char *head,
                   size_t head_length, const struct request *request, unsigned status)
{
    tally->requests++;
    tally->not_get += request->is_get ? 0 : 1;
    tally->with_credentials += request->has_credentials ? 1 : 0;
    tally->with_body += request->has_body ? 1 : 0;
    if (counter->text_bytes + head_length > MAX_TEXT)
    {
        return;
    }
    if (tally->first_head == NULL)
    {
        tally->first_head = strndup(head, head_length);
        counter->text_bytes += head_length;
    }
    if (tally->seen_count < MAX_LINES)
    {
        const char *end = memchr(head, '\r', head_length);
        size_t length = end == NULL ? head_length : (size_t)(end - head);
        struct seen *seen = &tally->seen[tally->seen_count];
        seen->line = strndup(head, length);
        seen->status = status;
        tally->seen_count += seen->line == NULL ? 0 : 1;
        counter->text_bytes += length;
    }
}

/* JSON text of bytes that anybody may have sent; not ASCII or not printable: an escape.
 */
static void put_text(FILE *file, const char *text)
{
    (void)fputc('"', file);
    for (; text != NULL && *text != '\0'; text++)
    {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\')
        {
            (void)fprintf(file, "\\u%04x", (unsigned)byte);
        }
        else
        {
            (void)fputc(byte, file);
        }
    }
    (void)fputc('"', file);
}

static void put_tally(FILE *file, const struct tally *tally)
{
    char address[INET_ADDRSTRLEN] = "::1";
    if (!tally->place->is_v6)
    {
        struct in_addr in = {htonl(tally->address)};
        (void)inet_ntop(AF_INET, &in, address, sizeof address);
    }
    (void)fprintf(
        file,
        "{\"address\":\"%s\",\"port\":%u,\"personality\":\"%s\","
        "\"connections\":%llu,\"tls_connections\":%llu,\"requests\":%llu,"
        "\"not_get\":%llu,\"with_credentials\":%llu,\"with_body\":%llu,\"seen\":[",
        address, (unsigned)tally->place->bound_port, tally->place->personality->name,
        (unsigned long long)tally->connections,
        (unsigned long long)tally->tls_connections, (unsigned long long)tally->requests,
        (unsigned long long)tally->not_get, (unsigned long long)tally->with_credentials,
        (unsigned long long)tally->with_body);
    for (size_t i = 0; i < tally->seen_count; i++)
    {
        (void)fputs(i == 0 ? "[" : ",[", file);
        put_text(file, tally->seen[i].line);
        (void)fprintf(file, ",%u]", tally->seen[i].status);
    }
    (void)fputs("],\"first_head\":", file);
    put_text(file, tally->first_head);
    (void)fputs("}\n", file);
}

int counter_write(const struct counter *counter, const char *path)
{
    char part[1024];
    int length = snprintf(part, sizeof part, "%s.part", path);
    FILE *file = length < 0 || (size_t)length >= sizeof part ? NULL : fopen(part, "we");
    if (file == NULL)
    {
        say("%s: cannot be written: %s", path, strerror(errno));
        return -1;
    }
    for (size_t i = 0; i < counter->capacity; i++)
    {
        if (counter->slots[i] != NULL)
        {
            put_tally(file, counter->slots[i]);
        }
    }
    /* a reader that waits for the file never sees half of it */
    bool bad = ferror(file) != 0;
    bad |= fclose(file) != 0;
    if (bad || rename(part, path) != 0)
    {
        say("%s: cannot be written: %s", path, strerror(errno));
        return -1;
    }
    return 0;
}
