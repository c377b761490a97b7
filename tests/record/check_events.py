#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds rendered events and findings against docs/schema/event-1.json, then breaks them in
ways that a ticket script would stumble over, and expects the schema to see it.

check_events.py --schema FILE PROGRAM [ARGS]   reads what the program prints
check_events.py --schema FILE -                reads standard input
"""
import argparse
import copy
import json
import subprocess
import sys

import jsonschema

# of which record, a member, a value that must be refused
BROKEN = [
    ("event", "kind", "closed"),
    ("event", "event", ""),
    ("event", "time", "yesterday"),
    ("event", "finding", "F-abc"),
    ("event", "exposure", "wide_open"),
    ("event", "severity", "terrible"),
    ("event", "flags", ["open"]),
    ("event", "flags", ["partial", "partial"]),
    ("event", "endpoints", [{"address": "192.0.2.7"}]),
    ("event", "window", {"first_open": None}),
    ("event", "dataset", {"copies": 0}),
    ("event", "changes", [{"what": "colour", "from": None, "to": None}]),
    ("event", "evidence", [{"path": "/", "status": 0, "time": None, "source": None}]),
    ("event", "schema", 2),
    ("event", "title", ""),
    ("event", "remedy", [1]),
    ("event", "verify", "rm -rf"),
    ("finding", "state", "opened"),
    ("finding", "indices", {}),
]
KINDS = {"opened", "changed", "unverified", "resolved", "reopened", "moved", "accepted",
         "accept_ended"}
STATES = {"open", "closing", "unverified", "resolved", "accepted"}


def check(condition, *words):
    if not condition:
        sys.exit("check_events: " + " ".join(str(word) for word in words))


def strict(text):
    def pairs(items):
        names = [name for name, _ in items]
        check(len(names) == len(set(names)), "duplicate member in", names)
        return dict(items)

    def constant(name):
        sys.exit("check_events: " + name + " is no JSON")

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)


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
    check({r["kind"] for r in records if r["type"] == "event"} == KINDS, "a kind is missing")
    check({r["state"] for r in records if r["type"] == "finding"} == STATES, "a state is missing")


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
    check(output.endswith(b"\n") or not output, "the last line is not ended")
    lines = output.decode("utf-8").split("\n")[:-1]
    records = [strict(line) for line in lines]
    for line, record in zip(lines, records):
        for error in validator.iter_errors(record):
            sys.exit("check_events: %s: %s in %s" % (list(error.absolute_path),
                                                     error.message[:300], line[:300]))
    if args.program != ["-"]:
        check_broken(validator, records)
    print("%d lines keep the contract" % len(records))


main()
