#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Other real servers that must not be taken for an open datastore of ours.

    others.py [--ajar PATH] [--only NAME]

Each is started on a port of loopback that the kernel chose and looked at by the built ajar,
through a tap that notes what was sent. From Debian (scripts/deps exam), npm and Maven Central
(cached outside the tree, AJAR_CACHE or ~/.cache/ajar). What cannot be had is a failure that
says so."""
import argparse
import http.client
import importlib.machinery
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import fetch    # noqa: E402  pylint: disable=wrong-import-position
import foreign  # noqa: E402  pylint: disable=wrong-import-position
import process  # noqa: E402  pylint: disable=wrong-import-position
import score    # noqa: E402  pylint: disable=wrong-import-position
import tap      # noqa: E402  pylint: disable=wrong-import-position
from foreign import program  # noqa: E402  pylint: disable=wrong-import-position

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SECONDS = 60
NPM = {"azurite": ["azurite"],
       "pouchdb": ["pouchdb", "pouchdb-adapter-memory", "express", "express-pouchdb"]}
POUCH = """
const express = require('express'), PouchDB = require('pouchdb');
const Memory = PouchDB.plugin(require('pouchdb-adapter-memory')).defaults({adapter: 'memory'});
new Memory('customers').put({_id: '1', name: 'x'}).then(() => {
    const app = express();
    app.use('/', require('express-pouchdb')(Memory, {mode: 'minimumForPouchDB'}));
    app.listen(Number(process.argv[2]), '127.0.0.1');
});
"""
# An application that answers everything with 200 and an empty list.
EXPRESS = """
const app = require('express')();
app.use((request, reply) => reply.json([]));
app.listen(Number(process.argv[2]), '127.0.0.1');
"""


def engines_run():
    loader = importlib.machinery.SourceFileLoader("engines_run", str(HERE / "run"))
    spec = importlib.util.spec_from_loader("engines_run", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def npm_folder(name):
    """The packages of one server, installed once; npm's own client, no scripts run."""
    cache = pathlib.Path(os.environ.get("AJAR_CACHE") or
                         pathlib.Path.home() / ".cache" / "ajar") / "npm" / name
    if not (cache / "ready").exists():
        cache.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [program("npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts",
             "--prefix", str(cache), *NPM[name]], capture_output=True, text=True,
            timeout=600, check=False)
        if done.returncode != 0:
            raise process.StartError("npm could not get %s: %s" % (name, done.stderr[-500:]))
        (cache / "ready").write_text("")
    return cache


class Server(process.Process):
    """One foreign server: `command` names program and arguments."""

    def start(self, command, environment=None):
        self.launch(command, environment)
        self.wait_until(self.listens, SECONDS, "listening port")

    def listens(self):
        want = ":%04X" % self.port
        for file in ("/proc/net/tcp", "/proc/net/tcp6"):
            with open(file, encoding="ascii") as rows:
                if any(row.split()[1].endswith(want) and row.split()[3] == "0A"
                       for row in list(rows)[1:]):
                    return True
        return False

    def path(self, name, text=None):
        path = os.path.join(self.home, name)
        if text is not None:
            pathlib.Path(path).write_text(text)
        return path


