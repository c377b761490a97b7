/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_TABLE_H
#define AJAR_APP_TABLE_H

#include "ajar/buf.h"

/*
 * Columns for a terminal: cells are gathered row by row, then printed as wide
 * as their widest. The last column is not padded. Cells are escaped here.
 */
#define TABLE_MAX_COLUMNS 12

struct table
{
    struct ajar_buf cells; /* each ended by a NUL */
    size_t columns;
    size_t at; /* the column that comes next */
    size_t rows;
    size_t widths[TABLE_MAX_COLUMNS];
    uint32_t right; /* bit of a column: aligned to the right */
};

/* heads: one text, columns separated by '|'; one that begins with '>' is
 * aligned to the right. */
void table_init(struct table *table, const char *heads);
void table_deinit(struct table *table);
/* The next cell; at most most characters of it (0: no limit). NULL is "-". */
void table_text(struct table *table, const char *text, size_t most);
void table_number(struct table *table, uint64_t value); /* 250,000,012 */
void table_time(struct table *table, int64_t unix_ms);  /* 2019-12-05 13:00, or - */
void table_print(const struct table *table, struct ajar_buf *out);

#endif
