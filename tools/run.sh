#!/usr/bin/env bash
# run.sh (make run): from nothing to a serving Quarterday, and from an earlier state in under two seconds.
#
# Each step looks whether its result is already there, so the script can be interrupted anywhere and run again. What it
# started it stops: the server always, the cluster unless it ran before. Secrets go through files of mode 0600, never
# through arguments. run.json appears only when the service answers and the sample is in.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tools/home.sh
. "$ROOT/tools/home.sh"

readonly SERVICE=city-and-hackney PROVIDERS=(homerton pharmacies)
readonly DEMO_TODAY=2026-02-20 FIRST_PORT=8443
# Another program than the one built here: the tests run one with sanitizers.
BINARY=${QUARTERDAY_BINARY:-$(built quarterday)}
readonly BINARY TLS=$HOME_DIR/tls KEYS=$HOME_DIR/keys SAMPLE_DIR=$HOME_DIR/sample SERVER_LOG=$HOME_DIR/log/server.log

given_binary=${QUARTERDAY_BINARY:-} server_pid='' eraser_pid='' stopper='' cluster_is_ours='' is_ready=''

# ---- settings -----------------------------------------------------------------------------------------------------

read_settings() {
    SAMPLE=${QUARTERDAY_SAMPLE:-demo}
    LISTEN=${QUARTERDAY_LISTEN:-127.0.0.1}
    PORT=${QUARTERDAY_PORT:-}
    TODAY=${QUARTERDAY_TODAY:-}
    CERT=${QUARTERDAY_CERT:-}
    KEY=${QUARTERDAY_KEY:-}
    DATABASE=${QUARTERDAY_DATABASE:-}
    DATABASE_OWNER=${QUARTERDAY_DATABASE_OWNER:-}
    check_settings
    if [ "$SAMPLE" = demo ] && [ -z "$TODAY" ]; then TODAY=$DEMO_TODAY; fi
    # What this script decides goes to the server as flags; every other QUARTERDAY_* of the caller reaches it untouched.
    unset QUARTERDAY_HOME QUARTERDAY_BINARY QUARTERDAY_SAMPLE QUARTERDAY_LISTEN QUARTERDAY_PORT QUARTERDAY_TODAY QUARTERDAY_CERT \
        QUARTERDAY_KEY QUARTERDAY_DATABASE QUARTERDAY_DATABASE_OWNER
}

check_settings() {
    [[ $SAMPLE == demo || $SAMPLE == none ]] || die "QUARTERDAY_SAMPLE is '$SAMPLE'." "Use demo or none."
    if ! [[ ${PORT:-0} =~ ^[0-9]{1,5}$ ]] || [ "${PORT:-0}" -gt 65535 ]; then
        die "QUARTERDAY_PORT is '$PORT'." "Use a port number, or 0 for a free one."
    fi
    [[ ${TODAY:-2026-02-20} =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || die "QUARTERDAY_TODAY is '$TODAY'." "Use YYYY-MM-DD."
    if [ -n "$CERT" ] && [ -z "$KEY" ] || [ -z "$CERT" ] && [ -n "$KEY" ]; then
        die "QUARTERDAY_CERT and QUARTERDAY_KEY belong together." "Set both, or neither for a self-signed certificate."
    fi
    if [ -n "$CERT" ] && [ ! -r "$CERT" ]; then die "QUARTERDAY_CERT: $CERT cannot be read." "It must be a PEM file."; fi
    if [ -n "$KEY" ] && [ ! -r "$KEY" ]; then die "QUARTERDAY_KEY: $KEY cannot be read." "It must be a PEM file."; fi
    if [ -n "$DATABASE" ] && [ -z "$DATABASE_OWNER" ]; then
        die "QUARTERDAY_DATABASE is set, QUARTERDAY_DATABASE_OWNER is not." \
            "Set it to the connection string of the role that owns the tables; migrate uses it."
    fi
}

is_loopback() { case $1 in 127.* | ::1 | localhost) return 0 ;; *) return 1 ;; esac }

# Sample keys are printed on screens and pasted into chats: they open a loopback address, nothing else.
refuse_open_sample() {
    is_loopback "$LISTEN" && return
    if [ "$SAMPLE" = demo ] || grep -qs '^sample$' "$KEYS/.kind"; then
        die "QUARTERDAY_LISTEN=$LISTEN would open the sample keys to the network." \
            "Use QUARTERDAY_SAMPLE=none in a new QUARTERDAY_HOME (its keys are not sample keys), or a loopback address."
    fi
}

