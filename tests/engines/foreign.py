# SPDX-License-Identifier: Apache-2.0
"""How the foreign servers of others.py are started: what Debian has, and Solr from Maven Central.

Each function takes a Server with a home and a port, and gives the command, or the command
and its environment."""

import os
import pathlib
import shutil
import subprocess

import engine
import fetch
import process

fetch.ARTIFACTS.update({
    "solr-9.10.1": fetch.Artifact("org.apache.solr:solr-test-framework:9.10.1",
        "631fd6819f0a54f2f19d9d4710baf119871d0a3682ee6ccde2dbc35fd950e0c8"),
})


def program(name, *folders):
    path = os.pathsep.join([*folders, os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        raise process.StartError("no %s here: scripts/deps exam" % name)
    return found


def clickhouse(server):
    """18.16, the one that Debian 12 has."""
    users = server.path("users.xml", """<yandex>
    <profiles><default/></profiles>
    <users><default><password></password><networks><ip>::/0</ip></networks>
        <profile>default</profile><quota>default</quota></default></users>
    <quotas><default/></quotas>
</yandex>
""")
    config = server.path("config.xml", """<yandex>
    <logger><level>warning</level><console>1</console></logger>
    <http_port>%d</http_port><tcp_port>%d</tcp_port><listen_host>127.0.0.1</listen_host>
    <path>%s/data/</path><tmp_path>%s/tmp/</tmp_path>
    <users_config>%s</users_config><default_profile>default</default_profile>
    <default_database>default</default_database><mark_cache_size>5368709</mark_cache_size>
</yandex>
""" % (server.port, process.free_port(), server.home, server.home, users))
    return [program("clickhouse-server"), "--config-file=" + config]


def prometheus(server):
    config = server.path("prometheus.yml", "global: {}\n")
    return [program("prometheus"), "--config.file=" + config,
            "--storage.tsdb.path=" + server.path("data"),
            "--web.listen-address=127.0.0.1:%d" % server.port]


def victoria_metrics(server):
    return [program("victoria-metrics"), "-storageDataPath=" + server.path("data"),
            "-httpListenAddr=127.0.0.1:%d" % server.port, "-memory.allowedBytes=64MB"]


def memcached(server):
    return [program("memcached"), "-l", "127.0.0.1", "-p", str(server.port), "-U", "0",
            "-m", "16"]


def nats(server):
    return [program("nats-server"), "-a", "127.0.0.1", "-p", str(server.port)]


def nats_monitor(server):
    return [program("nats-server"), "-a", "127.0.0.1", "-p", str(process.free_port()),
            "-m", str(server.port)]


def mosquitto(server):
    config = server.path("mosquitto.conf", "listener %d 127.0.0.1\nallow_anonymous true\n"
                         % server.port)
    return [program("mosquitto"), "-c", config]


def rabbitmq(server):
    """With its management plugin. The port mapper that it would leave behind as a daemon is
    started here instead, in the same group."""
    mapper, dist, amqp = process.free_ports(3)
    folders = sorted(str(path) for path in
                     pathlib.Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"))
    start = program("rabbitmq-server", *folders[-1:])
    if folders:
        start = os.path.join(folders[-1], "rabbitmq-server")  # not the wrapper that wants root
    config = server.path("rabbitmq.conf", "listeners.tcp.1 = 127.0.0.1:%d\n"
                         "management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = %d\n"
                         % (amqp, server.port))
    plugins = server.path("enabled_plugins", "[rabbitmq_management].\n")
    both = server.path("start.sh", 'epmd -address 127.0.0.1 &\nsleep 1\nexec "$1"\n')
    return ["/bin/sh", both, start], {
        "ERL_EPMD_PORT": str(mapper), "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "ajar@localhost", "RABBITMQ_DIST_PORT": str(dist),
        "RABBITMQ_CONFIG_FILE": config, "RABBITMQ_ENABLED_PLUGINS_FILE": plugins,
        "RABBITMQ_MNESIA_BASE": server.path("mnesia"), "RABBITMQ_LOG_BASE": server.home,
        "RABBITMQ_LOGS": "-", "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_FEATURE_FLAGS_FILE": server.path("flags")}


def apache(server):
    """Its default page, and 404 for all else."""
    server.path("index.html", "<html><body><h1>It works!</h1></body></html>")
    config = server.path("apache.conf", """ServerRoot %(home)s
ServerName ajar.corp.example
Listen 127.0.0.1:%(port)d
PidFile %(home)s/pid
Mutex posixsem
ErrorLog %(home)s/error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
DocumentRoot %(home)s
<Directory %(home)s>
    Require all granted
</Directory>
""" % {"home": server.home, "port": server.port})
    return [program("apache2"), "-X", "-f", config]


def lighttpd(server):
    """A web app of one page: every path that is not there gets that page, with 200."""
    server.path("index.html", "<!DOCTYPE html><html><body><div id=app></div></body></html>")
    config = server.path("lighttpd.conf", """server.document-root = "%s"
server.bind = "127.0.0.1"
server.port = %d
server.modules = ("mod_rewrite")
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/html")
url.rewrite-if-not-file = ("" => "/index.html")
""" % (server.home, server.port))
    return [program("lighttpd"), "-D", "-f", config]


def squid(server):
    config = server.path("squid.conf", "http_port 127.0.0.1:%d\npid_filename none\n"
                         "cache deny all\nhttp_access deny all\naccess_log none\n"
                         "cache_log %s/cache.log\ncache_store_log none\n"
                         "coredump_dir %s\nnetdb_filename none\npinger_enable off\n"
                         % (server.port, server.home, server.home))
    return [program("squid"), "-N", "-f", config]


SOLR = """
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Solr on a port of loopback, with its core found in its home. */
public final class OtherSolr
{
    public static void main(String[] words) throws Exception
    {
        JettyConfig config = JettyConfig.builder()
            .setContext("/solr").setPort(Integer.parseInt(words[1])).build();
        new JettySolrRunner(words[0], config).start();
        Thread.currentThread().join();
    }
}
"""
SOLR_CONFIG = """<config><luceneMatchVersion>9.12</luceneMatchVersion>
<requestHandler name="/select" class="solr.SearchHandler"/></config>
"""
SOLR_SCHEMA = """<schema name="people" version="1.6">
<fieldType name="string" class="solr.StrField"/>
<field name="id" type="string" indexed="true" stored="true"/>
<field name="name" type="string" indexed="true" stored="true"/>
<uniqueKey>id</uniqueKey></schema>
"""


def solr(server):
    """Its real server code, started by a class of ours."""
    jars = os.path.join(fetch.get("solr-9.10.1"), "*")
    engine.write(server.path("solr.xml"), "<solr/>\n")
    core = server.path("customers")
    engine.write(os.path.join(core, "core.properties"), "name=customers\n")
    engine.write(os.path.join(core, "conf", "solrconfig.xml"), SOLR_CONFIG)
    engine.write(os.path.join(core, "conf", "managed-schema.xml"), SOLR_SCHEMA)
    source = server.path("OtherSolr.java", SOLR)
    done = subprocess.run([program("javac"), "-cp", jars, "-d", server.home, source],
                          capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise process.StartError("javac: " + done.stderr[-500:])
    java, major, _ = engine.java_at_least(17)
    # The cache may be where the unprivileged user cannot read.
    lib = server.path("lib")
    engine.link_tree(fetch.get("solr-9.10.1"), lib)
    return [os.path.join(java, "bin", "java"), "-Xmx192m", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "-Dsolr.install.dir=" + server.home,
            *engine.security_manager(major), "-cp", server.home + ":" + os.path.join(lib, "*"),
            "OtherSolr", server.home, str(server.port)]
