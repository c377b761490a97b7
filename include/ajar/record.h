/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_RECORD_H
#define AJAR_RECORD_H

#include "ajar/state.h"

/*
 * Record: what state remembers, as a JSON line and as words. Events and findings are
 * version 1 of docs/events.md and docs/schema/event-1.json. Pure formatting into a
 * buffer; peer text is escaped here. Statuses: those of buf; a JSON line is whole or not
 * there.
 */
#define AJAR_EVENT_VERSION 1
/* No event or finding is longer than this; give buffers at least as much. */
#define AJAR_MAX_RECORD (256u * 1024u)

/* One line with its "\n". */
int ajar_record_event(const struct ajar_event_view *event, struct ajar_buf *out);
/* The same record with "type":"finding" and "state". now_ms: when it is printed, its
 * `time`, and what "at most" counts to while it is open. Ask state for details. */
int ajar_record_finding(const struct ajar_finding_view *finding, int64_t now_ms,
                        struct ajar_buf *out);

/* The pieces, for a terminal and for tickets. Plain text, safe to print; lines end in
 * "\n" in text alone. */

/* "Elasticsearch 7.17.9 at 192.0.2.7:9200 and 4 more: 250,000,012 documents readable by
 * anyone", at most 200 characters, no line end. */
int ajar_record_finding_title(const struct ajar_finding_view *finding,
                              struct ajar_buf *out);
/* The same with what happened: "Closed: ...", "Open again: ...". */
int ajar_record_event_title(const struct ajar_event_view *event, struct ajar_buf *out);
/* Paragraphs: what, where, since when, proof, how to close it. At most 16 KiB. */
int ajar_record_finding_text(const struct ajar_finding_view *finding, int64_t now_ms,
                             struct ajar_buf *out);
int ajar_record_event_text(const struct ajar_event_view *event, struct ajar_buf *out);
/* "open at least 22 d 23 h, at most 26 d 18 h": the first is rounded down, the second up.
 * Without a last closing look "at most" is not known, and that is said. */
int ajar_record_window(const struct ajar_window *window, int64_t now_ms,
                       struct ajar_buf *out);
/* "22 d 23 h", "3 h 5 min", "12 s": the two largest units. */
int ajar_record_span(uint64_t ms, bool round_up, struct ajar_buf *out);
/* 250,000,012 */
int ajar_record_number(uint64_t value, struct ajar_buf *out);
/* 85.0 GiB */
int ajar_record_bytes(uint64_t bytes, struct ajar_buf *out);

/* CSV (RFC 4180, CRLF), one row a finding: cells a spreadsheet would take for a formula
 * get a ' before them. */
int ajar_record_csv_head(struct ajar_buf *out);
int ajar_record_csv(const struct ajar_finding_view *finding, struct ajar_buf *out);

#endif
