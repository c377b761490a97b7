# SPDX-License-Identifier: Apache-2.0
"""What the exam adds up: expected exposure by said exposure, and a table per engine."""

import collections

LEVELS = ("records", "indices", "metadata", "identity", "protected", "not_datastore",
          "unreachable", "inconclusive")
NOTHING = "(no answer)"  # ajar did not end, or the case could not be set up


def table(head, rows):
    """Columns as wide as they need to be; numbers to the right."""
    text = [[str(cell) for cell in row] for row in [head] + rows]
    widths = [max(len(row[at]) for row in text) for at in range(len(head))]
    return "\n".join("  ".join(
        cell.rjust(width) if at and len(rows) else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in text)


class Matrix:
    """Pairs of (expected, said). Several expected levels, each of which would be true, count
    as the one that was said when it is among them, else as the first."""

    def __init__(self):
        self.pairs = collections.Counter()

    def add(self, want, got):
        got = got or NOTHING
        if not isinstance(want, str):
            want = got if got in want else tuple(want)[0]
        self.pairs[(want, got)] += 1

    def off_diagonal(self):
        return sum(count for (want, got), count in self.pairs.items() if want != got)

    def text(self):
        seen = {level for pair in self.pairs for level in pair}
        order = [level for level in LEVELS + (NOTHING,) if level in seen]
        order += sorted(seen - set(order))
        rows = []
        for want in order:
            row = [self.pairs[(want, got)] for got in order]
            if sum(row):
                rows.append([want, sum(row)] + [count or "." for count in row])
        return table(["expected / said", "cases"] + order, rows)
