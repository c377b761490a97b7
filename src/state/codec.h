/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATE_CODEC_H
#define AJAR_STATE_CODEC_H

#include "ajar/state.h"

/*
 * Facts and events as bytes of a column: varints and counted texts, in one fixed order,
 * with a number of the format in front. Reading trusts nothing: a damaged value is
 * `false`, never a crash.
 */

/* What one endpoint showed: version, cluster name, figures, names, proofs, reasons. */
int codec_put_facts(struct ajar_buf *out, const struct ajar_finding_view *view,
                    bool with_names);
/* details: proofs, reasons and names too. Only the fields that put_facts writes are set.
 */
bool codec_get_facts(struct ajar_span bytes, struct ajar_arena *arena, bool details,
                     struct ajar_finding_view *out);

/* A whole finding as it was when something was told of it, and what changed. */
int codec_put_event(struct ajar_buf *out, const char *run,
                    const struct ajar_finding_view *view,
                    const struct ajar_change_view *changes, size_t change_count);
bool codec_get_event(struct ajar_span bytes, struct ajar_arena *arena,
                     struct ajar_event_view *out);

#define CODEC_MAX_BYTES (1024u * 1024u)

#endif
