/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/sensitivity.h"

struct row
{
    const char *index;
    const char *path;
    const char *type;
};

struct bench
{
    struct ajar_arena arena;
    struct ajar_sensitivity_facts facts;
};

static void collect(struct bench *bench, const struct row *rows, size_t count)
{
    struct ajar_sensitivity *sensitivity = malloc(sizeof(*sensitivity));
    cr_assert_not_null(sensitivity);
    ajar_arena_init(&bench->arena, 256u * 1024u);
    ajar_sensitivity_begin(sensitivity, &bench->arena);
    const char *index = "";
    for (size_t i = 0; i < count; i++)
    {
        if (strcmp(index, rows[i].index) != 0)
        {
            index = rows[i].index;
            ajar_sensitivity_index(sensitivity, ajar_span_of(index));
        }
        ajar_sensitivity_field(sensitivity, ajar_span_of(rows[i].path),
                               ajar_field_type_of(ajar_span_of(rows[i].type)));
    }
    ajar_sensitivity_finish(sensitivity, &bench->facts);
    free(sensitivity);
}

#define COLLECT(bench, rows) collect(&(bench), (rows), AJAR_COUNT_OF(rows))

Test(collect, the_contract_of_the_issue)
{
    static const struct row rows[] = {
        {"customers", "customerEmail", "keyword"},
        {"customers", "visits", "long"},
        {"orders", "total", "double"},
        {"logs", "client_ip", "ip"},
    };
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert_eq(bench.facts.score, 82u);
    cr_assert_eq(bench.facts.kinds, AJAR_KIND_BIT(EMAIL) | AJAR_KIND_BIT(IP_ADDRESS));
    cr_assert_eq(bench.facts.indices_looked_at, 3u);
    cr_assert_eq(bench.facts.fields_seen, 4u);
    cr_assert_eq(bench.facts.field_count, 2u);
    cr_assert_str_eq(bench.facts.fields[0], "customers.customerEmail");
    cr_assert_str_eq(bench.facts.fields[1], "logs.client_ip");
    cr_assert_not(bench.facts.redaction_hinted);
    cr_assert_eq(bench.facts.unredacted_count, 0u);
    ajar_arena_deinit(&bench.arena);
}

Test(collect, neighbours_decide_later_and_in_their_object_alone)
{
    static const struct row rows[] = {
        {"x", "a.nombre", "keyword"},
        {"x", "b.nombre", "keyword"},
        {"x", "a.apellidos", "keyword"},
        {"y", "a.nombre", "keyword"},
    };
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert_eq(bench.facts.fields_sensitive, 2u);
    cr_assert_eq(bench.facts.field_count, 2u);
    cr_assert_str_eq(bench.facts.fields[0], "x.a.apellidos");
    cr_assert_str_eq(bench.facts.fields[1], "x.a.nombre");
    ajar_arena_deinit(&bench.arena);
}

Test(collect, fields_without_a_redacted_twin)
{
    static const struct row rows[] = {
        {"c", "email", "keyword"},    {"c", "email_redacted", "keyword"},
        {"c", "phone", "keyword"},    {"c", "password_hash", "keyword"},
        {"c", "raw_iban", "keyword"}, {"c", "iban_masked", "keyword"},
        {"c", "total", "long"},
    };
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert(bench.facts.redaction_hinted);
    cr_assert_eq(bench.facts.unredacted_count, 1u);
    cr_assert_str_eq(bench.facts.unredacted[0], "c.phone");
    ajar_arena_deinit(&bench.arena);
}

Test(collect, a_redacted_index_is_a_twin_of_another)
{
    static const struct row rows[] = {
        {"tickets-raw", "email", "keyword"},
        {"tickets-raw", "client_ip", "ip"},
        {"tickets-redacted", "email", "keyword"},
    };
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert(bench.facts.redaction_hinted);
    cr_assert_eq(bench.facts.unredacted_count, 1u);
    cr_assert_str_eq(bench.facts.unredacted[0], "tickets-raw.client_ip");
    ajar_arena_deinit(&bench.arena);
}

Test(collect, a_checksum_is_no_sign_of_redaction)
{
    static const struct row rows[] = {
        {"logs", "file.hash.sha256", "keyword"},
        {"logs", "client.ip", "ip"},
        {"logs", "event.raw", "keyword"},
    };
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert_not(bench.facts.redaction_hinted);
    cr_assert_eq(bench.facts.unredacted_count, 0u);
    ajar_arena_deinit(&bench.arena);
}

