/* SPDX-License-Identifier: Apache-2.0 */
#include "head_store.h"

#include <string.h>

enum
{
    HEAD_KEEP_BYTES = 512 /* of each buffer over a reset: an ordinary reply fits */
};

void head_store_init(struct head_store *store)
{
    ajar_buf_init(&store->text, AJAR_MAX_HEADER_BYTES);
    ajar_buf_init(&store->headers, AJAR_MAX_HEADER_LINES * sizeof(struct ajar_header));
    store->in_name = false;
}

void head_store_deinit(struct head_store *store)
{
    ajar_buf_deinit(&store->text);
    ajar_buf_deinit(&store->headers);
}

void head_store_reset(struct head_store *store)
{
    ajar_buf_reset(&store->text, HEAD_KEEP_BYTES);
    ajar_buf_reset(&store->headers, HEAD_KEEP_BYTES);
    store->in_name = false;
}

static size_t count(const struct head_store *store)
{
    return store->headers.len / sizeof(struct ajar_header);
}

/* The buffer's memory comes from malloc, so it is aligned for any type. */
static struct ajar_header *first(const struct head_store *store)
{
    void *data = store->headers.data;
    return data;
}

static struct ajar_header *newest(const struct head_store *store)
{
    AJAR_REQUIRE(store->headers.len > 0);
    return &first(store)[count(store) - 1];
}

int head_store_name(struct head_store *store, struct ajar_span part)
{
    if (!store->in_name)
    {
        struct ajar_header empty = {.name = {0}, .value = {0}};
        int status = ajar_buf_append(&store->headers, &empty, sizeof empty);
        if (status < 0)
        {
            return status;
        }
        store->in_name = true;
    }
    int status = ajar_buf_append(&store->text, part.data, part.len);
    newest(store)->name.len += status < 0 ? 0 : part.len;
    return status;
}

/* Letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 section 5.6.2): a bit for each byte below
 * 128. */
bool head_is_token_byte(char byte)
{
    static const uint64_t tokens[] = {UINT64_C(0x03ff6cfa00000000),
                                      UINT64_C(0x57ffffffc7fffffe)};
    unsigned char at = (unsigned char)byte;
    return at < 128 && (tokens[at >> 6] >> (at & 63) & 1) != 0;
}

int head_store_end_name(struct head_store *store)
{
    /* llhttp 8.1.0 lets an empty name and a space before the colon pass, 9.2.1 does not
     */
    if (!store->in_name || newest(store)->name.len == 0)
    {
        return AJAR_ESYNTAX;
    }
    store->in_name = false;
    const char *end = store->text.data + store->text.len;
    for (const char *at = end - newest(store)->name.len; at != end; at++)
    {
        if (!head_is_token_byte(*at))
        {
            return AJAR_ESYNTAX;
        }
    }
    return AJAR_OK;
}

int head_store_value(struct head_store *store, struct ajar_span part)
{
    int status = ajar_buf_append(&store->text, part.data, part.len);
    newest(store)->value.len += status < 0 ? 0 : part.len;
    return status;
}

void head_store_end_value(struct head_store *store)
{
    struct ajar_header *header = newest(store);
    struct ajar_buf *text = &store->text;
    /* white space before a value is dropped by llhttp already */
    while (header->value.len > 0 &&
           (text->data[text->len - 1] == ' ' || text->data[text->len - 1] == '\t'))
    {
        header->value.len--;
        text->len--;
    }
}

size_t head_store_place(struct head_store *store, const struct ajar_header **out_headers)
{
    const char *at = store->text.data;
    struct ajar_header *headers = first(store);
    for (size_t i = 0; i < count(store); i++)
    {
        headers[i].name.data = at;
        at += headers[i].name.len;
        headers[i].value.data = at;
        at += headers[i].value.len;
    }
    *out_headers = headers;
    return count(store);
}
