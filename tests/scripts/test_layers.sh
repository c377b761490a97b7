#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/layers and scripts/banned find what is planted in a small tree, and nothing in it
# before. A check that cannot fail proves nothing.
set -eu -o pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

rooms="base json scope schedule net http probe classify visit report app"

fresh_tree()
{
    local room
    rm -rf "$work/tree"
    for room in $rooms; do
        mkdir -p "$work/tree/src/$room" "$work/tree/tests/$room" "$work/tree/include/ajar"
        printf '#include "ajar/%s.h"\n#include "ajar/buf.h"\n#include <stdio.h>\n' "$room" \
            >"$work/tree/src/$room/$room.c"
        printf '/* its tests */\n' >"$work/tree/tests/$room/test_$room.c"
        printf '#include "ajar/limits.h"\n' >"$work/tree/include/ajar/$room.h"
    done
    mv "$work/tree/include/ajar/base.h" "$work/tree/include/ajar/buf.h"
    sed -i 1d "$work/tree/src/base/base.c"
}

library() # ROOM SOURCE
{
    mkdir -p "$work/build/src/$1"
    printf '%s\n' "$2" >"$work/room.c"
    gcc -fPIC -fno-builtin -c "$work/room.c" -o "$work/room.c.o"
    rm -f "$work/build/src/$1/libajar_$1.a"
    ar rcs "$work/build/src/$1/libajar_$1.a" "$work/room.c.o"
}

expect() # WANTED_STATUS WANTED_TEXT COMMAND...
{
    local wanted=$1 text=$2 status=0 output
    shift 2
    output=$(AJAR_TREE=$work/tree "$@" 2>&1) || status=$?
    if [ "$status" != "$wanted" ] || [[ $output != *"$text"* ]]; then
        printf 'test_layers: %s: status %s instead of %s, or not "%s" in:\n%s\n' "$*" \
            "$status" "$wanted" "$text" "$output" >&2
        failed=1
    fi
}

layers=$root/scripts/layers
banned=$root/scripts/banned

fresh_tree
expect 0 "" "$layers"
expect 0 "" "$banned"

# the source
plant() # FILE LINE WANTED_TEXT
{
    printf '%s\n' "$2" >>"$work/tree/$1"
    expect 1 "$3" "$layers"
    fresh_tree
}
plant src/http/http.c '#include "ajar/net.h"' "src/http/http.c: http may not know net"
plant src/http/http.c ' #  include "ajar/scope.h"' "http may not know scope"
plant include/ajar/json.h '#include "ajar/http.h"' "include/ajar/json.h: json may not know http"
plant src/http/http.c '#include <sys/socket.h>' "http may not include <sys/socket.h>"
plant src/base/base.c '#include <uv.h>' "base may not include <uv.h>"
plant src/http/http.c '#include "../base/utf8.h"' "reaches into another room"
fresh_tree
rm -rf "$work/tree/tests/http"
expect 1 "src/http has no tests" "$layers"
fresh_tree
mkdir "$work/tree/src/sidedoor"
printf 'int x;\n' >"$work/tree/src/sidedoor/x.c"
expect 1 "src/sidedoor is no room" "$layers"

# the libraries: a small one for every room, as if built
fresh_tree
harmless='int f(void); int f(void) { return 0; }'
for path in "$work"/tree/src/*/; do
    library "$(basename "$path")" "$harmless"
done
expect 0 "" "$layers" --build "$work/build"

build_finds() # ROOM SOURCE STATUS WANTED_TEXT
{
    library "$1" "$2"
    expect "$3" "$4" "$layers" --build "$work/build"
    library "$1" "$harmless"
}
build_finds http 'int socket(int, int, int); int f(void); int f(void) { return socket(1, 1, 0); }' \
    1 "names socket"
build_finds classify 'long time(long *); long f(void); long f(void) { return time(0); }' \
    1 "names time"
build_finds report 'int open(const char *, int, ...); int f(void); int f(void) { return open("", 0); }' \
    1 "names open"
build_finds scope 'int open(const char *, int, ...); int f(void); int f(void) { return open("", 0); }' 0 ""
build_finds base 'void abort(void); void f(void); void f(void) { abort(); }' 1 "names abort"
build_finds probe 'int printf(const char *, ...); void f(void); void f(void) { printf("x"); }' \
    1 "names printf"
build_finds json 'static int calls; int f(void); int f(void) { return ++calls; }' \
    1 "mutable static storage: calls"
build_finds json 'static const char *const words[] = {"a", "b"}; const char *f(int i); const char *f(int i) { return words[i]; }' \
    0 ""
rm "$work/build/src/http/libajar_http.a"
expect 1 "is not built" "$layers" --build "$work/build"

# banned functions
ban() # FILE LINE STATUS WANTED_TEXT
{
    printf '%s\n' "$2" >>"$work/tree/$1"
    expect "$3" "$4" "$banned"
    fresh_tree
}
ban src/http/http.c 'int f(char *a) { return atoi(a); }' 1 "src/http/http.c:"
ban src/http/http.c 'void f(char *a) { (void)a; abort (); }' 1 ": abort"
ban src/http/http.c '/* exit(1) */ static const char *s = "strcpy(a, b)";' 0 ""
ban src/http/http.c 'int my_exit(int x); int f(struct y *y) { return y->time(my_exit(1)); }' 0 ""
ban tests/http/test_http.c 'void f(void) { abort(); }' 0 ""
ban tests/http/test_http.c 'void f(char *a) { strcpy(a, "b"); }' 1 ": strcpy"

[ "$failed" = 0 ] && printf 'test_layers: ok\n'
exit "$failed"
