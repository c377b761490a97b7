/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * Sources: the field sets of the Elastic Common Schema 1.0 to 9.0 and the module lists of
 * Filebeat, Metricbeat, Packetbeat, Auditbeat, Heartbeat and Winlogbeat 7 and 8, by their
 * published documentation.
 *
 * A mapping that grew from events has the sets that these events had. A template has all
 * of them, and lists `user.hash`, which next to nobody fills, at both ends of a
 * connection. All four marks together: it is no harm to miss a template (its fields count
 * as evidence, as ever), but it is to take a customer's data for one.
 */
enum
{
    MARK_EPHEMERAL_ID = 1 << 0, /* agent.ephemeral_id: a Beat or Elastic Agent */
    MARK_ECS_VERSION = 1 << 1,
    MARK_CLIENT = 1 << 2, /* <end>.user.hash */
    MARK_SERVER = 1 << 3,
    MARK_SOURCE = 1 << 4,
    MARK_DESTINATION = 1 << 5,
    GROUPS_MIN = 16, /* a mapping cut at 256 KiB shows those up to about `h` */
    ENDS_MIN = 2,
    MODULES_MIN = 5 /* below: somebody ships these, the template did not list them all */
};

static const char *const groups[] = {
    "agent",        "as",           "client",      "cloud",         "code_signature",
    "container",    "data_stream",  "destination", "device",        "dll",
    "dns",          "ecs",          "elf",         "email",         "entity",
    "error",        "event",        "faas",        "file",          "geo",
    "gen_ai",       "group",        "hash",        "host",          "http",
    "interface",    "log",          "macho",       "network",       "observer",
    "orchestrator", "organization", "os",          "package",       "pe",
    "process",      "registry",     "related",     "risk",          "rule",
    "server",       "service",      "source",      "span",          "threat",
    "tls",          "trace",        "transaction", "url",           "user",
    "user_agent",   "vlan",         "volume",      "vulnerability", "x509",
};
_Static_assert(AJAR_COUNT_OF(groups) <= 64, "they are counted in 64 bits");

/* Modules whose fields stand in a Beat's own template. */
static const char *const modules[] = {
    "activemq",
    "aerospike",
    "apache",
    "auditd",
    "aws",
    "awsfargate",
    "azure",
    "bluecoat",
    "cef",
    "checkpoint",
    "cisco",
    "cloudfoundry",
    "coredns",
    "couchbase",
    "crowdstrike",
    "cyberark",
    "cyberarkpas",
    "docker",
    "elasticsearch",
    "envoyproxy",
    "etcd",
    "fortinet",
    "gcp",
    "google_workspace",
    "googlecloud",
    "gsuite",
    "haproxy",
    "ibmmq",
    "icinga",
    "iis",
    "iptables",
    "jolokia",
    "juniper",
    "kafka",
    "kibana",
    "kubernetes",
    "logstash",
    "microsoft",
    "misp",
    "mongodb",
    "mssql",
    "mysql",
    "mysqlenterprise",
    "nats",
    "netflow",
    "nginx",
    "o365",
    "okta",
    "oracle",
    "osquery",
    "panw",
    "pensando",
    "php_fpm",
    "postgresql",
    "prometheus",
    "rabbitmq",
    "redis",
    "rsa",
    "salesforce",
    "santa",
    "snyk",
    "sophos",
    "suricata",
    "system",
    "threatintel",
    "tomcat",
    "traefik",
    "vsphere",
    "winlog",
    "zeek",
    "zookeeper",
    "zoom",
};

_Static_assert(AJAR_COUNT_OF(modules) <= 128, "they are counted in 128 bits");

/* The last two components of the schema's fields that the word lists know: of whatever
 * stands before them, each has to be one of the schema's objects. */
static const char *const listed[][2] = {
    {"", "message"},
    {"agent", "name"},
    {"bcc", "address"},
    {"cc", "address"},
    {"client", "address"},
    {"client", "ip"},
    {"client", "mac"},
    {"destination", "address"},
    {"destination", "ip"},
    {"destination", "mac"},
    {"device", "id"},
    {"device", "serial_number"},
    {"dns", "resolved_ip"},
    {"email", "address"},
    {"email", "subject"},
    {"error", "message"},
    {"file", "owner"},
    {"from", "address"},
    {"geo", "city_name"},
    {"geo", "location"},
    {"geo", "name"},
    {"geo", "postal_code"},
    {"geo", "region_name"},
    {"host", "ip"},
    {"host", "mac"},
    {"indicator", "description"},
    {"indicator", "ip"},
    {"nat", "ip"},
    {"network", "forwarded_ip"},
    {"origin", "address"},
    {"origin", "ip"},
    {"observer", "ip"},
    {"observer", "mac"},
    {"observer", "serial_number"},
    {"process", "command_line"},
    {"related", "ip"},
    {"related", "user"},
    {"reply_to", "address"},
    {"resource", "ip"},
    {"rule", "author"},
    {"sender", "address"},
    {"server", "address"},
    {"server", "ip"},
    {"server", "mac"},
    {"service", "address"},
    {"source", "address"},
    {"source", "ip"},
    {"source", "mac"},
    {"to", "address"},
    {"url", "password"},
    {"url", "username"},
    {"volume", "serial_number"},
    {"vulnerability", "description"},
    {"user", "email"},
    {"user", "full_name"},
    {"user", "name"},
    {"attested_user", "email"},
    {"attested_user", "full_name"},
    {"attested_user", "name"},
    {"changes", "email"},
    {"changes", "full_name"},
    {"changes", "name"},
    {"effective", "email"},
    {"effective", "full_name"},
    {"effective", "name"},
    {"real_user", "email"},
    {"real_user", "full_name"},
    {"real_user", "name"},
    {"saved_user", "email"},
    {"saved_user", "full_name"},
    {"saved_user", "name"},
    {"target", "address"},
    {"target", "ip"},
    {"target", "mac"},
    {"target", "email"},
    {"target", "full_name"},
    {"target", "name"},
};

