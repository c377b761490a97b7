#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A table of advice that is not understood stops the build, with file and line.

  broken_advice.py SOURCE-TREE

Each case breaks one line of a copy of a real table and names the line and the words that
scripts/gen-advice must end with.
"""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile

TREE = pathlib.Path(sys.argv[1])
ADVICE = TREE / "src" / "classify" / "advice"
EOL, FLAWS = "end_of_life.csv", "flaws.csv"
SOURCE = "https://example.org/advisory"


def flaw(**changed):
    """A row that is right but for what is changed; it sorts last."""
    row = {"id": "GHSA-xxxx-xxxx-xxxx", "product": "opensearch", "first": "3.0.0",
           "before": "3.1.0", "fixed": "3.1.0", "access": "read", "needs": "-",
           "kind": "denial", "what": "stop a node", "source": SOURCE, "date": "2026-01-31"}
    row.update(changed)
    return ",".join(row.values())


def line(product="opensearch", lines="1000", day="2026-01-31", source=SOURCE):
    return ",".join((product, lines, day, source))


# file, what is appended as a last line, what is complained of
APPENDED = [
    (EOL, line() + ",more", "5 fields, not 4; they are product,line,day,source"),
    (EOL, "opensearch,2,2026-01-31", "3 fields, not 4"),
    (EOL, line(product="opensaerch"), "no such product: opensaerch; did you mean opensearch?"),
    (EOL, line(product="solr"), "no such product: solr; one of elasticsearch opensearch"),
    (EOL, line(lines="2.x"), "no line like \"7\", \"8.17\" or \"8.0-8.16\": '2.x'"),
    (EOL, line(lines="2.1.0"), "no line like"),
    (EOL, line(lines="02"), "no line like"),
    (EOL, line(lines="2.4-2.1"), "no range: 2.4-2.1; two lines of one major, the older first"),
    (EOL, line(lines="2.1-3.1"), "no range: 2.1-3.1"),
    (EOL, line(lines="2.1-2.1"), "no range: 2.1-2.1"),
    (EOL, line(lines="100000"), "a number above 99999"),
    (EOL, line(day="2026-02-30"), "no day: '2026-02-30'; write it as 2026-11-23"),
    (EOL, line(day="31.1.2026"), "no day: '31.1.2026'"),
    (EOL, line(day=""), "day is empty"),
    (EOL, line(day="2099-01-01"), "it ends on 2099-01-01, after the day of the table"),
    (EOL, line(source=""), "source is empty"),
    (EOL, line(source="endoflife.date"), "no source: 'endoflife.date'; the https:// page"),
    (EOL, line(source="http://example.org/x"), "no source: 'http://example.org/x'"),
    (EOL, line(source="https://example.org/" + "x" * 250), "a source of more than 256"),
    (EOL, line(lines="1"), "opensearch 1 stands in line 27, too; leave one out"),
    (EOL, line(lines="1.3"), "opensearch 1.3 overlaps line 27; a release has one line"),
    (EOL, line(product="elasticsearch", lines="10"), "belongs above line 27"),
    (FLAWS, flaw() + ",more", "12 fields, not 11"),
    (FLAWS, flaw(what="stop, a node"), "12 fields, not 11"),
    (FLAWS, flaw(what='"stop a node"'), "what holds"),
    (FLAWS, flaw(what=""), "what is empty, or has spaces around it"),
    (FLAWS, flaw(what=" stop a node"), "what is empty, or has spaces around it"),
    (FLAWS, flaw(what="stop a node."), "what ends in '.'; leave it out"),
    (FLAWS, flaw(what="x" * 161), "what has 161 characters; at most 160"),
    (FLAWS, flaw(needs="x" * 161), "needs has 161 characters"),
    (FLAWS, flaw(id="CVE-15-1427"), "no id: 'CVE-15-1427'"),
    (FLAWS, flaw(id="GHSA-8wx3-324g"), "no id: 'GHSA-8wx3-324g'"),
    (FLAWS, flaw(product="kibana"), "no such product: kibana"),
    (FLAWS, flaw(first="3.0"), "no release like 8.7.1: '3.0'"),
    (FLAWS, flaw(first="3.0.0-rc1"), "no release like 8.7.1: '3.0.0-rc1'; numbers and dots"),
    (FLAWS, flaw(before="3.x.0"), "no release like 8.7.1: '3.x.0'"),
    (FLAWS, flaw(fixed="latest"), "no release like 8.7.1: 'latest'"),
    (FLAWS, flaw(before="3.0.0"), "before (3.0.0) is not after first (3.0.0)"),
    (FLAWS, flaw(before="2.9.0"), "before (2.9.0) is not after first (3.0.0)"),
    (FLAWS, flaw(fixed="3.0.9"), "fixed (3.0.9) lies within the range (before 3.1.0)"),
    (FLAWS, flaw(access="admin"), "no such access: admin; one of none read all"),
    (FLAWS, flaw(kind="remote_cod"), "no such kind: remote_cod; did you mean remote_code?"),
    (FLAWS, flaw(source=""), "source is empty"),
    (FLAWS, flaw(source="NVD"), "no source: 'NVD'"),
    (FLAWS, flaw(date="2026-13-01"), "no day: '2026-13-01'"),
    (FLAWS, flaw(date="2099-01-01"), "its date (2099-01-01) lies after the day of the table"),
    (FLAWS, flaw(id="GHSA-2222-2222-2222"), "belongs above line"),
    (FLAWS, flaw(id="CVE-2030-0001"), "belongs above line"),
    (FLAWS, flaw(id="GHSA-8wx3-324g-w4qq", first="2.0.0"), "stands in line"),
    (FLAWS, flaw(id="GHSA-8wx3-324g-w4qq", first="2.10.0"), "its range overlaps that of line"),
    (FLAWS, "\t", "the character '\\t'; only printable ASCII"),
    (FLAWS, flaw(what="stop a n\u00f6de"), "the character '\u00f6'"),
    (FLAWS, "\ufeff" + flaw(), "the character '\\ufeff'"),
    (FLAWS, flaw() + "\r", "the character '\\r'"),
]


SCRIPT = TREE / "scripts" / "gen-advice"
CODE = compile(SCRIPT.read_bytes(), str(SCRIPT), "exec")


def run(folder):
    """The generator in this process, as a start each costs more than all it does."""
    sys.argv = [str(SCRIPT), "--advice", str(folder)]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(CODE, {"__name__": "__main__", "__file__": str(SCRIPT)})
        except SystemExit as end:
            return 1, out.getvalue(), str(end.code)
    return 0, out.getvalue(), ""


def case(name, change, words):
    """change: raw bytes to (raw bytes, number of the line that is at fault)."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for table in (EOL, FLAWS):
            (folder / table).write_bytes((ADVICE / table).read_bytes())
        raw, at = change((folder / name).read_bytes())
        (folder / name).write_bytes(raw)
        code, out, error = run(folder)
    wanted = "gen-advice: %s:%d: " % (folder / name, at)
    if code != 1 or out or not error.startswith(wanted) or words not in error:
        return ["%s, %r: expected '%s...%s', got %d: %s" %
                (name, raw[-80:], wanted, words, code, (error or out[:200]).strip())]
    if "; " not in error:
        return ["%s: it does not say how to mend it: %s" % (words, error.strip())]
    return []


