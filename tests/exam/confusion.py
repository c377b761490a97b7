#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The confusion matrix of the wire exam: what each fixture is, and what ajar said.

  tests/exam/confusion.py [--build DIR]
Every fixture that answers in time, plain in one write and once more behind TLS. A fixture
that may be more than one thing counts as what was said when that is among them. Also product
and flags: how often right, missed, made up. Anything off the diagonal is a failure."""
import collections
import sys

import subject


def expected(fixture, mode):
    expect, _ = fixture.wanted(mode)
    return expect


def one_of(want, got):
    """The choice that was met, else the first."""
    return want if not isinstance(want, list) else got if got in want else want[0]


def visit(options, fixtures, mode):
    places = [subject.Place(f.name, subject.address(i), f.name,
                            "tls" if mode == "tls" or f.expect.get("place") == "tls" else "")
              for i, f in enumerate(fixtures)]
    lines, _, trouble = subject.visit(options, places)
    return lines, trouble


def exposures(pairs):
    counts = collections.Counter(pairs)
    said = [level for level in reversed(subject.LEVELS[:4])] + list(subject.LEVELS[4:])
    rows = []
    for level in said:
        row = [counts[(level, other)] for other in said]
        if sum(row):
            rows.append([level, sum(row)] + [n or "." for n in row])
    return subject.table(["is / said", "cases"] + said, rows)


def tally(rows):
    """{name: (right, missed, made up)} of (wanted set, said set)."""
    out = collections.defaultdict(lambda: [0, 0, 0])
    for want, got in rows:
        for name in want & got:
            out[name][0] += 1
        for name in want - got:
            out[name][1] += 1
        for name in got - want:
            out[name][2] += 1
    return [[name] + counts for name, counts in sorted(out.items())]


def main():
    options = subject.programs(subject.parser("the confusion matrix").parse_args())
    fixtures = subject.fast_fixtures()
    pairs, products, flags, failures, passed = [], [], [], [], 0
    for mode in ("whole", "tls"):
        lines, trouble = visit(options, fixtures, mode)
        failures += trouble
        for fixture in fixtures:
            line = lines.get(fixture.name)
            if line is None:
                continue
            expect = expected(fixture, mode)
            pairs.append((one_of(expect["exposure"], line["exposure"]), line["exposure"]))
            if "product" in expect:
                want = one_of(expect["product"], line["product"])
                products.append(({want} - {None}, {line["product"]} - {None}))
            if expect.get("flags") is not None:
                flags.append((set(expect["flags"]), set(line["flags"])))
            wrong = subject.wire.differences(expect, line)
            passed += not wrong
            failures += ["%s %s: %s" % (mode, fixture.name, "; ".join(wrong))] if wrong else []
    print(exposures(pairs) + "\n")
    head = ["right", "missed", "made up"]
    print(subject.table(["flag"] + head, tally(flags)) + "\n")
    print(subject.table(["product"] + head, tally(products)) + "\n")
    return subject.end(passed, failures)


if __name__ == "__main__":
    sys.exit(main())
