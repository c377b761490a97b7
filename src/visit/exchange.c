/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request and its reply inside a visit: what goes out, what the parser and the probe
 * make of what comes in, and whether the next request can use the same connection.
 */
#include "visit_private.h"

#include <string.h>

/* ---- what the reply parser calls ---- */

static bool on_head(void *context, const struct ajar_reply_head *head)
{
    struct ajar_visit *visit = context;
    visit->state = VISIT_BODY;
    visit->config->probe->head(visit->probe_state, head);
    return true;
}

static bool on_body(void *context, struct ajar_span bytes)
{
    struct ajar_visit *visit = context;
    return visit->config->probe->body(visit->probe_state, bytes);
}

void exchange_init(struct ajar_visit *visit)
{
    visit->sink = (struct ajar_reply_sink){on_head, on_body, visit};
}

/* ---- out ---- */

static void out_of_requests(struct ajar_visit *visit, uint64_t now_ns)
{
    ajar_evidence_reason(&visit->evidence, "the budget of %d requests was used up",
                         AJAR_MAX_REQUESTS);
    visit->evidence.flags |= visit->replies > 0 ? AJAR_FLAG(PARTIAL) : 0;
    visit_set_outcome(visit, AJAR_OUTCOME_OUT_OF_BUDGET);
    visit_close_then(visit, AFTER_FINISH, now_ns);
}

/* The same for every request until the visit turns to TLS. */
static const char *authority(struct ajar_visit *visit)
{
    if (visit->authority == NULL || visit->authority_tls != visit->tls)
    {
        visit->authority = facts_authority(&visit->arena, &visit->target, visit->tls);
        visit->authority_tls = visit->tls;
    }
    return visit->authority;
}

void exchange_begin(struct ajar_visit *visit, uint64_t now_ns)
{
    if (visit->requests >= AJAR_MAX_REQUESTS)
    {
        out_of_requests(visit, now_ns);
        return;
    }
    struct ajar_get get = {
        .path = visit->ask.path,
        .authority = authority(visit),
        .user_agent = visit->config->user_agent,
    };
    ajar_buf_reset(&visit->request, 512);
    int status =
        get.authority != NULL ? ajar_get_render(&get, &visit->request) : AJAR_ENOMEM;
    if (status == AJAR_OK)
    {
        ajar_reply_parser_reset(visit->parser, &visit->sink, visit->ask.step->max_body);
        visit->reply_bytes = 0;
        visit->requests++;
        visit->asked_ns = now_ns;
        visit->state = VISIT_HEAD;
        visit_set_deadline(visit, now_ns, visit->config->timeouts.header_ms);
        status = visit->io->send(visit->io->context, ajar_buf_span(&visit->request));
    }
    if (status != AJAR_OK)
    {
        visit_set_outcome(visit, AJAR_OUTCOME_LOCAL_RESOURCE);
        visit_close_then(visit, AFTER_FINISH, now_ns);
    }
}

/* ---- the end of an exchange ---- */

static void note_exchange(struct ajar_visit *visit, uint64_t now_ns)
{
    struct ajar_evidence *evidence = &visit->evidence;
    const struct ajar_reply_head *head = ajar_reply_parser_head(visit->parser);
    struct ajar_exchange *exchange = &evidence->exchanges[evidence->exchange_count++];
    exchange->path = visit->ask.path;
    exchange->status = head != NULL ? head->status : 0;
    exchange->body_bytes = ajar_reply_parser_bytes(visit->parser);
    exchange->duration_us = (uint32_t)((now_ns - visit->asked_ns) / 1000u);
    exchange->read = visit->ask.step->read;
}

/* Only what was shown tells from where it was seen: asking the kernel at each connection
 * would cost a call for every page that is no datastore. */
static void note_source(struct ajar_visit *visit)
{
    if (!visit->source_known && visit->io->source != NULL)
    {
        visit->source_known = visit->io->source(visit->io->context, &visit->source);
    }
}

/* Tells the probe how the exchange ended and asks it for the next one. */
static void conclude(struct ajar_visit *visit, enum ajar_reply_end how, uint64_t now_ns)
{
    struct ajar_evidence *evidence = &visit->evidence;
    note_exchange(visit, now_ns);
    visit->config->probe->end(visit->probe_state, how);
    struct ajar_exchange *exchange = &evidence->exchanges[evidence->exchange_count - 1];
    exchange->reading = evidence->reading[exchange->read];
    if (exchange->reading == AJAR_READING_SHOWN)
    {
        note_source(visit);
    }
    visit->ask_resent = false;
    if (how == AJAR_REPLY_END_WHOLE || how == AJAR_REPLY_END_STOPPED)
    {
        visit->replies++;
        visit->link_replies++;
        visit->spoke_tls = visit->tls;
    }
    else
    {
        visit->failures++;
        evidence->flags |= visit->replies > 0 ? AJAR_FLAG(PARTIAL) : 0;
    }
    visit->asking = visit->failures < VISIT_MAX_FAILURES &&
                    visit->config->probe->next(visit->probe_state, &visit->ask);
}

