/* SPDX-License-Identifier: Apache-2.0 */
/* `ajar deliver`, and what it says alike with a run's deliveries. */
#include "deliver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"

#define STOP_WAIT_MS 5000u

void deliver_say(const struct ajar_notify_told *told, bool *said)
{
    if (said != NULL && *said)
    {
        return;
    }
    (void)fprintf(stderr, "ajar: %s (%s) was not taken by %s: %s%s\n", told->event,
                  ajar_event_kind_word(told->kind), told->command,
                  told->detail != NULL ? told->detail
                  : told->result == AJAR_DELIVERY_TIMEOUT
                      ? "it ran too long and was stopped"
                      : "the answer could not be written",
                  said != NULL ? "; further failures are counted alone" : "");
    if (said != NULL)
    {
        *said = true;
    }
}

uint64_t deliver_owed(const struct store *store)
{
    uint64_t all = 0;
    for (size_t i = 0; i < store->config->ticket_count; i++)
    {
        uint64_t owed = 0;
        if (ajar_state_owed(store->state, store->config->tickets[i].name, &owed) ==
            AJAR_OK)
        {
            all += owed;
        }
    }
    return all;
}

struct delivery
{
    struct store store;
    uv_loop_t loop;
    uv_signal_t on_int;
    uv_signal_t on_term;
    struct ajar_notify *notify;
    bool quiet;
    bool interrupted;
};

static int64_t now_of(void *context)
{
    (void)context;
    return clock_now_ms();
}

static void on_told(void *context, const struct ajar_notify_told *told)
{
    struct delivery *delivery = context;
    if (told->result != AJAR_DELIVERY_ACKED || !told->written)
    {
        deliver_say(told, NULL);
    }
    else if (!delivery->quiet)
    {
        (void)fprintf(stderr, "ajar: %s (%s) delivered%s%s\n", told->event,
                      ajar_event_kind_word(told->kind),
                      told->reference != NULL ? ": " : "",
                      told->reference != NULL ? told->reference : "");
    }
}

static void on_done(void *context)
{
    struct delivery *delivery = context;
    uv_close((uv_handle_t *)&delivery->on_int, NULL);
    uv_close((uv_handle_t *)&delivery->on_term, NULL);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct delivery *delivery = signal->data;
    if (delivery->interrupted)
    {
        _exit(APP_INTERRUPTED);
    }
    delivery->interrupted = number == SIGINT;
    (void)fprintf(stderr, "ajar: stopping: deliveries under way are being ended\n");
    ajar_notify_stop(delivery->notify, STOP_WAIT_MS);
}

static int start(struct delivery *delivery)
{
    struct ajar_notify_options options = {.loop = &delivery->loop,
                                          .state = delivery->store.state,
                                          .sections = delivery->store.config->tickets,
                                          .section_count =
                                              delivery->store.config->ticket_count,
                                          .path = getenv("PATH"),
                                          .home = getenv("HOME"),
                                          .lang = getenv("LANG"),
                                          .now_ms = now_of,
                                          .told = on_told,
                                          .done = on_done,
                                          .context = delivery};
    (void)signal(SIGPIPE, SIG_IGN);
    return ajar_notify_new(&options, &delivery->notify);
}

static void start_signals(struct delivery *delivery)
{
    AJAR_REQUIRE(uv_signal_init(&delivery->loop, &delivery->on_int) == 0);
    AJAR_REQUIRE(uv_signal_init(&delivery->loop, &delivery->on_term) == 0);
    delivery->on_int.data = delivery;
    delivery->on_term.data = delivery;
    (void)uv_signal_start(&delivery->on_int, on_signal, SIGINT);
    (void)uv_signal_start(&delivery->on_term, on_signal, SIGTERM);
}

/* Queues for every section, and takes the back-off away: a person asked for it
 * now. */
static int make_due(struct delivery *delivery)
{
    const struct ajar_config *config = delivery->store.config;
    int status = AJAR_OK;
    for (size_t i = 0; i < config->ticket_count && status == AJAR_OK; i++)
    {
        struct ajar_ticket_section section = {.name = config->tickets[i].name,
                                              .owners = config->tickets[i].owners,
                                              .owner_count =
                                                  config->tickets[i].owner_count};
        status = ajar_state_queue(delivery->store.state, &section, clock_now_ms());
        if (status == AJAR_OK)
        {
            status = ajar_state_retry_now(delivery->store.state, section.name);
        }
    }
    return status;
}

static enum app_exit conclude(struct delivery *delivery)
{
    struct ajar_notify_tally tally;
    ajar_notify_tally(delivery->notify, &tally);
    uint64_t owed = deliver_owed(&delivery->store);
    if (!delivery->quiet || owed > 0)
    {
        (void)fprintf(stderr, "ajar: %llu delivered, %llu failed, %llu still owed\n",
                      (unsigned long long)tally.acked, (unsigned long long)tally.failed,
                      (unsigned long long)owed);
    }
    if (tally.state_failed)
    {
        (void)fprintf(stderr, "ajar: %s\n", tally.error.text);
    }
    if (delivery->interrupted)
    {
        return APP_INTERRUPTED;
    }
    return owed > 0 || tally.state_failed ? APP_INCOMPLETE : APP_OK;
}

static enum app_exit deliver(struct delivery *delivery)
{
    if (make_due(delivery) != AJAR_OK)
    {
        return store_failed(&delivery->store);
    }
    if (uv_loop_init(&delivery->loop) != 0 || start(delivery) != AJAR_OK)
    {
        (void)fprintf(stderr, "ajar: out of memory\n");
        return APP_OUR_FAULT;
    }
    start_signals(delivery);
    ajar_notify_start(delivery->notify);
    ajar_notify_finish(delivery->notify);
    (void)uv_run(&delivery->loop, UV_RUN_DEFAULT);
    enum app_exit code = conclude(delivery);
    ajar_notify_free(delivery->notify);
    (void)uv_loop_close(&delivery->loop);
    return code;
}

int cmd_deliver(const struct app_options *options)
{
    struct delivery delivery = {.quiet = options->quiet};
    enum app_exit code = store_configure(&delivery.store, options);
    if (code == APP_OK && delivery.store.config->ticket_count == 0)
    {
        (void)fprintf(stderr,
                      "ajar: the configuration has no [tickets] section, so there "
                      "is nobody to deliver to: see docs/tickets.md\n");
        code = APP_USAGE;
    }
    else if (code == APP_OK &&
             store_open(&delivery.store, options, STORE_WRITE, 1000) != AJAR_OK)
    {
        bool busy = delivery.store.error.fault == AJAR_STATE_FAULT_LOCKED;
        if (busy)
        {
            (void)fprintf(stderr,
                          "ajar: another ajar is at work with %s and delivers "
                          "while it runs; nothing to do here\n",
                          delivery.store.path);
        }
        else
        {
            code = store_open_failed(&delivery.store, STORE_WRITE);
        }
    }
    else if (code == APP_OK)
    {
        code = deliver(&delivery);
    }
    store_end(&delivery.store);
    return (int)code;
}
