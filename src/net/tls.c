/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "facts.h"

#define TLS_FEED_BYTES (8u * 1024u) /* at a time, so that a link's BIO stays small */
#define TLS_MAX_NAME 255

/* TLS record header: type, then the major version 3 (RFC 8446 section 5.1). */
#define TLS_RECORD_ALERT 21
#define TLS_RECORD_HANDSHAKE 22
#define TLS_RECORD_MAJOR 3

struct ajar_link_tls
{
    SSL *ssl; /* owns both BIOs */
    BIO *in;
    BIO *out;
    struct ajar_tls_facts facts;
    bool has_facts;
    bool has_data; /* plaintext came: the handshake stood, also for the peer */
    uint8_t head_len;
    unsigned char head[2]; /* the first bytes that the peer sent */
};

/*
 * Instead of chain building: nothing is trusted, so nothing needs checking, and this is
 * the one place where the leaf is seen even when the handshake fails later (a peer that
 * wants a certificate of ours, for one).
 */
static int on_certificate(X509_STORE_CTX *store, void *argument)
{
    (void)argument;
    const SSL *ssl =
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    const X509 *leaf = X509_STORE_CTX_get0_cert(store);
    struct ajar_link_tls *tls = SSL_get_app_data(ssl);
    if (leaf != NULL)
    {
        facts_read(&tls->facts, leaf);
        tls->has_facts = true;
    }
    return 1;
}

/*
 * The weakest server is still an open one: with the library's defaults a TLS 1.0 server
 * with a SHA-1 certificate would read as "does not speak TLS" (measured, OpenSSL 3.0).
 */