/* Goes on after an exchange: same connection, a new one, or the end. */
static void proceed(struct ajar_visit *visit, bool link_usable, uint64_t now_ns)
{
    if (!visit->asking)
    {
        visit_close_then(visit, AFTER_FINISH, now_ns);
    }
    else if (link_usable)
    {
        exchange_begin(visit, now_ns);
    }
    else
    {
        visit_close_then(visit, AFTER_REDIAL, now_ns);
    }
}

/* TLS once: only the first reply of a plain connection can say so, and only when the
 * target names no scheme. The ask stands and is sent again. */
static bool retry_with_tls(struct ajar_visit *visit, enum ajar_link_end why,
                           uint64_t now_ns)
{
    struct ajar_evidence *evidence = &visit->evidence;
    if (visit->tls_tried || visit->replies > 0 ||
        visit->target.scheme != AJAR_SCHEME_AUTO)
    {
        return false;
    }
    /* it was sent, so it is told, though it proved nothing */
    note_exchange(visit, now_ns);
    evidence->exchanges[evidence->exchange_count - 1].reading = AJAR_READING_FAILED;
    visit->plain_end = why;
    visit->tls = true;
    visit->tls_tried = true;
    visit_close_then(visit, AFTER_REDIAL, now_ns);
    return true;
}

static bool says_wants_tls(const struct ajar_visit *visit)
{
    struct ajar_span raw = {visit->sniff != NULL ? visit->sniff : visit->sniff_head,
                            visit->sniff_len};
    return !visit->tls && ajar_reply_wants_tls(raw);
}

/* Remembers the raw first bytes of a plain connection as far as they can matter: twelve
 * of any reply, a kilobyte of a 400. */
static void sniff(struct ajar_visit *visit, struct ajar_span bytes)
{
    if (visit->tls || visit->link_replies > 0 || visit->replies > 0)
    {
        return;
    }
    while (visit->sniff == NULL && visit->sniff_len < VISIT_SNIFF_HEAD && bytes.len > 0)
    {
        visit->sniff_head[visit->sniff_len++] = *bytes.data++;
        bytes.len--;
    }
    bool is_400 = visit->sniff_len >= VISIT_SNIFF_HEAD &&
                  memcmp(visit->sniff_head, "HTTP/1.", 7) == 0 &&
                  memcmp(visit->sniff_head + 8, " 400", 4) == 0;
    if (visit->sniff == NULL && is_400)
    {
        visit->sniff = ajar_arena_alloc(&visit->arena, VISIT_SNIFF_MAX);
        if (visit->sniff != NULL)
        {
            memcpy(visit->sniff, visit->sniff_head, VISIT_SNIFF_HEAD);
        }
    }
    if (visit->sniff != NULL && bytes.len > 0)
    {
        size_t room = VISIT_SNIFF_MAX - visit->sniff_len;
        size_t take = bytes.len < room ? bytes.len : room;
        memcpy(visit->sniff + visit->sniff_len, bytes.data, take);
        visit->sniff_len += take;
    }
}

/* The first bytes of a TLS record: not HTTP, and yet not known before the third. */
static bool may_want_tls(const struct ajar_visit *visit)
{
    return !visit->tls && visit->replies == 0 && visit->sniff_len > 0 &&
           visit->sniff_len < VISIT_SNIFF_RECORD &&
           (visit->sniff_head[0] == 0x15 || visit->sniff_head[0] == 0x16);
}

/* The reply was no well-formed one. Where an earlier reply stands, this is a failed
 * exchange; where none does, it is the outcome. */
static void conclude_broken(struct ajar_visit *visit, enum ajar_outcome outcome,
                            uint64_t now_ns)
{
    bool has_head = ajar_reply_parser_head(visit->parser) != NULL;
    enum ajar_reply_end how = AJAR_REPLY_END_NONE;
    if (outcome == AJAR_OUTCOME_TOO_LARGE)
    {
        how = AJAR_REPLY_END_TOO_LARGE;
    }
    else if (has_head)
    {
        how = AJAR_REPLY_END_CUT;
    }
    bool first = visit->replies == 0;
    conclude(visit, how, now_ns);
    if (first)
    {
        visit_set_outcome(visit, outcome);
        /* a server whose first reply is broken proves nothing by a second one, but a
         * truncated or oversized answer leaves the other endpoints worth asking */
        visit->asking = visit->asking && how != AJAR_REPLY_END_NONE;
    }
    proceed(visit, false, now_ns);
}

static void conclude_whole(struct ajar_visit *visit, enum ajar_reply_end how,
                           uint64_t now_ns)
{
    const struct ajar_reply_head *head = ajar_reply_parser_head(visit->parser);
    if (head->status == 400 && says_wants_tls(visit))
    {
        visit->plain_wants_tls = true;
        if (retry_with_tls(visit, AJAR_LINK_EOF, now_ns))
        {
            return;
        }
    }
    bool usable = how == AJAR_REPLY_END_WHOLE && !visit->never_keeps &&
                  ajar_reply_parser_keeps_alive(visit->parser);
    conclude(visit, how, now_ns);
    proceed(visit, usable, now_ns);
}

