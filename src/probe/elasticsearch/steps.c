/* SPDX-License-Identifier: Apache-2.0 */
#include "es.h"

/*
 * Everything that this probe can ever send. GET alone; no path of this table can return a
 * document: banners, health, index names and counts. A test reads the table and holds it
 * to that.
 *
 * Unknown query parameters are ignored before 5.0 and refused with 400 from 5.0 on
 * (wire-facts 1.6), so each row says who is asked it. Without a time limit a node that
 * has no master holds a reader for 30 s: `timeout` does for health in every version (it
 * is the master time-out too where none is given), `master_timeout` for the list.
 * OpenSearch 2.0 deprecates that word for `cluster_manager_timeout` and would warn in its
 * log.
 */

/* Columns: unknown ones are silently dropped by every version (wire-facts 0). */
#define STEPS_LIST                                                                       \
    "/_cat/indices?format=json&bytes=b"                                                  \
    "&h=health,status,index,uuid,pri,rep,docs.count,store.size"
#define STEPS_WHY_LIST                                                                   \
    "index names, sizes and counts: proves that the list is readable; a table of "       \
    "statistics, no document"
#define STEPS_WHY_HEALTH                                                                 \
    "cluster state in numbers: proves that metadata is readable; no document"
#define STEPS_WHY_COUNT                                                                  \
    "a number over all user indices: needs the permission that reading documents "       \
    "needs, "                                                                            \
    "and its reply cannot hold one"

const struct ajar_step es_steps[ES_STEP_COUNT] = {
    [ES_ROOT] = {"/", "all", "the banner: what it is; no document", AJAR_READ_ROOT,
                 AJAR_MAX_BODY},
    [ES_HEALTH_BOTH] = {"/_cluster/health?timeout=3s&master_timeout=3s",
                        "Elasticsearch of a known version", STEPS_WHY_HEALTH,
                        AJAR_READ_HEALTH, AJAR_MAX_BODY},
    [ES_HEALTH_TIMEOUT] = {"/_cluster/health?timeout=3s",
                           "OpenSearch, and what is unknown", STEPS_WHY_HEALTH,
                           AJAR_READ_HEALTH, AJAR_MAX_BODY},
    [ES_HEALTH_PLAIN] = {"/_cluster/health", "what refuses a parameter with 400",
                         STEPS_WHY_HEALTH, AJAR_READ_HEALTH, AJAR_MAX_BODY},
    [ES_LIST_ALL_MASTER] =
        {STEPS_LIST "&expand_wildcards=all&master_timeout=3s",
         "Elasticsearch 7.7 and later, OpenSearch 1 (hidden indices too)", STEPS_WHY_LIST,
         AJAR_READ_LIST, AJAR_MAX_STREAM_BODY},
    [ES_LIST_MASTER] = {STEPS_LIST "&master_timeout=3s", "Elasticsearch 1.0 to 7.6",
                        STEPS_WHY_LIST, AJAR_READ_LIST, AJAR_MAX_STREAM_BODY},
    [ES_LIST_ALL_MANAGER] = {STEPS_LIST
                             "&expand_wildcards=all&cluster_manager_timeout=3s",
                             "OpenSearch 2.0 and later", STEPS_WHY_LIST, AJAR_READ_LIST,
                             AJAR_MAX_STREAM_BODY},
    [ES_LIST_ALL] = {STEPS_LIST "&expand_wildcards=all",
                     "OpenSearch of an unknown version", STEPS_WHY_LIST, AJAR_READ_LIST,
                     AJAR_MAX_STREAM_BODY},
    [ES_LIST_PLAIN] = {STEPS_LIST,
                       "what is unknown, and what refuses a parameter with 400",
                       STEPS_WHY_LIST, AJAR_READ_LIST, AJAR_MAX_STREAM_BODY},
    [ES_ALIASES] = {"/_aliases", "Elasticsearch 0.x, which has no _cat",
                    "index names: proves that the list is readable; names alone, no "
                    "document",
                    AJAR_READ_LIST, AJAR_MAX_STREAM_BODY},
    [ES_COUNT_INDEX] =
        {"/{index}/_count",
         "all: the largest user index of a readable list, else the next",
         "a number: needs the permission that reading documents needs, and "
         "its reply cannot hold one",
         AJAR_READ_COUNT, AJAR_MAX_BODY},
    /* The names without a dot that products make for themselves are left out as in
     * classify/words.c. From 1.0 on a pattern that excludes nothing is no error; in 0.90
     * it is a 404 (measured), so there the listed names say which of two forms to send.
     */
    [ES_COUNT_ALL] = {"/*,-.*,-ilm-history-*,-slm-history-*,-kibana_sample_data_*,"
                      "-security-auditlog-*,-top_queries-*,-wazuh-statistics-*,"
                      "-searchguard*/_count",
                      "all: where the list is refused, absent or empty", STEPS_WHY_COUNT,
                      AJAR_READ_COUNT, AJAR_MAX_BODY},
    [ES_COUNT_NO_DOT] = {"/*,-.*/_count", "Elasticsearch 0.x that lists a dot index",
                         STEPS_WHY_COUNT, AJAR_READ_COUNT, AJAR_MAX_BODY},
    [ES_COUNT_STAR] = {"/*/_count", "Elasticsearch 0.x that lists none", STEPS_WHY_COUNT,
                       AJAR_READ_COUNT, AJAR_MAX_BODY},
    [ES_CONTROL] = {"/{nonce}/_count", "whatever has shown something",
                    "a path that cannot exist: a 200 here means that its other answers "
                    "prove nothing",
                    AJAR_READ_CONTROL, AJAR_MAX_BODY},
    [ES_MAPPING] =
        {"/{index}/_mapping",
         "all: up to three of the largest user indices of a readable list, after "
         "the path that cannot exist was not found",
         "names and types of fields: says what kind of data an open index holds; "
         "the schema alone, no document",
         AJAR_READ_MAPPING, AJAR_MAX_BODY},
};

const char *es_step_word(const struct es_state *state)
{
    switch ((enum es_step)state->step)
    {
    case ES_ROOT:
        return "GET /";
    case ES_HEALTH_BOTH:
    case ES_HEALTH_TIMEOUT:
    case ES_HEALTH_PLAIN:
        return "GET /_cluster/health";
    case ES_LIST_ALL_MASTER:
    case ES_LIST_MASTER:
    case ES_LIST_ALL_MANAGER:
    case ES_LIST_ALL:
    case ES_LIST_PLAIN:
        return "GET /_cat/indices";
    case ES_ALIASES:
        return "GET /_aliases";
    case ES_COUNT_INDEX:
        return state->count_at == 0 ? "GET _count of the largest index"
                                    : "GET _count of the next largest index";
    case ES_COUNT_ALL:
    case ES_COUNT_NO_DOT:
    case ES_COUNT_STAR:
        return "GET _count of all user indices";
    case ES_CONTROL:
        return "GET of a path that cannot exist";
    case ES_MAPPING:
        return "GET _mapping of a large index";
    case ES_STEP_COUNT:
        break;
    }
    return "GET";
}
