#!/usr/bin/env bash
# valgrind.sh [SUITE...] (make valgrind): memcheck over the whole suite, in what ships. Sees what ASan cannot: values that were never set.
#
# What tests call themselves runs in the runner, so the runner is under valgrind; the http suites start the program, so the program is.
# Everything takes some thirty times as long: tests wait QUARTERDAY_TEST_PATIENCE times longer for what they wait for. About half an hour of one
# core; the sanitizers are in `make test`. Without arguments all but what only repeats itself a thousand times (SKIPPED below) and the torture suites.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

readonly CHECK=(valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite)
# http_oracle: hundreds of random shelves, counted twice; http_large: 100,000 rows. Both run when they are named.
readonly IN_RUNNER=(base keys kpi plan settings unit server db transport)
readonly SKIPPED='http_oracle http_large'

tools/deps.sh run build test valgrind
compile plain program tests
export QUARTERDAY_TEST_PATIENCE=${QUARTERDAY_TEST_PATIENCE:-20}

# The http suites by the names that their files give them.
http_suites() {
    local name
    sed -n 's/.*suite_add("\(http[ _][^"]*\)".*/\1/p' tests/http/*.c | tr ' ' '_' | sort -u | while read -r name; do
        [[ " $SKIPPED " == *" $name "* ]] || say "$name"
    done
}

in_runner=() with_program=()
if [ $# -gt 0 ]; then
    for suite in "$@"; do
        if [[ $suite == http* ]]; then with_program+=("$suite"); else in_runner+=("$suite"); fi
    done
else
    in_runner=("${IN_RUNNER[@]}")
    mapfile -t with_program < <(http_suites)
fi

status=0
if [ ${#in_runner[@]} -gt 0 ]; then
    QUARTERDAY_TEST_BINARY=$(built quarterday) tools/with_cluster.sh "${CHECK[@]}" "$(built plain/tests/run)" "${in_runner[@]}" || status=1
fi
if [ ${#with_program[@]} -gt 0 ]; then
    # The suites start the program by this name; an error that valgrind finds is its exit status, and fails the suite.
    printf '#!/bin/sh\nexec %s %s "$@"\n' "${CHECK[*]}" "$(built quarterday)" >"$(built valgrind)"
    chmod +x "$(built valgrind)"
    QUARTERDAY_TEST_BINARY=$(built valgrind) tools/with_cluster.sh "$(built plain/tests/run)" "${with_program[@]}" || status=1
fi
[ $status = 0 ] || die "valgrind found something, or a suite failed under it." "What it is stands above."
