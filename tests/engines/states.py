#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More states of real engines without security, beside those of cases.py.

    states.py [--engines NAME,...] [--ajar PATH] [--only starting,states,fronts,crowd]

Each line of engines is started once. It is looked at while it starts (held in the phase in
which it answers `/` and no read), then read-only, unreadable, under an alias, red, then with
real nginx and HAProxy in front (some lines), and at last with 5,000 indices (some lines)."""
import argparse
import http.client
import os
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cases    # noqa: E402  pylint: disable=wrong-import-position
import crowd    # noqa: E402  pylint: disable=wrong-import-position
import engine   # noqa: E402  pylint: disable=wrong-import-position
import fetch    # noqa: E402  pylint: disable=wrong-import-position
import fronts   # noqa: E402  pylint: disable=wrong-import-position
import others   # noqa: E402  pylint: disable=wrong-import-position
import process  # noqa: E402  pylint: disable=wrong-import-position
import score    # noqa: E402  pylint: disable=wrong-import-position
import tap      # noqa: E402  pylint: disable=wrong-import-position

PARTS = ("starting", "states", "fronts", "crowd")
FRONTED = ("elasticsearch-1.7.6", "elasticsearch-7.17.29", "opensearch-2.19.1")
CROWDED = ("elasticsearch-2.4.6", "elasticsearch-5.6.16", "elasticsearch-7.17.29")
CROWD_HEAP = "1500m"  # within 2 GB; below 1 GB it collects garbage and does nothing else
START_SECONDS = 180
# How long a node waits for the second one of which it is told, before it goes on alone.
HOLD_SECONDS = 13
BLOCKS = ("index.blocks.write", "index.blocks.read", "index.blocks.read_only",
          "index.blocks.metadata", "index.blocks.read_only_allow_delete")

# -- states ------------------------------------------------------------------------------


def has_allow_delete(node):
    """The block that the engine itself sets on a full disk: from 6.0 on."""
    return node.family == "opensearch" or node.number >= (6, 0)


def set_blocks(node, **values):
    for index in engine.TWO_INDICES:
        node.need("PUT", f"/{index}/_settings",
                  {name.replace("__", "."): value for name, value in values.items()})


def fresh(node):
    """Two indices again, whatever block was on the ones before."""
    for name in cluster_blocks(node):
        # One at a time: a request that changes more is refused by the block itself.
        node.call("PUT", "/_cluster/settings", {"transient": {name: False}})
    for name in BLOCKS:
        if name != BLOCKS[4] or has_allow_delete(node):
            node.call("PUT", "/_all/_settings", {name: False})
    cases.two(node)


def write_blocked(node):
    fresh(node)
    set_blocks(node, index__blocks__write=True)


def read_only(node):
    fresh(node)
    set_blocks(node, index__blocks__read_only=True)


def read_only_allow_delete(node):
    fresh(node)
    set_blocks(node, index__blocks__read_only_allow_delete=True)


def cluster_blocks(node):
    return ["cluster.blocks.read_only"] + (
        ["cluster.blocks.read_only_allow_delete"] if has_allow_delete(node) else [])


def cluster_read_only(node):
    fresh(node)
    node.need("PUT", "/_cluster/settings", {"transient": {cluster_blocks(node)[-1]: True}})


def unreadable(node):
    fresh(node)
    set_blocks(node, index__blocks__read=True)


def one_unreadable(node):
    """The largest index cannot be read, the other one can. A count over both is refused as
    a whole, and more than these two counts ajar does not ask: the list is what it proves."""
    fresh(node)
    node.need("PUT", "/customers/_settings", {"index.blocks.read": True})


def metadata_blocked(node):
    fresh(node)
    set_blocks(node, index__blocks__metadata=True)


def aliased(node):
    fresh(node)
    node.need("POST", "/_aliases", {"actions": [
        {"add": {"index": "customers", "alias": "people"}},
        {"add": {"index": "logs-2024.01", "alias": "people"}},
        {"add": {"index": "customers", "alias": "half",
                 "filter": {"term": {"name": "nobody"}}}}]})


def red(node):
    """One index whose only shard may stand nowhere."""
    fresh(node)
    node.forget()
    wait = "?wait_for_active_shards=0" if node.family == "opensearch" or node.major >= 5 else ""
    node.need("PUT", f"/lost{wait}", {"settings": {
        "number_of_replicas": 0, "index.routing.allocation.require.box": "nowhere"}})
    until_red(node)


def half_red(node):
    """The lost one beside one that can be read."""
    red(node)
    node.need("PUT", f"{node.document_path('found')}/1?refresh=true", {"n": 1})


def until_red(node):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if node.need("GET", "/_cluster/health")["status"] == "red":
            return
        time.sleep(0.2)
    raise process.StartError(f"{node.name}: did not become red")


def states(name):
    """What is true in each of these states. A write block hides nothing from a reader."""
    facts = cases.known(name)
    shown = cases.count_of(name, count=2, system=0, documents=3)
    number = tuple(int(part) for part in name.partition("-")[2].split("."))
    one, want = cases.Case, cases.Expect
    all_shown = want("records", **facts, indices=shown)
    # The largest, all at once, and then the next largest are counted.
    shut = {**facts, "requests": cases.ORDINARY_REQUESTS + 1}
    only_names = want("indices", **shut, indices={"count": 2})
    found = [
        one("index.blocks.write", write_blocked, all_shown),
        one("index.blocks.read_only", read_only, all_shown),
        one("read-only cluster", cluster_read_only, all_shown),
        one("index.blocks.read", unreadable, only_names),
        # Without counts in its list (0.90) there is no largest index to ask for by name.
        one("the largest index unreadable", one_unreadable, only_names if number < (1, 0)
            else want("records", **shut, indices={"count": 2})),
        # The list is refused where it needs that block's right; documents can be read.
        one("index.blocks.metadata", metadata_blocked, want("records", **facts)),
        one("aliases, one with a filter", aliased, all_shown),
        one("red: no shard", red, want("indices", **facts, indices={"count": 1})),
        one("red beside a readable one", half_red, want(
            "records", **facts, indices=cases.count_of(name, count=2, documents=1))),
    ]
    if facts["product"] == "opensearch" or number >= (6, 0):
        found.insert(2, one("index.blocks.read_only_allow_delete", read_only_allow_delete,
                            all_shown))
    return found


# The list of five thousand takes a loaded machine longer than ajar waits by itself. How fast
# the engine is is not what is examined here.
PATIENT = """#!/bin/sh
exec "{ajar}" "$@" --header-timeout 60s --body-timeout 60s --total-timeout 80s
"""


def patient(ajar, folder):
    """A program that is ajar with more patience."""
    path = os.path.join(folder, "patient-ajar")
    engine.write(path, PATIENT.format(ajar=ajar))
    os.chmod(path, 0o755)
    return path


def crowd_case(name):
    facts = cases.known(name)
    return cases.Case("5,000 indices", crowd.gather, cases.Expect(
        "records", **facts, requests=12, largest=crowd.LARGEST,
        indices={"count": crowd.COUNT, "system": 0, "documents": crowd.DOCUMENTS}))


# -- while it starts ---------------------------------------------------------------------

CLOSED, HELD, OPEN, BETWEEN = "closed", "held", "open", "between"


def phase(node):
    """What the node itself answers now, to a count over an index that is not there."""
    try:
        status, _, body = node.call("GET", "/0123456789abcdef/_count", seconds=5)
    except ConnectionRefusedError:
        return CLOSED
    except (OSError, http.client.HTTPException):
        return BETWEEN
    if status == 503:
        return HELD if b"state not recovered" in body else BETWEEN
    return OPEN if status == 404 and node.ready() else BETWEEN


def expected(name, before, after):
    """What may be said of a node that went from one phase to the other meanwhile."""
    facts = cases.known(name)
    if before == after == CLOSED:
        return cases.Expect("unreachable", outcome="refused", requests=0)
    if before == after == HELD:
        # It names product and version, and nobody knows yet what will be readable.
        return cases.Expect("inconclusive", product=facts["product"], version=facts["version"],
                            flags=facts["flags"])
    if before == after == OPEN:
        return cases.Expect("indices", **facts,
                            indices=cases.count_of(name, count=0, system=0, documents=0))
    return None


def watch(run, ajar, node, folder):
    """Looks again and again, without a pause, until the node is open. Gives the phases in
    order as [phase, looks, wrong texts, exposure of the first or of the first wrong one]."""
    found = []
    end = time.monotonic() + START_SECONDS
    before = phase(node)
    while time.monotonic() < end and node.alive():
        _, lines, _ = run.run_ajar(ajar, node.port, folder)
        line = next((one for one in lines if one.get("type") == "target"), {})
        after = phase(node)
        want = expected(node.name, before, after)
        if want is not None:
            wrong = run.compare_target(line, want, node.cluster_uuid()
                                       if want.same_uuid else None)
            kind = before
        else:
            # Which of the two it saw cannot be known; a guard it cannot have seen.
            kind = BETWEEN
            wrong = [] if line.get("exposure") in (
                "unreachable", "inconclusive", "indices") else [f"{line.get('exposure')}"]
        if not found or found[-1][0] != kind:
            found.append([kind, 0, [], line.get("exposure")])
        found[-1][1] += 1
        if wrong and not found[-1][2]:
            found[-1][2:] = [wrong, line.get("exposure")]
        if before == after == OPEN:
            break
        before = after
        if after == CLOSED:
            time.sleep(0.05)  # leaves the starting node its processor
    return found


def start(run, ajar, node, total, folder):
    """Starts the node under watch: each phase is one case, and all three have to be seen."""
    began = time.monotonic()
    command, environment = node.prepare()
    node.launch(command, environment)
    found = watch(run, ajar, node, folder)
    node.start_seconds = time.monotonic() - began
    wants = {CLOSED: "unreachable", HELD: "inconclusive", OPEN: "indices"}
    for kind, want in wants.items():
        seen = [one for one in found if one[0] == kind]
        wrong = [text for one in seen for text in one[2]]
        if not seen:
            wrong = ["never seen: " + " > ".join(one[0] for one in found) + node.tail(5)]
        said = next((one[3] for one in seen if one[2]), seen[0][3] if seen else None)
        total.line(node.name, f"starting: {kind}", want, said, wrong,
                   f"{sum(one[1] for one in seen)} looks")
    between = [text for one in found if one[0] == BETWEEN for text in one[2]]
    if between:
        total.line(node.name, "starting: between", "inconclusive", between[0], between)
    if not any(one[0] == OPEN for one in found):
        raise process.StartError(f"{node.name} did not start:\n{node.tail()}")


# -- all of one node ---------------------------------------------------------------------

def one_case(run, ajar, node, case, folder):
    """(what is wrong, the target line), with what was sent seen on the wire."""
    case.arrange(node)
    uuid = node.cluster_uuid() if case.expect.same_uuid else None
    with tap.Tap(node.port) as wire:
        wrong, line = run.look(ajar, wire.port, uuid, case.expect, folder)
        wire.wait_idle()
        if line:
            wrong += run.compare_sent(line, wire.heads, case.expect)
    return wrong, line


def run_cases(run, ajar, node, chosen, total, folder):
    for case in chosen:
        began = time.monotonic()
        try:
            wrong, line = one_case(run, ajar, node, case, folder)
        except (process.StartError, OSError, http.client.HTTPException) as error:
            wrong, line = [f"the case could not be set up: {error!r}"], {}
        if wrong and line:
            wrong.append(f"reasons: {line.get('reasons')}")
        total.line(node.name, case.title, case.expect.exposure, line.get("exposure"), wrong,
                   f"{len(line.get('requests') or []):2} requests "
                   f"{time.monotonic() - began:5.1f} s")


def make(name, parts):
    """A node that is held while it starts, with its data in memory where that is possible."""
    crowded = name in CROWDED and "crowd" in parts
    node = engine.make(name, security=engine.OPEN, settings={
        "gateway.expected_data_nodes": 2, "gateway.recover_after_time": f"{HOLD_SECONDS}s"})
    data = crowd.memory_folder(name)
    if data:
        node.settings["path.data"] = data
    if crowded:
        crowd.give_heap(node, CROWD_HEAP)
        node.settings.update(crowd.settings(node.family, node.number))
        node.settings["path.repo"] = os.path.join(data or node.home, "shelf")
    return node


def one_line(run, ajar, name, parts, total, folder):
    """One start of one engine."""
    try:
        with make(name, parts) as node:
            start(run, ajar, node, total, folder)
            if "states" in parts:
                run_cases(run, ajar, node, states(name), total, folder)
            if name in FRONTED and "fronts" in parts:
                fresh(node)
                fronts.run_fronts(run, ajar, node, total, folder)
            if name in CROWDED and "crowd" in parts:
                fresh(node)
                run_cases(run, patient(ajar, folder), node, [crowd_case(name)], total, folder)
            print(f"      {name}: started in {node.start_seconds:.1f} s, peak "
                  f"{node.measure() // 1024} MB", flush=True)
    except (fetch.FetchError, process.StartError, OSError) as error:
        total.line(name, "the engine", "records", None, [str(error)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--engines", default=",".join(cases.ALL))
    parser.add_argument("--ajar", default=str(others.ROOT / "build" / "release" / "ajar"))
    parser.add_argument("--only", default=",".join(PARTS))
    options = parser.parse_args()
    ajar = os.path.abspath(options.ajar)
    if not os.access(ajar, os.X_OK):
        sys.exit(f"{options.ajar} is not built")
    process.guard_signals()
    began = time.monotonic()
    run = others.engines_run()
    total = score.Score()
    with tempfile.TemporaryDirectory(prefix="ajar-", dir=process.run_folder()) as folder:
        for name in options.engines.split(","):
            one_line(run, ajar, name, options.only.split(","), total, folder)
    process.stop_all()
    print(f"states: {time.monotonic() - began:.0f} s in all")
    return total.end()


if __name__ == "__main__":
    sys.exit(main())
