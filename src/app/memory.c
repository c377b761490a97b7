/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "deliver.h"

/* How long commands that are under way may still run after a signal. */
#define STOP_WAIT_MS 5000u
/* Events that the summary names; `ajar events` has all. */
#define SUMMARY_EVENTS 20u

/* ---- failures ---- */

static void say_failure(struct memory *memory, const char *what)
{
    if (!memory->failed)
    {
        (void)fprintf(stderr, "ajar: %s: %s\n", what,
                      ajar_state_error(memory->store.state)->text);
    }
    memory->failed = true;
}

/* ---- the run ---- */

/* Few sections are canaries, if any: they are looked up once. */
static int find_canaries(struct memory *memory)
{
    size_t sections = ajar_scope_section_count(memory->scope);
    memory->canaries = calloc(sections + 1, sizeof(const struct ajar_section *));
    for (size_t i = 0; memory->canaries != NULL && i < sections; i++)
    {
        const struct ajar_section *section = ajar_scope_section_at(memory->scope, i);
        if (section->canary != AJAR_CANARY_NONE)
        {
            memory->canaries[memory->canary_count++] = section;
        }
    }
    return memory->canaries != NULL ? AJAR_OK : AJAR_ENOMEM;
}

enum app_exit memory_begin(struct memory *memory, struct store *store,
                           const struct memory_run *run)
{
    const char *vantage = run->vantage;
    memory->store = *store;
    memset(store, 0, sizeof *store);
    memory->info = run->info;
    memory->scope = run->scope;
    memory->quiet = run->quiet;
    memory->only_declared = run->source != AJAR_STATE_SCAN;
    if (vantage == NULL && memory->store.config != NULL)
    {
        vantage = memory->store.config->vantage;
    }
    struct ajar_state_run begin = {.info = run->info,
                                   .source = run->source,
                                   .manual = run->source != AJAR_STATE_SCAN,
                                   .vantage = vantage,
                                   .now_ms = clock_now_ms()};
    if (find_canaries(memory) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: out of memory\n");
        store_end(&memory->store);
        return APP_OUR_FAULT;
    }
    if (ajar_state_run_begin(memory->store.state, &begin) != AJAR_OK)
    {
        enum app_exit code = store_failed(&memory->store);
        store_end(&memory->store);
        return code;
    }
    memory->on = true;
    memory->trusted = true;
    return APP_OK;
}

static bool is_canary(const struct memory *memory, const char *owner)
{
    for (size_t i = 0; i < memory->canary_count; i++)
    {
        if (memory->canaries[i]->id == owner) /* both are the scope's own text */
        {
            return true;
        }
    }
    return false;
}

void memory_look(struct memory *memory, const struct ajar_target_record *record)
{
    if (!memory->on || (record->owner == NULL && memory->only_declared))
    {
        return;
    }
    const struct ajar_evidence *evidence = record->result.evidence;
    struct ajar_state_look look = {
        .record = record,
        .canary = is_canary(memory, record->owner),
        .source_known = record->result.source_known,
        .source = record->result.source,
    };
    if (evidence != NULL)
    {
        look.names = evidence->indices.names;
        look.name_count = evidence->indices.name_count;
        look.names_complete = evidence->indices.names_complete;
        look.names_digest = evidence->indices.names_digest;
    }
    if (ajar_state_observe(memory->store.state, &look) != AJAR_OK)
    {
        memory->lost++;
        say_failure(memory, "what is seen cannot be remembered");
    }
}

void memory_tick(struct memory *memory)
{
    bool news = false;
    if (!memory->on || memory->ended)
    {
        return;
    }
    if (ajar_state_tick(memory->store.state, clock_now_ms(), &news) != AJAR_OK)
    {
        say_failure(memory, "what is seen cannot be remembered");
    }
    else if (news && memory->notify != NULL)
    {
        ajar_notify_wake(memory->notify);
    }
}

/* ---- canaries ---- */

static void say_canary(const struct ajar_section *section,
                       const struct ajar_state_canary *seen)
{
    char where[AJAR_ADDR_TEXT_MAX + 8] = "";
    const char *declared =
        section->canary == AJAR_CANARY_RECORDS ? "records" : "protected";
    if (seen->example_port != 0)
    {
        (void)ajar_addr_format_port(&seen->example, seen->example_port, where);
        (void)fprintf(stderr,
                      "ajar: UNTRUSTED RUN: the canary [%s] is declared %s, but %s was "
                      "seen as %s\n",
                      section->id, declared, where,
                      ajar_exposure_word(seen->example_exposure));
    }
    else
    {
        (void)fprintf(stderr,
                      "ajar: UNTRUSTED RUN: the canary [%s] is declared %s, but was not "
                      "looked at\n",
                      section->id, declared);
    }
}

