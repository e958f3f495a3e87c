# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Dashboards of which a figure changed right before: beside pgbench with the very statements that such a read sends, and beside Fastify with pg. Also
# all dashboards of a service after one change, which share what is read of it.

# Each of the clients has a service of its own, a copy of the sample with all that it has: so each read is one of figures that have just changed, and
# no two of them can share what they find.
readonly MISS_TURNS=25

# change_request SERVICE N: a return of one row with another number of calls, which moves a figure of each quarter of the year.
change_request() {
    printf 'month,callsReceived,callsAnsweredFirstTime,emailsReceived\n2025-10,%d,%d,9\n' $((1000 + $2)) $((900 + $2 % 50)) >"$WORK/contacts.csv"
    put_request "/v1/returns/$1/homerton/$PERIOD/contacts?reason=bench" "$(<"$WORK/keys/$1.homerton")" "$WORK/contacts.csv"
}

# missed_request SERVICE: its dashboard.
missed_request() { request GET "/v1/dashboards/$1/$PERIOD" "$(<"$WORK/keys/$1.commissioner")"; }

# Every dashboard of the first service: its own and each provider's, of seven quarters.
every_request() {
    local period provider
    for period in 2024-25-Q{1,2,3,4} 2025-26-Q{1,2,3}; do
        for provider in '' '?provider=homerton' '?provider=pharmacies'; do
            request GET "/v1/dashboards/${MISSED[0]}/$period$provider" "$(<"$WORK/keys/${MISSED[0]}.commissioner")"
        done
    done
}

make_missed() {
    local service
    mapfile -t MISSED < <(seq -f 'missed-%g' "$CLIENTS")
    "$ROOT/tools/cluster.sh" psql "$HOME_DIR" super quarterday -q -v service="$SERVICE" -v copies="(select 'missed-' || generate_series(1, $CLIENTS))" \
        -f "$ROOT/bench/copy_services.sql" >"$WORK/copies.log" 2>&1 || die "copying the sample failed." "$(tail -n 3 "$WORK/copies.log")"
    for service in "${MISSED[@]}"; do
        make_key "$service" commissioner
        as_owner key issue --role provider --service "$service" --provider homerton >"$WORK/keys/$service.homerton"
    done
    for service in "${MISSED[@]}"; do missed_request "$service"; done >"$WORK/missed.request"
    every_request >"$WORK/every.request"
}

# measure_turns TURNS REQUESTS SERVICE...: in each turn a figure of each of the services changes, then the requests of the file go out at once. The changes are
# made another time before, alone, for their CPU; the same bytes would change nothing.
changes=0
measure_turns() {
    local service _
    rm -f "$WORK/changes.request" "$WORK/turns.request"
    for _ in $(seq "$1"); do
        changes=$((changes + 2))
        for service in "${@:3}"; do
            change_request "$service" $changes >>"$WORK/changes.request"
            change_request "$service" $((changes + 1)) >>"$WORK/turns.request"
        done
        cat "$2" >>"$WORK/turns.request"
    done
    aside "$BIN/load" "${URL##*:}" "$CLIENTS" turns 2 <"$WORK/changes.request"
    drive "${URL##*:}" "$CLIENTS" turns 2 "$WORK/turns.request"
}

read_missed() { measure_turns $MISS_TURNS "$WORK/missed.request" "${MISSED[@]}"; }
read_every() { measure_turns 10 "$WORK/every.request" "${MISSED[0]}"; }

same_statements() { transact "$WORK/missed.sql" "$CLIENTS"; }

# capture_statements: what one such read sends to PostgreSQL, as a script for pgbench. An instance of its own, whose connections write their
# statements into the log, is asked once after it has taken a change.
capture_statements() {
    local log=$HOME_DIR/log/postgresql.log from
    log_of_the_application "log_statement = 'all'" "log_error_verbosity = 'default'" 'log_parameter_max_length = -1'
    local SERVING=()
    serve_beside --read-workers 1
    "$BIN/load" "$BESIDE_PORT" 1 once 200 <"$WORK/missed.request" >/dev/null
    change_request "${MISSED[0]}" 0 >"$WORK/changes.request"
    "$BIN/load" "$BESIDE_PORT" 1 turns 2 <"$WORK/changes.request"
    from=$(stat -c %s "$log")
    missed_request "${MISSED[0]}" >"$WORK/captured.request"
    "$BIN/load" "$BESIDE_PORT" 1 once 200 <"$WORK/captured.request" >/dev/null
    end "$BESIDE_PID"
    log_of_the_application
    tail -c "+$((from + 1))" "$log" | awk -f "$ROOT/bench/statements.awk" >"$WORK/missed.sql"
    STATEMENTS=$(grep -c ';$' "$WORK/missed.sql") || die "no statement of a read was found in PostgreSQL's log."
}

# log_of_the_application SETTING...: what PostgreSQL writes of the application's new connections; without settings as before.
log_of_the_application() {
    local setting
    {
        say 'ALTER ROLE quarterday_app RESET log_statement; ALTER ROLE quarterday_app RESET log_error_verbosity;'
        say 'ALTER ROLE quarterday_app RESET log_parameter_max_length;'
        for setting in "$@"; do say "ALTER ROLE quarterday_app SET $setting;"; done
    } | "$ROOT/tools/cluster.sh" psql "$HOME_DIR" super quarterday
}

misses() {
    local what="dashboard, one of its figures changed right before, $CLIENTS clients"
    [ -n "${DASHBOARD:-}" ] || make_dashboard
    make_missed
    capture_statements
    paired "$what" "pgbench, the same $STATEMENTS statements, $CLIENTS clients" 0.7 1 /s read_missed same_statements
    paired "21 dashboards of a service after one change, $CLIENTS clients" "pgbench, the $STATEMENTS statements of one, $CLIENTS clients" null null /s read_every same_statements
    with_fastify || return 0
    paired "$what" "Fastify + pg over TLS, the same bytes by one query" 4 6 /s read_missed read_fastify
}
