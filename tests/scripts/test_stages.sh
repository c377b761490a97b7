#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The counting of scripts/test and scripts/check: a failure of any kind is counted, and
# success that ran nothing is one.
set -eu -o pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Runs stages written in $1; sets last and status.
stages()
{
    printf 'set -eu -o pipefail\nroot=%q\n. %q\nfalse_in_the_middle() { false; echo "1 passed, 0 failed"; }\n%s\nstages_end\n' \
        "$work" "$here/scripts/stages.sh" "$1" >"$work/run"
    status=0
    bash "$work/run" >"$work/out" 2>&1 || status=$?
    last=$(tail -n 1 "$work/out")
}

expect() # WHAT WANTED_STATUS WANTED_LAST
{
    if [ "$status" != "$2" ] || [ "$last" != "$3" ]; then
        printf 'test_stages: %s: wanted %s "%s", got %s "%s"\n' "$1" "$2" "$3" "$status" "$last" >&2
        failed=1
    fi
}

stages 'stage a true'
expect "a silent stage is one test" 0 "1 passed, 0 failed"
stages 'stage a true; stage b false; stage c true'
expect "later stages run behind a failure" 1 "2 passed, 1 failed"
stages 'stage a echo "7 passed, 0 failed"; stage -b echo "2 passed, 0 failed"'
expect "sums" 0 "9 passed, 0 failed"
stages 'stage a echo "95% tests passed, 2 tests failed out of 40"'
expect "ctest" 1 "38 passed, 2 failed"
stages 'stage a bash -c "echo 7 passed, 0 failed; exit 3"'
expect "a bad end is a failure whatever was printed" 1 "7 passed, 1 failed"
stages 'stage a bash -c "echo 7 passed, 1 failed; exit 0"'
expect "a printed failure is one whatever the end" 1 "7 passed, 1 failed"
stages 'stage a echo "0 passed, 0 failed"'
expect "nothing ran" 1 "0 passed, 1 failed"
stages 'stage a echo "100% tests passed, 0 tests failed out of 0"'
expect "ctest ran nothing" 1 "0 passed, 1 failed"
stages 'stage a false_in_the_middle'
expect "a function stops at its first failure" 1 "0 passed, 1 failed"
stages 'stage a no-such-program'
expect "a stage that cannot run" 1 "0 passed, 1 failed"
stages ':'
expect "no stage at all" 1 "0 passed, 0 failed"

[ "$failed" = 0 ] && printf 'test_stages: ok\n'
exit "$failed"
