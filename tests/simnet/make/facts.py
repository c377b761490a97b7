# SPDX-License-Identifier: Apache-2.0
"""What wire-facts 1 to 4, 6 and 7 state and no other family holds: each case is one
statement (docs of the case: the statement)."""
from base import Case, http, pretty
from elastic import OPEN, SHOP, SHOP_FACTS
from engine import Engine, HEALTH_PARAMS, LIST_PARAMS, TAGLINE
from guards import JSON, TEXT, forbidden_by_ror, one
from opensearch import REFUSED
from strangers import like, site, version

LATE = ["end_of_life"]
WAITS = {"exposure": "inconclusive", "outcome": "replied", "product": "elasticsearch",
         "flags": LATE, "severity": "none", "max_requests": 6}


def first_banners():
    """1.1: the banner grew; 0.90.0 has no Lucene, before 1.4 there is no cluster name."""
    cases = []
    for number, keys in (("0.90.0", {"number": "0.90.0", "snapshot_build": False}),
                         ("0.90.2", {"number": "0.90.2", "snapshot_build": False,
                                     "lucene_version": "4.3.1"})):
        engine = Engine(number)
        body = pretty({"ok": True, "status": 200, "name": "Living Pharaoh", "version": keys,
                       "tagline": TAGLINE})
        health = engine.health(status="yellow", validation_failures=[
            "Shard [2] of index [orders-2026]: unassigned"])
        case = engine.open_case("elasticsearch/%s-open" % number,
                                "0.90 before 0.90.3: another banner; health that tells of "
                                "failures", SHOP, root=body, health=health)
        cases.append(case.want(**OPEN, product="elasticsearch", version=number, flags=LATE,
                               severity="critical", cluster={"status": "yellow"},
                               indices={"count": 3, "system": 1, "documents": 49414}))
    for number, note in (("1.3.2", "before 1.4: no cluster name on `/`, no status in a row"),
                         ("6.2.4", "6.0 to 6.2: compatibility versions, no build flavor; an "
                                   "unknown path is told in text"),
                         ("7.3.1", "before 7.7 expand_wildcards is refused; build hash of 7 "
                                   "digits"),
                         ("7.15.0", "7.14 and 7.15: some replies lack X-elastic-product")):
        engine = Engine(number)
        case = engine.open_case("elasticsearch/%s-open" % number, note, SHOP)
        if number == "7.15.0":
            for name, data in list(case.files.items()):
                case.files[name] = data.replace(b"X-elastic-product: Elasticsearch\r\n", b"")
        cases.append(case.want(**OPEN, product="elasticsearch", version=number, flags=LATE,
                               severity="critical", indices=SHOP_FACTS))
    return cases


def not_recovered():
    """1.1, 2.4: up to 6.8 `/` answers 503 with the whole banner while it starts."""
    cases = []
    for number in ("0.90.13", "1.7.6", "2.4.6", "5.6.16"):
        engine = Engine(number)
        case = Case("elasticsearch/%s-not-recovered" % number,
                    "starting: 503 with the banner on `/`, 503 elsewhere")
        change = {"status": 503} if engine.like < (2, 0, 0) else {}
        case.file("root.http", engine.reply(503, engine.root(**change)))
        case.file("block.http", engine.error(
            503, "cluster_block_exception",
            "blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];"))
        case.route("/", "root.http").route("default", "block.http")
        cases.append(case.want(**WAITS, version=number))
    return cases


def overloaded():
    """2.4: the breaker says 503 up to 6.8; a full queue says 429."""
    engine = Engine("6.8.23")
    case = engine.open_case("elasticsearch/6.8.23-breaker",
                            "out of memory: up to 6.8 the circuit breaker answers 503", SHOP)
    case.file("breaker.http", engine.error(
        503, "circuit_breaking_exception", "[parent] Data too large, data for "
        "[<http_request>] would be [1028061872/980.4mb], which is larger than the limit of "
        "[1020054732/972.7mb]", bytes_wanted=1028061872, bytes_limit=1020054732))
    case.routes = [case.routes[0], ("default", "breaker.http", "")]
    cases = [case.want(**WAITS, version="6.8.23")]
    engine = Engine("7.17.9")
    case = engine.open_case("elasticsearch/7.17.9-rejected",
                            "the search queue is full: counts answer 429, the list stands",
                            SHOP)
    case.file("full.http", engine.error(
        429, "es_rejected_execution_exception", "rejected execution of "
        "org.elasticsearch.common.util.concurrent.TimedRunnable@4c1b2a on "
        "QueueResizingEsThreadPoolExecutor[name = node-1/search, queue capacity = 1000]"))
    for at, (pattern, reply, options) in enumerate(case.routes):
        if "_count" in pattern and reply.startswith("count"):
            case.routes[at] = (pattern, "full.http", options)
    cases.append(case.want(exposure="indices", outcome="replied", product="elasticsearch",
                           version="7.17.9", flags=["partial"] + LATE, severity="high",
                           indices=SHOP_FACTS, max_requests=8))
    return cases


