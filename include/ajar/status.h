/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_STATUS_H
#define AJAR_STATUS_H

/*
 * Status: how a function of ajar itself went. It is not what a peer or the network did
 * (that is an outcome, vocab.h) and not what that means (an exposure, vocab.h).
 * Zero is success, every failure is negative, so that "status < 0" reads as "we failed".
 */
#define AJAR_STATUS_MAP(X)                                                               \
    X(OK, 0, "ok")                                                                       \
    X(ENOMEM, -1, "out of memory")                                                       \
    X(ELIMIT, -2, "a limit was reached")                                                 \
    X(ESYNTAX, -3, "malformed input")                                                    \
    X(ESTATE, -4, "called in the wrong state")                                           \
    X(ESYSTEM, -5, "the operating system refused")                                       \
    X(ENOTFOUND, -6, "not found")                                                        \
    X(EREFUSED, -7, "refused by the declared scope")                                     \
    X(EINVAL, -8, "invalid argument")

enum ajar_status
{
#define X(name, value, text) AJAR_##name = (value),
    AJAR_STATUS_MAP(X)
#undef X
};

/* The status in words, for a message; never NULL. */
const char *ajar_status_text(int status);

/* A returned status must be looked at: an ignored failure is a wrong answer later. */
#define AJAR_MUST_CHECK __attribute__((warn_unused_result))
#define AJAR_PRINTF(format_index, first_arg)                                             \
    __attribute__((format(printf, format_index, first_arg)))

/* Programmer errors only, never anything that bytes from the wire can cause. */
#define AJAR_REQUIRE(condition)                                                          \
    ((condition) ? (void)0 : ajar_require_failed(#condition, __FILE__, __LINE__))
_Noreturn void ajar_require_failed(const char *condition, const char *file, int line);

#define AJAR_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
