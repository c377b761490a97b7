# SPDX-License-Identifier: Apache-2.0
"""Lookalikes, decoys and other servers (wire-facts 4, 5 and 7)."""
from base import Case, compact, http, pretty
from elastic import OPEN, SHOP, SHOP_FACTS
from engine import Engine, TAGLINE
from guards import HTML, JSON, TEXT, basic, nginx_page

OTHER = {"exposure": "not_datastore", "outcome": "replied", "flags": [], "severity": "none",
         "max_requests": 6}


def site(name, note, root, missing=None, **want):
    """A server that answers `/` and 404 elsewhere."""
    case = Case(name, note)
    case.file("root.http", root)
    case.file("404.http", missing or http(404, [TEXT], "404 page not found\n",
                                          "Content-Length"))
    case.route("/", "root.http").route("default", "404.http")
    return case.want(**{**OTHER, **want})


def like(name, note, engine, body, indices=SHOP, headers=(), **want):
    """A lookalike that serves the interface at the root, as behind a prefix-mapping proxy."""
    case = engine.open_case(name, note, indices, root=pretty(body))
    if headers:
        for file, data in list(case.files.items()):
            head = "".join("%s: %s\r\n" % pair for pair in headers).encode()
            case.files[file] = data.replace(b"\r\n", b"\r\n" + head, 1)
    return case.want(**{**OPEN, "flags": ["lookalike"], "indices": SHOP_FACTS, "max_requests": 8, **want})


def version(number, lucene, **more):
    return {"number": number, "build_flavor": "default", "build_hash": "0", "build_date":
            "2021-01-13T00:42:12.435326Z", "build_snapshot": False, "lucene_version": lucene,
            "minimum_wire_compatibility_version": "6.8.0",
            "minimum_index_compatibility_version": "6.0.0-beta1", **more}


def lookalikes():
    cases = []
    engine = Engine("7.10.2")
    missing = http(401, [JSON], '{"auth":"Missing credentials"}', "Content-Length")
    root = pretty({"name": "zinc", "cluster_name": "N/A", "cluster_uuid": "N/A", "version": {
        "number": "7.14.1", "build_flavor": "default", "build_hash": "0", "build_date": "0",
        "build_snapshot": False, "lucene_version": "N/A",
        "minimum_wire_version": "N/A", "minimum_index_compatibility": "N/A"},
        "tagline": TAGLINE})
    case = Case("lookalikes/zincsearch-api", "ZincSearch's /es/ mapped to the root: the banner "
                "is open, data asks for a password")
    case.file("root.http", http(200, [("X-elastic-product", "Elasticsearch"), JSON], root))
    case.file("401.http", missing)
    case.route("/", "root.http").route("default", "401.http")
    cases.append(case.want(exposure="identity", outcome="replied", product="zincsearch",
                           version="7.14.1", flags=["partial", "lookalike"],
                           severity="low", max_requests=2))
    cases.append(site("lookalikes/zincsearch", "ZincSearch: a redirect to its page",
                      http(302, [("Location", "/ui/"), ("Content-Type",
                                 "text/html; charset=utf-8")],
                           '<a href="/ui/">Found</a>.\n\n', "Content-Length"), product=None))
    cases.append(like("lookalikes/openobserve", "OpenObserve's /api/ORG/ mapped to the root",
                      engine, {"name": "opensearch", "cluster_name": "opensearch-cluster",
                               "cluster_uuid": "h3nGzoJ1R12fZz",
                               "version": version("7.17.0", "8.11.1"), "tagline": TAGLINE},
                      headers=[("X-Elastic-Product", "Elasticsearch")],
                      product="openobserve", version="7.17.0"))
    cases.append(site("lookalikes/quickwit-root", "Quickwit: its API lies under a prefix",
                      http(301, [("location", "/ui/search")], "", "content-length"),
                      product=None))
    quick = like("lookalikes/quickwit", "Quickwit's /api/v1/_elastic mapped to the root; it "
                 "refuses parameters that it does not know", engine,
                 {"name": "quickwit", "cluster_name": "quickwit-default",
                  "cluster_uuid": "quickwit-default",
                  "version": {"distribution": "quickwit", **version("7.17.0", "8.11.1")},
                  "tagline": TAGLINE}, product="quickwit", version="7.17.0")
    for at, (pattern, reply, options) in enumerate(quick.routes):
        if pattern.startswith("/_cat/indices{"):
            quick.routes[at] = ("/_cat/indices{format,h,health,s,v}", reply, options)
    # its list is refused for `bytes`; the count is what is left
    cases.append(quick.want(indices={"documents": 49414}))
    cases.append(site("lookalikes/manticore", "Manticore: a page",
                      http(200, [("Content-Type", "text/html; charset=UTF-8"),
                                 ("Server", "6.3.0 1811a9efb@24052209")],
                           "<!DOCTYPE html>\n<html>\n  <head>\n    <title>Manticore</title>\n"
                           "  </head>\n  <body>\n    <h1>Manticore daemon</h1>\n"
                           "    <p>6.3.0 1811a9efb@24052209</p>\n  </body>\n</html>\n",
                           "Content-Length"), product="manticore"))
    cases.append(like("lookalikes/manticore-api", "Manticore's Elasticsearch banner: a "
                      "constant with a Lucene that 7.4.1 never had", engine,
                      {"name": "4e9d933ebde2", "cluster_name": "docker-cluster",
                       "cluster_uuid": "Z7igA6xDRDKCVwnMuyXCOQ",
                       "version": version("7.4.1", "10.3.1"), "tagline": TAGLINE},
                      product="manticore", version="7.4.1"))
    crate = Case("lookalikes/cratedb", "CrateDB: `ok` as 0.90 has it, and no tagline")
    crate.file("root.http", http(200, [JSON], pretty({
        "ok": True, "status": 200, "name": "Monte Rosa", "cluster_name": "crate",
        "version": {"number": "5.5.1", "build_hash": "6a37571", "build_timestamp": "NA",
                    "build_snapshot": False, "lucene_version": "9.8.0"}})))
    crate.file("404.http", http(404, [TEXT], "", "content-length"))
    crate.route("/", "root.http").route("default", "404.http")
    cases.append(crate.want(exposure="identity", outcome="replied", product="cratedb",
                            version="5.5.1", flags=["lookalike"], severity="low",
                            max_requests=6))
    cases.append(like("lookalikes/easysearch", "INFINI Easysearch, open", engine,
                      {"name": "node-1", "cluster_name": "corp-search",
                       "cluster_uuid": "@{uuid}",
                       "version": {"distribution": "easysearch", "number": "1.7.1",
                                   "distributor": "INFINI Labs", "build_hash": "0",
                                   "build_date": "2024-03-01T00:00:00.000Z",
                                   "build_snapshot": False, "lucene_version": "8.11.2",
                                   "minimum_wire_lucene_version": "7.7.0",
                                   "minimum_lucene_index_compatibility_version": "7.7.0"},
                       "tagline": "You Know, For Easy Search!"},
                      product="easysearch", version="1.7.1"))
    elassandra = Engine("6.8.23").open_case(
        "lookalikes/elassandra", "Elassandra says exactly what Elasticsearch 6.8 says", SHOP)
    cases.append(elassandra.want(**OPEN, product="elasticsearch", version="6.8.23",
                                 flags=["end_of_life"], indices=SHOP_FACTS))
    return cases


