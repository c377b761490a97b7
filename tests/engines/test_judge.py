#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the judge of the engine tests notice a lie? Runs without an engine, in seconds."""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import signal
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import cases              # noqa: E402  pylint: disable=wrong-import-position
import engine             # noqa: E402  pylint: disable=wrong-import-position
import guards             # noqa: E402  pylint: disable=wrong-import-position
import matrix             # noqa: E402  pylint: disable=wrong-import-position
import process            # noqa: E402  pylint: disable=wrong-import-position
import tap                # noqa: E402  pylint: disable=wrong-import-position
from cases import Expect  # noqa: E402  pylint: disable=wrong-import-position

_loader = importlib.machinery.SourceFileLoader("engines_run", os.path.join(HERE, "run"))
_spec = importlib.util.spec_from_loader("engines_run", _loader)
run = importlib.util.module_from_spec(_spec)
_loader.exec_module(run)

TRUE_LINE = {
    "type": "target", "outcome": "replied", "exposure": "records", "severity": "critical",
    "product": "elasticsearch", "version": "5.6.16", "flags": ["end_of_life"],
    "scheme": "http", "tls": None, "cluster": {"uuid": "u1"},
    "indices": {"count": 2, "system": 0, "documents": 3,
                "largest": [{"name": "customers", "documents": 2, "bytes": 1}]},
    "requests": [{"path": "/"}, {"path": "/_cluster/health"}]}
EXPECT = Expect("records", product="elasticsearch", version="5.6.16", same_uuid=True,
                indices={"count": 2, "documents": 3}, largest="customers",
                flags={"end_of_life"}, requests=2)


def judged(**changed):
    return run.compare_target({**TRUE_LINE, **changed}, EXPECT, "u1")


def head(line, *fields):
    return "\r\n".join((line, "Host: 127.0.0.1") + fields).encode()


class TargetLine(unittest.TestCase):
    def test_the_truth_passes(self):
        self.assertEqual(judged(), [])

    def test_each_lie_is_noticed(self):
        lies = [
            {"exposure": "indices"}, {"exposure": "protected", "severity": "none"},
            {"outcome": "refused"}, {"product": "opensearch"}, {"product": None},
            {"version": "5.6.1"}, {"flags": []}, {"flags": ["end_of_life", "lookalike"]},
            {"cluster": {"uuid": "_na_"}}, {"cluster": None}, {"scheme": "https"},
            {"tls": {"version": "TLSv1.3"}}, {"severity": "none"}, {"indices": None},
            {"indices": {**TRUE_LINE["indices"], "documents": 4}},
            {"indices": {**TRUE_LINE["indices"], "count": 1}},
            {"indices": {**TRUE_LINE["indices"], "largest": []}},
            {"requests": TRUE_LINE["requests"] * 2}]
        for lie in lies:
            with self.subTest(lie=lie):
                self.assertNotEqual(judged(**lie), [])

    def test_a_uuid_that_cannot_be_known_is_noticed(self):
        wants_none = Expect("records", no_uuid=True)
        self.assertNotEqual(run.compare_target(TRUE_LINE, wants_none, None), [])

    def test_a_version_that_nothing_showed_must_not_be_said(self):
        hidden = Expect("records", product="elasticsearch", version=cases.HIDDEN)
        silent = {**TRUE_LINE, "version": None, "flags": [], "cluster": {"uuid": None}}
        self.assertEqual(run.compare_target(silent, hidden, None), [])
        for lie in ({"version": "8.17.4"}, {"cluster": {"uuid": "u1"}},
                    {"flags": ["end_of_life"]}):
            with self.subTest(lie=lie):
                self.assertNotEqual(run.compare_target({**silent, **lie}, hidden, None), [])

    def test_an_end_of_life_that_did_not_come_is_noticed(self):
        maintained = Expect("records", version="3.4.0")
        line = {**TRUE_LINE, "version": "3.4.0"}
        self.assertNotEqual(run.compare_target(line, maintained, None), [])
        self.assertEqual(run.compare_target({**line, "flags": []}, maintained, None), [])

    def test_any_of_several_true_words_passes(self):
        either = Expect("records", product=("opensearch", None))
        self.assertEqual(run.compare_target({**TRUE_LINE, "product": None}, either, None), [])
        self.assertNotEqual(run.compare_target(TRUE_LINE, either, None), [])

    def test_the_run_has_to_add_up(self):
        start = {"type": "run_start"}
        end = {"type": "run_end", "complete": True, "targets": 1, "by_exposure": {"records": 1}}
        self.assertEqual(run.compare_run(0, [start, TRUE_LINE, end], ""), [])
        for status, lines in ((1, [start, TRUE_LINE, end]), (0, [start, end]),
                              (0, [start, TRUE_LINE, TRUE_LINE, end]),
                              (0, [start, TRUE_LINE, {**end, "complete": False}]),
                              (0, [start, TRUE_LINE, {**end, "by_exposure": {}}])):
            self.assertNotEqual(run.compare_run(status, lines, ""), [])


