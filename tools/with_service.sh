#!/usr/bin/env bash
# with_service.sh COMMAND...: runs COMMAND beside a whole Quarterday with the sample in it, as `make run` makes it, on a free
# port and in a temporary home; then deletes all of it. Exit status: COMMAND's. COMMAND finds QUARTERDAY_RUN_JSON.
#
# QUARTERDAY_TEST_BINARY, if set, is the program that serves.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/test_home.sh
. "$ROOT/tools/test_home.sh"

home='' run_pid=''

finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    if [ -n "$run_pid" ]; then
        kill -s TERM "$run_pid" 2>/dev/null || true
        wait "$run_pid" || true
    fi
    if [ $status -ne 0 ] && [ -s "$home/log/server.log" ]; then
        cp "$home/log/server.log" "$(built test-server.log)" 2>/dev/null || true
    fi
    [ -z "$home" ] || remove_test_home "$home"
    exit $status
}

main() {
    [ $# -gt 0 ] || die "usage: tools/with_service.sh COMMAND..."
    clean_environment
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    home=$(new_test_home)
    QUARTERDAY_HOME=$home QUARTERDAY_PORT=0 QUARTERDAY_BINARY=${QUARTERDAY_TEST_BINARY:-} \
        "$ROOT/tools/run.sh" >"$home/run.log" 2>&1 &
    run_pid=$!
    until [ -s "$home/run.json" ]; do
        kill -0 "$run_pid" 2>/dev/null || {
            cat "$home/run.log" >&2
            die "the service did not start."
        }
        sleep 0.1
    done
    QUARTERDAY_RUN_JSON=$home/run.json "$@"
}

main "$@"
