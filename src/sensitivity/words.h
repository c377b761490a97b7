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

/* A token that some list holds. */
struct words_entry
{
    const char *text;
    uint64_t classes;
    uint16_t rules_at; /* the rules that begin with it */
    uint16_t rule_count;
};

extern const struct words_entry words_entries[];

/* What follows from a match; many patterns share one. */
struct words_sense
{
    uint64_t in;     /* classes of which the surroundings must have one; 0: none */
    uint64_t notin;  /* classes that they must not have */
    uint64_t beside; /* classes of which the next word must have one; 0: none */
    uint16_t types;  /* 1 << enum ajar_field_type; 0: those of the kind */
    uint8_t kind;
    bool whole;     /* nothing else of weight may stand in the name */
    bool head_last; /* English: what follows is what the field is about */
};

struct words_rule
{
    uint16_t parts[WORDS_PARTS]; /* numbers of entries */
    uint16_t sense;
    uint16_t count;
};

/* Never NULL: a token of no list has an entry without classes and rules. */
const struct words_entry *words_find(const char *token);
const struct words_rule *words_rules_of(const struct words_entry *entry);
const struct words_sense *words_sense_of(const struct words_rule *rule);

/* Where a compound of no list is to be cut (kunden|strasse, shipto|city), 0: nowhere. The
 * first part says whose it is, the rest begins a rule; or the second says what it is, and
 * then anything may stand before it. */
size_t words_cut_of(const char *token, size_t len);

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
    WORDS_SEALED, /* likewise, but what it names can be opened: it is sensitive still */
    WORDS_RAW,
    WORDS_PARTICLE /* de, of, van: nothing between two words */
};
bool words_is(const struct words_entry *entry, enum words_role role);
/* Is `person` among the classes that it asks for? For that the nearest object decides. */
bool words_asks_person(const struct words_sense *sense);
uint64_t words_other_classes(const struct words_sense *sense);

#endif
