/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_ADDR_H
#define AJAR_ADDR_H

#include "ajar/buf.h"

/*
 * An IP address: 16 bytes in network order, IPv4 as ::ffff:a.b.c.d (RFC 4291 section
 * 2.5.5.2), so that one comparison orders both families. IPv4-mapped input is IPv4.
 * No scope id: link-local addresses are never targets.
 */
struct ajar_addr
{
    uint8_t bytes[16];
};

#define AJAR_ADDR_TEXT_MAX 46 /* INET6_ADDRSTRLEN */

bool ajar_addr_is_v4(const struct ajar_addr *addr);
struct ajar_addr ajar_addr_from_v4(uint32_t host_order);
uint32_t ajar_addr_to_v4(const struct ajar_addr *addr); /* host order; only for IPv4 */
/* A literal, without brackets, port or zone. AJAR_ESYNTAX leaves *out untouched.
 * IPv4 takes exactly four decimal parts without leading zeros (no 010, no 0x7f, no
 * 127.1). */
int ajar_addr_parse(struct ajar_span text, struct ajar_addr *out) AJAR_MUST_CHECK;
/* RFC 5952 text, NUL-terminated; IPv4 in dotted form. Returns its length. */
size_t ajar_addr_format(const struct ajar_addr *addr, char out[AJAR_ADDR_TEXT_MAX]);
/* "192.0.2.1:9200" or "[2001:db8::1]:9200". */
size_t ajar_addr_format_port(const struct ajar_addr *addr, uint16_t port,
                             char out[AJAR_ADDR_TEXT_MAX + 8]);
int ajar_addr_compare(const struct ajar_addr *a, const struct ajar_addr *b);
/* addr + offset; the caller knows that it does not wrap. */
struct ajar_addr ajar_addr_add(const struct ajar_addr *addr, uint64_t offset);
/* last - first, saturated at UINT64_MAX; last must not be below first. */
uint64_t ajar_addr_distance(const struct ajar_addr *first, const struct ajar_addr *last);
/* The address with all but its first `bits` bits cleared; bits counts in the address's
 * own family: 0-32 for IPv4, 0-128 for IPv6. */
struct ajar_addr ajar_addr_prefix(const struct ajar_addr *addr, unsigned bits);
/* The same with the remaining bits set: the last address of that prefix. */
struct ajar_addr ajar_addr_prefix_last(const struct ajar_addr *addr, unsigned bits);

#endif
