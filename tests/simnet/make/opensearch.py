# SPDX-License-Identifier: Apache-2.0
"""OpenSearch and Open Distro (wire-facts 2.2 and 3)."""
from base import Case, http
from elastic import OPEN, Recording, SHOP, SHOP_FACTS, recorded
from engine import Engine, TAGLINE

REFUSED = {"exposure": "protected", "outcome": "replied", "flags": [], "severity": "none",
           "max_requests": 1}


def security(folder):
    rec = Recording(folder, "opensearch-3.4.0-security-noauth")
    case = Case("opensearch/3.4.0-security", "recorded: 401, and the 12 bytes Unauthorized")
    case.file("any.http", rec.data("/"))
    # X-OpenSearch-Version stands on the 401, too
    cases = [case.route("default", "any.http").want(**REFUSED, product="opensearch",
                                                    version="3.4.0")]
    rec = Recording(folder, "opensearch-3.4.0-security-anonymous")
    engine = Engine("3.4.0", "opensearch")
    case = Case("opensearch/3.4.0-anonymous",
                "recorded: anonymous may see the banner and health")
    for name, path in (("root", "/"), ("health", "/_cluster/health"),
                       ("list", "/_cat/indices?format=json&bytes=b"),
                       ("aliases", "/_aliases"), ("count", "/_all/_count"),
                       ("index", "/nonsense-path-xyz")):
        case.file(name + ".http", rec.data(path, "two"))
    for path, name in (("/", "root"), ("/_cluster/health", "health"),
                       ("/_cat/indices", "list"), ("/_aliases", "aliases"),
                       ("/*/_count", "count")):
        case.route(path, name + ".http")
    case.route("default", "index.http")
    cases.append(case.want(exposure="metadata", outcome="replied", product="opensearch",
                           version="3.4.0", flags=["partial"], severity="low",
                           max_requests=6))
    rec = Recording(folder, "opensearch-2.11.1-security-starting")
    case = Case("opensearch/2.11.1-security-starting", "recorded: 503 for the first seconds")
    case.file("any.http", rec.data("/"))
    cases.append(case.route("default", "any.http").want(
        exposure="inconclusive", outcome="replied", product="opensearch", version=None,
        flags=[], severity="none", max_requests=6))
    return cases


def texts():
    """401 of the security plugin by version: it changed its mind about the body."""
    realm = ("WWW-Authenticate", 'Basic realm="OpenSearch Security"')
    text = ("content-type", "text/plain; charset=UTF-8")
    rows = (("2.5.0-security", http(401, [realm, text], "Unauthorized"), "opensearch"),
            ("2.11.1-security", http(401, [realm, text], ""), "opensearch"),
            ("1.3.14-security", http(401, [realm, text], ""), "opensearch"),
            ("security-no-challenge", http(401, [text], "Authentication finally failed"),
             None))
    cases = []
    for name, data, product in rows:
        case = Case("opensearch/" + name, "the security plugin refuses")
        case.file("any.http", data)
        cases.append(case.route("default", "any.http").want(**REFUSED, product=product,
                                                            version=None))
    return cases


def made_up():
    cases = []
    open_ = dict(OPEN, product="opensearch", severity="critical", indices=SHOP_FACTS)
    for version, flags in (("1.2.4", ["end_of_life"]), ("2.7.0", []), ("3.6.0", [])):
        case = Engine(version, "opensearch").open_case(
            "opensearch/%s-open" % version, "open", SHOP)
        cases.append(case.want(**open_, version=version, flags=flags))
    # compatibility.override_main_response_version: number 7.10.2, no distribution (R4, R5)
    for name, version, cluster in (("2.5.0-compat", "2.5.0", "corp-search"),
                                   ("wazuh-4", "2.7.0", "wazuh-cluster"),
                                   ("aws-managed", "2.11.1", "123456789012:search")):
        engine = Engine(version, "opensearch")
        change = {"number": "7.10.2", "distribution": None}
        if name == "aws-managed":
            change.update(build_hash="unknown", build_type="tar")
        case = engine.open_case("opensearch/" + name,
                                "calls itself 7.10.2 on a Lucene that 7.10.2 never had", SHOP,
                                root=engine.root(cluster=cluster, **change))
        cases.append(case.want(**open_, version=None, flags=[]))
    engine = Engine("2.5.0", "opensearch")
    body = engine.root(number="7.10.2", distribution=None).replace(
        "The OpenSearch Project: https://opensearch.org/", TAGLINE)
    case = engine.open_case("opensearch/2.5.0-compat-stripped",
                            "the same with the tagline of Elasticsearch: Lucene alone tells",
                            SHOP, root=body)
    cases.append(case.want(**open_, version=None, flags=[]))
    engine = Engine("2.19.6", "opensearch")
    case = Case("opensearch/2.19.6-no-manager", "no cluster manager")
    case.file("root.http", engine.reply(200, engine.root(uuid="_na_")))
    case.file("wait.http", engine.error(503, "cluster_manager_not_discovered_exception", None))
    case.route("/", "root.http").route("default", "wait.http")
    cases.append(case.want(exposure="inconclusive", outcome="replied", product="opensearch",
                           version="2.19.6", flags=[], severity="none", max_requests=6))
    # Open Distro is Elasticsearch OSS with a plugin: told by its indices alone
    engine = Engine("7.10.2")
    case = engine.open_case("opensearch/opendistro-open",
                            "Open Distro without its guard: an Elasticsearch by all it says",
                            SHOP + [(".opendistro-job-scheduler-lock", 1, 4096)],
                            root=engine.root(build_flavor="oss", build_type="rpm"))
    cases.append(case.want(**{**open_, "product": "elasticsearch", "indices": {
        "count": 4, "system": 2, "documents": 49414}}, version="7.10.2",
        flags=["end_of_life"]))
    return cases


def strict_serverless():
    """A managed edge that knows few parameters (elasticsearch4idea#155)."""
    engine = Engine("2.11.1", "opensearch")
    case = engine.open_case("opensearch/few-parameters",
                            "refuses expand_wildcards and time limits: asked again without",
                            SHOP)
    for at, (pattern, reply, options) in enumerate(case.routes):
        if pattern.startswith("/_cat/indices{"):
            case.routes[at] = ("/_cat/indices{format,h,bytes}", reply, options)
        if pattern.startswith("/_cluster/health{"):
            case.routes[at] = ("/_cluster/health{level}", reply, options)
    return [case.want(**{**OPEN, "max_requests": 9}, product="opensearch", version="2.11.1",
                      flags=[], severity="critical", indices=SHOP_FACTS)]


def all_cases(folder):
    cases = []
    if folder:
        for version in ("1.3.13", "2.19.1", "3.4.0"):
            cases += recorded(folder, version, "opensearch")
        cases += security(folder)
    return cases + texts() + made_up() + strict_serverless()
