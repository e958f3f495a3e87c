#!/usr/bin/env bash
# bench.sh (make bench): what is fast, beside its limit, in one run: bench/run.sh on a throw-away cluster. It finds what
# tests find (tools/with_cluster.sh) and QUARTERDAY_TEST_BENCH_BIN, the folder of the programs made from bench/*.c.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

[ -f bench/run.sh ] || die "there is no bench/run.sh yet."
tools/deps.sh run build test bench
compile plain bench
QUARTERDAY_TEST_BINARY=$(built quarterday) QUARTERDAY_TEST_BENCH_BIN=$(built plain/bench) \
    PATH=/usr/lib/postgresql/15/bin:$PATH tools/with_cluster.sh bash bench/run.sh
