/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"

#include <stdlib.h>

#include "tls.h"

int ajar_net_new(uv_loop_t *loop, struct ajar_net **out)
{
    struct ajar_net *net = malloc(sizeof(*net)); /* buffers are written before read */
    if (net == NULL)
    {
        return AJAR_ENOMEM;
    }
    net->loop = loop;
    net->ssl = tls_context_new();
    if (net->ssl == NULL)
    {
        free(net);
        return AJAR_ENOMEM;
    }
    *out = net;
    return AJAR_OK;
}

void ajar_net_free(struct ajar_net *net)
{
    if (net != NULL)
    {
        SSL_CTX_free(net->ssl);
        free(net);
    }
}

static enum ajar_link_end end_of_local(int uv_error)
{
    switch (uv_error)
    {
    /* EACCES and EPERM come from a local firewall, EACCES also from ICMPv6
     * "administratively prohibited" (RFC 4443 section 3.1). EINVAL: the source address
     * that the route gives cannot speak to that destination. */
    case UV_EACCES:
    case UV_EPERM:
    case UV_EINVAL:
    case UV_EAFNOSUPPORT:
        return AJAR_LINK_NET_UNREACHABLE;
    default:
        /* EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EADDRINUSE, EAGAIN. An error
         * that nobody foresaw is ours too: the target must not look examined. */
        return AJAR_LINK_LOCAL_RESOURCE;
    }
}

enum ajar_link_end net_end_of(int uv_error)
{
    switch (uv_error)
    {
    case UV_EOF:
        return AJAR_LINK_EOF;
    case UV_ECONNREFUSED:
        return AJAR_LINK_REFUSED;
    case UV_ETIMEDOUT:
        return AJAR_LINK_TIMEOUT;
    case UV_ECONNRESET:
    case UV_ECONNABORTED:
    case UV_EPIPE:
        return AJAR_LINK_RESET;
    /* What Linux makes of the other ICMP "unreachable" codes (RFC 1122 3.2.2.1):
     * protocol, source route failed, host isolated, parameter problem. */
    case UV_EHOSTUNREACH:
    case UV_EHOSTDOWN:
    case UV_ENOPROTOOPT:
    case UV_ENONET:
    case UV_EPROTO:
        return AJAR_LINK_HOST_UNREACHABLE;
    case UV_ENETUNREACH:
    case UV_ENETDOWN:
        return AJAR_LINK_NET_UNREACHABLE;
    default:
        return end_of_local(uv_error);
    }
}
