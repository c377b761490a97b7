/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <string.h>

#include <criterion/criterion.h>

/* Who refuses, who is not ready to, and who only asks for a browser: one reply to all. */

static void answer(void *context, const struct ajar_ask *ask, struct drive_reply *out)
{
    (void)ask;
    *out = *(const struct drive_reply *)context;
}

static void run(struct drive *drive, uint16_t status, const char *header,
                const char *body)
{
    struct drive_reply reply = {.status = status, .body = ajar_span_of(body)};
    reply.headers[0] = header;
    drive_run(drive, answer, &reply, (struct drive_cut){0, 0});
}

static void expect(uint16_t status, const char *header, const char *body,
                   enum ajar_exposure exposure, size_t requests)
{
    struct drive drive;
    run(&drive, status, header, body);
    const char *what = header != NULL ? header : body;
    cr_expect_eq(drive.verdict.exposure, exposure, "%u %s", status, what);
    cr_expect_eq(drive.requests, requests, "%u %s: %zu requests", status, what,
                 drive.requests);
    drive_free(&drive);
}

/* Whoever comes with a browser passes: no refusal was proven, and nothing was shown. */
Test(guards, a_challenge_for_browsers_is_no_refusal)
{
    static const uint16_t statuses[] = {202, 400, 403, 404, 405, 429, 503};
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
    {
        expect(statuses[i], "cf-mitigated: challenge", "<html>",
               AJAR_EXPOSURE_INCONCLUSIVE, 1);
        expect(statuses[i], "X-Amzn-Waf-Action: Captcha", "", AJAR_EXPOSURE_INCONCLUSIVE,
               1);
        expect(statuses[i], "x-amzn-waf-action: challenge", "",
               AJAR_EXPOSURE_INCONCLUSIVE, 1);
    }
    expect(200, "cf-mitigated: challenge", "<html>", AJAR_EXPOSURE_INCONCLUSIVE, 1);
    expect(401, "cf-mitigated: challenge", "<html>", AJAR_EXPOSURE_PROTECTED, 1);
    /* other words of these headers are the firewall's own refusal */
    expect(403, "cf-mitigated: block", "<html>", AJAR_EXPOSURE_PROTECTED, 3);
    expect(403, "x-amzn-waf-action: challenged", "", AJAR_EXPOSURE_PROTECTED, 3);
}

#define ROR(due_to, status)                                                              \
    "{\"error\":{\"root_cause\":[{\"reason\":\"forbidden\",\"due_to\":" due_to "}],"     \
    "\"reason\":\"forbidden\",\"due_to\":" due_to "},\"status\":" status "}"

/* Before its rules are loaded it refuses all; what they will say is not known. */
Test(guards, readonlyrest_without_its_rules_is_not_ready)
{
    static const char *const bodies[] = {
        ROR("[\"READONLYREST_NOT_READY_YET\"]", "403"),
        ROR("\"READONLYREST_NOT_READY_YET\"", "403"),
        ROR("[\"READONLYREST_FAILED_TO_START\"]", "403"),
        ROR("\"READONLYREST_FAILED_TO_START\"", "403"),
        ROR("[\"OTHER\", \"READONLYREST_NOT_READY\\u005fYET\"]", "403"), /* escaped */
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
    {
        expect(403, NULL, bodies[i], AJAR_EXPOSURE_INCONCLUSIVE, 1);
        expect(503, NULL, bodies[i], AJAR_EXPOSURE_INCONCLUSIVE, 1);
        struct drive drive;
        run(&drive, 503, NULL, bodies[i]);
        cr_expect_str_eq(drive.evidence.product, "elasticsearch");
        cr_expect_str_eq(drive.evidence.guard, "ReadonlyREST");
        drive_free(&drive);
    }
    expect(403, NULL, ROR("[\"OPERATION_NOT_ALLOWED\"]", "403"), AJAR_EXPOSURE_PROTECTED,
           4);
    expect(403, NULL, ROR("\"FORBIDDEN_BY_BLOCK\"", "403"), AJAR_EXPOSURE_PROTECTED, 4);
    expect(403, NULL, ROR("[[\"READONLYREST_NOT_READY_YET\"]]", "403"),
           AJAR_EXPOSURE_PROTECTED, 4);
}

#define PAGE                                                                             \
    "<head><title>400 No required SSL certificate was sent</title></head>\r\n<body>"

/* nginx says so before it looks at the path, so one refusal speaks for all. */
Test(guards, no_client_certificate)
{
    struct drive drive;
    run(&drive, 400, "Server: nginx", "<html>\r\n" PAGE);
    cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_PROTECTED);
    cr_expect_str_eq(drive.evidence.guard, "a TLS client certificate");
    cr_expect_null(drive.evidence.product);
    cr_expect_eq(drive.requests, 1u);
    drive_free(&drive);
    /* anywhere else the words are somebody's text */
    expect(400, NULL, "<html>\r\n<body>" PAGE, AJAR_EXPOSURE_NOT_DATASTORE, 3);
    expect(404, NULL, "<html>\r\n" PAGE, AJAR_EXPOSURE_NOT_DATASTORE, 3);
}

#define MISSING(what)                                                                    \
    "{\"error\":{\"root_cause\":[{\"type\":\"security_exception\",\"reason\":\"" what    \
    "\"}],\"type\":\"security_exception\",\"reason\":\"" what "\"},\"status\":401}"

/* Elastic with an anonymous user and authz_exception: false. That user may lack `/` and
 * hold the right to count (7.17.29, role with `read` alone). */
static void nothing_but(void *context, const struct ajar_ask *ask,
                        struct drive_reply *out)
{
    bool is_shown = context != NULL && strcmp(ask->path, context) == 0;
    out->status = is_shown ? 200 : 401;
    out->body = ajar_span_of(
        is_shown ? "{\"name\":\"n\",\"cluster_name\":\"c\",\"cluster_uuid\":\"u\","
                   "\"version\":{"
                   "\"number\":\"7.17.29\",\"build_flavor\":\"default\",\"build_type\":"
                   "\"zip\","
                   "\"build_hash\":\"h\",\"lucene_version\":\"8.11.3\"},"
                   "\"tagline\":\"You Know, for Search\"}"
                 : MISSING("action [cluster:monitor/main] requires authentication"));
}

Test(guards, a_401_to_an_anonymous_user_leaves_its_other_rights_open)
{
    struct drive drive;
    char root[] = "/";
    drive_run(&drive, nothing_but, NULL, (struct drive_cut){0, 0});
    cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_INCONCLUSIVE);
    cr_expect_str_eq(drive.evidence.product, "elasticsearch");
    cr_expect_eq(drive.requests, 1u); /* nothing follows a 401 */
    drive_free(&drive);
    /* something was shown: a lower bound that says so */
    drive_run(&drive, nothing_but, root, (struct drive_cut){0, 0});
    cr_expect_eq(drive.verdict.exposure, AJAR_EXPOSURE_IDENTITY);
    cr_expect(drive.verdict.flags & AJAR_FLAG(PARTIAL));
    cr_expect_eq(drive.requests, 2u);
    drive_free(&drive);
    /* no anonymous user at all: one 401 speaks for every read */
    expect(401, NULL, MISSING("missing authentication credentials for REST request [/]"),
           AJAR_EXPOSURE_PROTECTED, 1);
}
