/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/sensitivity.h"

/* Words, types and the score. */

const char *ajar_kind_word(enum ajar_kind kind)
{
    static const char *const words[] = {
#define X(name, word, weight, text) word,
        AJAR_KIND_MAP(X)
#undef X
    };
    return (size_t)kind < AJAR_COUNT_OF(words) ? words[kind] : "unknown";
}

const char *ajar_kind_text(enum ajar_kind kind)
{
    static const char *const texts[] = {
#define X(name, word, weight, text) text,
        AJAR_KIND_MAP(X)
#undef X
    };
    return (size_t)kind < AJAR_COUNT_OF(texts) ? texts[kind] : "unknown";
}

const char *ajar_sensitivity_word(enum ajar_sensitivity_level level)
{
    static const char *const words[] = {"none", "low", "medium", "high", "critical"};
    return (size_t)level < AJAR_COUNT_OF(words) ? words[level] : "none";
}

/* Each kind leaves a share of harmlessness, and the shares multiply: two kinds together
 * identify better than either, and no number of mild ones passes 100. */
uint32_t ajar_sensitivity_score(uint32_t kinds)
{
    static const uint8_t weights[] = {
#define X(name, word, weight, text) weight,
        AJAR_KIND_MAP(X)
#undef X
    };
    double harmless = 1.0;
    for (size_t i = 0; i < AJAR_COUNT_OF(weights); i++)
    {
        if ((kinds & 1u << i) != 0)
        {
            harmless *= 1.0 - (double)weights[i] / 100.0;
        }
    }
    return (uint32_t)((1.0 - harmless) * 100.0 + 0.5);
}

enum ajar_sensitivity_level ajar_sensitivity_level_of(uint32_t score)
{
    if (score == 0)
    {
        return AJAR_SENSITIVITY_NONE;
    }
    if (score < 50)
    {
        return AJAR_SENSITIVITY_LOW;
    }
    if (score < 70)
    {
        return AJAR_SENSITIVITY_MEDIUM;
    }
    return score < 95 ? AJAR_SENSITIVITY_HIGH : AJAR_SENSITIVITY_CRITICAL;
}

/* Elasticsearch 0.90 to 9, OpenSearch 1 to 3. */
enum ajar_field_type ajar_field_type_of(struct ajar_span word)
{
    static const struct
    {
        const char *word;
        enum ajar_field_type type;
    } types[] = {
        {"text", AJAR_FIELD_TEXT},
        {"string", AJAR_FIELD_TEXT}, /* before 5.0: both; mapping.c knows not_analyzed */
        {"match_only_text", AJAR_FIELD_TEXT},
        {"annotated_text", AJAR_FIELD_TEXT},
        {"search_as_you_type", AJAR_FIELD_TEXT},
        {"semantic_text", AJAR_FIELD_TEXT},
        {"keyword", AJAR_FIELD_KEYWORD},
        {"wildcard", AJAR_FIELD_KEYWORD},
        {"constant_keyword", AJAR_FIELD_KEYWORD},
        {"flattened", AJAR_FIELD_KEYWORD},
        {"flat_object", AJAR_FIELD_KEYWORD},
        {"long", AJAR_FIELD_INTEGER},
        {"integer", AJAR_FIELD_INTEGER},
        {"short", AJAR_FIELD_INTEGER},
        {"byte", AJAR_FIELD_INTEGER},
        {"unsigned_long", AJAR_FIELD_INTEGER},
        {"double", AJAR_FIELD_FLOAT},
        {"float", AJAR_FIELD_FLOAT},
        {"half_float", AJAR_FIELD_FLOAT},
        {"scaled_float", AJAR_FIELD_FLOAT},
        {"boolean", AJAR_FIELD_BOOLEAN},
        {"date", AJAR_FIELD_DATE},
        {"date_nanos", AJAR_FIELD_DATE},
        {"ip", AJAR_FIELD_IP},
        {"ip_range", AJAR_FIELD_IP},
        {"geo_point", AJAR_FIELD_GEO},
        {"geo_shape", AJAR_FIELD_GEO},
        {"object", AJAR_FIELD_OBJECT},
        {"nested", AJAR_FIELD_OBJECT},
        {"", AJAR_FIELD_UNKNOWN},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(types); i++)
    {
        if (ajar_span_is(word, types[i].word))
        {
            return types[i].type;
        }
    }
    return AJAR_FIELD_OTHER;
}
