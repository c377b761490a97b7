#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds rendered lines against docs/schema/record-1.json, and against what a schema cannot
say: one run_start, one run_end, totals that add up. Then breaks each line in ways that a
reader would stumble over, and expects the schema to see it.

check_lines.py --schema FILE PROGRAM [ARGS]   reads what the program prints
check_lines.py --schema FILE -                reads standard input
"""
import argparse
import collections
import copy
import json
import subprocess
import sys

import jsonschema

# member of which record, a value that must be refused
BROKEN = [
    ("target", "exposure", "wide_open"),
    ("target", "outcome", "unknown"),
    ("target", "severity", "terrible"),
    ("target", "flags", ["partial", "partial"]),
    ("target", "flags", ["open"]),
    ("target", "scheme", "ftp"),
    ("target", "port", 0),
    ("target", "port", "9200"),
    ("target", "time", "yesterday"),
    ("target", "version", "x" * 257),
    ("target", "requests", [{"path": "/", "status": 0, "bytes": 1, "ms": 1}]),
    ("target", "cluster", {}),
    ("target", "schema", 2),
    ("run_end", "by_outcome", {}),
    ("run_end", "complete", None),
    ("run_start", "targets", -1),
    ("run_start", "type", "start"),
]


def check(condition, *words):
    if not condition:
        sys.exit("check_lines: " + " ".join(str(word) for word in words))


def numbered(text):
    """JSON as strict as RFC 8259 asks: no duplicate member, no NaN."""
    def pairs(items):
        names = [name for name, _ in items]
        check(len(names) == len(set(names)), "duplicate member in", names)
        return dict(items)

    def constant(name):
        sys.exit("check_lines: " + name + " is no JSON")

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)


def check_totals(records):
    start, end = records[0], records[-1]
    targets = [record for record in records if record["type"] == "target"]
    check(start["type"] == "run_start" and end["type"] == "run_end", "first or last line")
    check(len(targets) == len(records) - 2, "more than one run_start or run_end")
    check(len({record["run"] for record in records}) == 1, "more than one run")
    check(start["targets"] == end["targets"] == sum(end["by_outcome"].values())
          + end["not_visited"], "targets do not add up:", end)
    check(sum(end["by_exposure"].values()) == sum(end["by_outcome"].values()), "exposures")
    for total, member in (("by_exposure", "exposure"), ("by_outcome", "outcome")):
        seen = collections.Counter(record[member] for record in targets)
        said = {word: count for word, count in end[total].items() if count}
        check(seen == said, total, "says", said, "lines say", dict(seen))


def check_broken(validator, records):
    for kind, member, value in BROKEN:
        record = copy.deepcopy(next(r for r in records if r["type"] == kind))
        check(member in record, kind, "has no", member)
        record[member] = value
        check(not validator.is_valid(record), "the schema takes", kind, member, value)
        del record[member]
        check(not validator.is_valid(record), "the schema takes a", kind, "without", member)
    for record in records:
        more = dict(record, added_in_a_later_release={"x": 1})
        check(validator.is_valid(more), "the schema refuses an unknown member")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--schema", required=True)
    parser.add_argument("program", nargs="+")
    args = parser.parse_args()
    with open(args.schema, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    if args.program == ["-"]:
        output = sys.stdin.buffer.read()
    else:
        output = subprocess.run(args.program, check=True, stdout=subprocess.PIPE,
                                timeout=30).stdout
    check(output.endswith(b"\n"), "the last line is not ended")
    lines = output.decode("utf-8").split("\n")[:-1]
    records = [numbered(line) for line in lines]
    for line, record in zip(lines, records):
        for error in validator.iter_errors(record):
            sys.exit("check_lines: %s: %s in %s" % (list(error.absolute_path),
                                                    error.message, line[:300]))
    check_totals(records)
    if args.program != ["-"]:
        check_broken(validator, records)
    print("%d lines keep the contract" % len(records))


main()
