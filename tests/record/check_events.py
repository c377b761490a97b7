#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds rendered events and findings against docs/schema/event-1.json, then breaks them in
ways that a ticket script would stumble over, and expects the schema to see it.

check_events.py --schema FILE PROGRAM [ARGS]   reads what the program prints
check_events.py --schema FILE -                reads standard input
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import contract  # noqa: E402

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


def check_all(records, given):
    """Every kind and state there is; a reader's own lines may hold any."""
    if not given:
        events = {record["kind"] for record in records if record["type"] == "event"}
        states = {record["state"] for record in records if record["type"] == "finding"}
        contract.check(events == KINDS, "a kind is missing")
        contract.check(states == STATES, "a state is missing")


contract.main(__doc__, BROKEN, check_all)