def servers():
    """They answer 200, and are something else."""
    json_ = ("Content-Type", "application/json")
    rows = [
        ("kibana-login", http(302, [("location", "/login?next=%2F"),
                                    ("kbn-name", "kibana.corp.example"),
                                    ("kbn-license-sig", "0" * 64)], ""), "kibana"),
        ("kibana-8", http(200, [("kbn-name", "kibana.corp.example"), HTML],
                          "<!DOCTYPE html><html lang=\"en\"><head><title>Elastic</title>"
                          "</head><body>You Know, for Search</body></html>"), "kibana"),
        ("opensearch-dashboards", http(302, [("location", "/app/login"),
                                             ("osd-name", "dashboards.corp.example")], ""),
         "opensearch-dashboards"),
        ("graylog", http(200, [("X-Graylog-Node-ID", "a1b2c3d4"), json_], compact(
            {"cluster_id": "6b0c2f4e", "node_id": "a1b2c3d4", "version": "5.2.3+9aee303",
             "tagline": "Manage your logs in the dark and have lasers going and make it look "
                        "like you're from space!"})), "graylog"),
        ("logstash", http(200, [json_], compact(
            {"host": "ls-1", "version": "8.11.3", "http_address": "0.0.0.0:9600",
             "id": "6b0c2f4e", "name": "ls-1", "ephemeral_id": "9aee303", "status": "green",
             "snapshot": False, "pipeline": {"workers": 2, "batch_size": 125,
                                             "batch_delay": 50},
             "build_date": "2023-12-08T14:42:49+00:00", "build_sha": "0" * 40,
             "build_snapshot": False})), "logstash"),
        ("vespa", http(200, [json_], compact(
            {"application": {"meta": {"name": "shop"}}, "abstractComponents": [],
             "handlers": []})), None),
        ("cerebro", http(200, [HTML], "<!DOCTYPE html><html><head><title>Cerebro</title>"
                                      "</head><body></body></html>"), None),
        ("elasticsearch-head", http(200, [HTML], "<!DOCTYPE html><html><head><title>"
                                                 "elasticsearch-head</title></head><body>"
                                                 "</body></html>"), None),
        ("elastichq", http(200, [HTML], "<!doctype html><html><head><title>ElasticHQ</title>"
                                        "</head><body></body></html>"), None),
        ("meilisearch", http(200, [json_], '{"status":"Meilisearch is running"}'),
         "meilisearch"),
        ("couchdb", http(200, [("Server", "CouchDB/3.3.3 (Erlang OTP/24)"), json_], compact(
            {"couchdb": "Welcome", "version": "3.3.3", "git_sha": "40afbcfc7",
             "uuid": "0" * 32, "features": [], "vendor": {"name": "The Apache Foundation"}})),
         "couchdb"),
        ("pouchdb", http(200, [TEXT], compact(
            {"express-pouchdb": "Welcome!", "version": "4.2.0", "vendor": {
                "name": "PouchDB authors", "version": "4.2.0"}, "uuid": "0" * 36})),
         "pouchdb"),
        ("clickhouse", http(200, [("X-ClickHouse-Summary", "{}"),
                                  ("Content-Type", "text/html; charset=UTF-8")], "Ok.\n"),
         "clickhouse"),
        ("qdrant", http(200, [json_], compact(
            {"title": "qdrant - vector search engine", "version": "1.9.2",
             "commit": "0" * 40})), "qdrant"),
        ("neo4j", http(200, [json_], compact(
            {"bolt_routing": "neo4j://127.0.0.1:7687",
             "transaction": "http://127.0.0.1:7474/db/{databaseName}/tx",
             "bolt_direct": "bolt://127.0.0.1:7687", "neo4j_version": "5.19.0",
             "neo4j_edition": "community"})), "neo4j"),
        ("etcd", http(404, [TEXT], "404 page not found\n", "Content-Length"), None),
        ("nginx-welcome", http(200, [("Server", "nginx/1.22.1"), HTML],
                               "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!"
                               "</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n"
                               "</body>\n</html>\n", "Content-Length"), None),
        ("nginx-403", http(403, [("Server", "nginx"), HTML], nginx_page("403 Forbidden"),
                           "Content-Length"), None),
        ("empty-object", http(200, [json_], "{}"), None),
        ("empty-body", http(200, [json_], ""), None),
        ("array", http(200, [json_], "[]"), None),
        ("talks-about-it", http(200, [HTML], "<html><body>Elasticsearch cluster_name "
                                             "lucene_version \"tagline\" : \"You Know, for "
                                             "Search\"</body></html>"), None),
        ("banner-in-wrapper", http(200, [json_], compact(
            {"data": {"name": "n", "cluster_name": "c", "version": {
                "number": "7.17.9", "lucene_version": "8.11.1"}, "tagline": TAGLINE}})), None),
    ]
    cases = []
    for name, root, product in rows:
        case = site("others/" + name, "another server", root, product=product)
        if product in ("graylog", "logstash", "couchdb", "pouchdb", "qdrant", "neo4j"):
            case.expect.pop("version", None)
        cases.append(case)
    typesense = http(401, [json_], '{"message": "Forbidden - a valid `x-typesense-api-key` '
                                   'header must be sent."}')
    rows = (("typesense", typesense, "typesense"),
            ("solr-401", http(401, [basic("solr"), HTML],
                              "<html><body><h2>HTTP ERROR 401 require authentication</h2>"
                              "</body></html>"), "solr"),
            ("influxdb-401", http(401, [basic("InfluxDB"), json_],
                                  '{"error":"unable to parse authentication credentials"}'),
             "influxdb"))
    for name, data, product in rows:
        case = Case("others/" + name, "another store, guarded")
        case.file("any.http", data)
        cases.append(case.route("default", "any.http").want(
            exposure="protected", outcome="replied", product=product, flags=[],
            severity="none", max_requests=1))
    bad = http(502, [("Server", "nginx"), HTML], nginx_page("502 Bad Gateway"),
               "Content-Length")
    case = Case("others/proxy-502", "a proxy whose node is dead: nobody can tell")
    case.file("any.http", bad)
    cases.append(case.route("default", "any.http").want(
        exposure="inconclusive", outcome="replied", product=None, flags=[], severity="none",
        max_requests=6))
    page = ("<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>"
            "</form></body></html>")
    case = Case("others/login-page-200", "a login page answers 200 to everything")
    case.file("any.http", http(200, [HTML], page))
    cases.append(case.route("default", "any.http").want(**OTHER, product=None))
    return cases


