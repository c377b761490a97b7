/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#define DRIVE_NONCE 0xfeedfacecafebeefu
#define DRIVE_NONCE_TEXT "feedfacecafebeef"
#define DRIVE_GOLDEN AJAR_SOURCE_DIR "/tests/probe/golden"

struct sink
{
    void *state;
};

static bool on_head(void *context, const struct ajar_reply_head *head)
{
    ajar_probe_elasticsearch.head(((struct sink *)context)->state, head);
    return true;
}

static bool on_body(void *context, struct ajar_span bytes)
{
    return ajar_probe_elasticsearch.body(((struct sink *)context)->state, bytes);
}

static void render(const struct drive_reply *reply, struct ajar_buf *out)
{
    (void)ajar_buf_printf(out, "HTTP/1.1 %u X\r\n", reply->status);
    for (size_t i = 0; i < AJAR_COUNT_OF(reply->headers) && reply->headers[i]; i++)
    {
        (void)ajar_buf_printf(out, "%s\r\n", reply->headers[i]);
    }
    if (reply->chunked)
    {
        (void)ajar_buf_text(out, "Transfer-Encoding: chunked\r\n\r\n");
        for (size_t at = 0; at < reply->body.len;)
        {
            size_t size = reply->body.len - at < 100 ? reply->body.len - at : 100;
            (void)ajar_buf_printf(out, "%zx\r\n", size);
            (void)ajar_buf_append(out, reply->body.data + at, size);
            (void)ajar_buf_text(out, "\r\n");
            at += size;
        }
        (void)ajar_buf_text(out, reply->cut ? "" : "0\r\n\r\n");
        return;
    }
    (void)ajar_buf_printf(out, "Content-Length: %zu\r\n\r\n",
                          reply->body.len + (reply->cut ? 1000 : 0));
    (void)ajar_buf_append(out, reply->body.data, reply->body.len);
}

static enum ajar_reply_state feed(struct ajar_reply_parser *parser,
                                  struct ajar_span bytes, struct drive_cut cut)
{
    enum ajar_reply_state state = AJAR_REPLY_MORE;
    size_t piece = cut.first > 0 ? cut.first : cut.piece;
    for (size_t at = 0; at < bytes.len && state == AJAR_REPLY_MORE;)
    {
        size_t left = bytes.len - at;
        size_t size = piece > 0 && piece < left ? piece : left;
        state = ajar_reply_parser_feed(parser, (struct ajar_span){bytes.data + at, size});
        at += size;
        piece = cut.piece;
    }
    return state == AJAR_REPLY_MORE ? ajar_reply_parser_finish(parser) : state;
}

static enum ajar_reply_end end_of(enum ajar_reply_state state, bool has_head)
{
    switch (state)
    {
    case AJAR_REPLY_COMPLETE:
        return AJAR_REPLY_END_WHOLE;
    case AJAR_REPLY_STOPPED:
        return AJAR_REPLY_END_STOPPED;
    case AJAR_REPLY_TOO_LARGE:
        return has_head ? AJAR_REPLY_END_TOO_LARGE : AJAR_REPLY_END_NONE;
    case AJAR_REPLY_MORE:
    case AJAR_REPLY_MALFORMED:
    case AJAR_REPLY_NOT_HTTP:
        break;
    }
    return has_head ? AJAR_REPLY_END_CUT : AJAR_REPLY_END_NONE;
}

static void exchange(struct drive *drive, void *state, struct ajar_reply_parser *parser,
                     const struct ajar_ask *ask, const struct drive_reply *reply,
                     struct drive_cut cut)
{
    enum ajar_reply_end how = AJAR_REPLY_END_NONE;
    if (reply->status != 0)
    {
        struct ajar_buf bytes;
        ajar_buf_init(&bytes, 64u * 1024 * 1024);
        render(reply, &bytes);
        AJAR_REQUIRE(!bytes.failed);
        drive->longest = bytes.len > drive->longest ? bytes.len : drive->longest;
        struct sink sink = {state};
        struct ajar_reply_sink functions = {on_head, on_body, &sink};
        ajar_reply_parser_reset(parser, &functions, ask->step->max_body);
        enum ajar_reply_state end = feed(parser, ajar_buf_span(&bytes), cut);
        how = end_of(end, ajar_reply_parser_head(parser) != NULL);
        ajar_buf_deinit(&bytes);
    }
    struct ajar_evidence *evidence = &drive->evidence;
    AJAR_REQUIRE(evidence->exchange_count < AJAR_MAX_REQUESTS);
    struct ajar_exchange *note = &evidence->exchanges[evidence->exchange_count++];
    *note = (struct ajar_exchange){
        .path = ask->path, .status = reply->status, .read = ask->step->read};
    ajar_probe_elasticsearch.end(state, how);
    note->reading = evidence->reading[note->read];
}

