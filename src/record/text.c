/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

/*
 * A finding or an event in plain text, as a ticket shows it. Every piece is bounded, so
 * that the whole stays below 16 KiB; what is left out is counted.
 */
enum
{
    CHARS_NAME = 100,
    CHARS_PATH = 160,
    CHARS_REASON = 200,
    CHARS_CHANGE = 200,
    SHOWN_ENDPOINTS = 20,
    SHOWN_PROOFS = 12
};

static void put_bytes(struct line *line, uint64_t bytes)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_record_bytes(bytes, line->out);
    }
}

static void put_count(struct line *line, uint64_t count, const char *one,
                      const char *many)
{
    line_number(line, count);
    line_put(line, " ");
    line_put(line, count == 1 ? one : many);
}

static void put_what(struct line *line, const struct ajar_finding_view *finding)
{
    line_peer(line, line_product(finding), CHARS_NAME);
    if (finding->version != NULL)
    {
        line_put(line, " ");
        line_peer(line, finding->version, CHARS_NAME);
    }
    if (finding->cluster_name != NULL)
    {
        line_put(line, ", cluster \"");
        line_peer(line, finding->cluster_name, CHARS_NAME);
        line_put(line, "\"");
    }
    if (finding->cluster_uuid != NULL)
    {
        line_put(line, ", uuid ");
        line_peer(line, finding->cluster_uuid, CHARS_NAME);
    }
    line_put(line, "\nSeverity ");
    line_put(line, ajar_severity_word(finding->severity));
    line_put(line, ", exposure ");
    line_put(line, ajar_exposure_word(finding->exposure));
    line_put(line, ": ");
    line_put(line, ajar_exposure_meaning(finding->exposure));
    line_put(line, "\n");
    for (int i = 0; i < AJAR_FLAG_COUNT; i++)
    {
        if ((finding->flags & (1u << i)) != 0)
        {
            line_put(line, ajar_flag_word((enum ajar_flag_index)i));
            line_put(line, ": ");
            line_put(line, ajar_flag_meaning((enum ajar_flag_index)i));
            line_put(line, "\n");
        }
    }
}

static void put_owner(struct line *line, const struct ajar_finding_view *finding)
{
    if (finding->owner == NULL || finding->owner[0] == '\0')
    {
        return;
    }
    line_put(line, "Owner ");
    line_peer(line, finding->owner, CHARS_NAME);
    if (finding->contact != NULL)
    {
        line_put(line, ", ");
        line_peer(line, finding->contact, CHARS_NAME);
    }
    line_put(line, "\n");
}

static void put_largest(struct line *line, const struct ajar_finding_view *finding)
{
    for (size_t i = 0; i < finding->largest_count && i < AJAR_MAX_LARGEST; i++)
    {
        line_put(line, "  ");
        line_peer(line, finding->largest[i].name, CHARS_NAME);
        line_put(line, ": ");
        put_count(line, finding->largest[i].documents, "document", "documents");
        line_put(line, ", ");
        put_bytes(line, finding->largest[i].bytes);
        line_put(line, "\n");
    }
}

static void put_volume(struct line *line, const struct ajar_finding_view *finding)
{
    struct line_volume volume = line_volume_of(finding);
    if (!volume.any)
    {
        return;
    }
    line_put(line, "\nVolume\n  ");
    line_put(line, volume.lower_bound && volume.documents_known ? "at least " : "");
    if (volume.documents_known)
    {
        put_count(line, volume.documents, "document", "documents");
    }
    else
    {
        line_put(line, "the number of documents is not known");
    }
    if (finding->list_known)
    {
        uint64_t system = finding->system_count;
        line_put(line, " in ");
        put_count(line, finding->index_count > system ? finding->index_count - system : 0,
                  "index", "indices");
    }
    if (volume.bytes_known)
    {
        line_put(line, ", ");
        put_bytes(line, volume.bytes);
    }
    line_put(line, "\n");
    put_largest(line, finding);
    if (finding->dataset.copies > 1)
    {
        line_put(line, "  One data set in ");
        line_number(line, finding->dataset.copies);
        line_put(line, " copies on separate clusters, this one among them: ");
        put_count(line, finding->dataset.documents, "document", "documents");
        line_put(line, ", counted once.\n");
    }
}

