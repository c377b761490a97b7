# SPDX-License-Identifier: Apache-2.0
"""Reads rows of X-macros, so that documents come from the same rows as the program.

A row is NAME(arg, arg, ...). Arguments are C strings (adjacent ones joined), or anything
else up to a comma outside of brackets, as it stands.
"""
import re

_TOKEN = re.compile(
    r'\s+|\\\n|/\*.*?\*/|(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[(),])|(?P<other>[^\s"(),\\]+|\\)',
    re.S)
_ESCAPE = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class Word(str):
    """An argument that is not a string: a name, a number, an expression."""


def _unquote(text):
    return re.sub(r"\\(.)", lambda m: _ESCAPE[m.group(1)], text[1:-1])


def _arguments(text, at):
    """The arguments behind the bracket at `at`, and where they end."""
    depth, args, current = 0, [], []
    while True:
        match = _TOKEN.match(text, at)
        if not match:
            raise ValueError("unreadable row near: " + text[at:at + 40])
        at = match.end()
        string, mark, other = match.group("string", "mark", "other")
        if mark == "(":
            depth += 1
            if depth == 1:
                continue
        if mark == ")":
            depth -= 1
        if depth == 0 or (mark == "," and depth == 1):
            args.append(_joined(current))
            current = []
            if depth == 0:
                return args, at
        elif string:
            current.append(_unquote(string))
        elif mark or other:
            current.append(Word(mark or other))


def _joined(parts):
    if parts and not any(isinstance(part, Word) for part in parts):
        return "".join(parts)
    return Word("".join(parts))


def rows(text, name):
    """All rows called `name`, in order; comments and preprocessor lines do not count."""
    text = re.sub(r'("(?:[^"\\\n]|\\.)*")|/\*.*?\*/', lambda m: m.group(1) or " ", text, flags=re.S)
    text = re.sub(r"^[ \t]*#.*$", "", text, flags=re.M)
    found = []
    for match in re.finditer(r"(?<![A-Za-z0-9_])" + re.escape(name) + r"(?=\()", text):
        found.append(_arguments(text, match.end())[0])
    return found


def macro(text, name, row="X"):
    """The rows inside `#define name(row)` and its continuation lines."""
    match = re.search(r"^#define " + re.escape(name) + r"\(" + row + r"\)((?:.*\\\n)*.*\n)",
                      text, re.M)
    if not match:
        raise ValueError("no " + name)
    return rows(match.group(1), row)
