/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/sensitivity.h"

#include "template.h"

/* What a Beat's template puts into every index, shortened: the sets of the schema, users
 * at both ends, and some modules. */
static const char *const sets[] = {
    "cloud.account.id",  "container.id",     "data_stream.type", "dll.name",
    "dns.question.name", "error.code",       "event.action",     "file.path",
    "group.name",        "host.name",        "http.version",     "log.level",
    "network.bytes",     "observer.type",    "organization.id",  "package.name",
    "process.pid",       "registry.key",     "related.hosts",    "rule.id",
    "service.name",      "threat.framework", "tls.version",      "url.path",
    "user_agent.name",   "vulnerability.id",
};
static const char *const ends[] = {"client", "destination", "server", "source"};
static const char *const of_end[] = {"address",
                                     "ip",
                                     "mac",
                                     "geo.location",
                                     "geo.city_name",
                                     "user.email",
                                     "user.full_name",
                                     "user.name",
                                     "user.hash"};
static const char *const elsewhere[] = {"user.email", "user.full_name",
                                        "user.name",  "url.password",
                                        "host.ip",    "email.to.address"};
static const char *const modules[] = {
    "aws.s3.bucket.name", "nginx.access.remote_ip_list", "okta.actor.alternate_id",
    "mysql.slowlog.user", "redis.info.clients",          "salesforce.contact.email"};

struct bench
{
    struct ajar_arena arena;
    struct ajar_sensitivity *sensitivity;
    struct ajar_sensitivity_facts facts;
};

static void begin(struct bench *bench)
{
    bench->sensitivity = malloc(sizeof(*bench->sensitivity));
    cr_assert_not_null(bench->sensitivity);
    ajar_arena_init(&bench->arena, 256u * 1024u);
    ajar_sensitivity_begin(bench->sensitivity, &bench->arena);
}

static void in_index(struct bench *bench, const char *name)
{
    ajar_sensitivity_index(bench->sensitivity, ajar_span_of(name));
}

static void field(struct bench *bench, const char *path)
{
    ajar_sensitivity_field(bench->sensitivity, ajar_span_of(path), AJAR_FIELD_KEYWORD);
}

enum without
{
    NOTHING,
    EPHEMERAL_ID,
    ECS_VERSION,
    ENDS,
    MOST_SETS,
    MODULES
};

static void template_but(struct bench *bench, enum without without)
{
    in_index(bench, "filebeat-8.7.1");
    field(bench, without == EPHEMERAL_ID ? "agent.id" : "agent.ephemeral_id");
    field(bench, without == ECS_VERSION ? "ecs.x" : "ecs.version");
    size_t count = without == MOST_SETS ? 5 : AJAR_COUNT_OF(sets);
    for (size_t i = 0; i < count; i++)
    {
        field(bench, sets[i]);
    }
    for (size_t i = 0; i < (without == ENDS ? 1 : AJAR_COUNT_OF(ends)); i++)
    {
        for (size_t j = 0; j < AJAR_COUNT_OF(of_end); j++)
        {
            char path[64];
            (void)snprintf(path, sizeof(path), "%s.%s", ends[i], of_end[j]);
            field(bench, path);
        }
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(elsewhere); i++)
    {
        field(bench, elsewhere[i]);
    }
    for (size_t i = 0; i < (without == MODULES ? 0 : AJAR_COUNT_OF(modules)); i++)
    {
        field(bench, modules[i]);
    }
}

static void finish(struct bench *bench)
{
    ajar_sensitivity_finish(bench->sensitivity, &bench->facts);
    free(bench->sensitivity);
}

static enum ajar_sensitivity_level level(const struct bench *bench)
{
    return ajar_sensitivity_level_of(bench->facts.score);
}

Test(template, alone_says_what_is_possible)
{
    struct bench bench;
    begin(&bench);
    template_but(&bench, NOTHING);
    finish(&bench);
    cr_assert_str_eq(bench.facts.template_name, "ecs");
    cr_assert_eq(level(&bench), AJAR_SENSITIVITY_MEDIUM);
    cr_assert(bench.facts.kinds & AJAR_KIND_BIT(EMAIL));
    cr_assert(bench.facts.kinds & AJAR_KIND_BIT(CREDENTIALS));
    cr_assert_eq(bench.facts.kinds_possible, bench.facts.kinds);
    cr_assert_gt(bench.facts.field_count, 0u);
    ajar_arena_deinit(&bench.arena);
}

/* What grew from events, or is somebody's own, has not all the marks: evidence, as ever.
 */
Test(template, each_mark_is_needed)
{
    static const enum without lacks[] = {EPHEMERAL_ID, ECS_VERSION, ENDS, MOST_SETS};
    for (size_t i = 0; i < AJAR_COUNT_OF(lacks); i++)
    {
        struct bench bench;
        begin(&bench);
        template_but(&bench, lacks[i]);
        finish(&bench);
        cr_expect_null(bench.facts.template_name, "without %d", (int)lacks[i]);
        cr_expect_eq(level(&bench), AJAR_SENSITIVITY_CRITICAL, "without %d",
                     (int)lacks[i]);
        cr_expect_eq(bench.facts.kinds_possible, 0u);
        ajar_arena_deinit(&bench.arena);
    }
}

