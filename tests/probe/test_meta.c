/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <criterion/criterion.h>

/*
 * What needs no expected answer: a verdict does not change with what does not matter, and
 * taking a permission away never raises the exposure.
 */

static const char *const permissions[] = {
    "/", "/_cluster/health", "/_cat/indices", "/_aliases", "/*/_count", "/shop/_count"};

static char *signature_of(cJSON *fixture, struct drive_cut cut)
{
    struct drive drive;
    drive_run(&drive, drive_fixture_answer, fixture, cut);
    char *signature = drive_signature(&drive);
    drive_free(&drive);
    return signature;
}

static void with_each(void (*visit)(const char *name, cJSON *fixture))
{
    size_t count = 0;
    char **names = drive_names(&count);
    cr_assert(count >= 100);
    for (size_t i = 0; i < count; i++)
    {
        cJSON *fixture = drive_load(names[i]);
        visit(names[i], fixture);
        cJSON_Delete(fixture);
    }
    drive_names_free(names);
}

/* ---- what does not matter ---- */

typedef void (*change_fn)(const char *path, cJSON *reply);

static void each_reply(cJSON *fixture, change_fn change)
{
    cJSON *replies = cJSON_GetObjectItemCaseSensitive(fixture, "replies");
    cJSON *reply = NULL;
    cJSON_ArrayForEach(reply, replies)
    {
        change(reply->string, reply);
    }
    cJSON *otherwise = cJSON_GetObjectItemCaseSensitive(fixture, "otherwise");
    if (otherwise != NULL)
    {
        change("otherwise", otherwise);
    }
}

static void set_body(cJSON *reply, cJSON *body, bool pretty)
{
    char *text = pretty ? cJSON_Print(body) : cJSON_PrintUnformatted(body);
    cJSON_ReplaceItemInObjectCaseSensitive(reply, "body", cJSON_CreateString(text));
    cJSON_free(text);
}

/* The body as JSON, or NULL when it is none, or was broken off on purpose. */
static cJSON *body_of(const cJSON *reply)
{
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(reply, "body");
    cJSON *json = body != NULL ? cJSON_Parse(body->valuestring) : NULL;
    if (json != NULL && !cJSON_IsObject(json) && !cJSON_IsArray(json))
    {
        cJSON_Delete(json);
        json = NULL;
    }
    return json;
}

static cJSON *reversed(const cJSON *item)
{
    if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
    {
        return cJSON_Duplicate(item, true);
    }
    cJSON *out = cJSON_IsObject(item) ? cJSON_CreateObject() : cJSON_CreateArray();
    const cJSON *child = NULL;
    cJSON_ArrayForEach(child, item)
    {
        if (cJSON_IsObject(item))
        {
            cJSON *copy = reversed(child);
            cJSON *first = out->child;
            cJSON_AddItemToObject(out, child->string, copy);
            if (first != NULL)
            {
                copy = cJSON_DetachItemViaPointer(out, copy);
                cJSON_InsertItemInArray(out, 0, copy);
            }
        }
        else
        {
            cJSON_AddItemToArray(out, reversed(child));
        }
    }
    return out;
}

static void change_key_order(const char *path, cJSON *reply)
{
    cJSON *json = body_of(reply);
    if (json != NULL && strcmp(path, "/_aliases") != 0)
    {
        cJSON *other = reversed(json);
        set_body(reply, other, false);
        cJSON_Delete(other);
    }
    cJSON_Delete(json);
}

static void change_white_space(const char *path, cJSON *reply)
{
    (void)path;
    cJSON *json = body_of(reply);
    if (json != NULL)
    {
        set_body(reply, json, true);
    }
    cJSON_Delete(json);
}

static void add_key(cJSON *item)
{
    cJSON *child = NULL;
    cJSON_ArrayForEach(child, item)
    {
        add_key(child);
    }
    if (cJSON_IsObject(item))
    {
        cJSON_AddStringToObject(item, "zz_new", "You Know, for Search");
    }
}

static void change_extra_key(const char *path, cJSON *reply)
{
    cJSON *json = body_of(reply);
    if (json != NULL && strcmp(path, "/_aliases") != 0)
    {
        add_key(json);
        set_body(reply, json, false);
    }
    cJSON_Delete(json);
}

static void change_header_case(const char *path, cJSON *reply)
{
    (void)path;
    cJSON *pair = NULL;
    cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(reply, "headers"))
    {
        char *name = cJSON_GetArrayItem(pair, 0)->valuestring;
        for (size_t i = 0; name[i] != '\0'; i++)
        {
            int c = (unsigned char)name[i];
            name[i] = (char)(isupper(c) ? tolower(c) : toupper(c));
        }
    }
}

static void change_header_order(const char *path, cJSON *reply)
{
    (void)path;
    cJSON *headers = cJSON_GetObjectItemCaseSensitive(reply, "headers");
    int size = cJSON_GetArraySize(headers);
    for (int i = 1; i < size; i++)
    {
        cJSON *last = cJSON_DetachItemFromArray(headers, i);
        cJSON_InsertItemInArray(headers, 0, last);
    }
}

