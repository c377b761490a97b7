/* SPDX-License-Identifier: Apache-2.0 */
#include "redact.h"

/*
 * Minimization: what ajar stores of a name. Too much taken out costs a person a guess;
 * too little keeps somebody's data: so e-mail forms are read generously.
 */

static bool is_word(char c)
{
    return redact_is_letter(c) || redact_is_digit(c) || (unsigned char)c >= 0x80;
}

static bool is_local(char c)
{
    return is_word(c) || (c != '\0' && strchr(".%+'-", c) != NULL);
}

/* What people put around "at" and "dot" when they write an address for people. */
static bool is_gap(char c)
{
    return c != '\0' && strchr(" _-.()[]{}<>\t", c) != NULL;
}

static size_t skip_gap(struct ajar_span text, size_t at)
{
    size_t limit = at + 3;
    while (at < text.len && at < limit && is_gap(text.data[at]))
    {
        at++;
    }
    return at;
}

static size_t skip_word(struct ajar_span text, size_t at)
{
    while (at < text.len && is_word(text.data[at]))
    {
        at++;
    }
    return at;
}

static struct ajar_span part(struct ajar_span text, size_t from, size_t to)
{
    return (struct ajar_span){text.data + from, to - from};
}

static bool is_top_domain(struct ajar_span word)
{
    static const char *const known[] = {
        "com",   "net",  "org",   "edu", "gov", "mil", "int",     "info",   "biz",
        "io",    "co",   "me",    "de",  "uk",  "fr",  "it",      "es",     "pt",
        "nl",    "be",   "ch",    "at",  "se",  "no",  "dk",      "fi",     "pl",
        "cz",    "sk",   "hu",    "ro",  "bg",  "gr",  "ie",      "eu",     "us",
        "ca",    "mx",   "br",    "ar",  "cl",  "au",  "nz",      "in",     "jp",
        "cn",    "kr",   "ru",    "ua",  "tr",  "za",  "il",      "ae",     "sg",
        "hk",    "tw",   "app",   "dev", "ai",  "xyz", "example", "online", "site",
        "cloud", "tech", "email", "mail"};
    for (size_t i = 0; i < AJAR_COUNT_OF(known); i++)
    {
        if (ajar_span_is_nocase(word, known[i]))
        {
            return true;
        }
    }
    return false;
}

/* More of a domain from `at` on: ".com", " dot com", " com", "(dot)co(dot)uk". Returns
 * the end, `at` when there is nothing more. */
static size_t more_domain(struct ajar_span text, size_t at, bool *out_sure)
{
    for (;;)
    {
        size_t word = skip_gap(text, at);
        size_t end = skip_word(text, word);
        bool dotted = word == at + 1 && text.data[at] == '.';
        if (word == at || end == word)
        {
            return at;
        }
        if (ajar_span_is_nocase(part(text, word, end), "dot"))
        {
            word = skip_gap(text, end);
            end = skip_word(text, word);
            dotted = true;
        }
        bool top = is_top_domain(part(text, word, end));
        if (end == word || (!dotted && !top))
        {
            return at;
        }
        *out_sure = *out_sure || top;
        at = end;
        while (at + 1 < text.len && text.data[at] == '-' && is_word(text.data[at + 1]) &&
               dotted && !top)
        {
            at = skip_word(text, at + 1); /* contoso-group.com */
        }
    }
}

/* The domain behind an "@" or "at" that ends at `at`: its end, or 0. sure: a top-level
 * domain is asked for. */
static size_t domain_end(struct ajar_span text, size_t at, bool need_top)
{
    size_t label = skip_gap(text, at);
    size_t end = skip_word(text, label);
    while (end + 1 < text.len && end > label && text.data[end] == '-' &&
           is_word(text.data[end + 1]) && !need_top)
    {
        end = skip_word(text, end + 1);
    }
    if (end == label)
    {
        return 0;
    }
    bool sure = !need_top;
    end = more_domain(text, end, &sure);
    return sure ? end : 0;
}

/* An address whose local part begins at `at`. Only called where a word begins. */
static size_t email(struct ajar_span text, size_t at)
{
    size_t end = at;
    while (end < text.len && is_local(text.data[end]))
    {
        end++;
    }
    /* "users-a.b@contoso.com", "XYZ @contoso com", "x (@) y" */
    size_t sign = skip_gap(text, end);
    if (end > at && sign < text.len && text.data[sign] == '@')
    {
        return domain_end(text, sign + 1, false);
    }
    /* "xyz at contoso dot com", "xyz_at_contoso_com", "xyz[at]contoso.com": here the
     * local part is one word (dots and plus in it), since '-' may stand around "at" too
     */
    end = at;
    while (end < text.len && (is_word(text.data[end]) || text.data[end] == '+' ||
                              (text.data[end] == '.' && end > at)))
    {
        end++;
    }
    size_t word = skip_gap(text, end);
    size_t word_end = skip_word(text, word);
    if (end > at && word > end && ajar_span_is_nocase(part(text, word, word_end), "at") &&
        skip_gap(text, word_end) > word_end)
    {
        return domain_end(text, word_end, true);
    }
    return 0;
}

struct redaction
{
    size_t len;
    enum ajar_redact_kind kind;
};

static struct redaction find(struct ajar_span text, size_t at)
{
    struct redaction found = {0, AJAR_REDACT_EMAIL};
    char c = text.data[at];
    bool word_begins = is_word(c) && (at == 0 || !is_word(text.data[at - 1]));
    if (word_begins)
    {
        size_t end = email(text, at);
        if (end > at)
        {
            found.len = end - at;
            return found;
        }
    }
    if (redact_is_digit(c) || c == '+' || c == '(' || word_begins)
    {
        found.kind = AJAR_REDACT_CARD;
        found.len = redact_is_digit(c) ? redact_card(text, at) : 0;
        if (found.len == 0)
        {
            found.kind = AJAR_REDACT_NATIONAL_ID;
            found.len = redact_national_id(text, at);
        }
        if (found.len == 0 && (redact_is_digit(c) || c == '+' || c == '('))
        {
            found.kind = AJAR_REDACT_PHONE;
            found.len = redact_phone(text, at);
        }
    }
    return found;
}

/* Most names have nothing: no '@', no "at" with a gap before, and fewer than nine digits.
 */
static bool may_have(struct ajar_span text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++)
    {
        char c = text.data[i];
        digits += redact_is_digit(c) ? 1u : 0u;
        if (c == '@' || ((c == 't' || c == 'T') && i >= 2 && is_gap(text.data[i - 2]) &&
                         (text.data[i - 1] | 0x20) == 'a'))
        {
            return true;
        }
    }
    return digits >= 6;
}

int ajar_redact(struct ajar_span name, struct ajar_buf *out,
                struct ajar_redact_counts *counts)
{
    static const char *const marks[] = {[AJAR_REDACT_EMAIL] = "[email]",
                                        [AJAR_REDACT_PHONE] = "[phone]",
                                        [AJAR_REDACT_CARD] = "[card]",
                                        [AJAR_REDACT_NATIONAL_ID] = "[national-id]"};
    if (!may_have(name))
    {
        return ajar_buf_append(out, name.data, name.len);
    }
    int status = AJAR_OK;
    for (size_t at = 0; at < name.len && status == AJAR_OK;)
    {
        struct redaction found = find(name, at);
        if (found.len > 0)
        {
            status = ajar_buf_text(out, marks[found.kind]);
            at += found.len;
            if (counts != NULL)
            {
                counts->by_kind[found.kind]++;
            }
        }
        else
        {
            status = ajar_buf_byte(out, name.data[at++]);
        }
    }
    return status;
}
