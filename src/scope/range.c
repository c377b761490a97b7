/* SPDX-License-Identifier: Apache-2.0 */
#include "range.h"

#include <string.h>

#include "ajar/limits.h"
#include "ajar/num.h"

#include "diags.h"

#define RANGE_FORMS                                                                      \
    "write a CIDR (192.0.2.0/24), first-last (192.0.2.1-192.0.2.9) or one address"

bool range_holds(const struct ajar_addr *first, const struct ajar_addr *last,
                 const struct ajar_addr *a)
{
    return ajar_addr_compare(first, a) <= 0 && ajar_addr_compare(a, last) <= 0;
}

struct ajar_addr range_before(const struct ajar_addr *addr)
{
    struct ajar_addr out = *addr;
    for (size_t i = sizeof out.bytes; i-- > 0;)
    {
        if (out.bytes[i]-- != 0)
        {
            break;
        }
    }
    return out;
}

struct ajar_addr range_width(const struct ajar_addr *first, const struct ajar_addr *last)
{
    struct ajar_addr out;
    unsigned borrow = 0;
    for (size_t i = sizeof out.bytes; i-- > 0;)
    {
        unsigned low = first->bytes[i] + borrow;
        borrow = last->bytes[i] < low ? 1 : 0;
        out.bytes[i] = (uint8_t)(last->bytes[i] + (borrow << 8) - low);
    }
    return out;
}

static int shown(struct ajar_span text)
{
    return (int)(text.len > AJAR_MAX_TARGETS_LINE ? AJAR_MAX_TARGETS_LINE : text.len);
}

static bool has_byte(struct ajar_span text, char byte)
{
    return text.len > 0 && memchr(text.data, byte, text.len) != NULL;
}

/* Digits and dots alone: meant as IPv4, whatever is wrong with it. */
static bool looks_v4(struct ajar_span text)
{
    for (size_t i = 0; i < text.len; i++)
    {
        char c = text.data[i];
        if (c != '.' && (c < '0' || c > '9'))
        {
            return false;
        }
    }
    return has_byte(text, '.');
}

static bool looks_name(struct ajar_span text)
{
    bool letter = false;
    for (size_t i = 0; i < text.len; i++)
    {
        char c = text.data[i];
        char low = (char)(c | 0x20);
        letter = letter || (low >= 'a' && low <= 'z');
    }
    return letter && !has_byte(text, ':');
}

static int bad_address(struct ajar_span text, struct fault *fault)
{
    const char *mend = RANGE_FORMS;
    if (text.len == 0)
    {
        diags_text(fault->what, sizeof fault->what, "an address is missing here");
    }
    else
    {
        diags_text(fault->what, sizeof fault->what, "'%.*s' is not an IP address",
                   shown(text), text.data);
    }
    if (has_byte(text, '#'))
    {
        mend = "begin the comment with ; when it stands behind a value";
    }
    else if (looks_v4(text))
    {
        mend = "write four decimal numbers from 0 to 255 without leading zeros";
    }
    else if (has_byte(text, '['))
    {
        mend = "write the IPv6 address without brackets; ports belong into ports =";
    }
    else if (has_byte(text, '.') && has_byte(text, ':'))
    {
        mend = "write the address alone; ports belong into ports =";
    }
    else if (has_byte(text, '%'))
    {
        mend = "write the address without its zone; link-local addresses are no targets";
    }
    else if (looks_name(text))
    {
        mend = "write an address here; a name belongs into host =";
    }
    diags_text(fault->mend, sizeof fault->mend, "%s", mend);
    return AJAR_ESYNTAX;
}

static int parse_address(struct ajar_span whole, struct ajar_span part,
                         struct ajar_addr *out, struct fault *fault)
{
    struct ajar_span trimmed = ajar_span_trim(part, AJAR_BLANKS);
    int status = ajar_addr_parse(trimmed, out);
    if (status < 0)
    {
        fault->offset = (size_t)(trimmed.data - whole.data);
        return bad_address(trimmed, fault);
    }
    return AJAR_OK;
}

