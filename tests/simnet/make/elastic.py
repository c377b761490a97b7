# SPDX-License-Identifier: Apache-2.0
"""Elasticsearch (wire-facts 1, 2.1, 2.4): recorded nodes first, then made-up states."""
import json

from base import Case, http
from engine import COMMON, COUNT_ALL, COUNT_STAR, Engine, HEALTH_PARAMS, LIST_PARAMS

OPEN = {"exposure": "records", "outcome": "replied", "max_requests": 6}
TWO = [("customers", 2, 0), ("logs-2024.01", 1, 0)]
# what the two recorded mappings say: `age`, `email`, `name`; `msg`, `ts`
CUSTOMERS = {"level": "high", "kinds": [["email", "person_name", "free_text"]],
             "fields": [["customers.email", "customers.name", "logs-2024.01.msg"]],
             "indices_looked_at": 2, "fields_seen": 5, "truncated": False, "unredacted": None}
SHOP = [("orders-2026", 48210, 73400320), ("products", 1204, 2097152),
        (".kibana_1", 31, 81920)]
SHOP_FACTS = {"count": 3, "system": 1, "documents": 49414, "bytes": 75497472}


class Recording:
    def __init__(self, folder, name):
        with open("%s/%s.json" % (folder, name)) as file:
            self.replies = json.load(file)["replies"]

    def find(self, path, state=None):
        for reply in self.replies:
            if reply["path"] == path and (state is None or reply["state"].startswith(state)):
                return reply
        raise KeyError(path)

    def data(self, path, state=None, body=None, chunked=False):
        """The recorded reply; recordings leave out how its length was said."""
        reply = self.find(path, state)
        old = any(name == "Content-Type" for name, _ in reply["headers"])
        length = "chunked" if chunked else "Content-Length" if old else "content-length"
        return http(reply["status"], reply["headers"], body or reply["body"], length,
                    reply["status_line"].split(" ", 2)[2])


def columns(body, engine):
    """A recorded row has the default columns; ajar names its own, so that a real node sends
    those, in that order."""
    wanted = ["health", "status", "index", "uuid", "pri", "rep", "docs.count", "store.size"]
    rows = [{key: row[key] for key in wanted if key in row} for row in json.loads(body)]
    return json.dumps(rows, separators=(",", ":"))


def recorded(folder, version, product="elasticsearch"):
    """The open node of a recording, with two indices, and the same node when it was empty."""
    engine = Engine(version, product)
    rec = Recording(folder, "%s-%s" % (product, version))
    case = engine.open_case("%s/%s-open" % (product, version),
                            "a real %s %s, recorded: two indices, three documents" %
                            (product, version), TWO)
    case.files["root.http"] = rec.data("/")
    case.files["health.http"] = rec.data("/_cluster/health", "two")
    case.files["aliases.http"] = rec.data("/_aliases")
    case.files["count-customers.http"] = rec.data("/customers/_count")
    case.files["count-all.http"] = rec.data("/_all/_count")
    for name, mapping in json.loads(rec.find("/_mapping")["body"]).items():
        body = json.dumps({name: mapping}, separators=(",", ":"))
        file = case.file("mapping-%s.http" % name, rec.data("/_mapping", body=body))
        case.routes.insert(0, ("/%s/_mapping" % name, file, ""))
    facts = {"count": 2, "system": 0, "documents": 3}
    if engine.like >= (1, 0, 0):
        path = "/_cat/indices?format=json&bytes=b"
        body = columns(rec.find(path)["body"], engine)
        chunked = not engine.opensearch and engine.like >= (8, 7, 0)
        case.files["list.http"] = rec.data(path, body=body, chunked=chunked)
        facts["bytes"] = sum(int(row["store.size"]) for row in json.loads(body))
    else:
        case.files["no-handler.http"] = engine.no_handler()
        case.files["other.http"] = rec.data("/_plugins/_security/authinfo",
                                            body='{"error":"IndexMissingException[[@{index}]'
                                                 ' missing]","status":404}')
        case.replace("/*/*", "other.http")
        facts = {"count": 2, "system": 0, "documents": 3}
    body = json.loads(rec.find("/")["body"])
    flags = [] if product == "opensearch" and version[0] != "1" else ["end_of_life"]
    case.want(**{**OPEN, "max_requests": 7}, product=product, version=version, flags=flags,
              severity="critical", indices=facts, sensitivity=CUSTOMERS,
              cluster={"name": body.get("cluster_name") or "probe-es",
                       "uuid": body.get("cluster_uuid"), "status": "yellow", "nodes": 1})
    empty = Case(case.name.replace("-open", "-empty"),
                 "the same node before it had any index: a permitted count of nothing proves "
                 "no records")
    empty.routes = [r for r in case.routes if not r[0].startswith(("/customers", "/logs"))]
    empty.files = dict(case.files)
    empty.files["health.http"] = rec.data("/_cluster/health", "empty")
    empty.files["aliases.http"] = engine.reply(200, {})
    empty.files["count-all.http"] = rec.data("/_count", "empty")
    if engine.like >= (1, 0, 0):
        chunked = not engine.opensearch and engine.like >= (8, 7, 0)
        empty.files["list.http"] = rec.data("/_cat/indices?format=json", "empty",
                                            chunked=chunked)
    empty.want(**{**OPEN, "exposure": "indices"}, product=product, version=version,
               flags=flags, severity="medium",
               indices={"count": 0, "system": 0, "documents": 0})
    return [case, empty]


