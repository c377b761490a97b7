/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/state.h"

/* The words of the closed lists of state.h. */

#define WORD_OF(words, value)                                                            \
    ((size_t)(value) < AJAR_COUNT_OF(words) ? (words)[value] : "?")

const char *ajar_state_fault_word(enum ajar_state_fault fault)
{
    static const char *const words[] = {
#define X(name, word) [AJAR_STATE_FAULT_##name] = (word),
        AJAR_STATE_FAULT_MAP(X)
#undef X
    };
    return WORD_OF(words, fault);
}

const char *ajar_state_source_word(enum ajar_state_source source)
{
    static const char *const words[] = {[AJAR_STATE_SCAN] = "scan",
                                        [AJAR_STATE_CHECK] = "check",
                                        [AJAR_STATE_RECHECK] = "recheck"};
    return WORD_OF(words, source);
}

static const char *const state_words[] = {
#define X(name, word) [AJAR_FINDING_##name] = (word),
    AJAR_FINDING_STATE_MAP(X)
#undef X
};

const char *ajar_finding_state_word(enum ajar_finding_state state)
{
    return WORD_OF(state_words, state);
}

int ajar_finding_state_parse(struct ajar_span word, enum ajar_finding_state *out)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(state_words); i++)
    {
        if (ajar_span_is_nocase(word, state_words[i]))
        {
            *out = (enum ajar_finding_state)i;
            return AJAR_OK;
        }
    }
    return AJAR_ENOTFOUND;
}

const char *ajar_event_kind_word(enum ajar_event_kind kind)
{
    static const char *const words[] = {
#define X(name, word) [AJAR_EVENT_##name] = (word),
        AJAR_EVENT_KIND_MAP(X)
#undef X
    };
    return WORD_OF(words, kind);
}

const char *ajar_change_word(enum ajar_change_what what)
{
    static const char *const words[] = {
#define X(name, word) [AJAR_CHANGE_##name] = (word),
        AJAR_CHANGE_MAP(X)
#undef X
    };
    return WORD_OF(words, what);
}

const char *ajar_endpoint_state_word(enum ajar_endpoint_state state)
{
    static const char *const words[] = {
#define X(name, word) [AJAR_ENDPOINT_##name] = (word),
        AJAR_ENDPOINT_STATE_MAP(X)
#undef X
    };
    return WORD_OF(words, state);
}

const char *ajar_redact_kind_word(enum ajar_redact_kind kind)
{
    static const char *const words[] = {[AJAR_REDACT_EMAIL] = "email",
                                        [AJAR_REDACT_PHONE] = "phone",
                                        [AJAR_REDACT_CARD] = "card",
                                        [AJAR_REDACT_NATIONAL_ID] = "national-id"};
    return WORD_OF(words, kind);
}

const char *ajar_delivery_state_word(enum ajar_delivery_state state)
{
    static const char *const words[] = {[AJAR_DELIVERY_STATE_OWED] = "owed",
                                        [AJAR_DELIVERY_STATE_UNDER_WAY] = "under_way",
                                        [AJAR_DELIVERY_STATE_ACKED] = "acked",
                                        [AJAR_DELIVERY_STATE_SKIPPED] = "skipped"};
    return WORD_OF(words, state);
}
