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
# shellcheck source=tools/test_home.sh
. "$ROOT/tools/test_home.sh"

home=''

finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    if [ $status -ne 0 ] && [ -s "$home/log/postgresql.log" ]; then
        cp "$home/log/postgresql.log" "$(built test-postgresql.log)" 2>/dev/null || true
    fi
    [ -z "$home" ] || remove_test_home "$home"
    exit $status
}

main() {
    [ $# -gt 0 ] || die "usage: tools/with_cluster.sh COMMAND..."
    clean_environment
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    home=$(new_test_home)
    "$ROOT/tools/cluster.sh" start "$home"
    "$ROOT/tools/cluster.sh" psql "$home" super postgres -c 'ALTER ROLE quarterday_owner CREATEDB'
    QUARTERDAY_TEST_OWNER=$("$ROOT/tools/cluster.sh" conninfo "$home" owner)
    QUARTERDAY_TEST_APP=$("$ROOT/tools/cluster.sh" conninfo "$home" app)
    QUARTERDAY_TEST_HOME=$home/work
    mkdir "$QUARTERDAY_TEST_HOME"
    export QUARTERDAY_TEST_OWNER QUARTERDAY_TEST_APP QUARTERDAY_TEST_HOME
    "$@"
}

main "$@"
