#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/ajar around a program of three lines: builds once, again only behind a change,
# keeps the user's folder and stdout, and two at once do not build in each other's way.
set -eu -o pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
tree="$work/a tree" # a space: every path is quoted, or this test fails
mkdir -p "$tree/scripts/cmake" "$tree/src" "$tree/include" "$tree/tests/simnet"
cp "$root/scripts/ajar" "$root/scripts/deps" "$tree/scripts/"
cp "$root/CMakePresets.json" "$tree/"

printf 'cmake_minimum_required(VERSION 3.25)\nproject(ajar LANGUAGES C)\nadd_executable(ajar src/main.c)\n' \
    >"$tree/CMakeLists.txt"
program() # WORD
{
    printf '#include <stdio.h>\n#include <unistd.h>\nint main(int c, char **v) { char d[4096]; printf("%s %%d %%s %%s\\n", c, c > 1 ? v[c - 1] : "", getcwd(d, sizeof d)); return 7; }\n' \
        "$1" >"$tree/src/main.c"
}

# Sets out, err and status.
run() # COMMAND...
{
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
    out=$(cat "$work/out")
    err=$(cat "$work/err")
}

expect() # WHAT WANTED GOT
{
    if [[ $3 != $2 ]]; then
        printf 'test_ajar: %s: wanted "%s", got "%s"\n' "$1" "$2" "$3" >&2
        failed=1
    fi
}

program one
mkdir "$work/elsewhere"
ln -s "$tree/scripts/ajar" "$work/link"
cd "$work/elsewhere"

# two at once, on a tree that was never built: one builds, both answer
"$work/link" first >"$work/out1" 2>"$work/err1" &
pid=$!
run "$work/link" "second file"
other=0
wait "$pid" || other=$?
expect "status of the second" 7 "$status"
expect "status of the first" 7 "$other"
expect "stdout of the second" "one 2 second file $work/elsewhere" "$out"
expect "stdout of the first" "one 2 first $work/elsewhere" "$(cat "$work/out1")"
expect "builds" 1 "$(cat "$work/err1" "$work/err" | grep -c 'building a release')"

run "$work/link"
expect "a later call says nothing of its own" "" "$err"
expect "a later call" "one 1  $work/elsewhere" "$out"

# a later call must not even need the tools
mkdir "$work/bin"
for tool in bash dirname readlink find; do
    ln -s "$(command -v "$tool")" "$work/bin/$tool"
done
run env PATH="$work/bin" "$work/link"
expect "a later call without cmake" 7 "$status"

sleep 1.1 # a change within the clock tick of the build is not under test
program two
run "$work/link"
expect "after a change" "two 1  $work/elsewhere" "$out"
expect "after a change it says that it builds" "*building a release*" "$err"

sleep 1.1
printf 'not C\n' >"$tree/src/main.c"
run "$work/link"
expect "a broken build fails" 1 "$status"
expect "a broken build runs nothing" "" "$out"
expect "a broken build shows its log" "*main.c*error*the build failed*" "$err"
run "$work/link"
expect "a broken build stays broken" 1 "$status"

program three
mv "$tree" "$work/moved"
run "$work/moved/scripts/ajar"
expect "a moved tree" "three 1  $work/elsewhere" "$out"

[ "$failed" = 0 ] && printf 'test_ajar: ok\n'
exit "$failed"
