/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "world.h"

/* The outbox: in order for each finding, nothing held up by another, told again until it
 * is acknowledged, the ticket's reference carried on. */

struct got
{
    char event[AJAR_EVENT_ID_BYTES];
    char finding[AJAR_FINDING_ID_BYTES];
    char reference[64];
    enum ajar_event_kind kind;
    uint64_t copies;
    size_t endpoints;
};

static bool take(void *context, const struct ajar_event_view *event)
{
    struct got *got = context;
    memcpy(got->event, event->id, sizeof got->event);
    memcpy(got->finding, event->finding.id, sizeof got->finding);
    (void)snprintf(got->reference, sizeof got->reference, "%s",
                   event->finding.reference != NULL ? event->finding.reference : "-");
    got->kind = event->kind;
    got->copies = event->finding.dataset.copies;
    got->endpoints = event->finding.endpoint_count;
    return true;
}

static int next(struct world *world, const char *section, struct got *got,
                int64_t *out_when)
{
    memset(got, 0, sizeof *got);
    return ajar_state_deliver_next(world->state, section, world->now_ms, take, got,
                                   out_when);
}

static void queue(struct world *world, const char *name, const char *owner)
{
    struct ajar_ticket_section section = {
        .name = name, .owners = owner != NULL ? &owner : NULL, .owner_count = 1};
    cr_assert_eq(ajar_state_queue(world->state, &section, world->now_ms), AJAR_OK, "%s",
                 ajar_state_error(world->state)->text);
}

static void report(struct world *world, const char *section, const struct got *got,
                   enum ajar_delivery_result result, const char *reference)
{
    struct ajar_delivery_report done = {.section = section,
                                        .event = got->event,
                                        .result = result,
                                        .reference = reference,
                                        .detail = "exit 1",
                                        .now_ms = world->now_ms};
    cr_assert_eq(ajar_state_delivered(world->state, &done), AJAR_OK, "%s",
                 ajar_state_error(world->state)->text);
}

static uint64_t owed(struct world *world, const char *section)
{
    uint64_t count = 0;
    cr_assert_eq(ajar_state_owed(world->state, section, &count), AJAR_OK);
    return count;
}

Test(deliver, in_order_for_a_finding_and_past_the_others)
{
    struct world world;
    struct got a;
    struct got b;
    struct got c;
    int64_t when = 0;
    world_init(&world);
    world_run(&world, "1=indices,u=A 2=records,u=B");
    world_run(&world, "1=records,u=A 2=records,u=B");
    queue(&world, "", NULL);
    cr_expect_eq(owed(&world, ""), 3u);
    cr_assert_eq(next(&world, "", &a, NULL), AJAR_OK);
    cr_expect_eq(a.kind, AJAR_EVENT_OPENED);
    cr_assert_eq(next(&world, "", &b, NULL), AJAR_OK);
    cr_expect_str_neq(a.finding, b.finding);
    cr_expect_eq(next(&world, "", &c, &when), AJAR_ENOTFOUND, "A's change waits for A");
    cr_expect_eq(when, 0);
    report(&world, "", &a, AJAR_DELIVERY_FAILED, NULL);
    report(&world, "", &b, AJAR_DELIVERY_ACKED, "SEC-2");
    cr_expect_eq(next(&world, "", &c, &when), AJAR_ENOTFOUND);
    cr_expect_eq(when, world.now_ms + 30000);
    world.now_ms = when;
    cr_assert_eq(next(&world, "", &c, NULL), AJAR_OK);
    cr_expect_str_eq(c.event, a.event, "the same event, under the same id");
    report(&world, "", &c, AJAR_DELIVERY_TIMEOUT, NULL);
    cr_expect_eq(next(&world, "", &c, &when), AJAR_ENOTFOUND);
    cr_expect_eq(when, world.now_ms + 60000, "twice as long");
    cr_assert_eq(ajar_state_retry_now(world.state, ""), AJAR_OK);
    cr_assert_eq(next(&world, "", &c, NULL), AJAR_OK);
    report(&world, "", &c, AJAR_DELIVERY_ACKED, "SEC-1");
    cr_assert_eq(next(&world, "", &c, NULL), AJAR_OK);
    cr_expect_eq(c.kind, AJAR_EVENT_CHANGED);
    cr_expect_str_eq(c.reference, "SEC-1");
    report(&world, "", &c, AJAR_DELIVERY_ACKED, NULL);
    cr_expect_eq(owed(&world, ""), 0u);
    world_deinit(&world);
}

Test(deliver, what_was_under_way_is_owed_again_after_a_crash)
{
    struct world world;
    struct got a;
    struct got again;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    queue(&world, "jira", NULL);
    cr_assert_eq(next(&world, "jira", &a, NULL), AJAR_OK);
    world_close(&world);
    world_open(&world);
    cr_assert_eq(next(&world, "jira", &again, NULL), AJAR_OK);
    cr_expect_str_eq(again.event, a.event);
    world_deinit(&world);
}

Test(deliver, sections_and_their_owners)
{
    struct world world;
    struct got got;
    world_init(&world);
    queue(&world, "a", "alpha");
    world_run(&world, "1=records,u=A,o=alpha 2=records,u=B,o=beta");
    queue(&world, "a", "alpha");
    queue(&world, "all", NULL);
    cr_expect_eq(owed(&world, "a"), 1u);
    cr_expect_eq(owed(&world, "all"), 2u);
    queue(&world, "a", "beta"); /* another owner from now on: theirs is owed too */
    cr_expect_eq(owed(&world, "a"), 2u);
    cr_assert_eq(next(&world, "a", &got, NULL), AJAR_OK);
    report(&world, "a", &got, AJAR_DELIVERY_ACKED, "A-1");
    struct ajar_state_metrics metrics;
    cr_assert_eq(ajar_state_metrics(world.state, NULL, &metrics), AJAR_OK);
    cr_expect_eq(metrics.undelivered, 2u, "the other section has none of them");
    uint64_t none = 0;
    cr_expect_eq(ajar_state_owed(world.state, "nosuch", &none), AJAR_ENOTFOUND);
    world_deinit(&world);
}

