#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/deps against stand-ins for dpkg-query, apt-get, sudo and id: nothing is installed.
set -eu -o pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
mkdir "$work/bin"

stand_in() # NAME BODY
{
    printf '#!/usr/bin/env bash\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}
# installed: one package a line; every call of apt-get is kept in `calls`
stand_in dpkg-query 'grep -v "^$" "$WORK/installed" | sed "s/$/ installed/"; exit 1'
stand_in apt-get '
printf "%s %s\n" "${DEBIAN_FRONTEND:-}" "$*" >>"$WORK/calls"
case " $* " in
*" update "*) touch "$WORK/updated" ;;
*" install "*)
    [ ! -e "$WORK/needs-update" ] || [ -e "$WORK/updated" ] || { echo "E: no such package"; exit 100; }
    [ ! -e "$WORK/broken" ] || { echo "E: it is broken"; exit 100; }
    for name in "$@"; do case $name in install | -*) ;; *) echo "$name" >>"$WORK/installed" ;; esac; done ;;
esac'
stand_in apt-cache 'exit 1'
stand_in sudo 'touch "$WORK/sudo-used"; exec "$@"'
stand_in id 'echo "${FAKE_UID:-0}"'

fresh()
{
    rm -f "$work"/{installed,calls,updated,needs-update,broken,sudo-used}
    touch "$work/installed" "$work/calls"
}

deps() # ARG...
{
    status=0
    output=$(WORK=$work PATH=$work/bin:$PATH "$root/scripts/deps" "$@" 2>&1) || status=$?
    calls=$(wc -l <"$work/calls")
}

expect() # WHAT WANTED GOT
{
    if [[ $3 != $2 ]]; then
        printf 'test_deps: %s: wanted "%s", got "%s"\n' "$1" "$2" "$3" >&2
        failed=1
    fi
}

fresh
deps build
expect "all missing" "0 1" "$status $calls"
expect "it says what it installs" "*installing with apt-get: *cmake*llhttp*" "$output"
expect "apt asks nothing" "noninteractive *" "$(cat "$work/calls")"
deps build
expect "all there: apt is not called, nothing is said" "0 1 " "$status $calls $output"

sed -i '/^cmake$/d' "$work/installed"
deps build test check
expect "only what is missing" "0 2" "$status $calls"
[[ $(tail -n 1 "$work/calls") == *" cmake "*libcriterion-dev*clang* ]] || expect "groups" many "$(cat "$work/calls")"
[[ $(tail -n 1 "$work/calls") != *" libuv1-dev "* ]] || expect "groups" fewer "$(cat "$work/calls")"

fresh
touch "$work/needs-update"
deps build
expect "empty apt lists: one update between two tries" "0 3" "$status $calls"

fresh
touch "$work/broken"
deps build
expect "a package that cannot be had" "1 3" "$status $calls"
expect "it says why" "*E: it is broken*could not install:*" "$output"

fresh
FAKE_UID=1000 deps build
expect "not root" 0 "$status"
expect "not root: said beforehand" "*installing with sudo apt-get: *" "$output"
[ -e "$work/sudo-used" ] || expect "sudo" used "not used"

mkdir "$work/tools"
for tool in bash sed grep cat rm mktemp env touch; do
    ln -s "$(type -P "$tool")" "$work/tools/$tool"
done
fresh
mv "$work/bin/sudo" "$work/no-sudo"
status=0
output=$(WORK=$work FAKE_UID=1000 PATH=$work/bin:$work/tools "$BASH" "$root/scripts/deps" build 2>&1) || status=$?
expect "not root, no sudo" "1 0" "$status $(wc -l <"$work/calls")"
# the lists of a fresh container are empty
expect "no sudo: what to do" "*as root: apt-get update && apt-get install *cmake*" "$output"
mv "$work/no-sudo" "$work/bin/sudo"

fresh
deps nonsense
expect "an unknown group" "1 0" "$status $calls"
deps
expect "no group" "1 *usage*" "$status $output"

[ "$failed" = 0 ] && printf 'test_deps: ok\n'
exit "$failed"
