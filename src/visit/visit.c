/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state machine of a visit. Events come in at the bottom of this file; each either
 * moves the exchange on (exchange.c) or decides about the connection here.
 *
 *   start -> POSTPONED? -> DIALING -> HEAD -> BODY -> HEAD ... -> CLOSING -> OVER
 *                             ^                                    |
 *                             +---- redial: TLS, or a server that -+
 *                                   closes after each reply
 */
#include "visit_private.h"

#include <stdlib.h>
#include <string.h>

/* A request is about 200 bytes; a path with an index name may add 800. */
#define VISIT_KEEP_REQUEST 512u

int ajar_visit_new(const struct ajar_visit_config *config, struct ajar_visit **out)
{
    struct ajar_visit *visit = calloc(1, sizeof *visit);
    if (visit == NULL)
    {
        return AJAR_ENOMEM;
    }
    visit->config = config;
    visit->probe_state = calloc(1, config->probe->state_bytes);
    if (visit->probe_state == NULL || ajar_reply_parser_new(&visit->parser) != AJAR_OK)
    {
        free(visit->probe_state);
        free(visit);
        return AJAR_ENOMEM;
    }
    ajar_arena_init(&visit->arena, AJAR_MAX_VISIT_ARENA);
    ajar_buf_init(&visit->request, AJAR_MAX_REQUEST);
    exchange_init(visit);
    *out = visit;
    return AJAR_OK;
}

static void probe_close(struct ajar_visit *visit)
{
    if (visit->probe_open)
    {
        visit->config->probe->finish(visit->probe_state);
        visit->probe_open = false;
    }
}

void ajar_visit_free(struct ajar_visit *visit)
{
    if (visit == NULL)
    {
        return;
    }
    probe_close(visit);
    free(visit->probe_state);
    ajar_reply_parser_free(visit->parser);
    ajar_buf_deinit(&visit->request);
    ajar_arena_deinit(&visit->arena);
    free(visit);
}

void ajar_visit_reset(struct ajar_visit *visit)
{
    probe_close(visit);
    ajar_arena_reset(&visit->arena);
    ajar_buf_reset(&visit->request, VISIT_KEEP_REQUEST);
    visit->state = VISIT_IDLE;
    visit->tls_facts = NULL;
}

/* The first failure stands: what came later is a consequence of it. It becomes the
 * outcome only when no whole reply was read (finish). */
void visit_set_outcome(struct ajar_visit *visit, enum ajar_outcome outcome)
{
    if (!visit->outcome_set)
    {
        visit->outcome = outcome;
        visit->outcome_set = true;
    }
}

/* An outcome that stands whatever was read: the visit was called off. */
static void force_outcome(struct ajar_visit *visit, enum ajar_outcome outcome)
{
    visit->outcome = outcome;
    visit->outcome_set = true;
    visit->called_off = true;
}

void visit_set_deadline(struct ajar_visit *visit, uint64_t now_ns, uint32_t ms)
{
    uint64_t phase = now_ns + (uint64_t)ms * 1000000u;
    uint64_t total =
        visit->started_ns + (uint64_t)visit->config->timeouts.total_ms * 1000000u;
    visit->io->set_deadline(visit->io->context, phase < total ? phase : total);
}

static void finish(struct ajar_visit *visit, uint64_t now_ns)
{
    visit->state = VISIT_OVER;
    visit->finished_ns = now_ns;
    visit->io->set_deadline(visit->io->context, UINT64_MAX);
    visit_set_outcome(visit, AJAR_OUTCOME_OUT_OF_BUDGET);
    if (visit->replies > 0 && !visit->called_off)
    {
        visit->outcome = AJAR_OUTCOME_REPLIED;
    }
    probe_close(visit);
    ajar_classify(visit->outcome, &visit->evidence, &visit->verdict);
    visit->io->done(visit->io->context);
}

/* A dial that could not start. Never calls `done` from within start: the caller sees to
 * that by asking for a deadline that has passed already. */
static void dial_failed(struct ajar_visit *visit, int status, enum ajar_link_end why,
                        uint64_t now_ns)
{
    if (status == AJAR_EREFUSED)
    {
        force_outcome(visit, AJAR_OUTCOME_EXCLUDED);
    }
    else
    {
        visit_set_outcome(visit, facts_outcome_of_end(why));
    }
    visit->state = VISIT_CLOSING;
    visit->after = AFTER_FINISH;
    visit->link_open = false;
    visit->io->set_deadline(visit->io->context, now_ns);
}