Test(deliver, a_new_section_hears_of_what_is_open_only)
{
    struct world world;
    world_init(&world);
    world_run(&world, "1=records,u=A 2=records,u=B");
    world_run(&world, "1=refused 2=records,u=B");
    world_run(&world, "1=refused 2=records,u=B");
    queue(&world, "late", NULL);
    cr_expect_eq(owed(&world, "late"), 1u);
    world_run(&world, "2=refused");
    world_run(&world, "2=refused");
    queue(&world, "late", NULL);
    cr_expect_eq(owed(&world, "late"), 2u, "and from then on of everything");
    world_deinit(&world);
}

Test(deliver, by_hand)
{
    struct world world;
    struct got got;
    struct ajar_state_metrics metrics;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    queue(&world, "x", NULL);
    cr_assert_eq(next(&world, "x", &got, NULL), AJAR_OK);
    report(&world, "x", &got, AJAR_DELIVERY_FAILED, NULL);
    got.event[0] = 'e'; /* as a person types it */
    cr_assert_eq(ajar_state_ack(world.state, got.event, NULL, "JIRA-123", world.now_ms),
                 AJAR_OK);
    cr_expect_eq(owed(&world, "x"), 0u);
    cr_assert_eq(ajar_state_metrics(world.state, NULL, &metrics), AJAR_OK);
    cr_expect_eq(metrics.undelivered, 0u);
    world_run(&world, "1=refused");
    world_run(&world, "1=refused");
    queue(&world, "x", NULL);
    cr_assert_eq(next(&world, "x", &got, NULL), AJAR_OK);
    cr_expect_eq(got.kind, AJAR_EVENT_RESOLVED);
    cr_expect_str_eq(got.reference, "JIRA-123");
    cr_expect_eq(ajar_state_ack(world.state, "E-NOSUCH-1", NULL, NULL, world.now_ms),
                 AJAR_ENOTFOUND);
    world_deinit(&world);
}

/* Within a run: what is proven open is deliverable a second later, and what it says of
 * copies and endpoints is fixed when it is handed out. */
Test(deliver, an_opened_event_does_not_wait_for_the_end_of_the_run)
{
    struct world world;
    struct got got;
    bool news = false;
    uint64_t seq = 0;
    world_init(&world);
    world_begin(&world);
    cr_assert_eq(world_look(&world, "1=records,u=A,n=t 2=records,u=B,n=t"), AJAR_OK);
    cr_assert_eq(ajar_state_tick(world.state, world.now_ms, &news), AJAR_OK);
    cr_expect_not(news);
    world.now_ms += 1000;
    cr_assert_eq(ajar_state_tick(world.state, world.now_ms, &news), AJAR_OK);
    cr_expect(news);
    queue(&world, "", NULL);
    cr_assert_eq(next(&world, "", &got, NULL), AJAR_OK);
    cr_expect_eq(got.copies, 2u);
    report(&world, "", &got, AJAR_DELIVERY_ACKED, "T-1");
    cr_assert_eq(
        world_look(&world, "3=records,u=C,n=t 4=records,u=A,n=t 5=records,u=B,n=t"),
        AJAR_OK);
    cr_assert_eq(world_end(&world, true, true), AJAR_OK);
    /* A was told with one address: the second is a change. B was not handed out yet: its
     * opened event says both. */
    cr_expect_str_eq(world_events(&world, &seq),
                     "opened opened opened changed(endpoints)");
    queue(&world, "", NULL);
    cr_assert_eq(next(&world, "", &got, NULL), AJAR_OK);
    cr_expect_eq(got.endpoints, 2u);
    cr_expect_eq(got.copies, 3u);
    world_deinit(&world);
}

Test(deliver, a_clock_set_back_does_not_stop_it)
{
    struct world world;
    struct got got;
    world_init(&world);
    world_run(&world, "1=records,u=A");
    queue(&world, "", NULL);
    cr_assert_eq(next(&world, "", &got, NULL), AJAR_OK);
    report(&world, "", &got, AJAR_DELIVERY_FAILED, NULL);
    world.now_ms -= 300 * WORLD_DAY;
    cr_expect_eq(next(&world, "", &got, NULL), AJAR_OK);
    world_deinit(&world);
}

static bool count(void *context, const struct ajar_delivery_view *delivery)
{
    unsigned *counts = context;
    counts[delivery->state]++;
    return true;
}

Test(deliver, what_became_of_each)
{
    struct world world;
    struct got got;
    unsigned counts[4] = {0};
    world_init(&world);
    world_run(&world, "1=records,u=A 2=records,u=B,o=other");
    queue(&world, "", NULL);
    cr_assert_eq(next(&world, "", &got, NULL), AJAR_OK);
    report(&world, "", &got, AJAR_DELIVERY_ACKED, "T-1");
    cr_assert_eq(ajar_state_deliveries(world.state, got.finding, NULL, count, counts),
                 AJAR_OK);
    cr_expect_eq(counts[AJAR_DELIVERY_STATE_ACKED], 1u);
    cr_assert_eq(ajar_state_deliveries(world.state, NULL, "other", count, counts),
                 AJAR_OK);
    cr_expect_eq(counts[AJAR_DELIVERY_STATE_OWED], 1u);
    world_deinit(&world);
}
