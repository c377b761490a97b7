/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <string.h>

#include "severity.h"
#include "trace.h"

/*
 * Evidence to verdict. The rules stand in docs/classification.md in the same order. What
 * decides is the reading of each kind of read, never a text that the peer chose.
 */

struct view
{
    const struct ajar_evidence *evidence;
    enum ajar_reading root;
    enum ajar_reading health;
    enum ajar_reading list;
    enum ajar_reading count;
};

static struct view view_of(const struct ajar_evidence *evidence)
{
    return (struct view){
        .evidence = evidence,
        .root = (enum ajar_reading)evidence->reading[AJAR_READ_ROOT],
        .health = (enum ajar_reading)evidence->reading[AJAR_READ_HEALTH],
        .list = (enum ajar_reading)evidence->reading[AJAR_READ_LIST],
        .count = (enum ajar_reading)evidence->reading[AJAR_READ_COUNT],
    };
}

static bool any(const struct view *view, enum ajar_reading reading)
{
    return view->root == reading || view->health == reading || view->list == reading ||
           view->count == reading;
}

/* It could have been readable, had it been able to answer. */
static bool is_open_question(enum ajar_reading reading)
{
    return reading == AJAR_READING_IN_DOUBT || reading == AJAR_READING_NOT_READY ||
           reading == AJAR_READING_CUT || reading == AJAR_READING_FAILED;
}

static bool is_missing_endpoint(enum ajar_reading reading)
{
    return reading == AJAR_READING_ABSENT || reading == AJAR_READING_OTHER ||
           reading == AJAR_READING_NOT_ASKED;
}

/* The highest level that a read proved, or COUNT when none did. */
static enum ajar_exposure proven(const struct view *view)
{
    if (view->count == AJAR_READING_SHOWN)
    {
        return AJAR_EXPOSURE_RECORDS;
    }
    if (view->list == AJAR_READING_SHOWN)
    {
        return AJAR_EXPOSURE_INDICES;
    }
    if (view->health == AJAR_READING_SHOWN)
    {
        return AJAR_EXPOSURE_METADATA;
    }
    return view->root == AJAR_READING_SHOWN ? AJAR_EXPOSURE_IDENTITY
                                            : AJAR_EXPOSURE_COUNT;
}

/* Known to be a store of this family, or to speak its interface. */
static bool is_datastore(const struct ajar_evidence *evidence)
{
    const char *product = evidence->product;
    return (evidence->flags & AJAR_FLAG(LOOKALIKE)) != 0 ||
           (product != NULL && (strcmp(product, "elasticsearch") == 0 ||
                                strcmp(product, "opensearch") == 0));
}

/* An open level stands only when what lies above it was really answered. */
static enum ajar_exposure weigh_open(const struct view *view, enum ajar_exposure level,
                                     struct ajar_evidence *evidence)
{
    bool unanswered =
        is_open_question(view->list) || is_open_question(view->count) ||
        (view->list == AJAR_READING_NOT_ASKED && is_open_question(view->health));
    if (level >= AJAR_EXPOSURE_INDICES || !unanswered)
    {
        trace_shown(evidence, level);
        return level;
    }
    trace_readings(evidence, true, "exposure 2",
                   "what lies above the shown ones was not answered");
    ajar_evidence_reason(
        evidence,
        "the %s could be read, but whether data can be read stayed open: "
        "look again when it answers",
        level == AJAR_EXPOSURE_METADATA ? "cluster health" : "banner");
    return AJAR_EXPOSURE_INCONCLUSIVE;
}

/* Nothing was shown. */
static enum ajar_exposure weigh_closed(const struct view *view,
                                       struct ajar_evidence *evidence)
{
    ajar_evidence_rule(evidence, false, "exposure 2", "no read was shown");
    if (is_open_question(view->root) || is_open_question(view->health) ||
        is_open_question(view->list) || is_open_question(view->count))
    {
        trace_readings(evidence, true, "exposure 3", "a read was not really answered");
        return AJAR_EXPOSURE_INCONCLUSIVE;
    }
    ajar_evidence_rule(evidence, false, "exposure 3", "every read asked was answered");
    if (any(view, AJAR_READING_REFUSED))
    {
        bool only_root = is_missing_endpoint(view->health) &&
                         is_missing_endpoint(view->list) &&
                         view->health != AJAR_READING_NOT_ASKED;
        if (!is_datastore(evidence) && evidence->guard == NULL && only_root)
        {
            /* A web server without an index page: 403 on its root, 404 elsewhere. */
            trace_readings(evidence, true, "exposure 4",
                           "refused at / alone, by no guard that is known, and nothing "
                           "else is there: a web server");
            return AJAR_EXPOSURE_NOT_DATASTORE;
        }
        trace_readings(evidence, true, "exposure 4", "refused, and nothing shown");
        return AJAR_EXPOSURE_PROTECTED;
    }
    ajar_evidence_rule(evidence, false, "exposure 4", "no read was refused");
    if (is_datastore(evidence) || view->root == AJAR_READING_NOT_ASKED)
    {
        ajar_evidence_reason(evidence, "no read was shown and none was refused: what a "
                                       "stranger can read is not known");
        trace_readings(evidence, true, "exposure 5",
                       "a datastore, yet nothing shown or refused");
        return AJAR_EXPOSURE_INCONCLUSIVE;
    }
    trace_readings(evidence, true, "exposure 5",
                   "nothing of this family's shape was shown or refused");
    return AJAR_EXPOSURE_NOT_DATASTORE;
}

