#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/simnet/fixtures anew: fixtures.py --recordings DIR.

The committed files are what counts: exact bytes, read by ajar-simnet and by nobody else.
This program only spares writing them by hand. DIR holds what real engines answered, one JSON
file a set-up; without it the recorded cases would be lost, so it is not optional.
"""
import argparse
import pathlib
import sys

import advice
import demo
import edges
import elastic
import facts
import guards
import hostile
import opensearch
import rules
import strangers
from base import write_all


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--recordings", required=True)
    parser.add_argument("--out", default=str(pathlib.Path(__file__).resolve().parent.parent /
                                             "fixtures"))
    options = parser.parse_args()
    cases = []
    for family in (elastic, opensearch, guards, strangers, hostile, rules, facts, edges,
                   demo):
        cases += family.all_cases(options.recordings)
    print("%d cases" % write_all(advice.advise(cases), options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
