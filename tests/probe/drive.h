/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_PROBE_DRIVE_H
#define AJAR_TESTS_PROBE_DRIVE_H

#include "ajar/classify.h"
#include "ajar/probe.h"

/*
 * Drives the probe as a visit does, without a visit: asks what is next, renders the reply
 * that a fixture holds for it as HTTP bytes, feeds them through the real parser in
 * pieces, and classifies. No socket.
 */
struct cJSON;

/* One reply. body may hold any bytes. */
struct drive_reply
{
    uint16_t status;         /* 0: no reply comes */
    const char *headers[16]; /* "Name: value", NULL-ended */
    struct ajar_span body;
    bool cut; /* the connection breaks off at the end of body */
    bool chunked;
};

/* Who answers. */
typedef void (*drive_answer_fn)(void *context, const struct ajar_ask *ask,
                                struct drive_reply *out);

/* How the bytes are cut: `first` bytes, then pieces of `piece` bytes; 0 is all at once.
 */
struct drive_cut
{
    size_t first;
    size_t piece;
};

struct drive
{
    struct ajar_arena arena;
    struct ajar_evidence evidence;
    struct ajar_verdict verdict;
    char *paths[AJAR_MAX_REQUESTS + 4];
    size_t requests;
    size_t longest; /* the longest reply in bytes, head included */
};

void drive_run(struct drive *drive, drive_answer_fn answer, void *context,
               struct drive_cut cut);
void drive_free(struct drive *drive);
/* Everything that a user would notice, as text. */
char *drive_signature(const struct drive *drive);

/* A fixture: golden/NAME.json, changed in memory by a test where it wants to. */
struct drive_fixture
{
    struct cJSON *json;
};

struct cJSON *drive_load(const char *name);
/* The answer of a fixture; context is its cJSON. */
void drive_fixture_answer(void *context, const struct ajar_ask *ask,
                          struct drive_reply *out);
/* The key under which a fixture holds the reply to this path; free it. */
char *drive_key(const char *path);
/* All fixture names, sorted, NULL-ended; free with drive_names_free. */
char **drive_names(size_t *out_count);
void drive_names_free(char **names);
bool drive_has_flag(const struct drive *drive, uint32_t flag);

#endif