SSL_CTX *tls_context_new(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (ctx == NULL)
    {
        return NULL;
    }
    SSL_CTX_set_security_level(ctx, 0);
    (void)SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT |
                                       SSL_OP_NO_RENEGOTIATION |
                                       SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_TICKET);
    (void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    (void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(ctx, AJAR_MAX_HANDSHAKE);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_cert_verify_callback(ctx, on_certificate, NULL);
    if (SSL_CTX_set_min_proto_version(ctx, 0) != 1 ||
        SSL_CTX_set_cipher_list(ctx, "ALL:COMPLEMENTOFALL:@SECLEVEL=0") != 1)
    {
        SSL_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

/* RFC 6066 section 3: a DNS name without its final dot, never an address literal. */
static int set_server_name(SSL *ssl, const char *name)
{
    struct ajar_addr literal;
    struct ajar_span span = ajar_span_of(name);
    if (span.len > 0 && span.data[span.len - 1] == '.')
    {
        span.len--;
    }
    if (span.len == 0 || ajar_addr_parse(span, &literal) == AJAR_OK)
    {
        return AJAR_OK;
    }
    char text[TLS_MAX_NAME + 1];
    if (span.len > TLS_MAX_NAME)
    {
        return AJAR_EINVAL;
    }
    memcpy(text, span.data, span.len);
    text[span.len] = '\0';
    return SSL_set_tlsext_host_name(ssl, text) == 1 ? AJAR_OK : AJAR_ENOMEM;
}

int tls_new(struct ajar_link *link, const char *name)
{
    struct ajar_link_tls *tls = calloc(1, sizeof(*tls));
    if (tls == NULL)
    {
        return AJAR_ENOMEM;
    }
    link->tls = tls;
    ERR_clear_error();
    tls->ssl = SSL_new(link->net->ssl);
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    if (tls->ssl == NULL || tls->in == NULL || tls->out == NULL)
    {
        BIO_free(tls->in);
        BIO_free(tls->out);
        tls_free(link);
        return AJAR_ENOMEM;
    }
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    SSL_set_connect_state(tls->ssl);
    int status = SSL_set_app_data(tls->ssl, tls) == 1 ? set_server_name(tls->ssl, name)
                                                      : AJAR_ENOMEM;
    if (status < 0)
    {
        tls_free(link);
    }
    return status;
}

void tls_free(struct ajar_link *link)
{
    struct ajar_link_tls *tls = link->tls;
    if (tls == NULL)
    {
        return;
    }
    link->tls = NULL;
    SSL_free(tls->ssl);
    facts_deinit(&tls->facts);
    free(tls);
}

/* Everything that the engine wants to say goes out, after each call into it: handshake
 * flights, alerts, key updates, close_notify. */
static int flush(struct ajar_link *link)
{
    struct ajar_link_tls *tls = link->tls;
    char *data = NULL;
    long len = BIO_get_mem_data(tls->out, &data);
    if (len <= 0)
    {
        return AJAR_OK;
    }
    int status = link_write(link, (struct ajar_span){data, (size_t)len});
    (void)BIO_reset(tls->out);
    return status;
}

static void note_version(struct ajar_link_tls *tls)
{
    const char *version = SSL_get_version(tls->ssl);
    size_t len = strlen(version);
    if (len < sizeof(tls->facts.version))
    {
        memcpy(tls->facts.version, version, len + 1);
    }
}

/* What the first bytes say: TLS answers a ClientHello with a handshake record or an
 * alert, all else is another protocol (an HTTP error, a banner). */
static bool is_spoken(const struct ajar_link_tls *tls)
{
    bool type_fits = tls->head_len < 1 || tls->head[0] == TLS_RECORD_HANDSHAKE ||
                     tls->head[0] == TLS_RECORD_ALERT;
    bool version_fits = tls->head_len < 2 || tls->head[1] == TLS_RECORD_MAJOR;
    return type_fits && version_fits;
}

enum ajar_link_end tls_end_of(const struct ajar_link *link, enum ajar_link_end why)
{
    /* Before its first byte an end is just that: the port may speak plain HTTP, which
     * often answers a ClientHello so. After it, the handshake failed. */
    bool in_handshake = link->state == LINK_HANDSHAKE && link->tls->head_len > 0;
    if (in_handshake && (why == AJAR_LINK_EOF || why == AJAR_LINK_RESET))
    {
        return AJAR_LINK_TLS_FAILED;
    }
    return why;
}

static void shake(struct ajar_link *link)
{
    struct ajar_link_tls *tls = link->tls;
    ERR_clear_error();
    int result = SSL_do_handshake(tls->ssl);
    int error = SSL_get_error(tls->ssl, result);
    int flushed = flush(link);
    if (tls->has_facts || result == 1)
    {
        note_version(tls);
        tls->has_facts = true;
    }
    if (flushed < 0)
    {
        link_end(link, AJAR_LINK_LOCAL_RESOURCE);
    }
    else if (result == 1)
    {
        link->state = LINK_OPEN;
        link->events->opened(link);
    }
    else if (error != SSL_ERROR_WANT_READ || link->bytes_in > AJAR_MAX_HANDSHAKE)
    {
        /* Without a byte of the peer's the fault can only be here. */
        link_end(link,
                 tls->head_len > 0 ? AJAR_LINK_TLS_FAILED : AJAR_LINK_LOCAL_RESOURCE);
    }
}

static bool is_live(const struct ajar_link *link)
{
    return !link->closing && link->state == LINK_OPEN;
}

static void end_of_reading(struct ajar_link *link, int error)
{
    if (error == SSL_ERROR_ZERO_RETURN)
    {
        link_end(link, AJAR_LINK_EOF);
        return;
    }
    /* In TLS 1.3 our handshake is done before the peer has judged it: "certificate
     * required" and its like arrive as the first read (RFC 8446 section 4.4.2.4). */
    link_end(link, link->tls->has_data ? AJAR_LINK_RESET : AJAR_LINK_TLS_FAILED);
}

static void read_plain(struct ajar_link *link)
{
    struct ajar_link_tls *tls = link->tls;
    while (is_live(link))
    {
        ERR_clear_error();
        int count = SSL_read(tls->ssl, link->net->plain, NET_PLAIN_BYTES);
        int error = count > 0 ? SSL_ERROR_NONE : SSL_get_error(tls->ssl, count);
        int flushed = flush(link);
        if (count > 0)
        {
            tls->has_data = true;
            link->events->data(link, (struct ajar_span){link->net->plain, (size_t)count});
        }
        else if (error != SSL_ERROR_WANT_READ)
        {
            end_of_reading(link, error);
        }
        else
        {
            if (flushed < 0)
            {
                link_end(link, AJAR_LINK_LOCAL_RESOURCE);
            }
            return;
        }
    }
}

void tls_start(struct ajar_link *link)
{
    shake(link);
}

static void note_head(struct ajar_link_tls *tls, struct ajar_span bytes)
{
    for (size_t i = 0; i < bytes.len && tls->head_len < sizeof(tls->head); i++)
    {
        tls->head[tls->head_len++] = (unsigned char)bytes.data[i];
    }
}

static bool feed_some(struct ajar_link *link, struct ajar_span bytes)
{
    if (BIO_write(link->tls->in, bytes.data, (int)bytes.len) != (int)bytes.len)
    {
        link_end(link, AJAR_LINK_LOCAL_RESOURCE);
        return false;
    }
    if (link->state == LINK_HANDSHAKE)
    {
        shake(link);
    }
    if (is_live(link))
    {
        read_plain(link);
    }
    return !link->closing && link->state != LINK_ENDED;
}

void tls_feed(struct ajar_link *link, struct ajar_span bytes)
{
    note_head(link->tls, bytes);
    if (!is_spoken(link->tls))
    {
        link_end(link, AJAR_LINK_TLS_NOT_SPOKEN);
        return;
    }
    bool more = true;
    while (more && bytes.len > 0)
    {
        size_t some = bytes.len < TLS_FEED_BYTES ? bytes.len : TLS_FEED_BYTES;
        more = feed_some(link, (struct ajar_span){bytes.data, some});
        bytes.data += some;
        bytes.len -= some;
    }
}

int tls_write(struct ajar_link *link, struct ajar_span bytes)
{
    if (bytes.len > NET_MAX_UNSENT)
    {
        return AJAR_ELIMIT;
    }
    ERR_clear_error();
    int count = SSL_write(link->tls->ssl, bytes.data, (int)bytes.len);
    int status = flush(link);
    return count == (int)bytes.len ? status : AJAR_ESYSTEM;
}

void tls_goodbye(struct ajar_link *link)
{
    struct ajar_link_tls *tls = link->tls;
    ERR_clear_error();
    (void)SSL_shutdown(tls->ssl);
    char *data = NULL;
    long len = BIO_get_mem_data(tls->out, &data);
    if (len > 0)
    {
        uv_buf_t buf = {.base = data, .len = (size_t)len};
        (void)uv_try_write((uv_stream_t *)&link->tcp, &buf, 1);
        (void)BIO_reset(tls->out);
    }
}

const struct ajar_tls_facts *tls_facts(const struct ajar_link *link)
{
    return link->tls->has_facts ? &link->tls->facts : NULL;
}
