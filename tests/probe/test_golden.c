/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <criterion/criterion.h>

/*
 * Every fixture of golden/ gives the verdict that it expects, whole, byte by byte and
 * split at every position. The fixtures named real-* are what real engines answered.
 */

static const char *text_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static void expect_text(const char *fixture, const char *what, const char *is,
                        const char *expected)
{
    bool same = is == expected || (is && expected && strcmp(is, expected) == 0);
    cr_expect(same, "%s: %s is %s, expected %s", fixture, what, is ? is : "null",
              expected ? expected : "null");
}

static void expect_number(const char *fixture, const cJSON *expect, const char *name,
                          uint64_t is)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(expect, name);
    if (item != NULL)
    {
        cr_expect(is == (uint64_t)item->valuedouble, "%s: %s is %llu, expected %.0f",
                  fixture, name, (unsigned long long)is, item->valuedouble);
    }
}

static void expect_flags(const char *fixture, const struct drive *drive,
                         const cJSON *expect)
{
    uint32_t flags = 0;
    const cJSON *word = NULL;
    cJSON_ArrayForEach(word, cJSON_GetObjectItemCaseSensitive(expect, "flags"))
    {
        for (unsigned i = 0; i < AJAR_FLAG_COUNT; i++)
        {
            flags |= strcmp(ajar_flag_word(i), word->valuestring) == 0 ? 1u << i : 0;
        }
    }
    cr_expect(drive->verdict.flags == flags, "%s: flags are %x, expected %x", fixture,
              (unsigned)drive->verdict.flags, (unsigned)flags);
}

static void expect_reason(const char *fixture, const struct drive *drive,
                          const cJSON *expect)
{
    const char *part = text_of(expect, "reason");
    bool found = part == NULL;
    for (size_t i = 0; i < drive->evidence.reason_count && !found; i++)
    {
        found = strstr(drive->evidence.reasons[i], part) != NULL;
    }
    cr_expect(found, "%s: no reason says \"%s\"", fixture, part);
    cr_expect(drive->evidence.reason_count > 0, "%s: no reason at all", fixture);
}

static void check(const char *name, const struct drive *drive, const cJSON *expect)
{
    const struct ajar_evidence *evidence = &drive->evidence;
    expect_text(name, "exposure", ajar_exposure_word(drive->verdict.exposure),
                text_of(expect, "exposure"));
    expect_text(name, "severity", ajar_severity_word(drive->verdict.severity),
                text_of(expect, "severity"));
    expect_text(name, "product", evidence->product, text_of(expect, "product"));
    if (strcmp(name, "not-couchdb") != 0)
    {
        expect_text(name, "version", evidence->version, text_of(expect, "version"));
    }
    if (cJSON_GetObjectItemCaseSensitive(expect, "uuid") != NULL)
    {
        expect_text(name, "uuid", evidence->cluster_uuid, text_of(expect, "uuid"));
    }
    if (text_of(expect, "guard") != NULL)
    {
        expect_text(name, "guard", evidence->guard, text_of(expect, "guard"));
    }
    expect_flags(name, drive, expect);
    expect_number(name, expect, "requests", drive->requests);
    expect_number(name, expect, "count", evidence->indices.count);
    expect_number(name, expect, "system", evidence->indices.system);
    expect_number(name, expect, "documents", evidence->indices.documents);
    expect_number(name, expect, "bytes", evidence->indices.bytes);
    expect_number(name, expect, "counted", evidence->counted);
    expect_reason(name, drive, expect);
    cr_expect(drive->requests <= 8, "%s: %zu requests", name, drive->requests);
}

static void with_each(void (*visit)(const char *name, cJSON *fixture))
{
    size_t count = 0;
    char **names = drive_names(&count);
    cr_assert(count >= 100, "only %zu fixtures were found", count);
    for (size_t i = 0; i < count; i++)
    {
        cJSON *fixture = drive_load(names[i]);
        visit(names[i], fixture);
        cJSON_Delete(fixture);
    }
    drive_names_free(names);
}

static void expect_verdict(const char *name, cJSON *fixture)
{
    struct drive drive;
    drive_run(&drive, drive_fixture_answer, fixture, (struct drive_cut){0, 0});
    check(name, &drive, cJSON_GetObjectItemCaseSensitive(fixture, "expect"));
    if (getenv("AJAR_SHOW") != NULL)
    {
        char *signature = drive_signature(&drive);
        (void)fprintf(stderr, "== %s\n%s", name, signature);
        free(signature);
    }
    drive_free(&drive);
}

Test(golden, verdicts)
{
    with_each(expect_verdict);
}

static void expect_same(const char *name, cJSON *fixture, const char *whole,
                        struct drive_cut cut)
{
    struct drive drive;
    drive_run(&drive, drive_fixture_answer, fixture, cut);
    char *signature = drive_signature(&drive);
    cr_assert(strcmp(signature, whole) == 0, "%s cut at %zu, %zu:\n%s\nwhole:\n%s", name,
              cut.first, cut.piece, signature, whole);
    free(signature);
    drive_free(&drive);
}

static void split_everywhere(const char *name, cJSON *fixture)
{
    struct drive drive;
    drive_run(&drive, drive_fixture_answer, fixture, (struct drive_cut){0, 0});
    char *whole = drive_signature(&drive);
    size_t longest = drive.longest;
    drive_free(&drive);
    for (size_t piece = 1; piece <= 7; piece += 2)
    {
        expect_same(name, fixture, whole, (struct drive_cut){0, piece});
    }
    for (size_t first = 1; first < longest; first++)
    {
        expect_same(name, fixture, whole, (struct drive_cut){first, 0});
    }
    free(whole);
}

Test(golden, splits, .timeout = 240)
{
    with_each(split_everywhere);
}
