/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "world.h"

/* What memory answers: copies, windows, owners, acceptances, coverage, what is due,
 * canaries, retention. */

struct one
{
    struct ajar_finding_view view; /* texts are gone after the callback: figures only */
    char endpoints[512];
    char text[8192]; /* every text of the view */
    size_t count;
};

static void put(struct one *one, const char *text)
{
    size_t len = strlen(one->text);
    (void)snprintf(one->text + len, sizeof one->text - len, "%s|",
                   text != NULL ? text : "");
}

static bool take(void *context, const struct ajar_finding_view *view)
{
    struct one *one = context;
    one->view = *view;
    one->count++;
    put(one, view->id);
    put(one, view->owner);
    put(one, view->cluster_name);
    put(one, view->cluster_uuid);
    put(one, view->version);
    for (size_t i = 0; i < view->name_count; i++)
    {
        put(one, view->names[i]);
    }
    for (size_t i = 0; i < view->largest_count; i++)
    {
        put(one, view->largest[i].name);
    }
    for (size_t i = 0; i < view->proof_count; i++)
    {
        put(one, view->proofs[i].path);
        put(one, view->proofs[i].source);
    }
    for (size_t i = 0; i < view->endpoint_count; i++)
    {
        char address[AJAR_ADDR_TEXT_MAX + 8];
        (void)ajar_addr_format_port(&view->endpoints[i].addr, view->endpoints[i].port,
                                    address);
        put(one, address);
    }
    return true;
}

static struct one *findings(struct world *world, const char *owner)
{
    static struct one one;
    memset(&one, 0, sizeof one);
    struct ajar_finding_query query = {.owner = owner, .details = true};
    cr_assert_eq(ajar_state_findings(world->state, &query, take, &one), AJAR_OK, "%s",
                 ajar_state_error(world->state)->text);
    return &one;
}

static bool take_id(void *context, const struct ajar_finding_view *view)
{
    memcpy(context, view->id, AJAR_FINDING_ID_BYTES);
    return false;
}

static void first_id(struct world *world, char out[AJAR_FINDING_ID_BYTES])
{
    struct ajar_finding_query query = {.states = 0xff};
    cr_assert_eq(ajar_state_findings(world->state, &query, take_id, out), AJAR_OK);
}

/* ---- the exposure window ---- */

Test(memory, window_has_its_four_times)
{
    struct world world;
    world_init(&world);
    world_run(&world, "1=protected"); /* 4 Dec */
    world.now_ms = WORLD_START + WORLD_DAY;
    world_run(&world, "1=records,u=A"); /* 5 Dec */
    world.now_ms = WORLD_START + 24 * WORLD_DAY;
    world_run(&world, "1=records,u=A"); /* 28 Dec */
    world.now_ms = WORLD_START + 27 * WORLD_DAY;
    world_run(&world, "1=protected"); /* 31 Dec */
    world_run(&world, "1=protected");
    struct one one = {.count = 0};
    struct ajar_finding_query query = {.states = 1u << AJAR_FINDING_RESOLVED};
    cr_assert_eq(ajar_state_findings(world.state, &query, take, &one), AJAR_OK);
    cr_expect_eq(one.view.window.last_closed_ms, WORLD_START);
    cr_expect_eq(one.view.window.first_open_ms, WORLD_START + WORLD_DAY);
    cr_expect_eq(one.view.window.last_open_ms, WORLD_START + 24 * WORLD_DAY);
    cr_expect_eq(one.view.window.first_closed_ms, WORLD_START + 27 * WORLD_DAY);
    cr_expect_eq(one.view.resolved_ms, WORLD_START + 27 * WORLD_DAY + 3600000);
    world_deinit(&world);
}