void drive_run(struct drive *drive, drive_answer_fn answer, void *context,
               struct drive_cut cut)
{
    const struct ajar_probe *probe = &ajar_probe_elasticsearch;
    struct ajar_reply_parser *parser = NULL;
    struct ajar_ask ask;
    memset(drive, 0, sizeof(*drive));
    ajar_arena_init(&drive->arena, AJAR_MAX_VISIT_ARENA);
    ajar_evidence_init(&drive->evidence, &drive->arena);
    ajar_evidence_explain(&drive->evidence);
    AJAR_REQUIRE(ajar_reply_parser_new(&parser) == AJAR_OK);
    void *state = calloc(1, probe->state_bytes);
    AJAR_REQUIRE(state != NULL);
    probe->begin(state, &drive->evidence, DRIVE_NONCE);
    while (probe->next(state, &ask))
    {
        struct drive_reply reply = {0};
        drive->paths[drive->requests++] = strdup(ask.path);
        answer(context, &ask, &reply);
        exchange(drive, state, parser, &ask, &reply, cut);
        if (reply.status == 401)
        {
            AJAR_REQUIRE(!probe->next(state, &ask)); /* none after any 401 */
        }
    }
    probe->finish(state);
    free(state);
    ajar_reply_parser_free(parser);
    ajar_classify(AJAR_OUTCOME_REPLIED, &drive->evidence, &drive->verdict);
}

void drive_free(struct drive *drive)
{
    for (size_t i = 0; i < drive->requests; i++)
    {
        free(drive->paths[i]);
    }
    ajar_arena_deinit(&drive->arena);
}

static const char *or_null(const char *text)
{
    return text != NULL ? text : "null";
}

char *drive_signature(const struct drive *drive)
{
    const struct ajar_evidence *evidence = &drive->evidence;
    const struct ajar_index_facts *indices = &evidence->indices;
    struct ajar_buf out;
    ajar_buf_init(&out, 64 * 1024);
    (void)ajar_buf_printf(&out, "%s %s flags=%x product=%s version=%s guard=%s\n",
                          ajar_exposure_word(drive->verdict.exposure),
                          ajar_severity_word(drive->verdict.severity),
                          (unsigned)drive->verdict.flags, or_null(evidence->product),
                          or_null(evidence->version), or_null(evidence->guard));
    (void)ajar_buf_printf(&out, "cluster=%s uuid=%s node=%s status=%s nodes=%llu\n",
                          or_null(evidence->cluster_name),
                          or_null(evidence->cluster_uuid), or_null(evidence->node_name),
                          or_null(evidence->cluster_status),
                          (unsigned long long)evidence->nodes);
    (void)ajar_buf_printf(
        &out,
        "indices=%llu system=%llu documents=%llu bytes=%llu unknown=%llu print=%llx\n",
        (unsigned long long)indices->count, (unsigned long long)indices->system,
        (unsigned long long)indices->documents, (unsigned long long)indices->bytes,
        (unsigned long long)indices->unknown, (unsigned long long)indices->fingerprint);
    (void)ajar_buf_printf(&out, "counted=%llu of %s\n",
                          (unsigned long long)evidence->counted,
                          or_null(evidence->counted_index));
    for (size_t i = 0; i < drive->requests; i++)
    {
        (void)ajar_buf_printf(&out, "%s\n", drive->paths[i]);
    }
    for (size_t i = 0; i < evidence->reason_count; i++)
    {
        (void)ajar_buf_printf(&out, "- %s\n", evidence->reasons[i]);
    }
    char *text = strdup(out.data);
    ajar_buf_deinit(&out);
    return text;
}

struct cJSON *drive_load(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s.json", DRIVE_GOLDEN, name);
    FILE *file = fopen(path, "rb");
    AJAR_REQUIRE(file != NULL);
    char *text = calloc(1, 256 * 1024);
    size_t len = fread(text, 1, 256 * 1024 - 1, file);
    AJAR_REQUIRE(len > 0 && len < 256 * 1024 - 1);
    (void)fclose(file);
    struct cJSON *json = cJSON_Parse(text);
    AJAR_REQUIRE(json != NULL);
    free(text);
    return json;
}