static void dialing(struct ajar_visit *visit, uint64_t now_ns)
{
    const struct ajar_timeouts *timeouts = &visit->config->timeouts;
    uint32_t ms = timeouts->connect_ms + (visit->tls ? timeouts->tls_ms : 0);
    visit->state = VISIT_DIALING;
    visit->link_open = true;
    visit_set_deadline(visit, now_ns, ms);
}

static void dial(struct ajar_visit *visit, uint64_t now_ns)
{
    if (visit->dials >= AJAR_MAX_DIALS)
    {
        ajar_evidence_reason(&visit->evidence, "the budget of %d connections was used up",
                             AJAR_MAX_DIALS);
        visit->evidence.flags |= visit->replies > 0 ? AJAR_FLAG(PARTIAL) : 0;
        visit_set_outcome(visit, AJAR_OUTCOME_OUT_OF_BUDGET);
        dial_failed(visit, AJAR_OK, AJAR_LINK_EOF, now_ns);
        return;
    }
    visit->dials++;
    visit->reply_bytes = 0;
    visit->link_replies = 0;
    visit->sniff_len = 0;
    visit->sniff = NULL;
    enum ajar_link_end why = AJAR_LINK_LOCAL_RESOURCE;
    int status = visit->io->dial(visit->io->context, visit->tls, &why);
    if (status == AJAR_VISIT_POSTPONED)
    {
        visit->state = VISIT_POSTPONED;
        visit->io->set_deadline(visit->io->context, UINT64_MAX);
    }
    else if (status < 0)
    {
        dial_failed(visit, status, why, now_ns);
    }
    else
    {
        dialing(visit, now_ns);
    }
}

void visit_close_then(struct ajar_visit *visit, enum visit_after after, uint64_t now_ns)
{
    visit->after = after;
    if (visit->state == VISIT_CLOSING)
    {
        return;
    }
    visit->state = VISIT_CLOSING;
    visit->io->set_deadline(visit->io->context, UINT64_MAX);
    if (visit->link_open)
    {
        visit->io->close(visit->io->context);
    }
    else
    {
        visit->io->set_deadline(visit->io->context, now_ns);
    }
}

static void start_state(struct ajar_visit *visit)
{
    visit->after = AFTER_FINISH;
    visit->asking = false;
    visit->ask_resent = false;
    visit->requests = 0;
    visit->called_off = false;
    visit->never_keeps = false;
    visit->source_known = false;
    visit->replies = 0;
    visit->failures = 0;
    visit->dials = 0;
    visit->tls = visit->target.scheme == AJAR_SCHEME_HTTPS;
    visit->tls_tried = visit->tls;
    visit->spoke_tls = visit->tls;
    visit->plain_wants_tls = false;
    visit->link_open = false;
    visit->outcome_set = false;
    visit->outcome = AJAR_OUTCOME_OUT_OF_BUDGET;
    visit->tls_facts = NULL;
    visit->authority = NULL;
}

void ajar_visit_start(struct ajar_visit *visit, const struct ajar_visit_target *target,
                      const struct ajar_visit_io *io, uint64_t now_ns)
{
    AJAR_REQUIRE(visit->state == VISIT_IDLE);
    visit->target = *target;
    visit->io = io;
    visit->started_ns = now_ns;
    visit->finished_ns = now_ns;
    start_state(visit);
    ajar_evidence_init(&visit->evidence, &visit->arena);
    if (visit->config->explain)
    {
        ajar_evidence_explain(&visit->evidence);
    }
    memset(visit->probe_state, 0, visit->config->probe->state_bytes);
    visit->config->probe->begin(visit->probe_state, &visit->evidence, target->nonce);
    visit->probe_open = true;
    visit->asking = visit->config->probe->next(visit->probe_state, &visit->ask);
    dial(visit, now_ns);
}

void ajar_visit_postponed(struct ajar_visit *visit)
{
    if (visit->state == VISIT_DIALING)
    {
        visit->state = VISIT_POSTPONED;
        visit->link_open = false;
        visit->io->set_deadline(visit->io->context, UINT64_MAX);
    }
}

void ajar_visit_dialing(struct ajar_visit *visit, int status, enum ajar_link_end why,
                        uint64_t now_ns)
{
    if (visit->state != VISIT_POSTPONED)
    {
        return;
    }
    if (status < 0)
    {
        dial_failed(visit, status, why, now_ns);
    }
    else
    {
        dialing(visit, now_ns);
    }
}

void ajar_visit_opened(struct ajar_visit *visit, const struct ajar_tls_facts *tls,
                       uint64_t now_ns)
{
    if (visit->state != VISIT_DIALING)
    {
        return;
    }
    if (tls != NULL && visit->tls_facts == NULL)
    {
        visit->tls_facts = facts_copy(&visit->arena, tls);
    }
    exchange_begin(visit, now_ns);
}