def no_master(folder):
    cases = []
    for version in ("1.7.6", "5.6.16"):
        rec = Recording(folder, "elasticsearch-%s-nomaster" % version)
        engine = Engine(version)
        case = Case("elasticsearch/%s-no-master" % version,
                    "recorded without a master: `/` answers 503 with the whole banner, reads "
                    "503 once the asked time is over")
        case.file("root.http", rec.data("/"))
        case.file("wait.http", rec.data("/_cluster/health"))
        case.file("block.http", rec.data("/_count"))
        case.file("bad-param.http", engine.bad_param())
        engine.add(case, "/", COMMON, "root.http")
        engine.add(case, "/_cluster/health", HEALTH_PARAMS, "wait.http")
        engine.add(case, "/_cat/indices", LIST_PARAMS, "wait.http")
        case.route("default", "block.http")
        case.want(exposure="inconclusive", outcome="replied", product="elasticsearch",
                  version=version, flags=["end_of_life"], severity="none", max_requests=6)
        cases.append(case)
    return cases


def guarded(folder):
    """Security on, recorded: refused altogether, anonymous that may see health, anonymous
    that may read alone."""
    cases = []
    for version, name in (("6.8.23", "security-noauth"), ("8.7.1", "security-noauth")):
        rec = Recording(folder, "elasticsearch-%s-%s" % (version, name))
        case = Case("elasticsearch/%s-security" % version,
                    "recorded: every path answers 401, the visit ends at the first")
        case.file("root.http", rec.data("/"))
        reply = rec.find("/nonsense-path-xyz")
        case.file("any.http", rec.data("/nonsense-path-xyz", body=reply["body"].replace(
            "/nonsense-path-xyz", "@{uri}")))
        case.route("/", "root.http").route("default", "any.http")
        cases.append(case.want(exposure="protected", outcome="replied",
                               product="elasticsearch", version=None, flags=[],
                               severity="none", max_requests=1))
    paths = {"root": "/", "health": "/_cluster/health",
             "list": "/_cat/indices?format=json&bytes=b", "aliases": "/_aliases",
             "count": "/_all/_count", "index": "/nonsense-path-xyz"}
    for version, name in (("7.17.29", "anonymous-authz401"), ("8.7.1", "anonymous"),
                          ("8.7.1", "reader")):
        rec = Recording(folder, "elasticsearch-%s-security-%s" % (version, name))
        engine = Engine(version)
        case = Case("elasticsearch/%s-%s" % (version, name),
                    "recorded: security on, and an anonymous role with a few rights")
        for file, path in paths.items():
            body = rec.find(path, "two")["body"].replace("nonsense-path-xyz", "@{index}")
            case.file(file + ".http", rec.data(path, "two", body=body))
        for file, path in (("root", "/"), ("health", "/_cluster/health"),
                           ("list", "/_cat/indices"), ("aliases", "/_aliases")):
            case.route(path, file + ".http")
        case.file("no-index.http", engine.no_index())
        for path in (COUNT_ALL, COUNT_STAR, "/_all/_count", "/customers/_count"):
            case.route(path, "count.http")
        case.route("/*/_count", "no-index.http" if name == "reader" else "count.http")
        case.route("default", "index.http")
        if name == "reader":
            # 403 on `/` is a shut front door, not a shut house (engines.md)
            case.want(exposure="records", product="elasticsearch", version=None,
                      severity="high", indices={"documents": 2}, max_requests=6)
        else:
            case.want(exposure="metadata", product="elasticsearch", version=version,
                      severity="low",
                      max_requests=4 if name == "anonymous-authz401" else 6)
        late = [] if name == "reader" else ["end_of_life"]
        case.want(outcome="replied", flags=["partial"] + late)
        cases.append(case)
    return cases


