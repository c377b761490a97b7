/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_NET_IDENTITY_H
#define AJAR_TESTS_NET_IDENTITY_H

#include <openssl/ssl.h>

/* A self-signed certificate made for one test. Zeroed members take the defaults. */
struct identity_config
{
    unsigned rsa_bits; /* 0: a P-256 key */
    int sha1;
    const char *organization; /* UTF-8 */
    const char *common_name;  /* "es1.corp.example" when NULL */
    int common_name_len;      /* for names with NUL; 0: strlen */
    const char *const *dns;   /* NULL-ended */
    const char *dns_with_nul; /* one entry "good\0evil": first text, NUL, dns_after_nul */
    const char *dns_after_nul;
    const unsigned char *address; /* 4, 16 or another number of bytes */
    int address_len;
    long not_after; /* seconds since the epoch; 0: 2033-05-18T03:33:20Z */
    size_t padding; /* bytes of a comment extension */
};

/* A server context that shows such a certificate; 0 takes any version. *out_sha256 (65
 * bytes, may be NULL) is what openssl says of it. */
SSL_CTX *identity_server(const struct identity_config *config, int version,
                         char *out_sha256);
/* Adds copies of a padded certificate to the chain. */
void identity_add_chain(SSL_CTX *ctx, size_t count, size_t padding);

#endif