static void put_endpoints(struct line *line, const struct ajar_finding_view *finding)
{
    line_put(line, "\nWhere\n");
    size_t shown = 0;
    for (; shown < finding->endpoint_count && shown < SHOWN_ENDPOINTS; shown++)
    {
        const struct ajar_endpoint_view *endpoint = &finding->endpoints[shown];
        char address[AJAR_ADDR_TEXT_MAX + 8];
        ajar_addr_format_port(&endpoint->addr, endpoint->port, address);
        line_put(line,
                 endpoint->scheme == AJAR_SCHEME_HTTPS ? "  https://" : "  http://");
        line_put(line, address);
        if (endpoint->name != NULL)
        {
            line_put(line, " (");
            line_peer(line, endpoint->name, CHARS_NAME);
            line_put(line, ")");
        }
        line_put(line, " ");
        line_put(line, ajar_endpoint_state_word(endpoint->state));
        line_put(line, ", seen open from ");
        line_time(line, endpoint->first_seen_ms);
        line_put(line, " to ");
        line_time(line, endpoint->last_seen_ms);
        line_put(line, "\n");
    }
    if (finding->endpoints_total > shown)
    {
        line_put(line, "  and ");
        line_number(line, finding->endpoints_total - shown);
        line_put(line, " more\n");
    }
}

static void put_moment(struct line *line, const char *what, int64_t time_ms,
                       const char *otherwise)
{
    line_put(line, what);
    if (time_ms != 0)
    {
        line_time(line, time_ms);
    }
    else
    {
        line_put(line, otherwise);
    }
    line_put(line, "\n");
}

static void put_window(struct line *line, const struct ajar_finding_view *finding,
                       int64_t now_ms)
{
    const struct ajar_window *window = &finding->window;
    line_put(line, "\nSince when: ");
    if (line->status == AJAR_OK)
    {
        line->status = ajar_record_window(window, now_ms, line->out);
    }
    line_put(line, "\n");
    put_moment(line, "  last look that proved it closed: ", window->last_closed_ms,
               "none");
    put_moment(line, "  first look that proved it open:  ", window->first_open_ms,
               "none");
    put_moment(line, "  last look that proved it open:   ", window->last_open_ms, "none");
    put_moment(line, "  first that proved it closed:     ", window->first_closed_ms,
               "not yet");
}

static void put_acceptance(struct line *line, const struct ajar_finding_view *finding)
{
    const struct ajar_acceptance_view *acceptance = &finding->acceptance;
    if (!acceptance->active)
    {
        return;
    }
    line_put(line, "\nAccepted");
    if (acceptance->by != NULL)
    {
        line_put(line, " by ");
        line_peer(line, acceptance->by, CHARS_NAME);
    }
    line_put(line, acceptance->by_targets_file ? " by the targets file" : "");
    if (acceptance->until_ms != 0)
    {
        line_put(line, " until ");
        line_time(line, acceptance->until_ms);
    }
    if (acceptance->indices != NULL)
    {
        line_put(line, " for ");
        line_peer(line, acceptance->indices, CHARS_CHANGE);
    }
    if (acceptance->reason != NULL)
    {
        line_put(line, ": ");
        line_peer(line, acceptance->reason, CHARS_REASON);
    }
    line_put(line, "\n");
}

static void put_proofs(struct line *line, const struct ajar_finding_view *finding)
{
    if (finding->proof_count > 0)
    {
        line_put(line, "\nProof (UTC; look for it in your access log)\n");
    }
    for (size_t i = 0; i < finding->proof_count && i < SHOWN_PROOFS; i++)
    {
        const struct ajar_proof_view *proof = &finding->proofs[i];
        line_put(line, "  ");
        line_time(line, proof->time_ms);
        line_put(line, " GET ");
        line_peer(line, proof->path, CHARS_PATH);
        if (proof->status != 0)
        {
            line_put(line, " -> ");
            line_u64(line, proof->status);
        }
        else
        {
            line_put(line, " -> no reply");
        }
        if (proof->source != NULL)
        {
            line_put(line, ", from ");
            line_put(line, proof->source);
        }
        line_put(line, "\n");
    }
    for (size_t i = 0; i < finding->reason_count && i < AJAR_MAX_REASONS; i++)
    {
        line_put(line, "  ");
        line_peer(line, finding->reasons[i], CHARS_REASON);
        line_put(line, "\n");
    }
}

static void put_flaw(struct line *line, const struct ajar_flaw *flaw)
{
    line_put(line, "  ");
    line_put(line, flaw->id);
    line_put(line, ": a stranger can ");
    line_put(line, flaw->what);
    line_put(line, flaw->needs != NULL ? ", only if " : "");
    line_put(line, flaw->needs != NULL ? flaw->needs : "");
    line_put(line, "; fixed in ");
    line_put(line, flaw->fixed_in);
    line_put(line, "\n    ");
    line_put(line, flaw->source);
    line_put(line, "\n");
}

/* From the tables of today, not from what was known when it was seen; nothing of it is
 * remembered. */
