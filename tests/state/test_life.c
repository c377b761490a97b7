/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "world.h"

/*
 * A finding's life, as histories: what each run saw, and what had to be told of it. Rows
 * are runs an hour apart ("+90d" first: that much later). A row that begins with '~' is
 * an incomplete run, with '?' an untrusted one.
 */
#define STEPS 9

struct step
{
    const char *looks;
    const char *events;
    const char *states; /* NULL: not asked */
};

struct history
{
    const char *name;
    struct step steps[STEPS];
};

static const struct history histories[] = {
    {"opened once; a second identical run is silent",
     {{"1=records,u=A 2=refused", "opened", "open"},
      {"1=records,u=A 2=refused", "", "open"},
      {"1=records,u=A 2=refused", "", "open"}}},
    {"two proofs resolve it, the first without a word",
     {{"1=records,u=A", "opened", "open"},
      {"1=protected", "", "closing"},
      {"1=refused", "resolved", "resolved"},
      {"1=refused", "", "resolved"}}},
    {"open again after one proof: nothing was told, so nothing is taken back",
     {{"1=records,u=A", "opened", NULL},
      {"1=refused", "", "closing"},
      {"1=records,u=A", "", "open"},
      {"1=refused", "", "closing"}}},
    {"silence never resolves and is told once",
     {{"1=records,u=A", "opened", NULL},
      {"1=timeout_connect", "unverified(silence)", "unverified"},
      {"1=host_unreachable", "", "unverified"},
      {"1=inconclusive", "", "unverified"},
      {"1=records,u=A", "changed(state)", "open"},
      {"1=timeout_reply", "unverified(silence)", "unverified"}}},
    {"silence between two proofs does not unprove the first",
     {{"1=records,u=A", "opened", NULL},
      {"1=refused", "", "closing"},
      {"1=timeout_connect", "unverified(silence)", "unverified"},
      {"1=refused", "resolved", "resolved"}}},
    {"our own failures and exclusions are silence",
     {{"1=records,u=A", "opened", NULL},
      {"1=local_resource", "unverified(silence)", "unverified"},
      {"1=excluded", "", "unverified"},
      {"1=interrupted", "", "unverified"}}},
    {"not visited: not covered, nothing is said",
     {{"1=records,u=A 2=records,u=B", "opened opened", NULL},
      {"2=records,u=B", "", "open open"},
      {"~2=refused", "", NULL},
      {"~2=refused", "resolved", NULL}}},
    {"an untrusted run closes nothing and calls nothing silent",
     {{"1=records,u=A", "opened", NULL},
      {"?1=refused", "", "open"},
      {"?1=refused", "", "open"},
      {"?1=timeout_connect", "", "open"},
      {"1=refused", "", "closing"}}},
    {"another product answers: proof; another cluster: proof, and a finding of its own",
     {{"1=records,u=A", "opened", NULL},
      {"1=other", "", "closing"},
      {"1=records,u=B", "opened resolved", NULL}}},
    {"every endpoint has to be proven closed",
     {{"1=records,u=A 2=records,u=A", "opened", "open"},
      {"1=refused 2=records,u=A", "", "open"},
      {"1=refused 2=records,u=A", "changed(endpoints)", "open"},
      {"1=refused 2=refused", "", "closing"},
      {"1=refused 2=refused", "resolved", "resolved"}}},
    {"one endpoint silent holds it open",
     {{"1=records,u=A 2=records,u=A", "opened", NULL},
      {"1=refused 2=timeout_connect", "unverified(silence)", "unverified"},
      {"1=refused 2=timeout_connect", "", "unverified"},
      {"1=refused 2=refused", "", "closing"},
      {"1=refused 2=refused", "resolved", "resolved"}}},
    {"one more endpoint is a change",
     {{"1=records,u=A", "opened", NULL},
      {"1=records,u=A 2=records,u=A", "changed(endpoints)", "open"},
      {"1=records,u=A 2=records,u=A", "", "open"}}},
    {"moved: a new address while the old one is closed",
     {{"1=records,u=A", "opened", NULL},
      {"1=refused 2=records,u=A", "moved(endpoints)", "open"},
      {"1=refused 2=records,u=A", "", "open"},
      {"1=timeout_connect 2=refused", "", "closing"},
      {"1=timeout_connect 2=refused", "resolved", "resolved"}}},
    {"moved: a new address while the old one is silent, a run later",
     {{"1=records,u=A", "opened", NULL},
      {"1=timeout_connect", "unverified(silence)", NULL},
      {"1=timeout_connect 3=records,u=A", "moved(state,endpoints)", "open"},
      {"1=timeout_connect 3=records,u=A", "", "open"}}},
    {"a port change is a move",
     {{"1=records,u=A", "opened", NULL},
      {"1=refused 1:9201=records,u=A", "moved(endpoints)", "open"}}},
    {"two nodes with one uuid: one finding, whatever the order",
     {{"2=records,u=A 1=indices,u=A", "opened", "open"},
      {"1=indices,u=A 2=records,u=A", "", "open"},
      {"2=records,u=A 1=indices,u=A", "", "open"}}},
    {"reopened within 90 days under the old id",
     {{"1=records,u=A", "opened", NULL},
      {"1=refused", "", NULL},
      {"1=refused", "resolved", NULL},
      {"+89d 1=records,u=A", "reopened", "open"},
      {"1=records,u=A", "", "open"}}},
    {"after 90 days it is another finding",
     {{"1=records,u=A", "opened", NULL},
      {"1=refused", "", NULL},
      {"1=refused", "resolved", NULL},
      {"+91d 1=records,u=A", "opened", "open resolved"}}},
    {"level and severity",
     {{"1=indices,u=A", "opened", NULL},
      {"1=records,u=A", "changed(exposure,severity)", NULL},
      {"1=records,u=A", "", NULL},
      {"1=metadata,u=A", "changed(exposure,severity)", NULL}}},
    {"version, and a look that does not know it",
     {{"1=records,u=A", "opened", NULL},
      {"1=records,u=A,v=7.17.10", "changed(version)", NULL},
      {"1=records,u=A,v=7.17.10", "", NULL}}},
    {"documents: half as many again, not a little more",
     {{"1=records,u=A,d=1000000", "opened", NULL},
      {"1=records,u=A,d=1400000", "", NULL},
      {"1=records,u=A,d=1600000", "changed(documents)", NULL},
      {"1=records,u=A,d=1700000", "", NULL},
      {"1=records,u=A,d=800000", "changed(documents)", NULL}}},
    {"indices: a new name, not a new day",
     {{"1=records,u=A,n=orders+logs-2019.12.04", "opened", NULL},
      {"1=records,u=A,n=orders+logs-2019.12.05", "", NULL},
      {"1=records,u=A,n=orders+logs-2019.12.05+customers", "changed(indices)", NULL}}},
    {"no uuid: address and port",
     {{"1=records", "opened", "open"},
      {"1=records 2=records", "opened", "open open"},
      {"1=refused 2=records", "", NULL},
      {"1=refused 2=records", "resolved", NULL}}},
    {"the _na_ of a node without a master is no identity",
     {{"1=records,u=_na_ 2=records,u=_na_", "opened opened", "open open"}}},
    {"a uuid that appears later, or is refused later, is the same finding",
     {{"1=records", "opened", "open"},
      {"1=records,u=A", "", "open"},
      {"1=metadata", "changed(exposure,severity)", "open"},
      {"1=refused", "", NULL},
      {"1=refused", "resolved", "resolved"}}},
    {"collapse and a ransom note: compromised, urgent",
     {{"1=indices,u=A,d=5000000", "opened", NULL},
      {"1=indices,u=A,d=1,n=read_me,r=1", "changed!(severity,flags,indices,documents)",
       "open"},
      {"1=indices,u=A,d=1,n=read_me,r=1", "", "open"}}},
    {"a collapse without a note is a change; a note without a collapse too",
     {{"1=records,u=A,d=5000000 2=records,u=B,d=5000000,n=a", "opened opened", NULL},
      {"1=records,u=A,d=1 2=records,u=B,d=5000000,n=a+warning,r=1",
       "changed(documents) changed(indices)", NULL}}},
    {"expected: nothing is told until more is open",
     {{"1=indices,u=A,x=public", "", "accepted"},
      {"1=indices,u=A,x=public", "", "accepted"},
      {"1=records,u=A,x=public", "opened(acceptance)", "open"},
      {"1=records,u=A,x=public", "", "open"}}},
    {"expected and closed: nothing was told, nothing is",
     {{"1=indices,u=A,x=public", "", "accepted"},
      {"1=refused", "", NULL},
      {"1=refused", "", "resolved"}}},
    {"no longer expected: opened",
     {{"1=indices,u=A,x=public", "", "accepted"},
      {"1=indices,u=A", "opened(acceptance)", "open"}}},
    {"expected only now: accepted, and closed later",
     {{"1=indices,u=A", "opened", NULL},
      {"1=indices,u=A,x=public", "accepted(acceptance)", "accepted"},
      {"1=indices,u=A,x=public", "", "accepted"},
      {"1=refused", "", NULL},
      {"1=refused", "resolved", "resolved"}}},
    {"a canary is no finding",
     {{"1=records,u=A,canary", "", ""}, {"1=refused,canary", "", ""}}},
    {"two owners, one cluster: a finding each; one moves away, silent for the other",
     {{"1=records,u=A,o=a 2=records,u=A,o=b", "opened opened", "open open"},
      {"1=records,u=A,o=b 2=records,u=A,o=b", "unverified(silence) changed(endpoints)",
       NULL}}},
};