def health_and_rows():
    """1.3 and 1.4: members and values that came late or mean little."""
    cases = []
    base = dict(OPEN, product="elasticsearch", severity="critical", indices=SHOP_FACTS)
    engine = Engine("8.12.1")
    case = engine.open_case("elasticsearch/8.12.1-health-timed-out",
                            "8.x may say 200 with timed_out: true", SHOP,
                            health=engine.health(status="red", timed_out=True))
    cases.append(case.want(**base, version="8.12.1", flags=LATE, cluster={"status": "red"}))
    engine = Engine("9.1.0")
    case = engine.open_case("elasticsearch/9.1.0-unassigned-primaries",
                            "8.16 and later: health has unassigned_primary_shards", SHOP,
                            health=engine.health(unassigned_primary_shards=0))
    cases.append(case.want(**base, version="9.1.0", flags=LATE, cluster={"status": "green"}))
    engine = Engine("6.8.23")
    case = engine.open_case("elasticsearch/6.8.23-red-star",
                            "a row's health is `red*` where it is not known", SHOP)
    rows = engine.rows(SHOP)
    rows[1]["health"] = "red*"
    case.files["list.http"] = engine.reply(200, rows)
    cases.append(case.want(**base, version="6.8.23", flags=LATE))
    engine = Engine("7.17.9")
    closed = {"status": "close", "docs.count": None, "store.size": None}
    case = engine.open_case("elasticsearch/7.17.9-closed-only",
                            "one index, closed and replicated (7.2 and later): it has health "
                            "and shards, and nothing to count", [])
    case.files["list.http"] = engine.reply(200, engine.rows([
        ("archive-2019", 0, 0, closed)]))
    case.files["count-all.http"] = engine.reply(200, engine.count(0, 0))
    cases.append(case.want(exposure="indices", outcome="replied", product="elasticsearch",
                           version="7.17.9", flags=LATE, severity="medium",
                           indices={"count": 1, "system": 0}, max_requests=8))
    return cases


def cloud():
    """1.2: what Elastic Cloud's edge adds; 1.1: Serverless lies behind a login."""
    edge = [("X-Cloud-Request-Id", "6b0c2f4eQ0GkAAAAAAAAAA"),
            ("X-Found-Handling-Cluster", "0123456789abcdef0123456789abcdef"),
            ("X-Found-Handling-Instance", "instance-0000000001")]
    head = "".join("%s: %s\r\n" % pair for pair in edge).encode()
    engine = Engine("8.12.1")
    case = engine.open_case("elasticsearch/8.12.1-cloud-anonymous",
                            "Elastic Cloud with an anonymous superuser", SHOP)
    for name, data in list(case.files.items()):
        case.files[name] = data.replace(b"\r\n", b"\r\n" + head, 1)
    cases = [case.want(**OPEN, product="elasticsearch", version="8.12.1", flags=LATE,
                       severity="critical", indices=SHOP_FACTS)]
    reason = "missing authentication credentials for REST request [@{uri}]"
    challenge = [("WWW-Authenticate", 'Basic realm="security", charset="UTF-8"'),
                 ("WWW-Authenticate", "Bearer realm=\"security\""),
                 ("WWW-Authenticate", "ApiKey")]
    refused = {"type": "security_exception", "reason": reason,
               "header": {"WWW-Authenticate": [value for _, value in challenge]}}
    body = {"error": {"root_cause": [refused], **refused}, "status": 401}
    for name, note, more in (("8.12.1-cloud-security", "Elastic Cloud, asked by its name",
                              edge),
                             ("serverless-security", "Serverless: behind a login always",
                              edge[:1])):
        case = engine.everywhere("elasticsearch/" + name, note,
                                 engine.reply(401, body, extra=challenge + more))
        cases.append(case.want(**REFUSED, product="elasticsearch", version=None))
    case = Case("elasticsearch/8.15.1-security-tls",
                "its TLS port closes on plain HTTP without a byte; TLS gets a 401")
    case.file("any.http", engine.reply(401, body, extra=challenge))
    case.route("plain", "!close").route("default", "any.http")
    cases.append(case.want(**{**REFUSED, "max_requests": 2}, product="elasticsearch",
                           version=None, scheme="https", place="tls"))
    return cases


