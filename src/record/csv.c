/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

#include "ajar/escape.h"

/*
 * CSV for spreadsheets (RFC 4180). Every cell is quoted; a cell that a spreadsheet would
 * take for a formula gets a ' before it, since quoting alone does not stop that (OWASP
 * ASVS 5.0, 1.2.10).
 */
#define CSV_CHARS 256

static void put_cell(struct line *line, const char *text)
{
    struct ajar_buf safe;
    ajar_buf_init(&safe, 16u * 1024u);
    int status = ajar_escape_text(&safe, ajar_span_of(text), CSV_CHARS);
    line->status = line->status == AJAR_OK ? status : line->status;
    bool formula = safe.len > 0 && strchr("=+-@\t\r", safe.data[0]) != NULL;
    line_put(line, formula ? "\"'" : "\"");
    for (size_t i = 0; i < safe.len; i++)
    {
        char piece[3] = {safe.data[i], safe.data[i] == '"' ? '"' : '\0', '\0'};
        line_put(line, piece);
    }
    ajar_buf_deinit(&safe);
    line_put(line, "\",");
}

static void put_number(struct line *line, bool known, uint64_t value)
{
    if (known)
    {
        line_u64(line, value);
    }
    line_put(line, ",");
}

static void put_time(struct line *line, int64_t time_ms)
{
    if (time_ms != 0)
    {
        line_time(line, time_ms);
    }
    line_put(line, ",");
}

int ajar_record_csv_head(struct ajar_buf *out)
{
    struct line line = line_open(out);
    line_put(&line,
             "finding,state,severity,exposure,product,version,flags,owner,contact,"
             "cluster_name,cluster_uuid,address,port,scheme,endpoints,indices,"
             "documents,bytes,copies,last_closed,first_open,last_open,first_closed,"
             "reference,title\r\n");
    return line_close(&line);
}

static void put_flags(struct line *line, uint32_t flags)
{
    const char *space = "";
    for (int i = 0; i < AJAR_FLAG_COUNT; i++)
    {
        if ((flags & (1u << i)) != 0)
        {
            line_put(line, space);
            line_put(line, ajar_flag_word((enum ajar_flag_index)i));
            space = " ";
        }
    }
    line_put(line, ",");
}

static void put_where(struct line *line, const struct ajar_finding_view *finding)
{
    char address[AJAR_ADDR_TEXT_MAX] = "";
    const struct ajar_endpoint_view *first =
        finding->endpoint_count > 0 ? &finding->endpoints[0] : NULL;
    if (first != NULL)
    {
        ajar_addr_format(&first->addr, address);
    }
    line_put(line, address);
    line_put(line, ",");
    put_number(line, first != NULL, first != NULL ? first->port : 0);
    line_put(line, first == NULL                        ? ","
                   : first->scheme == AJAR_SCHEME_HTTPS ? "https,"
                                                        : "http,");
    put_number(line, true, finding->endpoints_total);
}

int ajar_record_csv(const struct ajar_finding_view *finding, struct ajar_buf *out)
{
    struct line line = line_open(out);
    struct line_volume volume = line_volume_of(finding);
    struct ajar_buf title;
    const char *words[] = {finding->id, ajar_finding_state_word(finding->state),
                           ajar_severity_word(finding->severity),
                           ajar_exposure_word(finding->exposure)};
    for (size_t i = 0; i < AJAR_COUNT_OF(words); i++)
    {
        line_put(&line, words[i]);
        line_put(&line, ",");
    }
    put_cell(&line, finding->product);
    put_cell(&line, finding->version);
    put_flags(&line, finding->flags);
    put_cell(&line, finding->owner);
    put_cell(&line, finding->contact);
    put_cell(&line, finding->cluster_name);
    put_cell(&line, finding->cluster_uuid);
    put_where(&line, finding);
    put_number(&line, finding->list_known, finding->index_count);
    put_number(&line, volume.documents_known, volume.documents);
    put_number(&line, volume.bytes_known, volume.bytes);
    put_number(&line, true, finding->dataset.copies);
    put_time(&line, finding->window.last_closed_ms);
    put_time(&line, finding->window.first_open_ms);
    put_time(&line, finding->window.last_open_ms);
    put_time(&line, finding->window.first_closed_ms);
    put_cell(&line, finding->reference);
    ajar_buf_init(&title, 4096);
    int status = ajar_record_finding_title(finding, &title);
    line.status = line.status == AJAR_OK ? status : line.status;
    put_cell(&line, title.data);
    ajar_buf_deinit(&title);
    if (line.status == AJAR_OK)
    {
        out->len--; /* the comma behind the last cell */
        line_put(&line, "\r\n");
    }
    return line_close(&line);
}