/* Objects that hold others; the sets themselves may do so too. */
static const char *const objects[] = {
    "administers",
    "attested_user",
    "bcc",
    "cc",
    "changes",
    "depends_on",
    "effective",
    "egress",
    "enrichments",
    "entry_leader",
    "entry_meta",
    "from",
    "group_leader",
    "indicator",
    "ingress",
    "inner",
    "nat",
    "origin",
    "owns",
    "parent",
    "previous",
    "real_user",
    "relationships",
    "reply_to",
    "resource",
    "saved_user",
    "sender",
    "session_leader",
    "supervises",
    "target",
    "to",
};

static bool has_word(const char *const *words, size_t count, struct ajar_span word,
                     size_t *out_at)
{
    for (size_t i = 0; i < count; i++)
    {
        if (ajar_span_is(word, words[i]))
        {
            *out_at = i;
            return true;
        }
    }
    return false;
}

/* The first component; *rest is what follows its dot. */
static struct ajar_span first_of(struct ajar_span path, struct ajar_span *rest)
{
    size_t len = 0;
    while (len < path.len && path.data[len] != '.')
    {
        len++;
    }
    size_t next = len < path.len ? len + 1 : len;
    *rest = (struct ajar_span){path.data + next, path.len - next};
    return (struct ajar_span){path.data, len};
}

void template_note(struct ajar_template_marks *marks, struct ajar_span path)
{
    static const struct
    {
        const char *path;
        uint8_t mark;
    } signs[] = {
        {"agent.ephemeral_id", MARK_EPHEMERAL_ID},
        {"ecs.version", MARK_ECS_VERSION},
        {"client.user.hash", MARK_CLIENT},
        {"server.user.hash", MARK_SERVER},
        {"source.user.hash", MARK_SOURCE},
        {"destination.user.hash", MARK_DESTINATION},
    };
    struct ajar_span rest;
    size_t at = 0;
    struct ajar_span first = first_of(path, &rest);
    if (rest.len > 0 && has_word(groups, AJAR_COUNT_OF(groups), first, &at))
    {
        marks->groups |= UINT64_C(1) << at;
    }
    else if (rest.len > 0 && has_word(modules, AJAR_COUNT_OF(modules), first, &at))
    {
        marks->modules[at / 64] |= UINT64_C(1) << at % 64;
    }
    for (size_t i = 0; i < AJAR_COUNT_OF(signs); i++)
    {
        if (ajar_span_is(path, signs[i].path))
        {
            marks->signs |= signs[i].mark;
        }
    }
}

static size_t bits_of(uint64_t bits)
{
    size_t count = 0;
    for (; bits != 0; bits &= bits - 1)
    {
        count++;
    }
    return count;
}

static bool is_whole(const struct ajar_template_marks *marks)
{
    uint8_t shipper = MARK_EPHEMERAL_ID | MARK_ECS_VERSION;
    uint8_t ends = MARK_CLIENT | MARK_SERVER | MARK_SOURCE | MARK_DESTINATION;
    return (marks->signs & shipper) == shipper &&
           bits_of(marks->signs & ends) >= ENDS_MIN &&
           bits_of(marks->groups) >= GROUPS_MIN;
}

enum template_listed template_of(const struct ajar_template_marks *marks)
{
    if (!is_whole(marks))
    {
        return TEMPLATE_NOT_LISTED;
    }
    size_t count = bits_of(marks->modules[0]) + bits_of(marks->modules[1]);
    return count >= MODULES_MIN ? TEMPLATE_LISTED_MODULE : TEMPLATE_LISTED_SCHEMA;
}

static bool is_listed(struct ajar_span object, struct ajar_span field)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(listed); i++)
    {
        if (ajar_span_is(object, listed[i][0]) && ajar_span_is(field, listed[i][1]))
        {
            return true;
        }
    }
    return false;
}

enum template_listed template_lists(struct ajar_span path)
{
    struct ajar_span rest;
    struct ajar_span object = {path.data, 0};
    struct ajar_span part = first_of(path, &rest);
    size_t at = 0;
    if (has_word(modules, AJAR_COUNT_OF(modules), part, &at))
    {
        return rest.len > 0 ? TEMPLATE_LISTED_MODULE : TEMPLATE_NOT_LISTED;
    }
    while (rest.len > 0)
    {
        bool known = has_word(groups, AJAR_COUNT_OF(groups), part, &at) ||
                     has_word(objects, AJAR_COUNT_OF(objects), part, &at);
        if (!known)
        {
            return TEMPLATE_NOT_LISTED;
        }
        object = part;
        part = first_of(rest, &rest);
    }
    return is_listed(object, part) ? TEMPLATE_LISTED_SCHEMA : TEMPLATE_NOT_LISTED;
}
