# SPDX-License-Identifier: Apache-2.0
"""Servers that stall, lie, or speak something else. None is ever safe, none is a crash."""
import gzip

from base import Case, http
from elastic import SHOP
from engine import Engine, LIST_PARAMS
from guards import HTML, JSON

ODD = {"flags": [], "severity": "none", "max_requests": 4}


def raw(name, note, data, pattern="default", **want):
    case = Case("hostile/" + name, note)
    case.file("bytes", data)
    return case.route(pattern, "bytes").want(**{**ODD, **want})


def builtin(name, note, what, options="", **want):
    case = Case("hostile/" + name, note)
    return case.route("default", what, options).want(**{**ODD, **want})


UNSURE = {"exposure": "inconclusive"}
OTHER = {"exposure": "not_datastore"}
GONE = {"exposure": "unreachable"}


def silences():
    return [
        builtin("stall", "accepts and never answers", "!stall", **UNSURE,
                outcome="timeout_reply", slow=True),
        builtin("reset", "resets, TLS too", "!reset", **GONE, outcome="reset").route(
            "tls", "!reset"),
        builtin("close", "closes without a byte", "!close", **GONE, outcome="closed"),
        builtin("endless-headers", "header lines without end", "!endless-headers", **UNSURE,
                outcome="too_large"),
        # noise in place of JSON: that it is no banner shows in its first bytes
        builtin("endless-body", "a body without end", "!endless-body", **OTHER,
                outcome="replied"),
        builtin("endless-chunks", "chunks without end", "!endless-chunks", **OTHER,
                outcome="replied"),
        builtin("interim-flood", "100 Continue without end", "!interim-flood", **UNSURE,
                outcome="too_large"),
        builtin("garbage", "64 KiB of noise", "!garbage=65536", **OTHER, outcome="not_http"),
        # within TLS an alert is but seven bytes of noise
        builtin("tls-alert", "a TLS alert to a plain request, and no TLS", "!tls-alert",
                exposure="inconclusive", outcome="tls_failed",
                tls={"exposure": "not_datastore", "outcome": "not_http"}),
        # an object that is not read to its end could have said anything
        builtin("deep-json", "100,000 objects one in another", "!deep-json=100000", **UNSURE,
                outcome="replied"),
    ]


# broken names do not shut a cluster; they are shown with `?` and never asked for
BROKEN = {"exposure": "records", "outcome": "replied", "product": "elasticsearch",
          "version": "7.17.9", "flags": ["end_of_life"], "severity": "critical",
          "max_requests": 6}


