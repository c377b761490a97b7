# SPDX-License-Identifier: Apache-2.0
"""Elasticsearch 5.6.16 with Search Guard 5, the guard before the engines had one of their own.

It answers 503 until its own tool, sgadmin, has written its configuration over TLS; the same
tool changes it later. That tool is in the plugin's jar."""

import json
import os
import shutil
import subprocess

import engine
import fetch

TOOL = "com.floragunn.searchguard.tools.SearchGuardAdmin"
TOOL_SECONDS = 90
STRANGER = "sg_anonymous_backendrole"


class SearchGuard(engine.Elasticsearch):
    """Starts uninitialised; allow(...), refuse() and configure() initialise it."""

    transport = 0

    def prepare(self):
        command = super().prepare()
        source = os.path.join(fetch.get(f"search-guard-{self.version}"), "elasticsearch")
        plugin = os.path.join(self.home, "plugins", "search-guard-5")
        engine.link_tree(source, plugin)
        engine.link_tree(fetch.get("jaxb-api-2.3.1"), os.path.join(self.home, "lib"))
        return command

    def yml(self, transport):
        self.transport = transport
        return super().yml(transport)

    def write_security(self):
        """Self-signed certificates: one for the node, one for the tool."""
        config = os.path.join(self.home, "config")
        trusted = ""
        for name in ("node", "admin"):
            path = os.path.join(config, name)
            engine.make_certificate(name, path + ".pem", path + ".key")
            with open(path + ".pem", encoding="ascii") as file:
                trusted += file.read()
        engine.write(os.path.join(config, "trusted.pem"), trusted)

    def security_lines(self):
        lines = {"searchguard.ssl.transport.enforce_hostname_verification": "false",
                 "searchguard.ssl.http.enabled": str(self.tls).lower(),
                 "searchguard.authcz.admin_dn": '["CN=admin"]',
                 "searchguard.nodes_dn": '["CN=node"]'}
        for layer in ("transport", "http"):
            lines.update({f"searchguard.ssl.{layer}.pemcert_filepath": "node.pem",
                          f"searchguard.ssl.{layer}.pemkey_filepath": "node.key",
                          f"searchguard.ssl.{layer}.pemtrustedcas_filepath": "trusted.pem"})
        return lines

    def direct_command(self):
        """`-Des.path.conf` is what the relative paths above start from."""
        command = super().direct_command()
        return command[:1] + [f"-Des.path.conf={os.path.join(self.home, 'config')}"] + command[1:]

    def write_rights(self, rights):
        self.configure(True, {
            engine.NOTHING: {"cluster": []},
            engine.BANNER: {"cluster": ["cluster:monitor/main", "cluster:monitor/health"]},
            engine.READER: {"indices": {"*": {"*": ["READ"]}}},
            engine.EVERYTHING: {"cluster": ["*"], "indices": {"*": {"*": ["*"]}}}}[rights])

    def refuse(self):
        self.configure(False, {"cluster": []})
        self.wait_for(401, 401, 401, 401)

    def configure(self, anonymous, stranger):
        """Has the tool write all five files (JSON is YAML)."""
        folder = os.path.join(self.home, "sgconfig")
        shutil.copytree(os.path.join(self.home, "plugins", "search-guard-5", "sgconfig"),
                        folder, dirs_exist_ok=True)
        basic = {"http_enabled": True, "transport_enabled": True, "order": 0,
                 "http_authenticator": {"type": "basic", "challenge": True},
                 "authentication_backend": {"type": "intern"}}
        everything = {"cluster": ["*"], "indices": {"*": {"*": ["*"]}}}
        for name, content in (
                ("config", {"searchguard": {"dynamic": {
                    "http": {"anonymous_auth_enabled": anonymous},
                    "authc": {"basic": basic}}}}),
                ("internal_users", {engine.USER: {"hash": engine.PASSWORD_HASH,
                                                  "roles": ["admin"]}}),
                ("roles", {"operator": everything, "stranger": stranger}),
                ("roles_mapping", {"operator": {"backendroles": ["admin"]},
                                   "stranger": {"backendroles": [STRANGER]}})):
            engine.write(os.path.join(folder, f"sg_{name}.yml"), json.dumps(content) + "\n")
        self.run_tool(folder)

    def index_names(self):
        """All but the plugin's own, which nobody may delete."""
        return [name for name in super().index_names() if name != "searchguard"]

    def run_tool(self, folder):
        java = os.path.join(engine.java_at_least(17)[0], "bin", "java")
        config = os.path.join(self.home, "config")
        jars = ":".join(os.path.join(self.home, *one, "*")
                        for one in (("plugins", "search-guard-5"), ("lib",)))
        try:
            done = subprocess.run(
                [java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                 "-Dlog4j2.disable.jmx=true", "-cp", jars, TOOL, "-cd", folder,
                 "-h", "127.0.0.1", "-p", str(self.transport), "-cn", "ajar-test", "-nhnv",
                 "-cacert", os.path.join(config, "trusted.pem"),
                 "-cert", os.path.join(config, "admin.pem"),
                 "-key", os.path.join(config, "admin.key")],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                cwd=self.home, timeout=TOOL_SECONDS, text=True, check=False)
        except subprocess.TimeoutExpired as late:
            raise engine.StartError(f"sgadmin did not end in {TOOL_SECONDS} s") from late
        if done.returncode != 0:
            raise engine.StartError(f"sgadmin failed: {done.stdout[-600:]}")
