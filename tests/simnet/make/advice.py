# SPDX-License-Identifier: Apache-2.0
"""What ajar is to advise of a release, by the ids of flaws in their order; None: nothing is
known of it. Tables: src/classify/advice/. A handful of lines, the edges, and numbers that
are not the server's own."""

ADVICE = {
    "elasticsearch/0.90.13-open": ["CVE-2014-3120", "CVE-2015-3337"],
    "elasticsearch/1.4.1-open": ["CVE-2015-1427", "CVE-2015-3337", "CVE-2015-5531",
                                 "CVE-2015-4165"],
    "elasticsearch/1.7.6-open": [],
    "elasticsearch/2.4.6-open": [],
    "elasticsearch/5.6.16-open": ["CVE-2021-44228"],
    "elasticsearch/6.8.23-open": [],
    "elasticsearch/7.10.2-open": ["CVE-2021-22145", "CVE-2021-44228", "CVE-2023-31418",
                                  "CVE-2023-31419"],
    "elasticsearch/7.17.9-anonymous-superuser": ["CVE-2023-31418", "CVE-2023-31419"],
    # whoever may not search is told of what needs no right
    "elasticsearch/7.17.9-proxy-root-only": ["CVE-2023-31418"],
    "elasticsearch/7.17.9-security": None,
    "elasticsearch/7.17.29-open": [],
    "elasticsearch/8.7.1-open": ["CVE-2023-31418", "CVE-2023-31419", "CVE-2026-102404"],
    "elasticsearch/8.19.20-open": ["CVE-2026-102404"],
    "elasticsearch/9.5.2-open": ["CVE-2026-102404"],
    # nobody knows what a release candidate of the first affected release has
    "opensearch/1.0.0-rc1-open": [],
    "opensearch/1.2.4-open": ["CVE-2022-41917", "CVE-2023-25806", "CVE-2025-9624",
                              "GHSA-6g3j-p5g6-992f", "GHSA-8wx3-324g-w4qq"],
    "opensearch/1.3.13-open": ["CVE-2025-9624", "GHSA-6g3j-p5g6-992f",
                               "GHSA-8wx3-324g-w4qq"],
    "opensearch/2.5.0-compat": None,
    "opensearch/2.19.1-open": ["CVE-2025-9624"],
    "opensearch/3.4.0-open": [],
    "lookalikes/easysearch": None,
    "lookalikes/quickwit": None,
    "lookalikes/tagline-alone": None,
    "decoys/catch-all": None,
    "decoys/elastichoney": None,
    "decoys/elasticpot": None,
}


def advise(cases):
    """Into what the cases of these names expect."""
    named = {case.name: case for case in cases}
    for name, flaws in ADVICE.items():
        named[name].want(advice=flaws)
    return cases