static void change_warning(const char *path, cJSON *reply)
{
    (void)path;
    cJSON *headers = cJSON_GetObjectItemCaseSensitive(reply, "headers");
    const char *pair[] = {"Warning",
                          "299 Elasticsearch-8.7.1-f229ed3 \"this request accesses "
                          "system indices, Elasticsearch built-in security "
                          "features are not enabled\""};
    if (headers != NULL)
    {
        cJSON_AddItemToArray(headers, cJSON_CreateStringArray(pair, 2));
    }
}

static void expect_unchanged(const char *name, const char *what, change_fn change)
{
    cJSON *plain = drive_load(name);
    cJSON *other = drive_load(name);
    if (change != NULL)
    {
        each_reply(other, change);
    }
    else
    {
        cJSON_AddBoolToObject(other, "chunked", 1);
    }
    char *before = signature_of(plain, (struct drive_cut){0, 0});
    char *after = signature_of(other, (struct drive_cut){0, 0});
    cr_expect(strcmp(before, after) == 0, "%s: %s changed the verdict:\n%s\nbefore:\n%s",
              name, what, after, before);
    free(before);
    free(after);
    cJSON_Delete(plain);
    cJSON_Delete(other);
}

static void expect_all_unchanged(const char *name, cJSON *fixture)
{
    (void)fixture;
    if (strcmp(name, "hostile-duplicate-keys") != 0)
    {
        expect_unchanged(name, "key order", change_key_order);
    }
    expect_unchanged(name, "white space", change_white_space);
    expect_unchanged(name, "an unknown key", change_extra_key);
    expect_unchanged(name, "header case", change_header_case);
    expect_unchanged(name, "header order", change_header_order);
    expect_unchanged(name, "a deprecation warning", change_warning);
    expect_unchanged(name, "chunking", NULL);
}

Test(meta, what_does_not_matter)
{
    with_each(expect_all_unchanged);
}

/* ---- permissions ---- */

static unsigned level(const struct drive *drive)
{
    enum ajar_exposure exposure = drive->verdict.exposure;
    return ajar_exposure_is_open(exposure) ? (unsigned)exposure : 0;
}

static cJSON *refusal(uint16_t status)
{
    cJSON *reply = cJSON_CreateObject();
    cJSON_AddNumberToObject(reply, "status", status);
    const char *pair[] = {"content-type", "application/json"};
    cJSON *headers = cJSON_AddArrayToObject(reply, "headers");
    cJSON_AddItemToArray(headers, cJSON_CreateStringArray(pair, 2));
    cJSON_AddStringToObject(
        reply, "body",
        "{\"error\":{\"root_cause\":[],\"type\":\"security_exception\",\"reason\":"
        "\"action "
        "[x] is unauthorized for user [_anonymous]\"},\"status\":403}");
    return reply;
}

static void refuse(cJSON *fixture, const char *path, uint16_t status)
{
    cJSON *replies = cJSON_GetObjectItemCaseSensitive(fixture, "replies");
    cJSON_DeleteItemFromObjectCaseSensitive(replies, path);
    cJSON_AddItemToObject(replies, path, refusal(status));
}

/* Takes away the permissions whose bits are set. */
static void expect_no_rise(const char *name, unsigned mask, uint16_t status,
                           unsigned before)
{
    cJSON *fixture = drive_load(name);
    struct drive drive;
    for (unsigned i = 0; i < AJAR_COUNT_OF(permissions); i++)
    {
        if ((mask & (1u << i)) != 0)
        {
            refuse(fixture, permissions[i], status);
        }
    }
    drive_run(&drive, drive_fixture_answer, fixture, (struct drive_cut){0, 0});
    cr_expect(level(&drive) <= before, "%s: level rose to %s with permissions %x at %u",
              name, ajar_exposure_word(drive.verdict.exposure), mask, status);
    drive_free(&drive);
    cJSON_Delete(fixture);
}

static void expect_monotone(const char *name, cJSON *fixture)
{
    struct drive drive;
    drive_run(&drive, drive_fixture_answer, fixture, (struct drive_cut){0, 0});
    unsigned before = level(&drive);
    /* Where a question stayed open a refusal is an answer, so the level may become clear;
     * and the control is no permission. */
    bool believed = !drive_has_flag(&drive, AJAR_FLAG(CATCH_ALL)) &&
                    drive.verdict.exposure != AJAR_EXPOSURE_INCONCLUSIVE;
    drive_free(&drive);
    for (unsigned mask = 1; believed && mask < 1u << AJAR_COUNT_OF(permissions); mask++)
    {
        expect_no_rise(name, mask, 403, before);
        expect_no_rise(name, mask, 401, before);
    }
}

Test(meta, taking_a_permission_never_raises, .timeout = 120)
{
    with_each(expect_monotone);
}

/* One more: with every permission gone from an open engine, it is protected. */
Test(meta, all_permissions_gone_is_protected)
{
    static const uint16_t statuses[] = {401, 403};
    for (size_t s = 0; s < AJAR_COUNT_OF(statuses); s++)
    {
        cJSON *fixture = drive_load("real-elasticsearch-8.7.1");
        struct drive drive;
        for (size_t i = 0; i < AJAR_COUNT_OF(permissions); i++)
        {
            refuse(fixture, permissions[i], statuses[s]);
        }
        drive_run(&drive, drive_fixture_answer, fixture, (struct drive_cut){0, 0});
        cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_PROTECTED);
        cr_expect_eq(drive.requests, statuses[s] == 401 ? 1 : 4);
        drive_free(&drive);
        cJSON_Delete(fixture);
    }
}
