#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds rendered lines against docs/schema/record-1.json, and against what a schema cannot
say: one run_start, one run_end, totals that add up. Then breaks each line in ways that a
reader would stumble over, and expects the schema to see it.

check_lines.py --schema FILE PROGRAM [ARGS]   reads what the program prints
check_lines.py --schema FILE -                reads standard input
"""
import collections
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import contract  # noqa: E402

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


def check_totals(records, _given):
    contract.check(records, "no line")
    start, end = records[0], records[-1]
    targets = [record for record in records if record["type"] == "target"]
    contract.check(start["type"] == "run_start" and end["type"] == "run_end",
                   "first or last line")
    contract.check(len(targets) == len(records) - 2, "more than one run_start or run_end")
    contract.check(len({record["run"] for record in records}) == 1, "more than one run")
    outcomes = sum(end["by_outcome"].values())
    contract.check(start["targets"] == end["targets"] == outcomes + end["not_visited"],
                   "targets do not add up:", end)
    contract.check(sum(end["by_exposure"].values()) == outcomes, "exposures")
    for total, member in (("by_exposure", "exposure"), ("by_outcome", "outcome")):
        seen = collections.Counter(record[member] for record in targets)
        said = {word: count for word, count in end[total].items() if count}
        contract.check(seen == said, total, "says", said, "lines say", dict(seen))


contract.main(__doc__, BROKEN, check_totals)