# ---- database -----------------------------------------------------------------------------------------------------

start_database() {
    if [ -n "$DATABASE" ]; then
        database_id="external $(printf %s "$DATABASE" | sha256sum | cut -c1-32)"
        return
    fi
    # The note outlives a killed run: then the cluster that still runs is one of ours to stop.
    if [ -e "$HOME_DIR/cluster.ours" ] || ! "$ROOT/tools/cluster.sh" status "$HOME_DIR" >/dev/null; then
        cluster_is_ours=yes
        : >"$HOME_DIR/cluster.ours"
    fi
    "$ROOT/tools/cluster.sh" start "$HOME_DIR" 8>&-
    database_id=$(cat "$HOME_DIR/cluster.id")
    DATABASE=$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" app quarterday)
    DATABASE_OWNER=$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" owner quarterday)
}

# as_database_owner ARGUMENTS: a subcommand with the owner's connection; by the environment, as it may hold a password.
as_database_owner() { QUARTERDAY_DATABASE=$DATABASE_OWNER QUARTERDAY_DATABASE_OWNER=$DATABASE_OWNER "$BINARY" "$@" 8>&-; }

# note_is FILE TEXT / write_note FILE TEXT: what was done, and for which database. Another database starts afresh.
note_is() { [ "$(cat "$1" 2>/dev/null)" = "$database_id $2" ]; }
write_note() {
    printf '%s\n' "$database_id $2" >"$1.new"
    mv "$1.new" "$1"
}

migrate() {
    local report
    report=$(as_database_owner migrate 2>&1) || {
        printf '%s\n' "$report" >&2
        die "the migrations failed." "The lines above say why."
    }
}

# Once for each edition of the file: a commissioner may have changed the framework since through the API.
load_framework() {
    local file=$ROOT/frameworks/$SERVICE.json sum report
    sum=$(sha256sum <"$file" | cut -c1-32)
    ! note_is "$HOME_DIR/framework.loaded" "$sum" || return 0
    report=$(as_database_owner framework load "$file" 2>&1) || {
        printf '%s\n' "$report" >&2
        die "loading $file failed." "The lines above say why."
    }
    write_note "$HOME_DIR/framework.loaded" "$sum"
}

# ---- certificate and keys -----------------------------------------------------------------------------------------

certificate_is_good() {
    local until
    [ -s "$TLS/key.pem" ] && [ "$(cat "$TLS/names" 2>/dev/null)" = "$LISTEN" ] || return 1
    until=$(certtool --certificate-info --infile "$TLS/cert.pem" 2>/dev/null | sed -n 's/^[[:space:]]*Not After: //p')
    [ -n "$until" ] && [ "$(date -d "$until" +%s)" -gt $(($(date +%s) + 7 * 86400)) ]
}

certificate_template() {
    local address
    printf 'cn = "Quarterday on this machine"\nserial = %d\nexpiration_days = 365\n' "$(date +%s)"
    # A CA of its own, so that clients can be given it as their only anchor (curl --cacert).
    printf 'ca\npath_len = 0\nsigning_key\ncert_signing_key\ntls_www_server\n'
    printf 'dns_name = "localhost"\nip_address = "127.0.0.1"\nip_address = "::1"\n'
    case $LISTEN in
    127.0.0.1 | ::1 | localhost) ;;
    0.0.0.0 | ::)
        printf 'dns_name = "%s"\n' "$(hostname)"
        for address in $(hostname -I 2>/dev/null); do printf 'ip_address = "%s"\n' "$address"; done
        ;;
    *[!0-9.:a-f]*) printf 'dns_name = "%s"\n' "$LISTEN" ;;
    *) printf 'ip_address = "%s"\n' "$LISTEN" ;;
    esac
}

