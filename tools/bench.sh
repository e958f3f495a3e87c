#!/usr/bin/env bash
# bench.sh [quick|growth|scale|instructions] (make bench, bench-quick, bench-growth, bench-scale): what is fast, beside its limit, in one run: a script of bench/ beside a
# throw-away Quarterday with the sample in it. The scripts find what tools/with_service.sh gives and QUARTERDAY_TEST_BENCH_BIN, the folder of the
# programs made from bench/*.c. `instructions` counts those of the hot functions anew and writes them down.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

beside_service() { tools/with_service.sh bash "$@"; }

# Also the counts when the ratios have fallen.
quick() {
    local status=0
    beside_service bench/quick.sh || status=$?
    bench/instructions.sh || status=$?
    return $status
}

what=${1:-all}
tools/deps.sh run build test bench
[ "$what" != all ] || install_npm bench/peer
compile plain bench
QUARTERDAY_TEST_BINARY=$(built quarterday)
QUARTERDAY_TEST_BENCH_BIN=$(built plain/bench)
export QUARTERDAY_TEST_BINARY QUARTERDAY_TEST_BENCH_BIN PATH=/usr/lib/postgresql/15/bin:$PATH
case $what in
all) beside_service bench/run.sh ;;
quick) quick ;;
growth | scale) beside_service "bench/$what.sh" ;;
instructions) bench/instructions.sh --write ;;
*) die "usage: tools/bench.sh [quick|growth|scale|instructions]" ;;
esac
