#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A special.csv that is not understood stops the build, with file and line.

  broken_special.py SOURCE-TREE

Each case breaks a copy of the real table and names the line and the words that
scripts/gen-special must end with, and that it says how to mend it.
"""
import contextlib
import io
import pathlib
import sys
import tempfile

TREE = pathlib.Path(sys.argv[1])
SCRIPT = TREE / "scripts" / "gen-special"
TABLE = TREE / "src" / "scope" / "special.csv"
CODE = compile(SCRIPT.read_bytes(), str(SCRIPT), "exec")

APPENDED = [
    ("192.0.2.0/24,Documentation,RFC 5737", "3 fields, not 4"),
    ("198.18.0.0/15,A, B,RFC 1,never", "5 fields, not 4; they are block,name,reference,class"),
    ("10.0.0.1/8,Host bits,RFC 1,private", "no block: 10.0.0.1/8 has host bits set"),
    ("10.0.0/8,Cut,RFC 1,private", "no block: '10.0.0/8'"),
    ("::/0,,RFC 1,never", "name is empty, or has spaces around it"),
    ("5f00::/16, Spaces,RFC 1,never", "name is empty, or has spaces around it"),
    ("5f00::/16,Name,RFC 1,nevr", "no such class: nevr; one of loopback mapped never private"),
    ("5f00::/16,\"Name,RFC 1,never", "no CSV: "),
    ("ff00::/8,Again,RFC 1,never", "ff00::/8 stands in line "),
    ("5f00::/16,N\u00e4me,RFC 1,never", "the character '\u00e4'"),
    ("\t", "the character '\\t'; only printable ASCII"),
]


def run(path):
    sys.argv = [str(SCRIPT), "--table", str(path)]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(CODE, {"__name__": "__main__", "__file__": str(SCRIPT)})
        except SystemExit as end:
            return out.getvalue(), str(end.code)
    return out.getvalue(), ""


def first_line(raw):
    """The number of the first line that is no comment."""
    return raw[:raw.index(b"\nblock,")].count(b"\n") + 2


def cases():
    raw = TABLE.read_bytes()
    count = raw.count(b"\n")
    for text, words in APPENDED:
        yield raw + text.encode() + b"\n", count + 1, words
    yield b"", 1, "no row in it"
    yield raw[:-1], count, "the last line has no line end"
    yield raw + b"\xff\n", count + 1, "not UTF-8 at byte 1"
    yield raw.replace(b"# date: ", b"# day: ", 1), first_line(raw), "no '# date: YYYY-MM-DD'"
    yield (raw.replace(b"# date: 2", b"# date: x2", 1),
           raw[:raw.index(b"# date: ")].count(b"\n") + 1, "no day: 'x2")
    yield (raw.replace(b"block,name", b"range,name", 1), first_line(raw),
           "the columns are not block,name,reference,class")


def main():
    out, error = run(TABLE)
    failures = [] if not error and "special_blocks" in out else ["the table: " + error]
    count = 1
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "special.csv"
        for raw, at, words in cases():
            path.write_bytes(raw)
            out, error = run(path)
            count += 1
            if out or not error.startswith("gen-special: %s:%d: %s" % (path, at, words)):
                failures.append("expected %d: %s, got: %s" % (at, words, error or out[:100]))
            elif "; " not in error:
                failures.append("it does not say how to mend it: " + error)
    for failure in failures:
        print(failure, file=sys.stderr)
    print("%d passed, %d failed" % (count - len(failures), len(failures)))
    sys.exit(1 if failures else 0)


main()
