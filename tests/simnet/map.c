/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The map, a place a line:
 *   ADDRESS[/PREFIX|-LAST] PORT PERSONALITY [tls] [whole|bytes|split=N|drip] [close|keep]
 *                                           [delay=MS]
 * Loopback only: 127.0.0.0/8 and ::1. Port 0 is one port of the kernel's choice for all
 * lines that say 0; it is printed as `port N`. Where places overlap the narrower one
 * wins.
 */

struct map_line
{
    const char *file;
    const char *fixtures;
    char *text;
    unsigned number;
};

static bool complain(const struct map_line *line, const char *word, const char *what)
{
    say("%s:%u:%ld: %s: %s", line->file, line->number, (long)(word - line->text) + 1,
        word, what);
    return false;
}

static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t");
    if (*word == '\0' || *word == '#')
    {
        return NULL;
    }
    size_t length = strcspn(word, " \t");
    *at = word[length] == '\0' ? word + length : word + length + 1;
    word[length] = '\0';
    return word;
}

static bool parse_v4(const char *text, uint32_t *out)
{
    struct in_addr address;
    if (inet_pton(AF_INET, text, &address) != 1)
    {
        return false;
    }
    *out = ntohl(address.s_addr);
    return true;
}

static bool parse_addresses(const struct map_line *line, const char *word,
                            struct place *place)
{
    char copy[64];
    uint64_t prefix = 32;
    if (strcmp(word, "::1") == 0)
    {
        place->is_v6 = true;
        return true;
    }
    (void)snprintf(copy, sizeof copy, "%s", word);
    char *slash = strchr(copy, '/');
    char *dash = strchr(copy, '-');
    if (slash != NULL)
    {
        *slash = '\0';
    }
    if (dash != NULL)
    {
        *dash = '\0';
    }
    if (!parse_v4(copy, &place->first) ||
        (slash != NULL && !number_parse(slash + 1, 32, &prefix)))
    {
        return complain(line, word, "not an address, a prefix or a range");
    }
    uint32_t mask = prefix == 0 ? 0 : UINT32_MAX << (32 - prefix);
    place->last = place->first | ~mask;
    if ((place->first & ~mask) != 0 ||
        (dash != NULL && !parse_v4(dash + 1, &place->last)) || place->last < place->first)
    {
        return complain(line, word,
                        "the prefix has host bits, or the range runs backwards");
    }
    if (place->first >> 24 != 127 || place->last >> 24 != 127)
    {
        return complain(line, word, "only 127.0.0.0/8 and ::1 are simulated");
    }
    return true;
}

static bool parse_option(const struct map_line *line, const char *word,
                         struct place *place)
{
    uint64_t number = 0;
    if (strcmp(word, "tls") == 0)
    {
        place->tls = true;
    }
    else if (strcmp(word, "whole") == 0)
    {
        place->pace = PACE_WHOLE;
    }
    else if (strcmp(word, "bytes") == 0)
    {
        place->pace = PACE_BYTES;
    }
    else if (strcmp(word, "drip") == 0)
    {
        place->pace = PACE_DRIP;
    }
    else if (strncmp(word, "split=", 6) == 0 && number_parse(word + 6, 1u << 30, &number))
    {
        place->pace = PACE_SPLIT;
        place->split_at = (size_t)number;
    }
    else if (strcmp(word, "close") == 0)
    {
        place->closes = true;
    }
    else if (strncmp(word, "delay=", 6) == 0 && number_parse(word + 6, 600000, &number))
    {
        place->delay_ms = (uint32_t)number;
    }
    else if (strcmp(word, "keep") != 0)
    {
        return complain(line, word,
                        "not an option (tls, whole, bytes, split=N, drip, close, keep, "
                        "delay=MS)");
    }
    return true;
}

static struct personality *personality_get(const struct map_line *line, const char *name,
                                           struct map *map)
{
    for (struct personality *p = map->personalities; p != NULL; p = p->next)
    {
        if (strcmp(p->name, name) == 0)
        {
            return p;
        }
    }
    struct personality *p = personality_load(line->fixtures, name);
    if (p != NULL)
    {
        p->next = map->personalities;
        map->personalities = p;
    }
    return p;
}

static bool parse_line(const struct map_line *line, struct map *map)
{
    char *rest = line->text;
    char *address = next_word(&rest);
    if (address == NULL)
    {
        return true;
    }
    struct place place;
    memset(&place, 0, sizeof place);
    char *port = next_word(&rest);
    char *name = port == NULL ? NULL : next_word(&rest);
    if (name == NULL)
    {
        return complain(line, address, "a line is ADDRESS PORT PERSONALITY [option ...]");
    }
    uint64_t number = 0;
    if (!parse_addresses(line, address, &place))
    {
        return false;
    }
    if (!number_parse(port, 65535, &number))
    {
        return complain(line, port, "not a port");
    }
    place.port = (uint16_t)number;
    place.bound_port = place.port;
    for (char *word = next_word(&rest); word != NULL; word = next_word(&rest))
    {
        if (!parse_option(line, word, &place))
        {
            return false;
        }
    }
    place.personality = personality_get(line, name, map);
    if (place.personality == NULL)
    {
        return complain(line, name, "this personality cannot be loaded");
    }
    struct place *grown = realloc(map->places, (map->count + 1) * sizeof *grown);
    if (grown == NULL)
    {
        return complain(line, address, "no memory");
    }
    map->places = grown;
    map->places[map->count++] = place;
    map->has_tls |= place.tls;
    return true;
}

static int by_width(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    uint32_t x_width = x->last - x->first;
    uint32_t y_width = y->last - y->first;
    if (x_width != y_width)
    {
        return x_width < y_width ? -1 : 1;
    }
    if (x->first != y->first)
    {
        return x->first < y->first ? -1 : 1;
    }
    return x->port < y->port ? -1 : x->port > y->port;
}

static bool has_twins(const char *file, const struct map *map)
{
    for (size_t i = 1; i < map->count; i++)
    {
        const struct place *a = &map->places[i - 1];
        const struct place *b = &map->places[i];
        if (by_width(a, b) == 0 && a->is_v6 == b->is_v6)
        {
            say("%s: two lines for the same addresses and port %u: %s and %s", file,
                (unsigned)a->port, a->personality->name, b->personality->name);
            return true;
        }
    }
    return false;
}

int map_load(const char *file, const char *fixtures, struct map *out)
{
    size_t length = 0;
    char *text = file_read(file, &length);
    if (text == NULL)
    {
        say("%s: cannot be read", file);
        return -1;
    }
    memset(out, 0, sizeof *out);
    struct map_line line = {file, fixtures, text, 0};
    bool good = true;
    for (char *rest = text; good && rest != NULL && *rest != '\0';)
    {
        line.text = strsep(&rest, "\n");
        line.number++;
        good = parse_line(&line, out);
    }
    free(text);
    if (good && out->count == 0)
    {
        say("%s: no place in it", file);
        good = false;
    }
    if (good)
    {
        qsort(out->places, out->count, sizeof *out->places, by_width);
        good = !has_twins(file, out);
    }
    if (!good)
    {
        map_free(out);
        return -1;
    }
    return 0;
}

void map_free(struct map *map)
{
    free(map->places);
    personality_free(map->personalities);
    memset(map, 0, sizeof *map);
}

const struct place *map_find(const struct map *map, uint32_t address, uint16_t bound_port)
{
    for (size_t i = 0; i < map->count; i++)
    {
        const struct place *place = &map->places[i];
        if (place->bound_port == bound_port && !place->is_v6 && place->first <= address &&
            address <= place->last)
        {
            return place;
        }
    }
    return NULL;
}