Test(memory, an_untrusted_look_is_no_end_of_the_window)
{
    struct world world;
    world_init(&world);
    world_begin(&world);
    cr_assert_eq(world_look(&world, "1=protected"), AJAR_OK);
    cr_assert_eq(world_end(&world, true, false), AJAR_OK);
    world.now_ms += WORLD_DAY;
    world_run(&world, "1=records,u=A");
    cr_expect_eq(findings(&world, NULL)->view.window.last_closed_ms, 0);
    world_deinit(&world);
}

Test(memory, one_vantage_closes_nothing_for_another)
{
    struct world world;
    world_init(&world);
    world.vantage = "office";
    world_run(&world, "1=records,u=A");
    world.vantage = "internet";
    world_run(&world, "1=refused");
    world_run(&world, "1=refused");
    cr_expect_str_eq(world_states(&world), "open");
    world_deinit(&world);
}

/* ---- copies ---- */

struct copy_row
{
    const char *name;
    const char *looks;
    uint64_t copies; /* of the last finding in the list */
    uint64_t datasets;
    uint64_t documents; /* each data set once */
};

static const struct copy_row copy_rows[] = {
    {"five servers, one data set",
     "1=records,u=A,d=250000000,n=tickets 2=records,u=B,d=250000000,n=tickets"
     " 3=records,u=C,d=250000000,n=tickets 4=records,u=D,d=250000000,n=tickets"
     " 5=records,u=E,d=250000000,n=tickets",
     5, 1, 250000000},
    {"counts drifted by 2 %",
     "1=records,u=A,d=1000000,n=a+b 2=records,u=B,d=1020000,n=a+b", 2, 1, 1020000},
    {"counts drifted by 10 %: two",
     "1=records,u=A,d=1000000,n=a+b 2=records,u=B,d=1100000,n=a+b", 1, 2, 2100000},
    {"same counts, other names: two",
     "1=records,u=A,d=1000000,n=a+b 2=records,u=B,d=1000000,n=a+c", 1, 2, 2000000},
    {"two empty clusters are no copies", "1=records,u=A,d=0,n=a 2=records,u=B,d=0,n=a", 1,
     0, 0},
    {"two fresh Kibana installs are no copies",
     "1=records,u=A,d=50,n=kibana_sample_data_logs,fp=7"
     " 2=records,u=B,d=50,n=kibana_sample_data_logs,fp=7",
     1, 2, 100},
    {"two that hold monitoring alone are no copies",
     "1=records,u=A,d=5000,n=metricbeat-7.17.9,fp=7"
     " 2=records,u=B,d=5000,n=metricbeat-7.17.9,fp=7",
     1, 2, 10000},
    {"monitoring beside real data is",
     "1=records,u=A,d=5000,n=metricbeat-7.17.9+tickets"
     " 2=records,u=B,d=5000,n=metricbeat-7.17.9+tickets",
     2, 1, 5000},
    {"one cluster of two nodes is one", "1=records,u=A,n=t 2=records,u=A,n=t", 1, 1,
     1000000},
    {"one cluster of two owners is one", "1=records,u=A,n=t,o=x 2=records,u=A,n=t,o=y", 1,
     1, 1000000},
};

Test(memory, copies)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(copy_rows); i++)
    {
        const struct copy_row *row = &copy_rows[i];
        struct world world;
        struct ajar_state_metrics metrics;
        struct ajar_state_metrics standing;
        world_init(&world);
        world_run(&world, row->looks);
        cr_assert_eq(ajar_state_metrics(world.state, NULL, &metrics), AJAR_OK);
        cr_assert_eq(ajar_state_standing(world.state, NULL, &standing), AJAR_OK);
        cr_expect_eq(standing.datasets, metrics.datasets);
        cr_expect_eq(standing.by_state[AJAR_FINDING_OPEN],
                     metrics.by_state[AJAR_FINDING_OPEN]);
        cr_expect_eq(standing.targets, 0, "the foot of a list looks at no target");
        cr_expect_eq(findings(&world, NULL)->view.dataset.copies, row->copies, "%s: %d",
                     row->name, (int)findings(&world, NULL)->view.dataset.copies);
        cr_expect_eq(metrics.datasets, row->datasets, "%s: %d", row->name,
                     (int)metrics.datasets);
        cr_expect_eq(metrics.documents, row->documents, "%s: %llu", row->name,
                     (unsigned long long)metrics.documents);
        /* a list and a single finding count by two ways, one rule */
        char id[AJAR_FINDING_ID_BYTES];
        struct one single = {.count = 0};
        struct one *listed = findings(&world, NULL);
        memcpy(id, listed->view.id, sizeof id);
        cr_assert_eq(ajar_state_finding(world.state, id, NULL, take, &single), AJAR_OK);
        cr_expect_eq(single.view.dataset.copies, listed->view.dataset.copies, "%s",
                     row->name);
        cr_expect_eq(single.view.dataset.documents, listed->view.dataset.documents, "%s",
                     row->name);
        world_deinit(&world);
    }
}

