/* SPDX-License-Identifier: Apache-2.0 */
#include "redact.h"

/*
 * Numbers that belong to a person: cards (ISO/IEC 7812, with the Luhn digit), phones and
 * national ids. Index names are full of other numbers (days, sequence numbers, Unix
 * times), so each form asks for its check digit or for its punctuation.
 */

#define DIGITS_MAX 19

struct digits
{
    char value[DIGITS_MAX + 1]; /* 0-9, as numbers */
    size_t count;
    size_t len; /* bytes of text that they take, separators between them included */
    bool plain; /* no separator */
};

/* Digits from `at` on, with at most one separator out of `between` from one to the next;
 * more than DIGITS_MAX are counted as too many (count > DIGITS_MAX). */
static struct digits take_digits(struct ajar_span text, size_t at, const char *between)
{
    struct digits digits = {.plain = true};
    size_t i = at;
    while (i < text.len)
    {
        bool skip = !redact_is_digit(text.data[i]);
        if (skip && (digits.count == 0 || strchr(between, text.data[i]) == NULL ||
                     text.data[i] == '\0' || i + 1 >= text.len ||
                     !redact_is_digit(text.data[i + 1])))
        {
            break;
        }
        if (skip)
        {
            digits.plain = false;
            i++;
        }
        if (digits.count > DIGITS_MAX)
        {
            break;
        }
        if (digits.count < sizeof digits.value)
        {
            digits.value[digits.count] = (char)(text.data[i] - '0');
        }
        digits.count++;
        i++;
        digits.len = i - at;
    }
    return digits;
}

static unsigned number_of(const struct digits *digits, size_t from, size_t count)
{
    unsigned number = 0;
    for (size_t i = from; i < from + count && i < digits->count; i++)
    {
        number = number * 10 + (unsigned)digits->value[i];
    }
    return number;
}

static bool is_luhn(const struct digits *digits)
{
    unsigned sum = 0;
    for (size_t i = 0; i < digits->count; i++)
    {
        unsigned digit = (unsigned)digits->value[digits->count - 1 - i];
        unsigned twice = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += i % 2 == 1 ? twice : digit;
    }
    return sum % 10 == 0;
}

/* Do digits and one separator stand before it? Then it may be the rest of a day:
 * 2024.01.31 */
static bool goes_on(struct ajar_span text, size_t at)
{
    return at >= 2 && strchr(" -.", text.data[at - 1]) != NULL &&
           text.data[at - 1] != '\0' && redact_is_digit(text.data[at - 2]);
}

static bool starts_token(struct ajar_span text, size_t at)
{
    return at == 0 || !redact_is_digit(text.data[at - 1]);
}

size_t redact_card(struct ajar_span text, size_t at)
{
    if (!starts_token(text, at))
    {
        return 0;
    }
    struct digits digits = take_digits(text, at, " -");
    if (digits.count < 13 || digits.count > DIGITS_MAX || !is_luhn(&digits))
    {
        return 0;
    }
    /* What networks issue: 3-6, and 2221-2720. A time in milliseconds begins with 1, a
     * date and time with 20. */
    unsigned first = number_of(&digits, 0, 1);
    unsigned four = number_of(&digits, 0, 4);
    bool issued = (first >= 3 && first <= 6) || (four >= 2221 && four <= 2720);
    return issued ? digits.len : 0;
}

/* ---- national ids ---- */

/* 123-45-6789, and none of the numbers that are never given out. */
static bool is_us_ssn(const struct digits *digits, struct ajar_span text, size_t at)
{
    if (digits->count != 9 || digits->len != 11 || text.data[at + 3] == '.' ||
        redact_is_digit(text.data[at + 3]) || redact_is_digit(text.data[at + 6]))
    {
        return false;
    }
    unsigned area = number_of(digits, 0, 3);
    return area != 0 && area != 666 && area < 900 && number_of(digits, 3, 2) != 0 &&
           number_of(digits, 5, 4) != 0;
}

static bool is_weighted(const struct digits *digits, const unsigned char *weights,
                        size_t count, unsigned modulus, unsigned expected)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
    {
        sum += weights[i] * (unsigned)digits->value[i];
    }
    return sum % modulus == expected;
}

