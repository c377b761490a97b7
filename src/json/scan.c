/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <string.h>

enum scan_state
{
    IN_VALUE,       /* a value must begin */
    IN_FIRST_VALUE, /* or the array ends */
    IN_FIRST_KEY,   /* a name must begin or the object ends */
    IN_KEY,
    IN_COLON,
    IN_AFTER, /* behind a value: a comma or the container's end */
    IN_END,   /* behind the document */
    IN_BAD,
    IN_STRING,
    IN_ESCAPE, /* behind a backslash */
    IN_HEX,
    IN_LITERAL,
    IN_MINUS, /* from here on: inside of a number */
    IN_ZERO,
    IN_INT,
    IN_POINT,
    IN_FRACTION,
    IN_EXPONENT,
    IN_EXPONENT_SIGN,
    IN_EXPONENT_DIGITS
};

static const char *const literals[] = {"true", "false", "null"};

void scan_init(struct ajar_json_scan *scan)
{
    *scan = (struct ajar_json_scan){.state = IN_VALUE};
}

bool scan_is_complete(const struct ajar_json_scan *scan)
{
    return scan->state == IN_END;
}

/* States in which the number so far is a number (RFC 8259 section 6). */
static bool is_whole_number(uint8_t state)
{
    return state == IN_ZERO || state == IN_INT || state == IN_FRACTION ||
           state == IN_EXPONENT_DIGITS;
}

bool scan_may_end(const struct ajar_json_scan *scan)
{
    return scan->state == IN_END || (scan->depth == 0 && is_whole_number(scan->state));
}

bool scan_in_object(const struct ajar_json_scan *scan)
{
    return scan->depth > 0 && (scan->kinds >> (scan->depth - 1) & 1) != 0;
}

static enum scan_event bad(struct ajar_json_scan *scan)
{
    scan->state = IN_BAD;
    return SCAN_BAD;
}

static enum scan_event told(const struct ajar_json_scan *scan, enum scan_event event,
                            uint8_t level)
{
    return level <= scan->watch ? event : SCAN_NONE;
}

static enum scan_event value_end(struct ajar_json_scan *scan)
{
    scan->state = scan->depth == 0 ? IN_END : IN_AFTER;
    return told(scan, SCAN_VALUE_END, scan->depth);
}

static enum scan_event open_container(struct ajar_json_scan *scan, bool object)
{
    _Static_assert(AJAR_MAX_JSON_DEPTH <= 64, "kinds has one bit a level");
    if (scan->depth >= AJAR_MAX_JSON_DEPTH)
    {
        return bad(scan);
    }
    uint64_t bit = UINT64_C(1) << scan->depth;
    scan->kinds = object ? scan->kinds | bit : scan->kinds & ~bit;
    scan->depth++;
    scan->state = object ? IN_FIRST_KEY : IN_FIRST_VALUE;
    return told(scan, SCAN_VALUE, (uint8_t)(scan->depth - 1));
}

static enum scan_event close_container(struct ajar_json_scan *scan, char byte)
{
    if (scan_in_object(scan) != (byte == '}'))
    {
        return bad(scan);
    }
    scan->depth--;
    return value_end(scan);
}

static enum scan_event begin_scalar(struct ajar_json_scan *scan, enum scan_state state)
{
    scan->state = (uint8_t)state;
    return told(scan, SCAN_VALUE, scan->depth);
}

static enum scan_event begin_literal(struct ajar_json_scan *scan, uint8_t which)
{
    scan->literal = which;
    scan->matched = 1;
    return begin_scalar(scan, IN_LITERAL);
}

static enum scan_event begin_value(struct ajar_json_scan *scan, char byte)
{
    switch (byte)
    {
    case '{':
    case '[':
        return open_container(scan, byte == '{');
    case '"':
        scan->in_key = false;
        return begin_scalar(scan, IN_STRING);
    case 't':
        return begin_literal(scan, 0);
    case 'f':
        return begin_literal(scan, 1);
    case 'n':
        return begin_literal(scan, 2);
    case '-':
        return begin_scalar(scan, IN_MINUS);
    case '0':
        return begin_scalar(scan, IN_ZERO);
    default:
        return byte >= '1' && byte <= '9' ? begin_scalar(scan, IN_INT) : bad(scan);
    }
}