def plain_open():
    """Open nodes of other versions, with the same three indices."""
    cases = []
    for version, flags in (("2.0.0", ["end_of_life"]), ("7.10.2", ["end_of_life"]),
                           ("8.12.1", ["end_of_life"]), ("8.19.20", []),
                           ("9.1.0", ["end_of_life"]), ("9.5.2", [])):
        engine = Engine(version)
        change = {"build_flavor": "oss", "build_type": "rpm"} if version == "7.10.2" else {}
        case = engine.open_case("elasticsearch/%s-open" % version,
                                "open, three indices of which one is Kibana's own", SHOP,
                                root=engine.root(**change))
        cases.append(case.want(**OPEN, product="elasticsearch", version=version,
                               flags=flags, severity="critical", indices=SHOP_FACTS))
    engine = Engine("1.4.1")
    case = engine.open_case("elasticsearch/1.4.1-open",
                            "a true 1.4.1: the version that honeypots pretend to be", SHOP[:2],
                            root=engine.root(name="Red Wolf"))
    cases.append(case.want(**OPEN, product="elasticsearch", version="1.4.1",
                           flags=["end_of_life"], severity="critical"))
    engine = Engine("7.16.2")
    case = engine.open_case("elasticsearch/7.16.2-self-declared",
                            "security off and never said so: each reply warns that it is open",
                            SHOP)
    warning = ('299 Elasticsearch-7.16.2-2b937c44140b6559905130a8650c64dbd0879cfb '
               '"Elasticsearch built-in security features are not enabled. Without '
               'authentication, your cluster could be accessible to anyone. See '
               'https://www.elastic.co/guide/en/elasticsearch/reference/7.16/'
               'security-minimal-setup.html to enable security."')
    for name, data in list(case.files.items()):
        case.files[name] = data.replace(b"\r\ncontent-type", b"\r\nWarning: " +
                                        warning.encode() + b"\r\ncontent-type", 1)
    cases.append(case.want(**OPEN, product="elasticsearch", version="7.16.2",
                           flags=["self_declared_open", "end_of_life"], severity="critical",
                           indices=SHOP_FACTS))
    return cases


