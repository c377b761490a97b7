#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Metamorphic checks: what needs no expected answer.

Sameness: a fixture whose replies are written in another form (replies.py), served another
way, at another address, over IPv6 or behind TLS, gets the same exposure, severity,
product, version, flags, indices and cluster, for as many requests.

Taking away: a fixture of which some reads answer 403, 401 or 404 instead of what they did
never gets a higher exposure; of which all do, none at all.

  tests/exam/metamorphic.py [--build DIR] [--seed N] [--all] [--only CHANGE] [--repeat N]
"""
import itertools
import os
import pathlib
import random
import shutil
import sys
import tempfile

import replies
import subject

LARGE = 500000  # bytes of a reply that is not multiplied
DENIALS = {
    "403": b'{"error":{"root_cause":[{"type":"security_exception","reason":"action [x] is '
           b'unauthorized for user [anonymous]"}],"type":"security_exception","reason":'
           b'"action [x] is unauthorized for user [anonymous]"},"status":403}',
    "401": b'{"error":{"root_cause":[{"type":"security_exception","reason":"missing '
           b'authentication credentials for REST request [/]"}],"type":"security_exception",'
           b'"reason":"missing authentication credentials for REST request [/]"},'
           b'"status":401}',
    "404": b"<html><head><title>404 Not Found</title></head></html>",
}
READS = {
    "root": ["/"],
    "health": ["/_cluster/health*"],
    "list": ["/_cat/indices*", "/_aliases*"],
    "count": ["/*/_count"],
}
SAME = ("exposure", "severity", "product", "version", "flags", "indices", "cluster")


def digest(line, moved):
    """What has to be the same; fixtures name cluster and uuid after their address."""
    out = {name: line.get(name) for name in SAME}
    if moved and out["cluster"]:
        out["cluster"] = {name: out["cluster"][name] for name in ("status", "nodes")}
    return out


def is_large(folder):
    return any(path.stat().st_size > LARGE for path in folder.iterdir())


def rewritten(fixture, change, rng, folder):
    """A copy of a fixture with each reply changed; None where nothing could be."""
    source = subject.FIXTURES / fixture.name
    files = {}
    for path in sorted(source.iterdir()):
        if path.suffix != ".http" or path.stat().st_size > LARGE * 20:
            continue
        reply = replies.read(path.read_bytes())
        new = change(reply, rng) if reply is not None else None
        if new is not None:
            files[path.name] = new.bytes()
    if not files:
        return None
    folder.mkdir(parents=True)
    for path in source.iterdir():
        if path.name in files:
            (folder / path.name).write_bytes(files[path.name])
        else:
            os.symlink(path, folder / path.name)
    return folder


def compare(name, before, after, moved=False, spare=0):
    """What of two verdicts differs; `spare` requests more are allowed."""
    old, new = digest(before, moved), digest(after, moved)
    wrong = ["%s %s, was %s" % (key, new[key], old[key]) for key in SAME
             if new[key] != old[key]]
    sent, was = len(after["requests"]), len(before["requests"])
    if not wrong and not was <= sent <= was + spare:
        wrong = ["%d requests, was %d" % (sent, was)]
    return ["%s: %s" % (name, "; ".join(wrong))] if wrong else []


class Checks:
    def __init__(self, options, fixtures):
        self.options = options
        self.fixtures = fixtures
        self.passed = 0
        self.failures = []
        self.tally = []

    def add(self, what, count, failures):
        self.passed += count - len(failures)
        self.failures += ["%s: %s" % (what, text) for text in failures]
        self.tally.append((what, count, len(failures)))

    def baseline(self):
        places = [subject.Place(f.name, subject.address(i), f.name, self.pace(f))
                  for i, f in enumerate(self.fixtures)]
        self.before, rows, trouble = subject.visit(self.options, places)
        self.failures += trouble

    def pace(self, fixture, pace=""):
        return "tls" if fixture.expect.get("place") == "tls" else pace

    def judge(self, what, places, fixtures, folder=subject.FIXTURES, moved=False,
              spare=0):
        after, _, trouble = subject.visit(self.options, places, folder)
        failures = list(trouble)
        for place, fixture in zip(places, fixtures):
            if place.key in after and fixture.name in self.before:
                failures += compare(place.key, self.before[fixture.name], after[place.key],
                                    moved, spare)
        self.add(what, len(places), failures)

    def change(self, what, change, seed):
        rng = random.Random("%s %d" % (what, seed))
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            places, used = [], []
            for number, fixture in enumerate(self.fixtures):
                if rewritten(fixture, change, rng, root / fixture.name):
                    places.append(subject.Place(fixture.name, subject.address(number),
                                                fixture.name, self.pace(fixture)))
                    used.append(fixture)
            self.judge(what, places, used, root)

    def served(self, what, pace):
        """Another way of serving: fixtures that say themselves how, or that are more than
        one thing (a list of exposures), are left out."""
        plain = [(i, f) for i, f in enumerate(self.fixtures)
                 if f.expect.get("place") is None and "tls" not in f.expect and
                 not isinstance(f.expect["exposure"], list)]
        places = [subject.Place(f.name, subject.address(i), f.name, pace) for i, f in plain]
        # behind TLS one more: plain is tried first
        self.judge(what, places, [f for _, f in plain], spare=1 if pace == "tls" else 0)

    def another_address(self):
        places = [subject.Place(f.name, subject.address(i * 7 + 3, 90), f.name, self.pace(f))
                  for i, f in enumerate(self.fixtures)]
        self.judge("another address", places, self.fixtures, moved=True)

    def ipv6(self):
        ports = subject.free_ports(len(self.fixtures))
        places = [subject.Place(f.name, "::1", f.name, self.pace(f), port)
                  for f, port in zip(self.fixtures, ports)]
        self.judge("IPv6", places, self.fixtures, moved=True)

    def explained(self):
        """--explain changes nothing but that it tells: of each request what it was taken
        for, and one rule that settled the exposure."""
        places = [subject.Place(f.name, subject.address(i), f.name, self.pace(f))
                  for i, f in enumerate(self.fixtures)]
        after, _, trouble = subject.visit(self.options, places, more=["--explain"])
        failures = list(trouble)
        for name, line in after.items():
            failures += compare(name, self.before[name], line, False, 0)
            told = line["explain"]
            settled = [rule["rule"] for rule in told["rules"]
                       if rule["decided"] and rule["rule"].startswith("exposure")]
            if len(settled) != 1 or len(told["replies"]) != len(line["requests"]):
                failures.append("%s: settled by %s, %d replies told of %d" % (
                    name, settled, len(told["replies"]), len(line["requests"])))
        self.add("explained", len(places), failures)


# ---- taking away ----

def may_be(line):
    """The highest level that the 200s of an inconclusive visit could have meant. One that
    ended with `/` says nothing of the rest."""
    if len(line["requests"]) == 1:
        return len(subject.OPEN)
    kinds = (("/_count", 4), ("/_cat/indices", 3), ("/_aliases", 3), ("/_cluster/health", 2),
             ("/", 1))
    levels = [level for request in line["requests"] if request["status"] == 200
              for part, level in kinds if part in request["path"]]
    return max(levels, default=0)


def highest(line):
    """The level that a variant may have at most. What is inconclusive because a read got no
    answer may become definite when that read is denied; never more than was shown."""
    if line["exposure"] == "inconclusive" and "catch_all" not in line["flags"]:
        return may_be(line)
    return rank(line["exposure"])


def rank(exposure):
    return subject.OPEN.index(exposure) + 1 if exposure in subject.OPEN else 0


def denied(fixture, reads, status, folder):
    """The fixture with some reads denied, by routes that stand before its own."""
    source = subject.FIXTURES / fixture.name
    folder.mkdir(parents=True)
    for path in source.iterdir():
        if path.name != "routes":
            os.symlink(path, folder / path.name)
    lines = ["%s denied.http" % pattern for read in reads for pattern in READS[read]]
    routes = (source / "routes").read_text()
    (folder / "routes").write_text("\n".join(lines) + "\n" + routes)
    kind = b"text/html" if status == "404" else b"application/json"
    extra = b'WWW-Authenticate: Basic realm="security"\r\n' if status == "401" else b""
    (folder / "denied.http").write_bytes(
        b"HTTP/1.1 %s Denied\r\n%sContent-Type: %s\r\nContent-Length: @\r\n\r\n%s" %
        (status.encode(), extra, kind, DENIALS[status]))


def says_yes_to_all(line):
    """Known to, or a stranger that may: denied in the family's own words it would pass for
    one of the family whose control was denied."""
    return "catch_all" in line["flags"] or line["exposure"] == "not_datastore"


def all_cases(checks):
    for fixture in checks.fixtures:
        line = checks.before.get(fixture.name)
        if line is None or not any(request["status"] == 200 for request in line["requests"]):
            continue
        for size in range(1, len(READS) + 1):
            for reads in itertools.combinations(READS, size):
                for status in DENIALS:
                    # a denial is a control of its own: it does not say 200 to everything
                    if says_yes_to_all(line) and ("count" in reads or status == "401"):
                        continue
                    yield fixture, reads, status


def pick(checks, seed, everything):
    """All denied at once always; of the rest a part by seed, of large fixtures little."""
    rng = random.Random("taking away %d" % seed)
    for fixture, reads, status in all_cases(checks):
        large = is_large(subject.FIXTURES / fixture.name)
        whole = len(reads) == len(READS)
        if large and not whole and rng.random() > 0.1:
            continue
        if everything or whole or rng.random() < 0.3:
            yield fixture, reads, status


def judge_denied(case, before, after):
    fixture, reads, status = case
    name = "%s without %s (%s)" % (fixture.name, "+".join(reads), status)
    old, new = before["exposure"], after["exposure"]
    if rank(new) > highest(before):
        return ["%s: %s, was %s" % (name, new, old)]
    if len(reads) == len(READS) and rank(new) > 0:
        return ["%s: %s, though nothing is left to read" % (name, new)]
    statuses = [request["status"] for request in after["requests"]]
    if 401 in statuses and statuses.index(401) != len(statuses) - 1:
        return ["%s: asked on after a 401: %s" % (name, statuses)]
    return []


def taking_away(checks, seed, everything):
    cases = list(pick(checks, seed, everything))
    failures = []
    for at in range(0, len(cases), 1000):
        part = cases[at:at + 1000]
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            places = []
            for number, (fixture, reads, status) in enumerate(part):
                denied(fixture, reads, status, root / "c" / str(number))
                places.append(subject.Place(number, subject.address(number), "c/%d" % number,
                                            checks.pace(fixture)))
            after, _, trouble = subject.visit(checks.options, places, root)
        failures += trouble
        for number, case in enumerate(part):
            if number in after:
                failures += judge_denied(case, checks.before[case[0].name], after[number])
    checks.add("taking away", len(cases), failures)


def parse():
    parser = subject.parser("metamorphic checks of the classifier")
    parser.add_argument("--only", help="one change by its name")
    parser.add_argument("--repeat", type=int, default=1, help="that many seeds, one after another")
    return subject.programs(parser.parse_args())


def wanted(options, what):
    return options.only in (None, what)


def run(checks, options, seed):
    paces = [("closed connection", "close"), ("TLS", "tls"), ("split in 3", "split=3")]
    if options.all:
        paces += [("byte by byte", "bytes"), ("split in 17", "split=17")]
    for what, change in replies.CHANGES.items():
        if wanted(options, what):
            checks.change(what, change, seed)
    for what, pace in paces:
        if wanted(options, what):
            checks.served(what, pace)
    if wanted(options, "address"):
        checks.another_address()
    if wanted(options, "explained"):
        checks.explained()
    if wanted(options, "IPv6"):
        checks.ipv6()
    if wanted(options, "taking away"):
        taking_away(checks, seed, options.all)


def main():
    options = parse()
    checks = Checks(options, subject.fast_fixtures())
    checks.baseline()
    for seed in range(options.seed, options.seed + (3 if options.all else options.repeat)):
        run(checks, options, seed)
    print("metamorphic checks, seed %d%s, %d fixtures" %
          (options.seed, " and on, everything" if options.all else "", len(checks.fixtures)))
    for what, count, bad in checks.tally:
        print("  %-18s %5d checked, %d differ" % (what, count, bad))
    return subject.end(checks.passed, checks.failures)


if __name__ == "__main__":
    sys.exit(main())
