# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Dashboards of which a figure changed right before: beside pgbench with the very statements that such a read sends, and beside Fastify with pg.

readonly MISS_PERIODS=(2024-25-Q1 2024-25-Q2 2024-25-Q3 2024-25-Q4 2025-26-Q1 2025-26-Q2 2025-26-Q3)

# change_request N: a return of one row with another number of calls, which moves a figure of each quarter of the year.
change_request() {
    printf 'month,callsReceived,callsAnsweredFirstTime,emailsReceived\n2025-10,%d,%d,9\n' $((1000 + $1)) $((900 + $1 % 50)) >"$WORK/contacts.csv"
    put_request "/v1/returns/$SERVICE/homerton/$PERIOD/contacts?reason=bench" "$(field .keys.providers.homerton)" "$WORK/contacts.csv"
}

# Every dashboard of the service: its own and each provider's, of seven quarters. After a change none of them is kept.
make_missed() {
    local period provider
    for period in "${MISS_PERIODS[@]}"; do
        for provider in '' '?provider=homerton' '?provider=pharmacies'; do
            request GET "/v1/dashboards/$SERVICE/$period$provider" "$COMMISSIONER"
        done
    done >"$WORK/missed.request"
}

# Ten times a change, then all 21 at once over 8 connections.
changes=0
read_missed() {
    local _
    rm -f "$WORK/changes.request" "$WORK/turns.request"
    for _ in $(seq 10); do
        changes=$((changes + 2))
        change_request $changes >>"$WORK/changes.request"
        change_request $((changes + 1)) >>"$WORK/turns.request"
        cat "$WORK/missed.request" >>"$WORK/turns.request"
    done
    aside "$BIN/load" "${URL##*:}" "$CLIENTS" turns 2 <"$WORK/changes.request"
    drive "${URL##*:}" "$CLIENTS" turns 2 "$WORK/turns.request"
}

same_statements() { transact "$WORK/missed.sql" "$CLIENTS"; }

# capture_statements: what one such read sends to PostgreSQL, as a script for pgbench. An instance of its own, whose connections write their
# statements into the log, is asked once after it has taken a change.
capture_statements() {
    local log=$HOME_DIR/log/postgresql.log from
    log_of_the_application "log_statement = 'all'" "log_error_verbosity = 'default'" 'log_parameter_max_length = -1'
    local SERVING=()
    serve_beside --read-workers 1
    local main=$URL
    URL=https://127.0.0.1:$BESIDE_PORT fetch "$DASHBOARD" "$COMMISSIONER" /dev/null
    change_request 0 >"$WORK/changes.request"
    "$BIN/load" "$BESIDE_PORT" 1 turns 2 <"$WORK/changes.request"
    from=$(stat -c %s "$log")
    URL=https://127.0.0.1:$BESIDE_PORT fetch "$DASHBOARD" "$COMMISSIONER" /dev/null
    URL=$main
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
    [ -n "${DASHBOARD:-}" ] || make_dashboard
    make_missed
    capture_statements
    paired "dashboard, a figure changed before each read, $CLIENTS clients" "pgbench, the same $STATEMENTS statements, $CLIENTS clients" 0.7 1 /s \
        read_missed same_statements
    with_fastify || return 0
    paired "dashboard, a figure changed before each read, $CLIENTS clients" "Fastify + pg over TLS, the same bytes by one query" 4 6 /s read_missed read_fastify
}
