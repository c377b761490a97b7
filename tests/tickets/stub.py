# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for the ticket systems, in memory on 127.0.0.1. Each checks what it is sent as
the real one would (method, path, token, the shape of the body) and notes every write."""
import base64
import http.server
import json
import re
import threading
import urllib.parse

TOKEN = "s3cret-token"


class Refused(Exception):
    def __init__(self, code, what):
        super().__init__(what)
        self.code = code


def need(condition, what):
    if not condition:
        raise Refused(422, what)


class Api:
    """route() answers; mode makes every request fail in one way."""

    def __init__(self):
        self.tickets = []
        self.writes = []   # (what, ...) in order
        self.faults = []   # what a stub found wrong in a request
        self.mode = None
        self.requests = 0
        self.fail_after_write = False  # the answer to the next write is lost
        stub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_any(self):
                stub.handle(self)

            do_GET = do_POST = do_PUT = do_PATCH = handle_any

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def misbehave(self, handler):
        """The reply of the mode, or None."""
        mode = self.mode
        if mode == "429-once":
            self.mode = None
            return 429, b"{}", {"Retry-After": "1"}
        return {
            None: None,
            "401": (401, b'{"message":"Bad credentials"}', {}),
            "403": (403, b'{"message":"no"}', {}),
            "404": (404, b'{"message":"Not Found"}', {}),
            "429": (429, b"{}", {"Retry-After": "3600"}),
            "429-date": (429, b"{}", {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}),
            "500": (500, b"<html>oops \x1b[31m</html>", {}),
            "garbage": (200, b"<html>\xff log in here</html>", {}),
            "wrong-shape": (200, b'{"surprise":[1]}', {}),
            "redirect": (302, b"", {"Location": "http://127.0.0.2:1/steal"}),
        }[mode]

    def handle(self, handler):
        self.requests += 1
        length = int(handler.headers.get("Content-Length") or 0)
        raw = handler.rfile.read(length)
        if self.mode == "no-http":
            handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")
            handler.close_connection = True
            return
        reply = self.misbehave(handler)
        if reply is None:
            try:
                body = json.loads(raw) if raw else None
                if raw:
                    need(handler.headers["Content-Type"] == "application/json", "content type")
                self.authorize(handler.headers, body)
                code, answer = self.route(handler.command, *self.split(handler.path), body)
                reply = code, b"" if answer is None else json.dumps(answer).encode(), {}
            except Refused as refused:
                self.faults.append(str(refused))
                reply = refused.code, json.dumps({"message": str(refused)}).encode(), {}
            if self.fail_after_write and handler.command != "GET":
                self.fail_after_write = False
                handler.close_connection = True
                return
        code, text, headers = reply
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    @staticmethod
    def split(path):
        parts = urllib.parse.urlsplit(path)
        return parts.path, dict(urllib.parse.parse_qsl(parts.query))

    def authorize(self, headers, body):
        if headers["Authorization"] != "Bearer " + TOKEN:
            raise Refused(401, "wrong token")

    def unknown(self, method, path):
        raise Refused(404, "no such request: %s %s" % (method, path))

    def number(self, text):
        if not 1 <= int(text) <= len(self.tickets):
            raise Refused(404, "no such ticket")
        return self.tickets[int(text) - 1]

    # what the tests ask
    def comments(self, index=0):
        return self.tickets[index]["comments"]


def page(rows, query):
    size, at = int(query.get("per_page", 30)), int(query.get("page", 1))
    need(1 <= size <= 100, "per_page")
    return rows[(at - 1) * size:at * size]


class GitHub(Api):
    def show(self, ticket):
        return {"number": ticket["number"], "state": ticket["state"], "body": ticket["body"],
                "title": ticket["title"]}

    def route(self, method, path, query, body):
        root = "/repos/acme/security/issues"
        one = re.fullmatch(root + r"/(\d+)", path)
        comments = re.fullmatch(root + r"/(\d+)/comments", path)
        if method == "GET" and path == root:
            found = [t for t in self.tickets if query["labels"] in t["labels"]
                     and query.get("state") == "all"]
            return 200, [self.show(t) for t in page(found[::-1], query)]
        if method == "POST" and path == root:
            need(0 < len(body["title"]) <= 256 and isinstance(body["labels"], list), "issue")
            self.tickets.append({"number": len(self.tickets) + 1, "state": "open",
                                 "title": body["title"], "body": body["body"],
                                 "labels": body["labels"], "comments": []})
            self.writes.append("create")
            return 201, self.show(self.tickets[-1])
        if method == "GET" and comments:
            return 200, [{"body": c} for c in page(self.number(comments[1])["comments"], query)]
        if method == "POST" and comments:
            self.number(comments[1])["comments"].append(body["body"])
            self.writes.append("comment")
            return 201, {"id": 1}
        if method == "GET" and one:
            return 200, self.show(self.number(one[1]))
        if method == "PATCH" and one:
            need(body["state"] in ("open", "closed"), "state")
            self.number(one[1])["state"] = body["state"]
            self.writes.append("close" if body["state"] == "closed" else "reopen")
            return 200, self.show(self.number(one[1]))
        return self.unknown(method, path)


class GitLab(Api):
    def authorize(self, headers, body):
        if headers["PRIVATE-TOKEN"] != TOKEN:
            raise Refused(401, "wrong token")

    def show(self, ticket):
        return {"iid": ticket["number"], "id": 900 + ticket["number"],
                "state": "opened" if ticket["state"] == "open" else "closed",
                "description": ticket["body"]}

    def route(self, method, path, query, body):
        root = "/api/v4/projects/acme%2Fsecurity/issues"
        one = re.fullmatch(root + r"/(\d+)", path)
        notes = re.fullmatch(root + r"/(\d+)/notes", path)
        if method == "GET" and path == root:
            return 200, [self.show(t) for t in self.tickets if query["labels"] in t["labels"]]
        if method == "POST" and path == root:
            need(body["confidential"] is True, "confidential unless told otherwise")
            self.tickets.append({"number": len(self.tickets) + 1, "state": "open",
                                 "title": body["title"], "body": body["description"],
                                 "labels": body["labels"].split(","), "comments": []})
            self.writes.append("create")
            return 201, self.show(self.tickets[-1])
        if method == "GET" and notes:
            return 200, [{"body": c} for c in page(self.number(notes[1])["comments"], query)]
        if method == "POST" and notes:
            self.number(notes[1])["comments"].append(body["body"])
            self.writes.append("comment")
            return 201, {"id": 1}
        if method == "GET" and one:
            return 200, self.show(self.number(one[1]))
        if method == "PUT" and one:
            need(body["state_event"] in ("close", "reopen"), "state_event")
            self.number(one[1])["state"] = "closed" if body["state_event"] == "close" else "open"
            self.writes.append(body["state_event"])
            return 200, self.show(self.number(one[1]))
        return self.unknown(method, path)


class Jira(Api):
    search = "/rest/api/2/search"

    def show(self, ticket):
        category = "done" if ticket["state"] == "closed" else "new"
        return {"key": "SEC-%d" % ticket["number"],
                "fields": {"status": {"statusCategory": {"key": category}},
                           "description": ticket["body"]}}

    def key(self, text):
        if not text.startswith("SEC-"):
            raise Refused(404, "no such issue")
        return self.number(text[4:])

    def route(self, method, path, query, body):
        root = "/rest/api/2/issue"
        one = re.fullmatch(root + r"/([A-Z]+-\d+)", path)
        comment = re.fullmatch(root + r"/([A-Z]+-\d+)/comment", path)
        moves = re.fullmatch(root + r"/([A-Z]+-\d+)/transitions", path)
        if method == "GET" and path == self.search:
            label = re.search(r'project = "SEC" AND labels = "(ajar-F-[A-Z0-9]+)"', query["jql"])
            need(label, "jql")
            return 200, {"issues": [self.show(t) for t in self.tickets if label[1] in t["labels"]]}
        if method == "POST" and path == root:
            fields = body["fields"]
            need(fields["project"] == {"key": "SEC"} and fields["issuetype"] == {"name": "Task"}
                 and "\n" not in fields["summary"] and len(fields["summary"]) <= 255, "issue")
            self.tickets.append({"number": len(self.tickets) + 1, "state": "open",
                                 "title": fields["summary"], "body": fields["description"],
                                 "labels": fields["labels"], "comments": []})
            self.writes.append("create")
            return 201, {"id": "10", "key": "SEC-%d" % len(self.tickets)}
        if method == "GET" and comment:
            at = int(query["startAt"])
            rows = self.key(comment[1])["comments"][at:at + int(query["maxResults"])]
            return 200, {"comments": [{"body": c} for c in rows]}
        if method == "POST" and comment:
            self.key(comment[1])["comments"].append(body["body"])
            self.writes.append("comment")
            return 201, {"id": "1"}
        if method == "GET" and moves:
            return 200, {"transitions": [
                {"id": "11", "name": "Start", "to": {"statusCategory": {"key": "indeterminate"}}},
                {"id": "31", "name": "Done", "to": {"statusCategory": {"key": "done"}}}]}
        if method == "POST" and moves:
            need(body["transition"]["id"] in ("11", "31"), "transition")
            done = body["transition"]["id"] == "31"
            self.key(moves[1])["state"] = "closed" if done else "open"
            self.writes.append("close" if done else "reopen")
            return 204, None
        if method == "GET" and one:
            return 200, self.show(self.key(one[1]))
        return self.unknown(method, path)


class JiraCloud(Jira):
    search = "/rest/api/3/search/jql"

    def authorize(self, headers, body):
        pair = base64.b64encode(("bot@example.org:" + TOKEN).encode()).decode()
        if headers["Authorization"] != "Basic " + pair:
            raise Refused(401, "wrong token")

    def route(self, method, path, query, body):
        if path == "/rest/api/2/search":
            raise Refused(410, "removed")
        code, answer = super().route(method, path, query, body)
        if path == self.search:  # version 3: the description is a tree
            for issue in answer["issues"]:
                issue["fields"]["description"] = {"type": "doc", "content": []}
        return code, answer


class ServiceNow(Api):
    def show(self, ticket):
        return {"sys_id": "%032x" % ticket["number"], "number": "INC%07d" % ticket["number"],
                "state": ticket["now"], "description": ticket["body"]}

    def route(self, method, path, query, body):
        root = "/api/now/table/incident"
        one = re.fullmatch(root + r"/([0-9a-f]{32})", path)
        asked = query.get("sysparm_query", "")
        if method == "GET" and path == root:
            finding = re.match(r"correlation_id=(F-[A-Z0-9]+)\^", asked)
            need(finding, "query")
            return 200, {"result": [self.show(t) for t in self.tickets
                                    if t["finding"] == finding[1]][:1]}
        if method == "GET" and path == "/api/now/table/sys_journal_field":
            match = re.fullmatch(r"element_id=([0-9a-f]{32})\^element=work_notes\^valueLIKE(.*)",
                                 asked)
            need(match, "query")
            notes = self.number(int(match[1], 16))["comments"]
            return 200, {"result": [{"value": n} for n in notes if match[2] in n]}
        if method == "POST" and path == root:
            need(len(body["short_description"]) <= 160 and body["urgency"] in "123", "incident")
            self.tickets.append({"number": len(self.tickets) + 1, "state": "open", "now": "1",
                                 "title": body["short_description"], "body": body["description"],
                                 "finding": body["correlation_id"], "comments": []})
            self.writes.append("create")
            return 201, {"result": self.show(self.tickets[-1])}
        if method == "PATCH" and one:
            ticket = self.number(int(one[1], 16))
            if "work_notes" in body:
                ticket["comments"].append(body["work_notes"])
                self.writes.append("comment")
            if "state" in body:
                need(body["state"] != "6" or (body["close_code"] and body["close_notes"]),
                     "close_code and close_notes are mandatory")
                ticket["now"] = body["state"]
                ticket["state"] = "closed" if body["state"] == "6" else "open"
                self.writes.append("close" if body["state"] == "6" else "reopen")
            return 200, {"result": self.show(ticket)}
        return self.unknown(method, path)


class PagerDuty(Api):
    """One alert a dedup key; what is sent twice changes nothing."""

    def authorize(self, headers, body):
        if not isinstance(body, dict) or body.get("routing_key") != TOKEN:
            raise Refused(400, "invalid routing key")
        need(headers["Authorization"] is None, "no token in a header")

    def route(self, method, path, query, body):
        if (method, path) != ("POST", "/v2/enqueue"):
            return self.unknown(method, path)
        need(body["event_action"] in ("trigger", "acknowledge", "resolve"), "event_action")
        need(0 < len(body["dedup_key"]) <= 255, "dedup_key")
        need(body["payload"]["severity"] in ("critical", "error", "warning", "info"), "severity")
        need(body["payload"]["source"] and len(body["payload"]["summary"]) <= 1024, "payload")
        known = {t["key"]: t for t in self.tickets}
        ticket = known.get(body["dedup_key"])
        if ticket is None:
            ticket = {"key": body["dedup_key"], "state": None, "comments": [],
                      "title": body["payload"]["summary"]}
            self.tickets.append(ticket)
        state = {"resolve": "closed", "trigger": "open", "acknowledge": "acknowledged"}
        ticket["state"] = state[body["event_action"]]
        return 202, {"status": "success", "dedup_key": body["dedup_key"], "message": "ok"}
