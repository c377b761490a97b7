#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# broken_words.sh TREE: a word list that is not understood is told with file and line.
set -eu -o pipefail
tree=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# expect TEXT FILE LINE-TO-APPEND
expect()
{
    local out
    cp "$tree"/src/sensitivity/words/*.txt "$work"
    local at=$(($(wc -l <"$work/$2") + 1))
    printf '%s\n' "$3" >>"$work/$2"
    if out=$("$tree/scripts/gen-words" --words "$work" 2>&1 >/dev/null); then
        printf 'accepted: %s\n' "$3"
        failed=1
    elif [[ $out != *"$2:$at: $1"* ]]; then
        printf 'for "%s" expected "%s:%s: %s", got: %s\n' "$3" "$2" "$at" "$1" "$out"
        failed=1
    fi
}

expect "no such kind: emial" kinds.txt "emial en mail"
expect "no such language: xx" kinds.txt "email xx mail"
expect "not a token of a-z: 'E-Mail'" kinds.txt "email en E-Mail"
expect "no such class: persons" kinds.txt "email en mail in=persons"
expect "no such type: txt" kinds.txt "email en mail type=txt"
expect "no such condition: without=x" kinds.txt "email en mail without=x"
expect "more than 4 tokens" kinds.txt "email en a+b+c+d+e"
expect "no pattern" kinds.txt "email en whole"
expect "a rule is KIND LANGUAGE PATTERN" kinds.txt "email"
expect "no such class: persone" classes.txt "persone en user"
expect "longer than 31 letters" classes.txt "person en aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

cp "$tree"/src/sensitivity/words/*.txt "$work"
printf 'email en mail\n' >"$work/kinds.txt"
out=$("$tree/scripts/gen-words" --words "$work" 2>&1) && failed=1
if [[ $out != *"kinds.txt:1: no '# source: ...' line"* ]]; then
    printf 'a list without a source: %s\n' "$out"
    failed=1
fi
exit "$failed"
