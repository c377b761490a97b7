/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The row reader: the first byte chooses the path and how the rest is cut. Any cut must
 * give the same rows and the same end, in bounded memory, and every row must stand alone.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen
{
    uint64_t digest; /* FNV-1a over names and rows, each with its end */
    struct ajar_rows rows;
};

static uint64_t digest_bytes(uint64_t digest, struct ajar_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
    {
        digest = (digest ^ (uint8_t)bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    return (digest ^ 0x1ff) * UINT64_C(0x100000001b3);
}

static bool see(void *context, struct ajar_span key, struct ajar_span text)
{
    struct seen *seen = context;
    seen->digest = digest_bytes(digest_bytes(seen->digest, key), text);
    if (text.len == 0 || text.len > AJAR_MAX_ROW || key.len > AJAR_MAX_INDEX_NAME * 6)
    {
        abort();
    }
    ajar_json_free(ajar_json_parse(text)); /* not each is UTF-8, but none may crash */
    return true;
}

/* Each piece from memory exactly as large, so that ASan sees a read past its end. */
static void read_rows(struct seen *seen, const char *path, const uint8_t *data,
                      size_t size, size_t step)
{
    seen->digest = UINT64_C(0xcbf29ce484222325);
    ajar_rows_init(&seen->rows, path, see, seen);
    for (size_t at = 0; at < size;)
    {
        size_t len = size - at < step ? size - at : step;
        char *piece = malloc(len);
        if (piece == NULL)
        {
            abort();
        }
        memcpy(piece, data + at, len);
        (void)ajar_rows_feed(&seen->rows, (struct ajar_span){.data = piece, .len = len});
        free(piece);
        at += len;
    }
    if (seen->rows.row.cap > AJAR_MAX_ROW + 1)
    {
        abort();
    }
    ajar_rows_deinit(&seen->rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const paths[] = {"", "indices", "a.b", "a"};
    if (size == 0)
    {
        return 0;
    }
    const char *path = paths[data[0] & 3];
    size_t step = (size_t)(data[0] >> 2) + 1;
    struct seen whole = {0};
    struct seen cut = {0};
    read_rows(&whole, path, data + 1, size - 1, size);
    read_rows(&cut, path, data + 1, size - 1, step);
    if (whole.digest != cut.digest || whole.rows.state != cut.rows.state ||
        whole.rows.rows != cut.rows.rows || whole.rows.oversized != cut.rows.oversized ||
        whole.rows.found != cut.rows.found)
    {
        abort();
    }
    return 0;
}