Test(memory, a_resolved_copy_is_no_copy)
{
    struct world world;
    world_init(&world);
    world_run(&world, "1=records,u=A,n=t 2=records,u=B,n=t");
    world_run(&world, "1=records,u=A,n=t 2=refused");
    cr_expect_eq(findings(&world, NULL)->view.dataset.copies, 2u);
    world_run(&world, "1=records,u=A,n=t 2=refused");
    cr_expect_eq(findings(&world, NULL)->view.dataset.copies, 1u);
    world_deinit(&world);
}

/* ---- owners ---- */

static bool count_copies(void *context, const struct ajar_event_view *event)
{
    uint64_t *most = context;
    *most = event->finding.dataset.copies > *most ? event->finding.dataset.copies : *most;
    return true;
}

Test(memory, an_owners_view_holds_nothing_of_another)
{
    struct world world;
    uint64_t most = 0;
    world_init(&world);
    world_run(&world, "1=records,u=UUIDA,n=secretalpha,o=alpha,c=calpha,fp=9"
                      " 2=records,u=UUIDB,n=secretbeta,o=beta,c=cbeta,fp=9");
    struct one *alpha = findings(&world, "alpha");
    cr_expect_eq(alpha->count, 1u);
    cr_expect_eq(alpha->view.dataset.copies, 1u);
    cr_expect_null(strstr(alpha->text, "beta"), "%s", alpha->text);
    cr_expect_null(strstr(alpha->text, "UUIDB"), "%s", alpha->text);
    cr_expect_null(strstr(alpha->text, "192.0.2.2"), "%s", alpha->text);
    cr_expect_eq(findings(&world, NULL)->view.dataset.copies, 2u);
    cr_expect_eq(findings(&world, "gamma")->count, 0u);
    struct ajar_event_query query = {.after_seq = 0};
    cr_assert_eq(ajar_state_events(world.state, &query, count_copies, &most), AJAR_OK);
    cr_expect_eq(most, 1u, "an event goes to one owner");
    struct ajar_state_metrics metrics;
    cr_assert_eq(ajar_state_metrics(world.state, "alpha", &metrics), AJAR_OK);
    cr_expect_eq(metrics.by_state[AJAR_FINDING_OPEN], 1u);
    cr_expect_eq(metrics.targets, 1u);
    world_deinit(&world);
}

Test(memory, peer_text_is_redacted_before_it_is_stored)
{
    struct world world;
    world_init(&world);
    world_run(&world,
              "1=records,u=A,n=john.doe@contoso.com+orders,c=jane.roe@contoso.com");
    struct one *one = findings(&world, NULL);
    cr_expect_null(strstr(one->text, "contoso"), "%s", one->text);
    cr_expect_not_null(strstr(one->text, "[email]"), "%s", one->text);
    cr_expect_eq(one->view.redacted.by_kind[AJAR_REDACT_EMAIL], 2u);
    cr_expect_eq(world.summary.redacted, 2u);
    cr_expect_not_null(strstr(one->text, "198.51.100.9"), "our own address: %s",
                       one->text);
    world_close(&world);
    FILE *file = fopen(world.path, "rb");
    char last[8] = "";
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
    {
        memmove(last, last + 1, 6);
        last[6] = (char)c;
        cr_assert_neq(memcmp(last, "contoso", 7), 0, "in the file");
    }
    (void)fclose(file);
    world_deinit(&world);
}