def decoys():
    cases = []
    banner = {"status": 200, "name": "Green Goblin", "cluster_name": "elasticsearch",
              "version": {"number": "1.4.1",
                          "build_hash": "89d3241d670db65f994242c8e838b169779e2d4",
                          "build_snapshot": False, "lucene_version": "4.10.2"},
              "tagline": TAGLINE}
    text = pretty(banner).replace("  ", "        ")
    go = [("Date", "Mon, 23 Nov 2026 00:00:00 GMT"),
          ("Content-Type", "text/plain; charset=utf-8")]
    case = Case("decoys/elastichoney", "the banner with 200 on every path")
    case.file("any.http", http(200, go, text, "Content-Length"))
    cases.append(case.route("default", "any.http").want(
        exposure="inconclusive", outcome="replied", product="elasticsearch",
        version="1.4.1", flags=["honeypot_suspected", "catch_all"], severity="none",
        max_requests=6))
    pot = Case("decoys/elasticpot", "a whole interface from files; 200 with a 404 inside")
    apache = [("Server", "Apache"), ("Connection", "Close"),
              ("Content-Type", "application/json; charset=UTF-8")]
    banner = {"status": 200, "name": "Green Goblin", "cluster_name": "elasticsearch",
              "version": {"number": "1.4.1",
                          "build_hash": "b88f43fc40b0bcd7f173a1f9ee2e97816de80b19",
                          "build_timestamp": "2015-07-29T09:54:16Z", "build_snapshot": False,
                          "lucene_version": "4.10.4"}, "tagline": TAGLINE}
    rows = [{"health": "yellow", "status": "open", "index": name, "uuid": uuid, "pri": "5",
             "rep": "1", "docs.count": docs, "docs.deleted": "0", "store.size": size,
             "pri.store.size": size}
            for name, uuid, docs, size in (
                ("1cf0aa9d61f185b59f643939f862c01f89b21360", "Zp3uE8tQvGhjfQqQMW6gAA", "30",
                 "25.4kb"),
                ("db18744ea5570fa9bf868df44fecd4b58332ff24", "Qp3uE8tQvGhjfQqQMW6gAB", "6",
                 "18.2kb"))]
    health = {"cluster_name": "elasticsearch", "cluser_name": "elasticsearch",
              "status": "yellow", "timed_out": False, "number_of_nodes": 1,
              "number_of_data_nodes": 1, "active_primary_shards": 10, "active_shards": 10,
              "relocating_shards": 0, "initializing_shards": 0, "unassigned_shards": 10}
    missing = {"error": "IndexMissingException[[@{index}] missing]", "status": 404}
    for file, body in (("root", banner), ("health", health), ("list", rows),
                       ("404", missing)):
        pot.file(file + ".http", http(200, apache, compact(body), "Content-Length"))
    for path, file in (("/", "root"), ("/_cluster/health", "health"),
                       ("/_cat/indices", "list"), ("default", "404")):
        pot.route(path, file + ".http")
    cases.append(pot.want(exposure="inconclusive", outcome="replied",
                          product="elasticsearch", version="1.4.1",
                          flags=["honeypot_suspected", "catch_all"], severity="none",
                          max_requests=6))
    fisher = Case("decoys/fisher", "a python script with a ransom note of its own (R17)")
    python = [("Server", "SimpleHTTP/0.6 Python/3.8.10"),
              ("Date", "Mon, 23 Nov 2026 00:00:00 GMT"), ("Content-type", "text/plain")]
    banner = {"name": "b5c8bbb2116f", "cluster_name": "docker-cluster",
              "cluster_uuid": "zaB2D2C_Qqabg7a3uzUgIw",
              "version": version("7.4.2", "8.2.0"), "tagline": TAGLINE}
    fisher.file("root.http", http(200, python, pretty(banner), None))
    fisher.file("list.http", http(200, python, "yellow open read_me Zp3uE-8tQvGhjfQqQMW6-g 1 "
                                               "1 1 0 4.4kb 4.4kb\n", None))
    fisher.file("404.http", http(404, python, "Not Found", None))
    fisher.route("/", "root.http").route("/_cat/indices", "list.http")
    cases.append(fisher.route("default", "404.http").want(
        exposure="identity", outcome="replied", product="elasticsearch", version="7.4.2",
        flags=["honeypot_suspected"], severity="low", max_requests=6))
    engine = Engine("7.17.9")
    case = engine.open_case("decoys/catch-all", "an interface whose every path says 200", SHOP)
    case.file("any.http", engine.reply(200, engine.count(1)))
    for pattern in ("/*/_count", "/_*", "/*/*", "default"):
        case.replace(pattern, "any.http")
    cases.append(case.want(exposure="inconclusive", outcome="replied",
                           product="elasticsearch", version="7.17.9",
                           flags=["catch_all", "end_of_life"], severity="none",
                           max_requests=6))
    return cases


def all_cases(folder):
    del folder
    return lookalikes() + servers() + decoys()
