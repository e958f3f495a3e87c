#!/usr/bin/env bash
# reset.sh (make reset): deletes the private state that `make run` made: cluster, keys, certificate, sample, logs.
#
# Only what `make run` put there, by name: QUARTERDAY_HOME may be a folder that holds more. A database of the user's own
# (QUARTERDAY_DATABASE) is not ours to delete.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/home.sh
. "$ROOT/tools/home.sh"

main() {
    [ -d "$HOME_DIR" ] || {
        say "Nothing to reset: there is no $HOME_DIR."
        return
    }
    take_lock "Stop it first (Ctrl-C where it runs), then reset."
    stop_leftover_server
    "$ROOT/tools/cluster.sh" remove "$HOME_DIR" 8>&-
    cd "$HOME_DIR"
    rm -rf keys tls tls.new sample log
    rm -f run.json run.json.new ready.json server.pid cluster.ours cluster.id cluster.lock framework.loaded sample.loaded sample.played lock
    cd "$ROOT"
    rmdir "$HOME_DIR" 2>/dev/null || say "Kept $HOME_DIR: it holds files that make run did not make."
    say "Reset: the next 'make run' starts from nothing."
}

main