/* ---- acceptance ---- */

Test(memory, accepted_until_a_date)
{
    struct world world;
    uint64_t seq = 0;
    char id[AJAR_FINDING_ID_BYTES];
    world_init(&world);
    world_run(&world, "1=records,u=A,n=public-a");
    first_id(&world, id);
    struct ajar_acceptance accept = {.until_ms = world.now_ms + 2 * WORLD_DAY,
                                     .indices = "public-*",
                                     .by = "jane",
                                     .reason = "open data"};
    cr_assert_eq(ajar_state_accept(world.state, id, &accept, world.now_ms), AJAR_OK, "%s",
                 ajar_state_error(world.state)->text);
    cr_expect_str_eq(world_events(&world, &seq), "opened accepted(acceptance)");
    world_run(&world, "1=records,u=A,n=public-a+public-b,d=9000000");
    cr_expect_str_eq(world_events(&world, &seq), "");
    cr_expect_str_eq(world_states(&world), "accepted");
    world.now_ms += 3 * WORLD_DAY;
    world_run(&world, "1=records,u=A,n=public-a+public-b,d=9000000");
    cr_expect_str_eq(world_events(&world, &seq),
                     "accept_ended(acceptance,indices,documents)");
    cr_expect_str_eq(world_states(&world), "open");
    world_deinit(&world);
}

Test(memory, accepted_until_a_new_index)
{
    struct world world;
    uint64_t seq = 0;
    char id[AJAR_FINDING_ID_BYTES];
    world_init(&world);
    world_run(&world, "1=records,u=A,n=public-a+orders");
    first_id(&world, id);
    struct ajar_acceptance accept = {
        .until_ms = world.now_ms + 99 * WORLD_DAY, .indices = "public-*", .by = "jane"};
    cr_expect_eq(ajar_state_accept(world.state, id, &accept, world.now_ms),
                 AJAR_EREFUSED);
    cr_expect_not_null(strstr(ajar_state_error(world.state)->text, "orders"));
    accept.indices = NULL;
    cr_assert_eq(ajar_state_accept(world.state, id, &accept, world.now_ms), AJAR_OK);
    world_run(&world, "1=records,u=A,n=public-a+orders");
    cr_expect_str_eq(world_events(&world, &seq), "opened accepted(acceptance)");
    world_run(&world, "1=records,u=A,n=public-a+orders+customers");
    cr_expect_str_eq(world_events(&world, &seq), "accept_ended(acceptance,indices)");
    world_run(&world, "1=records,u=A,n=public-a+orders+customers");
    cr_expect_str_eq(world_events(&world, &seq), "");
    world_deinit(&world);
}

Test(memory, accept_says_what_is_wrong)
{
    struct world world;
    struct ajar_acceptance accept = {.until_ms = 1, .by = "jane"};
    char id[AJAR_FINDING_ID_BYTES];
    world_init(&world);
    world_run(&world, "1=records,u=A");
    first_id(&world, id);
    cr_expect_eq(ajar_state_accept(world.state, "F-NOSUCH", &accept, world.now_ms),
                 AJAR_ENOTFOUND);
    cr_expect_eq(ajar_state_accept(world.state, id, &accept, world.now_ms), AJAR_EINVAL);
    world_run(&world, "1=refused");
    world_run(&world, "1=refused");
    accept.until_ms = world.now_ms + WORLD_DAY;
    cr_expect_eq(ajar_state_accept(world.state, id, &accept, world.now_ms), AJAR_ESTATE);
    world_deinit(&world);
}

