/* SPDX-License-Identifier: Apache-2.0 */
#include "simnet.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

/*
 * A certificate made at start, so that no key is ever committed. It names the fictional
 * hosts of the demo, and is good for nobody.
 */

static bool add_names(X509 *certificate)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *names = X509V3_EXT_conf_nid(
        NULL, &context, NID_subject_alt_name,
        "DNS:simnet.corp.example,DNS:*.support.corp.example,IP:127.0.0.1");
    bool good = names != NULL && X509_add_ext(certificate, names, -1) == 1;
    X509_EXTENSION_free(names);
    return good;
}

static bool fill(X509 *certificate, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, 2) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), 30L * 24 * 3600) != NULL &&
           X509_set_pubkey(certificate, key) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                      (const unsigned char *)"simnet.corp.example", -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && add_names(certificate) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

SSL_CTX *tls_context(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    bool good = key != NULL && certificate != NULL && context != NULL &&
                fill(certificate, key) &&
                SSL_CTX_use_certificate(context, certificate) == 1 &&
                SSL_CTX_use_PrivateKey(context, key) == 1;
    if (good)
    {
        /* no tickets: each would be one more write behind the handshake */
        (void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        (void)SSL_CTX_set_num_tickets(context, 0);
        (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        (void)SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                            SSL_MODE_RELEASE_BUFFERS);
    }
    else
    {
        say("no certificate: %s", ERR_reason_error_string(ERR_get_error()));
        SSL_CTX_free(context);
        context = NULL;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}