/* A server that answers 200 to nonsense proves nothing with its other 200s. */
static enum ajar_exposure weigh_catch_all(enum ajar_exposure level,
                                          struct ajar_evidence *evidence)
{
    ajar_evidence_reason(evidence,
                         "it answers 200 to a path that cannot exist: none of its "
                         "answers is believed");
    return level == AJAR_EXPOSURE_COUNT && !is_datastore(evidence)
               ? AJAR_EXPOSURE_NOT_DATASTORE
               : AJAR_EXPOSURE_INCONCLUSIVE;
}

static enum ajar_exposure weigh_replies(struct ajar_evidence *evidence)
{
    struct view view = view_of(evidence);
    enum ajar_exposure level = proven(&view);
    trace_control(evidence);
    if (evidence->reading[AJAR_READ_CONTROL] == AJAR_READING_SHOWN)
    {
        return weigh_catch_all(level, evidence);
    }
    return level == AJAR_EXPOSURE_COUNT ? weigh_closed(&view, evidence)
                                        : weigh_open(&view, level, evidence);
}

/* Nothing was read: what the network did is all there is. */
static enum ajar_exposure of_outcome(enum ajar_outcome outcome)
{
    switch (outcome)
    {
    case AJAR_OUTCOME_REFUSED:
    case AJAR_OUTCOME_TIMEOUT_CONNECT:
    case AJAR_OUTCOME_RESET:
    case AJAR_OUTCOME_CLOSED:
    case AJAR_OUTCOME_HOST_UNREACHABLE:
    case AJAR_OUTCOME_NET_UNREACHABLE:
        return AJAR_EXPOSURE_UNREACHABLE;
    case AJAR_OUTCOME_NOT_HTTP:
        return AJAR_EXPOSURE_NOT_DATASTORE;
    case AJAR_OUTCOME_REPLIED:
    case AJAR_OUTCOME_TIMEOUT_REPLY:
    case AJAR_OUTCOME_TLS_FAILED:
    case AJAR_OUTCOME_UNPARSEABLE:
    case AJAR_OUTCOME_TOO_LARGE:
    case AJAR_OUTCOME_OUT_OF_BUDGET:
    case AJAR_OUTCOME_LOCAL_RESOURCE:
    case AJAR_OUTCOME_EXCLUDED:
    case AJAR_OUTCOME_INTERRUPTED:
    case AJAR_OUTCOME_COUNT:
        break;
    }
    return AJAR_EXPOSURE_INCONCLUSIVE;
}

/* The level is a lower bound: a read beside the shown ones was refused or not answered.
 * Of an absent endpoint there is nothing to read. */
static bool is_partial(const struct ajar_evidence *evidence)
{
    for (size_t read = AJAR_READ_ROOT; read <= AJAR_READ_COUNT; read++)
    {
        enum ajar_reading reading = (enum ajar_reading)evidence->reading[read];
        if (reading == AJAR_READING_REFUSED || is_open_question(reading))
        {
            return true;
        }
    }
    return false;
}

static uint32_t flags_of(enum ajar_exposure exposure, struct ajar_evidence *evidence)
{
    uint32_t flags = evidence->flags;
    const char *since = NULL;
    if (evidence->reading[AJAR_READ_CONTROL] == AJAR_READING_SHOWN)
    {
        flags |= AJAR_FLAG(CATCH_ALL);
    }
    if (ajar_exposure_is_open(exposure) && is_partial(evidence))
    {
        flags |= AJAR_FLAG(PARTIAL);
    }
    if (evidence->indices.truncated)
    {
        flags |= AJAR_FLAG(TRUNCATED);
    }
    /* Never from a lookalike's or a decoy's version: it is made up (wire-facts 9). */
    if ((flags & (AJAR_FLAG(LOOKALIKE) | AJAR_FLAG(HONEYPOT))) == 0 &&
        ajar_release_is_end_of_life(evidence->product, evidence->version, &since))
    {
        flags |= AJAR_FLAG(END_OF_LIFE);
    }
    if (ajar_exposure_is_open(exposure) && severity_is_compromised(evidence))
    {
        flags |= AJAR_FLAG(COMPROMISED);
        ajar_evidence_reason(
            evidence, "the index name %s is one that ransom notes or wipers leave",
            evidence->indices.ransom_example != NULL ? evidence->indices.ransom_example
                                                     : "");
    }
    return flags;
}

void ajar_classify(enum ajar_outcome outcome, struct ajar_evidence *evidence,
                   struct ajar_verdict *out)
{
    struct view view = view_of(evidence);
    bool read = proven(&view) != AJAR_EXPOSURE_COUNT || any(&view, AJAR_READING_REFUSED);
    bool whole = outcome == AJAR_OUTCOME_REPLIED;
    struct ajar_verdict verdict = {0};
    verdict.exposure = whole || read ? weigh_replies(evidence) : of_outcome(outcome);
    if (!whole && !read)
    {
        ajar_evidence_rule(evidence, true, "exposure 6", "%s: %s",
                           ajar_outcome_word(outcome), ajar_outcome_meaning(outcome));
    }
    verdict.flags = flags_of(verdict.exposure, evidence);
    if (!whole && ajar_exposure_is_open(verdict.exposure))
    {
        verdict.flags |= AJAR_FLAG(PARTIAL); /* the visit ended before its time */
    }
    verdict.severity = severity_of(verdict.exposure, verdict.flags, evidence);
    severity_trace(&verdict, evidence);
    trace_flags(verdict.flags, evidence);
    *out = verdict;
}