void ajar_visit_data(struct ajar_visit *visit, struct ajar_span bytes, uint64_t now_ns)
{
    if (visit->state == VISIT_HEAD || visit->state == VISIT_BODY)
    {
        visit->reply_bytes += bytes.len;
        exchange_feed(visit, bytes, now_ns);
    }
}

/* The connection never opened: is it worth a second look over TLS, or is that the answer?
 */
static void ended_while_dialing(struct ajar_visit *visit, enum ajar_link_end why,
                                uint64_t now_ns)
{
    bool is_retry = visit->tls && visit->target.scheme != AJAR_SCHEME_HTTPS;
    if (visit->replies > 0)
    {
        /* a redial for the next request failed: what was proven stands */
        ajar_evidence_reason(&visit->evidence,
                             "a further connection was not accepted (%s)",
                             ajar_outcome_word(facts_outcome_of_end(why)));
        visit->evidence.flags |= AJAR_FLAG(PARTIAL);
    }
    else if (is_retry && !visit->plain_wants_tls &&
             (why == AJAR_LINK_EOF || why == AJAR_LINK_RESET ||
              why == AJAR_LINK_TLS_NOT_SPOKEN))
    {
        /* not a byte, plain and TLS alike */
        bool reset = visit->plain_end == AJAR_LINK_RESET && why == AJAR_LINK_RESET;
        visit_set_outcome(visit, reset ? AJAR_OUTCOME_RESET : AJAR_OUTCOME_CLOSED);
    }
    else if (is_retry || (visit->tls && (why == AJAR_LINK_EOF || why == AJAR_LINK_RESET)))
    {
        visit_set_outcome(visit, AJAR_OUTCOME_TLS_FAILED);
    }
    else
    {
        visit_set_outcome(visit, facts_outcome_of_end(why));
    }
    visit_close_then(visit, AFTER_FINISH, now_ns);
}

void ajar_visit_ended(struct ajar_visit *visit, enum ajar_link_end why, uint64_t now_ns)
{
    if (visit->state == VISIT_DIALING)
    {
        ended_while_dialing(visit, why, now_ns);
    }
    else if (visit->state == VISIT_HEAD || visit->state == VISIT_BODY)
    {
        exchange_link_ended(visit, why, now_ns);
    }
}

void ajar_visit_closed(struct ajar_visit *visit, uint64_t now_ns)
{
    visit->link_open = false;
    if (visit->state != VISIT_CLOSING)
    {
        return;
    }
    if (visit->after == AFTER_REDIAL)
    {
        dial(visit, now_ns);
    }
    else
    {
        finish(visit, now_ns);
    }
}

static void dialing_timed_out(struct ajar_visit *visit, uint64_t now_ns)
{
    if (visit->replies == 0)
    {
        visit_set_outcome(visit, visit->io->is_connected(visit->io->context)
                                     ? AJAR_OUTCOME_TIMEOUT_REPLY
                                     : AJAR_OUTCOME_TIMEOUT_CONNECT);
    }
    else
    {
        ajar_evidence_reason(&visit->evidence,
                             "a further connection got no answer in time");
        visit->evidence.flags |= AJAR_FLAG(PARTIAL);
    }
    visit_close_then(visit, AFTER_FINISH, now_ns);
}

void ajar_visit_deadline(struct ajar_visit *visit, uint64_t now_ns)
{
    switch (visit->state)
    {
    case VISIT_DIALING:
        dialing_timed_out(visit, now_ns);
        break;
    case VISIT_HEAD:
    case VISIT_BODY:
        exchange_timed_out(visit, now_ns);
        break;
    case VISIT_CLOSING:
        if (!visit->link_open)
        {
            ajar_visit_closed(visit, now_ns);
        }
        break;
    case VISIT_IDLE:
    case VISIT_POSTPONED:
    case VISIT_OVER:
        break;
    }
}

void ajar_visit_cancel(struct ajar_visit *visit, enum ajar_outcome outcome,
                       uint64_t now_ns)
{
    if (visit->state == VISIT_IDLE || visit->state == VISIT_OVER)
    {
        return;
    }
    force_outcome(visit, outcome);
    visit_close_then(visit, AFTER_FINISH, now_ns);
}

void ajar_visit_result(const struct ajar_visit *visit, struct ajar_visit_result *out)
{
    out->outcome = visit->outcome;
    out->tls = visit->spoke_tls;
    out->duration_ns = visit->finished_ns - visit->started_ns;
    out->dials = visit->dials;
    out->requests = visit->requests;
    out->verdict = visit->verdict;
    out->evidence = &visit->evidence;
    out->tls_facts = visit->tls_facts;
    out->source_known = visit->source_known;
    out->source = visit->source;
}