def odd_lists():
    cases = []
    engine = Engine("7.17.9")
    base = dict(OPEN, product="elasticsearch", version="7.17.9", flags=["end_of_life"])
    # a cluster of data streams alone: `[]` unless hidden indices are asked for (R9)
    stream = [(".ds-logs-shop-2026.11.01-000001", 90000, 4194304)]
    case = engine.open_case("elasticsearch/7.17.9-data-streams",
                            "data streams alone: the plain list is [] although shards are "
                            "there (#142080)", stream, health=engine.health(primaries=1))
    case.file("hidden.http", case.files["list.http"])
    case.files["list.http"] = engine.reply(200, [])
    case.files["count-all.http"] = engine.reply(200, engine.count(90000, 1))
    at = [i for i, r in enumerate(case.routes) if r[0].startswith("/_cat/indices")][0]
    case.routes.insert(at + 1, ("/_cat/indices" + engine.params(LIST_PARAMS), "hidden.http", ""))
    case.routes[at] = ("/_cat/indices{%s}" % LIST_PARAMS, "list.http", "")
    cases.append(case.want(**{**base, "max_requests": 7}, severity="critical",
                           indices={"count": 1, "system": 0, "documents": 90000}))
    closed = {"health": None, "status": "close", "pri": None, "rep": None,
              "docs.count": None, "store.size": None}
    case = engine.open_case("elasticsearch/7.17.9-closed-index",
                            "one closed index: null where the figures are", SHOP +
                            [("archive-2019", None, None, closed)])
    rows = engine.rows(SHOP) + [{**closed, "index": "archive-2019", "uuid": "x" * 22}]
    case.files["list.http"] = engine.reply(200, rows)
    cases.append(case.want(**base, severity="critical",
                           indices={**SHOP_FACTS, "count": 4}))
    case = engine.open_case("elasticsearch/7.17.9-system-only",
                            "nothing but the products' own indices",
                            [(".kibana_1", 31, 81920), (".tasks", 4, 8192)])
    case.files["count-all.http"] = engine.reply(200, engine.count(0, 0))
    cases.append(case.want(**{**base, "exposure": "indices"}, severity="medium",
                           indices={"count": 2, "system": 2, "documents": 0}))
    for rows in (5000, 50000):
        case = engine.open_case("elasticsearch/7.17.9-list-%d" % rows,
                                "an index list of %d rows" % rows, SHOP[:1])
        engine.swap(case, "/_cat/indices", LIST_PARAMS, "!index-list=%d" % rows)
        case.routes.insert(0, ("/tenant-*/_count", case.file(
            "count-tenant.http", engine.reply(200, engine.count(9999))), ""))
        documents = sum(1000 + row * 37 % 9000 for row in range(rows))
        size = sum(100000 + row * 7919 % 900000 for row in range(rows))
        cases.append(case.want(**base, severity="critical", indices={
            "count": rows, "system": 0, "documents": documents, "bytes": size}))
    case = engine.open_case("elasticsearch/7.17.9-list-cut",
                            "the list breaks off in the middle of a row: lower bounds",
                            SHOP[:1])
    engine.swap(case, "/_cat/indices", LIST_PARAMS, "!index-list=50000", "cut=1000000")
    case.routes.insert(0, ("/tenant-*/_count", case.file(
        "count-tenant.http", engine.reply(200, engine.count(9999))), ""))
    cases.append(case.want(**{**base, "flags": ["partial", "end_of_life", "truncated"]},
                           severity="critical",
                           indices={"truncated": True}))
    return cases


def not_ready():
    """Not recovered, red, overloaded: named, and never called safe."""
    cases = []
    base = {"exposure": "inconclusive", "outcome": "replied", "product": "elasticsearch",
            "severity": "none", "max_requests": 6}
    engine = Engine("6.8.23")
    block = engine.error(503, "cluster_block_exception",
                         "blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / "
                         "initialized];[SERVICE_UNAVAILABLE/2/no master];")
    case = Case("elasticsearch/6.8.23-not-recovered", "starting: 503 with the banner on `/`")
    case.file("root.http", engine.reply(503, engine.root(uuid="_na_")))
    case.file("block.http", block)
    case.route("/", "root.http").route("default", "block.http")
    cases.append(case.want(**base, version="6.8.23", flags=["end_of_life"]))
    engine = Engine("7.10.2")
    case = Case("elasticsearch/7.10.2-no-master",
                "7.0 and later say 200 on `/` without a master, with uuid _na_")
    case.file("root.http", engine.reply(200, engine.root(uuid="_na_")))
    case.file("wait.http", engine.error(503, "master_not_discovered_exception", None))
    case.route("/", "root.http").route("default", "wait.http")
    cases.append(case.want(**base, version="7.10.2", flags=["end_of_life"]))
    engine = Engine("7.17.9")
    case = engine.open_case("elasticsearch/7.17.9-red",
                            "red: health and list answer, the count has no shard to ask", SHOP,
                            health=engine.health(status="red", primaries=0))
    failed = engine.error(503, "search_phase_execution_exception", "all shards failed")
    case.file("failed.http", failed)
    for at, route in enumerate(case.routes):
        if "_count" in route[0] and route[1].startswith("count"):
            case.routes[at] = (route[0], "failed.http", "")
    rows = engine.rows(SHOP)
    for row in rows:
        row.update({"health": "red", "docs.count": None, "store.size": None})
    case.files["list.http"] = engine.reply(200, rows)
    cases.append(case.want(**{**base, "exposure": "indices", "severity": "high"},
                           version="7.17.9", flags=["partial", "end_of_life"],
                           indices={"count": 3, "system": 1}))
    case = engine.open_case("elasticsearch/7.17.9-breaker",
                            "out of memory: the circuit breaker answers 429 to all but `/`",
                            SHOP)
    breaker = engine.error(429, "circuit_breaking_exception",
                           "[parent] Data too large, data for [<http_request>] would be "
                           "[1028061872/980.4mb], which is larger than the limit of "
                           "[1020054732/972.7mb]", bytes_wanted=1028061872,
                           bytes_limit=1020054732, durability="PERMANENT")
    case.file("breaker.http", breaker)
    case.routes = [case.routes[0], ("default", "breaker.http", "")]
    cases.append(case.want(**base, version="7.17.9", flags=["end_of_life"]))
    return cases


