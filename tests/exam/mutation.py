#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks each rule of the classifier in turn and shows that a test notices.

A mutant (mutants.py) is one replacement in one source file. The file alone is compiled, in
a folder of its own, and linked before the rooms' archives, whose member of that name is
then not taken. First the unit tests of probe and classify; only what they let pass meets
the wire exam (mode whole, without the slow fixtures). A mutant that both let pass is a
failure: a case is missing.

  tests/exam/mutation.py [--build DIR] [--work DIR] [--all] [--seed N] [--only NAME]
     without --all a third of the mutants, by seed; with it, each one meets both judges
"""
import concurrent.futures
import os
import pathlib
import random
import shlex
import subprocess
import sys
import tempfile

import mutants
import subject

UNITS = ["test_probe_golden", "test_probe_meta", "test_probe_hostile", "test_probe_steps",
         "test_probe_guards", "test_probe_coding", "test_classify_names",
         "test_classify_verdict", "test_classify_release",
         "test_classify_advice"]
SECONDS = 300


class Work:
    """A build without sanitizer or optimisation, kept between runs."""

    def __init__(self, folder):
        self.folder = folder
        self.compiles = {}
        self.links = {}

    def prepare(self):
        if not (self.folder / "build.ninja").exists():
            self.run(["cmake", "-S", str(subject.ROOT), "-B", str(self.folder), "-G", "Ninja",
                      "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS=-O0", "-DAJAR_TESTS=ON"])
        self.run(["ninja", "-C", str(self.folder), "ajar", *UNITS])
        for target in ("ajar", *UNITS):
            out = self.run(["ninja", "-C", str(self.folder), "-t", "commands", target])
            lines = [line for line in out.splitlines() if line.strip()]
            self.links[target] = lines[-1]
            for line in lines:
                words = line.split()
                if "-c" in words:
                    self.compiles[words[words.index("-c") + 1]] = line

    @staticmethod
    def run(command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit("%s: %s" % (" ".join(command), (done.stdout + done.stderr)[-3000:]))
        return done.stdout

    def compile(self, path, source, into):
        """The mutated file as an object; None and what the compiler said when it does not."""
        line = self.compiles[str(subject.ROOT / path)]
        words = shlex.split(line)
        words[words.index("-c") + 1] = str(source)
        words[words.index("-o") + 1] = str(into)
        at = words.index("-MF")
        del words[at:at + 2]
        words = [word for word in words if word not in ("-MD", "-Werror")]
        words += ["-w", "-I", str((subject.ROOT / path).parent)]
        at = [i for i, word in enumerate(words) if word == "-MT"]
        for i in reversed(at):
            del words[i:i + 2]
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True,
                              check=False)
        return done.returncode == 0, done.stderr

    def link(self, target, thing, folder):
        line = self.links[target]
        words = shlex.split(line.removeprefix(": && ").removesuffix(" && :"))
        at = words.index("-o")
        words[at + 1] = str(folder / target)
        words.insert(at, str(thing))
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError("%s does not link: %s" % (target, done.stderr[-2000:]))
        return folder / target


def judged(command, folder):
    """True when the judge found nothing. A mutant that hangs is one that is noticed."""
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def by_units(work, path, thing, folder):
    room = "/libajar_%s.a" % path.split("/")[1]
    for target in UNITS:
        if room not in work.links[target]:
            continue
        if not judged([str(work.link(target, thing, folder)), "--jobs", "1"], folder):
            return target
    return None


def by_wire(work, thing, folder, options):
    program = work.link("ajar", thing, folder)
    command = [sys.executable, str(pathlib.Path(__file__).resolve()), "--wire", str(program),
               "--simnet", str(options.simnet)]
    return None if judged(command, folder) else "wire"


def examine(work, mutant, options):
    """(who noticed, trouble)."""
    name, _, path, old, new = mutant
    text = (subject.ROOT / path).read_text()
    if text.count(old) != 1:
        return [], "what it replaces stands %d times in %s" % (text.count(old), path)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        source = folder / pathlib.Path(path).name
        source.write_text(text.replace(old, new))
        fits, error = work.compile(path, source, folder / "mutant.o")
        if not fits:
            return [], "does not compile: %s" % error[-1500:]
        found = [by_units(work, path, folder / "mutant.o", folder)]
        if found == [None] or options.all:
            found.append(by_wire(work, folder / "mutant.o", folder, options))
    found = [who for who in found if who]
    return found, None if found else "nobody noticed"


def wire_alone(options):
    """The judge that runs as a process of its own: the wire exam without slow fixtures."""
    options.ajar = pathlib.Path(options.wire)
    options.simnet = pathlib.Path(options.simnet)
    _, failures = subject.wire.exam(options, "whole", subject.fast_fixtures(), False)
    return 1 if failures else 0


def parse():
    parser = subject.parser("mutation of the classifier")
    parser.add_argument("--work", default=str(subject.ROOT / "build" / "exam"))
    parser.add_argument("--only", help="one mutant")
    parser.add_argument("--wire", help="internal: judge this ajar by the wire exam")
    parser.add_argument("--simnet", help="internal")
    options = parser.parse_args()
    return options if options.wire else subject.programs(options)


def chosen(options):
    if options.only:
        return [m for m in mutants.MUTANTS if m[0] == options.only]
    if options.all:
        return mutants.MUTANTS
    rng = random.Random("mutants %d" % options.seed)
    return [m for m in mutants.MUTANTS if rng.random() < 1 / 3]


def main():
    options = parse()
    if options.wire:
        return wire_alone(options)
    work = Work(pathlib.Path(options.work).resolve())
    work.prepare()
    some = chosen(options)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda m: examine(work, m, options), some))
    failures = []
    print("mutants of the classifier: %d of %d%s" %
          (len(some), len(mutants.MUTANTS), "" if options.all else ", seed %d" % options.seed))
    for (name, rule, _, _, _), (found, trouble) in zip(some, results):
        print("  %-26s %-48s %s" % (name, rule, ", ".join(found) or "-"))
        if trouble:
            failures.append("%s (%s): %s" % (name, rule, trouble))
    return subject.end(len(some) - len(failures), failures)


if __name__ == "__main__":
    sys.exit(main())