/* One field of the customer's own in the template's index is evidence, and comes first.
 */
Test(template, a_field_of_its_own_beside_it)
{
    static const char *const own[] = {"customer_email", "user.ssn", "customer.email",
                                      "client.user.phone", "labels.iban"};
    for (size_t i = 0; i < AJAR_COUNT_OF(own); i++)
    {
        struct bench bench;
        char name[64];
        begin(&bench);
        template_but(&bench, NOTHING);
        field(&bench, own[i]);
        finish(&bench);
        (void)snprintf(name, sizeof(name), "filebeat-8.7.1.%s", own[i]);
        cr_expect_str_eq(bench.facts.template_name, "ecs");
        cr_expect_str_eq(bench.facts.fields[0], name);
        cr_expect_geq(level(&bench),
                      strstr(own[i], "phone") ? AJAR_SENSITIVITY_MEDIUM
                                              : AJAR_SENSITIVITY_HIGH,
                      "%s: %u", own[i], bench.facts.score);
        cr_expect_not(bench.facts.kinds_possible == bench.facts.kinds, "%s", own[i]);
        ajar_arena_deinit(&bench.arena);
    }
}

/* The template of one index takes nothing from another, in either order. */
Test(template, an_index_beside_it)
{
    for (int first = 0; first < 2; first++)
    {
        struct bench bench;
        begin(&bench);
        if (first == 0)
        {
            template_but(&bench, NOTHING);
        }
        in_index(&bench, "customers");
        field(&bench, "user.email");
        field(&bench, "iban");
        if (first == 1)
        {
            template_but(&bench, NOTHING);
        }
        finish(&bench);
        cr_assert_eq(level(&bench), AJAR_SENSITIVITY_CRITICAL);
        cr_assert_not(bench.facts.kinds_possible & AJAR_KIND_BIT(EMAIL));
        cr_assert(bench.facts.kinds_possible & AJAR_KIND_BIT(IP_ADDRESS));
        cr_assert_str_eq(bench.facts.fields[0], "customers.user.email");
        ajar_arena_deinit(&bench.arena);
    }
}

/* The schema's template without modules: who has `salesforce.` there ships it. */
Test(template, modules_count_where_the_template_lists_them)
{
    struct bench bench;
    begin(&bench);
    template_but(&bench, MODULES);
    field(&bench, "salesforce.contact.email");
    finish(&bench);
    cr_assert_str_eq(bench.facts.template_name, "ecs");
    cr_assert_eq(level(&bench), AJAR_SENSITIVITY_HIGH);
    cr_assert_str_eq(bench.facts.fields[0], "filebeat-8.7.1.salesforce.contact.email");
    ajar_arena_deinit(&bench.arena);
}

/* What is only possible is not called unredacted. */
Test(template, redaction_is_of_what_is_there)
{
    struct bench bench;
    begin(&bench);
    template_but(&bench, NOTHING);
    field(&bench, "customer_email");
    field(&bench, "customer_phone");
    field(&bench, "customer_email_masked");
    finish(&bench);
    cr_assert(bench.facts.redaction_hinted);
    cr_assert_eq(bench.facts.unredacted_count, 1u);
    cr_assert_str_eq(bench.facts.unredacted[0], "filebeat-8.7.1.customer_phone");
    ajar_arena_deinit(&bench.arena);
}

Test(template, what_it_lists)
{
    static const char *const schema[] = {"message",
                                         "user.email",
                                         "client.user.full_name",
                                         "source.nat.ip",
                                         "source.ip",
                                         "threat.enrichments.indicator.ip",
                                         "process.parent.real_user.name",
                                         "user.changes.email",
                                         "email.from.address",
                                         "destination.geo.location",
                                         "user.entity.relationships.owns.user.email",
                                         "host.target.ip",
                                         "service.origin.address",
                                         "orchestrator.resource.ip"};
    static const char *const own[] = {
        "email", "user.phone",         "customer.email",  "user.address",
        "user",  "client.customer.ip", "order.user.name", "",
        ".",     "user..email"};
    for (size_t i = 0; i < AJAR_COUNT_OF(schema); i++)
    {
        cr_expect_eq(template_lists(ajar_span_of(schema[i])), TEMPLATE_LISTED_SCHEMA,
                     "%s", schema[i]);
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(own); i++)
    {
        cr_expect_eq(template_lists(ajar_span_of(own[i])), TEMPLATE_NOT_LISTED, "%s",
                     own[i]);
    }
    cr_expect_eq(template_lists(ajar_span_of("okta.actor.name")), TEMPLATE_LISTED_MODULE);
    cr_expect_eq(template_lists(ajar_span_of("okta")), TEMPLATE_NOT_LISTED);
}
