#!/usr/bin/env bash
# Disks that are full, one after the other, under a running service: that of large bodies, that of the log, that of PostgreSQL. Each is a
# small tmpfs in a mount namespace of this script alone. What is refused is refused in words, what was acknowledged is there afterwards,
# and the service, which is never started again, goes on once there is room.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../../tools/lib.sh"
cd "$ROOT"

if [ -z "${DISK_FULL_ROOM:-}" ]; then
    is_root || { say "only root may mount a small disk" && exit 77; }
    unshare -m --propagation private sh -c 'mount -t tmpfs none /mnt' 2>/dev/null || { say "mounting is refused here" && exit 77; }
    DISK_FULL_ROOM=yes exec unshare -m --propagation private bash "$0"
fi
# shellcheck source=tools/test_home.sh
. "$ROOT/tools/test_home.sh"

binary=$QUARTERDAY_TEST_BINARY
clean_environment
# A quota of our own in the place of root's clusters: only this script and what it starts see it.
mkdir -p /var/lib/quarterday
mount -t tmpfs -o size=320m,mode=755 none /var/lib/quarterday
home=$(new_test_home)
state=$home/state spool=$home/spool log=$home/state/log database=/var/lib/quarterday run_pid=''

finish() {
    local status=$?
    trap - EXIT
    rm -f "$log/filler" "$database/filler"
    [ -z "$run_pid" ] || kill -s TERM "$run_pid" 2>/dev/null || true
    wait || true
    remove_test_home "$home" >/dev/null 2>&1 || true
    umount "$log" "$spool" 2>/dev/null || true
    rm -rf "$home"
    exit $status
}
trap finish EXIT

mkdir -p "$spool" "$log"
mount -t tmpfs -o size=1m none "$spool"
mount -t tmpfs -o size=1m none "$log"
: >"$home/unsure"

fail() {
    cat "$home/run.log" "$home/answer" 2>/dev/null | tail -n 30
    tail -n 8 "$log/server.log" "$log/postgresql.log" 2>/dev/null || true
    die "$1"
}

QUARTERDAY_HOME=$state QUARTERDAY_PORT=0 QUARTERDAY_SAMPLE=none QUARTERDAY_BINARY=$binary QUARTERDAY_SPOOL_DIR=$spool \
    tools/run.sh >"$home/run.log" 2>&1 &
run_pid=$!
until [ -s "$state/run.json" ]; do
    kill -0 "$run_pid" 2>/dev/null || fail "the service does not start"
    sleep 0.1
done
url=$(jq -r .url "$state/run.json")
server=$(jq -r .pid "$state/run.json")

ask() { # KEY PATH ARGUMENTS...: prints the status; the body goes to `answer`
    curl --silent --noproxy '*' --max-time 120 --cacert "$(jq -r .caFile "$state/run.json")" -H "Authorization: Bearer $(jq -r "$1" "$state/run.json")" \
        --output "$home/answer" --write-out '%{http_code}' "$url$2" "${@:3}" || true
}
put() { ask .keys.providers.homerton "/v1/returns/city-and-hackney/homerton/2025-26-Q1/$1" -H 'Content-Type: text/csv' --upload-file "$2"; }
sql() { tools/cluster.sh psql "$state" super quarterday -A -t -c "$1"; }

episodes() { # ROWS FIRST: FIRST makes other rows of it
    awk -v rows="$1" -v first="$2" 'BEGIN {
        print "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate"
        for (i = 1; i <= rows; i++) printf "E-%d,C-%d-%d,Hackney,2025-05-01,40\n", i, first, i
    }'
}
calls() { printf 'month,callsReceived,callsAnsweredFirstTime\n2025-04,%d,1\n' "$1"; }