static int host_bits(struct ajar_span text, const struct ajar_addr *addr, unsigned bits,
                     struct fault *fault)
{
    char block[AJAR_ADDR_TEXT_MAX];
    char host[AJAR_ADDR_TEXT_MAX];
    struct ajar_addr first = ajar_addr_prefix(addr, bits);
    (void)ajar_addr_format(&first, block);
    (void)ajar_addr_format(addr, host);
    fault->offset = 0;
    diags_text(fault->what, sizeof fault->what, "%.*s has host bits set", shown(text),
               text.data);
    diags_text(fault->mend, sizeof fault->mend,
               "write %s/%u for the block or %s for the one address", block, bits, host);
    return AJAR_ESYNTAX;
}

static int parse_cidr(struct ajar_span text, size_t slash, struct ajar_addr *out_first,
                      struct ajar_addr *out_last, struct fault *fault)
{
    struct ajar_span left = {text.data, slash};
    struct ajar_span right = ajar_span_trim(
        (struct ajar_span){text.data + slash + 1, text.len - slash - 1}, AJAR_BLANKS);
    struct ajar_addr addr;
    int status = parse_address(text, left, &addr, fault);
    if (status < 0)
    {
        return status;
    }
    bool v4 = ajar_addr_is_v4(&addr);
    uint64_t bits = 0;
    fault->offset = (size_t)(right.data - text.data);
    if (v4 && has_byte(left, ':'))
    {
        char plain[AJAR_ADDR_TEXT_MAX];
        (void)ajar_addr_format(&addr, plain);
        fault->offset = 0;
        diags_text(fault->what, sizeof fault->what, "an IPv4 block in IPv6 spelling");
        diags_text(fault->mend, sizeof fault->mend,
                   "write it as IPv4: %s and a prefix length of at most 32", plain);
        return AJAR_ESYNTAX;
    }
    if (ajar_num_u64(right, v4 ? 32 : 128, &bits) < 0)
    {
        diags_text(fault->what, sizeof fault->what, "'%.*s' is not a prefix length",
                   shown(right), right.data);
        diags_text(fault->mend, sizeof fault->mend,
                   "write a number from 0 to %s, as in %s", v4 ? "32" : "128",
                   v4 ? "192.0.2.0/24" : "2001:db8::/120");
        return AJAR_ESYNTAX;
    }
    struct ajar_addr first = ajar_addr_prefix(&addr, (unsigned)bits);
    if (ajar_addr_compare(&first, &addr) != 0)
    {
        return host_bits(text, &addr, (unsigned)bits, fault);
    }
    *out_first = first;
    *out_last = ajar_addr_prefix_last(&addr, (unsigned)bits);
    return AJAR_OK;
}

/* "192.0.2.1-20": many tools read it, some as .20 and some as 20 more; ask for the whole.
 */
static bool short_last(struct ajar_span last, const struct ajar_addr *first,
                       struct fault *fault)
{
    uint64_t number = 0;
    if (!ajar_addr_is_v4(first) || ajar_num_u64(last, 255, &number) < 0)
    {
        return false;
    }
    char low[AJAR_ADDR_TEXT_MAX];
    char high[AJAR_ADDR_TEXT_MAX];
    struct ajar_addr end =
        ajar_addr_from_v4((ajar_addr_to_v4(first) & 0xffffff00u) | (uint32_t)number);
    (void)ajar_addr_format(first, low);
    (void)ajar_addr_format(&end, high);
    diags_text(fault->what, sizeof fault->what, "the last address is not written out");
    diags_text(fault->mend, sizeof fault->mend, "write %s-%s", low, high);
    return true;
}