def lies():
    json_ = "content-type: application/json\r\n"
    body = Engine("7.17.9").root()
    head = "HTTP/1.1 200 OK\r\n" + json_
    rows = [
        ("length-too-long", "closes before the promised length", "%scontent-length: %d\r\n"
         "connection: close\r\n\r\n%s" % (head, len(body) + 5000, body), UNSURE,
         "unparseable"),
        ("length-huge", "promises 2 GB", "%scontent-length: 2147483648\r\nconnection: close"
         "\r\n\r\n{" % head, UNSURE, "unparseable"),
        ("length-overflow", "a length of 30 digits", "%scontent-length: "
         "184467440737095516160000000000\r\n\r\n{}" % head, UNSURE, "unparseable"),
        ("length-twice", "two lengths that differ (RFC 9112 6.3)", "%scontent-length: 2\r\n"
         "content-length: 40\r\n\r\n{}" % head, UNSURE, "unparseable"),
        ("length-and-chunked", "length and chunks at once (RFC 9112 6.1)", "%scontent-length: "
         "4\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n" %
         head, UNSURE, "unparseable"),
        ("chunk-bad", "a chunk size that is none", "%stransfer-encoding: chunked\r\n\r\n"
         "zz\r\n{}\r\n0\r\n\r\n" % head, UNSURE, "unparseable"),
        ("chunk-cut", "the chunks end too early", "%stransfer-encoding: chunked\r\nconnection: "
         "close\r\n\r\n40\r\n{\"name\"" % head, UNSURE, "unparseable"),
        ("json-cut", "a banner cut in the middle, with the right length", "%scontent-length: "
         "60\r\n\r\n%s" % (head, body[:60]), UNSURE,
         "replied"),
        ("json-nul", "NUL bytes in a banner", "%scontent-length: 27\r\n\r\n{\"name\":\"a\0b\","
         "\"version\":{}}" % head, UNSURE,
         "replied"),
        ("header-nul", "NUL in a header", "HTTP/1.1 200 OK\r\nx-a: b\0c\r\ncontent-length: 0"
         "\r\n\r\n", UNSURE,
         "unparseable"),
        ("status-bad", "a status line that is none", "HTTP/1.1 two hundred\r\n\r\n",
         UNSURE, "unparseable"),
        ("version-9", "HTTP/9.9", "HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n",
         OTHER, "not_http"),
        ("http-0.9", "a page without a head", "<html><body>hello</body></html>\n",
         OTHER, "not_http"),
        ("switching", "101 to a plain GET", "HTTP/1.1 101 Switching Protocols\r\nupgrade: "
         "websocket\r\nconnection: upgrade\r\n\r\n",
         UNSURE, "unparseable"),
    ]
    cases = []
    for name, note, text, exposure, outcome in rows:
        cases.append(raw(name, note, text.encode(), **exposure, outcome=outcome))
    engine = Engine("7.17.9")
    data = engine.root(name="NAME").encode().replace(b"NAME", b"a\xff\xfe\xc0\x80b")
    case = engine.open_case("hostile/json-bad-utf8", "a node name that is not UTF-8", SHOP)
    case.files["root.http"] = engine.reply(200, data)
    cases.append(case.want(**BROKEN))
    cases += coded(body)
    case = Case("hostile/redirect", "redirects everywhere; none is followed")
    case.file("any.http", http(302, [("Location", "http://127.255.255.254:1@{path}"), HTML],
                               ""))
    cases.append(case.route("default", "any.http").want(
        **{**ODD, "max_requests": 6}, exposure="not_datastore", outcome="replied",
        product=None))
    return cases