def append(text):
    def change(raw):
        return raw + text.encode() + b"\n", raw.count(b"\n") + 1
    return change


def touching(raw):
    """Two rows with the same words that are one range."""
    return (raw + (flaw() + "\n" + flaw(first="3.1.0", before="3.2.0", fixed="3.2.0") +
                   "\n").encode(), raw.count(b"\n") + 2)


def crowd(raw):
    """Nine flaws of one release."""
    rows = [flaw(id="GHSA-xxxx-xxxx-xxx" + c, first="4.0.0", before="4.1.0", fixed="4.1.0")
            for c in "23456789c"]
    return raw + "\n".join(rows).encode() + b"\n", raw.count(b"\n") + 9


def replaced(old, new):
    def change(raw):
        return raw.replace(old, new, 1), raw[:raw.index(old)].count(b"\n") + 1
    return change


OTHERS = [
    (FLAWS, lambda raw: (b"", 1), "the file is empty; take the table back"),
    (FLAWS, lambda raw: (raw[:-1], raw.count(b"\n")), "the last line has no line end"),
    (EOL, lambda raw: (raw + b"opens", raw.count(b"\n") + 1), "the last line has no line end"),
    (EOL, lambda raw: (raw + b"opensearch,\xff\n", raw.count(b"\n") + 1),
     "not UTF-8 at byte 12; save the file as UTF-8"),
    (EOL, replaced(b"# as of: 2026-11-23", b"# as of: today"), "no day: 'today'"),
    (EOL, replaced(b"# as of: 2026-11-23", b"# as of: 2026-11-24"),
     "as of 2026-11-24, but include/ajar/classify.h says 2026-11-23"),
    (FLAWS, replaced(b"# as of: 2026-11-23", b"# as of: 2026-11-22"),
     "as of 2026-11-22, but include/ajar/classify.h says 2026-11-23"),
    (EOL, replaced(b"product,line,day", b"product,line,date"),
     "the columns are not product,line,day,source"),
    (FLAWS, touching, "it goes on where line"),
    (FLAWS, crowd, "raise AJAR_MAX_FLAWS and MOST"),
    (EOL, lambda raw: (raw[:raw.index(b"elasticsearch,0")],
                       raw[:raw.index(b"elasticsearch,0")].count(b"\n")), "no row in it"),
]


def no_day(raw):
    """Without the day the first line that is no comment is at fault."""
    return (raw.replace(b"# as of: ", b"# as ", 1),
            raw[:raw.index(b"\nproduct,line")].count(b"\n") + 2)


def main():
    code, out, error = run(ADVICE)
    failures = [] if code == 0 and "advice_flaws" in out else ["the tables: " + error]
    cases = [(EOL, no_day, "no '# as of: YYYY-MM-DD' stands above it")]
    cases += [(name, append(text), words) for name, text, words in APPENDED]
    cases += OTHERS
    for name, change, words in cases:
        failures += case(name, change, words)
    with tempfile.TemporaryDirectory() as temporary:
        done = subprocess.run([str(SCRIPT), "--advice", temporary], capture_output=True,
                              text=True, check=False)
        if done.returncode != 1 or "end_of_life.csv" not in done.stderr:
            failures.append("a table that is not there: " + done.stderr)
    for failure in failures:
        print(failure, file=sys.stderr)
    print("%d passed, %d failed" % (len(cases) + 2 - len(failures), len(failures)))
    sys.exit(1 if failures else 0)


main()
