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
        --state) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --config) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        --vantage) :; return ;;
        --since) :; return ;;
        --owner) :; return ;;
        --until) :; return ;;
        --indices) :; return ;;
        --by) :; return ;;
        --reason) :; return ;;
        --ref) :; return ;;
        -f|--format) COMPREPLY=($(compgen -W "auto text jsonl csv" -- "$cur")); return ;;
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
            check|scan|recheck|findings|show|accept|events|deliver|ack|runs|coverage|metrics|doctor|scope|probes|attribution|demo|help|version) command=$word; break ;;
        esac
    done
    case $command in
        "") options="check scan recheck findings show accept events deliver ack runs coverage metrics doctor scope probes attribution demo help version --help --version" ;;
        check) options="-t --targets -p --ports --url --state --no-state --config --vantage -f --format -o --output --fail-on --color --no-progress -v --verbose --explain -q --quiet -c --concurrency -r --rate --per-prefix --seed --connect-timeout --tls-timeout --header-timeout --body-timeout --total-timeout -h --help -V --version" ;;
        scan) options="-t --targets --dry-run --due --url --state --no-state --config --vantage -f --format -o --output --fail-on --color --no-progress -v --verbose -q --quiet -c --concurrency -r --rate --per-prefix --seed --connect-timeout --tls-timeout --header-timeout --body-timeout --total-timeout -h --help -V --version" ;;
        recheck) options="-t --targets --url --state --config --vantage -f --format -o --output --fail-on --color --no-progress -v --verbose --explain -q --quiet -c --concurrency -r --rate --per-prefix --seed --connect-timeout --tls-timeout --header-timeout --body-timeout --total-timeout -h --help -V --version" ;;
        findings) options="--state --config --open --resolved --since --owner -f --format -o --output -h --help -V --version" ;;
        show) options="--state --config --owner -o --output -h --help -V --version" ;;
        accept) options="--state --config --until --indices --by --reason -h --help -V --version" ;;
        events) options="--state --config --since --owner --undelivered -f --format -o --output -h --help -V --version" ;;
        deliver) options="--state --config -q --quiet -h --help -V --version" ;;
        ack) options="--state --config --ref -h --help -V --version" ;;
        runs) options="--state --config --since -o --output -h --help -V --version" ;;
        coverage) options="-t --targets --state --config --owner -o --output -q --quiet -h --help -V --version" ;;
        metrics) options="--state --config --owner --nagios -o --output -h --help -V --version" ;;
        doctor) options="-t --targets --state --config -h --help -V --version" ;;
        scope) options="-t --targets -q --quiet -h --help -V --version explain" ;;
        probes) options="-f --format -h --help -V --version" ;;
        attribution) options="--url --contact -h --help -V --version" ;;
        demo) options="--no-state -f --format -o --output --fail-on --color --no-progress -v --verbose -q --quiet -c --concurrency -r --rate --per-prefix --seed --connect-timeout --tls-timeout --header-timeout --body-timeout --total-timeout -h --help -V --version" ;;
        help) options="-h --help -V --version check scan recheck findings show accept events deliver ack runs coverage metrics doctor scope probes attribution demo help version" ;;
        version) options="-h --help -V --version" ;;
    esac
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    if [[ ( $command == scan || $command == doctor ) && $cur != -* ]]; then
        compopt -o filenames
        COMPREPLY+=($(compgen -f -- "$cur"))
    fi
}
complete -F _ajar ajar
