# SPDX-License-Identifier: Apache-2.0
"""Lines held against a published JSON Schema, and the schema against broken lines."""
import argparse
import copy
import json
import pathlib
import subprocess
import sys

import jsonschema


def check(condition, *words):
    if not condition:
        sys.exit(pathlib.Path(sys.argv[0]).stem + ": " + " ".join(str(word) for word in words))


def strict(text):
    """JSON as strict as RFC 8259 asks: no duplicate member, no NaN."""
    def pairs(items):
        names = [name for name, _ in items]
        check(len(names) == len(set(names)), "duplicate member in", names)
        return dict(items)

    def constant(name):
        check(False, name, "is no JSON")

    return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)


def check_broken(validator, records, broken):
    """broken: (type of the record, member, a value that must be refused)."""
    for kind, member, value in broken:
        record = copy.deepcopy(next(r for r in records if r["type"] == kind))
        check(member in record, kind, "has no", member)
        record[member] = value
        check(not validator.is_valid(record), "the schema takes", kind, member, value)
        del record[member]
        check(not validator.is_valid(record), "the schema takes a", kind, "without", member)
    for record in records:
        more = dict(record, added_in_a_later_release={"x": 1})
        check(validator.is_valid(more), "the schema refuses an unknown member")


def main(summary, broken, check_records):
    """summary: the program's own words. check_records(records): what no schema can say."""
    parser = argparse.ArgumentParser(description=summary.split("\n", maxsplit=1)[0])
    parser.add_argument("--schema", required=True)
    parser.add_argument("program", nargs="+", help="what prints the lines; - reads stdin")
    args = parser.parse_args()
    with open(args.schema, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    given = args.program == ["-"]
    if given:
        output = sys.stdin.buffer.read()
    else:
        output = subprocess.run(args.program, check=True, stdout=subprocess.PIPE,
                                timeout=30).stdout
    check(output.endswith(b"\n") or not output, "the last line is not ended")
    lines = output.decode("utf-8").split("\n")[:-1]
    records = [strict(line) for line in lines]
    for line, record in zip(lines, records):
        for error in validator.iter_errors(record):
            check(False, list(error.absolute_path), error.message[:300], "in", line[:300])
    check_records(records, given)
    if not given:
        check_broken(validator, records, broken)
    print("%d lines keep the contract" % len(records))
