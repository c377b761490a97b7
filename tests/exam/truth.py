#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts what a part of the exam printed into docs/truth.md: truth.py PART FILE.

The text between `<!-- exam: PART -->` and `<!-- end -->` is replaced by the date, the
version and what FILE holds, without its failures' lines; of the hundreds of lines of a
real engines' part its matrix and what stands below."""
import datetime
import pathlib
import re
import subprocess
import sys

LONG = ("engines", "states")
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def commit():
    done = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no commit"


def main():
    part, file = sys.argv[1], pathlib.Path(sys.argv[2])
    page = ROOT / "docs" / "truth.md"
    version = re.search(r"project\(ajar VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())
    lines = [line for line in file.read_text().splitlines() if not line.startswith("FAILED")]
    tables = [at for at, line in enumerate(lines)
              if line.startswith(("engine ", "Expected exposure"))]
    if part in LONG and tables:
        wrong = [line for line in lines[:tables[0]] if line.startswith("FAIL")]
        lines = wrong + lines[tables[0]:]
    body = "\n".join(lines).strip()
    if "|" not in body:  # no table of its own
        body = "```\n%s\n```" % body
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    new = "<!-- exam: %s -->\n%s, ajar %s (%s)\n\n%s\n<!-- end -->" % (
        part, today, version.group(1), commit(), body)
    old = re.compile(r"<!-- exam: %s -->.*?<!-- end -->" % re.escape(part), re.S)
    text = page.read_text()
    if len(old.findall(text)) != 1:
        sys.exit("docs/truth.md has no place for %s" % part)
    page.write_text(old.sub(lambda _: new, text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
