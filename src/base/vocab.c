/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/vocab.h"

struct vocab_row
{
    const char *word;
    const char *meaning;
};

static const struct vocab_row exposures[] = {
#define X(name, word, proof) {word, proof},
    AJAR_EXPOSURE_MAP(X)
#undef X
};

static const struct vocab_row outcomes[] = {
#define X(name, word, meaning) {word, meaning},
    AJAR_OUTCOME_MAP(X)
#undef X
};

static const struct vocab_row flags[] = {
#define X(name, word, meaning) {word, meaning},
    AJAR_FLAG_MAP(X)
#undef X
};

static const char *const severities[] = {
#define X(name, word) word,
    AJAR_SEVERITY_MAP(X)
#undef X
};

/* The words come from our own enums only: a number out of range is a bug of ours. */
static const struct vocab_row *row_of(const struct vocab_row *rows, size_t count,
                                      size_t at)
{
    AJAR_REQUIRE(at < count);
    return &rows[at];
}

const char *ajar_exposure_word(enum ajar_exposure exposure)
{
    return row_of(exposures, AJAR_COUNT_OF(exposures), (size_t)exposure)->word;
}

const char *ajar_exposure_meaning(enum ajar_exposure exposure)
{
    return row_of(exposures, AJAR_COUNT_OF(exposures), (size_t)exposure)->meaning;
}

const char *ajar_outcome_word(enum ajar_outcome outcome)
{
    return row_of(outcomes, AJAR_COUNT_OF(outcomes), (size_t)outcome)->word;
}

const char *ajar_outcome_meaning(enum ajar_outcome outcome)
{
    return row_of(outcomes, AJAR_COUNT_OF(outcomes), (size_t)outcome)->meaning;
}

const char *ajar_flag_word(enum ajar_flag_index flag)
{
    return row_of(flags, AJAR_COUNT_OF(flags), (size_t)flag)->word;
}

const char *ajar_flag_meaning(enum ajar_flag_index flag)
{
    return row_of(flags, AJAR_COUNT_OF(flags), (size_t)flag)->meaning;
}

const char *ajar_severity_word(enum ajar_severity severity)
{
    AJAR_REQUIRE((size_t)severity < AJAR_COUNT_OF(severities));
    return severities[severity];
}

int ajar_severity_parse(struct ajar_span word, enum ajar_severity *out)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(severities); i++)
    {
        if (ajar_span_is(word, severities[i]))
        {
            *out = (enum ajar_severity)i;
            return AJAR_OK;
        }
    }
    return AJAR_ENOTFOUND;
}

bool ajar_exposure_is_open(enum ajar_exposure exposure)
{
    return exposure >= AJAR_EXPOSURE_IDENTITY && exposure < AJAR_EXPOSURE_COUNT;
}