def licence():
    cases = []
    engine = Engine("6.8.23")
    lapsed = engine.error(403, "security_exception",
                          "current license is non-compliant for [security]",
                          **{"license.expired.feature": "security"})
    case = engine.open_case("elasticsearch/6.8.23-licence-lapsed",
                            "a lapsed licence blocks health and lists while documents can "
                            "still be read (R10): a count proves it", SHOP[:2])
    case.file("lapsed.http", lapsed)
    engine.swap(case, "/_cluster/health", HEALTH_PARAMS, "lapsed.http")
    engine.swap(case, "/_cat/indices", LIST_PARAMS, "lapsed.http")
    cases.append(case.want(exposure="records", outcome="replied", product="elasticsearch",
                           version="6.8.23", flags=["partial", "end_of_life"],
                           indices={"documents": 49414}, severity="critical",
                           max_requests=6))
    case = Case("elasticsearch/6.8.23-licence-lapsed-blind",
                "the same, and the count says the same: nobody can tell")
    case.file("root.http", engine.reply(200, engine.root()))
    case.file("lapsed.http", lapsed)
    case.route("/", "root.http").route("default", "lapsed.http")
    cases.append(case.want(exposure="inconclusive", outcome="replied",
                           product="elasticsearch", version="6.8.23",
                           flags=["end_of_life"], severity="none", max_requests=6))
    return cases