static void play(const struct history *history)
{
    struct world world;
    uint64_t seq = 0;
    world_init(&world);
    for (size_t i = 0; i < STEPS && history->steps[i].looks != NULL; i++)
    {
        const struct step *step = &history->steps[i];
        const char *looks = step->looks;
        bool complete = looks[0] != '~';
        bool trusted = looks[0] != '?';
        looks += !complete || !trusted ? 1 : 0;
        if (looks[0] == '+')
        {
            char *end = NULL;
            world.now_ms += strtoll(looks + 1, &end, 10) * WORLD_DAY;
            looks = end + 2;
        }
        world_begin(&world);
        cr_assert_eq(world_look(&world, looks), AJAR_OK, "%s: %s", history->name,
                     ajar_state_error(world.state)->text);
        cr_assert_eq(world_end(&world, complete, trusted), AJAR_OK, "%s: %s",
                     history->name, ajar_state_error(world.state)->text);
        world.now_ms += 3600000;
        cr_expect_str_eq(world_events(&world, &seq), step->events, "%s, run %zu: %s",
                         history->name, i + 1, looks);
        if (step->states != NULL)
        {
            cr_expect_str_eq(world_states(&world), step->states, "%s, run %zu: %s",
                             history->name, i + 1, world_states(&world));
        }
    }
    cr_expect_eq(ajar_state_verify(world.state), AJAR_OK, "%s", history->name);
    world_deinit(&world);
}

Test(life, histories)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(histories); i++)
    {
        play(&histories[i]);
    }
}
