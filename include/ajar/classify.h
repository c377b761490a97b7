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

/* Has this product line reached its end of life? The table is dated
 * (AJAR_END_OF_LIFE_AS_OF); a line that ends after that day is not at its end. *out_since
 * gets the day (static), which may be NULL where only the year is known from memory.
 * Unknown products: false. */
#define AJAR_END_OF_LIFE_AS_OF "2026-08-22"
bool ajar_release_is_end_of_life(const char *product, const char *version,
                                 const char **out_since);

/* How to close it, per product: short lines for a person, in order; a NULL-ended static
 * array. product may be NULL. */
const char *const *ajar_remedy(const char *product, const char *version,
                               enum ajar_exposure exposure);

#endif
