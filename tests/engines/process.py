# SPDX-License-Identifier: Apache-2.0
"""Processes of the engine tests: started in a group of their own, and never left behind.

A group is killed by stop(), by leaving a `with`, at exit, and on SIGINT, SIGTERM and SIGHUP.
When the test itself is killed, the kernel kills the child (setpriv --pdeathsig), and a guard
kills what that child had started (Elasticsearch 8 is a launcher and a server).
"""

import atexit
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

NOBODY = 65534  # Elasticsearch refuses to run as root from 5.0 on
KILL_SECONDS = 15
FOLDER_PREFIX = "ajar-engines-"
_running = set()
_guards = []  # at most one, made with the first process


class StartError(Exception):
    """A node did not start; the text has the last lines that it wrote."""


def run_folder():
    """The folder of this run, named after our pid. Those of runs that were killed go."""
    mine = os.path.join(tempfile.gettempdir(), f"{FOLDER_PREFIX}{os.getpid()}")
    if not os.path.isdir(mine):
        for entry in os.listdir(tempfile.gettempdir()):
            pid = entry.removeprefix(FOLDER_PREFIX)
            if pid != entry and pid.isdigit() and not os.path.isdir(f"/proc/{pid}"):
                shutil.rmtree(os.path.join(tempfile.gettempdir(), entry), ignore_errors=True)
        os.mkdir(mine, 0o755)
        os.chmod(mine, 0o755)
    return mine


class Guard:
    """A process that outlives us by a moment: when its input ends without a goodbye, it kills
    the groups that it was told of and removes our folder."""

    def __init__(self):
        self.child = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), run_folder()], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, start_new_session=True)

    def tell(self, line):
        try:
            self.child.stdin.write(f"{line}\n".encode())
            self.child.stdin.flush()
        except OSError:
            pass  # it was killed: the kernel's own signal to the children is left

    def dismiss(self):
        self.tell("bye")
        self.child.stdin.close()
        self.child.wait(KILL_SECONDS)


def guard_main(folder):
    groups = set()
    for line in sys.stdin:
        word, _, group = line.strip().partition(" ")
        if word == "bye":
            return
        (groups.add if word == "start" else groups.discard)(int(group))
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    time.sleep(0.2)
    shutil.rmtree(folder, ignore_errors=True)


def free_port():
    """A loopback port that the kernel chose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_ports(count):
    """Several at once, so that they differ."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait_for_refusal(port):
    """A killed process may have threads that still hold its port, though /proc calls it a
    zombie by then."""
    end = time.monotonic() + KILL_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED:
                return
        time.sleep(0.05)
    raise StartError(f"port {port} still answers {KILL_SECONDS} s after its process was killed")


def as_nobody(command):
    """The command as an unprivileged user when we are root, bound to our life either way."""
    prefix = ["setpriv", "--pdeathsig", "KILL"]
    if os.geteuid() == 0:
        prefix += [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return prefix + ["--"] + command


def group_members(group):
    """The pids of a process group, from /proc."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(entry))
    return found


class Process:
    """One child with its own folder, log and process group."""

    def __init__(self, name):
        self.name = name
        self.home = tempfile.mkdtemp(prefix=f"{name}-", dir=run_folder())
        os.chmod(self.home, 0o755)
        self.child = None
        self.peak_kb = 0
        _running.add(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def log_path(self):
        return os.path.join(self.home, "output.log")

    def give_home(self):
        """Makes the unprivileged user own all of the home."""
        if os.geteuid() != 0:
            return
        for folder, _, files in os.walk(self.home):
            os.chown(folder, NOBODY, NOBODY)
            for name in files:
                path = os.path.join(folder, name)
                if os.stat(path).st_nlink == 1:  # a linked jar is the cache's own
                    os.chown(path, NOBODY, NOBODY)

    def launch(self, command, environment=None):
        clean = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.home,
                 "LANG": "C.UTF-8", "TMPDIR": os.path.join(self.home, "tmp")}
        clean.update(environment or {})
        os.makedirs(clean["TMPDIR"], exist_ok=True)
        self.give_home()
        with open(self.log_path, "wb") as log:
            self.child = subprocess.Popen(
                as_nobody(command), stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, cwd=self.home, env=clean, start_new_session=True)
        if not _guards:
            _guards.append(Guard())
        _guards[0].tell(f"start {self.child.pid}")

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def tail(self, lines=40):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except OSError:
            return ""

    def wait_until(self, ready, seconds, what):
        """Polls ready() until it is true; StartError when the child dies or time is up."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.alive():
                raise StartError(f"{self.name} ended while starting:\n{self.tail()}")
            if ready():
                return
            time.sleep(0.1)
        raise StartError(f"{self.name}: no {what} within {seconds} s:\n{self.tail()}")

    def measure(self):
        """Adds up the peak resident sizes of the group, in kB."""
        total = 0
        for pid in group_members(self.child.pid) if self.child else []:
            try:
                with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                    total += sum(int(line.split()[1]) for line in file
                                 if line.startswith("VmHWM:"))
            except OSError:
                continue
        self.peak_kb = max(self.peak_kb, total)
        return self.peak_kb

    def kill_group(self):
        group = self.child.pid
        end = time.monotonic() + KILL_SECONDS
        while time.monotonic() < end:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                break
            self.child.poll()
            if not group_members(group):
                break
            time.sleep(0.02)
        self.child.wait(KILL_SECONDS)
        _guards[0].tell(f"end {group}")

    def stop(self):
        """Kills the whole group and removes the home. May be called again."""
        if self.child is not None:
            self.measure()
            self.kill_group()
            self.child = None
        _running.discard(self)
        shutil.rmtree(self.home, ignore_errors=True)


def stop_all():
    for one in list(_running):
        one.stop()
    while _guards:
        _guards.pop().dismiss()
    shutil.rmtree(os.path.join(tempfile.gettempdir(), f"{FOLDER_PREFIX}{os.getpid()}"),
                  ignore_errors=True)


def _on_signal(number, _frame):
    stop_all()
    sys.exit(128 + number)


def guard_signals():
    """From here on a signal that ends us ends every child first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)


if __name__ == "__main__":
    guard_main(sys.argv[1])
else:
    atexit.register(stop_all)
