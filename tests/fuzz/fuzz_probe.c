/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole visit without a socket. Input: how the replies are cut, then one reply after
 * another, parted by 0x1e: a byte for its status, a byte for its header lines, its body.
 * Whatever they say: the evidence is the same however they were cut, nothing is open but
 * by a 200 that was believed, nothing is called protected that was not refused, and every
 * path that was asked for is a plain one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input
{
    const uint8_t *at;
    const uint8_t *end;
};

static const uint16_t statuses[] = {200, 401, 403, 404, 400, 405, 503, 429,
                                    302, 202, 408, 500, 204, 599, 0,   100};
static const char *const lines[] = {
    "WWW-Authenticate: Basic realm=\"security\" charset=\"UTF-8\"",
    "X-elastic-product: Elasticsearch",
    "X-OpenSearch-Version: OpenSearch/3.4.0 (opensearch)",
    "Content-Encoding: gzip",
    "cf-mitigated: challenge",
    "X-Cloud-Request-Id: 1",
    "content-type: text/plain",
    "Server: SimpleHTTP/0.6 Python/3.8.10",
};

/* Bodies live as long as the input. */
static void answer(void *context, const struct ajar_ask *ask, struct drive_reply *out)
{
    struct input *input = context;
    (void)ask;
    if (input->end - input->at < 2)
    {
        return; /* no reply */
    }
    out->status = statuses[input->at[0] & 15];
    out->cut = (input->at[0] & 16) != 0;
    out->chunked = (input->at[0] & 32) != 0;
    unsigned bits = input->at[1];
    size_t count = 0;
    for (size_t i = 0; i < AJAR_COUNT_OF(lines); i++)
    {
        if ((bits >> i & 1u) != 0)
        {
            out->headers[count++] = lines[i];
        }
    }
    input->at += 2;
    const uint8_t *end = memchr(input->at, 0x1e, (size_t)(input->end - input->at));
    end = end != NULL ? end : input->end;
    out->body = (struct ajar_span){(const char *)input->at, (size_t)(end - input->at)};
    input->at = end < input->end ? end + 1 : end;
}

static void check_path(const char *path)
{
    AJAR_REQUIRE(path[0] == '/' && strlen(path) < AJAR_MAX_REQUEST);
    AJAR_REQUIRE(strstr(path, "..") == NULL && strstr(path, "_search") == NULL);
    for (const char *at = path; *at != '\0'; at++)
    {
        AJAR_REQUIRE(*at > ' ' && *at < 0x7f && *at != '#' && *at != '\\');
    }
}

static void check_verdict(const struct drive *drive)
{
    const struct ajar_evidence *evidence = &drive->evidence;
    bool shown = false;
    bool refused = false;
    for (size_t i = 0; i < evidence->exchange_count; i++)
    {
        const struct ajar_exchange *one = &evidence->exchanges[i];
        shown = shown || (one->status == 200 && one->read <= AJAR_READ_COUNT);
        refused = refused || one->status == 401 || one->status == 403 ||
                  one->status == 404 || one->status == 400;
    }
    bool open = ajar_exposure_is_open(drive->verdict.exposure);
    AJAR_REQUIRE(!open || shown);
    AJAR_REQUIRE(!open || evidence->reading[AJAR_READ_CONTROL] != AJAR_READING_SHOWN);
    AJAR_REQUIRE(drive->verdict.exposure != AJAR_EXPOSURE_PROTECTED || refused);
    AJAR_REQUIRE(drive->requests <= AJAR_MAX_REQUESTS);
    for (size_t i = 0; i < drive->requests; i++)
    {
        check_path(drive->paths[i]);
    }
}

static char *look(const uint8_t *data, size_t size, size_t piece)
{
    struct input input = {data, data + size};
    struct drive drive;
    drive_run(&drive, answer, &input, (struct drive_cut){0, piece});
    check_verdict(&drive);
    char *signature = drive_signature(&drive);
    drive_free(&drive);
    return signature;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
    {
        return 0;
    }
    char *whole = look(data + 1, size - 1, 0);
    char *cut = look(data + 1, size - 1, (size_t)(data[0] & 63) + 1);
    AJAR_REQUIRE(strcmp(whole, cut) == 0);
    free(whole);
    free(cut);
    return 0;
}
