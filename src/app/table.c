/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include "ajar/escape.h"
#include "ajar/record.h"
#include "clock.h"

#define TABLE_MAX_BYTES (128u * 1024u * 1024u)
#define GAP 2u

/* Characters, not bytes: continuation bytes do not count (RFC 3629 section 3).
 */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++)
    {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

/* What was appended since start is one cell. */
static void end_cell(struct table *table, size_t start)
{
    (void)ajar_buf_byte(&table->cells, '\0');
    if (table->cells.failed)
    {
        return;
    }
    size_t width = width_of(table->cells.data + start);
    if (width > table->widths[table->at])
    {
        table->widths[table->at] = width;
    }
    if (++table->at == table->columns)
    {
        table->at = 0;
        table->rows++;
    }
}

void table_init(struct table *table, const char *heads)
{
    memset(table, 0, sizeof *table);
    ajar_buf_init(&table->cells, TABLE_MAX_BYTES);
    table->columns = TABLE_MAX_COLUMNS; /* until the heads are counted */
    for (;;)
    {
        size_t len = strcspn(heads, "|");
        size_t start = table->cells.len;
        if (*heads == '>')
        {
            table->right |= 1u << table->at;
            heads++;
            len--;
        }
        (void)ajar_buf_append(&table->cells, heads, len);
        bool last = heads[len] == '\0';
        if (last)
        {
            table->columns = table->at + 1;
        }
        end_cell(table, start);
        if (last || table->cells.failed)
        {
            return;
        }
        heads += len + 1;
    }
}

void table_deinit(struct table *table)
{
    ajar_buf_deinit(&table->cells);
}

void table_text(struct table *table, const char *text, size_t most)
{
    size_t start = table->cells.len;
    (void)ajar_escape_text(&table->cells, ajar_span_of(text != NULL ? text : "-"), most);
    end_cell(table, start);
}

void table_number(struct table *table, uint64_t value)
{
    size_t start = table->cells.len;
    (void)ajar_record_number(value, &table->cells);
    end_cell(table, start);
}

void table_time(struct table *table, int64_t unix_ms)
{
    char text[24];
    clock_minute(unix_ms, text);
    table_text(table, text, 0);
}

static void spaces(struct ajar_buf *out, size_t count)
{
    while (count-- > 0)
    {
        (void)ajar_buf_byte(out, ' ');
    }
}

void table_print(const struct table *table, struct ajar_buf *out)
{
    const char *cell = table->cells.data;
    out->failed = out->failed || table->cells.failed;
    for (size_t row = 0; row < table->rows && !out->failed; row++)
    {
        for (size_t i = 0; i < table->columns; i++)
        {
            size_t room = table->widths[i] - width_of(cell);
            bool last = i + 1 == table->columns;
            spaces(out, (table->right >> i & 1) != 0 ? room : 0);
            (void)ajar_buf_text(out, cell);
            spaces(out, (table->right >> i & 1) == 0 && !last ? room : 0);
            spaces(out, last ? 0 : GAP);
            cell += strlen(cell) + 1;
        }
        (void)ajar_buf_byte(out, '\n');
    }
}
