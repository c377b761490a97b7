# SPDX-License-Identifier: Apache-2.0
"""One line a case, the confusion matrix, and the last line: what states.py and others.py print."""

import matrix


class Score:
    """Counts the cases of one program."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.matrix = matrix.Matrix()

    def line(self, group, title, want, got, wrong, note=""):
        """One case: the exposure wanted (a word or a tuple) and said, and what is wrong."""
        self.passed, self.failed = self.passed + (not wrong), self.failed + bool(wrong)
        self.matrix.add(want, got)
        print(f"{'FAIL' if wrong else 'ok':4}  {group:21} {title:36} {got or '-':13} {note}",
              flush=True)
        for text in wrong:
            print(f"      - {text[:600]}", flush=True)

    def end(self):
        """Prints the sum; the exit status."""
        print(f"\nExpected exposure x said:\n{self.matrix.text()}\n")
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0