class Wire(unittest.TestCase):
    def test_plain_gets_pass(self):
        sent = [head("GET / HTTP/1.1"), head("GET /_cluster/health HTTP/1.1")]
        self.assertEqual(tap.judge(sent, 2), [])
        self.assertEqual(run.compare_sent(TRUE_LINE, sent, EXPECT), [])

    def test_all_else_is_noticed(self):
        for bad in (head("POST / HTTP/1.1"), head("HEAD / HTTP/1.1"), head("OPTIONS / HTTP/1.1"),
                    head("GET /customers/_search HTTP/1.1"), head("GET / HTTP/1.0"),
                    head("GET /", "Authorization: Basic eDp5"),
                    head("GET / HTTP/1.1", "Authorization: Basic eDp5"),
                    head("GET / HTTP/1.1", "Cookie: a=b"),
                    head("GET / HTTP/1.1", "Content-Length: 2"), b"\x16\x03\x01"):
            with self.subTest(bad=bad):
                self.assertNotEqual(tap.judge([bad], 2), [])
        self.assertNotEqual(tap.judge([head("GET / HTTP/1.1")] * 3, 2), [])

    def test_a_request_that_is_not_owned_up_to_is_noticed(self):
        sent = [head("GET / HTTP/1.1"), head("GET /_cat HTTP/1.1")]
        self.assertNotEqual(run.compare_sent(TRUE_LINE, sent, EXPECT), [])


class Starting:
    """In place of a node: what ajar says of it, look by look, until it is ready."""
    family = "opensearch"
    port = 0

    def __init__(self, *levels):
        self.levels = list(levels)

    def ready(self):
        return len(self.levels) == 1

    def start(self, ready):
        while not ready():
            pass

    def say(self, *_):
        return 0, [{"type": "target", "exposure": self.levels.pop(0)}], ""


class WhileItStarts(unittest.TestCase):
    def totals_of(self, *levels):
        node, totals = Starting(*levels), run.Totals()
        setup = cases.Setup("opensearch-3.4.0", "title", {}, [], watch=True)
        kept, run.run_ajar = run.run_ajar, node.say
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                run.start_setup("ajar", setup, node, totals, "/")
        finally:
            run.run_ajar = kept
        return totals

    def test_the_truth_passes(self):
        totals = self.totals_of("unreachable", "inconclusive", "indices")
        self.assertEqual((totals.passed, totals.failed), (1, 0))
        self.assertEqual(totals.matrix.off_diagonal(), 0)

    def test_one_safe_word_fails(self):
        for levels in (("unreachable", "protected", "inconclusive", "indices"),
                       ("not_datastore", "inconclusive"), ("inconclusive", "protected"),
                       ("inconclusive", None)):
            with self.subTest(levels=levels):
                totals = self.totals_of(*levels)
                self.assertEqual((totals.passed, totals.failed), (0, 1))
                self.assertEqual(totals.matrix.off_diagonal(), 1)

    def test_a_phase_that_was_not_seen_fails(self):
        self.assertEqual(self.totals_of("unreachable", "indices").failed, 1)


class Sums(unittest.TestCase):
    def test_the_matrix_keeps_misses_off_its_diagonal(self):
        both = matrix.Matrix()
        both.add("records", "records")
        both.add(("inconclusive", "indices"), "indices")
        self.assertEqual(both.off_diagonal(), 0)
        both.add("records", "protected")
        both.add("protected", None)
        both.add(("inconclusive", "indices"), "protected")
        self.assertEqual(both.off_diagonal(), 3)
        rows = {line.split()[0]: line.split()[1:] for line in both.text().splitlines()[1:]}
        self.assertEqual(rows["records"], ["2", "1", ".", "1", ".", "."])
        self.assertIn(matrix.NOTHING, both.text().splitlines()[0])

    def test_a_set_up_that_fails_fails_every_case_of_it(self):
        def broken(*_arguments, **_options):
            raise engine.StartError("no such engine")
        kept, engine.make = engine.make, broken
        try:
            for name in cases.ALL:
                for setup in cases.setups(name, True) + guards.setups(name, True):
                    totals = run.Totals()
                    with contextlib.redirect_stdout(io.StringIO()):
                        run.run_setup("ajar", setup, totals, "/")
                    self.assertEqual((totals.passed, totals.failed), (0, len(setup.cases)))
        finally:
            engine.make = kept


SLEEPER = """
import sys, time
sys.path.insert(0, sys.argv[1])
import process
process.guard_signals()
one = process.Process("sleeper")
one.launch(["/bin/sh", "-c", "sleep 987 & sleep 987"])
print(one.child.pid, process.run_folder(), flush=True)
time.sleep(60)
"""


class NothingIsLeft(unittest.TestCase):
    def test_the_group_ends_with_the_test_however_it_ends(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                with subprocess.Popen([sys.executable, "-c", SLEEPER, HERE],
                                      stdout=subprocess.PIPE, text=True) as test:
                    group, folder = test.stdout.readline().split()
                    self.assertTrue(process.group_members(int(group)))
                    test.send_signal(number)
                    test.wait(20)
                end = time.monotonic() + 20
                while time.monotonic() < end and (process.group_members(int(group)) or
                                                  os.path.exists(folder)):
                    time.sleep(0.05)
                self.assertEqual(process.group_members(int(group)), [])
                self.assertFalse(os.path.exists(folder))


if __name__ == "__main__":
    unittest.main()
