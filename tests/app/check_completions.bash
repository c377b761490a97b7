# SPDX-License-Identifier: Apache-2.0
# What the bash completion offers. Usage: check_completions.bash docs/completions
set -u
compopt() { :; } # only works while a completion runs
source "$1/ajar.bash" || exit 1
failed=0

# offers "typed words, the last one unfinished" "word that is offered"; a word after "!"
# must not be
offers() {
    local word want=${2#!} found=no
    read -ra COMP_WORDS <<<"$1"
    [[ $1 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _ajar
    for word in ${COMPREPLY[@]+"${COMPREPLY[@]}"}; do
        [[ $word == "$want" ]] && found=yes
    done
    if [[ ($2 == !* && $found == yes) || ($2 != !* && $found == no) ]]; then
        echo "completion of '$1': $2 expected, offered: ${COMPREPLY[*]-}"
        failed=1
    fi
}

offers "ajar " check
offers "ajar sc" scope
offers "ajar --v" --version
offers "ajar scan --f" --fail-on
offers "ajar scan --fail-on " critical
offers "ajar scan --fail-on hi" high
offers "ajar scan --format " jsonl
offers "ajar --quiet scan --dry" --dry-run
offers "ajar check --dry" !--dry-run
offers "ajar probes --ra" !--rate
offers "ajar scope ex" explain
offers "ajar help at" attribution
offers "ajar scan --rate " !--fail-on
cd "$1" || exit 1
offers "ajar scan ajar.b" ajar.bash
offers "ajar scan --targets ajar.f" ajar.fish
exit $failed
