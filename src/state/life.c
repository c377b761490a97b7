/* SPDX-License-Identifier: Apache-2.0 */
#include "life.h"

bool life_proves_closed(enum ajar_exposure exposure, enum ajar_outcome outcome)
{
    return outcome == AJAR_OUTCOME_REFUSED || exposure == AJAR_EXPOSURE_PROTECTED ||
           exposure == AJAR_EXPOSURE_NOT_DATASTORE;
}

enum life_look life_look_of(enum ajar_exposure exposure, enum ajar_outcome outcome,
                            bool same)
{
    if (ajar_exposure_is_open(exposure))
    {
        /* another cluster answers where this one did: it is not here any more */
        return same ? LIFE_LOOK_OPEN : LIFE_LOOK_CLOSED;
    }
    return life_proves_closed(exposure, outcome) ? LIFE_LOOK_CLOSED : LIFE_LOOK_SILENT;
}

bool life_answered(enum ajar_outcome outcome)
{
    switch (outcome)
    {
    case AJAR_OUTCOME_REPLIED:
    case AJAR_OUTCOME_REFUSED:
    case AJAR_OUTCOME_RESET:
    case AJAR_OUTCOME_CLOSED:
    case AJAR_OUTCOME_TIMEOUT_REPLY:
    case AJAR_OUTCOME_TLS_FAILED:
    case AJAR_OUTCOME_NOT_HTTP:
    case AJAR_OUTCOME_UNPARSEABLE:
    case AJAR_OUTCOME_TOO_LARGE:
    case AJAR_OUTCOME_OUT_OF_BUDGET:
        return true;
    case AJAR_OUTCOME_TIMEOUT_CONNECT:
    case AJAR_OUTCOME_HOST_UNREACHABLE:
    case AJAR_OUTCOME_NET_UNREACHABLE:
    case AJAR_OUTCOME_LOCAL_RESOURCE:
    case AJAR_OUTCOME_EXCLUDED:
    case AJAR_OUTCOME_INTERRUPTED:
    case AJAR_OUTCOME_COUNT:
        break;
    }
    return false;
}

bool life_endpoint_look(struct life_endpoint *endpoint, enum life_look look,
                        int64_t time_ms)
{
    struct life_endpoint before = *endpoint;
    switch (look)
    {
    case LIFE_LOOK_NONE:
        break;
    case LIFE_LOOK_OPEN:
        *endpoint = (struct life_endpoint){0};
        break;
    case LIFE_LOOK_CLOSED:
        endpoint->silent = false;
        if (endpoint->closed_looks == 0)
        {
            endpoint->closed_ms = time_ms;
        }
        if (endpoint->closed_looks < LIFE_CLOSING_LOOKS)
        {
            endpoint->closed_looks++;
        }
        break;
    case LIFE_LOOK_SILENT:
        /* what was proven twice stays proven, say for a host that is gone since */
        endpoint->silent = endpoint->closed_looks < LIFE_CLOSING_LOOKS;
        break;
    }
    return before.closed_looks != endpoint->closed_looks ||
           before.silent != endpoint->silent || before.retired != endpoint->retired ||
           before.closed_ms != endpoint->closed_ms;
}

enum ajar_endpoint_state life_endpoint_state(const struct life_endpoint *endpoint)
{
    if (endpoint->silent)
    {
        return AJAR_ENDPOINT_SILENT;
    }
    return endpoint->closed_looks > 0 || endpoint->retired ? AJAR_ENDPOINT_CLOSED
                                                           : AJAR_ENDPOINT_OPEN;
}

bool life_endpoint_counts(const struct life_endpoint *endpoint)
{
    return !endpoint->retired && endpoint->closed_looks < LIFE_CLOSING_LOOKS;
}

enum ajar_finding_state life_state(const struct life_endpoint *endpoints, size_t count)
{
    bool any_silent = false;
    bool all_closed = true;
    bool any_counted = false;
    for (size_t i = 0; i < count; i++)
    {
        const struct life_endpoint *endpoint = &endpoints[i];
        if (endpoint->retired)
        {
            continue;
        }
        any_counted = true;
        if (endpoint->closed_looks == 0 && !endpoint->silent)
        {
            return AJAR_FINDING_OPEN;
        }
        any_silent = any_silent || endpoint->silent;
        all_closed = all_closed && endpoint->closed_looks >= LIFE_CLOSING_LOOKS;
    }
    if (!any_counted || any_silent)
    {
        return AJAR_FINDING_UNVERIFIED;
    }
    return all_closed ? AJAR_FINDING_RESOLVED : AJAR_FINDING_CLOSING;
}

int64_t life_first_closed(const struct life_endpoint *endpoints, size_t count)
{
    int64_t latest = 0;
    for (size_t i = 0; i < count; i++)
    {
        if (endpoints[i].retired)
        {
            continue;
        }
        if (endpoints[i].closed_looks == 0)
        {
            return 0;
        }
        latest = endpoints[i].closed_ms > latest ? endpoints[i].closed_ms : latest;
    }
    return latest;
}

bool life_documents_changed(uint64_t told, uint64_t now)
{
    if (told == 0 || now == 0)
    {
        return told != now;
    }
    uint64_t more = told > now ? told : now;
    uint64_t less = told > now ? now : told;
    /* growth by half from told; loss of half of told */
    bool far = now > told ? now - told >= told / 2 + told % 2 : now <= told / 2;
    return far && more - less >= 1000;
}

bool life_is_collapse(uint64_t before, uint64_t now)
{
    return before >= 100 && now <= before / 10;
}

void life_near_bounds(uint64_t documents, uint64_t *out_low, uint64_t *out_high)
{
    *out_low = documents - documents / 20;
    uint64_t more = documents / 19; /* documents is then 95 % of it */
    *out_high = more > UINT64_MAX - documents ? UINT64_MAX : documents + more;
}

bool life_is_near(uint64_t a, uint64_t b)
{
    uint64_t larger = a > b ? a : b;
    uint64_t smaller = a > b ? b : a;
    return smaller > 0 && larger - smaller <= larger / 20;
}

uint64_t life_backoff_ms(uint32_t attempts)
{
    const uint64_t most = 6ull * 3600000ull;
    uint64_t wait = 30000;
    for (uint32_t i = 1; i < attempts && wait < most; i++)
    {
        wait *= 2;
    }
    return wait < most ? wait : most;
}
