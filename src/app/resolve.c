/* SPDX-License-Identifier: Apache-2.0 */
#include "resolve.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct lookup
{
    uv_getaddrinfo_t request;
    size_t index;
    resolve_fn fn;
    void *context;
};

static bool to_addr(const struct sockaddr *from, struct ajar_addr *out)
{
    if (from->sa_family == AF_INET)
    {
        const struct sockaddr_in *v4 = (const void *)from;
        *out = ajar_addr_from_v4(ntohl(v4->sin_addr.s_addr));
        return true;
    }
    if (from->sa_family == AF_INET6)
    {
        const struct sockaddr_in6 *v6 = (const void *)from;
        memcpy(out->bytes, &v6->sin6_addr, sizeof out->bytes);
        return true;
    }
    return false;
}

static void on_answer(uv_getaddrinfo_t *request, int status, struct addrinfo *list)
{
    struct lookup *lookup = request->data;
    struct ajar_addr addrs[RESOLVE_MAX_ADDRS];
    size_t count = 0;
    for (struct addrinfo *at = list; at != NULL && count < RESOLVE_MAX_ADDRS;
         at = at->ai_next)
    {
        count += to_addr(at->ai_addr, &addrs[count]) ? 1 : 0;
    }
    const char *error = NULL;
    if (status != 0 || count == 0)
    {
        error = status != 0 ? uv_strerror(status) : "no address";
    }
    lookup->fn(lookup->context, lookup->index, addrs, count, error);
    uv_freeaddrinfo(list);
}

int resolve_names(const char *const *names, size_t count, resolve_fn fn, void *context)
{
    static const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                          .ai_socktype = SOCK_STREAM};
    uv_loop_t loop;
    if (count == 0)
    {
        return AJAR_OK;
    }
    struct lookup *lookups = calloc(count, sizeof *lookups);
    if (lookups == NULL || uv_loop_init(&loop) != 0)
    {
        free(lookups);
        return AJAR_ENOMEM;
    }
    for (size_t i = 0; i < count; i++)
    {
        lookups[i] = (struct lookup){.index = i, .fn = fn, .context = context};
        lookups[i].request.data = &lookups[i];
        int status =
            uv_getaddrinfo(&loop, &lookups[i].request, on_answer, names[i], NULL, &hints);
        if (status != 0)
        {
            fn(context, i, NULL, 0, uv_strerror(status));
        }
    }
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&loop);
    free(lookups);
    return AJAR_OK;
}
