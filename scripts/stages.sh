# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/test and scripts/check: stages that are named, timed, logged and
# counted. A stage that cannot run is a failure.

stages_passed=0
stages_failed=0
stages_bad=()

# Sets `counts` to "PASSED FAILED" from what a stage printed: ctest's summary, else the last
# line "N passed, N failed", else nothing (then the stage is one test).
stage_counts()
{
    local log=$1 line
    counts=
    line=$(grep -aE '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -n 1) || :
    if [[ $line =~ ,\ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
        counts="$((BASH_REMATCH[2] - BASH_REMATCH[1])) ${BASH_REMATCH[1]}"
        return
    fi
    line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1) || :
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        counts="${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
    fi
}

# stage NAME COMMAND...: NAME may begin with '-' for a quiet stage, whose output is shown
# only when it fails.
stage()
{
    local name=${1#-} quiet=0 log status begun=$SECONDS counts passed failed
    [ "$1" = "$name" ] || quiet=1
    shift
    mkdir -p "$root/build/logs"
    log=$root/build/logs/${0##*/}-${name// /-}.log
    printf '== %s\n' "$name"
    # no condition around the command: bash would ignore its `set -e`
    set +e
    if [ "$quiet" = 1 ]; then
        (
            set -e
            "$@"
        ) >"$log" 2>&1
        status=$?
        [ "$status" = 0 ] || cat "$log"
    else
        (
            set -e
            "$@"
        ) 2>&1 | tee "$log"
        status=${PIPESTATUS[0]}
    fi
    set -e
    stage_counts "$log"
    read -r passed failed <<<"${counts:-$((status == 0)) $((status != 0))}"
    if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
        failed=1
    fi
    # success that counted nothing is no success
    if [ "$status" = 0 ] && [ "$passed" = 0 ]; then
        failed=$((failed > 0 ? failed : 1))
    fi
    stages_passed=$((stages_passed + passed))
    stages_failed=$((stages_failed + failed))
    if [ "$failed" = 0 ]; then
        printf '== %s: ok, %s s\n' "$name" "$((SECONDS - begun))"
    else
        stages_bad+=("$name")
        printf '== %s: FAILED, %s s (%s)\n' "$name" "$((SECONDS - begun))" "$log"
    fi
}

# The last line, and the exit status.
stages_end()
{
    local name
    for name in "${stages_bad[@]}"; do
        printf 'failed: %s\n' "$name"
    done
    printf '%s passed, %s failed\n' "$stages_passed" "$stages_failed"
    [ "$stages_failed" = 0 ] && [ "$stages_passed" -gt 0 ]
}