def shapes():
    """Odd, and still the real thing."""
    cases = []
    engine = Engine("8.14.3")
    case = engine.open_case("elasticsearch/8.14.3-root-405",
                            "`/` answers 405 (its handler is a module that is not there), all "
                            "else is open", SHOP)
    case.files["root.http"] = engine.reply(405, {
        "error": "Incorrect HTTP method for uri [/] and method [GET], allowed: [HEAD]",
        "status": 405}, extra=[("Allow", "HEAD")])
    cases.append(case.want(**{**OPEN, "max_requests": 8}, product="elasticsearch",
                           version=None, flags=[], severity="critical", indices=SHOP_FACTS))
    engine = Engine("7.17.9")
    case = engine.open_case("elasticsearch/7.17.9-terse-errors",
                            "http.detailed_errors.enabled: false: errors are strings again",
                            SHOP)
    case.files["no-index.http"] = engine.reply(404, {
        "error": "No ElasticsearchException found", "status": 404})
    case.files["bad-param.http"] = engine.reply(400, {
        "error": "No ElasticsearchException found", "status": 400})
    cases.append(case.want(**OPEN, product="elasticsearch", version="7.17.9",
                           flags=["end_of_life"], severity="critical", indices=SHOP_FACTS))
    case = engine.open_case("elasticsearch/7.17.9-anonymous-superuser",
                            "security on, and anonymous is superuser: fully open all the same",
                            SHOP + [(".security-7", 64, 262144)])
    case.route("/_security/_authenticate", case.file("who.http", engine.reply(200, {
        "username": "_anonymous", "roles": ["superuser"], "enabled": True})))
    cases.append(case.want(**OPEN, product="elasticsearch", version="7.17.9",
                           flags=["end_of_life"], severity="critical",
                           indices={"count": 4, "system": 2, "documents": 49414}))
    page = ("<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 "
            "Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n")
    case = Case("elasticsearch/7.17.9-proxy-root-only",
                "a proxy lets `/` through and nothing else")
    case.file("root.http", engine.reply(200, engine.root(), extra=[("Server", "nginx")]))
    case.file("404.http", http(404, [("Server", "nginx"), ("Content-Type", "text/html")],
                               page, "Content-Length"))
    case.route("/", "root.http").route("default", "404.http")
    cases.append(case.want(exposure="identity", outcome="replied", product="elasticsearch",
                           version="7.17.9", flags=["end_of_life"], severity="low",
                           max_requests=6))
    forbidden = page.replace("404 Not Found", "403 Forbidden")
    case = engine.open_case("elasticsearch/7.17.9-proxy-root-shut",
                            "the other way round: `/` is shut, the list is not", SHOP)
    case.file("403.http", http(403, [("Server", "nginx"), ("Content-Type", "text/html")],
                               forbidden, "Content-Length"))
    for at, route in enumerate(case.routes):
        if route[0] == "/" or route[0].startswith("/{"):
            case.routes[at] = (route[0], "403.http", "")
    cases.append(case.want(**{**OPEN, "max_requests": 8}, product="elasticsearch",
                           version=None, flags=["partial"], severity="critical",
                           indices=SHOP_FACTS))
    return cases


def traps():
    """Open nodes that look odd for good reasons."""
    cases = []
    engine = Engine("7.17.9")
    base = dict(OPEN, product="elasticsearch", version="7.17.9", flags=["end_of_life"],
                severity="critical", indices=SHOP_FACTS)
    case = engine.open_case("elasticsearch/7.17.9-behind-nginx",
                            "a proxy adds Server and Date and drops X-elastic-product: no "
                            "decoy", SHOP)
    for name, data in list(case.files.items()):
        data = data.replace(b"X-elastic-product: Elasticsearch\r\n", b"")
        case.files[name] = data.replace(
            b"\r\n", b"\r\nServer: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT"
            b"\r\nConnection: keep-alive\r\n", 1)
    cases.append(case.want(**base))
    case = engine.open_case("elasticsearch/7.17.9-foreign-warning",
                            "a Warning header that says nothing about being open", SHOP)
    warning = (b'\r\nWarning: 299 Elasticsearch-7.17.9-ef48222227ee6b9e70e502f0f0daa52435ee634d'
               b' "[ignore_throttled] parameter is deprecated because frozen indices have been '
               b'deprecated."\r\n')
    case.files["root.http"] = case.files["root.http"].replace(b"\r\n", warning, 1)
    cases.append(case.want(**base))
    names = [("donn\u00e9es-clients", 21000, 7340032), ("\u30ed\u30b0-2026", 17, 4096),
             ("a+b", 3, 208)]
    case = engine.open_case("elasticsearch/7.17.9-names-beyond-ascii",
                            "index names that need percent-encoding in a path", names)
    case.want(**base)
    cases.append(case.want(indices={"count": 3, "system": 0, "documents": 21020}))
    engine = Engine("6.8.23")
    case = engine.open_case("elasticsearch/6.8.23-health-408",
                            "health times out with 408 and its usual body", SHOP)
    health = engine.health(status="red", primaries=1, timed_out=True)
    case.files["health.http"] = engine.reply(408, health)
    case.want(**base)
    cases.append(case.want(version="6.8.23", flags=["partial", "end_of_life"]))
    return cases


