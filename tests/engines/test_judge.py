#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does the judge of the engine tests notice a lie? Runs without an engine, in seconds."""

import importlib.machinery
import importlib.util
import os
import signal
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

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
