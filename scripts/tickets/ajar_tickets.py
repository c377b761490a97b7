# SPDX-License-Identifier: Apache-2.0
"""What the ticket commands share: one ajar event in, one ticket reference out.

Each command reads one event (docs/events.md) from stdin, looks for what it wrote before,
creates, comments, closes or opens again, and prints the ticket's reference. Exit codes: 0
done; 2 somebody must mend the configuration (token, project, file); 75 the other side is at
fault for now (EX_TEMPFAIL). ajar tries again after both.

Nothing but the standard library. Tokens come from files, never from argv or the environment.
"""
import argparse
import fcntl
import ipaddress
import json
import os
import re
import stat
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

MEND = 2
LATER = 75
TIMEOUT_S = 10  # of one request; the whole command has 30 s unless ajar.ini says otherwise
PATIENCE_S = 8  # how much Retry-After is waited for here; longer is left to ajar
MAX_EVENT = 1 << 20
MAX_REPLY = 8 << 20
MAX_PAGES = 50

EVENT_ID = re.compile(r"E-[A-Z0-9]{4,20}-[0-9]{1,9}")
FINDING_ID = re.compile(r"F-[A-Z0-9]{4,20}")
# The marker is a line of its own. A server's text, which could hold the same words, never
# begins a line of an event's text, so that it cannot pass for one.
MARKER = "ajar-event: "


class Failure(Exception):
    """Ends the command with a message and an exit code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def one_line(text, limit=300):
    """What a stranger's API said, fit for a log: printable, one line, short."""
    line = " ".join(str(text).split())
    line = "".join(c if c.isprintable() else "?" for c in line)
    return line[:limit]


# ---- the event ----

def read_event(stream):
    raw = stream.read(MAX_EVENT + 1)
    if len(raw) > MAX_EVENT:
        raise Failure(MEND, "the event is longer than 1 MiB")
    try:
        event = json.loads(raw.decode("utf-8"))
    except ValueError as error:
        raise Failure(MEND, "stdin is no JSON: %s" % error)
    if not isinstance(event, dict) or event.get("type") != "event" or event.get("schema") != 1:
        raise Failure(MEND, "stdin is no ajar event of version 1")
    for member, form in (("event", EVENT_ID), ("finding", FINDING_ID)):
        if not isinstance(event.get(member), str) or not form.fullmatch(event[member]):
            raise Failure(MEND, "the event's %s is no id" % member)
    for member in ("kind", "title", "text"):
        if not isinstance(event.get(member), str):
            raise Failure(MEND, "the event has no %s" % member)
    return event


def marker(event):
    return MARKER + event["event"]


def has_marker(text, event_id):
    return any(line.rstrip() == MARKER + event_id for line in (text or "").split("\n"))


def fenced(event):
    """The text in a Markdown fence that nothing inside can end, then the marker."""
    runs = [len(run) for run in re.findall("`+", event["text"])]
    fence = "`" * max(3, 1 + max(runs, default=0))
    return "%s\n\n%stext\n%s\n%s\n\n%s" % (
        plain_title(event), fence, event["text"].rstrip("\n"), fence, marker(event))


def plain_title(event):
    """The title for a body in Markdown: a code span keeps @names and links quiet."""
    return "`%s`" % event["title"].replace("`", "'")


# ---- the command line ----

def parser(description, token=True):
    made = argparse.ArgumentParser(description=description, allow_abbrev=False)
    if token:
        made.add_argument("--token-file", metavar="FILE",
                          help="holds the token alone, readable by ajar's user only; "
                          "default: the systemd credential of this command's name")
    return made


def credentials_folder():
    """Where systemd puts this service's credentials. ajar passes five variables alone, so
    the service's name is read from our control group."""
    if os.environ.get("CREDENTIALS_DIRECTORY"):
        return os.environ["CREDENTIALS_DIRECTORY"]
    try:
        with open("/proc/self/cgroup", encoding="utf-8") as file:
            unit = file.read().strip().rpartition("/")[2]
    except (OSError, ValueError):
        return None
    known = re.fullmatch(r"[A-Za-z0-9:_.@-]+\.service", unit)
    return "/run/credentials/" + unit if known else None