def old_guards():
    """401 of versions that are not recorded."""
    def answer(realms, reason, length="content-length", content="application/json"):
        headers = [("WWW-Authenticate", realm) for realm in realms]
        headers.append(("Content-Type" if length[0] == "C" else "content-type", content))
        said = realms[0] if len(realms) == 1 else realms
        cause = {"type": "security_exception", "reason": reason,
                 "header": {"WWW-Authenticate": said}}
        body = json.dumps({"error": {"root_cause": [cause], **cause}, "status": 401},
                          separators=(",", ":"))
        return http(401, headers, body, length)

    utf8 = "application/json; charset=UTF-8"
    token = "missing authentication token for REST request [@{uri}]"
    credentials = "missing authentication credentials for REST request [@{uri}]"
    comma = 'Basic realm="security", charset="UTF-8"'
    basic = 'Basic realm="security" charset="UTF-8"'
    rows = {
        "shield-2": answer(['Basic realm="shield" charset="UTF-8"'], token, "Content-Length",
                           utf8),
        "5.6.16-security": answer([basic], token, content=utf8),
        "7.17.9-security": answer([basic, "ApiKey"], credentials, content=utf8),
        "7.17.9-security-kerberos": answer(["Negotiate", 'Bearer realm="security"', basic],
                                           credentials, content=utf8),
        "8.4.3-security": answer([basic, "ApiKey"], credentials),
        "8.15.1-security": answer([comma, 'Bearer realm="security"', "ApiKey"], credentials),
        "shield-1": http(401, [("WWW-Authenticate", 'Basic realm="shield"'),
                               ("Content-Type", utf8)],
                         '{"error":"AuthenticationException[missing authentication token for '
                         'REST request [@{uri}]]","status":401}', "Content-Length"),
    }
    cases = []
    for name, data in rows.items():
        case = Engine("7.17.9").everywhere("elasticsearch/" + name,
                                           "security on: 401 everywhere", data)
        cases.append(case.want(exposure="protected", outcome="replied",
                               product="elasticsearch", version=None, flags=[],
                               severity="none", max_requests=1))
    case = Case("elasticsearch/transport-port", "port 9300: the node's own protocol")
    case.file("text", b"This is not an HTTP port")
    cases.append(case.route("default", "text").want(
        outcome="not_http", exposure="not_datastore", flags=[],
        severity="none", max_requests=2))
    return cases


def compromised():
    cases = []
    engine = Engine("7.17.9")
    base = dict(OPEN, product="elasticsearch", version="7.17.9", severity="critical")
    rows = (("meow", [("gk01juo8o3-meow", 0, 208), ("p3xk2v9a1q-meow", 0, 208),
                      ("zz81kd0q2m-meow", 0, 208)], True, "the Meow wiper (2020)"),
            ("read-me", [("read_me", 1, 4500)], True, "a ransom note, and nothing else"),
            ("recover-database", [("read_me_to_recover_database", 1, 4800),
                                  (".kibana_1", 2, 8192)], True, "the campaign of 2022"),
            ("nightlion", [("nightlionsecurity.com", 0, 208), ("orders", 0, 208)], True,
             "the wipe of April 2020: an empty index with that name"),
            ("benign-warning", [("warning", 52400, 9000000), ("orders", 9100, 700000)], False,
             "a product's own `warning` index, full of data: no sign of a note"),
            ("benign-readme", [("readme_docs", 412, 300000), ("articles", 19100, 700000)],
             False, "documentation that is called so"))
    for name, indices, bad, note in rows:
        case = engine.open_case("compromised/" + name, note, indices)
        flags = (["compromised"] if bad else []) + ["end_of_life"]
        case.want(**base, flags=flags)
        if not any(entry[1] for entry in indices):
            case.want(exposure="records")
        cases.append(case)
    return cases


def all_cases(folder):
    cases = []
    if folder:
        for version in ("0.90.13", "1.7.6", "2.4.6", "5.6.16", "6.8.23", "7.17.29", "8.7.1"):
            cases += recorded(folder, version)
        cases += no_master(folder) + guarded(folder)
    return (cases + plain_open() + odd_lists() + not_ready() + licence() + shapes() +
            traps() + old_guards() + compromised())
