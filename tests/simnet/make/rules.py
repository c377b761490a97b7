# SPDX-License-Identifier: Apache-2.0
"""Cases that a rule of the classifier stands or falls with: each was added because the
rule could be broken (tests/exam/mutation.py) and no test noticed."""
from base import Case, compact, http
from elastic import SHOP, SHOP_FACTS
from engine import Engine, LIST_PARAMS
from strangers import like, site, version

JSON = ("Content-Type", "application/json")
QUIET = {"outcome": "replied", "severity": "none"}


def forbidden():
    """403 is never shown, whatever its body."""
    engine = Engine("7.17.9")
    case = engine.open_case("guards/forbidden-with-bodies",
                            "a filter sets 403 and lets the bodies through", SHOP)
    for name, data in case.files.items():
        if name.startswith(("root", "health", "list", "count")):
            case.files[name] = data.replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 403 Forbidden", 1)
    cases = [case.want(**QUIET, exposure="protected", product="elasticsearch",
                       version="7.17.9", flags=["end_of_life"], max_requests=6)]
    reason = ("action [indices:data/read/search] is unauthorized for user [blocked by: [] on "
              "indices [no permissions for [], current license is non-compliant for [security]")
    cases.append(engine.everywhere(
        "guards/echoes", "the refusal repeats text that others chose",
        engine.error(403, "security_exception", reason)).want(
            **QUIET, exposure="protected", product="elasticsearch", flags=[], max_requests=6))
    return cases


def blocks():
    """403 of a block is no refusal: there is nobody to refuse."""
    engine = Engine("7.17.9")
    case = engine.open_case("elasticsearch/7.17.9-read-block",
                            "index.blocks.read on every index: listed, never read", SHOP)
    blocked = engine.error(403, "cluster_block_exception",
                           "index [orders-2026] blocked by: [FORBIDDEN/7/index read (api)];")
    for name in list(case.files):
        if name.startswith("count-"):
            case.files[name] = blocked
    facts = dict(outcome="replied", product="elasticsearch", version="7.17.9",
                 flags=["end_of_life"], indices=SHOP_FACTS, max_requests=11)
    cases = [case.want(**facts, exposure="indices", severity="high")]
    case = engine.open_case("elasticsearch/7.17.9-read-block-largest",
                            "index.blocks.read on the largest index alone: a count of all is "
                            "refused as a whole, the next largest is readable", SHOP)
    for name in ("count-all.http", "count-orders-2026.http"):
        assert name in case.files, sorted(case.files)
        case.files[name] = blocked
    cases.append(case.want(**facts, exposure="records", severity="critical"))
    return cases


def shapes():
    """What has one member of a shape and not the rest."""
    plain = "application/json"
    cases = [site("others/version-number", "an API that tells its version in an object",
                  http(200, [JSON], compact({
                      "name": "shop-api", "status": "UP", "cluster_name": "shop",
                      "version": {"number": "2.4.1", "build_date": "2026-01-05"}}),
                       "Content-Length"), product=None, max_requests=1)]
    engine = Engine("0.90.13")
    case = Case("hostile/aliases-shapeless", "0.90, and `_aliases` is an error page in JSON")
    case.file("root.http", engine.reply(200, engine.root()))
    case.file("aliases.http", http(200, [("Content-Type", plain)], compact({
        "message": {"code": 17}, "customers": {"href": "/customers"}}), "Content-Length"))
    case.file("health.http", engine.reply(200, engine.health()))
    case.file("none.http", engine.no_handler())
    case.route("/", "root.http").route("/_cluster/health", "health.http")
    case.route("/_aliases", "aliases.http").route("default", "none.http")
    cases.append(case.want(outcome="replied", exposure="metadata", product="elasticsearch",
                           version="0.90.13", flags=["end_of_life"], severity="low",
                           max_requests=6))
    engine = Engine("7.17.9")
    case = engine.open_case("hostile/count-shapeless",
                            "a count without shards: some other interface", SHOP)
    for name in list(case.files):
        if name.startswith("count-"):
            case.files[name] = engine.reply(200, {"count": 5, "items": []})
    cases.append(case.want(outcome="replied", exposure="indices", product="elasticsearch",
                           version="7.17.9", flags=["end_of_life"], severity="high",
                           indices=SHOP_FACTS, max_requests=11))
    case = engine.open_case("hostile/health-shapeless",
                            "health of another kind at this path", SHOP)
    case.files["health.http"] = engine.reply(200, {"status": "green", "checks": []})
    cases.append(case.want(outcome="replied", exposure="records", product="elasticsearch",
                           version="7.17.9", flags=["end_of_life"], severity="critical",
                           cluster={"status": None, "nodes": None}, max_requests=11))
    case = site("others/lists-of-its-own", "an API whose lists are empty arrays, whose root "
                "is shut", http(404, [JSON], "{}", "Content-Length"), product=None,
                max_requests=4)
    case.file("empty.http", http(200, [JSON], "[]", "Content-Length"))
    case.replace("default", "empty.http")
    cases.append(case)
    return cases


