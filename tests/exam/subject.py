# SPDX-License-Identifier: Apache-2.0
"""What all parts of the exam share: the programs, the fixtures, one visit of many places.

The simulated network and the judge of the wire exam are used as they are (tests/wire/run)."""
import argparse
import importlib.machinery
import importlib.util
import os
import pathlib
import socket
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "tests" / "simnet" / "fixtures"
OPEN = ("identity", "metadata", "indices", "records")
LEVELS = OPEN + ("protected", "inconclusive", "not_datastore", "unreachable")


def load(name, path):
    """A script without a suffix, as a module."""
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


wire = load("wire", ROOT / "tests" / "wire" / "run")


class Place:
    """One personality at one address: where it stands and how it is served."""

    def __init__(self, key, address, personality, pace="", port=0):
        self.key = key
        self.address = address
        self.personality = personality
        self.pace = pace
        self.port = port

    def line(self):
        return "%s %d %s %s" % (self.address, self.port, self.personality, self.pace)


def address(number, block=40):
    """127.block.x.y, 250 to a /24, and the next block when one is full."""
    return "127.%d.%d.%d" % (block + number // 62500, number // 250 % 250, number % 250 + 1)


def free_ports(count):
    """Ports of ::1 that nobody uses at the moment, by the kernel's choice."""
    held = []
    for _ in range(count):
        sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        sock.bind(("::1", 0))
        held.append(sock)
    ports = [sock.getsockname()[1] for sock in held]
    for sock in held:
        sock.close()
    return ports


def visit(options, places, fixtures=FIXTURES, more=()):
    """What ajar says of each place: ({key: line}, {key: counts}, [trouble]). Without haste:
    no verdict hangs on a busy machine. more: further options of `ajar check`."""
    old = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.chdir(folder)  # so that no targets file or configuration is found by chance
        try:
            wire.FIXTURES = fixtures
            text = "\n".join(place.line() for place in places) + "\n"
            network = wire.Network(options.simnet, text, folder)
            with network:
                ends = {}
                for place in places:
                    host = "[%s]" % place.address if ":" in place.address else place.address
                    ends[place.key] = "%s:%d" % (host, place.port or network.port)
                lines, trouble = wire.run_ajar(options.ajar, ["check", *more, *ends.values()], False,
                                               folder)
        finally:
            wire.FIXTURES = FIXTURES
            os.chdir(old)
    said = {}
    for line in lines:
        if line.get("type") == "target":
            host = "[%s]" % line["address"] if ":" in line["address"] else line["address"]
            said["%s:%d" % (host, line["port"])] = line
    found = {key: said[end] for key, end in ends.items() if end in said}
    trouble = trouble + network.trouble
    trouble += ["%s: no line" % key for key in ends if key not in found]
    rows = {place.key: network.counts.get((place.address, place.port or network.port))
            for place in places}
    return found, rows, trouble


def fast_fixtures():
    """All fixtures but those that keep a visitor waiting."""
    return [f for f in wire.all_fixtures("*") if not f.slow]


def parser(text):
    out = argparse.ArgumentParser(description=text)
    out.add_argument("--build", default=str(ROOT / "build" / "release"))
    out.add_argument("--seed", type=int, default=1)
    out.add_argument("--all", action="store_true", help="everything, not a seeded sample")
    return out


def programs(options):
    build = pathlib.Path(options.build)
    options.ajar = (build / "ajar").resolve()
    options.simnet = (build / "ajar-simnet").resolve()
    for program in (options.ajar, options.simnet):
        if not program.exists():
            sys.exit("%s is not built" % program)
    return options


def table(head, rows):
    """A table in Markdown, columns even."""
    rows = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    out = ["| " + " | ".join(cell.ljust(widths[i]) for i, cell in enumerate(row)) + " |"
           for row in rows]
    out.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(out)


def end(passed, failures):
    for text in failures:
        print("FAILED " + text)
    print("%d passed, %d failed" % (passed, len(failures)))
    return 1 if failures else 0