def coded(body):
    """Content codings, though identity was asked for: what it says cannot be read, unless it
    can all the same; a status needs no body."""
    packed = gzip.compress(body.encode(), mtime=0)
    # not undone by anyone here, so the others need not be true to their name
    noise = bytes((7 * at * at + 13 * at + 5) % 251 for at in range(400))
    cases = []
    for name, header, data in (("gzip", "gzip", packed), ("gzip-in-a-list",
                               "identity, GZIP", packed), ("br", "br", noise),
                               ("zstd", "zstd", b"\x28\xb5\x2f\xfd" + noise),
                               ("deflate", "deflate", noise),
                               ("unknown-coding", "x-corp-7", noise)):
        cases.append(raw(name, "a coding that was not asked for",
                         http(200, [JSON, ("content-encoding", header)], data),
                         exposure="inconclusive", outcome="replied"))
    for status, exposure in ((401, "protected"), (403, "protected"),
                             (404, "not_datastore"), (400, "inconclusive")):
        cases.append(raw("gzip-%d" % status, "the body is coded, the status is not",
                         http(status, [JSON, ("content-encoding", "gzip")], packed),
                         exposure=exposure, outcome="replied"))
    engine = Engine("7.17.9")
    for name, note, value in (
            ("coding-misnamed", "`Content-Encoding: utf-8`, a common mistake: all can be "
             "read", b"utf-8"),
            ("coding-identity", "identity, said in so many words", b"Identity")):
        case = engine.open_case("hostile/" + name, note, SHOP)
        for file, bytes_ in list(case.files.items()):
            case.files[file] = bytes_.replace(b"\r\n", b"\r\nContent-Encoding: " + value +
                                              b"\r\n", 1)
        cases.append(case.want(outcome="replied", exposure="records", severity="critical",
                               product="elasticsearch", version="7.17.9",
                               flags=["end_of_life"], max_requests=6))
    case = engine.open_case("hostile/gzip-list", "the list alone is coded, and the counts",
                            SHOP)
    for file, bytes_ in list(case.files.items()):
        if file.startswith(("list", "count")):
            head, text = bytes_.split(b"\r\n\r\n", 1)
            case.files[file] = (head + b"\r\ncontent-encoding: gzip\r\n\r\n" +
                                gzip.compress(text, mtime=0))
    cases.append(case.want(outcome="replied", exposure="inconclusive", severity="none",
                           product="elasticsearch", version="7.17.9",
                           flags=["end_of_life"], max_requests=6))
    case = engine.open_case("hostile/gzip-list-alone", "the list is coded, counts are refused",
                            SHOP)
    refused = engine.error(403, "security_exception", "action [indices:data/read/search] is "
                           "unauthorized for user [_anonymous]")
    for file, bytes_ in list(case.files.items()):
        if file.startswith("list"):
            head, text = bytes_.split(b"\r\n\r\n", 1)
            case.files[file] = (head + b"\r\ncontent-encoding: gzip\r\n\r\n" +
                                gzip.compress(text, mtime=0))
        elif file.startswith("count"):
            case.files[file] = refused
    cases.append(case.want(outcome="replied", exposure="inconclusive", severity="none",
                           product="elasticsearch", version="7.17.9",
                           flags=["end_of_life"], max_requests=6))
    return cases


def late():
    """Good beginnings, bad ends: what was proven before stays, nothing more is claimed."""
    cases = []
    engine = Engine("7.17.9")
    base = {"product": "elasticsearch", "version": "7.17.9", "max_requests": 8}
    rows = (("list-stalls", "/_cat/indices", LIST_PARAMS, "!stall", "", True),
            ("list-resets", "/_cat/indices", LIST_PARAMS, "!reset", "", False),
            ("list-cut-at-once", "/_cat/indices", LIST_PARAMS, "list.http", "cut=150", False))
    for name, path, params, reply, options, slow in rows:
        case = engine.open_case("hostile/" + name, "the banner answers, the list does not",
                                SHOP)
        engine.swap(case, path, params, reply, options)
        # a count over all user indices needs no list
        case.want(**base, outcome=["replied", "timeout_reply", "reset", "unparseable"],
                  exposure="records", flags=["partial", "end_of_life"])
        cases.append(case.want(slow=True) if slow else case)
    case = engine.open_case("hostile/counts-stall", "all answers but the counts", SHOP)
    for at, (pattern, reply, options) in enumerate(case.routes):
        if "_count" in pattern:
            case.routes[at] = (pattern, "!stall", options)
    cases.append(case.want(**base, outcome=["replied", "timeout_reply"], exposure="indices",
                           flags=["partial", "end_of_life"], slow=True))
    case = engine.open_case("hostile/drip", "a byte each 100 ms: over the deadline", SHOP)
    case.routes = [(p, r, "drip") for p, r, _ in case.routes]
    cases.append(case.want(max_requests=6, outcome=["timeout_reply", "replied"],
                           exposure="inconclusive", flags=[], slow=True))
    return cases


