/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <criterion/criterion.h>

#define IDENTITY_NOT_AFTER 2000000000L

static void add_name(X509 *cert, const char *field, const char *text, int len)
{
    X509_NAME *name = X509_get_subject_name(cert);
    cr_assert_eq(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                            (const unsigned char *)text, len, -1, 0),
                 1);
}

static void add_alt(GENERAL_NAMES *names, int type, const void *data, int len)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *value =
        ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    cr_assert_eq(ASN1_STRING_set(value, data, len), 1);
    GENERAL_NAME_set0_value(name, type, value);
    cr_assert_gt(sk_GENERAL_NAME_push(names, name), 0);
}

static void add_alts(X509 *cert, const struct identity_config *config)
{
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    for (size_t i = 0; config->dns != NULL && config->dns[i] != NULL; i++)
    {
        add_alt(names, GEN_DNS, config->dns[i], (int)strlen(config->dns[i]));
    }
    if (config->dns_with_nul != NULL)
    {
        char text[256];
        size_t first = strlen(config->dns_with_nul) + 1;
        size_t second = strlen(config->dns_after_nul);
        memcpy(text, config->dns_with_nul, first);
        memcpy(text + first, config->dns_after_nul, second);
        add_alt(names, GEN_DNS, text, (int)(first + second));
    }
    if (config->address != NULL)
    {
        add_alt(names, GEN_IPADD, config->address, config->address_len);
    }
    if (sk_GENERAL_NAME_num(names) > 0)
    {
        cr_assert_eq(X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0), 1);
    }
    GENERAL_NAMES_free(names);
}

static void add_padding(X509 *cert, size_t len)
{
    char *text = malloc(len + 1);
    memset(text, 'p', len);
    text[len] = '\0';
    ASN1_IA5STRING *value = ASN1_IA5STRING_new();
    cr_assert_eq(ASN1_STRING_set(value, text, (int)len), 1);
    cr_assert_eq(X509_add1_ext_i2d(cert, NID_netscape_comment, value, 0, 0), 1);
    ASN1_IA5STRING_free(value);
    free(text);
}

static X509 *make(const struct identity_config *config, EVP_PKEY **out_key)
{
    EVP_PKEY *key =
        config->rsa_bits > 0 ? EVP_RSA_gen(config->rsa_bits) : EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    cr_assert(key != NULL && cert != NULL);
    const char *common =
        config->common_name != NULL ? config->common_name : "es1.corp.example";
    cr_assert_eq(X509_set_version(cert, 2), 1);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 7);
    ASN1_TIME_set(X509_getm_notBefore(cert), 1000000000L);
    ASN1_TIME_set(X509_getm_notAfter(cert),
                  config->not_after != 0 ? config->not_after : IDENTITY_NOT_AFTER);
    if (config->organization != NULL)
    {
        add_name(cert, "O", config->organization, -1);
    }
    add_name(cert, "CN", common,
             config->common_name_len > 0 ? config->common_name_len : -1);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_set_pubkey(cert, key);
    add_alts(cert, config);
    if (config->padding > 0)
    {
        add_padding(cert, config->padding);
    }
    cr_assert_gt(X509_sign(cert, key, config->sha1 ? EVP_sha1() : EVP_sha256()), 0);
    *out_key = key;
    return cert;
}

static void digest(const X509 *cert, char *out)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned char *der = NULL;
    unsigned len = 0;
    int der_len = i2d_X509(cert, &der);
    cr_assert_eq(EVP_Digest(der, (size_t)der_len, bytes, &len, EVP_sha256(), NULL), 1);
    OPENSSL_free(der);
    for (unsigned i = 0; i < len; i++)
    {
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

SSL_CTX *identity_server(const struct identity_config *config, int version,
                         char *out_sha256)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = NULL;
    X509 *cert = make(config, &key);
    SSL_CTX_set_security_level(ctx, 0);
    cr_assert_eq(SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0"), 1);
    cr_assert_eq(SSL_CTX_set_min_proto_version(ctx, version), 1);
    cr_assert_eq(SSL_CTX_set_max_proto_version(ctx, version), 1);
    cr_assert_eq(SSL_CTX_use_certificate(ctx, cert), 1);
    cr_assert_eq(SSL_CTX_use_PrivateKey(ctx, key), 1);
    if (out_sha256 != NULL)
    {
        digest(cert, out_sha256);
    }
    X509_free(cert);
    EVP_PKEY_free(key);
    return ctx;
}

void identity_add_chain(SSL_CTX *ctx, size_t count, size_t padding)
{
    const struct identity_config config = {.padding = padding};
    EVP_PKEY *key = NULL;
    X509 *cert = make(&config, &key);
    for (size_t i = 0; i < count; i++)
    {
        cr_assert_eq(SSL_CTX_add1_chain_cert(ctx, cert), 1);
    }
    X509_free(cert);
    EVP_PKEY_free(key);
}