static int parse_pair(struct ajar_span text, size_t dash, struct ajar_addr *out_first,
                      struct ajar_addr *out_last, struct fault *fault)
{
    struct ajar_span left = {text.data, dash};
    struct ajar_span right = {text.data + dash + 1, text.len - dash - 1};
    struct ajar_addr first;
    struct ajar_addr last;
    int status = parse_address(text, left, &first, fault);
    if (status < 0)
    {
        return status;
    }
    struct ajar_span end = ajar_span_trim(right, AJAR_BLANKS);
    fault->offset = (size_t)(end.data - text.data);
    if (short_last(end, &first, fault))
    {
        return AJAR_ESYNTAX;
    }
    status = parse_address(text, right, &last, fault);
    if (status < 0)
    {
        return status;
    }
    if (ajar_addr_is_v4(&first) != ajar_addr_is_v4(&last))
    {
        diags_text(fault->what, sizeof fault->what, "IPv4 and IPv6 in one pair");
        diags_text(fault->mend, sizeof fault->mend, "write one pair for each family");
        return AJAR_ESYNTAX;
    }
    if (ajar_addr_compare(&last, &first) < 0)
    {
        char low[AJAR_ADDR_TEXT_MAX];
        char high[AJAR_ADDR_TEXT_MAX];
        (void)ajar_addr_format(&last, low);
        (void)ajar_addr_format(&first, high);
        diags_text(fault->what, sizeof fault->what,
                   "the last address is below the first");
        diags_text(fault->mend, sizeof fault->mend, "write %s-%s", low, high);
        return AJAR_ESYNTAX;
    }
    *out_first = first;
    *out_last = last;
    return AJAR_OK;
}

int range_parse(struct ajar_span text, struct ajar_addr *out_first,
                struct ajar_addr *out_last, struct fault *fault)
{
    const char *slash = text.len > 0 ? memchr(text.data, '/', text.len) : NULL;
    const char *dash = text.len > 0 ? memchr(text.data, '-', text.len) : NULL;
    *fault = (struct fault){.offset = 0};
    if (slash != NULL)
    {
        return parse_cidr(text, (size_t)(slash - text.data), out_first, out_last, fault);
    }
    /* a dash inside a name is no pair: "es-1.corp.example" */
    if (dash != NULL &&
        !looks_name((struct ajar_span){text.data, (size_t)(dash - text.data)}))
    {
        return parse_pair(text, (size_t)(dash - text.data), out_first, out_last, fault);
    }
    struct ajar_addr addr;
    int status = parse_address(text, text, &addr, fault);
    if (status == AJAR_OK)
    {
        *out_first = addr;
        *out_last = addr;
    }
    return status;
}

int range_check_size(struct ajar_span text, const struct ajar_addr *first,
                     const struct ajar_addr *last, struct fault *fault)
{
    uint64_t distance = ajar_addr_distance(first, last);
    *fault = (struct fault){.offset = 0};
    if (ajar_addr_is_v4(first) && distance >= UINT64_C(1) << (32 - AJAR_MIN_V4_PREFIX))
    {
        diags_text(fault->what, sizeof fault->what, "%.*s is larger than a /%d",
                   shown(text), text.data, AJAR_MIN_V4_PREFIX);
        diags_text(fault->mend, sizeof fault->mend,
                   "list the blocks that are yours, each a /%d or smaller",
                   AJAR_MIN_V4_PREFIX);
        return AJAR_ELIMIT;
    }
    if (!ajar_addr_is_v4(first) && distance >= AJAR_MAX_V6_HOSTS)
    {
        diags_text(fault->what, sizeof fault->what,
                   "%.*s holds more than %d addresses and cannot be enumerated",
                   shown(text), text.data, AJAR_MAX_V6_HOSTS);
        diags_text(fault->mend, sizeof fault->mend,
                   "list smaller ranges (a /112 or narrower), or the hosts by host =");
        return AJAR_ELIMIT;
    }
    return AJAR_OK;
}