static bool is_month_day(unsigned month, unsigned day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Poland: 11 digits, year-month-day with the century in the month, a check digit. */
static bool is_pesel(const struct digits *digits)
{
    static const unsigned char weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
    return digits->count == 11 && digits->plain &&
           is_month_day(number_of(digits, 2, 2) % 20, number_of(digits, 4, 2)) &&
           is_weighted(digits, weights, 11, 10, 0);
}

static unsigned cpf_check(const struct digits *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
    {
        sum += (unsigned)(count + 1 - i) * (unsigned)digits->value[i];
    }
    return sum * 10 % 11 % 10;
}

/* Brazil: 11 digits of which two check the others, plain or 123.456.789-09. */
static bool is_cpf(const struct digits *digits)
{
    bool same = true;
    for (size_t i = 1; i < digits->count && i < 11; i++)
    {
        same = same && digits->value[i] == digits->value[0];
    }
    return digits->count == 11 && !same && (digits->plain || digits->len == 14) &&
           cpf_check(digits, 9) == (unsigned)digits->value[9] &&
           cpf_check(digits, 10) == (unsigned)digits->value[10];
}

/* France: sex, year, month, place, order and a key over 97. */
static bool is_nir(const struct digits *digits)
{
    uint64_t body = 0;
    for (size_t i = 0; i < 13 && i < digits->count; i++)
    {
        body = body * 10 + (uint64_t)(unsigned char)digits->value[i];
    }
    unsigned month = number_of(digits, 3, 2);
    return digits->count == 15 && (digits->value[0] == 1 || digits->value[0] == 2) &&
           month >= 1 && month <= 12 && number_of(digits, 13, 2) == 97 - body % 97;
}

/* China: 17 digits with a date of birth, then a digit or X that checks them. */
static size_t chinese_id(struct ajar_span text, size_t at)
{
    static const unsigned char weights[] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                            3, 7, 9,  10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    struct digits digits = take_digits(text, at, "");
    if (digits.count < 17 || digits.count > 18 || text.len - at < 18)
    {
        return 0;
    }
    unsigned year = number_of(&digits, 6, 4);
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++)
    {
        sum += weights[i] * (unsigned)digits.value[i];
    }
    char check = text.data[at + 17] == 'x' ? 'X' : text.data[at + 17];
    bool dated = year >= 1900 && year <= 2100 &&
                 is_month_day(number_of(&digits, 10, 2), number_of(&digits, 12, 2));
    return dated && checks[sum % 11] == check ? 18 : 0;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Does the text at `at` have this form, and end there? A: letter, 9: digit. */
static bool has_form(struct ajar_span text, size_t at, const char *form)
{
    size_t len = strlen(form);
    if (text.len - at < len)
    {
        return false;
    }
    for (size_t i = 0; i < len; i++)
    {
        char c = text.data[at + i];
        if (form[i] == 'A' ? !redact_is_letter(c) : !redact_is_digit(c))
        {
            return false;
        }
    }
    char next = at + len < text.len ? text.data[at + len] : '-';
    return !redact_is_letter(next) && !redact_is_digit(next);
}

static size_t lettered_id(struct ajar_span text, size_t at)
{
    if (at > 0 && redact_is_letter(text.data[at - 1]))
    {
        return 0;
    }
    /* United Kingdom: two letters, six digits, A to D */
    if (has_form(text, at, "AA999999A") && upper(text.data[at + 8]) <= 'D' &&
        strchr("DFIQUV", upper(text.data[at])) == NULL &&
        strchr("DFIOQUV", upper(text.data[at + 1])) == NULL)
    {
        return 9;
    }
    /* Italy: the form alone is rare enough */
    if (has_form(text, at, "AAAAAA99A99A999A"))
    {
        return 16;
    }
    /* Spain: eight digits and the letter that they give */
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    if (has_form(text, at, "99999999A"))
    {
        struct digits digits = take_digits(text, at, "");
        return upper(text.data[at + 8]) == letters[number_of(&digits, 0, 8) % 23] ? 9 : 0;
    }
    return 0;
}

size_t redact_national_id(struct ajar_span text, size_t at)
{
    if (!starts_token(text, at))
    {
        return 0;
    }
    size_t len = lettered_id(text, at);
    if (len > 0 || !redact_is_digit(text.data[at]))
    {
        return len;
    }
    len = chinese_id(text, at);
    if (len > 0)
    {
        return len;
    }
    struct digits digits = take_digits(text, at, " -.");
    if (is_us_ssn(&digits, text, at) || is_pesel(&digits) || is_cpf(&digits) ||
        is_nir(&digits))
    {
        return digits.len;
    }
    return 0;
}

/* ---- phones ---- */

/* Is a plain run of digits a day or a time instead? */
static bool is_time(const struct digits *digits)
{
    unsigned year = number_of(digits, 0, 4);
    if (year >= 1970 && year <= 2099 &&
        is_month_day(number_of(digits, 4, 2), number_of(digits, 6, 2)))
    {
        return true; /* 20240131, 2024013112, 202401311230 */
    }
    /* Unix seconds from 2001 to 2033 have ten digits and begin with 1 */
    return digits->count == 10 && digits->value[0] == 1;
}

/* 555-123-4567, 555.123.4567, 555 123 4567: three, three, four. */
static bool is_grouped(struct ajar_span text, size_t at, const struct digits *digits)
{
    return digits->count == 10 && digits->len == 12 &&
           !redact_is_digit(text.data[at + 3]) && !redact_is_digit(text.data[at + 7]) &&
           digits->value[0] >= 2;
}

size_t redact_phone(struct ajar_span text, size_t at)
{
    char first = text.data[at];
    size_t lead = first == '+' || first == '(' ? 1 : 0;
    if (at + lead >= text.len || !redact_is_digit(text.data[at + lead]) ||
        (lead == 0 && !starts_token(text, at)))
    {
        return 0;
    }
    if (first == '(')
    {
        /* (555) 123-4567 */
        struct digits area = take_digits(text, at + 1, "");
        size_t next = at + 1 + area.len;
        if (area.count < 2 || area.count > 5 || next >= text.len ||
            text.data[next] != ')')
        {
            return 0;
        }
        next += next + 1 < text.len && text.data[next + 1] == ' ' ? 2 : 1;
        struct digits rest = take_digits(text, next, " -.");
        return rest.count >= 5 && rest.count <= 10 ? next + rest.len - at : 0;
    }
    struct digits digits = take_digits(text, at + lead, " -.");
    if (first == '+')
    {
        return digits.count >= 8 && digits.count <= 15 ? digits.len + 1 : 0;
    }
    if (!digits.plain && goes_on(text, at))
    {
        return 0;
    }
    bool trunk = digits.count >= 10 && digits.count <= 15 && digits.value[0] == 0 &&
                 (digits.value[1] == 0 ? digits.value[2] != 0 : digits.count <= 12);
    bool plain = digits.plain && digits.count >= 10 && digits.count <= 12 &&
                 !is_time(&digits) && digits.value[0] != 0;
    return trunk || plain || is_grouped(text, at, &digits) ? digits.len : 0;
}