def shield_and_licence():
    """2.1: Shield's anonymous user; a licence that lapsed on 8.x."""
    engine = Engine("2.4.6")
    case = engine.open_case("elasticsearch/shield-2-anonymous",
                            "Shield's anonymous user may see `/` and health", SHOP)
    refused = engine.error(403, "security_exception", "action [indices:monitor/stats] is "
                           "unauthorized for user [_es_anonymous_user]")
    case.file("403.http", refused)
    for at, (pattern, reply, options) in enumerate(case.routes):
        if reply not in ("root.http", "health.http"):
            case.routes[at] = (pattern, "403.http", options)
    cases = [case.want(exposure="metadata", outcome="replied", product="elasticsearch",
                       version="2.4.6", flags=["partial"] + LATE, severity="low",
                       max_requests=6)]
    engine = Engine("8.12.1")
    lapsed = engine.error(403, "security_exception",
                          "current license is non-compliant for [security]",
                          **{"license.expired.feature": "security"})
    case = engine.open_case("elasticsearch/8.12.1-licence-lapsed",
                            "a lapsed licence on 8.x: documents are still read", SHOP[:2])
    case.file("lapsed.http", lapsed)
    engine.swap(case, "/_cluster/health", HEALTH_PARAMS, "lapsed.http")
    engine.swap(case, "/_cat/indices", LIST_PARAMS, "lapsed.http")
    cases.append(case.want(exposure="records", outcome="replied", product="elasticsearch",
                           version="8.12.1", flags=["partial"] + LATE,
                           indices={"documents": 49414}, severity="critical",
                           max_requests=6))
    return cases


def challenge(scheme, realm, more=""):
    return ("WWW-Authenticate", '%s realm="%s"%s' % (scheme, realm, more))


def other_guards():
    """2.2: the same guards with other ways to log in, other words, other moments."""
    place = ' location="https://idp.corp.example/sso"'

    def text(*pairs):
        return http(401, list(pairs) + [TEXT], "Unauthorized")

    not_yet = forbidden_by_ror("READONLYREST_NOT_READY_YET")
    wait = {"exposure": "inconclusive", "product": "elasticsearch", "max_requests": 6}
    anonymous = ("no permissions for [cluster:monitor/main] and User "
                 "[name=opendistro_security_anonymous, backend_roles="
                 "[opendistro_security_anonymous_backendrole], requestedTenant=null]")
    cases = [
        one("search-guard-jwt", "Search Guard with JWT",
            text(challenge("Bearer", "Search Guard")), product="elasticsearch"),
        one("opendistro-jwt", "Open Distro with JWT",
            text(challenge("Bearer", "Open Distro Security")), product="elasticsearch"),
        one("opendistro-saml", "Open Distro with SAML",
            text(challenge("X-Security-IdP", "Open Distro Security", place)),
            product="elasticsearch"),
        one("opensearch-saml", "OpenSearch with SAML",
            text(challenge("X-Security-IdP", "OpenSearch Security", place)),
            product="opensearch"),
        one("readonlyrest-own-words", "the operator chose the reason; due_to tells",
            http(403, [JSON], forbidden_by_ror("FORBIDDEN_BY_BLOCK").replace(
                "Forbidden by ReadonlyREST", "Not for you")),
            product="elasticsearch", max_requests=6),
        one("readonlyrest-old", "very old: one word of text; who refuses is not known",
            http(403, [TEXT], "forbidden"), product=None, max_requests=6),
        # its rules are not loaded yet: what they will say to a stranger is not known
        one("readonlyrest-starting", "503 before its rules are loaded",
            http(503, [JSON], not_yet.replace("403", "503")), **wait),
        one("readonlyrest-starting-403", "the same with 403, its default for long",
            http(403, [JSON], not_yet), **wait),
        one("readonlyrest-failed-403", "its rules could not be loaded",
            http(403, [JSON], forbidden_by_ror("READONLYREST_FAILED_TO_START").replace(
                '["READONLYREST_FAILED_TO_START"]', '"READONLYREST_FAILED_TO_START"')),
            **wait),
        one("aws-403-resource", "a managed domain's policy names the resource",
            http(403, [("x-amzn-RequestId", "6b0c2f4e-0000-4000-8000-000000000000"),
                       ("Content-Type", "application/json")],
                 '{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet on '
                 'resource: arn:aws:es:eu-central-1:123456789012:domain/search/"}',
                 "Content-Length"), product=None, max_requests=6),
        one("aws-403-deny", "a managed domain's policy denies",
            http(403, [("x-amzn-RequestId", "6b0c2f4e-0000-4000-8000-000000000000"),
                       ("Content-Type", "application/json")],
                 '{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet '
                 'with an explicit deny in a resource-based policy"}', "Content-Length"),
            product=None, max_requests=6),
    ]
    engine = Engine("2.11.1", "opensearch")
    case = engine.everywhere("opensearch/2.11.1-anonymous-denied",
                             "anonymous is let in and may do nothing",
                             engine.error(403, "security_exception", anonymous))
    cases.append(case.want(**{**REFUSED, "max_requests": 6}, product=None, version=None))
    case = Case("opensearch/2.19.1-security", "2.15 and later: the text is back")
    case.file("any.http", text(challenge("Basic", "OpenSearch Security")))
    cases.append(case.route("default", "any.http").want(**REFUSED, product="opensearch",
                                                        version=None))
    engine = Engine("3.4.0", "opensearch")
    case = engine.everywhere("opensearch/3.4.0-security-starting",
                             "not initialised, and why", engine.reply(
                                 503, "OpenSearch Security not initialized. Cluster manager "
                                      "not present", "text"))
    cases.append(case.want(exposure="inconclusive", outcome="replied", product="opensearch",
                           version="3.4.0", flags=[], severity="none", max_requests=6))
    return cases


