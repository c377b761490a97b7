# SPDX-License-Identifier: Apache-2.0
"""Guards of other makers in front of a datastore (wire-facts 2.2 and 2.3)."""
from base import Case, compact, http
from opensearch import REFUSED

TEXT = ("content-type", "text/plain; charset=UTF-8")
JSON = ("content-type", "application/json; charset=UTF-8")
HTML = ("Content-Type", "text/html")


def nginx_page(title, extra=""):
    return ("<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1>"
            "</center>\r\n%s<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n" %
            (title, title, extra))


def basic(realm):
    return ("WWW-Authenticate", "Basic realm=\"%s\"" % realm)


def forbidden_by_ror(due_to):
    cause = {"reason": "Forbidden by ReadonlyREST", "due_to": [due_to]}
    return compact({"error": {"root_cause": [cause], **cause}, "status": 403})


def one(name, note, data, **want):
    case = Case("guards/" + name, note)
    case.file("any.http", data)
    return case.route("default", "any.http").want(**{**REFUSED, "version": None, **want})


def refusals():
    title = nginx_page("401 Authorization Required")
    return [
        one("search-guard-5", "text, as up to 7",
            http(401, [basic("Search Guard"), TEXT], "Unauthorized"),
            product="elasticsearch"),
        one("search-guard-flx", "JSON, because ajar accepts it",
            http(401, [basic("Search Guard"), JSON], compact(
                {"status": 401, "error": {"reason": "Unauthorized",
                                          "type": "authentication_exception"}})),
            product="elasticsearch"),
        one("search-guard-starting", "503: not initialised",
            http(503, [TEXT], "Search Guard not initialized (SG11). See "
                              "https://docs.search-guard.com/latest/sgctl"),
            exposure="inconclusive", product="elasticsearch", max_requests=6),
        one("opendistro", "Open Distro security",
            http(401, [basic("Open Distro Security"), TEXT], "Unauthorized"),
            product="elasticsearch"),
        one("opendistro-starting", "503: not initialised",
            http(503, [TEXT], "Open Distro Security not initialized."),
            exposure="inconclusive", product="elasticsearch", max_requests=6),
        one("readonlyrest-403", "no password prompt: 403 to all",
            http(403, [JSON], forbidden_by_ror("OPERATION_NOT_ALLOWED")),
            product="elasticsearch", max_requests=6),
        one("readonlyrest-401", "with a password prompt; no realm",
            http(401, [("WWW-Authenticate", "Basic"), JSON],
                 forbidden_by_ror("OPERATION_NOT_ALLOWED").replace("403", "401")),
            product="elasticsearch"),
        one("nginx-basic", "a proxy asks for a password; what is behind is not known",
            http(401, [("Server", "nginx"), HTML, basic("Restricted")], title,
                 "Content-Length"), product=None),
        one("jetty-digest", "elasticsearch-jetty: Digest",
            http(401, [("WWW-Authenticate", 'Digest realm="elasticsearch", domain="", '
                                            'nonce="1f3a9c", algorithm=MD5, qop="auth"'),
                       TEXT], "Unauthorized access", "Content-Length"), product=None),
        one("aws-403", "a managed domain with an access policy",
            http(403, [("x-amzn-RequestId", "6b0c2f4e-0000-4000-8000-000000000000"),
                       ("Content-Type", "application/json")],
                 '{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet '
                 'because no resource-based policy allows the es:ESHttpGet action"}',
                 "Content-Length"), product=None, max_requests=6),
        one("aws-serverless-403", "OpenSearch Serverless",
            http(403, [("x-aoss-response-hint", "X01:gw-helper-deny"),
                       ("Content-Type", "application/json")], compact(
                {"status": 403, "request-id": "6b0c2f4e-0000-4000-8000-000000000000",
                 "error": {"reason": "403 Forbidden", "type": "Forbidden"}}),
                 "Content-Length"), product="opensearch", max_requests=6),
        one("cratedb-401", "CrateDB with host-based authentication",
            http(401, [basic("CrateDB Authenticator"), TEXT], "Unauthorized"),
            product="cratedb", flags=["lookalike"]),
        # by its address alone the edge does not know which cluster is meant
        one("elastic-cloud-404", "Elastic Cloud, asked by address",
            http(404, [("X-Cloud-Request-Id", "6b0c2f4eQ0GkAAAAAAAAAA"),
                       ("Content-Type", "application/json; charset=UTF-8")],
                 '{"ok":false,"message":"Unknown resource."}', "Content-Length"),
            product=None),
    ]


def mismatches():
    """Plain HTTP to a TLS port; the same server speaks once TLS is used."""
    nginx = nginx_page("400 The plain HTTP request was sent to HTTPS port")
    rows = (("nginx", http(400, [("Server", "nginx"), HTML, ("Connection", "close")], nginx,
                           "Content-Length")),
            ("go", b"HTTP/1.0 400 Bad Request\r\n\r\n"
                   b"Client sent an HTTP request to an HTTPS server.\n"),
            ("apache", http(400, [("Server", "Apache"), HTML, ("Connection", "close")],
                            "<html><head><title>400 Bad Request</title></head><body>\nYour "
                            "browser sent a request that this server could not understand.\n"
                            "Reason: You're speaking plain HTTP to an SSL-enabled server "
                            "port.\n</body></html>\n", "Content-Length")),
            ("alert", b"\x15\x03\x03\x00\x02\x02\x46"))
    cases = []
    for name, data in rows:
        case = Case("guards/tls-only-" + name,
                    "its TLS port answers plain HTTP in its own way; TLS gets a 401")
        case.file("plain", data)
        case.file("any.http", http(401, [basic("Restricted")], ""))
        case.route("plain", "plain").route("default", "any.http")
        # `place` tells the runner that it lives on a TLS port whatever is exercised
        cases.append(case.want(**{**REFUSED, "max_requests": 2}, product=None, version=None,
                               scheme="https", place="tls"))
    return cases


def all_cases(folder):
    del folder
    return refusals() + mismatches()