# The curve is named because certtool's --sec-param chooses one that no TLS 1.3 client takes.
make_certificate() {
    [ -z "$CERT" ] || return 0
    CERT=$TLS/cert.pem KEY=$TLS/key.pem
    ! certificate_is_good || return 0
    rm -rf "$TLS.new"
    mkdir -p "$TLS.new"
    certificate_template >"$TLS.new/template"
    {
        certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --outfile "$TLS.new/key.pem" &&
            certtool --generate-self-signed --load-privkey "$TLS.new/key.pem" --template "$TLS.new/template" \
                --outfile "$TLS.new/cert.pem"
    } >"$HOME_DIR/log/certtool.log" 2>&1 || die "making the certificate failed." "See $HOME_DIR/log/certtool.log"
    printf '%s\n' "$LISTEN" >"$TLS.new/names"
    chmod 0600 "$TLS.new"/*
    rm -rf "$TLS"
    mv "$TLS.new" "$TLS"
}

# issue NAME ARGUMENTS: a key once, in a file that only the caller can read.
issue() {
    local name=$1
    shift
    [ ! -s "$KEYS/$name" ] || return 0
    as_database_owner key issue "$@" ${sample_flag:+"$sample_flag"} >"$KEYS/$name.new" 2>"$HOME_DIR/log/keys.log" || {
        cat "$HOME_DIR/log/keys.log" >&2
        die "issuing the key '$name' failed." "The lines above say why."
    }
    mv "$KEYS/$name.new" "$KEYS/$name"
}

issue_keys() {
    local provider sample_flag=''
    note_is "$KEYS/.database" '' || rm -rf "$KEYS"
    mkdir -p "$KEYS"
    write_note "$KEYS/.database" ''
    [ -e "$KEYS/.kind" ] || if [ "$SAMPLE" = demo ]; then say sample; else say own; fi >"$KEYS/.kind"
    ! grep -q '^sample$' "$KEYS/.kind" || sample_flag=--sample
    issue admin --role admin
    issue commissioner --role commissioner --service $SERVICE
    issue checker --role checker
    issue feed --role feed --service $SERVICE
    for provider in "${PROVIDERS[@]}"; do
        issue "provider-$provider" --role provider --service $SERVICE --provider "$provider"
    done
}

key_of() { cat "$KEYS/$1"; }

# ---- server -------------------------------------------------------------------------------------------------------

somebody_listens() {
    local address=$LISTEN
    case $address in 0.0.0.0) address=127.0.0.1 ;; ::) address=::1 ;; esac
    (exec 3<>"/dev/tcp/$address/$1") 2>/dev/null
}

# Without a wish: the usual port or the next free one. With a wish: that one or a clear refusal.
choose_port() {
    if [ -n "$PORT" ]; then
        if [ "$PORT" != 0 ] && somebody_listens "$PORT"; then
            die "port $PORT is taken by another program." "Choose another one (QUARTERDAY_PORT), or 0 for a free one."
        fi
        return
    fi
    for PORT in $(seq $FIRST_PORT $((FIRST_PORT + 50))); do
        somebody_listens "$PORT" || return 0
    done
    PORT=0
}

# On this machine alone nobody has to be held up, unless the caller says so: tests and benchmarks ask as fast as they can.
lift_limits() {
    export QUARTERDAY_KEY_PER_MINUTE=${QUARTERDAY_KEY_PER_MINUTE:-0} QUARTERDAY_KEY_UPLOADS_PER_MINUTE=${QUARTERDAY_KEY_UPLOADS_PER_MINUTE:-0}
    export QUARTERDAY_ADDRESS_PER_MINUTE=${QUARTERDAY_ADDRESS_PER_MINUTE:-0} QUARTERDAY_FAILURES_PER_MINUTE=${QUARTERDAY_FAILURES_PER_MINUTE:-0}
    export QUARTERDAY_PER_ADDRESS_LIMIT=${QUARTERDAY_PER_ADDRESS_LIMIT:-0}
}

# In a session of its own, so that Ctrl-C reaches it once, through us; and ended by the kernel when we are killed.
# start_server DAY PORT: the day that it takes for today; empty: the clock's.
start_server() {
    local ready=$HOME_DIR/ready.json flags=(--home "$HOME_DIR" --listen "$LISTEN" --port "$2" --cert "$CERT" --key "$KEY")
    rm -f "$ready"
    flags+=(--ready-file "$ready")
    [ -z "$1" ] || flags+=(--today "$1")
    served_day=$1 served_port=$2
    if [ -f "$SERVER_LOG" ] && [ "$(stat -c %s "$SERVER_LOG")" -gt 10000000 ]; then mv "$SERVER_LOG" "$SERVER_LOG.1"; fi
    log_start=$(stat -c %s "$SERVER_LOG" 2>/dev/null || echo 0)
    ! is_loopback "$LISTEN" || lift_limits
    QUARTERDAY_DATABASE=$DATABASE setsid setpriv --pdeathsig TERM "$BINARY" serve "${flags[@]}" \
        8>&- >>"$SERVER_LOG" 2>&1 </dev/null &
    server_pid=$!
    printf '%s\n' "$server_pid" >"$SERVER_PID"
    for _ in $(seq 1 1500); do
        [ ! -s "$ready" ] || break
        kill -0 "$server_pid" 2>/dev/null || server_failed "the server did not start."
        sleep 0.02
    done
    URL=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$ready" 2>/dev/null) || true
    [ -n "$URL" ] || server_failed "the server did not get ready within 30 seconds."
    # "Every address" is nothing to connect to.
    URL=${URL/\/0.0.0.0:/\/127.0.0.1:}
    URL=${URL/\/\[::]:/\/[::1]:}
}

# What providers ask to be erased is done beside the server, as the owner of the tables: the server's role may change no row.
start_eraser() {
    QUARTERDAY_DATABASE=$DATABASE_OWNER QUARTERDAY_DATABASE_OWNER=$DATABASE_OWNER setsid setpriv --pdeathsig TERM \
        "$BINARY" erase --asked --every 2 8>&- >>"$HOME_DIR/log/erasures.log" 2>&1 </dev/null &
    eraser_pid=$!
}

server_failed() {
    tail -c "+$((log_start + 1))" "$SERVER_LOG" | tail -n 15 >&2
    die "$1" "Its log: $SERVER_LOG"
}

# ---- sample -------------------------------------------------------------------------------------------------------

# The story is a list of requests, sample/manifest.txt: method, path, key, and a file or a JSON body; TODAY says which day it is. It is
# played through the API with a server that believes in that day, so that deadlines are met or missed as they were. What was played is
# noted, and an interrupted load goes on from there. Uploads go together, since the same bytes may be sent twice; all else goes
# one by one, and what was under way when the load was interrupted is taken for done when it is refused as done (409).

# add_request LINE: to `config`, as lines of a curl configuration. Keys go by a pipe, not as arguments.
add_request() {
    local method path key body plan='' escaped
    IFS=$'\t' read -r method path key body <<<"$1"
    if [[ $path == *'{'*'}'* ]]; then
        plan=${path#*\{}
        plan=${plan%\}*}
        # With another --seed another red may be missing, and its plan.
        if [ -n "${plan_id[$plan]:-}" ]; then path=${path/\{*\}/${plan_id[$plan]}}; else method=GET path=/v1 body=- plan=''; fi
    fi
    config+=${config:+$'\nnext\n'}
    config+="output = \"$SAMPLE_DIR/.answer\""$'\n'"url = \"$URL$path\""$'\n'"cacert = \"$CERT\""$'\n'
    config+="header = \"Authorization: Bearer $(<"$KEYS/$key")\""$'\n''write-out = "%{http_code}\n"'$'\n'
    config+=$'noproxy = "*"\nmax-time = 120\nsilent\nshow-error\nfail-with-body'
    [ -z "$plan" ] || config+=$'\n''header = "If-Match: *"' # nobody else is writing
    case $method$body in
    GET-) ;;
    *-) config+=$'\n'"request = \"$method\"" ;;
    *'{'*)
        escaped=${body//\\/\\\\}
        config+=$'\n'"request = \"$method\""$'\n''header = "Content-Type: application/json"'$'\n'"data-raw = \"${escaped//\"/\\\"}\""
        ;;
    *) config+=$'\n''header = "Content-Type: text/csv"'$'\n'"upload-file = \"$SAMPLE_DIR/$body\"" ;;
    esac
}

# play LINE...: requests over one connection, up to the first that is refused. Counts in `at`, and notes it unless nothing was changed.
play() {
    local status line from=$at config=''
    for line in "$@"; do add_request "$line"; done
    while read -r status; do
        [[ $status == 2?? || $resumed$status == yes409 ]] || break
        at=$((at + 1))
        [[ $1 == GET$'\t'* ]] || write_note "$HOME_DIR/sample.played" "$at"
        progress "loading the sample through the API: $at of $total"
    done < <(curl --fail-early --config - 2>>"$HOME_DIR/log/sample.log" <<<"$config")
    [ $((at - from)) -eq $# ] || {
        printf '\n' >&2
        head -c 4000 "$SAMPLE_DIR/.answer" >&2 2>/dev/null
        die "the sample could not be loaded: $(cut -f 1-2 <<<"${*:at-from+1:1}")" "The server's log: $SERVER_LOG"
    }
}

# {1.9 2024-25-Q1} in a path is the plan of that KPI, opened for that period: where each is.
learn_plans() {
    local plan
    play "GET"$'\t'"/v1/action-plans?limit=500"$'\t'commissioner$'\t'-
    at=$((at - 1))
    while IFS='|' read -r plan id kpi period; do
        plan_id["$kpi $period"]=$id
    done < <(grep -o '"id":"[^"]*","service":"[^"]*","kpi":"[^"]*","kpis":\[[^]]*\],"openedFor":"[^"]*"' "$SAMPLE_DIR/.answer" |
        sed 's/^"id":"\([^"]*\)".*"kpi":"\([^"]*\)",.*"openedFor":"\([^"]*\)"$/|\1|\2|\3/' | tac)
}

# believe DAY [PORT]: another server, with that day for today; the one before it ends meanwhile.
believe() {
    local before=$server_pid
    [ "$served_day" != "$1" ] || [ "$served_port" != "${2:-$served_port}" ] || return 0
    # The one that ends may hold the port that we want back.
    [ -z "$stopper" ] || wait "$stopper"
    start_server "$1" "${2:-0}"
    stop_server "$before" 8>&- &
    stopper=$!
}

progress() {
    [ ! -t 1 ] || printf '\r\033[K  %s' "$*"
}

play_story() {
    local lines=() at total from day='' resumed=''
    declare -A plan_id=()
    mapfile -t lines <"$SAMPLE_DIR/manifest.txt"
    total=${#lines[@]}
    at=$(sed -n "s/^$database_id //p" "$HOME_DIR/sample.played" 2>/dev/null) || true
    at=${at:-0}
    [ "$at" = 0 ] || resumed=yes
    # The day of the line at which an interrupted load stopped.
    for ((from = 0; from < at; from++)); do [[ ${lines[from]} != TODAY* ]] || day=$(cut -f 2 <<<"${lines[from]}"); done
    [ -z "$day" ] || believe "$day"
    while [ "$at" -lt "$total" ]; do
        from=$at
        case ${lines[at]} in
        TODAY*)
            believe "$(cut -f 2 <<<"${lines[at]}")"
            at=$((at + 1))
            continue
            ;;
        PUT*)
            while [[ ${lines[from]:-} == PUT* ]]; do from=$((from + 1)); done
            play "${lines[@]:at:from-at}"
            ;;
        *)
            # The plans are asked for where a stretch of their lines begins.
            if [[ ${lines[at]} == *'/{'*'}'* ]] && [[ $resumed == yes || ${lines[at - 1]} != *'/{'*'}'* ]]; then learn_plans; fi
            play "${lines[at]}"
            ;;
        esac
        resumed=''
    done
    progress ''
    [ ! -t 1 ] || printf '\r'
}

load_sample() {
    if [ "$SAMPLE" = none ]; then
        [ ! -e "$HOME_DIR/sample.loaded" ] || warn "this home already holds the sample's returns; 'make reset' empties it."
        return
    fi
    ! note_is "$HOME_DIR/sample.loaded" demo || return 0
    rm -rf "$SAMPLE_DIR"
    "$BINARY" demo "$SAMPLE_DIR" >/dev/null 8>&- || die "making the sample data failed." "The lines above say why."
    [ -t 1 ] || say "  loading the sample through the API"
    [ "$PORT" != 0 ] || PORT=${URL##*:} served_port=${URL##*:}
    play_story
    believe "$TODAY" "$PORT"
    write_note "$HOME_DIR/sample.loaded" demo
    step "$(grep -c ^PUT "$SAMPLE_DIR/manifest.txt") sample returns and what became of them loaded through the API"
}

# ---- telling ------------------------------------------------------------------------------------------------------

step() {
    local now=${EPOCHREALTIME/[.,]/}
    ok "$1 $DIM$(((now - step_began) / 1000000)).$((((now - step_began) / 100000) % 10)) s$PLAIN"
    step_began=$now
}

write_run_json() {
    local provider separator='' new=$RUN_JSON.new
    {
        printf '{"url":%s,"caFile":%s,"pid":%d,"keys":{' "$(json_string "$URL")" "$(json_string "$(absolute "$CERT")")" "$server_pid"
        printf '"admin":"%s","commissioner":"%s","checker":"%s","feed":"%s","providers":{' \
            "$(key_of admin)" "$(key_of commissioner)" "$(key_of checker)" "$(key_of feed)"
        for provider in "${PROVIDERS[@]}"; do
            printf '%s"%s":"%s"' "$separator" "$provider" "$(key_of "provider-$provider")"
            separator=,
        done
        printf '}}}\n'
    } >"$new"
    chmod 0600 "$new"
    mv "$new" "$RUN_JSON"
}

# shown PATH: as the reader would type it from the top of the clone.
shown() { printf %q "${1#"$ROOT/"}"; }

# curl_line KEY THE_REST: a line to paste; the shell that it is pasted into reads the key from its file.
curl_line() {
    # shellcheck disable=SC2016
    printf '    curl --cacert %s -H "Authorization: Bearer $(cat %s)" \\\n        ' "$(shown "$CERT")" "$(shown "$KEYS/$1")"
    printf '%s\n' "$2"
}

banner() {
    local file=your.csv provider
    ! [ "$SAMPLE" = demo ] || file=$(shown "$SAMPLE_DIR/$(awk -F '\t' \
        '$2 ~ "/pharmacies/2025-26-Q3/episodes" { print $4; exit }' "$SAMPLE_DIR/manifest.txt" 2>/dev/null)")
    printf '\n%sQuarterday is ready: %s%s\n' "$BOLD" "$URL" "$PLAIN"
    [ -z "$TODAY" ] || printf 'Today is fixed at %s for every rule that asks for the date (QUARTERDAY_TODAY).\n' "$TODAY"
    printf '\nKeys (also in %s, one file each, and in %s)\n' "$(shown "$KEYS")" "$(shown "$RUN_JSON")"
    printf '    %-14s%s\n' admin "$(key_of admin)" commissioner "$(key_of commissioner)" checker "$(key_of checker)" feed "$(key_of feed)"
    for provider in "${PROVIDERS[@]}"; do printf '    %-14s%s\n' "$provider" "$(key_of "provider-$provider")"; done
    printf '\nTry, from another terminal\n  the dashboard of 2025-26 Q3, as the commissioner\n'
    curl_line commissioner "$URL/v1/dashboards/$SERVICE/2025-26-Q3"
    printf '  a return of episodes, as the provider\n'
    curl_line provider-pharmacies "-H 'Content-Type: text/csv' --upload-file $file \\
        $URL/v1/returns/$SERVICE/pharmacies/2025-26-Q3/episodes"
    printf '\nLog: %s      Stop: Ctrl-C\n' "$(shown "$SERVER_LOG")"
}

# ---- the end ------------------------------------------------------------------------------------------------------

# Runs once, however the script ends; stops what it started and nothing else.
finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    set +e
    rm -f "$RUN_JSON"
    if [ -n "$eraser_pid" ]; then
        kill -TERM "$eraser_pid" 2>/dev/null
        wait "$eraser_pid" 2>/dev/null
    fi
    if [ -n "$server_pid" ]; then
        stop_server "$server_pid"
        rm -f "$SERVER_PID" "$HOME_DIR/ready.json"
    fi
    if [ -n "$cluster_is_ours" ]; then
        "$ROOT/tools/cluster.sh" stop "$HOME_DIR" && rm -f "$HOME_DIR/cluster.ours"
    fi
    [ -z "$is_ready" ] || say "Stopped. 'make run' goes on from here."
    exit $status
}

interrupted() {
    # Asked to stop a running service: that is how it ends well. Before that it is an interruption.
    [ -z "$is_ready" ] || exit 0
    exit 130
}

wait_for_end() {
    local status=0
    wait "$server_pid" || status=$?
    [ $status -ne 0 ] || {
        say "The server was stopped."
        return
    }
    server_failed "the server ended by itself (status $status)."
}

main() {
    step_began=${EPOCHREALTIME/[.,]/}
    read_settings
    take_lock "Stop that run first (Ctrl-C where it runs), or give this one another QUARTERDAY_HOME."
    # Of a killed run; nobody may take it for this one's.
    rm -f "$RUN_JSON"
    refuse_open_sample
    trap finish EXIT
    trap interrupted INT TERM HUP
    "$ROOT/tools/deps.sh" run build 8>&-
    step_began=${EPOCHREALTIME/[.,]/}
    [ -n "$given_binary" ] || compile plain program 8>&-
    step "built: $("$BINARY" --version | head -n 1)"
    # From here on everything written is the caller's own business. Not before: apt and the build have other readers.
    umask 077
    mkdir -p "$HOME_DIR/log"
    stop_leftover_server
    start_database
    migrate
    load_framework
    step "database ready${cluster_is_ours:+ (private PostgreSQL, socket only)}"
    make_certificate
    issue_keys
    choose_port
    start_server "$TODAY" "$PORT"
    step "serving $URL"
    load_sample
    start_eraser
    is_ready=yes
    banner
    write_run_json
    wait_for_end
}

main "$@"
