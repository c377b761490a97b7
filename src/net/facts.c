/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "ajar/buf.h"

/* The length of the text without a UTF-8 sequence that the cut went through. */
static size_t cut_length(const char *text, size_t len, size_t max)
{
    if (len <= max)
    {
        return len;
    }
    size_t end = max;
    while (end > 0 && ((unsigned char)text[end] & 0xC0u) == 0x80u)
    {
        end--;
    }
    return end == 0 ? max : end;
}

/*
 * A capped copy. A NUL is written \00, as RFC 4514 writes it: as a NUL it would end the
 * text early, and "es1.corp.example" plus NUL plus ".evil.example" would read as ours.
 */
static char *copy_text(const char *text, size_t len)
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, 4 * FACTS_MAX_TEXT);
    for (size_t i = 0; i < len && buf.len <= FACTS_MAX_TEXT; i++)
    {
        (void)(text[i] == '\0' ? ajar_buf_text(&buf, "\\00")
                               : ajar_buf_byte(&buf, text[i]));
    }
    char *copy = NULL;
    if (!buf.failed && buf.len > 0)
    {
        copy = strndup(buf.data, cut_length(buf.data, buf.len, FACTS_MAX_TEXT));
    }
    ajar_buf_deinit(&buf);
    return copy;
}

/* RFC 2253 text; ESC_MSB off keeps UTF-8 as it is. */
static char *name_text(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    if (bio != NULL && name != NULL &&
        X509_NAME_print_ex(bio, name, 0,
                           XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
    {
        char *data = NULL;
        long len = BIO_get_mem_data(bio, &data);
        text = len > 0 ? copy_text(data, (size_t)len) : NULL;
    }
    BIO_free(bio);
    return text;
}

static char *address_text(const ASN1_OCTET_STRING *octets)
{
    const unsigned char *data = ASN1_STRING_get0_data(octets);
    int len = ASN1_STRING_length(octets);
    struct ajar_addr addr;
    if (len == 4)
    {
        addr = ajar_addr_from_v4((uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 |
                                 (uint32_t)data[2] << 8 | data[3]);
    }
    else if (len == (int)sizeof(addr.bytes))
    {
        memcpy(addr.bytes, data, sizeof(addr.bytes));
    }
    else
    {
        return NULL;
    }
    char text[AJAR_ADDR_TEXT_MAX];
    return copy_text(text, ajar_addr_format(&addr, text));
}

static char *general_name_text(const GENERAL_NAME *name)
{
    int type = 0;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
    if (value != NULL && type == GEN_DNS)
    {
        const char *data = (const char *)ASN1_STRING_get0_data(value);
        return copy_text(data, (size_t)ASN1_STRING_length(value));
    }
    return value != NULL && type == GEN_IPADD ? address_text(value) : NULL;
}

static void read_names(struct ajar_tls_facts *facts, const X509 *leaf)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    int count = sk_GENERAL_NAME_num(names); /* -1 without any */
    for (int i = 0; i < count && facts->name_count < AJAR_MAX_TLS_NAMES; i++)
    {
        char *text = general_name_text(sk_GENERAL_NAME_value(names, i));
        if (text != NULL)
        {
            facts->names[facts->name_count++] = text;
        }
    }
    GENERAL_NAMES_free(names);
}

static void read_digest(struct ajar_tls_facts *facts, const X509 *leaf)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (X509_digest(leaf, EVP_sha256(), digest, &len) != 1 ||
        2 * (size_t)len + 1 != sizeof(facts->sha256))
    {
        return;
    }
    for (unsigned i = 0; i < len; i++)
    {
        facts->sha256[2 * i] = digits[digest[i] >> 4];
        facts->sha256[2 * i + 1] = digits[digest[i] & 15u];
    }
    facts->sha256[2 * len] = '\0';
}

static void read_not_after(struct ajar_tls_facts *facts, const X509 *leaf)
{
    struct tm when;
    if (ASN1_TIME_to_tm(X509_get0_notAfter(leaf), &when) != 1 ||
        strftime(facts->not_after, sizeof(facts->not_after), "%Y-%m-%dT%H:%M:%SZ",
                 &when) == 0)
    {
        facts->not_after[0] = '\0';
    }
}

void facts_read(struct ajar_tls_facts *facts, const X509 *leaf)
{
    facts_deinit(facts);
    read_digest(facts, leaf);
    read_not_after(facts, leaf);
    facts->subject = name_text(X509_get_subject_name(leaf));
    facts->issuer = name_text(X509_get_issuer_name(leaf));
    read_names(facts, leaf);
}

void facts_deinit(struct ajar_tls_facts *facts)
{
    free(facts->subject);
    free(facts->issuer);
    for (size_t i = 0; i < facts->name_count; i++)
    {
        free(facts->names[i]);
    }
    memset(facts, 0, sizeof(*facts));
}
