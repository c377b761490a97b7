#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/format with stand-ins for clang-format: version 14 judges, another one says what
# it would write otherwise, and neither passes in silence what it could not read.
set -eu -o pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
mkdir "$work/bin"

# A clang-format of that version that objects to so many places, and ends with that status
# (with -Werror any objection is a failure, as with the real one).
clang_format() # VERSION PLACES STATUS
{
    rm -f "$work"/bin/clang-format*
    cat >"$work/bin/clang-format-$1" <<END
#!/usr/bin/env bash
[ "\$1" != --version ] || { echo "Debian clang-format version $1.1.7 (3)"; exit 0; }
kind=warning status=$3
case " \$* " in *" -Werror "*) kind=error; [ $2 = 0 ] || status=1 ;; esac
for ((i = 0; i < $2; i++)); do
    echo "a.c:1:1: \$kind: code should be clang-formatted [-Wclang-format-violations]" >&2
done
exit \$status
END
    chmod +x "$work/bin/clang-format-$1"
    [ "$1" = 14 ] || ln -s "clang-format-$1" "$work/bin/clang-format"
}

expect() # WHAT STATUS OUTPUT_PATTERN [ARG...]
{
    local what=$1 wanted=$2 pattern=$3 status=0 output
    shift 3
    # nothing but the stand-ins and what the script itself needs
    output=$(PATH=$work/bin:$work/tools "$BASH" "$root/scripts/format" "${@:-a.c}" 2>&1) || status=$?
    if [ "$status" != "$wanted" ] || [[ $output != $pattern ]]; then
        printf 'test_format: %s: wanted %s "%s", got %s "%s"\n' "$what" "$wanted" "$pattern" \
            "$status" "$output" >&2
        failed=1
    fi
}

mkdir "$work/tools"
for tool in bash sed grep cat mktemp rm git; do
    ln -s "$(type -P "$tool" || echo /nonexistent)" "$work/tools/$tool"
done

clang_format 14 0 0
expect "14, nothing to say" 0 ""
clang_format 14 1 0
expect "14, one place" 1 "*error: code should be*"
clang_format 19 0 0
expect "19 says that it does not judge" 0 "*clang-format 14 is judge, here is 19: *0 places in 1 files*"
clang_format 19 3 0
expect "19, a corner: shown, no failure" 0 "*warning: code should be*3 places*"
clang_format 19 21 0
expect "19, more than corners" 1 "*21 places*"
clang_format 19 0 1
expect "19 that cannot read a file" 1 "*"
rm -f "$work"/bin/*
expect "no clang-format" 1 "*no clang-format here*"

[ "$failed" = 0 ] && printf 'test_format: ok\n'
exit "$failed"
