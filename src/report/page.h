/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_REPORT_PAGE_H
#define AJAR_REPORT_PAGE_H

#include "ajar/buf.h"

/*
 * A page: words set into lines of at most `columns` columns, with a hanging indent. It
 * takes text that is safe already, but for page_peer, which makes it so.
 */
struct page
{
    struct ajar_buf *out;
    unsigned columns;
    unsigned indent; /* where lines after the first begin */
    unsigned at;     /* columns used in this line */
    unsigned from;   /* the column where this line's text began */
    size_t run;      /* where in out the word under way began: it moves as a whole */
    unsigned run_at; /* the column where it began */
};

/* Ends a line under way, if any, and begins one: `lead` spaces, the label, then padding
 * up to `indent`. */
void page_line(struct page *page, unsigned lead, const char *label, unsigned indent);
/* The same without a label: the text begins behind `lead` spaces. */
void page_hang(struct page *page, unsigned lead, unsigned indent);
/* A space at which no line ends: between a number and its unit. */
void page_glue(struct page *page);
/* Pads up to `indent`, where the lines that follow begin, too. */
void page_tab(struct page *page, unsigned indent);
/* Words, wrapped at spaces; a word longer than a line is broken. Stands directly behind
 * what came before. */
void page_text(struct page *page, const char *text);
void page_span(struct page *page, struct ajar_span text);
/* The same, but begun on a new line when it fits there and not here; two spaces before.
 */
void page_piece(struct page *page, const char *text);
/* Peer text, escaped, of at most `chars` characters. NULL is the empty text. */
void page_peer(struct page *page, const char *text, size_t chars);
void page_u64(struct page *page, uint64_t value); /* 250,000,012 */
/* "1 server", "2 servers". */
void page_count(struct page *page, uint64_t value, const char *one, const char *many);
void page_bytes(struct page *page, uint64_t bytes); /* 85.0 GiB */
void page_ms(struct page *page, uint64_t ms);       /* 0.4 s, 12.0 s, 3 min 20 s */
/* No column is used: for colours. */
void page_code(struct page *page, const char *code);
void page_end(struct page *page); /* ends the line under way, if any */
void page_blank(struct page *page);

#endif