/* ---- one cluster behind many addresses ---- */

Test(memory, many_doors_are_one_finding)
{
    struct world world;
    uint64_t seq = 0;
    char looks[4096] = "";
    world_init(&world);
    for (unsigned i = 1; i <= 200; i++)
    {
        size_t len = strlen(looks);
        /* 77 shows more than the others, and comes in the middle */
        (void)snprintf(looks + len, sizeof looks - len, "%u=%s,u=A ", (i * 7) % 251,
                       (i * 7) % 251 == 77 ? "records" : "indices");
    }
    for (int run = 0; run < 2; run++)
    {
        world_begin(&world);
        char *save = NULL;
        char text[4096];
        memcpy(text, looks, sizeof text);
        for (char *one = strtok_r(text, " ", &save); one != NULL;
             one = strtok_r(NULL, " ", &save))
        {
            cr_assert_eq(world_look(&world, one), AJAR_OK);
        }
        cr_assert_eq(world_end(&world, true, true), AJAR_OK);
        world.now_ms += 3600000;
        cr_expect_str_eq(world_events(&world, &seq),
                         run == 0 ? "opened changed(exposure,severity)"
                                    " changed(endpoints)"
                                  : "");
    }
    struct one *one = findings(&world, NULL);
    cr_expect_eq(one->count, 1u);
    cr_expect_eq(one->view.endpoints_total, 200u);
    cr_expect_eq(one->view.endpoint_count, (size_t)AJAR_MAX_VIEW_ENDPOINTS);
    cr_expect_eq(one->view.exposure, AJAR_EXPOSURE_RECORDS);
    world_deinit(&world);
}

/* ---- ids ---- */

Test(memory, ids_and_prefixes)
{
    struct world world;
    struct ajar_state_match match;
    char id[AJAR_FINDING_ID_BYTES];
    char lower[AJAR_FINDING_ID_BYTES];
    world_init(&world);
    world_run(&world, "1=records,u=A");
    first_id(&world, id);
    cr_expect_eq(strlen(id), 14u);
    for (size_t i = 0; i < sizeof lower; i++)
    {
        lower[i] = id[i] >= 'A' && id[i] <= 'Z' ? (char)(id[i] + 32) : id[i];
    }
    cr_expect_eq(
        ajar_state_match_finding(world.state, ajar_span_of(lower + 2), NULL, &match),
        AJAR_OK);
    cr_expect_str_eq(match.ids[0], id);
    lower[6] = '\0';
    cr_expect_eq(ajar_state_match_finding(world.state, ajar_span_of(lower), NULL, &match),
                 AJAR_OK);
    cr_expect_eq(ajar_state_match_finding(world.state, ajar_span_of("F-0"), NULL, &match),
                 AJAR_ENOTFOUND);
    cr_expect_str_eq(match.ids[0], id, "the nearest is named");
    cr_expect_eq(ajar_state_match_finding(world.state, ajar_span_of("*"), NULL, &match),
                 AJAR_ENOTFOUND);
    for (int i = 2; i < 60; i++)
    {
        char look[64];
        (void)snprintf(look, sizeof look, "%d=records,u=u%d", i, i);
        world_run(&world, look);
    }
    cr_expect_eq(ajar_state_match_finding(world.state, ajar_span_of("F-"), NULL, &match),
                 AJAR_ENOTFOUND);
    lower[3] = '\0';
    cr_expect_eq(
        ajar_state_match_finding(world.state, ajar_span_of(lower), "nobody", &match),
        AJAR_ENOTFOUND);
    world_deinit(&world);
}

/* ---- coverage, due, canaries ---- */

static bool take_coverage(void *context, const struct ajar_coverage_view *view)
{
    struct ajar_coverage_view *out = context;
    *out = *view;
    out->owner = NULL;
    return true;
}

