# SPDX-License-Identifier: Apache-2.0
"""A real nginx, or a real HAProxy, in front of a node: one configuration a purpose."""

import os
import time

import engine
import process

LOG_SECONDS = 5
FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/bin")

# What stands in the server block. {target} is the node's port, {home} the folder.
KINDS = {
    # Every path wants a password.
    "basic-auth": """
        auth_basic "cluster";
        auth_basic_user_file {home}/passwords;
        location / {{ proxy_pass http://127.0.0.1:{target}; }}""",
    # The front door is shut and the side door was forgotten.
    "root-blocked": """
        location = / {{ return 403; }}
        location / {{ proxy_pass http://127.0.0.1:{target}; }}""",
    # TLS ends here; plain HTTP to this port gets nginx's own 400.
    "tls": """
        ssl_certificate {home}/front.pem;
        ssl_certificate_key {home}/front.key;
        location / {{ proxy_pass http://127.0.0.1:{target}; }}""",
    # The node behind it is gone.
    "dead-node": """
        location / {{ proxy_pass http://127.0.0.1:1; }}""",
    # One page that answers 200 to everything, like a login form.
    "login-page": """
        location / {{ default_type text/html; return 200 "<html>Elasticsearch login</html>"; }}""",
    # The password is asked for behind TLS, and a client certificate before anything.
    "basic-auth-tls": """
        ssl_certificate {home}/front.pem;
        ssl_certificate_key {home}/front.key;
        auth_basic "cluster";
        auth_basic_user_file {home}/passwords;
        location / {{ proxy_pass http://127.0.0.1:{target}; }}""",
    "client-certificate": """
        ssl_certificate {home}/front.pem;
        ssl_certificate_key {home}/front.key;
        ssl_client_certificate {home}/front.pem;
        ssl_verify_client on;
        location / {{ proxy_pass http://127.0.0.1:{target}; }}""",
    # Everything is shut but what a dashboard reads.
    "cat-only": """
        location /_cat/ {{ proxy_pass http://127.0.0.1:{target}; }}
        location / {{ return 403; }}""",
    # A check of a load balancer.
    "health-only": """
        location = /_cluster/health {{ proxy_pass http://127.0.0.1:{target}; }}
        location / {{ return 403; }}""",
    "deny-all": """
        location / {{ deny all; proxy_pass http://127.0.0.1:{target}; }}""",
    # Reading is free, writing is not: nothing is shut for a stranger who only looks.
    "get-only": """
        location / {{
            limit_except GET {{ deny all; }}
            proxy_pass http://127.0.0.1:{target};
        }}""",
    # The node is there, under a path that ajar does not know.
    "prefix": """
        location /es/ {{ proxy_pass http://127.0.0.1:{target}/; }}
        location / {{ return 404; }}""",
    "redirect-login": """
        location / {{ return 302 /login?next=$request_uri; }}""",
    "maintenance": """
        location / {{ return 503; }}""",
    "too-many": """
        location / {{ return 429; }}""",
}
TLS_KINDS = {"tls", "basic-auth-tls", "client-certificate"}
# Those that answer by themselves, and never ask the node.
ALONE = {"login-page", "redirect-login", "maintenance", "too-many", "dead-node"}

# What stands in HAProxy's frontend and backend.
HAPROXY_KINDS = {
    "basic-auth": ("http-request auth realm cluster unless { http_auth(people) }", ""),
    "root-blocked": ("http-request deny deny_status 403 if { path / }", ""),
    "cat-only": ("http-request deny deny_status 403 unless { path_beg /_cat/ }", ""),
    "prefix": ("http-request deny deny_status 404 unless { path_beg /es/ }",
               "http-request replace-path /es(/.*) \\1"),
    "tls": ("", ""),
    "dead-node": ("", ""),
    "login-page": ('http-request return status 200 content-type text/html string '
                   '"<html>Elasticsearch login</html>"', ""),
    "redirect-login": ("http-request redirect location /login code 302", ""),
    "too-many": ("http-request deny deny_status 429", ""),
    "reject": ("tcp-request connection reject", ""),
}


