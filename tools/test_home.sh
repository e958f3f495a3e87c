# shellcheck shell=bash
# Throw-away homes for tests: $TMPDIR/quarterday-test.XXXXXX, with the number of the script that made it in script.pid. A
# killed script cannot tidy up; the next one does it. Sourced after lib.sh.

readonly TEST_HOME_PREFIX=${TMPDIR:-/tmp}/quarterday-test

# Prints the path of a new one.
new_test_home() {
    local home
    sweep_test_homes >&2
    home=$(mktemp -d "$TEST_HOME_PREFIX.XXXXXX")
    say $$ >"$home/script.pid"
    say "$home"
}

remove_test_home() {
    "$ROOT/tools/cluster.sh" remove "$1" || true
    rm -rf "$1"
}

sweep_test_homes() {
    local stale pid
    for stale in "$TEST_HOME_PREFIX".*; do
        if [ -O "$stale" ] && pid=$(cat "$stale/script.pid" 2>/dev/null) && [ ! -d "/proc/$pid" ]; then
            remove_test_home "$stale"
        fi
    done
}

# The settings of the caller's own Quarterday or PostgreSQL must not reach the tests.
clean_environment() {
    local name
    for name in "${!QUARTERDAY_@}" "${!PG@}"; do
        case $name in QUARTERDAY_TEST_* | QUARTERDAY_BENCH_* | PG_BIN) ;; *) unset "$name" ;; esac
    done
}