Test(memory, coverage)
{
    struct world world;
    struct ajar_coverage_view view;
    world_init(&world);
    world_run(&world, "1=records,u=A 2=timeout_connect 3=refused");
    world_run(&world, "1=records,u=A 2=timeout_connect");
    world.now_ms += WORLD_DAY;
    cr_assert_eq(
        ajar_state_coverage(world.state, NULL, world.now_ms, take_coverage, &view),
        AJAR_OK);
    cr_expect_eq(view.targets, 3u);
    cr_expect_eq(view.reached, 2u);
    cr_expect_eq(view.never, 1u);
    cr_expect_eq(view.open, 1u);
    cr_expect_eq(view.by_outcome[AJAR_OUTCOME_REFUSED], 1u);
    cr_expect_eq(view.worst_gap_ms, (uint64_t)(WORLD_DAY + 2 * 3600000));
    cr_expect_eq(view.looked_once, 1u);
    world_deinit(&world);
}

static int64_t due(struct world *world, unsigned host, uint32_t ports)
{
    struct ajar_addr addr = ajar_addr_from_v4(0xc0000200u + host);
    struct ajar_due_query query = {.addr = &addr,
                                   .port_count = ports,
                                   .every_ms = 24 * 3600000ull,
                                   .hot_every_ms = 3600000ull,
                                   .now_ms = world->now_ms};
    int64_t at = 0;
    cr_assert_eq(ajar_state_due(world->state, &query, &at), AJAR_OK);
    return at - world->now_ms;
}

Test(memory, due_hourly_while_open_else_daily)
{
    struct world world;
    world_init(&world);
    world_run(&world, "1=records,u=A 2=refused"); /* an hour ago now */
    cr_expect_leq(due(&world, 1, 1), 0);
    cr_expect_gt(due(&world, 2, 1), 20 * 3600000);
    cr_expect_leq(due(&world, 3, 1), 0, "never seen");
    cr_expect_leq(due(&world, 2, 2), 0, "a port was added");
    world_run(&world, "1=refused");
    cr_expect_leq(due(&world, 1, 1), 0, "closing");
    world_run(&world, "1=refused");
    cr_expect_gt(due(&world, 1, 1), 20 * 3600000, "resolved");
    world.now_ms += WORLD_DAY;
    cr_expect_leq(due(&world, 2, 1), 0);
    world.now_ms -= 40 * WORLD_DAY;
    cr_expect_leq(due(&world, 2, 1), 0, "the clock was set back");
    world_deinit(&world);
}

Test(memory, canaries)
{
    struct world world;
    struct ajar_state_canary seen;
    world_init(&world);
    world_begin(&world);
    cr_assert_eq(world_look(&world, "1=records,u=A,o=decoy,canary"
                                    " 2=timeout_connect,o=decoy,canary 3=refused"),
                 AJAR_OK);
    cr_assert_eq(ajar_state_canary(world.state, "decoy", AJAR_EXPOSURE_RECORDS, &seen),
                 AJAR_OK);
    cr_expect_eq(seen.as_declared, 1u);
    cr_expect_eq(seen.otherwise, 1u);
    cr_expect_eq(seen.example_port, 9200);
    cr_expect_eq(seen.example_exposure, AJAR_EXPOSURE_UNREACHABLE);
    cr_assert_eq(ajar_state_canary(world.state, "nobody", AJAR_EXPOSURE_RECORDS, &seen),
                 AJAR_OK);
    cr_expect_eq(seen.as_declared + seen.otherwise + seen.not_looked_at, 0u);
    cr_assert_eq(world_end(&world, true, false), AJAR_OK);
    cr_expect_str_eq(world_states(&world), "");
    world_deinit(&world);
}

/* ---- runs and retention ---- */

static bool take_run(void *context, const struct ajar_run_view *run)
{
    struct ajar_run_view *out = context;
    *out = *run;
    return false;
}