static void judge_canaries(struct memory *memory)
{
    for (size_t i = 0; i < memory->canary_count; i++)
    {
        const struct ajar_section *section = memory->canaries[i];
        struct ajar_state_canary seen = {0};
        enum ajar_exposure expected = section->canary == AJAR_CANARY_RECORDS
                                          ? AJAR_EXPOSURE_RECORDS
                                          : AJAR_EXPOSURE_PROTECTED;
        if (ajar_state_canary(memory->store.state, section->id, expected, &seen) !=
            AJAR_OK)
        {
            say_failure(memory, "the canaries cannot be judged");
            memory->trusted = false;
        }
        else if (seen.as_declared == 0)
        {
            say_canary(section, &seen);
            memory->trusted = false;
        }
    }
    if (!memory->trusted)
    {
        (void)fprintf(stderr, "ajar: what this run did not see is not believed: it "
                              "closes nothing\n");
    }
}

void memory_judge(struct memory *memory, const struct ajar_run_totals *totals)
{
    struct ajar_pruned pruned;
    if (!memory->on)
    {
        return;
    }
    if (!memory->only_declared)
    {
        judge_canaries(memory);
    }
    memory->ended = true;
    if (ajar_state_run_end(memory->store.state, totals, memory->trusted, clock_now_ms(),
                           &memory->summary) != AJAR_OK)
    {
        say_failure(memory, "the run cannot be remembered");
        return;
    }
    const struct ajar_config *config = memory->store.config;
    struct ajar_retention keep = {
        .run_days = (uint32_t)(config != NULL ? config->keep_runs.value : 0),
        .finding_days = (uint32_t)(config != NULL ? config->keep_findings.value : 0),
        .target_days = (uint32_t)(config != NULL ? config->keep_targets.value : 0)};
    if (!memory->only_declared && totals->complete &&
        ajar_state_prune(memory->store.state, &keep, clock_now_ms(), &pruned) != AJAR_OK)
    {
        say_failure(memory, "what is old cannot be dropped");
    }
}

/* ---- what changed ---- */

struct news
{
    const struct memory *memory;
    struct ajar_buf *out;
    uint64_t shown;
    uint64_t more;
};

static bool add_news(void *context, const struct ajar_event_view *event)
{
    struct news *news = context;
    if (strcmp(event->run, news->memory->info->id) != 0)
    {
        return true;
    }
    if (news->shown == SUMMARY_EVENTS)
    {
        news->more++;
        return true;
    }
    news->shown++;
    (void)ajar_buf_printf(news->out, "  %-12s %s  %s", ajar_event_kind_word(event->kind),
                          event->finding.id, event->urgent ? "URGENT " : "");
    (void)ajar_record_event_title(event, news->out);
    (void)ajar_buf_byte(news->out, '\n');
    return true;
}

static void put_counts(const struct ajar_state_summary *sum, struct ajar_buf *out)
{
    const struct
    {
        uint64_t count;
        const char *word;
    } rows[] = {{sum->opened, "opened"},
                {sum->reopened, "reopened"},
                {sum->changed, "changed"},
                {sum->moved, "moved"},
                {sum->resolved, "resolved"},
                {sum->unverified, "unverified"},
                {sum->acceptances_ended, "no longer accepted"}};
    bool first = true;
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        if (rows[i].count > 0)
        {
            (void)ajar_buf_text(out, first ? "" : ", ");
            (void)ajar_record_number(rows[i].count, out);
            (void)ajar_buf_printf(out, " %s", rows[i].word);
            first = false;
        }
    }
}

/* What stands, by what is known of it: one that was proven closed once is not called
 * open. */
static void put_standing(const struct ajar_state_metrics *metrics, struct ajar_buf *out)
{
    if (metrics == NULL)
    {
        (void)ajar_buf_text(out, "what stands open cannot be read\n");
        return;
    }
    uint64_t open = metrics->by_state[AJAR_FINDING_OPEN];
    uint64_t closing = metrics->by_state[AJAR_FINDING_CLOSING];
    uint64_t silent = metrics->by_state[AJAR_FINDING_UNVERIFIED];
    (void)ajar_record_number(open, out);
    (void)ajar_buf_printf(out, " finding%s open", open == 1 ? " stands" : "s stand");
    if (closing > 0)
    {
        (void)ajar_buf_text(out, ", ");
        (void)ajar_record_number(closing, out);
        (void)ajar_buf_text(out, " seen closed once (the next look has to agree)");
    }
    if (silent > 0)
    {
        (void)ajar_buf_text(out, ", ");
        (void)ajar_record_number(silent, out);
        (void)ajar_buf_text(out, " silent (which proves nothing)");
    }
    (void)ajar_buf_byte(out, '\n');
}

static void put_coverage(const struct memory *memory,
                         const struct ajar_run_totals *totals,
                         const struct ajar_state_metrics *standing, struct ajar_buf *out)
{
    uint64_t answered = 0;
    uint64_t looked = 0;
    for (unsigned i = 0; i < AJAR_EXPOSURE_COUNT; i++)
    {
        looked += totals->by_exposure[i];
    }
    answered = looked - totals->by_exposure[AJAR_EXPOSURE_UNREACHABLE] +
               totals->by_outcome[AJAR_OUTCOME_REFUSED];
    (void)ajar_record_number(looked, out);
    (void)ajar_buf_text(out, " of ");
    (void)ajar_record_number(memory->info->targets, out);
    (void)ajar_buf_text(out, " targets were looked at, ");
    (void)ajar_record_number(answered, out);
    (void)ajar_buf_text(out, " answered or refused; ");
    put_standing(standing, out);
}

