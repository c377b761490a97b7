/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_RECORD_LINE_H
#define AJAR_RECORD_LINE_H

#include "ajar/record.h"

/* Something appended to a buffer as a whole or not at all. After the first failure
 * nothing more is appended. */
struct line
{
    struct ajar_buf *out;
    size_t start;
    int status;
};

struct line line_open(struct ajar_buf *out);
/* The status of all of it; a line that failed is taken out again. */
int line_close(struct line *line);

void line_put(struct line *line, const char *text);
void line_u64(struct line *line, uint64_t value);    /* 250000012 */
void line_number(struct line *line, uint64_t value); /* 250,000,012 */
void line_time(struct line *line, int64_t unix_ms);
/* Peer text for a person: escaped, at most `chars` characters. NULL is nothing. */
void line_peer(struct line *line, const char *text, size_t chars);
/* A JSON string of at most LINE_TEXT_BYTES, or null for NULL. */
#define LINE_TEXT_BYTES 256
void line_json(struct line *line, const char *text);
/* A JSON string, uncut. */
void line_json_span(struct line *line, struct ajar_span text);

/* What is known of a finding's volume: one reading for JSON, text and CSV. */
struct line_volume
{
    bool any;
    bool documents_known;
    bool bytes_known;
    bool lower_bound; /* cut, closed indices, or more counted than listed */
    uint64_t documents;
    uint64_t bytes;
};
struct line_volume line_volume_of(const struct ajar_finding_view *finding);
/* "Elasticsearch"; the product's own word where ajar has no better one. */
const char *line_product(const struct ajar_finding_view *finding);

#endif
