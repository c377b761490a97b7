# SPDX-License-Identifier: Apache-2.0
"""The demo's own personalities: the December story, all names fictional."""
from base import Case, http
from elastic import OPEN
from engine import Engine
from guards import HTML

# 250 million support records, the same on each of the five servers
SUPPORT = [("support-cases-2019", 41200318, 61203431424), ("support-cases-2020", 46118204,
           70338215936), ("support-chat-transcripts", 98004417, 122406789120),
           ("support-customers", 24677061, 18253611008), ("support-attachments-meta",
           40000012, 9663676416), (".kibana_1", 112, 262144), (".tasks", 18, 32768)]
CASE = {"case_number": "keyword", "customer_email_redacted": "keyword", "subject": "text",
        "internal_notes": "text", "country": "keyword", "opened_at": "date"}
# three are looked at: the largest, names that differ in digits alone once
SUPPORT_FIELDS = {
    "support-cases-2019": CASE, "support-cases-2020": CASE,
    "support-chat-transcripts": {
        "case_number": "keyword", "customer": {"email": "keyword", "fullName": "text",
                                               "client_ip": "ip"},
        "agent": "keyword", "transcript": "text", "started_at": "date"},
    "support-customers": {"customer_email": "keyword", "phone": "keyword",
                          "tenant": "keyword"},
    "support-attachments-meta": {"case_number": "keyword", "file_name": "keyword",
                                 "size_bytes": "long", "uploaded_at": "date"}}
SUPPORT_SAYS = {"level": "critical", "kinds": [["email", "person_name", "ip_address",
                                                "free_text"]],
                "indices_looked_at": 3, "truncated": False}
DOCUMENTS = sum(entry[1] for entry in SUPPORT[:5])


def demo(engine, name, note, indices, **cluster):
    nodes = cluster.pop("nodes", 1)
    status = cluster.pop("status", "green")
    title = cluster.pop("cluster")
    mappings = cluster.pop("mappings", None)
    return engine.open_case(
        "demo/" + name, note, indices,
        root=engine.root(name=cluster.pop("node", "node-@{octet}"), cluster=title, **cluster),
        health=engine.health(cluster=title, nodes=nodes, status=status,
                             primaries=len(indices)), mappings=mappings)


def story():
    engine = Engine("7.17.9")
    case = demo(engine, "support", "one of the five: the whole support data set", SUPPORT,
                cluster="support-analytics-@{octet}", nodes=3, mappings=SUPPORT_FIELDS)
    return [case.want(**{**OPEN, "max_requests": 8}, product="elasticsearch", version="7.17.9",
                      flags=["end_of_life"], severity="critical",
                      indices={"count": 7, "system": 2, "documents": DOCUMENTS},
                      sensitivity=SUPPORT_SAYS)]


def others():
    cases = []
    billing = [("invoices-2026", 1840233, 2147483648), ("payments", 920114, 1073741824),
               (".opensearch-observability", 0, 208)]
    case = demo(Engine("2.19.6", "opensearch"), "billing", "billing's search, open", billing,
                cluster="billing-search", nodes=2, mappings={
                    "invoices-2026": {"number": "keyword", "customer_name": "text",
                                      "billing_address": {"street": "text",
                                                          "zip_code": "keyword"},
                                      "total": "scaled_float"},
                    "payments": {"invoice": "keyword", "iban": "keyword", "paid_at": "date"}})
    cases.append(case.want(**{**OPEN, "max_requests": 7}, product="opensearch",
                           version="2.19.6", flags=[], severity="critical", sensitivity={
                               "level": "critical", "indices_looked_at": 2,
                               "kinds": [["person_name", "postal_address", "payment"]]}))
    engine = Engine("8.12.1")
    case = demo(engine, "metrics", "harmless figures, open all the same",
                [("machine-room-temperature", 8201, 1048576)], cluster="platform-metrics",
                mappings={"machine-room-temperature": {
                    "sensor": "keyword", "celsius": "float", "@timestamp": "date"}})
    cases.append(case.want(**OPEN, product="elasticsearch", version="8.12.1",
                           flags=["end_of_life"], severity="high", sensitivity={
                               "level": "none", "kinds": [[]], "indices_looked_at": 1}))
    case = demo(engine, "list-only", "anonymous may list, and not read",
                [("tickets", 80231, 90177536), ("agents", 412, 524288)],
                cluster="platform-logs")
    refused = engine.error(403, "security_exception",
                           "action [indices:data/read/search] is unauthorized for user "
                           "[_anonymous] with effective roles [lister]")
    case.file("refused.http", refused)
    for at, (pattern, _, options) in enumerate(case.routes):
        if "_count" in pattern:
            case.routes[at] = (pattern, "refused.http", options)
    case.file("unmapped.http", engine.error(
        403, "security_exception", "action [indices:admin/mappings/get] is unauthorized for "
        "user [_anonymous] with effective roles [lister]"))
    case.routes.insert(0, ("/*/_mapping", "unmapped.http", ""))
    cases.append(case.want(exposure="indices", outcome="replied", product="elasticsearch",
                           version="8.12.1", flags=["partial", "end_of_life"],
                           severity="high", max_requests=8))
    engine = Engine("7.17.9")
    case = demo(engine, "ransomed", "wiped, and a note left behind",
                [("read_me_to_recover_database", 1, 4817)], cluster="research-pilot")
    cases.append(case.want(**OPEN, product="elasticsearch", version="7.17.9",
                           flags=["compromised", "end_of_life"], severity="critical"))
    case = demo(Engine("9.5.2"), "behind-tls", "open behind TLS: TLS is no lock",
                [("experiments", 20114, 41943040)], cluster="research-notebook",
                mappings={"experiments": {"title": "text", "author": "keyword",
                                          "result": "double", "finished_at": "date"}})
    cases.append(case.want(**OPEN, product="elasticsearch", version="9.5.2", flags=[],
                           severity="critical"))
    page = "<!DOCTYPE html><html><head><title>corp.example</title></head><body></body></html>"
    case = Case("demo/web", "a web server")
    case.file("root.http", http(200, [("Server", "nginx"), HTML], page, "Content-Length"))
    case.file("404.http", http(404, [("Server", "nginx"), HTML], page, "Content-Length"))
    case.route("/", "root.http").route("default", "404.http")
    cases.append(case.want(exposure="not_datastore", outcome="replied", flags=[],
                           severity="none", max_requests=6))
    return cases


def bench():
    """The smallest honest answers, for scale tests and benches."""
    case = Case("bench/nothing", "one small reply that is no datastore")
    case.file("any.http", http(404, [("content-type", "text/plain")], "no\n"))
    case.route("default", "any.http")
    engine = Engine("8.19.20")
    full = engine.open_case("bench/open", "a whole open cluster without placeholders on its "
                            "way", [("orders-2026", 48210, 73400320)],
                            root=engine.root(uuid="B3nchB3nchB3nchB3nchAA"),
                            mappings={"orders-2026": {
                                "order_id": "keyword", "customer_email": "keyword",
                                "shipping_address": {"street": "text", "city": "keyword"},
                                "total": "scaled_float", "ordered_at": "date"}})
    return [case, full]


def all_cases(folder):
    del folder
    return story() + others() + bench()
