/* SPDX-License-Identifier: Apache-2.0 */
#include "recheck.h"

#include <stdio.h>
#include <string.h>

#include "target_arg.h"

/* A scan may be under way: a person waits a little for it. */
#define LOCK_WAIT_MS 10000u

struct endpoints
{
    struct intake *intake;
    const struct session *session;
    enum app_exit code;
    uint64_t left_out;
};

static bool add_endpoints(void *context, const struct ajar_finding_view *finding)
{
    struct endpoints *to = context;
    for (size_t i = 0; i < finding->endpoint_count && to->code == APP_OK; i++)
    {
        const struct ajar_endpoint_view *endpoint = &finding->endpoints[i];
        to->code = intake_endpoint(to->intake, to->session, &endpoint->addr,
                                   endpoint->port, endpoint->name);
    }
    to->left_out = finding->endpoints_total - finding->endpoint_count;
    return true;
}

/* "F-..." is a finding; what has a dot or a colon is an address or a name; else
 * a finding is tried: a bare prefix of an id. */
static bool looks_like_finding(const char *text)
{
    bool marked = (text[0] == 'F' || text[0] == 'f') && text[1] == '-';
    return marked || strpbrk(text, ".:/[") == NULL;
}

static enum app_exit add_finding(struct endpoints *to, struct store *store,
                                 const char *text)
{
    char id[AJAR_FINDING_ID_BYTES];
    enum app_exit code = store_match(store, text, NULL, id);
    if (code != APP_OK)
    {
        return code;
    }
    if (ajar_state_finding(store->state, id, NULL, add_endpoints, to) != AJAR_OK)
    {
        return store_failed(store);
    }
    if (to->left_out > 0)
    {
        (void)fprintf(stderr,
                      "ajar: %s has %llu more endpoints: `ajar scan` looks at all\n", id,
                      (unsigned long long)to->left_out);
    }
    return to->code;
}

enum app_exit recheck_intake(struct intake *intake, const struct session *session,
                             struct store *store, const struct app_options *options)
{
    const char *addresses[256];
    size_t address_count = 0;
    struct endpoints to = {.intake = intake, .session = session};
    enum app_exit code = APP_OK;
    if (store_open(store, options, STORE_RUN, LOCK_WAIT_MS) != AJAR_OK)
    {
        code = store_open_failed(store, STORE_RUN);
        (void)fprintf(stderr, "  nothing was visited; `ajar check` looks without the "
                              "memory\n");
    }
    for (size_t i = 0; i < options->arg_count && code == APP_OK; i++)
    {
        if (looks_like_finding(options->args[i]) &&
            strcmp(options->args[i], "localhost") != 0)
        {
            code = add_finding(&to, store, options->args[i]);
        }
        else if (address_count == AJAR_COUNT_OF(addresses))
        {
            (void)fprintf(stderr,
                          "ajar: at most %zu addresses at once; `ajar scan` "
                          "looks at all\n",
                          AJAR_COUNT_OF(addresses));
            code = APP_USAGE;
        }
        else
        {
            addresses[address_count++] = options->args[i];
        }
    }
    return code == APP_OK && address_count > 0
               ? intake_args(intake, session, addresses, address_count, options)
               : code;
}
