#!/usr/bin/env bash
# make run as its user lives it: a first start, a second one beside it, Ctrl-C, a crash of everything, reset. A real home
# of its own, without the sample (with_service.sh and the contract tests load that one).
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../../tools/lib.sh"
# shellcheck source=tools/test_home.sh
. "$ROOT/tools/test_home.sh"

binary=$QUARTERDAY_TEST_BINARY
clean_environment
home=$(new_test_home)
export QUARTERDAY_HOME=$home/state QUARTERDAY_PORT=0 QUARTERDAY_SAMPLE=none QUARTERDAY_BINARY=$binary
run_json=$QUARTERDAY_HOME/run.json
run_pid=''

finish() {
    local status=$?
    trap - EXIT
    [ -z "$run_pid" ] || kill -s TERM "$run_pid" 2>/dev/null || true
    wait || true
    tools/reset.sh >/dev/null 2>&1 || true
    remove_test_home "$home"
    exit $status
}
trap finish EXIT
cd "$ROOT"

check() { # WHAT COMMAND...
    local what=$1
    shift
    "$@" >"$home/check" 2>&1 || {
        cat "$home/check" "$home/run.log"
        die "$what"
    }
}

# In a process group of its own and with SIGINT as in a terminal: a script's background jobs ignore it.
start() {
    local began=${EPOCHREALTIME/[.,]/}
    rm -f "$home/run.log" "$run_json" # a killed run leaves it
    setsid env --default-signal=INT tools/run.sh >"$home/run.log" 2>&1 &
    run_pid=$!
    until [ -s "$run_json" ]; do
        kill -0 "$run_pid" 2>/dev/null || {
            cat "$home/run.log"
            die "run.sh ended before it was ready"
        }
        sleep 0.05
    done
    took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
}

ended() { # EXPECTED STATUS
    local status=0
    wait "$run_pid" || status=$?
    run_pid=''
    [ "$status" = "$1" ] || die "run.sh ended with $status, not $1"
}

answers() {
    curl --silent --show-error --fail --noproxy '*' --cacert "$(jq -r .caFile "$run_json")" \
        -H "Authorization: Bearer $(jq -r .keys.commissioner "$run_json")" "$(jq -r .url "$run_json")$1"
}

# A zombie (somewhere, nobody collects orphans) has no command line any more.
is_gone() { [ -z "$(tr -d '\0' 2>/dev/null <"/proc/$1/cmdline")" ]; }

says_gone() {
    is_gone "$1" || {
        say "process $1 is still there:"
        ps -o pid,ppid,stat,etime,wchan:20,args -p "$1" || true
        tail -n 5 "$QUARTERDAY_HOME/log/server.log"
        return 1
    }
}

is_without_cluster() { ! tools/cluster.sh status "$QUARTERDAY_HOME"; }

# What stopped it, and the number of its server.
check_stopped() {
    check "$1: run.json is removed" test ! -e "$run_json"
    check "$1: the server is gone" says_gone "$2"
    check "$1: PostgreSQL is stopped" is_without_cluster
}

# A server that takes its time: it rests until the COMMAND holds (two minutes at most) and a second more.
rest_until() { # PID COMMAND...
    local pid=$1
    shift
    kill -s STOP "$pid"
    {
        for _ in $(seq 1 1200); do
            ! "$@" || break
            sleep 0.1
        done
        sleep 1
        kill -s CONT "$pid"
    } 2>/dev/null &
}

start
first_took=$took
check "run.json has the shape of the contract" jq --exit-status '
    (.url | test("^https://127\\.0\\.0\\.1:[0-9]+$")) and (.caFile | startswith("/")) and (.pid | type == "number")
    and (.keys | keys == ["admin", "checker", "commissioner", "feed", "providers"]) # feed is ours: a key that reads feeds
    and (.keys.providers | keys == ["homerton", "pharmacies"])' "$run_json"
check "run.json is private" test "$(stat -c %a "$run_json")" = 600
check "the key of the certificate is private" test "$(stat -c %a "$QUARTERDAY_HOME/tls/key.pem")" = 600
check "its key opens its service" answers /v1/returns?service=city-and-hackney
check "the pid is the server's" test "$(jq .pid "$run_json")" = "$(cat "$QUARTERDAY_HOME/server.pid")"
key=$(jq -r .keys.admin "$run_json")

if tools/run.sh >"$home/second" 2>&1; then die "a second run did not refuse"; fi
check "the refusal says where it runs" grep -q "already runs .* at https://127" "$home/second"
if tools/reset.sh >"$home/second" 2>&1; then die "reset did not refuse while it runs"; fi
check "and harms nothing" answers /v1/returns?service=city-and-hackney

server=$(jq .pid "$run_json")
kill -s INT -- "-$run_pid"
ended 0
check_stopped "Ctrl-C" "$server"

# On a quiet machine about a second; what is caught here is a start that does its work again (packages, sample, migrations).
# A slow machine was slow the first time too. Two tries more, as it may be busy with other things than us.
for _ in 1 2 3; do
    start
    if [ "$took" -lt 6000 ] || [ "$took" -lt "$first_took" ]; then break; fi
    kill -s TERM "$run_pid"
    ended 0
done
[ -n "$run_pid" ] || die "the second start took $took ms, over 6 s and the first start's $first_took ms, three times"
check "the keys stay" test "$(jq -r .keys.admin "$run_json")" = "$key"

# A crash: everything dies at once, nobody tidies up.
server=$(jq .pid "$run_json")
postmaster=$(tools/cluster.sh status "$QUARTERDAY_HOME" | sed 's/.*pid \([0-9]*\),.*/\1/')
kill -s KILL "$run_pid" "$server" "$postmaster"
ended 137
start
check "after a crash it serves again" answers /v1/returns?service=city-and-hackney

# Only the script dies: the kernel ends the server, the next run takes the cluster over and stops it in the end.
server=$(jq .pid "$run_json")
rest_until "$server" grep -qs "still runs" "$home/run.log"
kill -s KILL "$run_pid"
ended 137
start
check "the orphaned server is gone" says_gone "$server"
check "it was found and stopped" grep -q "still runs ($server); stopping it" "$home/run.log"
server=$(jq .pid "$run_json")
rest_until "$server" test ! -e "$run_json"
kill -s TERM "$run_pid"
ended 0
check_stopped "SIGTERM" "$server"

# The server dies: make run must say so, and say where to look.
start
kill -s KILL "$(jq .pid "$run_json")"
ended 1
check "a crash of the server names its log" grep -q "server.log" "$home/run.log"

# Sample keys are for this machine only.
if QUARTERDAY_SAMPLE=demo QUARTERDAY_LISTEN=0.0.0.0 tools/run.sh >"$home/second" 2>&1; then
    die "sample keys were opened to the network"
fi
check "the refusal says what to do" grep -q "QUARTERDAY_SAMPLE=none" "$home/second"

tools/reset.sh >"$home/second"
check "reset leaves nothing" test ! -e "$QUARTERDAY_HOME"