def more_opensearch():
    """3: before 1.0 there was no tagline; Wazuh 5 says what it is."""
    engine = Engine("1.2.4", "opensearch")
    body = engine.root(number="1.0.0-rc1", lucene_version="8.8.2")
    body = body.replace(',\n  "tagline" : "The OpenSearch Project: https://opensearch.org/"',
                        "")
    assert "tagline" not in body
    case = engine.open_case("opensearch/1.0.0-rc1-open", "a release candidate: no tagline",
                            SHOP, root=body)
    open_ = dict(OPEN, product="opensearch", severity="critical", indices=SHOP_FACTS)
    cases = [case.want(**open_, version="1.0.0-rc1", flags=LATE)]
    engine = Engine("3.4.0", "opensearch")
    case = engine.open_case("opensearch/wazuh-5", "Wazuh 5 names its distribution", SHOP,
                            root=engine.root(cluster="wazuh-cluster"))
    cases.append(case.want(**open_, version="3.4.0", flags=[]))
    return cases


def more_strangers():
    """4: other moments of the lookalikes."""
    cases = [like("lookalikes/easysearch-2", "Easysearch 2: no uuid, no build", Engine("7.10.2"),
                  {"name": "node-1", "cluster_name": "corp-search",
                   "version": {"distribution": "easysearch", "number": "2.1.2",
                               "distributor": "INFINI Labs", "lucene_version": "9.12.2",
                               "minimum_wire_lucene_version": "7.7.0",
                               "minimum_lucene_index_compatibility_version": "7.7.0"},
                   "tagline": "You Know, For Easy Search!"},
                  product="easysearch", version="2.1.2")]
    kibana = [("kbn-name", "kibana.corp.example"), ("kbn-version", "7.5.2"),
              ("location", "/app/kibana")]
    cases.append(site("others/kibana-7", "Kibana without a login: to its page",
                      http(302, kibana, ""), product="kibana"))
    cases.append(site("others/dashboards-version", "OpenSearch Dashboards by its version",
                      http(302, [("osd-version", "2.11.1"), ("location", "/app/home")], ""),
                      product="opensearch-dashboards"))
    rows = (("others/kibana-401", "Kibana's API asks for a login", http(
                401, [("kbn-name", "kibana.corp.example"), JSON],
                '{"statusCode":401,"error":"Unauthorized","message":"Unauthorized"}'),
             "kibana"),
            ("others/meilisearch-401", "Meilisearch with a master key", http(
                401, [JSON], '{"message":"The Authorization header is missing. It must use '
                             'the bearer authorization method.","code":'
                             '"missing_authorization_header","type":"auth","link":'
                             '"https://docs.meilisearch.com/errors"}'), "meilisearch"))
    for name, note, data, product in rows:
        case = Case(name, note)
        case.file("any.http", data)
        cases.append(case.route("default", "any.http").want(**REFUSED, product=product))
    return cases


