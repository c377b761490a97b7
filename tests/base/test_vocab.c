/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/vocab.h"

#include <signal.h>
#include <string.h>

#include <criterion/criterion.h>

Test(vocab, the_words_are_the_contract)
{
    static const char *const exposures[] = {"unreachable",  "not_datastore", "protected",
                                            "inconclusive", "identity",      "metadata",
                                            "indices",      "records"};
    cr_assert_eq(AJAR_EXPOSURE_COUNT, AJAR_COUNT_OF(exposures));
    for (unsigned i = 0; i < AJAR_EXPOSURE_COUNT; i++)
    {
        cr_assert_str_eq(ajar_exposure_word((enum ajar_exposure)i), exposures[i]);
        cr_assert_gt(strlen(ajar_exposure_meaning((enum ajar_exposure)i)), 5);
    }
    cr_assert_str_eq(ajar_outcome_word(AJAR_OUTCOME_REPLIED), "replied");
    cr_assert_str_eq(ajar_outcome_word(AJAR_OUTCOME_INTERRUPTED), "interrupted");
    cr_assert_str_eq(ajar_flag_word(AJAR_FLAG_INDEX_HONEYPOT), "honeypot_suspected");
    cr_assert_str_eq(ajar_flag_word(AJAR_FLAG_INDEX_SELF_DECLARED), "self_declared_open");
    cr_assert_str_eq(ajar_severity_word(AJAR_SEVERITY_CRITICAL), "critical");
}

/* Words are read by programs: one spelling each, and no two the same. */
static void check_words(unsigned count, const char *(*word)(unsigned))
{
    for (unsigned i = 0; i < count; i++)
    {
        cr_assert_eq(strspn(word(i), "abcdefghijklmnopqrstuvwxyz_"), strlen(word(i)));
        for (unsigned j = 0; j < i; j++)
        {
            cr_assert_str_neq(word(i), word(j));
        }
    }
}

static const char *outcome_at(unsigned i)
{
    cr_assert_gt(strlen(ajar_outcome_meaning((enum ajar_outcome)i)), 5);
    return ajar_outcome_word((enum ajar_outcome)i);
}

static const char *flag_at(unsigned i)
{
    cr_assert_gt(strlen(ajar_flag_meaning((enum ajar_flag_index)i)), 5);
    return ajar_flag_word((enum ajar_flag_index)i);
}

Test(vocab, words_are_distinct)
{
    check_words(AJAR_OUTCOME_COUNT, outcome_at);
    check_words(AJAR_FLAG_COUNT, flag_at);
}

Test(vocab, severity_words_read_back)
{
    for (unsigned i = 0; i < AJAR_SEVERITY_COUNT; i++)
    {
        enum ajar_severity severity = AJAR_SEVERITY_COUNT;
        const char *word = ajar_severity_word((enum ajar_severity)i);
        cr_assert_eq(ajar_severity_parse(ajar_span_of(word), &severity), AJAR_OK);
        cr_assert_eq(severity, i);
    }
    enum ajar_severity severity = AJAR_SEVERITY_HIGH;
    cr_assert_eq(ajar_severity_parse(ajar_span_of("High"), &severity), AJAR_ENOTFOUND);
    cr_assert_eq(ajar_severity_parse(ajar_span_of("hig"), &severity), AJAR_ENOTFOUND);
    cr_assert_eq(ajar_severity_parse(ajar_span_of(""), &severity), AJAR_ENOTFOUND);
    cr_assert_eq(severity, AJAR_SEVERITY_HIGH);
}

Test(vocab, open_begins_at_identity)
{
    cr_assert_not(ajar_exposure_is_open(AJAR_EXPOSURE_UNREACHABLE));
    cr_assert_not(ajar_exposure_is_open(AJAR_EXPOSURE_PROTECTED));
    cr_assert_not(ajar_exposure_is_open(AJAR_EXPOSURE_INCONCLUSIVE));
    cr_assert(ajar_exposure_is_open(AJAR_EXPOSURE_IDENTITY));
    cr_assert(ajar_exposure_is_open(AJAR_EXPOSURE_RECORDS));
}

Test(vocab, a_number_that_is_no_word_is_a_bug, .signal = SIGABRT)
{
    (void)ajar_exposure_word(AJAR_EXPOSURE_COUNT);
}
