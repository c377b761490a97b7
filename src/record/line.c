/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

#include "ajar/escape.h"

struct line line_open(struct ajar_buf *out)
{
    return (struct line){.out = out, .start = out->len, .status = AJAR_OK};
}

int line_close(struct line *line)
{
    if (line->status != AJAR_OK && line->out->data != NULL)
    {
        line->out->len = line->start;
        line->out->data[line->start] = '\0';
    }
    return line->status;
}

void line_put(struct line *line, const char *text)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_buf_text(line->out, text);
    }
}

void line_u64(struct line *line, uint64_t value)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_buf_u64(line->out, value);
    }
}

void line_number(struct line *line, uint64_t value)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_record_number(value, line->out);
    }
}

void line_time(struct line *line, int64_t unix_ms)
{
    char time[32];
    ajar_time_format(unix_ms, time);
    line_put(line, time);
}

void line_peer(struct line *line, const char *text, size_t chars)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_escape_text(line->out, ajar_span_of(text), chars);
    }
}

void line_json_span(struct line *line, struct ajar_span text)
{
    if (line->status == AJAR_OK)
    {
        line->status = ajar_escape_json(line->out, text);
    }
}

/* Cut by bytes, before a character and not within: as many characters or fewer. */
void line_json(struct line *line, const char *text)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    struct ajar_span span = ajar_span_of(text);
    if (text == NULL)
    {
        line_put(line, "null");
        return;
    }
    if (span.len <= LINE_TEXT_BYTES)
    {
        line_json_span(line, span);
        return;
    }
    char cut[LINE_TEXT_BYTES + sizeof(ellipsis)];
    size_t len = LINE_TEXT_BYTES - 1;
    while (len > LINE_TEXT_BYTES - 4 && ((unsigned char)text[len] & 0xc0) == 0x80)
    {
        len--;
    }
    memcpy(cut, text, len);
    memcpy(cut + len, ellipsis, sizeof(ellipsis) - 1);
    line_json_span(line, (struct ajar_span){cut, len + sizeof(ellipsis) - 1});
}

struct line_volume line_volume_of(const struct ajar_finding_view *finding)
{
    struct line_volume volume = {.any = finding->list_known || finding->count_known};
    if (finding->list_known)
    {
        /* Rows without a figure (closed, red, an old engine) say nothing about volume. */
        bool silent =
            finding->unknown > 0 && finding->documents == 0 && finding->bytes == 0;
        volume.documents_known = !silent;
        volume.bytes_known = !silent;
        volume.documents = silent ? 0 : finding->documents;
        volume.bytes = silent ? 0 : finding->bytes;
        volume.lower_bound = finding->truncated || finding->unknown > 0;
    }
    if (finding->count_known &&
        (!volume.documents_known ||
         (volume.lower_bound && finding->counted > volume.documents)))
    {
        volume.documents_known = true;
        volume.documents = finding->counted;
    }
    return volume;
}

const char *line_product(const struct ajar_finding_view *finding)
{
    struct ajar_span word = ajar_span_of(finding->product);
    if (ajar_span_is(word, "elasticsearch"))
    {
        return "Elasticsearch";
    }
    if (ajar_span_is(word, "opensearch"))
    {
        return "OpenSearch";
    }
    return word.len > 0 ? finding->product : "A datastore";
}