def notes():
    """6: the other names of notes and wipers, and their harmless twins."""
    rows = (("recover-your-data", [("recover_your_data", 1, 4800)], True),
            ("recover-your-data-2", [("read_me_to_recover_your_data", 1, 4800)], True),
            ("how-to-recover", [("how_to_recover_my_data", 1, 4800)], True),
            ("how-to-restore", [("how_to_restore_your_data", 1, 4800)], True),
            ("read-me-hyphen", [("read-me", 1, 4500)], True),
            ("readme-alone", [("readme", 1, 4500)], True),
            ("please-read", [("please_read", 1, 4500)], True),
            ("warning-note", [("warning", 1, 4500)], True),
            ("hacked", [("hacked-by-nobody", 1, 208)], True),
            ("bitcoin-note", [("bitcoin", 1, 208)], True),
            ("meow-beside-data", [("gk01juo8o3-meow", 0, 208), ("orders", 9100, 700000),
                                  ("articles", 19100, 700000)], True),
            ("benign-bitcoin", [("bitcoin-prices", 91000, 7000000), ("orders", 9100, 700000)],
             False),
            ("benign-hello", [("hello-world", 1, 208), ("orders", 9100, 700000)], False),
            ("benign-homeowners", [("homeowners", 9100, 700000), ("readings", 19100, 700000)],
             False))
    cases = []
    engine = Engine("7.17.9")
    for name, indices, bad in rows:
        case = engine.open_case("compromised/" + name, "a name of wire-facts 6"
                                if bad else "a name that looks like one of wire-facts 6",
                                indices)
        cases.append(case.want(**OPEN, product="elasticsearch", version="7.17.9",
                               severity="critical" if bad else None,
                               flags=(["compromised"] if bad else []) + LATE))
    return cases


def marks():
    """7: fields that the version never had."""
    engine = Engine("1.4.1")
    health = engine.health(delayed_unassigned_shards=0, number_of_pending_tasks=0,
                           number_of_in_flight_fetch=0, task_max_waiting_in_queue_millis=0,
                           active_shards_percent_as_number=100.0)
    cases = []
    for name, note, body, state, flags in (
            ("members-of-later", "a uuid and 15 members of health on a 1.4.1",
             {"cluster_uuid": "u8FNjxh8Rfy_awN11oDKYQ"}, health, ["honeypot_suspected"]),
            ("one-mark", "one odd member alone makes no decoy",
             {"cluster_uuid": "u8FNjxh8Rfy_awN11oDKYQ"}, engine.health(), LATE)):
        banner = {"status": 200, "name": "Red Wolf", "cluster_name": "elasticsearch", **body,
                  "version": {"number": "1.4.1", "build_hash": "4f678561b0d3"
                              "747e1cc71def077253878a59143c", "build_timestamp":
                              "2014-11-26T15:49:29Z", "build_snapshot": False,
                              "lucene_version": "4.10.2"}, "tagline": TAGLINE}
        case = engine.open_case("decoys/" + name, note, SHOP[:2], root=pretty(banner),
                                health=state)
        cases.append(case.want(**OPEN, product="elasticsearch", version="1.4.1", flags=flags,
                               severity=None))
    fisher = [("Server", "SimpleHTTP/0.6 Python/3.8.10"), ("Content-type", "text/plain")]
    case = Case("decoys/python-banner", "a script that serves a banner of its own")
    case.file("root.http", http(200, fisher, pretty({
        "name": "node-1", "cluster_name": "c", "cluster_uuid": "u8FNjxh8Rfy_awN11oDKYQ",
        "version": version("8.2.0", "9.1.0"), "tagline": TAGLINE}), None))
    case.file("404.http", http(404, fisher, "Not Found", None))
    case.route("/", "root.http").route("default", "404.http")
    # text/plain, a script's Server, and no X-elastic-product: one point each
    cases.append(case.want(exposure="identity", outcome="replied", product="elasticsearch",
                           version="8.2.0", flags=["honeypot_suspected"], severity="low",
                           max_requests=6))
    return cases


def all_cases(_folder):
    return (first_banners() + not_recovered() + overloaded() + health_and_rows() + cloud() +
            shield_and_licence() + other_guards() + more_opensearch() + more_strangers() +
            notes() + marks())
