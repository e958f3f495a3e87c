# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# What the paths of the bench share: psql and an uploader that stay open, services with providers, further instances. Sourced after lib.sh.

psql_pid='' upload_pid=''
# Everything that the bench started and must end.
STARTED=()

field() { jq -er "$1" "$RUN_JSON"; }

# end_started: the newest first.
end_started() {
    local i
    for ((i = ${#STARTED[@]} - 1; i >= 0; i--)); do end "${STARTED[i]}"; done
    STARTED=()
}

# end PID: asks it, and waits until it is gone; nobody, where it has ended and its number may be another's.
end() {
    [[ " $(jobs -rp | tr '\n' ' ')" == *" $1 "* ]] || return 0
    kill -s TERM "$1" 2>/dev/null || return 0
    wait "$1" 2>/dev/null || true
}

# ---- psql and the uploader: one connection each, open all the time ------------------------------------------------

start_psql() {
    mkfifo "$WORK/psql.in" "$WORK/psql.out"
    psql -X -q -A -t -v ON_ERROR_STOP=1 "$OWNER" <"$WORK/psql.in" >"$WORK/psql.out" 2>"$WORK/psql.err" &
    psql_pid=$!
    STARTED+=("$psql_pid")
    exec 7>"$WORK/psql.in" 8<"$WORK/psql.out"
}

# ask LINE...: gives psql the lines; what it answers is in $ANSWER.
ask() {
    local line
    ANSWER=''
    printf '%s\n' "$@" '\echo end' >&7
    while IFS= read -r -t "${ASK_SECONDS:-120}" -u 8 line; do
        [ "$line" != end ] || return 0
        ANSWER+=$line$'\n'
    done
    die "psql does not answer." "$(cat "$WORK/psql.err")"
}

start_upload() {
    mkfifo "$WORK/upload.in" "$WORK/upload.out"
    "$BIN/upload" "$URL" "$CA" <"$WORK/upload.in" >"$WORK/upload.out" &
    upload_pid=$!
    STARTED+=("$upload_pid")
    exec 5>"$WORK/upload.in" 6<"$WORK/upload.out"
}

# send PATH TYPE KEY_FILE FILE: sends it; the seconds to the receipt are in $COST.
send() {
    local status
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$(<"$3")" "$4" >&5
    read -r -t 120 -u 6 status COST || die "the uploader ended."
    case $status in 200 | 201) ;; *) die "an upload was answered $status." ;; esac
}

# put SERVICE PROVIDER TYPE FILE [PERIOD]: the same, of episodes.
put() { send "/v1/returns/$1/$2/${5:-$PERIOD}/episodes" "$3" "$WORK/keys/$1.$2" "$4"; }

# copy_in SERVICE PROVIDER VERSION FILE: the same rows by \copy into the same columns; psql's own time is in $COST. The key comes from
# the table's defaults, but for the row's number, which the file has: a sequence would slow \copy down by a tenth.
copy_in() {
    local ms
    ask "alter table bench_episode alter service set default '$1', alter provider set default '$2', alter version set default $3;"
    ask '\timing on' "\\copy bench_episode (row,$COLUMNS) from '$4' with (format csv, header)" '\timing off'
    ms=$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' <<<"$ANSWER")
    COST=$(awk -v ms="$ms" 'BEGIN { print ms / 1000 }')
}

# ---- services, instances ------------------------------------------------------------------------------------------

# as_owner ARGUMENTS: a subcommand with the owner's connection; what it tells is shown when it fails.
as_owner() {
    QUARTERDAY_DATABASE=${OWNER% options=*} "$BINARY" "$@" 2>"$WORK/command.err" || die "quarterday $1 $2 failed." "$(cat "$WORK/command.err")"
}

# make_service SERVICE PROVIDERS [KEYS]: a service of its own for a path, with providers p0, p1, ... and a key for each (or for so many).
make_service() {
    local provider
    jq --arg service "$1" --argjson count "$2" '.id = $service | .service = $service | .providers[0] as $model |
        .providers = [range($count) | $model + {id: "p\(.)", name: "Provider \(.)", group: null}]' \
        "$ROOT/frameworks/$SERVICE.json" >"$WORK/$1.json"
    as_owner framework load "$WORK/$1.json" >/dev/null
    for provider in $(seq 0 $((${3:-$2} - 1))); do
        as_owner key issue --role provider --service "$1" --provider "p$provider" >"$WORK/keys/$1.p$provider"
    done
}

# make_key SERVICE ROLE: in $WORK/keys/SERVICE.ROLE.
make_key() { as_owner key issue --role "$2" --service "$1" >"$WORK/keys/$1.$2"; }

# copies SERVICE PROVIDER QUERY: the other providers that the query names (service, provider) get what this one has sent.
copies() {
    psql -X -q -v ON_ERROR_STOP=1 -v service="$1" -v model="$2" -v others="($3)" -f "$ROOT/bench/copies.sql" "$OWNER" >"$WORK/copies.log" 2>&1 ||
        die "copying rows failed." "$(tail -n 3 "$WORK/copies.log")"
}

# serve_beside ARGUMENTS: another instance on the same database; $BESIDE_PID, $BESIDE_PORT.
serve_beside() {
    local ready=$WORK/beside.json
    rm -f "$ready"
    QUARTERDAY_DATABASE=${APP% options=*} QUARTERDAY_KEY_PER_MINUTE=0 QUARTERDAY_KEY_UPLOADS_PER_MINUTE=0 QUARTERDAY_ADDRESS_PER_MINUTE=0 \
        QUARTERDAY_FAILURES_PER_MINUTE=0 "$BINARY" serve --home "$WORK" --listen 127.0.0.1 --port 0 --cert "$CA" --key "${CA%/*}/key.pem" \
        --today "$TODAY" --ready-file "$ready" "$@" >"$WORK/beside.log" 2>&1 </dev/null &
    BESIDE_PID=$!
    STARTED+=("$BESIDE_PID")
    SERVING+=("$BESIDE_PID")
    wait_for "$BESIDE_PID" "$ready" "$WORK/beside.log"
    BESIDE_PORT=$(jq -r .url "$ready")
    BESIDE_PORT=${BESIDE_PORT##*:}
}

# wait_for PID FILE LOG: until the file has something.
wait_for() {
    local _
    for _ in $(seq 1200); do
        [ ! -s "$2" ] || return 0
        kill -0 "$1" 2>/dev/null || die "a server of the bench ended." "$(tail -n 5 "$3")"
        sleep 0.05
    done
    die "a server of the bench did not start within a minute." "$(tail -n 5 "$3")"
}

# ---- requests -----------------------------------------------------------------------------------------------------

# request METHOD PATH KEY HEADER...: the head of a request, for load.
request() {
    printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n' "$1" "$2" "$3"
    [ $# -eq 3 ] || printf '%s\r\n' "${@:4}"
    printf '\r\n'
}

# put_request PATH KEY FILE: with its body.
put_request() {
    request PUT "$1" "$2" 'Content-Type: text/csv' "Content-Length: $(stat -c %s "$3")"
    cat "$3"
}

# drive PORT CLIENTS SECONDS|once STATUS FILE: what load says of the requests in the file, in $COST, $UNITS, $P50 and $P99.
drive() {
    local seconds
    read -r UNITS seconds P50 P99 < <("$BIN/load" "$1" "$2" "$3" "$4" <"$5") || die "reading failed."
    COST=$(awk -v seconds="$seconds" -v units="$UNITS" 'BEGIN { print seconds / units }')
}

# fetch PATH KEY OUT [HEAD]: one read of the running service.
fetch() {
    curl --silent --show-error --fail --noproxy '*' --cacert "$CA" --output "$3" --dump-header "${4:-/dev/null}" \
        --config <(printf 'header = "Authorization: Bearer %s"\n' "$2") "$URL$1" || die "$1 was not answered."
}

# ---- preparing ----------------------------------------------------------------------------------------------------

# The table that \copy fills: columns, defaults of columns, storage and primary key of ours; and the sample's rows, whose keys come after
# those of the bench: adding at the very end of an index is quicker.
make_table() {
    ask 'create table bench_episode (like episode, primary key (service, provider, period, version, row));' 'insert into bench_episode select * from episode;' \
        'alter table bench_episode alter period set default 2025 * 4 + 2;'
}

# rows KIND ROWS EDITION NAME: a file of returns.
rows() { "$BIN/rows" "$1" "$2" "$SEED" "$3" >"$WORK/$4"; }

# With the number of the row in front, as \copy needs it.
numbered() { awk '{ print (NR == 1 ? "row" : NR - 1) "," $0 }' "$WORK/$1.csv" >"$WORK/$1.copy.csv"; }

# What is known of the running service, and the connections to it.
connect() {
    mkdir -p "$WORK/keys"
    URL=$(field .url) CA=$(field .caFile) SERVICE_PID=$(field .pid)
    SERVING=("$SERVICE_PID")
    POSTMASTER_PID=$(head -n 1 "$HOME_DIR/pg/postmaster.pid")
    OWNER="$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" owner quarterday) options='-c search_path=bench,quarterday -c quarterday.service=* -c quarterday.provider=*'"
    APP="$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" app quarterday) options='-c search_path=bench,quarterday -c quarterday.service=* -c quarterday.provider=*'"
    COMMISSIONER=$(field .keys.commissioner)
    IDLE_KB=$(resident VmRSS "$SERVICE_PID")
    start_psql
    # Tables of the bench lie beside the service's own, which it looks through when it starts.
    ask 'create schema bench;' 'grant usage on schema bench to quarterday_app;'
    start_upload
}

# resident FIELD PID: in KiB.
resident() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$2/status"; }