Test(memory, runs_say_what_they_covered)
{
    struct world world;
    struct ajar_run_view run;
    world_init(&world);
    world_begin(&world);
    cr_assert_eq(world_look(&world, "1=records,u=A 2=refused"), AJAR_OK);
    struct ajar_run_totals totals = {.complete = false, .not_visited = 8};
    totals.by_outcome[AJAR_OUTCOME_REFUSED] = 1;
    cr_assert_eq(ajar_state_run_end(world.state, &totals, true, world.now_ms + 5000,
                                    &world.summary),
                 AJAR_OK);
    cr_assert_eq(ajar_state_runs(world.state, 1, take_run, &run), AJAR_OK);
    cr_expect(run.ended && run.trusted && !run.complete);
    cr_expect_eq(run.observed, 2u);
    cr_expect_eq(run.events, 1u);
    cr_expect_eq(run.not_visited, 8u);
    cr_expect_eq(run.by_outcome[AJAR_OUTCOME_REFUSED], 1u);
    cr_expect_eq(run.ended_ms - run.started_ms, 5000);
    world_deinit(&world);
}

Test(memory, retention_keeps_it_small_for_years)
{
    struct world world;
    struct ajar_pruned pruned;
    uint64_t seq = 0;
    uint64_t after_one = 0;
    world_init(&world);
    /* every fifth day one cluster opens and closes for good, and one stays open */
    for (int day = 0; day < 1000; day += 5)
    {
        char looks[160];
        int64_t start = world.now_ms;
        (void)snprintf(looks, sizeof looks, "250=records,u=stays %d=records,u=d%d",
                       1 + day % 200, day);
        world_run(&world, looks);
        (void)snprintf(looks, sizeof looks, "250=records,u=stays %d=refused",
                       1 + day % 200);
        world_run(&world, looks);
        world_run(&world, looks);
        world.now_ms = start + 5 * WORLD_DAY;
        cr_assert_eq(ajar_state_prune(world.state, NULL, world.now_ms, &pruned), AJAR_OK);
        after_one =
            day == 500 ? world_count(&world, "SELECT count(*) FROM event") : after_one;
    }
    cr_expect_leq(world_count(&world, "SELECT count(*) FROM finding"), 83u);
    cr_expect_leq(world_count(&world, "SELECT count(*) FROM event"), after_one + 10);
    cr_expect_leq(world_count(&world, "SELECT count(*) FROM run"), 243u);
    cr_expect_leq(world_count(&world, "SELECT count(*) FROM target"), 22u);
    cr_expect_eq(world_count(&world, "SELECT count(*) FROM finding WHERE state = 0"), 1u);
    (void)world_events(&world, &seq);
    /* nobody looks at it any more: unverified, and it stays */
    world.now_ms += 100 * WORLD_DAY;
    cr_assert_eq(ajar_state_prune(world.state, NULL, world.now_ms, &pruned), AJAR_OK);
    cr_expect_str_eq(world_events(&world, &seq), "unverified(silence)");
    cr_expect_eq(world_count(&world, "SELECT count(*) FROM finding WHERE state = 2"), 1u);
    cr_expect_eq(ajar_state_verify(world.state), AJAR_OK);
    world_deinit(&world);
}

/* A finding that was forgotten and comes again has an id of its own. */
Test(memory, a_forgotten_id_is_not_used_again)
{
    struct world world;
    struct ajar_pruned pruned;
    char first[AJAR_FINDING_ID_BYTES];
    char second[AJAR_FINDING_ID_BYTES];
    world_init(&world);
    world_run(&world, "1=records,u=A");
    first_id(&world, first);
    world_run(&world, "1=refused");
    world_run(&world, "1=refused");
    world.now_ms += 500 * WORLD_DAY;
    cr_assert_eq(ajar_state_prune(world.state, NULL, world.now_ms, &pruned), AJAR_OK);
    cr_expect_eq(pruned.findings, 1u);
    world_run(&world, "1=records,u=A");
    first_id(&world, second);
    cr_expect_str_neq(first, second);
    world_deinit(&world);
}
