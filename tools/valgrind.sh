#!/usr/bin/env bash
# valgrind.sh [SUITE...] (make valgrind): memcheck over the unit suites in what ships, and over the whole program under a few http suites.
# Sees what ASan cannot: values that were never set. Far too slow for each commit; the sanitizers are in `make test`.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

readonly CHECK=(valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite)

tools/deps.sh run build test valgrind
compile plain program tests
status=0
if [ $# -gt 0 ]; then
    units=("$@") smoke=()
else
    units=(base keys kpi plan settings unit server_guard server_query server_route server_problem) smoke=(http_versions)
fi
"${CHECK[@]}" "$(built plain/tests/run)" "${units[@]}" || status=1
if [ ${#smoke[@]} -gt 0 ]; then
    # The suites start the program by this name; an error that valgrind finds is its exit status, and fails the suite.
    printf '#!/bin/sh\nexec %s %s "$@"\n' "${CHECK[*]}" "$(built quarterday)" >"$(built valgrind)"
    chmod +x "$(built valgrind)"
    QUARTERDAY_TEST_BINARY=$(built valgrind) tools/with_cluster.sh "$(built plain/tests/run)" "${smoke[@]}" || status=1
fi
[ $status = 0 ] || die "valgrind found something, or a suite failed under it." "What it is stands above."
