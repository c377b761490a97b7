#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# broken_words.sh TREE: a word list that is not understood is told with file and line.
set -eu -o pipefail
tree=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Sound lists of a few words: the real ones take a second to read.
small()
{
    printf '# source: x\nemail en mail\nnone en mail+server\n' >"$work/kinds.txt"
    printf '# source: x\n\nperson en user\n' >"$work/classes.txt"
}

# expect TEXT FILE LINE-TO-APPEND
expect()
{
    local out
    small
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

# What is wrong, and how to mend it.
expect "no such kind: emial; did you mean email?" kinds.txt "emial en mail"
expect "no such kind: zzz; one of email phone" kinds.txt "zzz en mail"
expect "no such language: xx; one of mul en" kinds.txt "email xx mail"
expect "not a token of a-z: 'E-Mail'; write it in small letters" kinds.txt "email en E-Mail"
expect "cannot be read: mail+; tokens are joined" kinds.txt "email en mail+"
expect "not a token of a-z: ''; write it" kinds.txt "email en mail|"
expect "no such class: persons; did you mean person?" kinds.txt "email en mail in=persons"
expect "no such class: humans; did you mean human?" kinds.txt "email en mail beside=humans"
expect "no such class: ; one of" kinds.txt "email en mail notin="
expect "no such type: txt; did you mean text?" kinds.txt "email en mail type=txt"
expect "no such condition: without=x; there are whole" kinds.txt "email en mail without=x"
expect "more than 4 tokens: a+b+c+d+e; leave out" kinds.txt "email en a+b+c+d+e"
expect "more than 4 tokens: x+b+c+d+e; leave out" kinds.txt "email en x|a+(y|b+c+d+e)"
expect "cannot be read: (a|b" kinds.txt "email en (a|b+c"
expect "no pattern; conditions alone" kinds.txt "email en whole"
expect "a rule is KIND LANGUAGE PATTERN" kinds.txt "email"
expect "no such class: persone; did you mean person?" classes.txt "persone en user"
expect "no such language: deu; did you mean de?" classes.txt "person deu nutzer"
expect "a class is CLASS LANGUAGE TOKEN" classes.txt "person en"
expect "longer than 31 letters" classes.txt "person en aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
expect "shorter than 3 letters: ab; so short a part" classes.txt "owner en ab"
expect "not UTF-8 at byte 10; save the file as UTF-8" classes.txt $'person en\xff user'

# broken WHAT EXPECTED: a list set up by hand
broken()
{
    local out
    if out=$("$tree/scripts/gen-words" --words "$work" 2>&1 >/dev/null); then
        printf 'accepted: %s\n' "$1"
        failed=1
    elif [[ $out != *"$2"* || $out == *Traceback* ]]; then
        printf '%s: expected "%s", got: %s\n' "$1" "$2" "$out"
        failed=1
    fi
}

small
"$tree/scripts/gen-words" --words "$work" >/dev/null || failed=1
printf 'email en mail\n' >"$work/kinds.txt"
broken "a list without a source" "kinds.txt:1: no '# source: ...' line stands before this word; say"
printf '# source: x\n\n' >"$work/kinds.txt"
broken "an empty list" "kinds.txt:1: no word in it; take"
printf '# source:  \nemail en mail\n' >"$work/kinds.txt"
broken "a source without a name" "kinds.txt:2: no '# source: ...' line"
rm "$work/kinds.txt"
broken "a missing list" "kinds.txt"

# A sound list is accepted, carriage returns and all, and says the same.
cp "$tree"/src/sensitivity/words/*.txt "$work"
sed -i 's/$/\r/' "$work/kinds.txt" "$work/classes.txt"
if ! "$tree/scripts/gen-words" --words "$work" | cmp -s - <("$tree/scripts/gen-words" --stdout); then
    echo 'the lists with carriage returns give another table'
    failed=1
fi
exit "$failed"
