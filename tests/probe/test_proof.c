/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "ajar/json.h"

/* What --explain shows of a reply: something for every reply, bounded, the same however
 * the bytes came, and the members that the reading stands on. */

static void load(struct drive *drive, const char *name, struct drive_cut cut)
{
    struct cJSON *json = drive_load(name);
    drive_run(drive, drive_fixture_answer, json, cut);
    ajar_json_free(json);
}

static const char *proof_of(const struct drive *drive, enum ajar_read read)
{
    const struct ajar_evidence *evidence = &drive->evidence;
    for (size_t i = 0; i < evidence->exchange_count; i++)
    {
        if (evidence->exchanges[i].read == read && evidence->trace->proofs[i] != NULL)
        {
            return evidence->trace->proofs[i];
        }
    }
    return "";
}

Test(proof, every_reply_has_one_and_no_cut_changes_it)
{
    size_t count = 0;
    size_t replies = 0;
    char **names = drive_names(&count);
    cr_assert_gt(count, 20u);
    for (size_t i = 0; i < count; i++)
    {
        struct drive whole;
        struct drive bytes;
        load(&whole, names[i], (struct drive_cut){0, 0});
        load(&bytes, names[i], (struct drive_cut){0, 1});
        const struct ajar_evidence *evidence = &whole.evidence;
        cr_assert_eq(evidence->exchange_count, bytes.evidence.exchange_count);
        for (size_t at = 0; at < evidence->exchange_count; at++)
        {
            const char *a = evidence->trace->proofs[at];
            const char *b = bytes.evidence.trace->proofs[at];
            cr_assert_eq(a == NULL, evidence->exchanges[at].status == 0, "%s %zu",
                         names[i], at);
            replies += a != NULL;
            if (a != NULL)
            {
                cr_assert_not_null(b, "%s %zu", names[i], at);
                /* a list that is none is read no further: its proof ends where that
                 * piece ended */
                bool shown = evidence->exchanges[at].reading == AJAR_READING_SHOWN;
                cr_assert_eq(strncmp(a, b, shown ? AJAR_MAX_PROOF : strlen(b)), 0,
                             "%s %zu", names[i], at);
                cr_assert_leq(strlen(a), (size_t)AJAR_MAX_PROOF);
            }
        }
        drive_free(&whole);
        drive_free(&bytes);
    }
    cr_assert_gt(replies, 50u);
    drive_names_free(names);
}

static struct drive_reply reply;

static void answer_all(void *context, const struct ajar_ask *ask, struct drive_reply *out)
{
    (void)context;
    (void)ask;
    *out = reply;
}

static void shows(const char *part)
{
    struct drive drive;
    drive_run(&drive, answer_all, NULL, (struct drive_cut){0, 0});
    const char *proof = proof_of(&drive, AJAR_READ_ROOT);
    cr_assert_not_null(strstr(proof, part), "no <<%s>> in <<%s>>", part, proof);
    drive_free(&drive);
}

Test(proof, says_what_decided)
{
    reply = (struct drive_reply){
        .status = 200,
        .headers = {"content-type: application/json"},
        .body = ajar_span_of("{\"name\":\"n\",\"version\":{\"number\":\"8.7.1\","
                             "\"lucene_version\":\"9.5.0\"},\"tagline\":\"You Know\"}")};
    shows(
        "\"version.number\":\"8.7.1\",\"version.lucene_version\":\"9.5.0\",\"tagline\"");
    reply = (struct drive_reply){
        .status = 401,
        .headers = {"WWW-Authenticate: Basic realm=\"security\"",
                    "WWW-Authenticate: ApiKey"},
        .body =
            ajar_span_of("{\"error\":{\"type\":\"security_exception\"},\"status\":401}")};
    shows("WWW-Authenticate: Basic "
          "realm=\"security\",\"error.type\":\"security_exception\"");
    reply = (struct drive_reply){.status = 200, .body = ajar_span_of("<html>hello")};
    shows("<html>hello");
    reply = (struct drive_reply){
        .status = 503,
        .body = ajar_span_of("{\"status\":503,\"version\":{\"number\":\"1.7.6\"},"
                             "\"tagline\":\"You Know, for Search\"}")};
    shows("\"status\":503,\"version.number\":\"1.7.6\"");
    reply = (struct drive_reply){.status = 404};
    shows("");
}