void memory_summarize(struct memory *memory, const struct ajar_run_totals *totals,
                      struct ajar_buf *out)
{
    if (!memory->on || !memory->ended || memory->failed)
    {
        return;
    }
    struct news news = {.memory = memory, .out = out};
    struct ajar_state_metrics metrics;
    const struct ajar_state_metrics *standing =
        ajar_state_standing(memory->store.state, NULL, &metrics) == AJAR_OK ? &metrics
                                                                            : NULL;
    if (memory->summary.events == 0)
    {
        bool closing = standing != NULL && standing->by_state[AJAR_FINDING_CLOSING] > 0;
        /* a first look that proved one closed makes no event, and is not nothing */
        (void)ajar_buf_text(out, closing ? "No event since the last look: "
                                         : "Nothing changed since the last look: ");
        put_coverage(memory, totals, standing, out);
    }
    else
    {
        struct ajar_event_query query = {.since_ms = memory->info->started_unix_ms};
        (void)ajar_buf_text(out, "Since the last look: ");
        put_counts(&memory->summary, out);
        (void)ajar_buf_text(out, ".\n");
        if (ajar_state_events(memory->store.state, &query, add_news, &news) != AJAR_OK)
        {
            say_failure(memory, "the events cannot be read");
        }
        if (news.more > 0)
        {
            (void)ajar_buf_printf(out, "  and %llu more: `ajar events`\n",
                                  (unsigned long long)news.more);
        }
        (void)ajar_buf_text(out, "In all ");
        put_coverage(memory, totals, standing, out);
    }
    if (!memory->trusted)
    {
        (void)ajar_buf_text(out, "UNTRUSTED: a canary was not seen as declared; nothing "
                                 "was closed.\n");
    }
}

/* ---- deliveries ---- */

static void on_told(void *context, const struct ajar_notify_told *told)
{
    struct memory *memory = context;
    if (told->result != AJAR_DELIVERY_ACKED || !told->written)
    {
        deliver_say(told, &memory->said_delivery);
    }
}

static void on_done(void *context)
{
    struct memory *memory = context;
    memory->delivered = true;
    uv_stop(memory->loop);
}

static int64_t now_of(void *context)
{
    (void)context;
    return clock_now_ms();
}

int memory_company_start(struct memory *memory, uv_loop_t *loop)
{
    const struct ajar_config *config = memory->store.config;
    if (!memory->on || config == NULL || config->ticket_count == 0)
    {
        return AJAR_OK;
    }
    memory->loop = loop;
    struct ajar_notify_options options = {.loop = loop,
                                          .state = memory->store.state,
                                          .sections = config->tickets,
                                          .section_count = config->ticket_count,
                                          .path = getenv("PATH"),
                                          .home = getenv("HOME"),
                                          .lang = getenv("LANG"),
                                          .now_ms = now_of,
                                          .told = on_told,
                                          .done = on_done,
                                          .context = memory};
    int status = ajar_notify_new(&options, &memory->notify);
    if (status == AJAR_OK)
    {
        ajar_notify_start(memory->notify);
    }
    return status;
}

void memory_deliver(struct memory *memory, bool at_once)
{
    if (memory->notify == NULL)
    {
        return;
    }
    ajar_notify_wake(memory->notify);
    if (at_once)
    {
        ajar_notify_stop(memory->notify, STOP_WAIT_MS);
    }
    else
    {
        ajar_notify_finish(memory->notify);
    }
    while (!memory->delivered)
    {
        (void)uv_run(memory->loop, UV_RUN_DEFAULT);
    }
    struct ajar_notify_tally tally;
    ajar_notify_tally(memory->notify, &tally);
    memory->undelivered = deliver_owed(&memory->store);
    if (tally.state_failed && !memory->failed)
    {
        (void)fprintf(stderr, "ajar: deliveries: %s\n", tally.error.text);
        memory->failed = true;
    }
    if (memory->undelivered > 0)
    {
        (void)fprintf(stderr,
                      "ajar: %llu event%s not delivered yet; the next run tries again, "
                      "`ajar deliver` does it now\n",
                      (unsigned long long)memory->undelivered,
                      memory->undelivered == 1 ? " is" : "s are");
    }
}

void memory_stop_delivery(struct memory *memory)
{
    if (memory->notify != NULL && !memory->delivered)
    {
        ajar_notify_stop(memory->notify, STOP_WAIT_MS);
    }
}

enum app_exit memory_end(struct memory *memory)
{
    bool undone = memory->failed || memory->undelivered > 0 || memory->lost > 0;
    if (memory->lost > 0)
    {
        (void)fprintf(stderr, "ajar: %llu looks are not remembered\n",
                      (unsigned long long)memory->lost);
    }
    ajar_notify_free(memory->notify);
    store_end(&memory->store);
    free(memory->canaries);
    memory->canaries = NULL;
    memory->notify = NULL;
    memory->on = false;
    return undone ? APP_INCOMPLETE : APP_OK;
}
