/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/classify.h"

#include <string.h>

/*
 * How to close it, in the order in which a person should do it. First what stops the
 * reading today, then what keeps it stopped.
 */

#define REMEDY_NETWORK                                                                   \
    "Now: block the port (9200-9300) at the firewall or security group for all but "     \
    "the hosts that need it."
#define REMEDY_BIND                                                                      \
    "Set network.host to an internal address in elasticsearch.yml and restart the node."
#define REMEDY_PROXY                                                                     \
    "Put a reverse proxy with authentication and TLS before it; let only the proxy "     \
    "reach the port."
#define REMEDY_LOOK                                                                      \
    "Read the access logs for strangers, and rotate every secret that the data holds."

/* NOLINTBEGIN(bugprone-suspicious-missing-comma): long lines are split on purpose */

/* Before 6.8 and 7.1 security cost a licence. */
static const char *const elasticsearch_before_free[] = {
    REMEDY_NETWORK,
    REMEDY_BIND,
    "This release has no free access control: " REMEDY_PROXY,
    "Upgrade to a maintained release (8.19 or 9.4 and later), where it is free and on.",
    REMEDY_LOOK,
    NULL,
};

static const char *const elasticsearch_free[] = {
    REMEDY_NETWORK,
    "Set xpack.security.enabled: true in elasticsearch.yml of every node, restart, and "
    "run bin/elasticsearch-setup-passwords.",
    "The oss build has no security: move to the default build or put a proxy before it.",
    "Look for xpack.security.authc.anonymous in elasticsearch.yml and remove it.",
    "This line is at its end: upgrade to 8.19 or 9.4 and later.",
    REMEDY_LOOK,
    NULL,
};

static const char *const elasticsearch_default_on[] = {
    REMEDY_NETWORK,
    "Security is on by default here, so somebody turned it off: set "
    "xpack.security.enabled: "
    "true (and xpack.security.http.ssl.enabled: true) on every node and restart.",
    "Look for xpack.security.authc.anonymous in elasticsearch.yml and remove it or its "
    "roles.",
    "Set the password of elastic: bin/elasticsearch-reset-password -u elastic.",
    REMEDY_LOOK,
    NULL,
};

static const char *const elasticsearch_any[] = {
    REMEDY_NETWORK,
    "Turn on xpack.security.enabled in elasticsearch.yml (free from 6.8 and 7.1 on).",
    "Look for xpack.security.authc.anonymous in elasticsearch.yml and remove it.",
    REMEDY_LOOK,
    NULL,
};

static const char *const opensearch_any[] = {
    REMEDY_NETWORK,
    "Enable the security plugin: remove plugins.security.disabled: true from "
    "opensearch.yml, set up certificates, restart, run securityadmin.sh.",
    "Set anonymous_auth_enabled: false in the plugin's config.yml and remove the roles "
    "mapped to opendistro_security_anonymous_backendrole.",
    "On AWS: replace an open access policy (Principal \"*\") and move the domain into a "
    "VPC.",
    REMEDY_LOOK,
    NULL,
};

static const char *const lookalike_any[] = {
    "Now: block the port at the firewall or security group for all but the hosts that "
    "need it.",
    "Turn on the authentication of this product, or put a proxy with authentication "
    "before it.",
    REMEDY_LOOK,
    NULL,
};

/* NOLINTEND(bugprone-suspicious-missing-comma) */

static const char *const nothing_open[] = {NULL};

static const char *const *of_elasticsearch(const char *version)
{
    struct ajar_release release;
    if (!ajar_release_parse(version, &release))
    {
        return elasticsearch_any;
    }
    if (ajar_release_before(&release, 6, 8, 0) ||
        (release.major == 7 && release.minor == 0))
    {
        return elasticsearch_before_free;
    }
    return release.major < 8 ? elasticsearch_free : elasticsearch_default_on;
}

const char *const *ajar_remedy(const char *product, const char *version,
                               enum ajar_exposure exposure)
{
    if (!ajar_exposure_is_open(exposure))
    {
        return nothing_open;
    }
    if (product != NULL && strcmp(product, "elasticsearch") == 0)
    {
        return of_elasticsearch(version);
    }
    if (product != NULL && strcmp(product, "opensearch") == 0)
    {
        return opensearch_any;
    }
    return lookalike_any;
}
