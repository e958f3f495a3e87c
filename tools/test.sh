#!/usr/bin/env bash
# test.sh [SUITE...] (make test): every test, or only the suites whose names begin with one of the arguments.
#
# One CUnit runner, three runs: as shipped, under AddressSanitizer and UBSan, and what has threads under
# ThreadSanitizer. Then the contract tests (Node) against a whole `make run`, the fuzz targets over their corpora, and the
# scripts of tests/shell. A sanitizer's report fails a run even where no test noticed. QUARTERDAY_TEST_RUNS="asan" runs
# less. What failed is said again at the end, above the totals: of the log of a CI job often only the tail is seen. The last
# line is the total of all runs.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# A run that takes longer hangs.
readonly LIMIT=1800
# What is said again at the end takes at most so many lines, each at most so wide.
readonly AGAIN_LINES=15 AGAIN_WIDTH=180
readonly RUNS=${QUARTERDAY_TEST_RUNS:-plain asan tsan contract fuzz shell}
out=$(mktemp -d)
passed=0 failed=0 skipped=0 is_complete=''
lines=()

wants() { [[ " $RUNS " == *" $1 "* ]]; }

# again LINE: to be said again at the end.
again() { printf '%s\n' "$*" | tr -d '\r' | cut -c "1-$AGAIN_WIDTH" >>"$out/again"; }

say_again() {
    local count
    [ -s "$out/again" ] || return 0
    count=$(wc -l <"$out/again")
    printf '\n%sWhat failed%s\n' "$RED" "$PLAIN"
    head -n $((count > AGAIN_LINES ? AGAIN_LINES - 1 : AGAIN_LINES)) "$out/again"
    [ "$count" -le $AGAIN_LINES ] || printf '... and %d lines more; all of it stands above, in full.\n' $((count - AGAIN_LINES + 1))
}