def read_token(args, name):
    path = args.token_file
    folder = credentials_folder()
    if path is None and folder is not None and os.path.exists(os.path.join(folder, name)):
        path = os.path.join(folder, name)
    if path is None:
        raise Failure(MEND, "no token: give --token-file FILE, or the service LoadCredential=%s:FILE"
                      % name)
    try:
        with open(path, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw = file.read(16385)
    except OSError as error:
        raise Failure(MEND, "cannot read the token: %s: %s" % (path, error.strerror))
    if stat.S_ISREG(mode) and mode & 0o007:
        raise Failure(MEND, "%s can be read by everybody: chmod o= it" % path)
    token = raw.strip()
    if not re.fullmatch(rb"[\x21-\x7e]{1,16384}", token):
        raise Failure(MEND, "%s must hold the token and nothing else" % path)
    return token.decode("ascii")


def base_url(text):
    """https, or http to this machine (tests, a local gateway): a token is sent there."""
    parts = urllib.parse.urlsplit(text)
    host = parts.hostname or ""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if parts.scheme not in ("https", "http") or not host or parts.query or parts.fragment \
            or "@" in parts.netloc:
        raise Failure(MEND, "%s is no base URL" % one_line(text))
    if parts.scheme == "http" and not loopback:
        raise Failure(MEND, "%s: the token would be sent in the clear; use https" % one_line(text))
    return text.rstrip("/")


def quote(text):
    return urllib.parse.quote(text, safe="")


# ---- HTTP ----

class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to somebody else."""

    def redirect_request(self, *_):
        return None


class Api:
    """JSON over HTTP with one meaning for every failure."""

    def __init__(self, base, headers):
        self.base = base_url(base)
        self.headers = dict(headers, Accept="application/json")
        self.headers["User-Agent"] = "ajar-tickets"
        self.opener = urllib.request.build_opener(_NoRedirect())
        self.patience = PATIENCE_S

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body, **options):
        return self.call("POST", path, body, **options)

    def call(self, method, path, body=None, missing=False):
        """The reply's JSON (None for an empty one). missing: a 404 is None, not a failure."""
        while True:
            code, headers, text = self._exchange(method, path, body)
            limited = code == 429 or (code == 403 and ("Retry-After" in headers or
                                                       headers.get("X-RateLimit-Remaining") == "0"))
            if not limited:
                break
            self._wait(headers)
        if missing and code in (404, 410):
            return None
        if not 200 <= code < 300:
            raise self._failure(code, method, path, text)
        return self._json(text)

    def _exchange(self, method, path, body):
        data = None if body is None else json.dumps(body).encode("utf-8")
        request = urllib.request.Request(self.base + path, data=data, method=method,
                                         headers=self.headers)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with self.opener.open(request, timeout=TIMEOUT_S) as reply:
                return reply.status, reply.headers, reply.read(MAX_REPLY + 1)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read(MAX_REPLY + 1)
        except (OSError, ValueError, urllib.error.URLError) as error:
            reason = getattr(error, "reason", error)
            raise Failure(LATER, "%s cannot be reached: %s" % (self.base, one_line(reason)))
        except Exception as error:  # http.client: a reply that is no HTTP
            raise Failure(LATER, "%s speaks no HTTP: %s" % (self.base, one_line(repr(error))))

    def _wait(self, headers):
        asked = headers.get("Retry-After", "")
        seconds = int(asked) if asked.isdigit() and len(asked) < 8 else None
        if seconds is None or seconds > self.patience:
            raise Failure(LATER, "%s asks to come back later (Retry-After: %s)"
                          % (self.base, one_line(asked) or "not given"))
        self.patience -= max(seconds, 1)
        time.sleep(max(seconds, 1))

    def _failure(self, code, method, path, text):
        said = one_line(text.decode("utf-8", "replace"))
        if code == 401:
            return Failure(MEND, "%s refused the token (401): %s" % (self.base, said))
        if code == 403:
            return Failure(MEND, "%s: the token may not do this (403): %s" % (self.base, said))
        if code == 404:
            return Failure(MEND, "%s %s: not there, or not for this token (404)"
                           % (method, one_line(path)))
        if 300 <= code < 400:
            return Failure(MEND, "%s redirects (%d), and a token follows no redirect: "
                           "name the right base URL" % (self.base, code))
        if code >= 500:
            return Failure(LATER, "%s failed (%d): %s" % (self.base, code, said))
        return Failure(MEND, "%s %s was refused (%d): %s" % (method, one_line(path), code, said))

    def _json(self, text):
        if len(text) > MAX_REPLY:
            raise Failure(LATER, "%s: the reply is too long" % self.base)
        if not text.strip():
            return None
        try:
            return json.loads(text.decode("utf-8"))
        except ValueError:
            raise Failure(LATER, "%s: the reply is no JSON: %s"
                          % (self.base, one_line(text[:200].decode("utf-8", "replace"))))


def member(reply, *names):
    """reply[a][b]..., or a Failure: an API that answers 200 with something else."""
    for name in names:
        known = (isinstance(reply, dict) and name in reply) or \
            (isinstance(reply, list) and isinstance(name, int) and len(reply) > name)
        if not known:
            raise Failure(LATER, "the reply has no %s" % ".".join(str(n) for n in names))
        reply = reply[name]
    return reply


def rows(reply):
    if not isinstance(reply, list):
        raise Failure(LATER, "the reply is no list")
    return reply


# ---- what happens to a ticket ----

class Ticket:
    def __init__(self, reference, key, is_open):
        self.reference = reference  # what ajar keeps
        self.key = key              # what the API wants
        self.is_open = is_open


def deliver(tracker, event):
    """find, has, create, comment, close and reopen are the tracker's. Every step looks
    before it acts, so that a delivery may be repeated from any point."""
    ticket = tracker.find(event)
    if ticket is None:
        ticket = tracker.create(event)
    elif not tracker.has(ticket, event["event"]):
        tracker.comment(ticket, event)
    if event["kind"] == "resolved" and ticket.is_open:
        tracker.close(ticket)
    if event["kind"] == "reopened" and not ticket.is_open:
        tracker.reopen(ticket)
    return ticket.reference


def run(main):
    """main(event) -> reference."""
    try:
        reference = main()
        print(one_line(reference, 200))
        sys.stdout.flush()
    except Failure as failure:
        print(one_line(failure, 480), file=sys.stderr)
        sys.exit(failure.code)
    except OSError as error:
        print(one_line(error, 480), file=sys.stderr)
        sys.exit(LATER)


# ---- files ----

class Ledger:
    """Lines in a file that only grows, one writer at a time, durable when it returns."""

    def __init__(self, path):
        if not os.path.isabs(path):
            raise Failure(MEND, "%s: write the whole path, from /" % path)
        try:
            number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY, 0o600)
        except OSError as error:
            raise Failure(MEND, "%s: %s" % (path, error.strerror))
        self.file = os.fdopen(number, "r+b")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def lines(self):
        """Whole lines. What a crash left unfinished at the end is taken away."""
        self.file.seek(0)
        end = 0
        for line in self.file:
            if not line.endswith(b"\n"):
                self.file.truncate(end)
                break
            end += len(line)
            yield line
        self.file.seek(0, os.SEEK_END)

    def append(self, line):
        self.file.seek(0, os.SEEK_END)
        self.file.write(line.rstrip(b"\n") + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    def close(self):
        self.file.close()
