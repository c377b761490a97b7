/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <string.h>

#include <criterion/criterion.h>

#include "words.h"

static bool is_system(const char *name)
{
    return ajar_index_is_system(ajar_span_of(name));
}

static bool is_sensitive(const char *name)
{
    return ajar_index_is_sensitive(ajar_span_of(name));
}

static enum ajar_ransom ransom(const char *name, uint64_t documents)
{
    return ajar_index_ransom(ajar_span_of(name), documents);
}

Test(names, system)
{
    static const char *const names[] = {
        ".kibana_1",
        ".security-7",
        ".tasks",
        ".monitoring-es-7-2024.01.01",
        ".marvel-es-1",
        ".opendistro_security",
        ".ds-ilm-history-5-2024.01.01-000001",
        ".ds-.logs-deprecation.elasticsearch-default-2024.01.01-000001",
        "ilm-history-2-000001",
        "security-auditlog-2024.01.01",
        "top_queries-2024.01.01-00001",
        "kibana_sample_data_flights",
        ".reindexed-v7-.kibana",
        "partial-.ds-.x-2024.01.01-1",
        "",
        ".ds-"};
    for (size_t i = 0; i < AJAR_COUNT_OF(names); i++)
    {
        cr_expect(is_system(names[i]), "%s", names[i]);
    }
}

Test(names, user_data)
{
    static const char *const names[] = {"customers",
                                        "logs-2024.01",
                                        ".ds-logs-nginx-prod-2024.01.01-000001",
                                        ".ds-customers-2024.01.01-000001",
                                        "partial-.ds-logs-a-2024.01.01-000001",
                                        "restored-customers",
                                        ".reindexed-v7-customers",
                                        "kibana",
                                        "security",
                                        "ilm-historyx",
                                        ".fs-logs-a-2024.01.01-000002",
                                        "history"};
    for (size_t i = 0; i < AJAR_COUNT_OF(names); i++)
    {
        cr_expect_not(is_system(names[i]), "%s", names[i]);
    }
}

Test(names, sensitive_by_whole_tokens)
{
    static const char *const yes[] = {"customers",       "prod-customer-2024",
                                      "userAccounts",    "HRData",
                                      "user2024",        "SMS_log",
                                      "support.tickets", "my_password_vault",
                                      "crm:leads",       "patientRecords",
                                      "USERS",           "cv"};
    static const char *const no[] = {
        "passenger",  "description",  "keyboard", "tokenizer", "cardinal", "smsc",
        "accounting", "logs-2024.01", "metrics",  "",          "nginx",    "ship",
        "authors",    "cdrom",        "mailbox",  "monkeys",   "userland", "phrase"};
    for (size_t i = 0; i < AJAR_COUNT_OF(yes); i++)
    {
        cr_expect(is_sensitive(yes[i]), "%s", yes[i]);
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(no); i++)
    {
        cr_expect_not(is_sensitive(no[i]), "%s", no[i]);
    }
}

Test(names, any_bytes_are_safe)
{
    char bytes[256];
    for (size_t i = 0; i < sizeof(bytes); i++)
    {
        bytes[i] = (char)i;
    }
    for (size_t from = 0; from < sizeof(bytes); from++)
    {
        struct ajar_span name = {bytes + from, sizeof(bytes) - from};
        (void)ajar_index_is_sensitive(name);
        (void)ajar_index_is_system(name);
        (void)ajar_index_ransom(name, 1);
    }
    cr_expect_not(ajar_index_is_sensitive((struct ajar_span){NULL, 0}));
    cr_expect(ajar_index_is_system((struct ajar_span){NULL, 0}));
    cr_expect_eq(ajar_index_ransom((struct ajar_span){NULL, 0}, 1), AJAR_RANSOM_NO);
}

Test(names, ransom)
{
    cr_expect_eq(ransom("gk01juo8o3-meow", 0), AJAR_RANSOM_STRONG);
    cr_expect_eq(ransom("gk01juo8o3-meow", UINT64_MAX), AJAR_RANSOM_STRONG);
    cr_expect_eq(ransom("read_me", 1), AJAR_RANSOM_STRONG);
    cr_expect_eq(ransom("READ_ME", 1), AJAR_RANSOM_STRONG);
    cr_expect_eq(ransom("read_me_to_recover_database", 1), AJAR_RANSOM_STRONG);
    cr_expect_eq(ransom("nightlionsecurity.com", 0), AJAR_RANSOM_STRONG);
    cr_expect_eq(ransom("how_to_restore_files", 1), AJAR_RANSOM_STRONG);
    cr_expect_eq(ransom("warning", 1), AJAR_RANSOM_WEAK);
    cr_expect_eq(ransom("readme", 1), AJAR_RANSOM_WEAK);
    cr_expect_eq(ransom("please_read", 1), AJAR_RANSOM_WEAK);
}

Test(names, benign)
{
    cr_expect_eq(ransom("read_me_docs", 1), AJAR_RANSOM_NO);
    cr_expect_eq(ransom("read_me", 5000), AJAR_RANSOM_NO);
    cr_expect_eq(ransom("warning", 90000), AJAR_RANSOM_NO);
    cr_expect_eq(ransom("warnings-2024", 1), AJAR_RANSOM_NO);
    cr_expect_eq(ransom("hello-world", 1), AJAR_RANSOM_NO);
    cr_expect_eq(ransom("homeowners", 1), AJAR_RANSOM_NO);
    cr_expect_eq(ransom("short-meow", 900), AJAR_RANSOM_NO);
    cr_expect_eq(ransom("", 0), AJAR_RANSOM_NO);
}

Test(names, the_word_lists_are_sorted_and_lower_case)
{
    for (size_t i = 0; i < words_sensitive_count; i++)
    {
        cr_expect(i == 0 || strcmp(words_sensitive[i - 1], words_sensitive[i]) < 0, "%s",
                  words_sensitive[i]);
        cr_expect(strlen(words_sensitive[i]) < 24);
        cr_expect(strspn(words_sensitive[i], "abcdefghijklmnopqrstuvwxyz") ==
                  strlen(words_sensitive[i]));
        cr_expect(is_sensitive(words_sensitive[i]), "%s", words_sensitive[i]);
    }
}