/* Names alone: each pair is a field and its redacted twin, in any form and language. */
Test(collect, twins_of_every_form)
{
    static const char *const twins[] = {
        "email_redacted",
        "masked_email",
        "emailMasked",
        "anonymized_email",
        "email_anonymised",
        "hashed_email",
        "email_hash",
        "emailSha256",
        "email_enc",
        "encrypted_email",
        "email_obfuscated",
        "email_pseudonymized",
        "email_geschwaerzt",
        "email_geschw\xc3\xa4rzt",
        "email_anonymisiert",
        "email_verschluesselt",
        "email_anonymise",
        "email_anonymis\xc3\xa9\x65",
        "email_masque",
        "email_caviarde",
        "email_anonimizado",
        "email_ofuscado",
        "email_cifrado",
        "email_mascarado",
        "email_anonimizzato",
        "email_oscurato",
        "email_geanonimiseerd",
        "email_gemaskeerd",
        "email_versleuteld",
        "hashedemail",
        "emailredacted",
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(twins); i++)
    {
        struct row rows[] = {{"c", "email", "keyword"},
                             {"c", twins[i], "keyword"},
                             {"c", "phone", "keyword"}};
        struct bench bench;
        COLLECT(bench, rows);
        cr_expect(bench.facts.redaction_hinted, "%s", twins[i]);
        cr_expect_eq(bench.facts.unredacted_count, 1u, "%s", twins[i]);
        cr_expect_str_eq(bench.facts.unredacted[0], "c.phone", "%s", twins[i]);
        ajar_arena_deinit(&bench.arena);
    }
}

Test(collect, raw_and_redacted_are_twins_of_each_other)
{
    static const struct row rows[] = {
        {"c", "raw_email", "keyword"},
        {"c", "email_redacted", "keyword"},
        {"c", "raw_iban", "keyword"},
    };
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert(bench.facts.redaction_hinted);
    cr_assert_eq(bench.facts.unredacted_count, 1u);
    cr_assert_str_eq(bench.facts.unredacted[0], "c.raw_iban");
    ajar_arena_deinit(&bench.arena);
}

/* What is a spelling of the same value, a log line or a password's hash says nothing of
 * redaction. */
Test(collect, what_is_no_sign_of_redaction)
{
    static const char *const none[] = {"email.raw",     "email.original", "raw.phone",
                                       "message_raw",   "raw_message",    "password_hash",
                                       "password_enc",  "file.hash.md5",  "phone_enc",
                                       "hash_of_build", "cipher_suite"};
    for (size_t i = 0; i < AJAR_COUNT_OF(none); i++)
    {
        struct row rows[] = {{"c", none[i], "text"}, {"c", "iban", "keyword"}};
        struct bench bench;
        COLLECT(bench, rows);
        cr_expect_not(bench.facts.redaction_hinted, "%s", none[i]);
        cr_expect_eq(bench.facts.unredacted_count, 0u, "%s", none[i]);
        ajar_arena_deinit(&bench.arena);
    }
}

/* A ciphertext can be opened: it is sensitive still. */
Test(collect, what_is_encrypted_is_sensitive)
{
    static const struct row rows[] = {{"c", "card_number_enc", "keyword"}};
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert_eq(bench.facts.kinds, AJAR_KIND_BIT(PAYMENT));
    ajar_arena_deinit(&bench.arena);
}

Test(collect, nothing_sensitive_is_none)
{
    static const struct row rows[] = {{"products", "price", "double"}};
    struct bench bench;
    COLLECT(bench, rows);
    cr_assert_eq(bench.facts.indices_looked_at, 1u);
    cr_assert_eq(bench.facts.score, 0u);
    cr_assert_eq(bench.facts.kinds, 0u);
    ajar_arena_deinit(&bench.arena);
}

/* Ten thousand fields: the same memory, the same kinds; the lists say that there is more.
 */
Test(collect, a_huge_mapping_is_bounded)
{
    struct ajar_arena arena;
    struct ajar_sensitivity *sensitivity = malloc(sizeof(*sensitivity));
    struct ajar_sensitivity_facts facts;
    cr_assert_not_null(sensitivity);
    cr_assert_lt(sizeof(*sensitivity), 8192u);
    ajar_arena_init(&arena, 64u * 1024u);
    ajar_sensitivity_begin(sensitivity, &arena);
    ajar_sensitivity_index(sensitivity, ajar_span_of("big"));
    for (int i = 0; i < 10000; i++)
    {
        char path[32];
        memcpy(path, "aaaaa.email", 12);
        path[0] = (char)('a' + i % 26);
        path[1] = (char)('a' + i / 26 % 26);
        path[2] = (char)('a' + i / 676 % 26);
        ajar_sensitivity_field(sensitivity, ajar_span_of(path), AJAR_FIELD_KEYWORD);
    }
    ajar_sensitivity_field(sensitivity, ajar_span_of("z.imei_masked"),
                           AJAR_FIELD_KEYWORD);
    ajar_sensitivity_field(sensitivity, ajar_span_of("z.iban"), AJAR_FIELD_KEYWORD);
    ajar_sensitivity_finish(sensitivity, &facts);
    cr_assert_eq(facts.fields_sensitive, 10001u);
    cr_assert_eq(facts.kinds, AJAR_KIND_BIT(EMAIL) | AJAR_KIND_BIT(PAYMENT));
    cr_assert_str_eq(facts.examples[AJAR_KIND_PAYMENT], "big.z.iban");
    cr_assert_eq(facts.unredacted_count, (size_t)AJAR_MAX_SENSITIVE_FIELDS);
    cr_assert(facts.unredacted_more);
    ajar_arena_deinit(&arena);
    free(sensitivity);
}