static enum scan_event begin_key(struct ajar_json_scan *scan, char byte)
{
    if (byte != '"')
    {
        return bad(scan);
    }
    scan->in_key = true;
    scan->state = IN_STRING;
    return told(scan, SCAN_KEY, scan->depth);
}

/* A byte between tokens that is no space. */
static enum scan_event structure(struct ajar_json_scan *scan, char byte)
{
    switch (scan->state)
    {
    case IN_FIRST_VALUE:
        return byte == ']' ? close_container(scan, byte) : begin_value(scan, byte);
    case IN_VALUE:
        return begin_value(scan, byte);
    case IN_FIRST_KEY:
        return byte == '}' ? close_container(scan, byte) : begin_key(scan, byte);
    case IN_KEY:
        return begin_key(scan, byte);
    case IN_COLON:
        scan->state = IN_VALUE;
        return byte == ':' ? SCAN_NONE : bad(scan);
    case IN_AFTER:
        if (byte == ',')
        {
            scan->state = scan_in_object(scan) ? IN_KEY : IN_VALUE;
            return SCAN_NONE;
        }
        return byte == ']' || byte == '}' ? close_container(scan, byte) : bad(scan);
    default: /* IN_END: nothing but space may follow */
        return bad(scan);
    }
}

#define SCAN_ONES UINT64_C(0x0101010101010101)
#define SCAN_HIGHS UINT64_C(0x8080808080808080)

/* Eight bytes at a time: most of an index list is names. */
static inline const char *skip_plain(const char *at, const char *end)
{
    while (end - at >= 8)
    {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        uint64_t quote = word ^ (SCAN_ONES * '"');
        uint64_t backslash = word ^ (SCAN_ONES * '\\');
        uint64_t hits = ((word - SCAN_ONES * 0x20) & ~word) |
                        ((quote - SCAN_ONES) & ~quote) |
                        ((backslash - SCAN_ONES) & ~backslash);
        hits &= SCAN_HIGHS;
        if (hits != 0)
        {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            /* a borrow only marks bytes behind a true hit: the first mark is true */
            return at + (__builtin_ctzll(hits) >> 3);
#else
            break;
#endif
        }
        at += 8;
    }
    while (at != end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
    {
        at++;
    }
    return at;
}

static enum scan_event string(struct ajar_json_scan *scan, const char **at,
                              const char *end)
{
    *at = skip_plain(*at, end);
    if (*at == end)
    {
        return SCAN_NONE;
    }
    char byte = **at;
    ++*at;
    if (byte == '\\')
    {
        scan->state = IN_ESCAPE;
        return SCAN_NONE;
    }
    if (byte != '"') /* RFC 8259 section 7: control characters must be escaped */
    {
        return bad(scan);
    }
    if (scan->in_key)
    {
        scan->state = IN_COLON;
        enum scan_event event = told(scan, SCAN_KEY_END, scan->depth);
        if (event == SCAN_NONE && *at != end && **at == ':')
        {
            scan->state = IN_VALUE;
            ++*at;
        }
        return event;
    }
    return value_end(scan);
}

static enum scan_event escape(struct ajar_json_scan *scan, char byte)
{
    if (byte == 'u')
    {
        scan->state = IN_HEX;
        scan->unit = 0;
        scan->matched = 0;
        return SCAN_NONE;
    }
    scan->state = IN_STRING;
    return byte != '\0' && strchr("\"\\/bfnrt", byte) != NULL ? SCAN_NONE : bad(scan);
}

static enum scan_event hex(struct ajar_json_scan *scan, char byte)
{
    char folded = (char)(byte | 0x20);
    if (byte >= '0' && byte <= '9')
    {
        scan->unit = scan->unit << 4 | (uint32_t)(byte - '0');
    }
    else if (folded >= 'a' && folded <= 'f')
    {
        scan->unit = scan->unit << 4 | (uint32_t)(folded - 'a' + 10);
    }
    else
    {
        return bad(scan);
    }
    scan->matched++;
    if (scan->matched == 4)
    {
        scan->has_nul = scan->has_nul || scan->unit == 0;
        scan->state = IN_STRING;
    }
    return SCAN_NONE;
}

static enum scan_event literal(struct ajar_json_scan *scan, const char **at,
                               const char *end)
{
    const char *text = literals[scan->literal];
    while (*at != end)
    {
        if (*(*at)++ != text[scan->matched])
        {
            return bad(scan);
        }
        scan->matched++;
        if (text[scan->matched] == '\0')
        {
            return value_end(scan);
        }
    }
    return SCAN_NONE;
}

/* Where a digit leads (RFC 8259 section 6). */
static enum scan_state number_digit(uint8_t state, char byte)
{
    switch (state)
    {
    case IN_MINUS:
        return byte == '0' ? IN_ZERO : IN_INT;
    case IN_ZERO:
        return IN_END;
    case IN_INT:
        return IN_INT;
    case IN_POINT:
    case IN_FRACTION:
        return IN_FRACTION;
    default: /* IN_EXPONENT, IN_EXPONENT_SIGN, IN_EXPONENT_DIGITS */
        return IN_EXPONENT_DIGITS;
    }
}

/* The number's next state, IN_END when byte does not continue it, IN_BAD when it must. */
static enum scan_state number_step(uint8_t state, char byte)
{
    if (byte >= '0' && byte <= '9')
    {
        return number_digit(state, byte);
    }
    bool exponent = byte == 'e' || byte == 'E';
    switch (state)
    {
    case IN_ZERO:
    case IN_INT:
        return byte == '.' ? IN_POINT : (exponent ? IN_EXPONENT : IN_END);
    case IN_FRACTION:
        return exponent ? IN_EXPONENT : IN_END;
    case IN_EXPONENT:
        return byte == '+' || byte == '-' ? IN_EXPONENT_SIGN : IN_BAD;
    case IN_EXPONENT_DIGITS:
        return IN_END;
    default: /* IN_MINUS, IN_POINT, IN_EXPONENT_SIGN: a digit has to come */
        return IN_BAD;
    }
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at != end && *at >= '0' && *at <= '9')
    {
        at++;
    }
    return at;
}