def etcd(server):
    client, peer = ("http://127.0.0.1:%d" % port
                    for port in (server.port, process.free_port()))
    return [program("etcd"), "--data-dir", server.path("data"),
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", "default=" + peer]


def redis(server):
    return [program("redis-server"), "--port", str(server.port), "--bind", "127.0.0.1",
            "--save", "", "--dir", server.home]


def influxdb(server):
    config = server.path("influxdb.conf", """reporting-disabled = true
bind-address = "127.0.0.1:%d"
[meta]
dir = "%s/meta"
[data]
dir = "%s/data"
wal-dir = "%s/wal"
[http]
bind-address = "127.0.0.1:%d"
""" % (process.free_port(), server.home, server.home, server.home, server.port))
    return [program("influxd"), "run", "-config", config]


def postgres(server):
    folders = sorted(str(path) for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = program("initdb", *folders[-1:])
    server.give_home()
    done = subprocess.run(process.as_nobody([initdb, "-D", server.path("data"), "-A", "trust",
                                             "-U", "probe"]), capture_output=True, text=True,
                          cwd=server.home, env={"PATH": "/usr/bin:/bin", "HOME": server.home,
                                                "LANG": "C"}, timeout=120, check=False)
    if done.returncode != 0:
        raise process.StartError("initdb: " + done.stderr[-500:])
    return [program("postgres", *folders[-1:]), "-D", server.path("data"), "-p",
            str(server.port), "-h", "127.0.0.1", "-k", server.home]


def nginx(server):
    page = "<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head></html>"
    server.path("index.html", page)
    config = server.path("nginx.conf", """daemon off;
pid %(home)s/pid;
error_log %(home)s/error.log;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path %(home)s/a; proxy_temp_path %(home)s/b; fastcgi_temp_path %(home)s/c;
    uwsgi_temp_path %(home)s/d; scgi_temp_path %(home)s/e;
    server { listen 127.0.0.1:%(port)d; root %(home)s; index index.html; }
}
""" % {"home": server.home, "port": server.port})
    return [program("nginx"), "-p", server.home, "-e", server.path("error.log"), "-c", config]


def haproxy(server):
    """A front whose node is dead."""
    config = server.path("haproxy.cfg", """global
    maxconn 64
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend front
    bind 127.0.0.1:%d
    default_backend node
backend node
    server node 127.0.0.1:1
""" % server.port)
    return [program("haproxy"), "-db", "-f", config]


def ssh(server):
    key = server.path("key")
    subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", key],
                   check=True, timeout=30)
    config = server.path("sshd_config", "ListenAddress 127.0.0.1\nPort %d\nHostKey %s\n"
                         "PidFile none\nUsePAM no\n" % (server.port, key))
    return [program("sshd"), "-D", "-e", "-f", config]


def modules(server, name):
    """The packages where the unprivileged user can read them."""
    target = os.path.join(server.home, "node_modules")

    def place(origin, goal):
        try:
            os.link(origin, goal)
        except OSError:
            shutil.copy2(origin, goal)
    shutil.copytree(npm_folder(name) / "node_modules", target, symlinks=True,
                    copy_function=place)
    return target


def azurite(server):
    entry = os.path.join(modules(server, "azurite"), "azurite/dist/src/blob/main.js")
    return [program("node"), entry, "--silent", "--inMemoryPersistence",
            "--blobHost", "127.0.0.1", "--blobPort", str(server.port)]


def pouchdb(server):
    modules(server, "pouchdb")
    return [program("node"), server.path("pouch.js", POUCH), str(server.port)]


def express(server):
    modules(server, "pouchdb")
    return [program("node"), server.path("app.js", EXPRESS), str(server.port)]


# name: (start, exposures that are true, product or None, requests at most)
SERVERS = {
    "etcd": (etcd, ("not_datastore",), (None, "etcd"), 4),
    "influxdb": (influxdb, ("not_datastore",), (None, "influxdb"), 4),
    "pouchdb": (pouchdb, ("not_datastore",), ("pouchdb", "couchdb"), 4),
    "azurite": (azurite, ("not_datastore", "protected"), (None, "azure-storage"), 4),
    "postgresql": (postgres, ("not_datastore", "unreachable"), (None,), 4),
    # 7 closes on `Host:` without a byte and waits at a ClientHello: nobody could tell
    "redis": (redis, ("not_datastore", "unreachable", "inconclusive"), (None,), 4),
    "nginx": (nginx, ("not_datastore",), (None,), 1),
    "haproxy-dead-node": (haproxy, ("inconclusive",), (None,), 2),
    "ssh": (ssh, ("not_datastore",), (None,), 4),
    "solr": (foreign.solr, ("not_datastore",), (None, "solr"), 3),
    "clickhouse": (foreign.clickhouse, ("not_datastore",), (None, "clickhouse"), 3),
    "prometheus": (foreign.prometheus, ("not_datastore",), (None,), 3),
    "victoria-metrics": (foreign.victoria_metrics, ("not_datastore",), (None,), 3),
    "rabbitmq-management": (foreign.rabbitmq, ("not_datastore",), (None,), 3),
    "memcached": (foreign.memcached, ("not_datastore", "unreachable"), (None,), 4),
    "nats": (foreign.nats, ("not_datastore",), (None,), 4),
    "nats-monitor": (foreign.nats_monitor, ("not_datastore",), (None,), 3),
    # it resets without a byte, which the tap passes on as silence
    "mosquitto": (foreign.mosquitto, ("unreachable", "inconclusive"), (None,), 4),
    "squid": (foreign.squid, ("not_datastore",), (None,), 4),
    "apache": (foreign.apache, ("not_datastore",), (None,), 3),
    # these two answer 200 to everything
    "lighttpd-one-page-app": (foreign.lighttpd, ("not_datastore",), (None,), 1),
    "express-empty-lists": (express, ("not_datastore",), (None,), 1),
}


# They listen long before they answer.
PATIENT = {"solr", "rabbitmq-management"}


def answers(port):
    """Whether an HTTP reply of any kind comes."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        link.request("GET", "/")
        return link.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def look(run, ajar, port, row, folder):
    """(what is wrong, the target line)."""
    _, exposures, products, most = row
    with tap.Tap(port) as wire:
        status, lines, errors = run.run_ajar(ajar, wire.port, folder)
        wire.wait_idle()
        heads = list(wire.heads)
    line = next((one for one in lines if one.get("type") == "target"), None)
    if status != 0 or line is None:
        return ["ajar: exit %d: %s" % (status, errors[-500:])], {}
    wrong = []
    if line["exposure"] not in exposures:
        wrong.append("exposure %s, not %s" % (line["exposure"], " or ".join(exposures)))
    if line["product"] not in products:
        wrong.append("product %s" % line["product"])
    if line["severity"] != "none" or line["flags"]:
        wrong.append("severity %s, flags %s" % (line["severity"], line["flags"]))
    plain = [head for head in heads if not head.startswith(b"\x16")]
    if len(plain) > most:
        wrong.append("%d requests, at most %d" % (len(plain), most))
    wrong += ["sent %r" % head[:60] for head in plain if not head.startswith(b"GET ")]
    return wrong, line


def one(run, ajar, name, folder):
    try:
        with Server(name) as server:
            server.port = process.free_port()
            command = SERVERS[name][0](server)
            server.start(*(command if isinstance(command, tuple) else (command,)))
            if name in PATIENT:
                server.wait_until(lambda: answers(server.port), SECONDS, "answer")
            return look(run, ajar, server.port, SERVERS[name], folder)
    except (process.StartError, fetch.FetchError, OSError, subprocess.SubprocessError) as error:
        return ["cannot be had or started: %s" % str(error)[-1200:]], {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--ajar", default=str(ROOT / "build" / "release" / "ajar"))
    parser.add_argument("--only", choices=sorted(SERVERS))
    options = parser.parse_args()
    ajar = os.path.abspath(options.ajar)
    if not os.access(ajar, os.X_OK):
        sys.exit("%s is not built" % options.ajar)
    process.guard_signals()
    run = engines_run()
    total = score.Score()
    names = [options.only] if options.only else list(SERVERS)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ajar-", dir=process.run_folder()) as folder:
        for name in names:
            wrong, line = one(run, ajar, name, folder)
            total.line(name, line.get("product") or "-", SERVERS[name][1], line.get("exposure"),
                       wrong, "%d requests" % len(line.get("requests") or []))
    process.stop_all()
    print("others: %.0f s in all" % (time.monotonic() - began))
    return total.end()


if __name__ == "__main__":
    sys.exit(main())
