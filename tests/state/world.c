/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ajar/prng.h"

/* One look and all that it borrows. */
struct told
{
    struct ajar_target_record record;
    struct ajar_evidence evidence;
    struct ajar_state_look look;
    char text[512];
    const char *names[300];
};

void world_open(struct world *world)
{
    struct ajar_state_error error = {AJAR_STATE_FAULT_NONE, ""};
    struct ajar_state_options options = {
        .path = world->path, .write = true, .create = true};
    int status = ajar_state_open(&options, &world->state, &error);
    cr_assert_eq(status, AJAR_OK, "%s", error.text);
}

void world_close(struct world *world)
{
    ajar_state_close(world->state);
    world->state = NULL;
}

void world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    (void)snprintf(world->folder, sizeof world->folder, "/tmp/ajar-state-XXXXXX");
    cr_assert_not_null(mkdtemp(world->folder));
    (void)snprintf(world->path, sizeof world->path, "%s/state.db", world->folder);
    world->now_ms = WORLD_START;
    world->owner = "team";
    world_open(world);
}

void world_deinit(struct world *world)
{
    world_close(world);
    DIR *folder = opendir(world->folder);
    for (struct dirent *entry = folder != NULL ? readdir(folder) : NULL; entry != NULL;
         entry = readdir(folder))
    {
        char path[400];
        (void)snprintf(path, sizeof path, "%s/%s", world->folder, entry->d_name);
        (void)unlink(path);
    }
    if (folder != NULL)
    {
        (void)closedir(folder);
    }
    (void)rmdir(world->folder);
}

void world_begin(struct world *world)
{
    (void)snprintf(world->run_id, sizeof world->run_id, "run-%u-%d", ++world->runs,
                   (int)getpid());
    world->info = (struct ajar_run_info){.id = world->run_id,
                                         .version = "0.1.0",
                                         .targets = 10,
                                         .scope_digest = "digest",
                                         .started_unix_ms = world->now_ms};
    struct ajar_state_run run = {.info = &world->info,
                                 .source = AJAR_STATE_SCAN,
                                 .vantage = world->vantage,
                                 .now_ms = world->now_ms};
    cr_assert_eq(ajar_state_run_begin(world->state, &run), AJAR_OK, "%s",
                 ajar_state_error(world->state)->text);
}

/* ---- one look from its text ---- */

