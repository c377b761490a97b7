/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

#include <string.h>

/*
 * What the head of a reply says. Only the few headers that decide something are looked
 * at, and only for what is fixed in them; nothing is kept of the rest.
 */

/* name is in lower case. Its first letter rules most out. */
static inline bool is_named(const struct ajar_header *header, const char *name)
{
    return header->name.len > 0 && (header->name.data[0] | 0x20) == name[0] &&
           ajar_span_is_nocase(header->name, name);
}

static bool starts_nocase(struct ajar_span value, const char *prefix)
{
    size_t len = strlen(prefix);
    return value.len >= len &&
           ajar_span_is_nocase((struct ajar_span){value.data, len}, prefix);
}

/* Warning: 299 Elasticsearch-7.16.0-<hash> "Elasticsearch built-in security features are
 * not enabled. ..." (7.13 to 7.17). Deprecation warnings stand in the same header and may
 * hold a piece of our own path, so the text must begin the quoted string (R12). */
static bool is_confession(struct ajar_span value)
{
    if (!ajar_span_starts(value, "299 Elasticsearch-"))
    {
        return false;
    }
    const char *quote = memchr(value.data, '"', value.len);
    if (quote == NULL)
    {
        return false;
    }
    struct ajar_span text = {quote + 1, value.len - (size_t)(quote + 1 - value.data)};
    return ajar_span_starts(text,
                            "Elasticsearch built-in security features are not enabled");
}

/* X-OpenSearch-Version: OpenSearch/3.4.0 (opensearch), on every reply of 3.x, 401 too. */
static void take_opensearch(struct es_state *state, struct ajar_span value)
{
    static const char prefix[] = "OpenSearch/";
    if (!ajar_span_starts(value, prefix))
    {
        return;
    }
    struct ajar_span number = {value.data + sizeof(prefix) - 1,
                               value.len - sizeof(prefix) + 1};
    const char *space = memchr(number.data, ' ', number.len);
    number.len = space != NULL ? (size_t)(space - number.data) : number.len;
    if (number.len > 0 && number.len < 32)
    {
        state->head.opensearch_version = ajar_arena_copy(state->evidence->arena, number);
    }
}

static void take_challenge(struct es_state *state, struct ajar_span value)
{
    struct es_head *head = &state->head;
    const struct es_guard *realm = es_guard_of_realm(value);
    head->challenged = true;
    head->realm = head->realm == NULL ? realm : head->realm;
    if (state->evidence->trace != NULL && head->challenge == NULL)
    {
        head->challenge = ajar_arena_copy(state->evidence->arena, value);
    }
}

/* The HTTP libraries that decoys are written with; no proxy calls itself so. */
static bool is_scripted(struct ajar_span value)
{
    return starts_nocase(value, "SimpleHTTP/") || starts_nocase(value, "BaseHTTP/") ||
           starts_nocase(value, "Python/") || starts_nocase(value, "Werkzeug/");
}

/* Content-Encoding: a list of codings (RFC 9110 section 8.4). Identity alone is asked
 * for; any other means that the bytes may not say what they seem to say. */
static bool is_coded(struct ajar_span list)
{
    for (size_t at = 0; at < list.len;)
    {
        size_t from = at;
        while (at < list.len && list.data[at] != ',')
        {
            at++;
        }
        struct ajar_span coding =
            ajar_span_trim((struct ajar_span){list.data + from, at - from}, AJAR_BLANKS);
        if (coding.len > 0 && !ajar_span_is_nocase(coding, "identity"))
        {
            return true;
        }
        at++;
    }
    return false;
}

/* Cloudflare's and AWS WAF's word for a page that lets a browser in and keeps a program
 * out, with 403, 429, 202 or 405: neither a refusal nor an answer. */
static bool is_browser_challenge(const struct ajar_header *header)
{
    return (is_named(header, "cf-mitigated") &&
            ajar_span_is_nocase(header->value, "challenge")) ||
           (is_named(header, "x-amzn-waf-action") &&
            (ajar_span_is_nocase(header->value, "challenge") ||
             ajar_span_is_nocase(header->value, "captcha")));
}

/* True for the headers of the family and its guards, which name no one else. */
static bool take_own_header(struct es_state *state, const struct ajar_header *header)
{
    struct es_head *head = &state->head;
    if (is_named(header, "www-authenticate"))
    {
        take_challenge(state, header->value);
    }
    else if (is_named(header, "content-type"))
    {
        head->plain_text = starts_nocase(header->value, "text/plain");
    }
    else if (is_named(header, "content-encoding"))
    {
        head->coded = head->coded || is_coded(header->value);
    }
    else if (is_browser_challenge(header))
    {
        head->for_browsers = true;
    }
    else if (is_named(header, "x-elastic-product"))
    {
        head->elastic_product = ajar_span_is(header->value, "Elasticsearch");
    }
    else if (is_named(header, "x-opensearch-version"))
    {
        take_opensearch(state, header->value);
    }
    else if (is_named(header, "warning"))
    {
        head->self_declared = head->self_declared || is_confession(header->value);
    }
    else if (is_named(header, "x-cloud-request-id"))
    {
        head->cloud_edge = true;
    }
    else
    {
        return false;
    }
    return true;
}

static void take_header(struct es_state *state, const struct ajar_header *header)
{
    struct es_head *head = &state->head;
    if (take_own_header(state, header))
    {
        return;
    }
    if (is_named(header, "server"))
    {
        head->scripted_server = is_scripted(header->value);
    }
    if (head->stranger == NULL)
    {
        head->stranger = es_stranger_of_header(header->name, header->value);
    }
}

void es_head_read(struct es_state *state, const struct ajar_reply_head *head)
{
    state->head = (struct es_head){.status = head->status};
    for (size_t i = 0; i < head->header_count; i++)
    {
        take_header(state, &head->headers[i]);
    }
    state->elastic_header = state->elastic_header || state->head.elastic_product;
    if (state->head.status == 200 && state->head.self_declared)
    {
        state->evidence->flags |= AJAR_FLAG(SELF_DECLARED);
    }
}
