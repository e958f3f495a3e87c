# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Dashboards of which a figure changed right before: beside pgbench with the very statements that such a read sends, and beside Fastify with pg.

readonly MISS_PERIODS=(2024-25-Q1 2024-25-Q2 2024-25-Q3 2024-25-Q4 2025-26-Q1 2025-26-Q2 2025-26-Q3)

# change N: a return of one row with another number of calls, which moves a figure of each quarter of the year.
change() {
    printf 'month,callsReceived,callsAnsweredFirstTime,emailsReceived\n2025-10,%d,%d,9\n' $((1000 + $1)) $((900 + $1 % 50)) >"$WORK/contacts.csv"
    send "/v1/returns/$SERVICE/homerton/$PERIOD/contacts?reason=bench" text/csv "$WORK/keys/homerton" "$WORK/contacts.csv"
}

# Every dashboard of the service: its own and each provider's, of seven quarters. After a change none of them is kept.
make_missed() {
    local period provider
    field .keys.providers.homerton >"$WORK/keys/homerton"
    for period in "${MISS_PERIODS[@]}"; do
        for provider in '' '?provider=homerton' '?provider=pharmacies'; do
            request GET "/v1/dashboards/$SERVICE/$period$provider" "$COMMISSIONER"
        done
    done >"$WORK/missed.request"
}

# A change, then all 21 at once over 8 connections; ten times.
changes=0
read_missed() {
    local spent=0 units=0 p50s='' p99s='' _
    for _ in $(seq 10); do
        changes=$((changes + 1))
        change $changes
        drive "${URL##*:}" "$CLIENTS" once 200 "$WORK/missed.request"
        spent=$(awk -v spent="$spent" -v cost="$COST" -v units="$UNITS" 'BEGIN { print spent + cost * units }')
        units=$((units + UNITS))
        p50s+=$P50$'\n' p99s+=$P99$'\n'
    done
    COST=$(awk -v spent="$spent" -v units="$units" 'BEGIN { print spent / units }')
    UNITS=$units
    read -r P50 _ < <(spread <<<"${p50s%$'\n'}")
    read -r P99 _ < <(spread <<<"${p99s%$'\n'}")
}

same_statements() { transact "$WORK/missed.sql" "$CLIENTS"; }

# capture_statements: what one such read sends to PostgreSQL, as a script for pgbench. An instance of its own, whose connections write their
# statements into the log, is asked once after a change.
capture_statements() {
    local log=$HOME_DIR/log/postgresql.log from
    log_of_the_application "log_statement = 'all'" "log_error_verbosity = 'default'" 'log_parameter_max_length = -1'
    local SERVING=()
    serve_beside --read-workers 1
    local main=$URL
    URL=https://127.0.0.1:$BESIDE_PORT fetch "$DASHBOARD" "$COMMISSIONER" /dev/null
    change 0
    # The other instance hears of it a moment later.
    sleep 0.5
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
