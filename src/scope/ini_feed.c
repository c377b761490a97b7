/* SPDX-License-Identifier: Apache-2.0 */
#include "ini_feed.h"

#include <ini.h>
#include <string.h>

#include "ajar/escape.h"

#include "range.h"

/* What the feed knows of the line that inih is working on. */
struct feed
{
    const char *file;
    struct ajar_span rest; /* not yet read */
    struct ajar_span line; /* without its line end */
    unsigned number;
    bool expects;  /* the line must end in a call of the handler ... */
    bool answered; /* ... and did */
    bool has_key;  /* inih holds a key that an indented line would continue */
    const struct ini_sink *sink;
    struct ajar_diags *diags;
};

static struct place place_at(const struct feed *feed, size_t offset)
{
    return (struct place){feed->file, feed->number, (unsigned)offset + 1};
}

static size_t indent_of(struct ajar_span line)
{
    size_t i = 0;
    while (i < line.len && (line.data[i] == ' ' || line.data[i] == '\t'))
    {
        i++;
    }
    return i;
}

/* Where inih stops looking: at one of `stops`, or at a ';' behind a blank. line.len when
 * there is neither. */
static size_t find_stop(struct ajar_span line, size_t from, const char *stops)
{
    bool blank = false;
    for (size_t i = from; i < line.len; i++)
    {
        char c = line.data[i];
        if (strchr(stops, c) != NULL || (blank && c == ';'))
        {
            return i;
        }
        blank = c == ' ' || c == '\t';
    }
    return line.len;
}

/* The offset of the first byte that no targets file holds, or line.len. A tab is fine. */
static size_t find_control(struct ajar_span line)
{
    for (size_t i = 0; i < line.len; i++)
    {
        unsigned char c = (unsigned char)line.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
        {
            return i;
        }
    }
    return line.len;
}

/* The first byte that is no part of well-formed UTF-8: the longest valid prefix's end. */
static size_t find_bad_utf8(struct ajar_span line)
{
    size_t good = line.len;
    while (good > 0 && !ajar_utf8_is_valid((struct ajar_span){line.data, good}))
    {
        good--;
    }
    return good;
}

/* Bytes that make the whole file doubtful; false ends the reading. */
static bool line_is_text(struct feed *feed)
{
    size_t at = find_control(feed->line);
    if (at < feed->line.len)
    {
        unsigned byte = (unsigned char)feed->line.data[at];
        const char *mend = byte == 0      ? "save the file as plain UTF-8 text"
                           : byte == '\r' ? "end lines with LF or CR LF"
                                          : "remove this byte";
        diags_error(feed->diags, place_at(feed, at), mend, "a control byte (0x%02x)",
                    byte);
        return false;
    }
    if (feed->line.len > AJAR_MAX_TARGETS_LINE)
    {
        diags_error(feed->diags, place_at(feed, AJAR_MAX_TARGETS_LINE),
                    "write several lines; keys like range and ports may be repeated",
                    "the line is longer than %d bytes", AJAR_MAX_TARGETS_LINE);
        return false;
    }
    if (!ajar_utf8_is_valid(feed->line))
    {
        diags_error(feed->diags, place_at(feed, find_bad_utf8(feed->line)),
                    "save the file as UTF-8", "not valid UTF-8");
        return false;
    }
    return true;
}

