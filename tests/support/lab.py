# SPDX-License-Identifier: Apache-2.0
"""A laboratory for tests of the whole program: the built ajar, the simulated network and a
folder of its own for state, configuration and ticket calls. Only loopback is used."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "tests" / "simnet" / "fixtures"

TICKET = """#!/bin/sh
# one file a call, written whole or not at all; an ajar that is killed leaves half a line
IFS= read -r body || exit 4
printf '%s\\n' "$body" > "$HOME/calls/.$AJAR_EVENT_ID.$$" || exit 1
[ -e "$HOME/slow" ] && sleep "$(cat "$HOME/slow")"
if [ -e "$HOME/refuse" ]; then echo "the ticket system is down" >&2; exit 3; fi
mv "$HOME/calls/.$AJAR_EVENT_ID.$$" "$HOME/calls/$AJAR_EVENT_ID.$$.json"
echo "T-$AJAR_FINDING_ID"
"""


def build_folder():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("-v", action="store_true")
    parser.add_argument("rest", nargs="*")
    options = parser.parse_args()
    folders = [options.build.resolve()] if options.build else [ROOT / "build" / "dev",
                                                     ROOT / "build" / "release"]
    for folder in folders:
        if (folder / "ajar").exists() and (folder / "ajar-simnet").exists():
            options.build = folder
            return options
    sys.exit("no build of ajar and ajar-simnet: cmake --build --preset dev")


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __repr__(self):
        return "exit %d\n--- stdout\n%s\n--- stderr\n%s" % (
            self.code, self.out[-3000:], self.err[-3000:])


class Network:
    """ajar-simnet on a map of "ADDRESS PERSONALITY [option ...]" rows, one port for all."""

    def __init__(self, lab, rows, port=0):
        self.lab, self.port = lab, port
        path = lab.path / "map"
        path.write_text("".join("%s %d %s\n" % (row.split(" ", 1)[0], port,
                                                row.split(" ", 1)[1]) for row in rows))
        self.process = subprocess.Popen(
            [str(lab.build / "ajar-simnet"), "--map", str(path), "--fixtures",
             str(lab.fixtures), "--count", str(lab.path / "counts")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("port "):
                self.port = int(line.split()[1])
            if line.strip() == "ready":
                return
        raise RuntimeError("no simulated network: " + self.process.stderr.read())

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.stderr.read()
            self.process.wait(30)
            self.process.stdout.close()
            self.process.stderr.close()
            self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Lab:
    def __init__(self, build):
        self.build = build
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="ajar-lab-"))
        self.state = self.path / "state.db"
        self.config = self.path / "ajar.ini"
        self.targets = self.path / "targets.ini"
        self.fixtures = FIXTURES
        self.calls = self.path / "calls"
        self.calls.mkdir()
        self.ticket = self.path / "ticket"
        self.ticket.write_text(TICKET)
        self.ticket.chmod(0o755)
        self.config.write_text("")
        self.environment = {"HOME": str(self.path), "PATH": os.environ["PATH"],
                            "LANG": "C.UTF-8", "TERM": "dumb"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def close(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def with_tickets(self, more=""):
        self.config.write_text("[tickets]\ncommand = %s\n%s" % (self.ticket, more))

    def owns(self, port, sections):
        """sections: {"id": "lines"}"""
        self.targets.write_text("".join(
            "[%s]\nowner = The %s team\ncontact = %s@corp.example\nports = %d\n%s\n"
            % (name, name, name, port, lines) for name, lines in sections.items()))

    def command(self, arguments, memory=True):
        command = [str(self.build / "ajar")] + [str(word) for word in arguments]
        if memory and arguments[0] not in ("demo", "help", "scope", "probes"):
            if "--no-state" not in command and "--state" not in command:
                command += ["--state", str(self.state)]
            if "--config" not in command:
                command += ["--config", str(self.config)]
        return command

    def run(self, *arguments, memory=True, now=None, stdin=subprocess.DEVNULL, stdout=None,
            environment=None, timeout=120):
        env = dict(self.environment, **(environment or {}))
        if now:
            env["AJAR_TEST_NOW"] = now
        done = subprocess.run(self.command(arguments, memory), stdin=stdin,
                              stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE,
                              env=env, cwd=self.path, timeout=timeout, check=False)
        result = Result(done.returncode, (done.stdout or b"").decode(errors="replace"),
                        done.stderr.decode(errors="replace"))
        assert "runtime error" not in result.err and "Sanitizer" not in result.err, result
        return result

    def start(self, *arguments, environment=None):
        return subprocess.Popen(self.command(arguments), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=dict(self.environment, **(environment or {})),
                                cwd=self.path, text=True)

    def scan(self, *more, **named):
        words = ("--format", "jsonl") if "--format" not in more else ()
        return self.run("scan", self.targets, "--rate", "0", "--per-prefix", "0", *words,
                        *more, **named)

    def findings(self, *more, **named):
        result = self.run("findings", "--format", "jsonl", *more, **named)
        assert result.code == 0, result
        return result.lines

    def events(self, *more, **named):
        result = self.run("events", "--format", "jsonl", *more, **named)
        assert result.code == 0, result
        return result.lines

    def tickets(self):
        """What the ticket command took: events in the order of their times."""
        taken = [json.loads(path.read_text()) for path in self.calls.glob("E-*.json")]
        return sorted(taken, key=lambda event: (event["time"], event["event"]))


def run_cases(cases, options):
    """cases: functions that take a Lab. Prints what fails, and "N passed, N failed"."""
    passed = failed = 0
    for case in cases:
        if options.only not in case.__name__:
            continue
        lab = Lab(options.build)
        try:
            case(lab)
            passed += 1
            if options.v:
                print("ok   " + case.__name__)
        except Exception as wrong:  # pylint: disable=broad-except
            failed += 1
            print("FAIL %s: %s" % (case.__name__, case.__doc__ or ""))
            where = traceback.extract_tb(wrong.__traceback__)
            for frame in where[-3:]:
                print("     %s:%d: %s" % (pathlib.Path(frame.filename).name, frame.lineno,
                                          frame.line))
            print("     %s: %s" % (type(wrong).__name__, wrong))
        finally:
            lab.close()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0
