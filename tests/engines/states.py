#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More states of real engines without security, beside those of cases.py.

    states.py [--engines NAME,...] [--ajar PATH]

Read-only, unreadable, under an alias only, red (no node may hold the shard), and a node that
is looked at while it starts: it may be anything but safe."""
import argparse
import os
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cases    # noqa: E402  pylint: disable=wrong-import-position
import engine   # noqa: E402  pylint: disable=wrong-import-position
import fetch    # noqa: E402  pylint: disable=wrong-import-position
import others   # noqa: E402  pylint: disable=wrong-import-position
import process  # noqa: E402  pylint: disable=wrong-import-position

SAFE = ("protected", "not_datastore")


def settings(node, index, name, value):
    node.need("PUT", f"/{index}/_settings", {name: value})


def read_only(node):
    cases.two(node)
    for index in ("customers", "logs-2024.01"):
        settings(node, index, "index.blocks.write", True)


def unreadable(node):
    cases.two(node)
    for index in ("customers", "logs-2024.01"):
        settings(node, index, "index.blocks.read", True)


def aliased(node):
    cases.two(node)
    node.need("POST", "/_aliases", {"actions": [
        {"add": {"index": "customers", "alias": "people"}}]})


def red(node):
    node.forget()
    wait = "?wait_for_active_shards=0" if node.family == "opensearch" or node.number >= (5, 0) else ""
    node.need("PUT", f"/lost{wait}", {"settings": {
        "number_of_replicas": 0, "index.routing.allocation.require.box": "nowhere"}})
    time.sleep(1)


def states(name):
    facts = cases.known(name)
    shown = cases.count_of(name, count=2, documents=3)
    one, many = cases.Case, cases.Expect
    return [
        one("read only", read_only, many("records", **facts, indices=shown)),
        one("reading is blocked", unreadable, many("indices", **facts)),
        one("an alias", aliased, many("records", **facts, indices=shown)),
        one("red: no shard", red, many("indices", **facts)),
    ]


def starting(run, ajar, name, folder):
    """Looks again and again while the node starts; no verdict may be a safe one."""
    wrong, seen = [], []
    with engine.make(name, security=engine.OPEN) as node:
        command, environment = node.prepare()
        node.launch(command, environment)
        end = time.monotonic() + 120
        while time.monotonic() < end and not node.ready():
            _, lines, _ = run.run_ajar(ajar, node.port, folder)
            line = next((one for one in lines if one.get("type") == "target"), {})
            if line.get("exposure") in (*SAFE, None):
                wrong.append(f"{line.get('exposure')} while it starts: {line.get('reasons')}")
            seen.append(line.get("exposure"))
            time.sleep(0.3)
    order = [word for at, word in enumerate(seen) if at == 0 or seen[at - 1] != word]
    return wrong, " > ".join(str(word) for word in order)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--engines", default=",".join(cases.ALL))
    parser.add_argument("--ajar", default=str(others.ROOT / "build" / "release" / "ajar"))
    options = parser.parse_args()
    ajar = os.path.abspath(options.ajar)
    if not os.access(ajar, os.X_OK):
        sys.exit(f"{options.ajar} is not built")
    process.guard_signals()
    run = others.engines_run()
    totals = run.Totals()
    with tempfile.TemporaryDirectory(prefix="ajar-", dir=process.run_folder()) as folder:
        for name in options.engines.split(","):
            setup = cases.Setup(name, "states", {"security": engine.OPEN}, states(name))
            run.run_setup(ajar, setup, totals, folder)
            case = cases.Case("while it starts", None, cases.Expect("unreachable"))
            try:
                wrong, note = starting(run, ajar, name, folder)
            except (fetch.FetchError, process.StartError, OSError) as error:
                wrong, note = [str(error)], ""
            totals.line(setup, case, wrong, note)
    process.stop_all()
    print(f"{totals.passed} passed, {totals.failed} failed")
    return 1 if totals.failed or not totals.passed else 0


if __name__ == "__main__":
    sys.exit(main())