static bool id_is_fine(struct ajar_span id)
{
    for (size_t i = 0; i < id.len; i++)
    {
        char c = id.data[i];
        char low = (char)(c | 0x20);
        bool fine = (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                    c == '_' || c == '.';
        if (!fine)
        {
            return false;
        }
    }
    return id.len > 0 && id.len <= 64;
}

/* "[id]": what stands around it is checked here, because inih ignores it. */
static void read_header(struct feed *feed, size_t open)
{
    struct ajar_span line = feed->line;
    size_t close = find_stop(line, open + 1, "]");
    if (close == line.len || line.data[close] != ']')
    {
        diags_error(feed->diags, place_at(feed, open), "write [name-of-the-team]",
                    "the section's ']' is missing");
        feed->sink->on_section(feed->sink->user, ajar_span_of("?"), feed->number,
                               (unsigned)open + 1);
        return;
    }
    struct ajar_span id = ajar_span_trim(
        (struct ajar_span){line.data + open + 1, close - open - 1}, AJAR_BLANKS);
    struct ajar_span after = ajar_span_trim(
        (struct ajar_span){line.data + close + 1, line.len - close - 1}, AJAR_BLANKS);
    if (!id_is_fine(id))
    {
        diags_error(feed->diags, place_at(feed, open + 1),
                    "use 1 to 64 letters, digits, '-', '_' and '.'; the display name "
                    "belongs into owner =",
                    "'%.*s' is not a section name", (int)id.len, id.data);
    }
    else if (after.len > 0 && after.data[0] != ';' && after.data[0] != '#')
    {
        diags_error(feed->diags, place_at(feed, (size_t)(after.data - line.data)),
                    "put it on the next line", "text behind the section name");
    }
    feed->sink->on_section(feed->sink->user, id, feed->number, (unsigned)open + 1);
}

/* An indented line that looks like "key = value" would silently continue the value above.
 */
static bool is_swallowed_key(struct ajar_span line, size_t indent)
{
    size_t stop = find_stop(line, indent, "=");
    if (stop == line.len || line.data[stop] != '=')
    {
        return false;
    }
    for (size_t i = indent; i < stop; i++)
    {
        char low = (char)(line.data[i] | 0x20);
        if ((low < 'a' || low > 'z') && low != ' ' && line.data[i] != '\t')
        {
            return false;
        }
    }
    return true;
}

/* Decides what inih gets to see: the line, a clean header, or nothing. */
static struct ajar_span digest_line(struct feed *feed)
{
    struct ajar_span nothing = {"", 0};
    size_t indent = indent_of(feed->line);
    feed->expects = false;
    if (indent == feed->line.len || feed->line.data[indent] == ';' ||
        feed->line.data[indent] == '#')
    {
        return nothing;
    }
    bool header = feed->line.data[indent] == '[';
    bool continues = indent > 0 && feed->has_key;
    if (continues && (header || is_swallowed_key(feed->line, indent)))
    {
        diags_error(feed->diags, place_at(feed, indent), "remove the blanks before it",
                    "an indented line continues the value above it");
        return nothing;
    }
    if (header)
    {
        read_header(feed, indent);
        feed->has_key = false;
        return ajar_span_of("[section]");
    }
    feed->expects = true;
    feed->answered = false;
    return feed->line;
}

static void settle_line(struct feed *feed)
{
    if (feed->expects && !feed->answered)
    {
        diags_error(feed->diags, place_at(feed, indent_of(feed->line)),
                    "write key = value; a comment begins with ; or #",
                    "there is no '=' on this line");
    }
    feed->expects = false;
}

static void next_line(struct feed *feed)
{
    const char *end = memchr(feed->rest.data, '\n', feed->rest.len);
    size_t len = end != NULL ? (size_t)(end - feed->rest.data) : feed->rest.len;
    size_t taken = end != NULL ? len + 1 : len;
    feed->line = (struct ajar_span){feed->rest.data, len};
    if (len > 0 && feed->line.data[len - 1] == '\r')
    {
        feed->line.len--;
    }
    feed->rest.data += taken;
    feed->rest.len -= taken;
    feed->number++;
}

/* inih's reader: fgets over our lines. NULL ends the file. */
static char *read_line(char *out, int size, void *stream)
{
    struct feed *feed = stream;
    settle_line(feed);
    if (feed->rest.len == 0)
    {
        return NULL;
    }
    next_line(feed);
    if (!line_is_text(feed))
    {
        feed->rest.len = 0;
        return NULL;
    }
    struct ajar_span shown = digest_line(feed);
    if (size < 2 || shown.len + 2 > (size_t)size)
    {
        /* another inih with a shorter line: never silently half a line */
        diags_error(feed->diags, place_at(feed, 0), "write several lines",
                    "the installed inih reads lines of at most %d bytes", size - 3);
        feed->rest.len = 0;
        feed->expects = false;
        return NULL;
    }
    memcpy(out, shown.data, shown.len);
    out[shown.len] = '\n';
    out[shown.len + 1] = '\0';
    return out;
}

/* inih's handler. A continuation line comes with its inline comment, other lines without.
 */
static int take_value(void *user, const char *section, const char *key, const char *value)
{
    struct feed *feed = user;
    (void)section; /* cut at 49 bytes there; read_header has the whole name */
    size_t indent = indent_of(feed->line);
    bool continued = indent > 0 && feed->has_key;
    size_t begin = indent;
    if (!continued)
    {
        size_t equals = find_stop(feed->line, indent, "=:");
        begin = equals < feed->line.len ? equals + 1 : feed->line.len;
    }
    struct ajar_span tail = {feed->line.data + begin, feed->line.len - begin};
    begin += indent_of(tail);
    struct ajar_span clean = ajar_span_of(value);
    clean.len = find_stop(clean, 0, "");
    struct ini_value found = {key,
                              ajar_span_trim(clean, AJAR_BLANKS),
                              feed->number,
                              (unsigned)indent + 1,
                              (unsigned)begin + 1,
                              continued};
    feed->answered = true;
    feed->has_key = key[0] != '\0';
    feed->sink->on_value(feed->sink->user, &found);
    return 1;
}

void ini_feed(const char *file, struct ajar_span text, const struct ini_sink *sink,
              struct ajar_diags *diags)
{
    struct feed feed = {.file = file, .rest = text, .sink = sink, .diags = diags};
    /* a byte order mark is no column */
    if (ajar_span_starts(text, "\xef\xbb\xbf"))
    {
        feed.rest.data += 3;
        feed.rest.len -= 3;
    }
    /* its status counts lines that the feed has already remarked upon */
    (void)ini_parse_stream(read_line, &feed, take_value, &feed);
}
