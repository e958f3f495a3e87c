#!/usr/bin/env bash
# bench.sh (make bench): what is fast, beside its limit, in one run: bench/run.sh beside a throw-away Quarterday with the sample in
# it. It finds what tools/with_service.sh gives and QUARTERDAY_TEST_BENCH_BIN, the folder of the programs made from bench/*.c.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

tools/deps.sh run build test bench
install_npm bench/peer
compile plain bench
QUARTERDAY_TEST_BINARY=$(built quarterday) QUARTERDAY_TEST_BENCH_BIN=$(built plain/bench) \
    PATH=/usr/lib/postgresql/15/bin:$PATH exec tools/with_service.sh bash bench/run.sh