void exchange_feed(struct ajar_visit *visit, struct ajar_span bytes, uint64_t now_ns)
{
    enum visit_state before = visit->state;
    sniff(visit, bytes);
    switch (ajar_reply_parser_feed(visit->parser, bytes))
    {
    case AJAR_REPLY_MORE:
        if (before == VISIT_HEAD && visit->state == VISIT_BODY)
        {
            visit_set_deadline(visit, now_ns, visit->config->timeouts.body_ms);
        }
        break;
    case AJAR_REPLY_COMPLETE:
        conclude_whole(visit, AJAR_REPLY_END_WHOLE, now_ns);
        break;
    case AJAR_REPLY_STOPPED:
        conclude_whole(visit, AJAR_REPLY_END_STOPPED, now_ns);
        break;
    case AJAR_REPLY_TOO_LARGE:
        conclude_broken(visit, AJAR_OUTCOME_TOO_LARGE, now_ns);
        break;
    case AJAR_REPLY_MALFORMED:
        conclude_broken(visit, AJAR_OUTCOME_UNPARSEABLE, now_ns);
        break;
    case AJAR_REPLY_NOT_HTTP:
        if (says_wants_tls(visit))
        {
            visit->plain_wants_tls = true;
            if (retry_with_tls(visit, AJAR_LINK_EOF, now_ns))
            {
                break;
            }
        }
        if (!may_want_tls(visit))
        {
            conclude_broken(visit, AJAR_OUTCOME_NOT_HTTP, now_ns);
        }
        break;
    }
}

/* No byte came on this connection. */
static void ended_silent(struct ajar_visit *visit, enum ajar_link_end why,
                         uint64_t now_ns)
{
    bool orderly = why == AJAR_LINK_EOF || why == AJAR_LINK_RESET;
    if (orderly && !visit->tls && retry_with_tls(visit, why, now_ns))
    {
        return;
    }
    bool first = visit->replies == 0;
    conclude(visit, AJAR_REPLY_END_NONE, now_ns);
    if (first)
    {
        /* in TLS 1.3 the refusal of a missing client certificate comes after the
         * handshake */
        visit_set_outcome(visit, facts_outcome_of_end(why));
        visit->asking = false;
    }
    proceed(visit, false, now_ns);
}

void exchange_link_ended(struct ajar_visit *visit, enum ajar_link_end why,
                         uint64_t now_ns)
{
    bool reply_begun = visit->reply_bytes > 0;
    if (!reply_begun && visit->link_replies > 0)
    {
        /* a kept-alive connection that the server closed under our request (RFC 9112
         * section 9.5: a GET may be sent again) */
        if (!visit->ask_resent)
        {
            visit->ask_resent = true;
            visit->never_keeps = true;
            visit_close_then(visit, AFTER_REDIAL, now_ns);
            return;
        }
    }
    if (!reply_begun)
    {
        ended_silent(visit, why, now_ns);
        return;
    }
    if (why != AJAR_LINK_EOF)
    {
        conclude_broken(visit,
                        visit->state == VISIT_BODY ? AJAR_OUTCOME_UNPARSEABLE
                                                   : facts_outcome_of_end(why),
                        now_ns);
        return;
    }
    switch (ajar_reply_parser_finish(visit->parser))
    {
    case AJAR_REPLY_COMPLETE:
        conclude_whole(visit, AJAR_REPLY_END_STOPPED, now_ns);
        break;
    case AJAR_REPLY_NOT_HTTP:
        conclude_broken(visit, AJAR_OUTCOME_NOT_HTTP, now_ns);
        break;
    case AJAR_REPLY_TOO_LARGE:
        conclude_broken(visit, AJAR_OUTCOME_TOO_LARGE, now_ns);
        break;
    case AJAR_REPLY_MORE:
    case AJAR_REPLY_MALFORMED:
    case AJAR_REPLY_STOPPED:
        conclude_broken(visit, AJAR_OUTCOME_UNPARSEABLE, now_ns);
        break;
    }
}

void exchange_timed_out(struct ajar_visit *visit, uint64_t now_ns)
{
    uint64_t total_ns = (uint64_t)visit->config->timeouts.total_ms * 1000000u;
    bool total_over = now_ns - visit->started_ns >= total_ns;
    bool first = visit->replies == 0;
    conclude(visit, visit->state == VISIT_BODY ? AJAR_REPLY_END_CUT : AJAR_REPLY_END_NONE,
             now_ns);
    if (first)
    {
        visit_set_outcome(visit, AJAR_OUTCOME_TIMEOUT_REPLY);
    }
    if (first || total_over)
    {
        visit->asking = false;
    }
    proceed(visit, false, now_ns);
}
