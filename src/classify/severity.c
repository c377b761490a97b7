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

enum ajar_severity severity_of(enum ajar_exposure exposure, uint32_t flags,
                               const struct ajar_evidence *evidence)
{
    bool sensitive =
        evidence->indices.sensitive > 0 ||
        ajar_sensitivity_level_of(evidence->sensitivity.score) >= AJAR_SENSITIVITY_HIGH;
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
