/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_APP_VIEW_H
#define AJAR_APP_VIEW_H

#include "ajar/record.h"
#include "store.h"

/*
 * What the viewing commands share. A view is gathered whole and printed after
 * the state has been asked, so that a pager never holds up a scan's commit.
 */
#define VIEW_MAX_BYTES (256u * 1024u * 1024u)

enum app_format view_format(const struct app_options *options);
/* APP_USAGE, said on stderr, when --owner names nobody that is remembered. */
enum app_exit view_check_owner(struct store *store, const struct app_options *options);
/* "3 open, 1 closing" and the last scan, under a list. */
void view_footer(struct store *store, const char *owner, struct ajar_buf *out);
/* "192.0.2.7:9200 and 4 more" */
void view_where(const struct ajar_finding_view *finding, struct ajar_buf *out);
/* One line for an event, its changes under it. */
void view_event(const struct ajar_event_view *event, bool with_finding,
                struct ajar_buf *out);
/* "1 finding", "2 findings" */
void view_count(uint64_t count, const char *noun, struct ajar_buf *out);

#endif