char *drive_key(const char *path)
{
    if (strncmp(path, "/*,", 3) == 0 || strcmp(path, "/*/_count") == 0)
    {
        return strdup("/*/_count");
    }
    if (strstr(path, DRIVE_NONCE_TEXT) != NULL)
    {
        return strdup("/nonce/_count");
    }
    return strndup(path, strcspn(path, "?"));
}

static const cJSON *find_reply(const cJSON *fixture, const char *path)
{
    char *key = drive_key(path);
    const cJSON *replies = cJSON_GetObjectItemCaseSensitive(fixture, "replies");
    const cJSON *reply = cJSON_GetObjectItemCaseSensitive(replies, key);
    free(key);
    return reply != NULL ? reply : cJSON_GetObjectItemCaseSensitive(fixture, "otherwise");
}

static bool is_refused(const cJSON *fixture, const char *path)
{
    const cJSON *word = NULL;
    cJSON_ArrayForEach(word, cJSON_GetObjectItemCaseSensitive(fixture, "refuse"))
    {
        if (strstr(path, word->valuestring) != NULL)
        {
            return true;
        }
    }
    return false;
}

static void fixed(struct drive_reply *out, uint16_t status, const char *body)
{
    *out = (struct drive_reply){.status = status, .body = ajar_span_of(body)};
    out->headers[0] = "content-type: application/json";
}

static void take_headers(const cJSON *reply, struct drive_reply *out)
{
    static char lines[16][1024];
    size_t count = 0;
    const cJSON *pair = NULL;
    cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(reply, "headers"))
    {
        AJAR_REQUIRE(count < 15);
        (void)snprintf(lines[count], sizeof(lines[count]), "%s: %s",
                       cJSON_GetArrayItem(pair, 0)->valuestring,
                       cJSON_GetArrayItem(pair, 1)->valuestring);
        out->headers[count] = lines[count];
        count++;
    }
}

void drive_fixture_answer(void *context, const struct ajar_ask *ask,
                          struct drive_reply *out)
{
    const cJSON *fixture = context;
    const cJSON *reply = find_reply(fixture, ask->path);
    if (is_refused(fixture, ask->path))
    {
        fixed(out, 400,
              "{\"error\":{\"root_cause\":[],\"type\":\"illegal_argument_exception\","
              "\"reason\":\"request [/x] contains unrecognized parameter: [y]\"},"
              "\"status\":400}");
        return;
    }
    if (reply == NULL)
    {
        fixed(out, 404,
              "{\"error\":{\"root_cause\":[],\"type\":\"index_not_found_exception\","
              "\"reason\":\"no such index\"},\"status\":404}");
        return;
    }
    if (cJSON_GetObjectItemCaseSensitive(reply, "none") != NULL)
    {
        return;
    }
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(reply, "status");
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(reply, "body");
    *out = (struct drive_reply){.status = (uint16_t)status->valueint,
                                .body = ajar_span_of(body->valuestring)};
    out->cut = cJSON_GetObjectItemCaseSensitive(reply, "cut") != NULL;
    out->chunked = cJSON_GetObjectItemCaseSensitive(fixture, "chunked") != NULL;
    take_headers(reply, out);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **drive_names(size_t *out_count)
{
    enum
    {
        MOST = 1000
    };
    char **names = calloc(MOST + 1, sizeof(*names));
    size_t count = 0;
    DIR *folder = opendir(DRIVE_GOLDEN);
    AJAR_REQUIRE(folder != NULL && names != NULL);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
    {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot != NULL && strcmp(dot, ".json") == 0 && count < MOST)
        {
            names[count++] = strndup(entry->d_name, (size_t)(dot - entry->d_name));
        }
    }
    (void)closedir(folder);
    qsort(names, count, sizeof(*names), compare_names);
    *out_count = count;
    return names;
}

void drive_names_free(char **names)
{
    for (char **name = names; *name != NULL; name++)
    {
        free(*name);
    }
    free(names);
}

bool drive_has_flag(const struct drive *drive, uint32_t flag)
{
    return (drive->verdict.flags & flag) != 0;
}
