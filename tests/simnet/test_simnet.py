#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ajar-simnet itself, asked by sockets that know nothing of ajar: test_simnet.py PROGRAM.

What the wire exam and the benches lean on: exact bytes, paces, strict parameters, refusals,
counting, an end that comes when it should.
"""
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"
PROGRAM = None


class Simnet:
    """A running simnet with the map text given; port 0 becomes self.port."""

    def __init__(self, text, fixtures=FIXTURES):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name)
        (path / "map").write_text(text)
        self.counts = path / "counts"
        self.process = subprocess.Popen(
            [PROGRAM, "--map", str(path / "map"), "--fixtures", str(fixtures), "--count",
             str(self.counts)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.port = None
        for line in self.process.stdout:
            if line.startswith("port "):
                self.port = int(line.split()[1])
            if line.strip() == "ready":
                return
        self.error = self.process.stderr.read()
        self.code = self.process.wait()

    def stop(self):
        """Ends it by closing its input; returns what it counted, by address."""
        self.process.stdin.close()
        code = self.process.wait(10)
        error = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        lines = self.counts.read_text().splitlines() if self.counts.exists() else []
        self.folder.cleanup()
        assert code == 0 and error == "", (code, error)
        return {row["address"]: row for row in map(json.loads, lines)}

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            if kind is not None:
                self.process.kill()
                self.process.wait()
                self.folder.cleanup()
            else:
                self.stop()

    def ask(self, address, path="/", tls=False, context=None):
        """One request on a connection of its own: (status, headers, body)."""
        if tls:
            context = ssl._create_unverified_context()
            conn = http.client.HTTPSConnection(address, self.port, timeout=5, context=context)
        else:
            conn = http.client.HTTPConnection(address, self.port, timeout=5)
        conn.request("GET", path)
        reply = conn.getresponse()
        body = reply.read()
        conn.close()
        return reply.status, dict(reply.getheaders()), body

    def raw(self, address, data=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", limit=1 << 20):
        """All bytes until the peer ends, or limit; None: reset."""
        try:
            sock = socket.create_connection((address, self.port), 5)
        except ConnectionResetError:
            return None  # faster than connect() could return
        with sock:
            got = b""
            try:
                sock.sendall(data)
                while len(got) < limit:
                    part = sock.recv(65536)
                    if not part:
                        break
                    got += part
            except ConnectionResetError:
                return None
            return got


def fixture(name):
    return (FIXTURES / name).read_bytes()


class Replies(unittest.TestCase):
    def test_exact_bytes_keep_alive_and_pipelining(self):
        with Simnet("127.9.0.1 0 elasticsearch/5.6.16-open\n") as net:
            body = fixture("elasticsearch/5.6.16-open/root.http").split(b"\r\n\r\n", 1)[1]
            status, headers, got = net.ask("127.9.0.1")
            self.assertEqual((status, got), (200, body))
            self.assertEqual(headers["content-length"], str(len(body)))
            self.assertNotIn("Date", headers)
            one = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            end = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            got = net.raw("127.9.0.1", one + one + end)
            self.assertEqual(got.count(body), 3)

    def test_a_request_in_pieces(self):
        with Simnet("127.9.0.1 0 elasticsearch/5.6.16-open\n") as net:
            with socket.create_connection(("127.9.0.1", net.port), 5) as sock:
                for byte in b"GET / HTTP/1.1\r\nHost: x\r\n\r\n":
                    sock.sendall(bytes([byte]))
                self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n"))

    def test_placeholders_and_strict_parameters(self):
        with Simnet("127.9.0.1-127.9.0.2 0 elasticsearch/7.17.9-terse-errors\n"
                    "127.9.0.3 0 elasticsearch/8.12.1-open\n") as net:
            first = json.loads(net.ask("127.9.0.1")[2])["cluster_uuid"]
            second = json.loads(net.ask("127.9.0.2")[2])["cluster_uuid"]
            self.assertEqual((len(first), len(second)), (22, 22))
            self.assertNotEqual(first, second)
            status, _, body = net.ask("127.9.0.3", "/_cat/indices?format=json&colour=red")
            self.assertEqual(status, 400)
            self.assertIn(b"request [/_cat/indices] contains unrecognized parameter: "
                          b"[colour]", body)
            status, headers, body = net.ask("127.9.0.3", "/_cat/indices?format=json&bytes=b")
            self.assertEqual((status, headers.get("transfer-encoding")), (200, "chunked"))
            self.assertEqual(len(json.loads(body)), 3)
            status, _, body = net.ask("127.9.0.3", "/0123456789abcdef/_count")
            self.assertEqual((status, json.loads(body)["error"]["index"]),
                             (404, "0123456789abcdef"))
            status, _, body = net.ask("127.9.0.3", "/%2A,-.%2A/_count")
            self.assertEqual((status, json.loads(body)["count"]), (200, 49414))

    def test_generated_list_has_the_announced_length_and_totals(self):
        with Simnet("127.9.0.1 0 elasticsearch/7.17.9-list-5000\n") as net:
            expect = json.loads(fixture("elasticsearch/7.17.9-list-5000/expect.json"))
            _, headers, body = net.ask("127.9.0.1", "/_cat/indices?format=json")
            rows = json.loads(body)
            self.assertEqual(int(headers["content-length"]), len(body))
            self.assertEqual(len({row["index"] for row in rows}), 5000)
            self.assertEqual(sum(int(row["docs.count"]) for row in rows),
                             expect["indices"]["documents"])
            self.assertEqual(sum(int(row["store.size"]) for row in rows),
                             expect["indices"]["bytes"])

    def test_cut_reply(self):
        with Simnet("127.9.0.1 0 elasticsearch/7.17.9-list-cut\n") as net:
            got = net.raw("127.9.0.1", b"GET /_cat/indices HTTP/1.1\r\nHost: x\r\n\r\n", 1 << 24)
            self.assertEqual(len(got), 1000000)

    def test_reply_files_keep_their_bytes(self):
        """git must not have rewritten a line end (.gitattributes)."""
        for path in FIXTURES.glob("elasticsearch/*/root.http"):
            head = path.read_bytes().split(b"\r\n\r\n", 1)[0]
            self.assertNotIn(b"\n", head.replace(b"\r\n", b""), path)


class Hostile(unittest.TestCase):
    def test_each_builtin(self):
        names = ["reset", "close", "tls-alert", "garbage", "endless-headers", "endless-body",
                 "endless-chunks", "interim-flood", "deep-json"]
        lines = ["127.9.0.%d 0 hostile/%s" % (at + 1, name) for at, name in enumerate(names)]
        with Simnet("\n".join(lines)) as net:
            got = {name: net.raw("127.9.0.%d" % (at + 1), limit=300000)
                   for at, name in enumerate(names)}
        self.assertIsNone(got["reset"])
        self.assertEqual(got["close"], b"")
        self.assertEqual(got["tls-alert"], b"\x15\x03\x03\x00\x02\x02\x46")
        self.assertEqual(len(got["garbage"]), 65536)
        for name in ("endless-headers", "endless-body", "endless-chunks", "interim-flood"):
            self.assertGreaterEqual(len(got[name]), 300000, name)
        self.assertTrue(got["interim-flood"].startswith(b"HTTP/1.1 100 Continue\r\n\r\n" * 2))
        self.assertIn(b'{"a":{"a":{"a":', got["deep-json"])

    def test_stall_answers_nothing(self):
        with Simnet("127.9.0.1 0 hostile/stall\n") as net:
            with socket.create_connection(("127.9.0.1", net.port), 5) as sock:
                sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                sock.settimeout(0.3)
                self.assertRaises(socket.timeout, sock.recv, 1)

    def test_greeting_before_any_request(self):
        with Simnet("127.9.0.1 0 hostile/ssh\n") as net:
            self.assertTrue(net.raw("127.9.0.1", b"").startswith(b"SSH-2.0-"))


class Places(unittest.TestCase):
    def test_unlisted_addresses_refuse(self):
        with Simnet("127.9.0.1 0 others/array\n127.9.0.3 0 others/array\n") as net:
            self.assertRaises(ConnectionRefusedError, net.raw, "127.9.0.2")

    def test_wide_ranges_and_the_narrower_place(self):
        with Simnet("127.9.0.0/16 0 others/array\n127.9.7.7 0 elasticsearch/8.12.1-open\n"
                    ) as net:
            self.assertEqual(net.ask("127.9.200.9")[2], b"[]")
            self.assertIn(b"8.12.1", net.ask("127.9.7.7")[2])
            self.assertIn(net.raw("127.10.0.1"), (None, b""))

    def test_paces_give_the_same_bytes(self):
        with Simnet("127.9.0.1 0 elasticsearch/8.7.1-open whole\n"
                    "127.9.0.2 0 elasticsearch/8.7.1-open bytes\n"
                    "127.9.0.3 0 elasticsearch/8.7.1-open split=40\n"
                    "127.9.0.4 0 elasticsearch/8.7.1-open close delay=50\n") as net:
            for path in ("/", "/_cat/indices?format=json"):
                want = net.ask("127.9.0.1", path)
                for last in (2, 3, 4):
                    self.assertEqual(net.ask("127.9.0.%d" % last, path), want, last)
            ended = net.raw("127.9.0.4")
            self.assertIn(b"8.7.1", ended)

    def test_tls_and_plain_to_tls(self):
        with Simnet("127.9.0.1 0 elasticsearch/8.12.1-open tls\n"
                    "127.9.0.2 0 guards/tls-only-nginx tls\n"
                    "127.9.0.3 0 elasticsearch/8.12.1-open\n") as net:
            self.assertIn(b"8.12.1", net.ask("127.9.0.1", tls=True)[2])
            self.assertEqual(net.raw("127.9.0.1"), b"")
            self.assertIn(b"plain HTTP request was sent to HTTPS", net.raw("127.9.0.2"))
            self.assertRaises((ssl.SSLError, OSError), net.ask, "127.9.0.3", tls=True)

    def test_v6_loopback(self):
        with Simnet("::1 0 elasticsearch/8.12.1-open\n") as net:
            self.assertIn(b"8.12.1", net.ask("::1")[2])

    def test_only_loopback_and_clear_errors(self):
        rows = (("10.0.0.1 9200 others/array", ":1:1: 10.0.0.1: only 127.0.0.0/8"),
                ("# x\n127.9.0.1 70000 others/array", ":2:11: 70000: not a port"),
                ("127.9.0.1 0 no/such", "no such personality"),
                ("127.9.0.1 0 others/array sideways", ":1:26: sideways: not an option"),
                ("127.9.0.1 0", "a line is ADDRESS PORT PERSONALITY"),
                ("127.9.0.1/8 0 others/array", "host bits"),
                ("127.9.0.1 0 others/array\n127.9.0.1 0 others/couchdb", "two lines"),
                ("# nothing", "no place"))
        for text, message in rows:
            net = Simnet(text + "\n")
            self.assertIn(message, net.error)
            self.assertEqual(net.code, 2)
            net.process.stdin.close()
            net.process.stdout.close()
            net.process.stderr.close()
            net.folder.cleanup()


class Counting(unittest.TestCase):
    def test_what_came_in(self):
        net = Simnet("127.9.0.1 0 elasticsearch/8.7.1-security\n"
                     "127.9.0.2 0 others/array\n127.9.0.3 0 others/array\n")
        net.ask("127.9.0.1")
        net.raw("127.9.0.2", b"POST /x HTTP/1.1\r\nHost: x\r\nAuthorization: Basic eA==\r\n"
                             b"Content-Length: 2\r\n\r\nhi")
        counts = net.stop()
        self.assertEqual(counts["127.9.0.1"]["seen"], [["GET / HTTP/1.1", 401]])
        self.assertEqual(counts["127.9.0.1"]["connections"], 1)
        self.assertIn("Host: 127.9.0.1", counts["127.9.0.1"]["first_head"])
        self.assertEqual([counts["127.9.0.2"][key] for key in
                          ("requests", "not_get", "with_credentials", "with_body")],
                         [1, 1, 1, 1])
        self.assertNotIn("127.9.0.3", counts)

    def test_counts_on_demand(self):
        with Simnet("127.9.0.1 0 others/array\n") as net:
            net.ask("127.9.0.1")
            net.process.send_signal(signal.SIGUSR1)
            for _ in range(100):
                if net.counts.exists():
                    break
                time.sleep(0.05)
            self.assertEqual(json.loads(net.counts.read_text())["requests"], 1)


class Ends(unittest.TestCase):
    def test_sigterm(self):
        net = Simnet("127.9.0.1 0 others/array\n")
        net.process.send_signal(signal.SIGTERM)
        self.assertEqual(net.process.wait(5), 0)
        net.stop()

    def test_with_its_parent(self):
        text = tempfile.NamedTemporaryFile("w", suffix=".map")
        text.write("127.9.0.1 0 others/array\n")
        text.flush()
        # a parent that starts it, prints its id and dies; its input stays open in us
        keep_read, keep_write = os.pipe()
        parent = subprocess.run(
            ["sh", "-c", '"$0" --map "$1" --fixtures "$2" <&3 >/dev/null & echo $!; sleep 0.3',
             PROGRAM, text.name, str(FIXTURES)], stdout=subprocess.PIPE, text=True,
            pass_fds=(), stdin=keep_read, preexec_fn=lambda: os.dup2(keep_read, 3),
            close_fds=False, check=True)
        child = int(parent.stdout)
        for _ in range(100):
            try:
                state = pathlib.Path("/proc/%d/stat" % child).read_text().split()[2]
            except FileNotFoundError:
                state = "gone"
            if state in ("gone", "Z"):
                break
            time.sleep(0.05)
        os.close(keep_read)
        os.close(keep_write)
        self.assertIn(state, ("gone", "Z"))

    def test_a_thousand_connections_at_once(self):
        with Simnet("127.9.0.1 0 elasticsearch/8.12.1-open\n") as net:
            socks = [socket.create_connection(("127.9.0.1", net.port), 5)
                     for _ in range(500)]
            for sock in socks:
                sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            for sock in socks:
                self.assertTrue(sock.recv(65536).startswith(b"HTTP/1.1 200"))
                sock.close()


class Fixtures(unittest.TestCase):
    def test_every_personality_loads_and_the_demo_stands(self):
        names = sorted(str(path.parent.relative_to(FIXTURES))
                       for path in FIXTURES.glob("*/*/routes"))
        lines = ["127.9.%d.%d 0 %s" % (at // 250, at % 250 + 1, name)
                 for at, name in enumerate(names)]
        with Simnet("\n".join(lines)) as net:
            self.assertIsNotNone(net.port)
        demo = (HERE / "demo" / "demo.map").read_text()
        for name in {line.split()[2] for line in demo.splitlines()
                     if line and line[0] != "#"}:
            self.assertIn(name, names)

    def test_fixtures_hold_no_real_secret_and_are_small(self):
        for path in FIXTURES.glob("*/*/*"):
            self.assertLess(path.stat().st_size, 64 * 1024, path)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: test_simnet.py PROGRAM")
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