def names():
    """What the tagline, a header or a number say alone."""
    engine = Engine("7.17.9")
    body = {"name": "n", "cluster_name": "corp-search", "cluster_uuid": "@{uuid}",
            "version": version("7.17.9", "4.10.4"), "tagline": "You Know, for Search"}
    cases = [like("lookalikes/tagline-alone", "the tagline, and a Lucene that is not its own",
                  engine, body, product=None, severity="critical")]
    case = Case("others/header-alone", "X-elastic-product on a site that is none")
    case.file("any.http", http(404, [("X-elastic-product", "Elasticsearch"), JSON],
                               compact({"message": "not found"}), "Content-Length"))
    cases.append(case.route("default", "any.http").want(
        **QUIET, exposure="not_datastore", product=None, flags=[], max_requests=4))
    return cases


def hidden():
    """`[]` beside active shards: what is hidden can be counted."""
    engine = Engine("8.7.1")
    case = engine.open_case("elasticsearch/8.7.1-list-filtered",
                            "the list is filtered to nothing, the shards are there", [],
                            health=engine.health(primaries=4))
    case.files["count-all.http"] = engine.reply(200, engine.count(7, 4))
    return [case.want(outcome="replied", exposure="records", product="elasticsearch",
                      version="8.7.1", flags=["end_of_life"], severity="high",
                      max_requests=9)]


def measured():
    """What a real server did otherwise than the case that was made up for it."""
    case = Case("hostile/redis-7", "Redis 7 closes on `Host:` without a byte, and waits for "
                "the rest of a ClientHello")
    case.route("tls", "!stall").route("default", "!close")
    return [case.want(severity="none", exposure="inconclusive", product=None, flags=[],
                      max_requests=2, slow=True, outcome="timeout_reply",
                      tls={"exposure": "unreachable", "outcome": "closed"})]


def strangers_with_a_user():
    """Elastic's anonymous user with `read` alone, and authz_exception false: 401 where 403
    would stand, with the action's name in its reason. Measured on 6.8, 7.17 and 8.17."""
    engine = Engine("8.15.1")
    denied = engine.error(401, "security_exception",
                          "action [cluster:monitor/main] requires authentication", header={
                              "WWW-Authenticate": ['Basic realm="security" charset="UTF-8"',
                                                   "ApiKey"]})
    challenge = b'WWW-Authenticate: Basic realm="security" charset="UTF-8"\r\n'
    denied = denied.replace(b"\r\n", b"\r\n" + challenge, 1)
    case = engine.open_case("elasticsearch/8.15.1-reader-authz401",
                            "an anonymous role with read alone, 401 in place of 403: counts "
                            "would be answered, but nothing is asked after a 401", SHOP)
    for name in list(case.files):
        if name.startswith(("root", "health", "list", "aliases")):
            case.files[name] = denied
    return [case.want(**QUIET, exposure="inconclusive", product="elasticsearch", version=None,
                      flags=[], max_requests=1)]


def hidden_behind_a_shut_root():
    """`/` does not tell the version; the header says 7.14 or later."""
    engine = Engine("8.15.1")
    stream = [(".ds-logs-shop-2026.11.01-000001", 90000, 4194304)]
    case = engine.open_case("elasticsearch/8.15.1-root-405-data-streams",
                            "`/` answers 405, and all data is in data streams: the plain list "
                            "is []", stream, health=engine.health(primaries=1))
    case.files["root.http"] = engine.reply(405, {
        "error": "Incorrect HTTP method for uri [/] and method [GET], allowed: [HEAD]",
        "status": 405}, extra=[("Allow", "HEAD")])
    case.file("hidden.http", case.files["list.http"])
    case.files["list.http"] = engine.reply(200, [])
    case.files["count-all.http"] = engine.reply(
        200, {"count": 0, "_shards": {"total": 0, "successful": 0, "skipped": 0, "failed": 0}})
    at = [i for i, r in enumerate(case.routes) if r[0].startswith("/_cat/indices")][0]
    case.routes.insert(at + 1, ("/_cat/indices" + engine.params(LIST_PARAMS), "hidden.http", ""))
    case.routes[at] = ("/_cat/indices{%s}" % LIST_PARAMS, "list.http", "")
    return [case.want(exposure="records", outcome="replied", product="elasticsearch",
                      version=None, flags=[], severity="critical", max_requests=8,
                      indices={"count": 1, "system": 0, "documents": 90000})]


def all_cases(_folder):
    return forbidden() + blocks() + shapes() + names() + hidden() + measured() + \
        strangers_with_a_user() + hidden_behind_a_shut_root()
