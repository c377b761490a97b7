# SPDX-License-Identifier: Apache-2.0
"""Five thousand small indices on one node, within two minutes.

An index made alone costs one cluster state, and each of those is written to disk whole: five
thousand take a quarter of an hour. One restore of a snapshot adds all of its indices in one
state, so a few are made, and restored again and again under other names. All are real: a
shard each, started, empty but for what is said here.
"""

import atexit
import os
import re
import shutil

import process

MEMORY = "/dev/shm"
PREFIX = "ajar-engines-"
BASE = 250        # made one by one
COUNT = 5000      # user indices when it is done
LARGEST = "customers"
DOCUMENTS = 7     # all of them in LARGEST
SECONDS = 240     # the most for one step


def memory_folder(name):
    """A folder that the node owns, in memory where there is any: a node syncs each index's
    state to disk many times. Folders of runs that were killed go first."""
    if not os.access(MEMORY, os.W_OK):
        return None
    for entry in os.listdir(MEMORY):
        pid = entry.removeprefix(PREFIX)
        if pid != entry and pid.isdigit() and not os.path.isdir(f"/proc/{pid}"):
            shutil.rmtree(os.path.join(MEMORY, entry), ignore_errors=True)
    top = os.path.join(MEMORY, f"{PREFIX}{os.getpid()}")
    if not os.path.isdir(top):
        os.mkdir(top)
        os.chmod(top, 0o755)
        atexit.register(shutil.rmtree, top, True)
    folder = os.path.join(top, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    if os.geteuid() == 0:
        os.chown(folder, process.NOBODY, process.NOBODY)
    return folder


def settings(family, number):
    """What the node has to be started with."""
    lines = {"cluster.routing.allocation.node_initial_primaries_recoveries": 64,
             "cluster.routing.allocation.node_concurrent_recoveries": 64}
    if family == "opensearch" or number >= (7, 0):
        lines["cluster.max_shards_per_node"] = 2 * COUNT
    return lines


def give_heap(node, size):
    """The node's own command, with a heap that holds so many indices."""
    prepare = node.prepare

    def with_heap():
        command, environment = prepare()
        command = [re.sub(r"^-Xmx\d+\w$", f"-Xmx{size}", word) for word in command]
        environment = {name: re.sub(r"-Xmx\d+\w", f"-Xmx{size}", value)
                       for name, value in environment.items()}
        return command, environment

    node.prepare = with_heap


def need(node, method, path, body=None):
    status, _, reply = node.call(method, path, body, seconds=SECONDS)
    if status not in (200, 201):
        raise process.StartError(f"{node.name}: {method} {path}: {status} {reply[:300]!r}")
    return reply


def gather(node):
    """COUNT user indices, LARGEST among them with DOCUMENTS documents."""
    node.forget()
    small = {"settings": {"number_of_shards": 1, "number_of_replicas": 0}}
    wait = "?wait_for_active_shards=0" if node.family == "opensearch" or node.major >= 5 else ""
    for at in range(BASE):
        need(node, "PUT", f"/crowd-00-{at:03}{wait}", small)
    need(node, "GET", "/_cluster/health?wait_for_status=green&timeout=120s")
    need(node, "PUT", "/_snapshot/shelf", {
        "type": "fs", "settings": {"location": node.settings["path.repo"]}})
    need(node, "PUT", "/_snapshot/shelf/one?wait_for_completion=true")
    for copy in range(1, COUNT // BASE):
        need(node, "POST", "/_snapshot/shelf/one/_restore?wait_for_completion=true", {
            "indices": "crowd-*", "include_global_state": False,
            "rename_pattern": "crowd-00-(.+)", "rename_replacement": f"crowd-{copy:02}-$1"})
    need(node, "DELETE", "/crowd-00-000")
    need(node, "PUT", f"/{LARGEST}", small)
    for number in range(DOCUMENTS):
        need(node, "PUT", f"{node.document_path(LARGEST)}/{number + 1}?refresh=true",
             {"name": f"person {number}"})
    need(node, "GET", "/_cluster/health?wait_for_status=green&timeout=120s")