def find_program(name, package):
    for folder in FOLDERS:
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    raise process.StartError(f"no {name} here (package: {package})")


def listens(port):
    """Whether 127.0.0.1:port is listened at, asked without a connection."""
    want = f"{0x0100007f:08X}:{port:04X}"  # as /proc writes 127.0.0.1
    with open("/proc/net/tcp", encoding="ascii") as file:
        return any(line.split()[1] == want and line.split()[3] == "0A"
                   for line in list(file)[1:])


class Nginx(process.Process):
    """start() it, give ajar .port, and look at requests() afterwards."""

    def __init__(self, kind, target):
        super().__init__(f"nginx-{kind}")
        self.kind = kind
        self.target = target
        self.port = 0

    def path(self, name):
        return os.path.join(self.home, name)

    def start(self):
        program = find_program("nginx", "nginx-light")
        self.port = process.free_port()
        if self.kind in TLS_KINDS:
            engine.make_certificate("front.corp.example", self.path("front.pem"),
                                    self.path("front.key"))
        engine.write(self.path("passwords"), "operator:{PLAIN}not-ours\n")
        engine.write(self.path("nginx.conf"), self.configuration())
        self.launch([program, "-p", self.home, "-e", self.path("error.log"),
                     "-c", self.path("nginx.conf")])
        self.wait_until(lambda: listens(self.port), 15, "listening port")
        return self

    def configuration(self):
        temp = "".join(f"    {one}_temp_path {self.path('tmp')};\n" for one in
                       ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        tls = " ssl" if self.kind in TLS_KINDS else ""
        body = KINDS[self.kind].format(target=self.target, home=self.home)
        return f"""daemon off;
master_process off;
pid {self.path("nginx.pid")};
error_log {self.path("error.log")};
events {{ worker_connections 64; }}
http {{
{temp}    log_format whole '$request_method $request_uri $status';
    access_log {self.path("access.log")} whole;
    server {{
        listen 127.0.0.1:{self.port}{tls};{body}
    }}
}}
"""

    def requests(self, least=0):
        """(method, uri, status) of every request that nginx read, in order. A request that
        was not HTTP at all (a TLS hello on a plain port) has an empty method. nginx writes a
        line behind the reply, so that the last may come late: waits for so many at least."""
        end = time.monotonic() + LOG_SECONDS
        while len(self.logged()) < least and time.monotonic() < end:
            time.sleep(0.02)
        return self.logged()

    def logged(self):
        try:
            with open(self.path("access.log"), encoding="utf-8", errors="replace") as file:
                return [tuple(line.split()) if len(line.split()) == 3
                        else ("", "", line.strip()) for line in file]
        except OSError:
            return []


class Haproxy(process.Process):
    """start() it and give ajar .port."""

    def __init__(self, kind, target):
        super().__init__(f"haproxy-{kind}")
        self.kind = kind
        self.target = 1 if kind == "dead-node" else target
        self.port = 0

    def start(self):
        program = find_program("haproxy", "haproxy")
        self.port = process.free_port()
        pair = os.path.join(self.home, "front.pem")
        if self.kind == "tls":
            key = os.path.join(self.home, "front.key")
            engine.make_certificate("front.corp.example", pair, key)
            with open(key, encoding="ascii") as file, \
                    open(pair, "a", encoding="ascii") as both:
                both.write(file.read())
        config = os.path.join(self.home, "haproxy.cfg")
        engine.write(config, self.configuration(f" ssl crt {pair}" if self.kind == "tls"
                                                else ""))
        self.launch([program, "-db", "-f", config])
        self.wait_until(lambda: listens(self.port), 15, "listening port")
        return self

    def configuration(self, tls):
        front, back = HAPROXY_KINDS[self.kind]
        return f"""global
    maxconn 64
defaults
    mode http
    timeout connect 2s
    timeout client 20s
    timeout server 20s
userlist people
    user operator insecure-password not-ours
frontend front
    bind 127.0.0.1:{self.port}{tls}
    {front}
    default_backend node
backend node
    {back}
    server node 127.0.0.1:{self.target}
"""
