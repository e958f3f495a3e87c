#!/usr/bin/env bash
# run.sh: every path of Quarterday beside its limit or a peer, in paired rounds. Started by tools/bench.sh beside a throw-away service;
# writes bench/RESULTS.md and bench/results.json. docs/performance.md says what is measured and how; bench/paths/ has the paths.
#
# QUARTERDAY_BENCH_ROUNDS (at least 7, if the result is to be kept) and QUARTERDAY_BENCH_ONLY="uploads reads" (names in PATHS below) for work on the
# bench itself: then nothing is written but to the terminal. QUARTERDAY_BENCH_QUICK=FILE: few rows in few rounds, and their results go to that file.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
# shellcheck source=bench/paired.sh
. "$ROOT/bench/paired.sh"
# shellcheck source=bench/harness.sh
. "$ROOT/bench/harness.sh"
# shellcheck source=bench/peers.sh
. "$ROOT/bench/peers.sh"
# shellcheck source=bench/tell.sh
. "$ROOT/bench/tell.sh"

readonly BINARY=$QUARTERDAY_TEST_BINARY BIN=$QUARTERDAY_TEST_BENCH_BIN RUN_JSON=$QUARTERDAY_RUN_JSON
readonly HOME_DIR=${RUN_JSON%/*} WORK=${RUN_JSON%/*}/bench
# TODAY is the day that the sample takes for today (tools/run.sh).
# shellcheck disable=SC2034 # read by the files that are sourced
readonly RESULTS=$WORK/results.tsv SEED=1 PERIOD=2025-26-Q3 SERVICE=city-and-hackney TODAY=2026-02-20
# Rounds of the small upload, which is short and noisy; and of what takes seconds and hardly varies.
readonly SMALL_ROUNDS=15 FEW_ROUNDS=5
# Of the readers: connections, and seconds a round; the tools on both sides have one thread.
# shellcheck disable=SC2034
readonly CLIENTS=8 READ_SECONDS=1 BUSY_SECONDS=2
readonly PATHS="uploads small validation million reads misses counting feed busy memory" QUICK_PATHS="uploads validation reads counting"

for path in "$ROOT"/bench/paths/*.sh; do
    # shellcheck source=/dev/null
    . "$path"
done

finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    end_started
    exit $status
}

main() {
    local only=${QUARTERDAY_BENCH_ONLY:-$PATHS} path
    [ -z "$IS_QUICK" ] || only=$QUICK_PATHS
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    connect
    rows csv 100000 0 large.csv
    rows json 100000 0 large.json
    say "$(machine)"
    for path in $only; do "$path"; done
    if [ -n "$IS_QUICK" ]; then
        write_json >"$IS_QUICK"
        return
    fi
    if [ -n "${QUARTERDAY_BENCH_ONLY:-}" ]; then
        write_table
        write_sides
        return
    fi
    write_results >"$WORK/RESULTS.md"
    write_json >"$WORK/results.json"
    cp "$WORK/RESULTS.md" "$WORK/results.json" "$ROOT/bench/"
    say
    cat "$WORK/RESULTS.md"
}

main "$@"
