#!/usr/bin/env bash
# torture.sh [CYCLES [SUITE...]] (make torture): the suites of tests/torture, as often as a night allows. CYCLES kills of the service
# and connections lost at COMMIT, half as many of a backend, a fifth of the whole cluster, a tenth during a sign-off, a hundredth of the rounds through the named
# crash points (those in the build with AddressSanitizer: what ships has none); CYCLES slow connections, 2,000 at most; CYCLES requests while
# certificates are replaced.
#
# `make test` runs the same suites with few cycles. Nothing here has a time limit; most of it is PostgreSQL's recovery. On two busy
# cores a kill of the service took 0.5 s, of a backend 2.5 s, of the cluster 4 s.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

cycles=${1:-200}
[[ $cycles =~ ^[1-9][0-9]*$ ]] || die "CYCLES is '$cycles'." "Use: make torture CYCLES=10000"
shift || true
suites=("${@:-torture}")

tools/deps.sh run build test
compile plain program tests
compile asan program tests
export QUARTERDAY_TEST_CYCLES=$cycles
status=0
QUARTERDAY_TEST_BINARY=$(built quarterday) tools/with_cluster.sh "$(built plain/tests/run)" "${suites[@]}" || status=1
if [[ " ${suites[*]} " =~ \ (torture|torture_points)\  ]]; then
    QUARTERDAY_TEST_BINARY=$(built asan/quarterday) tools/with_cluster.sh "$(built asan/tests/run)" torture_points || status=1
fi
[ $status = 0 ] || die "a torture suite failed." "What failed stands above."