/* The byte that ends a number is not part of it and stays for the structure. */
static enum scan_event number(struct ajar_json_scan *scan, const char **at,
                              const char *end)
{
    while (*at != end)
    {
        if (scan->state == IN_INT || scan->state == IN_FRACTION)
        {
            *at = skip_digits(*at, end);
            if (*at == end)
            {
                break;
            }
        }
        enum scan_state next = number_step(scan->state, **at);
        if (next == IN_END)
        {
            return value_end(scan);
        }
        if (next == IN_BAD)
        {
            return bad(scan);
        }
        scan->state = (uint8_t)next;
        ++*at;
    }
    return SCAN_NONE;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static enum scan_event step(struct ajar_json_scan *scan, const char **at, const char *end)
{
    if (scan->state >= IN_MINUS)
    {
        return number(scan, at, end);
    }
    if (scan->state == IN_STRING)
    {
        return string(scan, at, end);
    }
    if (scan->state == IN_LITERAL)
    {
        return literal(scan, at, end);
    }
    char byte = **at;
    ++*at;
    switch (scan->state)
    {
    case IN_ESCAPE:
        return escape(scan, byte);
    case IN_HEX:
        return hex(scan, byte);
    case IN_BAD:
        return SCAN_BAD;
    default:
        while ((unsigned char)byte <= ' ' && is_space(byte))
        {
            if (*at == end)
            {
                return SCAN_NONE;
            }
            byte = **at;
            ++*at;
        }
        return structure(scan, byte);
    }
}

enum scan_event scan_next(struct ajar_json_scan *scan, const char **at, const char *end)
{
    while (*at != end)
    {
        enum scan_event event = step(scan, at, end);
        if (event != SCAN_NONE)
        {
            return event;
        }
    }
    return SCAN_MORE;
}