def rows():
    """Index lists that no engine would send."""
    cases = []
    engine = Engine("7.17.9")
    good = engine.rows(SHOP)
    odd = {"names": [dict(good[0], index=name) for name in
                     ("\x1b[2J\x1b]0;owned\x07", "\u202egpj.exe", "a\nb", "..", "a/../b",
                      "x" * 300, "<script>alert(1)</script>", "'; DROP TABLE x; --")],
           "numbers": [dict(good[0], **{"docs.count": value, "store.size": value}) for value in
                       ("-1", "1e9", "99999999999999999999999", " 7", "0x10", "NaN", "")],
           "types": [dict(good[0], index=7), {"index": None}, [], "text", 5, None, True],
           "nothing": [{}]}
    for name, body in odd.items():
        case = engine.open_case("hostile/rows-" + name, "an index list of odd rows: " + name,
                                SHOP)
        case.files["list.http"] = engine.reply(200, body)
        cases.append(case.want(product="elasticsearch", version="7.17.9", outcome="replied",
                               exposure="records", flags=["end_of_life"],
                               max_requests=8))
    for name, shop in (("bad-utf8", SHOP), ("bad-utf8-alone", [])):
        case = engine.open_case("hostile/rows-" + name, "an index name that is not UTF-8", shop)
        rows = [dict(good[0], index="NAME", **{"docs.count": "90000"})] + engine.rows(shop)
        case.files["list.http"] = engine.reply(200, rows).replace(
            b"NAME", b"a\xff\xe2\x82b")
        if not shop:
            case.files["count-all.http"] = engine.reply(200, engine.count(90000))
        cases.append(case.want(**{**BROKEN, "max_requests": 6}, indices={
            "count": len(rows), "system": len(shop) and 1,
            "documents": 90000 + (49414 if shop else 0)}))
    case = engine.open_case("hostile/duplicate-keys", "a banner that says two things at once",
                            SHOP)
    body = engine.root().replace('"number" : "7.17.9"',
                                 '"number" : "7.17.9",\n    "number" : "8.7.1"')
    case.files["root.http"] = engine.reply(200, body)
    # the first of duplicate members counts
    cases.append(case.want(outcome="replied", exposure="records", flags=["end_of_life"],
                           product="elasticsearch", version="7.17.9", max_requests=8))
    case = engine.open_case("hostile/heavy-headers", "20 KB of headers, 90 lines", SHOP,
                            root=engine.root(uuid="H3avyH3avyH3avyH3avyAA"))
    heavy = "".join("X-Trace-%02d: %s\r\n" % (n, "t" * 200) for n in range(90)).encode()
    case.files["root.http"] = case.files["root.http"].replace(b"\r\n", b"\r\n" + heavy, 1)
    cases.append(case.want(product="elasticsearch", version="7.17.9", outcome="replied",
                           exposure="records", flags=["end_of_life"], max_requests=6))
    return cases


def strangers():
    """Not HTTP at all."""
    cases = []
    case = Case("hostile/ssh", "an SSH banner before any request")
    case.file("banner", b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
    cases.append(case.route("connect", "banner").want(
        **{**ODD, "max_requests": 4}, exposure="not_datastore", outcome="not_http"))
    case = Case("hostile/smtp", "an SMTP greeting")
    case.file("banner", b"220 mail.corp.example ESMTP Postfix\r\n")
    cases.append(case.route("connect", "banner").want(
        **ODD, exposure="not_datastore", outcome="not_http"))
    cases.append(raw("redis", "Redis before 3.2.7 takes GET for its own command (7: redis-7)",
                     b"-ERR wrong number of arguments for 'get' command\r\n",
                     exposure="not_datastore", outcome="not_http"))
    cases.append(raw("postgresql", "a PostgreSQL pooler's error packet",
                     b"E\x00\x00\x00\x3bSFATAL\x00C08P01\x00Munsupported startup parameter: "
                     b"GET\x00\x00", exposure="not_datastore", outcome="not_http"))
    cases.append(raw("mysql", "a MySQL greeting", b"\x4a\x00\x00\x00\x0a8.0.36\x00\x08\x00"
                     b"\x00\x00abcdefgh\x00\xff\xff\xff\x02\x00\xff\xdf\x15", "connect",
                     exposure="not_datastore", outcome="not_http"))
    return cases


def all_cases(folder):
    del folder
    return silences() + lies() + late() + rows() + strangers()
