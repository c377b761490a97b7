# SPDX-License-Identifier: Apache-2.0
"""What stands between a stranger and an open node: real nginx and real HAProxy.

The node keeps two indices. What is true is what a stranger at that address can read, by
docs/classification.md: a level that is shown is named, a refusal is `protected`, and a
server that shows neither is `not_datastore` or, where it is only not ready, `inconclusive`.
"""

import time

import cases
import front
import process
import tap

TLS_MORE = 1  # the plain request that the port refuses comes first


def expectations(name):
    """(server, kind) -> what is true. Some kinds the two servers do alike."""
    facts = cases.known(name)
    shown = cases.count_of(name, count=2, documents=3)
    want, partial = cases.Expect, {"flags": {"partial"}}
    whole = want("records", **facts, indices=shown)
    whole_tls = want("records", **facts, indices=shown, scheme="https", tls=True,
                     requests=cases.ORDINARY_REQUESTS + TLS_MORE)
    asked = want("protected", requests=1, no_uuid=True)
    # `/` alone would name version and cluster.
    side_door = want("records", indices=shown, no_uuid=True, **partial)
    # The list is open, a count is not.
    names = want("indices", indices=shown, no_uuid=True, **partial)
    # A web server that has nothing for a stranger at these paths: it shows no datastore and
    # refuses none.
    no_store = want("not_datastore", product=None)
    waits = want("inconclusive")
    both = {
        "basic-auth": asked, "root-blocked": side_door, "cat-only": names,
        "prefix": no_store, "tls": whole_tls, "dead-node": waits,
        "login-page": want("not_datastore", not_flags=cases.NEVER - {"catch_all"}),
        "redirect-login": no_store, "too-many": waits,
    }
    found = {(server, kind): expect for kind, expect in both.items()
             for server in (front.Nginx, front.Haproxy)}
    found.update({
        (front.Nginx, "basic-auth-tls"): want(
            "protected", scheme="https", tls=True, requests=1 + TLS_MORE, no_uuid=True),
        # 400 "No required SSL certificate was sent": a guard before HTTP.
        (front.Nginx, "client-certificate"): want(
            "protected", scheme="https", tls=True, requests=1 + TLS_MORE, no_uuid=True),
        (front.Nginx, "health-only"): want("metadata", **partial),
        (front.Nginx, "deny-all"): want("protected"),
        (front.Nginx, "get-only"): whole,
        (front.Nginx, "maintenance"): waits,
        # The connection is taken and closed again, plain and over TLS.
        (front.Haproxy, "reject"): want("unreachable", outcome=("closed", "reset"),
                                        requests=1 + TLS_MORE),
    })
    return found


def one_front(run, ajar, node, server, kind, expect, folder):
    """(what is wrong, the target line)."""
    uuid = node.cluster_uuid() if expect.same_uuid else None
    with server(kind, node.port) as proxy:
        proxy.start()
        if expect.tls or expect.outcome != "replied":
            wrong, line = run.look(ajar, proxy.port, uuid, expect, folder)
        else:
            with tap.Tap(proxy.port) as wire:
                wrong, line = run.look(ajar, wire.port, uuid, expect, folder)
                wire.wait_idle()
                if line:
                    wrong += run.compare_sent(line, wire.heads, expect)
        if server is front.Nginx:
            seen = proxy.requests()
            if not seen:
                wrong.append("nginx saw no request")
            wrong += [f"nginx saw more than a GET: {one}" for one in seen
                      if one[0] not in ("GET", "")]
    return wrong, line


def run_fronts(run, ajar, node, total, folder):
    """Every front before this node, one after another."""
    for (server, kind), expect in expectations(node.name).items():
        began = time.monotonic()
        try:
            wrong, line = one_front(run, ajar, node, server, kind, expect, folder)
        except (process.StartError, OSError) as error:
            wrong, line = [f"could not be set up: {error}"], {}
        total.line(node.name, f"{server.__name__} {kind}", expect.exposure,
                   line.get("exposure"), wrong,
                   f"{len(line.get('requests') or []):2} requests "
                   f"{time.monotonic() - began:5.1f} s")
