/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_CLASSIFY_H
#define AJAR_CLASSIFY_H

#include "ajar/evidence.h"

/*
 * Classify: evidence to verdict. Pure; the only room that says what a reply means for a
 * stranger. docs/classification.md states the same rules in words.
 */
struct ajar_verdict
{
    enum ajar_exposure exposure;
    enum ajar_severity severity;
    uint32_t flags; /* AJAR_FLAG bits, those of the evidence included */
};

/* outcome: what became of the target. Reasons are added to the evidence. */
void ajar_classify(enum ajar_outcome outcome, struct ajar_evidence *evidence,
                   struct ajar_verdict *out);

/* Index names (wire-facts 8 and 6). Whole tokens, never substrings. Pure functions of the
 * name; documents may be UINT64_MAX for unknown. */
bool ajar_index_is_system(struct ajar_span name);
bool ajar_index_is_sensitive(struct ajar_span name);
enum ajar_ransom
{
    AJAR_RANSOM_NO,
    AJAR_RANSOM_WEAK,  /* a word that ransom notes use and products use too */
    AJAR_RANSOM_STRONG /* a name of a known campaign */
};
enum ajar_ransom ajar_index_ransom(struct ajar_span name, uint64_t documents);

/* A release number of a product: "8.7.1", "7.10.2-SNAPSHOT", "0.90.13". */
struct ajar_release
{
    uint32_t major;
    uint32_t minor;
    uint32_t patch; /* 0 when the text has none */
};

/* False when text is NULL or does not begin with two numbers. */
bool ajar_release_parse(const char *text, struct ajar_release *out);
/* True when a is older than the release major.minor.patch. */
bool ajar_release_before(const struct ajar_release *a, uint32_t major, uint32_t minor,
                         uint32_t patch);

/* Advice: what is known of a release, beside what it showed. It changes neither exposure
 * nor severity. The tables (src/classify/advice/) are data with sources, as of this day;
 * scripts/gen-advice holds them to it. */
#define AJAR_ADVICE_AS_OF "2026-11-23"
#define AJAR_END_OF_LIFE_AS_OF AJAR_ADVICE_AS_OF

/* Has this product line reached its end of life? A line that ends after the day of the
 * table is not at its end. *out_since gets the day (static), which may be NULL where only
 * that it has ended is known. Unknown products: false. */
bool ajar_release_is_end_of_life(const char *product, const char *version,
                                 const char **out_since);

/* Does the table speak of this server at all? It does of an Elasticsearch or OpenSearch
 * with a version that is its own: not of a lookalike, a decoy or a catch-all (flags), nor
 * of a version that is no number. */
bool ajar_release_is_known(const char *product, const char *version, uint32_t flags);

/* What a stranger can do to a release over HTTP beside reading what is open. Static. */
struct ajar_flaw
{
    const char *id;       /* "CVE-2015-1427", "GHSA-..." */
    const char *kind;     /* one word, docs/contract.md */
    const char *what;     /* goes on after "a stranger can" */
    const char *needs;    /* goes on after "only if"; NULL: nothing more */
    const char *fixed_in; /* the release to move to */
    const char *source;   /* https://... */
};

/* The flaws of this release, the worst kind first: how many, at most AJAR_MAX_FLAWS. None
 * of what ajar_release_is_known refuses. Flaws that need the rights to search or more are
 * told of EXPOSURE_RECORDS alone, where a stranger has them. True or silent at the edges:
 * 8.0.0-rc1 and 7.17.13-SNAPSHOT are older than the release of their number, but nobody
 * knows whether they have its flaws or its fixes, so a range that begins or ends at that
 * number is not told; a number without a third part (8.7) has no flaws told. */
size_t ajar_release_flaws(const char *product, const char *version, uint32_t flags,
                          enum ajar_exposure exposure,
                          const struct ajar_flaw *out[AJAR_MAX_FLAWS]);

/* How to close it, per product: short lines for a person, in order; a NULL-ended static
 * array. product may be NULL. */
const char *const *ajar_remedy(const char *product, const char *version,
                               enum ajar_exposure exposure);

#endif
