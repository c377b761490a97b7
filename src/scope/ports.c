/* SPDX-License-Identifier: Apache-2.0 */
#include "ports.h"

#include <string.h>

#include "ajar/num.h"

#include "diags.h"
#include "range.h"
#include "words.h"

#define PORTS_FORM "write ports from 1 to 65535, as in 9200-9205, 443/https"

static const char *const scheme_words[] = {"auto", "http", "https"};

/* One element: "9200", "9200-9205" or either with "/https". */
struct port_run
{
    uint64_t first;
    uint64_t last;
    uint8_t scheme;
};

static int bad(struct fault *fault, struct ajar_span all, struct ajar_span part,
               const char *what, const char *mend)
{
    fault->offset = (size_t)(part.data - all.data);
    fault->plain = what;
    diags_text(fault->what, sizeof fault->what, "%s", what);
    diags_text(fault->mend, sizeof fault->mend, "%s", mend);
    return AJAR_ESYNTAX;
}

static int parse_scheme(struct ajar_span all, struct ajar_span word, uint8_t *out,
                        struct fault *fault)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(scheme_words); i++)
    {
        if (ajar_span_is(word, scheme_words[i]))
        {
            *out = (uint8_t)i; /* scheme_words stands in the order of enum ajar_scheme */
            return AJAR_OK;
        }
    }
    const char *nearest = words_nearest(word, scheme_words, AJAR_COUNT_OF(scheme_words));
    char mend[DIAGS_MAX_TEXT];
    diags_text(mend, sizeof mend, "write %s%s (the schemes are http and https)",
               nearest != NULL ? "/" : "/http or /https", nearest != NULL ? nearest : "");
    return bad(fault, all, word, "unknown port scheme", mend);
}

static int parse_number(struct ajar_span all, struct ajar_span text, uint64_t *out,
                        struct fault *fault)
{
    uint64_t value = 0;
    if (text.len == 0)
    {
        return bad(fault, all, text, "a port is missing here", PORTS_FORM);
    }
    int status = ajar_num_u64(text, 65535, &value);
    if (status == AJAR_ELIMIT || (status == AJAR_OK && value == 0))
    {
        return bad(fault, all, text, "a port is a number from 1 to 65535", PORTS_FORM);
    }
    if (status < 0)
    {
        return bad(fault, all, text, "this is not a port number", PORTS_FORM);
    }
    *out = value;
    return AJAR_OK;
}

static int parse_run(struct ajar_span all, struct ajar_span item, struct port_run *out,
                     struct fault *fault)
{
    struct port_run run = {0, 0, AJAR_SCHEME_AUTO};
    struct ajar_span numbers = item;
    const char *slash = item.len > 0 ? memchr(item.data, '/', item.len) : NULL;
    if (slash != NULL)
    {
        size_t at = (size_t)(slash - item.data);
        struct ajar_span word = ajar_span_trim(
            (struct ajar_span){item.data + at + 1, item.len - at - 1}, AJAR_BLANKS);
        int status = parse_scheme(all, word, &run.scheme, fault);
        if (status < 0)
        {
            return status;
        }
        numbers = ajar_span_trim((struct ajar_span){item.data, at}, AJAR_BLANKS);
    }
    const char *dash = numbers.len > 0 ? memchr(numbers.data, '-', numbers.len) : NULL;
    size_t split = dash != NULL ? (size_t)(dash - numbers.data) : numbers.len;
    struct ajar_span low =
        ajar_span_trim((struct ajar_span){numbers.data, split}, AJAR_BLANKS);
    struct ajar_span high = low;
    if (dash != NULL)
    {
        high = ajar_span_trim(
            (struct ajar_span){numbers.data + split + 1, numbers.len - split - 1},
            AJAR_BLANKS);
    }
    int status = parse_number(all, low, &run.first, fault);
    if (status == AJAR_OK)
    {
        status = parse_number(all, high, &run.last, fault);
    }
    if (status == AJAR_OK && run.last < run.first)
    {
        return bad(fault, all, low, "the last port is below the first",
                   "write the smaller port first");
    }
    if (status == AJAR_OK)
    {
        *out = run;
    }
    return status;
}

static struct ajar_port *find(struct port_list *list, uint16_t port)
{
    for (size_t i = 0; i < list->count; i++)
    {
        if (list->items[i].port == port)
        {
            return &list->items[i];
        }
    }
    return NULL;
}

static int add_port(struct port_list *list, struct ajar_span all, struct ajar_span item,
                    struct ajar_port port, struct fault *fault)
{
    struct ajar_port *known = find(list, port.port);
    if (known == NULL)
    {
        if (list->count == AJAR_MAX_PORTS_PER_SECTION)
        {
            (void)bad(fault, all, item, "more than 256 ports",
                      "list the ports that your datastores listen on");
            return AJAR_ELIMIT;
        }
        list->items[list->count++] = port;
        return AJAR_OK;
    }
    if (known->scheme == AJAR_SCHEME_AUTO)
    {
        known->scheme = port.scheme;
    }
    else if (port.scheme != AJAR_SCHEME_AUTO && port.scheme != known->scheme)
    {
        return bad(fault, all, item, "this port has two schemes",
                   "keep one of them, or leave the scheme out: both are tried");
    }
    return AJAR_OK;
}

static int add_run(struct port_list *list, struct ajar_span all, struct ajar_span item,
                   struct fault *fault)
{
    struct port_run run = {0, 0, AJAR_SCHEME_AUTO};
    int status = parse_run(all, item, &run, fault);
    for (uint64_t port = run.first; status == AJAR_OK && port <= run.last; port++)
    {
        struct ajar_port one = {(uint16_t)port, run.scheme};
        status = add_port(list, all, item, one, fault);
    }
    return status;
}

int ports_add(struct port_list *list, struct ajar_span text, struct fault *fault)
{
    struct port_list grown = *list;
    size_t at = 0;
    *fault = (struct fault){.offset = 0};
    while (at <= text.len)
    {
        const char *comma =
            at < text.len ? memchr(text.data + at, ',', text.len - at) : NULL;
        size_t end = comma != NULL ? (size_t)(comma - text.data) : text.len;
        struct ajar_span item =
            ajar_span_trim((struct ajar_span){text.data + at, end - at}, AJAR_BLANKS);
        int status = add_run(&grown, text, item, fault);
        if (status < 0)
        {
            return status;
        }
        at = end + 1;
    }
    *list = grown;
    return AJAR_OK;
}

int ajar_ports_parse(struct ajar_span text, struct ajar_port *out, size_t *out_count,
                     unsigned *out_column, const char **out_what)
{
    struct port_list list = {.count = 0};
    struct fault fault;
    struct ajar_span value = text.data != NULL ? text : ajar_span_of("");
    int status = ports_add(&list, value, &fault);
    if (status < 0)
    {
        *out_column = (unsigned)fault.offset + 1;
        *out_what = fault.plain;
        return status;
    }
    memcpy(out, list.items, list.count * sizeof *out);
    *out_count = list.count;
    return AJAR_OK;
}
