/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "advice.h"

/*
 * Known flaws by product and release: advice/flaws.csv, which says where each was seen.
 * Advice only: nothing of a verdict depends on it.
 */
#include "advice/flaws_table.inc"

_Static_assert(ADVICE_MOST_FLAWS <= AJAR_MAX_FLAWS, "no release may have more of them");

/* Their numbers are made up, or cannot be told from made up ones (wire-facts 9). */
#define ADVICE_UNBELIEVED                                                                \
    (AJAR_FLAG(LOOKALIKE) | AJAR_FLAG(HONEYPOT) | AJAR_FLAG(CATCH_ALL))

/* What follows the first three numbers of a version; NULL when there are fewer. */
static const char *behind_numbers(const char *version)
{
    for (int part = 0; part < 3; part++)
    {
        size_t digits = strspn(version, "0123456789");
        if (digits == 0 || (part < 2 && version[digits] != '.'))
        {
            return NULL;
        }
        version += digits + (part < 2 ? 1 : 0);
    }
    return version;
}

static bool is_before(const struct ajar_release *a, const struct ajar_release *b)
{
    return ajar_release_before(a, b->major, b->minor, b->patch);
}

static bool has_flaw(const struct advice_flaw *flaw, const struct ajar_release *release,
                     bool exact)
{
    bool begun =
        exact ? !is_before(release, &flaw->first) : is_before(&flaw->first, release);
    return begun && is_before(release, &flaw->before);
}

bool ajar_release_is_known(const char *product, const char *version, uint32_t flags)
{
    struct ajar_release release;
    return (flags & ADVICE_UNBELIEVED) == 0 && product != NULL &&
           (strcmp(product, "elasticsearch") == 0 ||
            strcmp(product, "opensearch") == 0) &&
           ajar_release_parse(version, &release);
}

size_t ajar_release_flaws(const char *product, const char *version, uint32_t flags,
                          enum ajar_exposure exposure,
                          const struct ajar_flaw *out[AJAR_MAX_FLAWS])
{
    struct ajar_release release;
    size_t count = 0;
    const char *rest = NULL;
    if (!ajar_release_is_known(product, version, flags) ||
        !ajar_release_parse(version, &release) ||
        (rest = behind_numbers(version)) == NULL)
    {
        return 0;
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(advice_flaws) && count < AJAR_MAX_FLAWS; i++)
    {
        const struct advice_flaw *flaw = &advice_flaws[i];
        if (strcmp(product, flaw->product) == 0 &&
            (exposure == AJAR_EXPOSURE_RECORDS || !flaw->open_only) &&
            has_flaw(flaw, &release, *rest == '\0'))
        {
            out[count++] = &flaw->told;
        }
    }
    return count;
}
