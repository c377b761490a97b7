# SPDX-License-Identifier: Apache-2.0
"""Prints what the engines answer to ajar's paths, as Markdown, without ajar."""

import http.client
import time

import engine
import fetch

COLUMNS = "format=json&bytes=b&h=health,status,index,uuid,pri,rep,docs.count,store.size"
PATHS = (
    "/",
    "/_cluster/health?timeout=3s&master_timeout=3s",
    "/_cluster/health?timeout=3s",
    f"/_cat/indices?{COLUMNS}",
    f"/_cat/indices?{COLUMNS}&expand_wildcards=all",
    "/_cat/indices?format=json&bytes=b&h=index&master_timeout=3s",
    "/_aliases",
    "/*,-.*/_count",
    "/customers/_count",
    "/0123456789abcdef/_count",
)
HEADERS = ("content-type", "www-authenticate", "warning", "x-elastic-product",
           "x-opensearch-version")
SHOWN = 260  # characters of a body


def one(node, path):
    began = time.monotonic()
    try:
        status, headers, body = node.call("GET", path, secret=False, seconds=45)
    except (OSError, http.client.HTTPException) as error:
        return f"- `{path}` -> {error!r}"
    kept = " ".join(f"{name}={value}" for name, value in headers if name.lower() in HEADERS)
    text = " ".join(body.decode("utf-8", "replace").split())[:SHOWN]
    return f"- `{path}` -> **{status}** {time.monotonic() - began:.2f} s [{kept[:SHOWN]}] {text}"


def run(setups):
    failed = 0
    for setup in setups:
        print(f"\n## {setup.name}: {setup.title}", flush=True)
        try:
            with engine.make(setup.name, **setup.options) as node:
                node.start()
                if node.master and node.security != engine.UNINITIALISED:
                    node.seed()
                for path in PATHS:
                    print(one(node, path), flush=True)
        except (fetch.FetchError, engine.StartError, OSError) as error:
            print(f"FAILED: {error}", flush=True)
            failed += 1
    return 1 if failed else 0
