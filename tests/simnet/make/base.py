# SPDX-License-Identifier: Apache-2.0
"""Writes fixtures: one folder a case, with `routes`, reply files and `expect.json`."""
import json
import pathlib
import shutil

REASONS = {200: "OK", 204: "No Content", 301: "Moved Permanently", 302: "Found",
           307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized",
           403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
           408: "Request Timeout", 429: "Too Many Requests", 500: "Internal Server Error",
           502: "Bad Gateway", 503: "Service Unavailable"}


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def pretty(value):
    """The engines' own way on `/`: two spaces, `"key" : value`, a line feed at the end."""
    return json.dumps(value, indent=2, separators=(",", " : "), ensure_ascii=False) + "\n"


def http(status, headers, body, length="content-length", reason=None):
    """The bytes of one reply file. length: the header's spelling; None: none is sent;
    "chunked": the server sends it in chunks."""
    if isinstance(body, str):
        body = body.encode()
    lines = ["HTTP/1.1 %d %s" % (status, REASONS[status] if reason is None else reason)]
    lines += ["%s: %s" % (name, value) for name, value in headers]
    if length == "chunked":
        lines.append("transfer-encoding: @chunked")
    elif length is not None:
        lines.append("%s: @" % length)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Case:
    """routes: (pattern, reply, options) in order; reply is bytes, "!builtin" or the name
    of a file given before."""

    def __init__(self, name, note):
        self.name = name
        self.note = note
        self.routes = []
        self.files = {}
        self.expect = {}

    def file(self, name, data):
        assert self.files.get(name, data) == data, (self.name, name)
        self.files[name] = data
        return name

    def route(self, pattern, reply, options=""):
        self.routes.append((pattern, reply, options))
        return self

    def replace(self, pattern, reply, options=""):
        """Another reply for a route that a family has set."""
        found = [i for i, r in enumerate(self.routes) if r[0] == pattern]
        assert found, (self.name, pattern)
        self.routes[found[0]] = (pattern, reply, options)
        return self

    def want(self, **members):
        self.expect.update(members)
        return self

    def write(self, root):
        folder = root / self.name
        folder.mkdir(parents=True)
        lines = ["# %s" % line for line in self.note.strip().split("\n")]
        for pattern, reply, options in self.routes:
            assert reply.startswith("!") or reply in self.files, (self.name, pattern, reply)
            lines.append(" ".join(filter(None, [pattern, reply, options])))
        (folder / "routes").write_text("\n".join(lines) + "\n")
        used = {reply for _, reply, _ in self.routes}
        for name, data in self.files.items():
            if name in used:
                (folder / name).write_bytes(data)
        if self.expect:
            text = json.dumps(self.expect, indent=2, ensure_ascii=False) + "\n"
            (folder / "expect.json").write_text(text)


def write_all(cases, root):
    root = pathlib.Path(root)
    names = set()
    for case in cases:
        assert case.name not in names, case.name
        names.add(case.name)
    if root.exists():
        shutil.rmtree(root)
    for case in cases:
        case.write(root)
    return len(cases)
