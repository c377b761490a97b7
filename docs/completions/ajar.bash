# SPDX-License-Identifier: Apache-2.0
# made by scripts/gen-cli from src/app/options.def; do not edit
_ajar() {
    local cur prev command="" word options
    cur=${COMP_WORDS[COMP_CWORD]}
    prev=${COMP_WORDS[COMP_CWORD-1]}
    COMPREPLY=()
    case $prev in
        -t|--targets) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        -p|--ports) :; return ;;
        --url) :; return ;;
        --contact) :; return ;;
        -f|--format) COMPREPLY=($(compgen -W "auto text jsonl" -- "$cur")); return ;;
        -o|--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --fail-on) COMPREPLY=($(compgen -W "none low medium high critical" -- "$cur")); return ;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
        -c|--concurrency) :; return ;;
        -r|--rate) :; return ;;
        --per-prefix) :; return ;;
        --seed) :; return ;;
        --connect-timeout) :; return ;;
        --tls-timeout) :; return ;;
        --header-timeout) :; return ;;
        --body-timeout) :; return ;;
        --total-timeout) :; return ;;
    esac
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            check|scan|scope|probes|attribution|demo|help|version) command=$word; break ;;
        esac
    done
    case $command in
        "") options="check scan scope probes attribution demo help version --help --version" ;;
        check) options="-t --targets -p --ports --url -f --format -o --output --fail-on --color --no-progress -v --verbose -q --quiet -c --concurrency -r --rate --per-prefix --seed --connect-timeout --tls-timeout --header-timeout --body-timeout --total-timeout -h --help -V --version" ;;
        scan) options="-t --targets --dry-run --url -f --format -o --output --fail-on --color --no-progress -v --verbose -q --quiet -c --concurrency -r --rate --per-prefix --seed --connect-timeout --tls-timeout --header-timeout --body-timeout --total-timeout -h --help -V --version" ;;
        scope) options="-t --targets -q --quiet -h --help -V --version explain" ;;
        probes) options="-f --format -h --help -V --version" ;;
        attribution) options="--url --contact -h --help -V --version" ;;
        demo) options="-f --format -o --output --fail-on --color --no-progress -v --verbose -q --quiet -c --concurrency -r --rate --per-prefix --seed --connect-timeout --tls-timeout --header-timeout --body-timeout --total-timeout -h --help -V --version" ;;
        help) options="-h --help -V --version check scan scope probes attribution demo help version" ;;
        version) options="-h --help -V --version" ;;
    esac
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    if [[ $command == scan && $cur != -* ]]; then
        compopt -o filenames
        COMPREPLY+=($(compgen -f -- "$cur"))
    fi
}
complete -F _ajar ajar