static void what(struct told *told, const char *word)
{
    static const struct
    {
        const char *word;
        enum ajar_exposure exposure;
        enum ajar_severity severity;
    } words[] = {
        {"records", AJAR_EXPOSURE_RECORDS, AJAR_SEVERITY_CRITICAL},
        {"indices", AJAR_EXPOSURE_INDICES, AJAR_SEVERITY_MEDIUM},
        {"metadata", AJAR_EXPOSURE_METADATA, AJAR_SEVERITY_LOW},
        {"identity", AJAR_EXPOSURE_IDENTITY, AJAR_SEVERITY_LOW},
        {"protected", AJAR_EXPOSURE_PROTECTED, AJAR_SEVERITY_NONE},
        {"other", AJAR_EXPOSURE_NOT_DATASTORE, AJAR_SEVERITY_NONE},
        {"inconclusive", AJAR_EXPOSURE_INCONCLUSIVE, AJAR_SEVERITY_NONE},
    };
    struct ajar_visit_result *result = &told->record.result;
    for (size_t i = 0; i < AJAR_COUNT_OF(words); i++)
    {
        if (strcmp(words[i].word, word) == 0)
        {
            result->verdict.exposure = words[i].exposure;
            result->verdict.severity = words[i].severity;
            result->outcome = AJAR_OUTCOME_REPLIED;
            return;
        }
    }
    for (int i = 0; i < AJAR_OUTCOME_COUNT; i++)
    {
        if (strcmp(ajar_outcome_word((enum ajar_outcome)i), word) == 0)
        {
            result->verdict.exposure = AJAR_EXPOSURE_UNREACHABLE;
            result->outcome = (enum ajar_outcome)i;
            return;
        }
    }
    cr_assert_fail("no such look: %s", word);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void names(struct told *told, char *list)
{
    char *save = NULL;
    for (char *name = strtok_r(list, "+", &save); name != NULL;
         name = strtok_r(NULL, "+", &save))
    {
        told->names[told->look.name_count++] = name;
    }
    qsort(told->names, told->look.name_count, sizeof told->names[0], compare_names);
}

static void key(struct told *told, char *text)
{
    char *value = strchr(text, '=');
    if (value == NULL)
    {
        told->look.canary = strcmp(text, "canary") == 0;
        return;
    }
    *value++ = '\0';
    struct ajar_index_facts *indices = &told->evidence.indices;
    if (strcmp(text, "u") == 0)
    {
        told->evidence.cluster_uuid = value;
    }
    else if (strcmp(text, "d") == 0)
    {
        indices->documents = strtoull(value, NULL, 10);
    }
    else if (strcmp(text, "n") == 0)
    {
        names(told, value);
    }
    else if (strcmp(text, "v") == 0)
    {
        told->evidence.version = value;
    }
    else if (strcmp(text, "o") == 0)
    {
        told->record.owner = value;
    }
    else if (strcmp(text, "x") == 0)
    {
        told->record.expect = value;
    }
    else if (strcmp(text, "r") == 0)
    {
        indices->ransom_weak = (uint32_t)strtoul(value, NULL, 10);
    }
    else if (strcmp(text, "fp") == 0)
    {
        indices->fingerprint = strtoull(value, NULL, 10);
    }
    else if (strcmp(text, "name") == 0)
    {
        told->record.name = value;
    }
    else if (strcmp(text, "c") == 0)
    {
        told->evidence.cluster_name = value;
    }
    else if (strcmp(text, "s") == 0)
    {
        cr_assert_eq(ajar_severity_parse(ajar_span_of(value),
                                         &told->record.result.verdict.severity),
                     AJAR_OK);
    }
    else
    {
        cr_assert_fail("no such key: %s", text);
    }
}

static uint64_t digest(const char *text)
{
    uint64_t hash = 1;
    for (; *text != '\0'; text++)
    {
        hash = ajar_prng_mix(hash, (unsigned char)*text);
    }
    return hash;
}

/* What a probe would have found: a list where the level says so, with these names. */
static void complete(struct told *told)
{
    enum ajar_exposure exposure = told->record.result.verdict.exposure;
    struct ajar_index_facts *indices = &told->evidence.indices;
    if (exposure < AJAR_EXPOSURE_INDICES)
    {
        memset(indices, 0, sizeof *indices);
        told->look.name_count = 0;
        return;
    }
    if (told->look.name_count == 0)
    {
        told->names[told->look.name_count++] = "orders";
    }
    told->evidence.reading[AJAR_READ_LIST] = AJAR_READING_SHOWN;
    indices->count = told->look.name_count;
    uint64_t all = 0;
    for (size_t i = 0; i < told->look.name_count; i++)
    {
        all += digest(told->names[i]);
        if (indices->largest_count < AJAR_MAX_LARGEST)
        {
            indices->largest[indices->largest_count++] = (struct ajar_index_fact){
                told->names[i], indices->documents / told->look.name_count, 1024};
        }
    }
    told->look.names_digest = all;
    if (indices->fingerprint == 0 && indices->documents > 0)
    {
        indices->fingerprint = ajar_prng_mix(all, indices->documents);
    }
}

static int look(struct world *world, const char *text)
{
    static const char *const paths[] = {"/", "/_cluster/health", "/_cat/indices"};
    struct told *told = calloc(1, sizeof *told);
    cr_assert_not_null(told);
    (void)snprintf(told->text, sizeof told->text, "%s", text);
    char *save = NULL;
    char *first = strtok_r(told->text, ",", &save);
    char *word = strchr(first, '=');
    cr_assert_not_null(word, "%s", text);
    *word++ = '\0';
    char *port = strchr(first, ':');
    told->record = (struct ajar_target_record){
        .run = &world->info,
        .time_unix_ms = world->now_ms,
        .addr = ajar_addr_from_v4(0xc0000200u + (uint32_t)strtoul(first, NULL, 10)),
        .port = port != NULL ? (uint16_t)strtoul(port + 1, NULL, 10) : 9200,
        .owner = world->owner,
        .contact = "team@corp.example",
        .result = {.evidence = &told->evidence},
    };
    told->evidence.product = "elasticsearch";
    told->evidence.version = "7.17.9";
    told->evidence.cluster_name = "prod";
    told->evidence.indices.documents = 1000000;
    told->look = (struct ajar_state_look){.record = &told->record,
                                          .source_known = true,
                                          .source = ajar_addr_from_v4(0xc6336409u),
                                          .names = told->names,
                                          .names_complete = true};
    what(told, word);
    for (char *more = strtok_r(NULL, ",", &save); more != NULL;
         more = strtok_r(NULL, ",", &save))
    {
        key(told, more);
    }
    complete(told);
    for (size_t i = 0; i < AJAR_COUNT_OF(paths); i++)
    {
        told->evidence.exchanges[told->evidence.exchange_count++] =
            (struct ajar_exchange){
                .path = paths[i], .status = 200, .body_bytes = 100, .read = (uint8_t)i};
    }
    int status = ajar_state_observe(world->state, &told->look);
    free(told);
    return status;
}

int world_look(struct world *world, const char *looks)
{
    char text[2048];
    char *save = NULL;
    int status = AJAR_OK;
    (void)snprintf(text, sizeof text, "%s", looks);
    for (char *one = strtok_r(text, " ", &save); one != NULL && status == AJAR_OK;
         one = strtok_r(NULL, " ", &save))
    {
        status = look(world, one);
    }
    return status;
}

int world_end(struct world *world, bool complete_run, bool trusted)
{
    struct ajar_run_totals totals = {.complete = complete_run};
    return ajar_state_run_end(world->state, &totals, trusted, world->now_ms,
                              &world->summary);
}

void world_run(struct world *world, const char *looks)
{
    world_begin(world);
    cr_assert_eq(world_look(world, looks), AJAR_OK, "%s",
                 ajar_state_error(world->state)->text);
    cr_assert_eq(world_end(world, true, true), AJAR_OK, "%s",
                 ajar_state_error(world->state)->text);
    world->now_ms += 3600000;
}

/* ---- what came of it ---- */

struct collected
{
    char text[4096];
    uint64_t seq;
};

static void add(struct collected *to, const char *text)
{
    size_t len = strlen(to->text);
    (void)snprintf(to->text + len, sizeof to->text - len, "%s", text);
}

static bool collect_event(void *context, const struct ajar_event_view *event)
{
    struct collected *to = context;
    cr_assert_gt(event->seq, to->seq);
    to->seq = event->seq;
    add(to, to->text[0] != '\0' ? " " : "");
    add(to, ajar_event_kind_word(event->kind));
    add(to, event->urgent ? "!" : "");
    for (size_t i = 0; i < event->change_count; i++)
    {
        add(to, i == 0 ? "(" : ",");
        add(to, ajar_change_word(event->changes[i].what));
    }
    add(to, event->change_count > 0 ? ")" : "");
    return true;
}

const char *world_events(struct world *world, uint64_t *seq)
{
    static struct collected collected;
    memset(&collected, 0, sizeof collected);
    collected.seq = *seq;
    struct ajar_event_query query = {.after_seq = *seq};
    cr_assert_eq(ajar_state_events(world->state, &query, collect_event, &collected),
                 AJAR_OK, "%s", ajar_state_error(world->state)->text);
    *seq = collected.seq;
    return collected.text;
}

static bool collect_state(void *context, const struct ajar_finding_view *finding)
{
    struct collected *to = context;
    add(to, to->text[0] != '\0' ? " " : "");
    add(to, ajar_finding_state_word(finding->state));
    return true;
}

const char *world_states(struct world *world)
{
    static struct collected collected;
    memset(&collected, 0, sizeof collected);
    struct ajar_finding_query query = {.states = 0xff};
    cr_assert_eq(ajar_state_findings(world->state, &query, collect_state, &collected),
                 AJAR_OK, "%s", ajar_state_error(world->state)->text);
    return collected.text;
}

uint64_t world_count(struct world *world, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    cr_assert_eq(sqlite3_open_v2(world->path, &db, SQLITE_OPEN_READONLY, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s",
                 sqlite3_errmsg(db));
    cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
    uint64_t count = (uint64_t)sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return count;
}
