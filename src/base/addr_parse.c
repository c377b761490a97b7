/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "ajar/num.h"

/* Text and addresses: literals in, RFC 5952 out. */

/* One decimal part. RFC 6943 section 3.1.1: 010 is eight to some readers and ten to
 * others, and a scope must mean one address, so leading zeros are refused. */
static int parse_part(struct ajar_span part, uint8_t *out)
{
    uint64_t value;
    bool leading_zero = part.len > 1 && part.data[0] == '0';
    if (leading_zero || part.len > 3 || ajar_num_u64(part, 255, &value) < 0)
    {
        return AJAR_ESYNTAX;
    }
    *out = (uint8_t)value;
    return AJAR_OK;
}

static int parse_v4(struct ajar_span text, struct ajar_addr *out)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++)
    {
        const char *dot = i < 3 ? memchr(text.data, '.', text.len) : text.data + text.len;
        if (dot == NULL)
        {
            return AJAR_ESYNTAX;
        }
        uint8_t part;
        struct ajar_span piece = {.data = text.data, .len = (size_t)(dot - text.data)};
        if (parse_part(piece, &part) < 0)
        {
            return AJAR_ESYNTAX;
        }
        value = value << 8 | part;
        size_t taken = piece.len + (i < 3 ? 1 : 0);
        text.data += taken;
        text.len -= taken;
    }
    *out = ajar_addr_from_v4(value);
    return AJAR_OK;
}

int ajar_addr_parse(struct ajar_span text, struct ajar_addr *out)
{
    char copy[AJAR_ADDR_TEXT_MAX];
    if (text.len == 0 || text.len >= sizeof copy ||
        memchr(text.data, '\0', text.len) != NULL)
    {
        return AJAR_ESYNTAX;
    }
    if (memchr(text.data, ':', text.len) == NULL)
    {
        return parse_v4(text, out);
    }
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    struct in6_addr parsed;
    if (inet_pton(AF_INET6, copy, &parsed) != 1)
    {
        return AJAR_ESYNTAX;
    }
    memcpy(out->bytes, parsed.s6_addr, sizeof out->bytes);
    return AJAR_OK;
}

static size_t format_v4(const uint8_t bytes[4], char *out)
{
    size_t len = 0;
    for (unsigned i = 0; i < 4; i++)
    {
        if (i > 0)
        {
            out[len] = '.';
            len++;
        }
        len += ajar_num_render(bytes[i], out + len);
    }
    out[len] = '\0';
    return len;
}

/* The longest run of at least two zero groups, the first of equals (RFC 5952 sections
 * 4.2.2 and 4.2.3); its length is 0 when there is none. */
static unsigned longest_zeros(const uint16_t groups[8], unsigned *out_len)
{
    unsigned best = 0;
    unsigned best_len = 0;
    unsigned len = 0;
    for (unsigned i = 0; i < 8; i++)
    {
        len = groups[i] == 0 ? len + 1 : 0;
        if (len > best_len)
        {
            best = i + 1 - len;
            best_len = len;
        }
    }
    *out_len = best_len >= 2 ? best_len : 0;
    return best;
}

/* A group in lower case without leading zeros (RFC 5952 sections 4.1 and 4.3). */
static size_t format_group(uint16_t group, char *out)
{
    size_t len = 0;
    for (int shift = 12; shift >= 0; shift -= 4)
    {
        unsigned digit = (unsigned)group >> shift & 0xf;
        if (digit != 0 || len > 0 || shift == 0)
        {
            out[len] = "0123456789abcdef"[digit];
            len++;
        }
    }
    return len;
}

static size_t format_v6(const uint8_t bytes[16], char *out)
{
    uint16_t groups[8];
    for (unsigned i = 0; i < 8; i++)
    {
        groups[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    }
    unsigned zeros_len;
    unsigned zeros = longest_zeros(groups, &zeros_len);
    size_t len = 0;
    for (unsigned i = 0; i < 8; i++)
    {
        if (zeros_len > 0 && i == zeros)
        {
            out[len++] = ':';
            i += zeros_len - 1;
            if (i == 7)
            {
                out[len++] = ':';
            }
            continue;
        }
        if (i > 0)
        {
            out[len++] = ':';
        }
        len += format_group(groups[i], out + len);
    }
    out[len] = '\0';
    return len;
}

size_t ajar_addr_format(const struct ajar_addr *addr, char out[AJAR_ADDR_TEXT_MAX])
{
    /* dotted only for the mapped prefix (RFC 5952 section 5): inet_ntop also writes
     * ::1.2.3.4, which the next reader may take for IPv4 */
    return ajar_addr_is_v4(addr) ? format_v4(addr->bytes + 12, out)
                                 : format_v6(addr->bytes, out);
}

size_t ajar_addr_format_port(const struct ajar_addr *addr, uint16_t port,
                             char out[AJAR_ADDR_TEXT_MAX + 8])
{
    bool brackets = !ajar_addr_is_v4(addr); /* RFC 5952 section 6 */
    size_t len = 0;
    if (brackets)
    {
        out[len++] = '[';
    }
    len += ajar_addr_format(addr, out + len);
    if (brackets)
    {
        out[len++] = ']';
    }
    out[len++] = ':';
    char digits[20];
    size_t count = ajar_num_render(port, digits);
    memcpy(out + len, digits, count);
    len += count;
    out[len] = '\0';
    return len;
}