# What was acknowledged, a digest a line: each must be a version's. And what went with PostgreSQL at its COMMIT: it may be one.
take_receipt() {
    [ "$(jq -r .sha256 "$home/answer")" = "$(sha256sum <"$1" | cut -d ' ' -f 1)" ] || fail "$2: the receipt is of other bytes"
    jq -r .sha256 "$home/answer" >>"$home/receipts"
}
check_receipts() {
    local missing
    sql "SELECT encode(sha256, 'hex') FROM quarterday.version" | sort -u >"$home/stored"
    missing=$(sort -u "$home/receipts" | comm -23 - "$home/stored" | wc -l)
    [ "$missing" = 0 ] || fail "$1: $missing acknowledged versions are not there"
    [ "$(sql "SELECT count(*) FROM quarterday.version v WHERE part = 0 AND rows <> (SELECT count(*) FROM quarterday.episode e
        WHERE e.provider = v.provider AND e.period = v.period AND e.version = v.version)")" = 0 ] || fail "$1: a version has not all its rows"
    missing=$(sort -u "$home/receipts" "$home/unsure" | comm -13 - "$home/stored" | wc -l)
    [ "$missing" = 0 ] || fail "$1: $missing versions are stored that were refused"
}
accepted() { # WHAT PART FILE
    local status
    status=$(put "$2" "$3")
    [[ $status == 20[01] ]] || fail "$1: $status"
    take_receipt "$3" "$1"
}
refused() { # WHAT STATUS: in words
    [ "$2" = 503 ] || fail "$1: $2"
    jq --exit-status '.type and .title and .detail and .code == "UNAVAILABLE"' "$home/answer" >/dev/null || fail "$1: no problem document"
}
# Why a request was refused is for the operator: in the log, with the correlation id of the answer.
is_explained() { # WHAT WORDS
    grep -F "$(jq -r .correlationId "$home/answer")" "$log/server.log" | grep -q "$2" || fail "$1: the log does not say why"
}
wait_for() { # WHAT COMMAND...
    for _ in $(seq 1 1200); do
        ! "${@:2}" || return 0
        sleep 0.1
    done
    fail "$1"
}
is_ready() { [ "$(ask .keys.commissioner /health/ready)" = 200 ]; }
fill() { dd if=/dev/zero of="$1/filler" bs=64k 2>/dev/null || true; }
check_same_server() {
    kill -0 "$server" 2>/dev/null || fail "the server is gone"
    [ "$(jq -r .pid "$state/run.json")" = "$server" ] || fail "the server is another one"
}

# Large bodies.
episodes 40000 1 >"$home/large.csv"
calls 1 >"$home/small.csv"
refused "a body that does not fit" "$(put episodes "$home/large.csv")"
is_explained "a body that does not fit" "Cannot write in the spool directory $spool: No space left"
accepted "a small one meanwhile" contacts "$home/small.csv"
check_receipts "spool full"
mount -o remount,size=64m "$spool"
accepted "the same body, once there is room" episodes "$home/large.csv"
check_receipts "spool mended"

# The log.
fill "$log"
for i in 2 3 4; do
    calls $i >"$home/small.csv"
    accepted "an upload that cannot be logged" contacts "$home/small.csv"
done
is_ready || fail "not ready with a full log"
rm -f "$log/filler"
before=$(wc -l <"$log/server.log")
calls 5 >"$home/small.csv"
accepted "an upload that is logged again" contacts "$home/small.csv"
is_logged() { [ "$(wc -l <"$log/server.log")" -gt "$before" ]; }
wait_for "nothing is logged any more" is_logged

# The database. What it has room for inside its files is used up first.
fill "$database"
status=200
for i in $(seq 2 60); do
    episodes 40000 "$i" >"$home/large.csv"
    status=$(put episodes "$home/large.csv")
    [[ $status == 20[01] ]] || break
    take_receipt "$home/large.csv" "a return into a disk that fills"
done
refused "a return that the database has no room for" "$status"
is_explained "a return that the database has no room for" "53100 .*No space left"
[ "$(ask .keys.commissioner /health/live)" = 200 ] || fail "not alive with a full database"
rm -f "$database/filler"
wait_for "the service is not ready" is_ready
accepted "the same return, once there is room" episodes "$home/large.csv"
check_receipts "database mended"

# Its write-ahead log: where that cannot grow PostgreSQL ends at once, and it is started by its operator. The service is left alone.
fill "$database"
for i in $(seq 6 60); do
    calls "$i" >"$home/small.csv"
    status=$(put contacts "$home/small.csv")
    [[ $status == 20[01] ]] || break
    take_receipt "$home/small.csv" "an upload into a log that fills"
    sql 'SELECT pg_switch_wal()' >/dev/null 2>&1 || true
done
[ "$status" = 503 ] || fail "a write-ahead log without room: $status"
sha256sum <"$home/small.csv" | cut -d ' ' -f 1 >>"$home/unsure"
rm -f "$database/filler"
tools/cluster.sh start "$state"
wait_for "the service does not come back" is_ready
accepted "the same upload, once there is room" contacts "$home/small.csv"
check_receipts "write-ahead log mended"
"$binary" audit verify --database "$(tools/cluster.sh conninfo "$state" owner quarterday)" >/dev/null || fail "the audit's chains"
check_same_server
say "$(wc -l <"$home/receipts") receipts, all there"