# count_run NAME LOG STATUS SECONDS: adds the runner's own summary to the total.
count_run() {
    local name=$1 log=$2 status=$3 p f s line
    # CUnit:  tests  Total  Ran  Passed  Failed  Inactive; then, as CUnit knows no skipping, a line of the runner's own.
    # The contract tests:  N passed, N failed[, N skipped]
    read -r p f s < <(awk '
        $1 == "tests" && NF == 6 { p += $4; f += $5; s += $6 }
        $2 == "passed," && $4 ~ /^failed,?$/ { p += $1; f += $3; s += $5 }
        NF == 2 && $1 ~ /^[0-9]+$/ && $2 == "skipped" { p -= $1; s += $1 }
        END { print p + 0, f + 0, s + 0 }' "$log")
    while IFS= read -r line; do again "$name: $line"; done < <(awk -f tools/failures.awk "$log")
    if [ "$status" = 124 ]; then
        warn "$name: the runner hung; ended after $LIMIT s. It hung in the last test above, or the one after."
        again "$name: hung after$(grep -E '^  Test: |^ok [0-9]' "$log" | tail -n 1 | sed 's/ \.\.\..*//; s/^ */ /')"
        f=$((f + 1))
    elif [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
        warn "$name: the runner ended with status $status."
        again "$name: the runner ended with status $status: $(tail -n 1 "$log")"
        f=1
    elif [ $((p + f + s)) -eq 0 ]; then
        warn "$name: the runner ran no test."
        [ ${#suites[@]} -gt 0 ] || { f=1 && again "$name: ran no test"; }
    fi
    add "$name" "$p" "$f" "$s" "$4"
}

add() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    lines+=("$(printf '  %-22s %5d passed, %d failed%s  %ds' "$1" "$2" "$3" "$([ "$4" = 0 ] || echo ", $4 skipped")" "$5")")
}

# print_reports NAME: what the sanitizers of any process of the run have left.
print_reports() {
    local report found=''
    for report in "$out"/sanitizer.*; do
        [ -s "$report" ] || continue
        found=yes
        again "$1: $(grep -m 1 -E 'ERROR: |WARNING: ThreadSanitizer|runtime error' "$report" || head -n 1 "$report")"
        printf '%s---- %s%s\n' "$RED" "$(head -c 200 "$report" | tr '\n' ' ')" "$PLAIN"
        head -n 60 "$report"
        rm -f "$report"
    done
    [ -n "$found" ]
}

# run NAME BINARY COMMAND...: COMMAND with the sanitizers' reports going to files, its output counted and shown, but
# for the thousands of lines in which the contract tests say that all is well.
run() {
    local name=$1 binary=$2 log=$out/log status=0 began=$SECONDS
    shift 2
    printf '\n%s== %s%s\n' "$BOLD" "$name" "$PLAIN"
    QUARTERDAY_TEST_BINARY=$binary \
        ASAN_OPTIONS=log_path=$out/sanitizer:allocator_may_return_null=1:detect_leaks=1 \
        UBSAN_OPTIONS=log_path=$out/sanitizer:print_stacktrace=1:halt_on_error=1 \
        TSAN_OPTIONS=log_path=$out/sanitizer:second_deadlock_stack=1$suppressions \
        "$@" 2>&1 | tee "$log" | { grep --line-buffered -v '^ok [0-9]' || true; } || status=$?
    if print_reports "$name" && [ $status -eq 0 ]; then status=99; fi
    count_run "$name" "$log" "$status" $((SECONDS - began))
}

# run_suites NAME RUNNER BINARY SUITE...
run_suites() { run "$1" "$3" tools/with_cluster.sh timeout --foreground --kill-after=20 $LIMIT "$2" "${@:4}"; }

run_plain() {
    compile plain program tests
    run_suites "as shipped" "$(built plain/tests/run)" "$(built quarterday)" "${suites[@]}"
}

run_asan() {
    compile asan program tests
    run_suites "ASan and UBSan" "$(built asan/tests/run)" "$(built asan/quarterday)" "${suites[@]}"
}

# What has threads: the server's own suites, the rows judged by several hands, and the http suites, which start the whole program.
threaded_suites() {
    local suite
    [ ${#suites[@]} -gt 0 ] || printf '%s\n' server_crew unit_returns_hostile transport http
    for suite in "${suites[@]}"; do [[ ! $suite =~ ^(server_crew|unit|transport|http) ]] || say "$suite"; done
}

run_tsan() {
    local chosen runner
    mapfile -t chosen < <(threaded_suites)
    [ ${#chosen[@]} -gt 0 ] || return 0
    compile tsan program tests
    runner=$(built tsan/tests/run)
    # libtsan of gcc 12 does not start where the kernel spreads addresses far; then without that.
    if ! "$(built tsan/quarterday)" --version >/dev/null 2>&1; then
        printf '#!/bin/sh\nexec setarch -R "%s" "$@"\n' "$runner" >"$out/runner"
        chmod +x "$out/runner"
        runner=$out/runner
    fi
    run_suites "TSan, threads" "$runner" "$(built tsan/quarterday)" "${chosen[@]}"
}

run_contract() {
    [ -f tests/contract/run.mjs ] || return 0
    compile plain program
    compile asan program
    run "contract" "$(built asan/quarterday)" tools/with_service.sh \
        env QUARTERDAY_BINARY="$(built quarterday)" timeout --foreground --kill-after=20 $LIMIT node tests/contract/run.mjs
}

replay_corpora() {
    local source name began=$SECONDS p=0 f=0 directory
    compile asan tests
    for source in tests/fuzz/*.c; do
        name=$(basename "$source" .c)
        if [ "$name" = replay_main ] || [ ! -f "$source" ]; then continue; fi
        directory=tests/fuzz/corpus/$name
        [ -d "$directory" ] || directory=$out/empty
        mkdir -p "$out/empty"
        if "$(built "asan/fuzz/$name")" "$directory" >"$out/replay" 2>&1; then
            p=$((p + 1))
        else
            f=$((f + 1))
            again "fuzz target $name fails on its corpus: $(grep -m 1 -E 'ERROR: |runtime error' "$out/replay" || tail -n 1 "$out/replay")"
            printf '%sfuzz target %s fails on its corpus:%s\n' "$RED" "$name" "$PLAIN"
            tail -n 40 "$out/replay"
        fi
    done
    [ $((p + f)) -eq 0 ] || add "fuzz corpora" $p $f 0 $((SECONDS - began))
}

# A script of tests/shell passes with 0, is skipped with 77 (its last line says why), fails with anything else.
run_scripts() {
    local script began=$SECONDS p=0 f=0 s=0 status
    compile plain program
    for script in tests/shell/*.sh; do
        [ -f "$script" ] || continue
        status=0
        QUARTERDAY_TEST_BINARY=$(built quarterday) bash "$script" >"$out/script" 2>&1 || status=$?
        case $status in
        0) p=$((p + 1)) ;;
        77) s=$((s + 1)) && say "skipped: $script: $(tail -n 1 "$out/script")" ;;
        *)
            f=$((f + 1))
            again "$script fails: $(tail -n 1 "$out/script")"
            printf '%s%s fails:%s\n' "$RED" "$script" "$PLAIN"
            tail -n 40 "$out/script"
            ;;
        esac
    done
    [ $((p + f + s)) -eq 0 ] || add "scripts" $p $f $s $((SECONDS - began))
}

# Whatever happens, a total is the last thing printed: a build that fails is a test that fails.
finish() {
    local status=$?
    if [ -z "$is_complete" ]; then
        say_again
        printf '\nStopped before the end.\n%d passed, %d failed\n' "$passed" $((failed + 1))
    fi
    rm -rf "$out"
    exit $status
}
trap finish EXIT

main() {
    suites=("$@")
    suppressions=''
    [ ! -f tests/tsan.supp ] || suppressions=:suppressions=$ROOT/tests/tsan.supp
    tools/deps.sh run build test
    tools/deps.sh print || warn "chromium and pdfinfo cannot be installed: what is printed is skipped."
    install_npm tests/contract
    ! wants plain || run_plain
    ! wants asan || run_asan
    ! wants tsan || run_tsan
    if [ ${#suites[@]} -eq 0 ] || [[ " ${suites[*]} " == *" contract "* ]]; then
        ! wants contract || run_contract
    fi
    if [ ${#suites[@]} -eq 0 ]; then
        ! wants fuzz || replay_corpora
        ! wants shell || run_scripts
    fi
    say_again
    printf '\n%sAll runs%s (%d s)\n' "$BOLD" "$PLAIN" "$SECONDS"
    printf '%s\n' "${lines[@]}"
    is_complete=yes
    printf '%d passed, %d failed%s\n' "$passed" "$failed" "$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
    [ "$failed" -eq 0 ]
}

main "$@"
