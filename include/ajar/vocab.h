/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_VOCAB_H
#define AJAR_VOCAB_H

#include <stdint.h>

#include "ajar/buf.h"

/*
 * The closed lists of words that ajar's contracts use (docs/contract.md prints the same
 * rows). Three vocabularies, never mixed: status (status.h) says that we failed, outcome
 * says what the peer or the network did, exposure says what that means.
 */

/* What a stranger could read. X(NAME, "word", "proven by"). The order is the ladder:
 * from IDENTITY on, something is open, and each level says more than the one before. */
#define AJAR_EXPOSURE_MAP(X)                                                             \
    X(UNREACHABLE, "unreachable", "no reply came; the outcome says why")                 \
    X(NOT_DATASTORE, "not_datastore",                                                    \
      "it answers, and is none of the stores ajar knows")                                \
    X(PROTECTED, "protected",                                                            \
      "a datastore or its guard answers; every read was refused")                        \
    X(INCONCLUSIVE, "inconclusive",                                                      \
      "not ready, licence lapsed, truncated, stalled: never reported as safe")           \
    X(IDENTITY, "identity", "the banner is readable: name, version, cluster uuid")       \
    X(METADATA, "metadata", "cluster health, nodes or settings are readable")            \
    X(INDICES, "indices", "the index list is readable: names, counts, sizes")            \
    X(RECORDS, "records", "a count on a non-system index succeeds: reading is permitted")

enum ajar_exposure
{
#define X(name, word, proof) AJAR_EXPOSURE_##name,
    AJAR_EXPOSURE_MAP(X)
#undef X
        AJAR_EXPOSURE_COUNT
};

/* What became of a target: exactly one a target and run. X(NAME, "word", "meaning"). */
#define AJAR_OUTCOME_MAP(X)                                                              \
    X(REPLIED, "replied", "at least one well-formed HTTP reply was read")                \
    X(REFUSED, "refused", "the connection was refused (RST to our SYN)")                 \
    X(TIMEOUT_CONNECT, "timeout_connect", "no answer to our SYN in time")                \
    X(TIMEOUT_REPLY, "timeout_reply", "connected, but no whole reply in time")           \
    X(RESET, "reset", "connected, then reset before a reply")                            \
    X(CLOSED, "closed", "connected, then closed without a byte, plain and TLS")          \
    X(TLS_FAILED, "tls_failed", "it speaks TLS, but the handshake did not finish")       \
    X(NOT_HTTP, "not_http", "it speaks, but not HTTP")                                   \
    X(UNPARSEABLE, "unparseable", "HTTP-like, but malformed or cut off")                 \
    X(TOO_LARGE, "too_large", "the reply passed a limit before it proved anything")      \
    X(HOST_UNREACHABLE, "host_unreachable", "the network says: no such host")            \
    X(NET_UNREACHABLE, "net_unreachable", "the network says: no route")                  \
    X(OUT_OF_BUDGET, "out_of_budget", "the request or connection budget was used up")    \
    X(LOCAL_RESOURCE, "local_resource", "descriptors, ports or memory ran out here")     \
    X(EXCLUDED, "excluded", "an exclusion added during the run covers it")               \
    X(INTERRUPTED, "interrupted", "the run was stopped while it was being visited")

enum ajar_outcome
{
#define X(name, word, meaning) AJAR_OUTCOME_##name,
    AJAR_OUTCOME_MAP(X)
#undef X
        AJAR_OUTCOME_COUNT
};

/* How urgent: a documented function of exposure, volume, names and compromise signs
 * (classify.h). X(NAME, "word"). NONE is for what is not open. */
#define AJAR_SEVERITY_MAP(X)                                                             \
    X(NONE, "none")                                                                      \
    X(LOW, "low")                                                                        \
    X(MEDIUM, "medium")                                                                  \
    X(HIGH, "high")                                                                      \
    X(CRITICAL, "critical")

enum ajar_severity
{
#define X(name, word) AJAR_SEVERITY_##name,
    AJAR_SEVERITY_MAP(X)
#undef X
        AJAR_SEVERITY_COUNT
};

/* Beside the level. X(NAME, "word", "meaning"); one bit each, in this order in output. */
#define AJAR_FLAG_MAP(X)                                                                 \
    X(PARTIAL, "partial",                                                                \
      "some reads were refused or failed: the level is a lower bound")                   \
    X(LOOKALIKE, "lookalike", "speaks the interface, but is another product")            \
    X(HONEYPOT, "honeypot_suspected", "carries the marks of a known decoy")              \
    X(CATCH_ALL, "catch_all",                                                            \
      "a nonsense path got a 200 too: its answers prove nothing")                        \
    X(COMPROMISED, "compromised", "ransom or wiper index names")                         \
    X(SELF_DECLARED, "self_declared_open",                                               \
      "the server's own Warning header says it is open")                                 \
    X(END_OF_LIFE, "end_of_life", "its product line gets no more security fixes")        \
    X(TRUNCATED, "truncated", "a reply was cut: counts are lower bounds")

enum ajar_flag_index
{
#define X(name, word, meaning) AJAR_FLAG_INDEX_##name,
    AJAR_FLAG_MAP(X)
#undef X
        AJAR_FLAG_COUNT
};

#define AJAR_FLAG(name) (1u << AJAR_FLAG_INDEX_##name)

enum ajar_scheme
{
    AJAR_SCHEME_AUTO, /* plain first, TLS once when the answer says so */
    AJAR_SCHEME_HTTP,
    AJAR_SCHEME_HTTPS
};

const char *ajar_exposure_word(enum ajar_exposure exposure);
const char *ajar_exposure_meaning(enum ajar_exposure exposure);
const char *ajar_outcome_word(enum ajar_outcome outcome);
const char *ajar_outcome_meaning(enum ajar_outcome outcome);
const char *ajar_severity_word(enum ajar_severity severity);
const char *ajar_flag_word(enum ajar_flag_index flag);
const char *ajar_flag_meaning(enum ajar_flag_index flag);
/* AJAR_ENOTFOUND when the word is none of the list. */
int ajar_severity_parse(struct ajar_span word, enum ajar_severity *out) AJAR_MUST_CHECK;
/* True from IDENTITY on: something can be read by a stranger. */
bool ajar_exposure_is_open(enum ajar_exposure exposure);

#endif
