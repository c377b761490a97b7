/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_SENSITIVITY_WORDS_H
#define AJAR_SENSITIVITY_WORDS_H

#include "ajar/sensitivity.h"

/* The word lists (words/) as tables, and how to look a token up in them. */
enum
{
    WORDS_PARTS = 4,
    WORDS_NO_KIND = AJAR_KIND_COUNT /* a rule that keeps a name quiet */
};

struct words_rule
{
    const char *parts[WORDS_PARTS];
    uint32_t in;    /* classes of which the surroundings must have one; 0: none */
    uint32_t notin; /* classes that they must not have */
    uint16_t types; /* 1 << enum ajar_field_type; 0: those of the kind */
    uint8_t kind;
    uint8_t count;
    bool whole;     /* nothing else of weight may stand in the name */
    bool head_last; /* English: what follows is what the field is about */
};

struct words_class
{
    const char *text;
    uint32_t classes;
};

/* All rules that begin with this token; *out_count is 0 when there are none. */
const struct words_rule *words_rules_of(const char *token, size_t *out_count);
uint32_t words_classes_of(const char *token);

enum words_role
{
    WORDS_BENIGN,
    WORDS_LAST,
    WORDS_FIRST,
    WORDS_GENERIC,
    WORDS_PERSON,
    WORDS_THING,
    WORDS_REDACTED,
    WORDS_DIGEST, /* redacts what stands beside it, and is no sign of redaction alone */
    WORDS_RAW
};
bool words_is(const char *token, enum words_role role);
/* Is `person` among the classes that it asks for? For that the nearest object decides. */
bool words_asks_person(const struct words_rule *rule);
uint32_t words_other_classes(const struct words_rule *rule);

#endif
