/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

struct number_case
{
    const char *text;
    uint64_t max;
    int status;
    uint64_t value;
};

static const struct number_case numbers[] = {
    {"0", UINT64_MAX, AJAR_OK, 0},
    {"9", 9, AJAR_OK, 9},
    {"9200", 65535, AJAR_OK, 9200},
    {"00042", 65535, AJAR_OK, 42},
    {"65535", 65535, AJAR_OK, 65535},
    {"65536", 65535, AJAR_ELIMIT, 0},
    {"18446744073709551615", UINT64_MAX, AJAR_OK, UINT64_MAX},
    {"18446744073709551616", UINT64_MAX, AJAR_ELIMIT, 0},
    {"184467440737095516150", UINT64_MAX, AJAR_ELIMIT, 0},
    {"99999999999999999999999999999999999", UINT64_MAX, AJAR_ELIMIT, 0},
    {"99999999999999999999999999999999999x", UINT64_MAX, AJAR_ESYNTAX, 0},
    {"1", 0, AJAR_ELIMIT, 0},
    {"", 10, AJAR_ESYNTAX, 0},
    {"-1", 10, AJAR_ESYNTAX, 0},
    {"+1", 10, AJAR_ESYNTAX, 0},
    {" 1", 10, AJAR_ESYNTAX, 0},
    {"1 ", 10, AJAR_ESYNTAX, 0},
    {"1.0", 10, AJAR_ESYNTAX, 0},
    {"1e1", 10, AJAR_ESYNTAX, 0},
    {"0x1", 10, AJAR_ESYNTAX, 0},
    {"\xd9\xa1", 10, AJAR_ESYNTAX, 0}, /* an Arabic-Indic digit */
};

Test(num, reads_digits_and_nothing_else)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(numbers); i++)
    {
        const struct number_case *test = &numbers[i];
        uint64_t value = 4711;
        int status = ajar_num_u64(ajar_span_of(test->text), test->max, &value);
        cr_assert_eq(status, test->status, "%s", test->text);
        cr_assert_eq(value, status == AJAR_OK ? test->value : 4711, "%s", test->text);
    }
}

Test(num, a_nul_is_not_an_end)
{
    uint64_t value = 4711;
    struct ajar_span span = {.data = "12\0", .len = 3};
    cr_assert_eq(ajar_num_u64(span, 100, &value), AJAR_ESYNTAX);
    cr_assert_eq(value, 4711);
}

Test(num, totals_saturate)
{
    cr_assert_eq(ajar_num_add(1, 2), 3);
    cr_assert_eq(ajar_num_add(UINT64_MAX, 0), UINT64_MAX);
    cr_assert_eq(ajar_num_add(UINT64_MAX - 1, 1), UINT64_MAX);
    cr_assert_eq(ajar_num_add(UINT64_MAX, 1), UINT64_MAX);
    cr_assert_eq(ajar_num_add(UINT64_MAX, UINT64_MAX), UINT64_MAX);
}

static void check_render(uint64_t value)
{
    char got[21] = {0};
    char want[32];
    size_t len = ajar_num_render(value, got);
    (void)snprintf(want, sizeof want, "%" PRIu64, value);
    cr_assert_str_eq(got, want);
    cr_assert_eq(len, strlen(want));
}

Test(num, renders_as_printf_would)
{
    for (uint64_t value = 0; value < 100000; value++)
    {
        check_render(value);
    }
    uint64_t power = 1;
    for (int digits = 1; digits <= 20; digits++)
    {
        check_render(power - 1);
        check_render(power);
        check_render(power + 1);
        power *= digits < 20 ? 10 : 1;
    }
    check_render(UINT64_MAX);
    check_render(UINT64_MAX - 1);
}
