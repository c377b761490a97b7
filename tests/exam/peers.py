#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Other scanners' rules for an open Elasticsearch, over the replies of the same fixtures.

The rules are written anew from their descriptions, as predicates: what they ask, and what
of the answer they take for an open store. None of their code is here, and none of them was
run. Paths that no fixture holds, because ajar never asks them, are answered in their favour
from what the same permission shows: `_search` as `_count`, `_nodes` as health, `_cat` as
`_cat/indices`.

  tests/exam/peers.py [--build DIR]
"""
import concurrent.futures
import http.client
import json
import pathlib
import ssl
import sys
import tempfile

import subject

SECONDS = 3
MOST = 1 << 20
SEARCH = b'{"took":1,"timed_out":false,"_shards":{"total":1,"successful":1},"hits":{"hits":[]}}'
NODES = b'{"_nodes":{"total":1},"cluster_name":"c","nodes":{"a":{"name":"n","version":"1"}}}'
CAT = b"=^.^=\n/_cat/allocation\n/_cat/shards\n/_cat/master\n/_cat/nodes\n"


class Answer:
    def __init__(self, status, fields, body):
        self.status = status
        self.type = fields.get("content-type", "")
        self.body = body

    def json(self):
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Server:
    """One fixture, asked as a peer asks; a reply that cannot be read is None."""

    def __init__(self, host, port, tls):
        self.host, self.port, self.tls = host, port, tls
        self.known = {}

    def fetch(self, path):
        if path not in self.known:
            self.known[path] = self.exchange(path)
        return self.known[path]

    def exchange(self, path):
        if self.tls:
            context = ssl._create_unverified_context()
            line = http.client.HTTPSConnection(self.host, self.port, timeout=SECONDS,
                                               context=context)
        else:
            line = http.client.HTTPConnection(self.host, self.port, timeout=SECONDS)
        try:
            line.request("GET", path, headers={"User-Agent": "exam", "Accept": "*/*"})
            reply = line.getresponse()
            body = reply.read(MOST)
            fields = {name.lower(): value for name, value in reply.getheaders()}
            return Answer(reply.status, fields, body)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            line.close()

    def like(self, path, twin, body, kind="application/json", fits=lambda json_: True):
        """The reply to path, or what stands for it where twin is readable."""
        real, other = self.fetch(path), self.fetch(twin)
        if other and other.status == 200 and fits(other.json()):
            return Answer(200, {"content-type": kind}, body)
        return real

    def search(self):
        return self.like("/_all/_search", "/_all/_count", SEARCH,
                         fits=lambda value: isinstance(value, dict) and "_shards" in value)

    def nodes(self):
        return self.like("/_nodes", "/_cluster/health", NODES,
                         fits=lambda value: isinstance(value, dict) and
                         "number_of_nodes" in value)

    def cat(self):
        return self.like("/_cat", "/_cat/indices", CAT, "text/plain",
                         fits=lambda value: isinstance(value, list))


def nuclei(server):
    answers = [server.fetch("/?pretty"), server.fetch("/_cat/indices?v"), server.search(),
               server.fetch("/_cluster/health?pretty")]
    words = (b'"took":', b'"number" :', b'"number_of_nodes"')
    types = ("application/json", "application/vnd.api+json", "text/plain")
    return any(a and a.status == 200 and any(t in a.type for t in types) and
               any(word in a.body for word in words) for a in answers)


def leakix(server):
    root = server.fetch("/")
    if not (root and root.status == 200 and b"lucene" in root.body and
            b"cluster_uuid" in root.body):
        return False
    nodes = server.nodes()
    value = nodes.json() if nodes and nodes.status == 200 else None
    return isinstance(value, dict) and bool(value.get("nodes"))


def tsunami(server):
    root = server.fetch("/")
    value = root.json() if root and 200 <= root.status < 300 else None
    return isinstance(value, dict) and value.get("tagline") == "You Know, for Search"


def fscan(server):
    if server.tls:
        return False  # http:// only
    answer = server.fetch("/_cat/indices")
    return bool(answer and answer.status == 200)


def xray(server):
    root = server.fetch("/")
    if not (root and root.status == 200 and "application/json" in root.type and
            b"You Know, for Search" in root.body):
        return False
    cat = server.cat()
    return bool(cat and cat.status == 200 and b"/_cat/master" in cat.body)


PEERS = {"nuclei": nuclei, "LeakIX": leakix, "Tsunami": tsunami, "fscan": fscan, "xray": xray}


def truth(fixture):
    """What is so: the expected exposure, or `undecided` where more than one is right."""
    behind_tls = fixture.expect.get("place") == "tls"
    expect = dict(fixture.expect, **(fixture.expect.get("tls", {}) if behind_tls else {}))
    exposure = expect["exposure"]
    if not isinstance(exposure, list):
        return exposure
    return "undecided"


def ask_all(options, fixtures):
    """{fixture: {peer: flagged}}."""
    places = [subject.Place(f.name, subject.address(i, 110), f.name,
                            "tls" if f.expect.get("place") == "tls" else "")
              for i, f in enumerate(fixtures)]

    def ask(place, port):
        server = Server(place.address, port, place.pace == "tls")
        return {name: bool(rule(server)) for name, rule in PEERS.items()}
    with tempfile.TemporaryDirectory() as name:
        text = "\n".join(place.line() for place in places) + "\n"
        with subject.wire.Network(options.simnet, text, pathlib.Path(name)) as network, \
                concurrent.futures.ThreadPoolExecutor(16) as pool:
            said = pool.map(lambda place: ask(place, network.port), places)
            return {place.key: flags for place, flags in zip(places, said)}


def matrix(kinds, fixtures, flagged):
    """Rows: what is so; columns: each system, `flagged of all`."""
    rows = []
    for kind in kinds:
        some = [f.name for f in fixtures if truth(f) == kind]
        if some:
            rows.append([kind, len(some)] + [sum(flagged[who][name] for name in some)
                                             for who in flagged])
    return rows


# Where the right answer is `inconclusive` and a peer flags: who is the better one, and why.
WHY = [
    ("decoys/", "ajar", "no data is there: a decoy, or it says 200 to everything"),
    ("others/login-page-200", "ajar", "a login page that answers 200 to everything"),
    ("hostile/gzip-list", "peer", "an open node whose list comes in gzip, which was not asked "
     "for: most peers' libraries undo it, ajar undoes no coding and says inconclusive; no real "
     "engine sends one unasked"),
    ("reader-authz401", "peer", "a stranger may count and read behind a 401 on `/`: who asks on "
     "sees it, ajar promises to stop at a 401, says inconclusive and why"),
    ("hostile/length-too-long", "even", "the banner is whole, the reply is not"),
    ("hostile/", "ajar", "no reply that could be read to its end: a status is no proof"),
    ("licence-lapsed-blind", "even", "the banner is open, documents may be: the peers see the "
     "first, ajar does not call it done"),
    ("no-master", "even", "the banner is open, data is blocked until there is a master: the "
     "peers alarm now, ajar when it is readable"),
    ("no-manager", "even", "the same, by OpenSearch's word"),
    ("not-recovered", "even", "the same, before the state is recovered"),
    ("breaker", "even", "the banner is open, data answers 429 (up to 6.8: 503) for now"),
]


def why(name):
    found = [row[1:] for row in WHY if row[0] in name]
    return found[0] if found else (None, "not explained")


def report(fixtures, said, ajar):
    flagged = {"ajar": {f.name: ajar.get(f.name) in subject.OPEN for f in fixtures}}
    for peer in PEERS:
        flagged[peer] = {f.name: said[f.name][peer] for f in fixtures}
    kinds = ("records", "indices", "metadata", "identity", "inconclusive", "undecided",
             "protected", "not_datastore", "unreachable")
    out = [subject.table(["what is so", "cases"] + list(flagged),
                         matrix(kinds, fixtures, flagged)), ""]
    worse, known, unnamed, notes = [], [], [], []
    for fixture in fixtures:
        kind, name = truth(fixture), fixture.name
        got = flagged["ajar"][name]
        if kind not in ("undecided", "inconclusive"):
            right = [who for who in PEERS if flagged[who][name] == (kind in subject.OPEN)]
            if right and got != (kind in subject.OPEN):
                worse.append("`%s` (%s): ajar says %s, right are %s" %
                             (name, kind, ajar.get(name), ", ".join(right)))
            continue
        who = [peer for peer in PEERS if flagged[peer][name]]
        if who and not got:
            better, text = why(name)
            unnamed += [] if better else [name]
            if better == "peer":
                known.append("`%s`: %s" % (name, text))
            notes.append("- `%s`: flagged by %s; ajar: %s. Better: **%s**; %s." %
                         (name, ", ".join(who), ajar.get(name), better, text))
    out += ["Flagged by a peer where ajar says that it cannot tell:", ""] + notes
    return out, worse, known, unnamed


def is_subject(fixture):
    """Not the demo's doubles, nor peers that only wear a client out (floods, garbage)."""
    routes = (subject.FIXTURES / fixture.name / "routes").read_text()
    return not fixture.name.startswith("demo/") and " !" not in routes


def main():
    parser = subject.parser("peers' rules on the same fixtures")
    options = subject.programs(parser.parse_args())
    fixtures = [f for f in subject.fast_fixtures() if is_subject(f)]
    places = [subject.Place(f.name, subject.address(i), f.name,
                            "tls" if f.expect.get("place") == "tls" else "")
              for i, f in enumerate(fixtures)]
    lines, _, trouble = subject.visit(options, places)
    ajar = {name: line["exposure"] for name, line in lines.items()}
    said = ask_all(options, fixtures)
    out, worse, known, unnamed = report(fixtures, said, ajar)
    print("\n".join(out))
    print("\nCases in which ajar is the worse one: %d" % len(worse + known))
    for text in worse + known:
        print("- " + text)
    failures = trouble + ["ajar is the worse one: " + text for text in worse]
    failures += ["not explained: " + name for name in unnamed]
    return subject.end(len(fixtures) - len(failures), failures)


if __name__ == "__main__":
    sys.exit(main())