static void put_advice(struct line *line, const struct ajar_finding_view *finding)
{
    const struct ajar_flaw *flaws[AJAR_MAX_FLAWS];
    const char *since = NULL;
    size_t count = ajar_release_flaws(finding->product, finding->version, finding->flags,
                                      finding->exposure, flaws);
    if ((finding->flags & AJAR_FLAG(END_OF_LIFE)) != 0)
    {
        (void)ajar_release_is_end_of_life(finding->product, finding->version, &since);
    }
    if (finding->state == AJAR_FINDING_RESOLVED || (count == 0 && since == NULL))
    {
        return;
    }
    line_put(line, "\nKnown of this release, as of " AJAR_ADVICE_AS_OF "\n");
    line_put(line, since != NULL ? "  end of life since " : "");
    line_put(line, since != NULL ? since : "");
    line_put(line, since != NULL ? "\n" : "");
    for (size_t i = 0; i < count; i++)
    {
        put_flaw(line, flaws[i]);
    }
}

static void put_remedy(struct line *line, const struct ajar_finding_view *finding)
{
    const char *const *remedy =
        ajar_remedy(finding->product, finding->version, finding->exposure);
    if (finding->state != AJAR_FINDING_RESOLVED && remedy != NULL && *remedy != NULL)
    {
        line_put(line, "\nHow to close it\n");
        for (; *remedy != NULL; remedy++)
        {
            line_put(line, "  - ");
            line_put(line, *remedy);
            line_put(line, "\n");
        }
    }
    line_put(line, "\nCheck it with: ajar recheck ");
    line_put(line, finding->id);
    line_put(line, "\n");
}

static void put_body(struct line *line, const struct ajar_finding_view *finding,
                     int64_t now_ms)
{
    put_what(line, finding);
    put_owner(line, finding);
    put_volume(line, finding);
    put_endpoints(line, finding);
    put_window(line, finding, now_ms);
    put_acceptance(line, finding);
    put_proofs(line, finding);
    put_advice(line, finding);
    put_remedy(line, finding);
}

int ajar_record_finding_text(const struct ajar_finding_view *finding, int64_t now_ms,
                             struct ajar_buf *out)
{
    struct line line = line_open(out);
    line_put(&line, "Finding ");
    line_put(&line, finding->id);
    line_put(&line, ", ");
    line_put(&line, ajar_finding_state_word(finding->state));
    line_put(&line, "\n\n");
    put_body(&line, finding, now_ms);
    return line_close(&line);
}

static const char *sentence_of(enum ajar_event_kind kind)
{
    static const char *const sentences[AJAR_EVENT_KIND_COUNT] = {
        [AJAR_EVENT_OPENED] = "This stands open to anyone who asks, without a password.",
        [AJAR_EVENT_CHANGED] = "This is still open, and something about it changed.",
        [AJAR_EVENT_UNVERIFIED] =
            ("This no longer answers. That does not prove that it is "
             "closed, so the finding stays."),
        [AJAR_EVENT_RESOLVED] = "Two looks proved this closed.",
        [AJAR_EVENT_REOPENED] = "This was closed, and stands open again.",
        [AJAR_EVENT_MOVED] = "The same cluster stands open at another address.",
        [AJAR_EVENT_ACCEPTED] = "This is open, and was accepted as such.",
        [AJAR_EVENT_ACCEPT_ENDED] = "This is open, and is no longer accepted as such.",
    };
    return kind < AJAR_EVENT_KIND_COUNT ? sentences[kind] : "";
}

static void put_changes(struct line *line, const struct ajar_event_view *event)
{
    if (event->change_count > 0)
    {
        line_put(line, "\nWhat changed\n");
    }
    for (size_t i = 0; i < event->change_count && i < AJAR_MAX_CHANGES; i++)
    {
        const struct ajar_change_view *change = &event->changes[i];
        bool both = change->from[0] != '\0' && change->to[0] != '\0';
        line_put(line, "  ");
        line_put(line, ajar_change_word(change->what));
        line_put(line, ": ");
        line_peer(line, change->from, CHARS_CHANGE);
        line_put(line, both ? " -> " : "");
        line_peer(line, change->to, CHARS_CHANGE);
        line_put(line, "\n");
    }
}

int ajar_record_event_text(const struct ajar_event_view *event, struct ajar_buf *out)
{
    struct line line = line_open(out);
    line_put(&line, sentence_of(event->kind));
    line_put(&line, event->urgent ? " Data seems to be lost or held to ransom: act now.\n"
                                  : "\n");
    put_changes(&line, event);
    line_put(&line, "\n");
    put_body(&line, &event->finding, event->time_ms);
    line_put(&line, "Finding ");
    line_put(&line, event->finding.id);
    line_put(&line, ", event ");
    line_put(&line, event->id);
    if (event->run != NULL && event->run[0] != '\0')
    {
        line_put(&line, ", run ");
        line_peer(&line, event->run, CHARS_NAME);
    }
    line_put(&line, "\n");
    return line_close(&line);
}
