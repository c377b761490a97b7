/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <criterion/criterion.h>

/* Replies in a content coding that nobody asked for: what they say is not known, unless
 * it can be read all the same; a status is known whatever the body. */

static const char banner[] =
    "{\"name\":\"n\",\"cluster_name\":\"c\",\"cluster_uuid\":\"u\",\"version\":{"
    "\"number\":\"8.19.20\",\"lucene_version\":\"9.12.2\"},"
    "\"tagline\":\"You Know, for Search\"}";

/* The first bytes of a gzip member; nothing here could undo it. */
static const char packed[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\xca\x4b";

struct coded
{
    enum ajar_read from; /* these reads are coded, ... */
    enum ajar_read to;
    uint16_t status;
    const char *header;
    const char *second; /* a further header, or NULL */
    struct ajar_span body;
    bool counts_refused;
};

static void plainly(const struct ajar_ask *ask, struct drive_reply *out)
{
    out->status = 200;
    switch ((enum ajar_read)ask->step->read)
    {
    case AJAR_READ_ROOT:
        out->body = ajar_span_of(banner);
        return;
    case AJAR_READ_HEALTH:
        out->body = ajar_span_of("{\"cluster_name\":\"c\",\"status\":\"green\","
                                 "\"number_of_nodes\":3,\"active_primary_shards\":5}");
        return;
    case AJAR_READ_LIST:
        out->body = ajar_span_of("[{\"health\":\"green\",\"status\":\"open\",\"index\":"
                                 "\"a\",\"pri\":\"1\",\"docs.count\":\"7\"}]");
        return;
    case AJAR_READ_COUNT:
        out->body =
            ajar_span_of("{\"count\":7,\"_shards\":{\"total\":1,\"successful\":1}}");
        return;
    case AJAR_READ_CONTROL:
    case AJAR_READ_MAPPING:
    case AJAR_READ_COUNT_OF:
        break;
    }
    out->status = 404;
    out->body = ajar_span_of("{\"error\":\"x\",\"status\":404}");
}

static void answer(void *context, const struct ajar_ask *ask, struct drive_reply *out)
{
    const struct coded *coded = context;
    plainly(ask, out);
    out->headers[0] = "X-elastic-product: Elasticsearch";
    if (coded->counts_refused && ask->step->read == AJAR_READ_COUNT)
    {
        out->status = 403;
    }
    if (ask->step->read < coded->from || ask->step->read > coded->to)
    {
        return;
    }
    out->headers[1] = coded->header;
    out->headers[2] = coded->second;
    if (coded->status != 0)
    {
        out->status = coded->status;
        out->body = coded->body;
    }
}

static enum ajar_exposure exposure_of(struct coded coded)
{
    struct drive drive;
    drive_run(&drive, answer, &coded, (struct drive_cut){0, 0});
    enum ajar_exposure exposure = drive.verdict.exposure;
    drive_free(&drive);
    return exposure;
}

static struct ajar_span unreadable(void)
{
    return (struct ajar_span){packed, sizeof(packed) - 1};
}

static struct coded always(uint16_t status, const char *header)
{
    return (struct coded){.from = AJAR_READ_ROOT,
                          .to = AJAR_READ_COUNT_OF,
                          .status = status,
                          .header = header,
                          .body = unreadable()};
}

Test(coding, a_200_that_cannot_be_read_is_never_another_server)
{
    static const char *const headers[] = {
        "Content-Encoding: gzip",
        "content-encoding: GZIP",
        "Content-Encoding: br",
        "Content-Encoding: zstd",
        "Content-Encoding: deflate",
        "Content-Encoding: x-corp-42",
        "Content-Encoding: identity, gzip",
        "Content-Encoding: gzip , identity",
        "Content-Encoding: ,\tgzip",
        "Content-Encoding: identityx",
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
    {
        cr_expect_eq(exposure_of(always(200, headers[i])), AJAR_EXPOSURE_INCONCLUSIVE,
                     "%s", headers[i]);
    }
    struct coded twice = always(200, "Content-Encoding: identity");
    twice.second = "Content-Encoding: br";
    cr_expect_eq(exposure_of(twice), AJAR_EXPOSURE_INCONCLUSIVE);
}

Test(coding, identity_is_no_coding)
{
    static const char *const headers[] = {
        "Content-Encoding: identity",           "content-encoding: IDENTITY",
        "Content-Encoding: identity, identity", "Content-Encoding:",
        "Content-Encoding: , identity ,",
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
    {
        cr_expect_eq(exposure_of(always(200, headers[i])), AJAR_EXPOSURE_NOT_DATASTORE,
                     "%s", headers[i]);
    }
}

/* `Content-Encoding: utf-8` is a common mistake: what has its shape was read. */
Test(coding, what_can_be_read_was_read)
{
    struct coded wrong = {.to = AJAR_READ_COUNT_OF, .header = "Content-Encoding: utf-8"};
    cr_expect_eq(exposure_of(wrong), AJAR_EXPOSURE_RECORDS);
}

Test(coding, a_status_needs_no_body)
{
    cr_expect_eq(exposure_of(always(401, "Content-Encoding: gzip")),
                 AJAR_EXPOSURE_PROTECTED);
    cr_expect_eq(exposure_of(always(403, "Content-Encoding: gzip")),
                 AJAR_EXPOSURE_PROTECTED);
    cr_expect_eq(exposure_of(always(404, "Content-Encoding: gzip")),
                 AJAR_EXPOSURE_NOT_DATASTORE);
    cr_expect_eq(exposure_of(always(503, "Content-Encoding: gzip")),
                 AJAR_EXPOSURE_INCONCLUSIVE);
    /* why it is a 400 stands in the body: one of our parameters, perhaps */
    cr_expect_eq(exposure_of(always(400, "Content-Encoding: gzip")),
                 AJAR_EXPOSURE_INCONCLUSIVE);
}

static struct coded between(enum ajar_read from, enum ajar_read to)
{
    return (struct coded){.from = from,
                          .to = to,
                          .status = 200,
                          .header = "Content-Encoding: gzip",
                          .body = unreadable()};
}

/* What was shown stands; what is coded stays an open question. */
Test(coding, reads_behind_the_banner)
{
    cr_expect_eq(exposure_of(between(AJAR_READ_HEALTH, AJAR_READ_HEALTH)),
                 AJAR_EXPOSURE_RECORDS);
    cr_expect_eq(exposure_of(between(AJAR_READ_LIST, AJAR_READ_LIST)),
                 AJAR_EXPOSURE_RECORDS);
    cr_expect_eq(exposure_of(between(AJAR_READ_COUNT, AJAR_READ_COUNT)),
                 AJAR_EXPOSURE_INDICES);
    cr_expect_eq(exposure_of(between(AJAR_READ_LIST, AJAR_READ_COUNT)),
                 AJAR_EXPOSURE_INCONCLUSIVE);
    cr_expect_eq(exposure_of(between(AJAR_READ_HEALTH, AJAR_READ_COUNT)),
                 AJAR_EXPOSURE_INCONCLUSIVE);
    /* the list could have shown indices: health alone is not all that is known */
    struct coded list = between(AJAR_READ_LIST, AJAR_READ_LIST);
    list.counts_refused = true;
    cr_expect_eq(exposure_of(list), AJAR_EXPOSURE_INCONCLUSIVE);
}
