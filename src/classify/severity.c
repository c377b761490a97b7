/* SPDX-License-Identifier: Apache-2.0 */
#include "severity.h"

/* From here on a data set counts as large. */
#define SEVERITY_MANY_DOCUMENTS 10000u

/* What is known about the volume; a count that came after a list is the newer figure. */
static uint64_t volume(const struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    return evidence->counted > indices->documents ? evidence->counted
                                                  : indices->documents;
}

/* Is the volume unknown? A lower bound of a cut list could be any number; so could a list
 * whose user indices all lack a count. One closed index beside counted ones does not make
 * it unknown. */
static bool volume_is_unknown(const struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    return indices->truncated || (indices->unknown > 0 && volume(evidence) == 0);
}

static enum ajar_severity of_records(const struct ajar_evidence *evidence,
                                     bool aggravated)
{
    if (aggravated || volume_is_unknown(evidence) ||
        volume(evidence) >= SEVERITY_MANY_DOCUMENTS)
    {
        return AJAR_SEVERITY_CRITICAL;
    }
    return volume(evidence) > 0 ? AJAR_SEVERITY_HIGH : AJAR_SEVERITY_MEDIUM;
}

static enum ajar_severity of_indices(const struct ajar_evidence *evidence,
                                     bool aggravated)
{
    bool many = volume(evidence) >= SEVERITY_MANY_DOCUMENTS;
    return aggravated || many ? AJAR_SEVERITY_HIGH : AJAR_SEVERITY_MEDIUM;
}

static bool has_sensitive_fields(const struct ajar_evidence *evidence)
{
    return ajar_sensitivity_level_of(evidence->sensitivity.score) >=
           AJAR_SENSITIVITY_HIGH;
}

enum ajar_severity severity_of(enum ajar_exposure exposure, uint32_t flags,
                               const struct ajar_evidence *evidence)
{
    bool sensitive = evidence->indices.sensitive > 0 || has_sensitive_fields(evidence);
    bool aggravated = sensitive || (flags & AJAR_FLAG(COMPROMISED)) != 0;
    switch (exposure)
    {
    case AJAR_EXPOSURE_RECORDS:
        return of_records(evidence, aggravated);
    case AJAR_EXPOSURE_INDICES:
        return of_indices(evidence, aggravated);
    case AJAR_EXPOSURE_METADATA:
    case AJAR_EXPOSURE_IDENTITY:
        /* Operators open health to load balancers on purpose: worth a line, not a call.
         */
        return AJAR_SEVERITY_LOW;
    case AJAR_EXPOSURE_UNREACHABLE:
    case AJAR_EXPOSURE_NOT_DATASTORE:
    case AJAR_EXPOSURE_PROTECTED:
    case AJAR_EXPOSURE_INCONCLUSIVE:
    case AJAR_EXPOSURE_COUNT:
        break;
    }
    return AJAR_SEVERITY_NONE;
}

/* What the volume says for itself, as the table has it. */
static const char *volume_words(const struct ajar_evidence *evidence)
{
    if (volume_is_unknown(evidence))
    {
        return "how many documents is not known";
    }
    if (volume(evidence) >= SEVERITY_MANY_DOCUMENTS)
    {
        return "10,000 documents or more";
    }
    return volume(evidence) > 0 ? "fewer than 10,000 documents" : "no document";
}

void severity_trace(const struct ajar_verdict *verdict, struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    const char *word = ajar_severity_word(verdict->severity);
    if (!ajar_exposure_is_open(verdict->exposure) || evidence->trace == NULL)
    {
        return;
    }
    if (verdict->exposure < AJAR_EXPOSURE_INDICES)
    {
        ajar_evidence_rule(evidence, true, "severity", "%s, as always for %s", word,
                           ajar_exposure_word(verdict->exposure));
        return;
    }
    ajar_evidence_rule(evidence, true, "severity", "%s for %s: %s (%llu)%s%s%s%s", word,
                       ajar_exposure_word(verdict->exposure), volume_words(evidence),
                       (unsigned long long)volume(evidence),
                       indices->sensitive > 0 ? "; a sensitive index name: " : "",
                       indices->sensitive > 0 && indices->sensitive_example != NULL
                           ? indices->sensitive_example
                           : "",
                       has_sensitive_fields(evidence) ? "; sensitive field names" : "",
                       (verdict->flags & AJAR_FLAG(COMPROMISED)) != 0 ? "; compromised"
                                                                      : "");
}

bool severity_is_compromised(const struct ajar_evidence *evidence)
{
    const struct ajar_index_facts *indices = &evidence->indices;
    if ((evidence->flags & AJAR_FLAG(HONEYPOT)) != 0)
    {
        return false; /* decoys serve ransom notes of their own: Fisher's read_me (R17) */
    }
    if (indices->ransom_strong > 0)
    {
        return true;
    }
    /* A word that products use too counts only where next to nothing else is left. */
    uint64_t user = indices->count - indices->system;
    return indices->ransom_weak > 0 && user - indices->ransom_weak <= 1 &&
           indices->documents <= 10 && !indices->truncated;
}
