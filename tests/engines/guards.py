# SPDX-License-Identifier: Apache-2.0
"""Guarded engines: what a stranger may do is set up over the guard's own means, so it is
known. One node serves as many rights as it can change without being started again."""

import search_guard
from cases import HIDDEN, ORDINARY_REQUESTS, Case, Expect, Setup, known, two
from engine import (ANONYMOUS, BANNER, EVERYTHING, NOTHING, READER, REFUSING, SUPERUSER,
                    UNINITIALISED)

ELASTIC = ("elasticsearch-6.8.23", "elasticsearch-7.17.29", "elasticsearch-8.7.1",
           "elasticsearch-8.17.4")
OPENSEARCH = ("opensearch-2.19.1", "opensearch-3.4.0")
SEARCH_GUARD = "elasticsearch-5.6.16"

SHOWN = {"documents": 3}  # beside them a guard may keep an index of its own
# 401 in place of 403 to a stranger who has a user but not this right.
AS_401 = {"xpack.security.authc.anonymous.authz_exception": "false"}


def give(rights):
    """The data, and these rights for a stranger."""
    def arrange(node):
        two(node)
        node.allow(rights)
    return arrange


def refuse(node):
    """No stranger at all; then the data, since nobody could write before."""
    node.refuse()
    two(node)


def partial(facts):
    return {**facts, "flags": facts["flags"] | {"partial"}}


def unread(name):
    """What is known of an engine that has shown no banner: its refusals name the product, and
    OpenSearch 3 says its version in a header of each."""
    product = known(name)["product"]
    return {"product": product, "no_uuid": True,
            "version": known(name)["version"] if name.startswith("opensearch-3") else HIDDEN}


def unnamed(name):
    """As unread(), where a 403 reads alike from two guards of two products."""
    facts = unread(name)
    both = name == SEARCH_GUARD or name.startswith("opensearch-2")
    return {**facts, "product": (facts["product"], None)} if both else facts


def over_tls(expect):
    """The same behind TLS: plain is tried first, which costs a request."""
    expect.scheme, expect.tls, expect.requests = "https", True, expect.requests + 1
    return expect


def uninitialised(name):
    """503 to every read. Neither safe nor open: nobody knows yet."""
    return Expect("inconclusive", **unread(name), requests=1)


def refused(name):
    return Expect("protected", **unread(name), requests=1)


def superuser(name):
    return Expect("records", **known(name), indices=SHOWN, largest="customers")


def rights_cases(name):
    """What each set of rights leaves open. 403 is no end: behind it a count may be allowed."""
    return [
        Case("anonymous: everything", give(EVERYTHING), superuser(name)),
        Case("anonymous: no right", give(NOTHING), Expect(
            "protected", **unnamed(name), requests=5)),
        Case("anonymous: / and health", give(BANNER), Expect(
            "metadata", **partial(known(name)))),
        Case("anonymous: read alone", give(READER), Expect(
            "records", **unnamed(name), flags={"partial"}, indices=SHOWN)),
    ]


def cases_as_401(name):
    """A 401 is the last word. It does not say what else the stranger's user may do: where
    nothing was shown before, a count could be allowed (and is, to READER)."""
    most = 2 if known(name)["version"] == HIDDEN else 1  # 405 on `/` is asked on
    return [
        Case("401: no right", give(NOTHING), Expect(
            "inconclusive", **unread(name), requests=most)),
        Case("401: / and health", give(BANNER), Expect(
            "metadata", **partial(known(name)), requests=3)),
        Case("401: read alone", give(READER), Expect(
            "inconclusive", **unread(name), requests=most)),
        Case("401: everything", give(EVERYTHING), superuser(name)),
    ]


def elastic(name, wide):
    out = [
        Setup(name, "security, refusing", {"security": REFUSING}, [
            Case("no anonymous: 401", two, refused(name))]),
        Setup(name, "security, anonymous", {"security": ANONYMOUS}, rights_cases(name)),
    ]
    if wide:
        out += [
            Setup(name, "security, 401 for 403", {"security": ANONYMOUS, "settings": AS_401},
                  cases_as_401(name)),
            Setup(name, "security and TLS", {"security": REFUSING, "tls": True}, [
                Case("TLS, no anonymous: 401", two, over_tls(refused(name)))]),
            Setup(name, "superuser, TLS", {"security": SUPERUSER, "tls": True}, [
                Case("TLS, anonymous superuser", two, over_tls(superuser(name)))],
                watch=True),
        ]
    return out


def opensearch(name, wide):
    out = [
        Setup(name, "security, anonymous", {"security": SUPERUSER},
              [Case("anonymous superuser", two, superuser(name))] + rights_cases(name) +
              [Case("no anonymous: 401", refuse, refused(name))], watch=True),
    ]
    if wide:
        out += [
            Setup(name, "security, no config", {"security": UNINITIALISED}, [
                Case("not initialized: 503", None, uninitialised(name))]),
            Setup(name, "superuser, TLS", {"security": SUPERUSER, "tls": True}, [
                Case("TLS, anonymous superuser", two, over_tls(superuser(name))),
                Case("TLS, no anonymous: 401", refuse, over_tls(refused(name)))],
                watch=True),
        ]
    return out


def searchguard(name):
    kind = {"kind": search_guard.SearchGuard, "security": UNINITIALISED}
    return [
        Setup(name, "Search Guard 5", kind, [
            Case("not initialized: 503", None, uninitialised(name)),
            Case("no anonymous: 401", refuse, refused(name))] + rights_cases(name)),
        Setup(name, "Search Guard 5, TLS", {**kind, "tls": True}, [
            Case("TLS, not initialized: 503", None, over_tls(uninitialised(name))),
            Case("TLS, no anonymous: 401", refuse, over_tls(refused(name))),
            Case("TLS, anonymous: all", give(EVERYTHING), over_tls(superuser(name)))]),
    ]


def setups(name, wide):
    """All starts of one engine with a guard. wide: as `--engines all` wants them."""
    if name in ELASTIC:
        return elastic(name, wide)
    if name in OPENSEARCH:
        return opensearch(name, wide)
    return searchguard(name) if name == SEARCH_GUARD and wide else []
