# shellcheck shell=bash
# One home (QUARTERDAY_HOME, the private state of `make run`): its lock, and a server that an earlier run left behind.
# Sourced by run.sh and reset.sh, after lib.sh.
#
# File descriptor 8 is the lock. Whatever outlives the script must be started with 8>&-, or a later run would believe
# that this one still runs.

HOME_DIR=$(absolute "${QUARTERDAY_HOME:-$ROOT/.run}")
RUN_JSON=$HOME_DIR/run.json
SERVER_PID=$HOME_DIR/server.pid

take_lock() {
    (umask 077 && mkdir -p "$HOME_DIR") || die "cannot make $HOME_DIR." "Choose another place with QUARTERDAY_HOME."
    [ -O "$HOME_DIR" ] || die "$HOME_DIR belongs to $(stat -c %U "$HOME_DIR")." \
        "Run as that user, or set QUARTERDAY_HOME to another folder."
    exec 8>"$HOME_DIR/lock"
    flock -n 8 || die "Quarterday already runs from ${HOME_DIR}$(running_where)." "$1"
}

running_where() {
    local url
    url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$RUN_JSON" 2>/dev/null) || true
    [ -z "$url" ] || printf ' at %s' "$url"
}

# is_our_server PID: a process that serves this very home. A number in a file may belong to anybody after a reboot.
is_our_server() {
    local arguments=()
    mapfile -d '' -t arguments 2>/dev/null <"/proc/$1/cmdline" || return 1
    [[ ${arguments[1]:-} == serve && " ${arguments[*]} " == *" --home $HOME_DIR "* ]]
}

# stop_server PID: in order; by force after the time that the server gives its last requests and a little more.
stop_server() {
    local pid=$1
    kill -s TERM "$pid" 2>/dev/null || return 0
    ! has_ended "$pid" 600 || return 0
    warn "the server ($pid) does not stop; ending it by force. Nothing acknowledged is lost."
    kill -s KILL "$pid" 2>/dev/null || return 0
    has_ended "$pid" 600 || warn "the server ($pid) is still there."
}

# has_ended PID TRIES: waits for it, a twentieth of a second for each try.
has_ended() {
    for _ in $(seq 1 "$2"); do
        is_our_server "$1" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}

stop_leftover_server() {
    local pid
    pid=$(cat "$SERVER_PID" 2>/dev/null) || return 0
    if [[ $pid =~ ^[0-9]+$ ]] && is_our_server "$pid" 2>/dev/null; then
        say "A server of an interrupted run still runs ($pid); stopping it."
        stop_server "$pid"
    fi
    rm -f "$SERVER_PID" "$RUN_JSON"
}
