# SPDX-License-Identifier: Apache-2.0
"""A real nginx in front of a node, one configuration a purpose, with its own access log."""

import os
import time

import engine
import process

LOG_SECONDS = 5
PROGRAMS = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx")

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
}


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
        program = next((one for one in PROGRAMS if os.access(one, os.X_OK)), None)
        if program is None:
            raise process.StartError("no nginx here (package: nginx-light)")
        self.port = process.free_port()
        if self.kind == "tls":
            engine.make_certificate("front.corp.example", self.path("front.pem"),
                                    self.path("front.key"))
        engine.write(self.path("passwords"), "operator:{PLAIN}not-ours\n")
        engine.write(self.path("nginx.conf"), self.configuration())
        self.launch([program, "-p", self.home, "-e", self.path("error.log"),
                     "-c", self.path("nginx.conf")])
        self.wait_until(self.listens, 15, "listening port")
        return self

    def listens(self):
        want = f"{0x0100007f:08X}:{self.port:04X}"  # as /proc writes 127.0.0.1
        with open("/proc/net/tcp", encoding="ascii") as file:
            return any(line.split()[1] == want and line.split()[3] == "0A"
                       for line in list(file)[1:])

    def configuration(self):
        temp = "".join(f"    {one}_temp_path {self.path('tmp')};\n" for one in
                       ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        tls = " ssl" if self.kind == "tls" else ""
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
