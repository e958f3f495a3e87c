#!/usr/bin/env bash
# with_cluster.sh COMMAND...: runs COMMAND beside a throw-away PostgreSQL cluster, then deletes it. Exit status: COMMAND's.
#
# It is the cluster of `make run` with all its settings, in a temporary home; only here may the owner create databases,
# as each suite makes its own from a migrated template. COMMAND finds:
#   QUARTERDAY_TEST_OWNER, QUARTERDAY_TEST_APP   libpq connection strings without a database name
#   QUARTERDAY_TEST_HOME                         a folder for its own files, gone afterwards
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

readonly PREFIX=${TMPDIR:-/tmp}/quarterday-test
home=''

# Homes whose script was killed: nobody else will ever stop their clusters.
sweep() {
    local stale pid
    for stale in "$PREFIX".*; do
        if [ -O "$stale" ] && pid=$(cat "$stale/script.pid" 2>/dev/null) && [ ! -d "/proc/$pid" ]; then
            "$ROOT/tools/cluster.sh" remove "$stale" && rm -rf "$stale"
        fi
    done
}

finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    if [ -n "$home" ]; then
        "$ROOT/tools/cluster.sh" remove "$home" || true
        rm -rf "$home"
    fi
    exit $status
}

# The settings of the caller's own Quarterday or PostgreSQL must not reach the tests.
clean_environment() {
    local name
    for name in "${!QUARTERDAY_@}" "${!PG@}"; do
        [[ $name == QUARTERDAY_TEST_* ]] || unset "$name"
    done
}

main() {
    [ $# -gt 0 ] || die "usage: tools/with_cluster.sh COMMAND..."
    clean_environment
    sweep
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    home=$(mktemp -d "$PREFIX.XXXXXX")
    say $$ >"$home/script.pid"
    "$ROOT/tools/cluster.sh" start "$home"
    "$ROOT/tools/cluster.sh" psql "$home" super postgres -c 'ALTER ROLE quarterday_owner CREATEDB'
    QUARTERDAY_TEST_OWNER=$("$ROOT/tools/cluster.sh" conninfo "$home" owner)
    QUARTERDAY_TEST_APP=$("$ROOT/tools/cluster.sh" conninfo "$home" app)
    QUARTERDAY_TEST_HOME=$home/work
    mkdir "$QUARTERDAY_TEST_HOME"
    export QUARTERDAY_TEST_OWNER QUARTERDAY_TEST_APP QUARTERDAY_TEST_HOME
    local status=0
    "$@" || status=$?
    if [ $status -ne 0 ] && [ -s "$home/log/postgresql.log" ]; then
        mkdir -p "$(built '')"
        cp "$home/log/postgresql.log" "$(built test-postgresql.log)"
    fi
    return $status
}

main "$@"
