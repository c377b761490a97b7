/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_JSON_ROWS_LOG_H
#define AJAR_TESTS_JSON_ROWS_LOG_H

#include "ajar/json.h"

/* What a row reader said about a document, as text to compare: "key=row;" for each row,
 * then its state, and what it counted. */
struct rows_log
{
    struct ajar_buf text;
    unsigned stop_after; /* rows; 0: never */
    unsigned seen;
};

void rows_log_init(struct rows_log *log);
void rows_log_deinit(struct rows_log *log);
bool rows_log_row(void *context, struct ajar_span key, struct ajar_span text);
/* Feeds the document cut at two places, each part from memory exactly as large. */
void rows_log_read(struct rows_log *log, const char *path, struct ajar_span document,
                   size_t cut, size_t second_cut);
/* The same, byte by byte. */
void rows_log_read_bytes(struct rows_log *log, const char *path,
                         struct ajar_span document);
/* Whole, byte by byte and split at every position: what must be the same each time. */
void rows_log_check(const char *path, struct ajar_span document, const char *want);

#endif
