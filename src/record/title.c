/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

/* With the longest of everything a title stays below 200 characters. */
enum
{
    CHARS_PRODUCT = 24,
    CHARS_VERSION = 24
};

static void put_subject(struct line *line, const struct ajar_finding_view *finding)
{
    line_peer(line, line_product(finding), CHARS_PRODUCT);
    if (finding->version != NULL && finding->version[0] != '\0')
    {
        line_put(line, " ");
        line_peer(line, finding->version, CHARS_VERSION);
    }
    if (finding->endpoint_count > 0)
    {
        char address[AJAR_ADDR_TEXT_MAX + 8];
        ajar_addr_format_port(&finding->endpoints[0].addr, finding->endpoints[0].port,
                              address);
        line_put(line, " at ");
        line_put(line, address);
    }
    if (finding->endpoints_total > 1)
    {
        line_put(line, " and ");
        line_number(line, finding->endpoints_total - 1);
        line_put(line, " more");
    }
}

/* What of it a stranger can read, or could. */
static void put_readable(struct line *line, const struct ajar_finding_view *finding)
{
    struct line_volume volume = line_volume_of(finding);
    switch (finding->exposure)
    {
    case AJAR_EXPOSURE_RECORDS:
        if (volume.documents_known)
        {
            line_put(line, volume.lower_bound ? "at least " : "");
            line_number(line, volume.documents);
            line_put(line, volume.documents == 1 ? " document" : " documents");
            return;
        }
        line_put(line, "records");
        return;
    case AJAR_EXPOSURE_INDICES:
        line_put(line, "the list of indices");
        return;
    case AJAR_EXPOSURE_METADATA:
        line_put(line, "the cluster's metadata");
        return;
    case AJAR_EXPOSURE_IDENTITY:
        line_put(line, "name and version");
        return;
    case AJAR_EXPOSURE_UNREACHABLE:
    case AJAR_EXPOSURE_NOT_DATASTORE:
    case AJAR_EXPOSURE_PROTECTED:
    case AJAR_EXPOSURE_INCONCLUSIVE:
    case AJAR_EXPOSURE_COUNT:
    default:
        line_put(line, "nothing");
        return;
    }
}

static void put_title(struct line *line, const struct ajar_finding_view *finding)
{
    bool over = finding->state == AJAR_FINDING_RESOLVED;
    put_subject(line, finding);
    line_put(line, over ? ": closed; " : ": ");
    put_readable(line, finding);
    line_put(line, over ? " could be read by anyone" : " readable by anyone");
    if (finding->dataset.copies > 1)
    {
        line_put(line, ", one of ");
        line_number(line, finding->dataset.copies);
        line_put(line, " copies");
    }
    if ((finding->flags & AJAR_FLAG(COMPROMISED)) != 0)
    {
        line_put(line, ", COMPROMISED");
    }
}

int ajar_record_finding_title(const struct ajar_finding_view *finding,
                              struct ajar_buf *out)
{
    struct line line = line_open(out);
    put_title(&line, finding);
    return line_close(&line);
}

int ajar_record_event_title(const struct ajar_event_view *event, struct ajar_buf *out)
{
    static const char *const leads[AJAR_EVENT_KIND_COUNT] = {
        [AJAR_EVENT_OPENED] = "Open: ",
        [AJAR_EVENT_CHANGED] = "Changed: ",
        [AJAR_EVENT_UNVERIFIED] = "No longer answers: ",
        [AJAR_EVENT_RESOLVED] = "Closed: ",
        [AJAR_EVENT_REOPENED] = "Open again: ",
        [AJAR_EVENT_MOVED] = "Moved: ",
        [AJAR_EVENT_ACCEPTED] = "Accepted: ",
        [AJAR_EVENT_ACCEPT_ENDED] = "No longer accepted: ",
    };
    struct line line = line_open(out);
    line_put(&line, event->urgent ? "URGENT: " : "");
    line_put(&line, event->kind < AJAR_EVENT_KIND_COUNT ? leads[event->kind] : "");
    put_title(&line, &event->finding);
    return line_close(&line);
}
