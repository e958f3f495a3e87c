#!/usr/bin/env bash
# scale.sh (make bench-scale): a deadline day of the whole country, scaled down. 3,000 providers send their return of 500 rows in the last hour and look at ten
# dashboards each: five returns in six seconds. Here some of them do it at that very rate, for a minute; then as many at once as the machine takes, which finds
# its limit; then returns alone, which finds what one costs. Started by tools/bench.sh beside a throw-away service.
#
# QUARTERDAY_BENCH_PROVIDERS, 100 of each kind unless it is said; QUARTERDAY_BENCH_SECONDS of the real rate, 60.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
# shellcheck source=bench/paired.sh
. "$ROOT/bench/paired.sh"
# shellcheck source=bench/harness.sh
. "$ROOT/bench/harness.sh"
# shellcheck source=bench/tell.sh
. "$ROOT/bench/tell.sh"

readonly BINARY=$QUARTERDAY_TEST_BINARY BIN=$QUARTERDAY_TEST_BENCH_BIN RUN_JSON=$QUARTERDAY_RUN_JSON
readonly HOME_DIR=${RUN_JSON%/*} WORK=${RUN_JSON%/*}/bench
# shellcheck disable=SC2034 # read by harness.sh
readonly SEED=1 PERIOD=2025-26-Q3 SERVICE=city-and-hackney TODAY=2026-02-20
readonly COUNTRY=3000 ROWS=500 DASHBOARDS=10 CLIENTS=16
readonly PROVIDERS=${QUARTERDAY_BENCH_PROVIDERS:-100} RATE_SECONDS=${QUARTERDAY_BENCH_SECONDS:-60}
# Providers of one service; each service has a commissioner who looks on.
readonly EACH=20

finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    end_started
    exit $status
}

service_of() { say "day-$1-$(($2 / EACH))"; }
provider_of() { say "p$(($1 % EACH))"; }

# make_day KIND PROVIDERS: services of 20 providers with keys, each provider with the three quarters before behind it.
make_day() {
    local i service quarter
    for i in $(seq 0 $EACH $(($2 - 1))); do
        service=$(service_of "$1" "$i")
        make_service "$service" $EACH
        if [ "$i" = 0 ]; then
            for quarter in 2024-25-Q4 2025-26-Q1 2025-26-Q2; do
                "$BIN/rows" csv $ROWS 7 0 $quarter >"$WORK/quarter.csv"
                put "$service" p0 text/csv "$WORK/quarter.csv" $quarter
            done
        fi
    done
    copies "$(service_of "$1" 0)" p0 "select 'day-$1-' || n / $EACH, 'p' || n % $EACH from generate_series(1, $(($2 - 1))) n"
}

# The requests of one provider: its return; and what it then looks at, as itself.
put_of() {
    local service provider
    service=$(service_of "$1" "$2") provider=$(provider_of "$2")
    "$BIN/rows" csv $ROWS $(($2 + 1)) 0 $PERIOD >"$WORK/return.csv"
    put_request "/v1/returns/$service/$provider/$PERIOD/episodes" "$(<"$WORK/keys/$service.$provider")" "$WORK/return.csv"
}
reads_of() {
    local service provider period
    service=$(service_of "$1" "$2") provider=$(provider_of "$2")
    for period in $PERIOD $PERIOD 2025-26-Q2 $PERIOD 2025-26-Q1 $PERIOD 2024-25-Q4 $PERIOD 2025-26-Q2 $PERIOD; do
        request GET "/v1/dashboards/$service/$period" "$(<"$WORK/keys/$service.$provider")"
    done
}

# One provider: a connection for its return, and one for its dashboards.
visit() {
    "$BIN/load" "${URL##*:}" 1 once 2 <"$WORK/day.$1.put" >>"$WORK/rate.puts"
    "$BIN/load" "${URL##*:}" 1 once 200 <"$WORK/day.$1.reads" >>"$WORK/rate.reads"
}

# At the country's rate: the next provider comes when its time has come, whether or not the one before is done.
at_the_rate() {
    local count i began pids=()
    count=$(awk -v s="$RATE_SECONDS" -v n=$COUNTRY 'BEGIN { printf "%d", s * n / 3600 }')
    make_day rate "$count"
    for i in $(seq 0 $((count - 1))); do
        put_of rate "$i" >"$WORK/day.$i.put"
        reads_of rate "$i" >"$WORK/day.$i.reads"
    done
    began=$EPOCHREALTIME
    start_clock
    for i in $(seq 0 $((count - 1))); do
        sleep "$(awk -v began="$began" -v now="$EPOCHREALTIME" -v i="$i" -v n=$COUNTRY 'BEGIN { d = began + i * 3600 / n - now; print (d > 0 ? d : 0) }')"
        visit "$i" &
        pids+=($!)
        STARTED+=("$!")
    done
    wait "${pids[@]}"
    stop_clock
    [ "$(cat "$WORK/rate.puts" "$WORK/rate.reads" | wc -l)" = $((2 * count)) ] || die "not everybody was answered."
    say "at the country's rate, $count providers in $RATE_SECONDS s: return p50 $(percentile 50 "$WORK/rate.puts"), longest $(percentile 100 "$WORK/rate.puts");" \
        "dashboards p50 $(percentile 50 "$WORK/rate.reads"), longest 99th percentile of a provider's ten $(percentile 100 "$WORK/rate.reads" 4)"
    say "  busy: service $(share "$SERVICE_TICKS"), PostgreSQL $(share "$POSTGRES_TICKS") of one processor"
}

# percentile N FILE [COLUMN]: of what load printed.
percentile() { awk -v c="${3:-3}" '{ print $c }' "$2" | sort -g | awk -v n="$1" '{ v[NR] = $1 } END { i = int(NR * n / 100 + 0.999); if (i < 1) i = 1; printf "%.1f ms", 1000 * v[i] }'; }

start_clock() { CLOCK=$EPOCHREALTIME SERVICE_TICKS=$(service_ticks) POSTGRES_TICKS=$(postgres_ticks); }
stop_clock() {
    sleep 0.2 # a backend that has ended is nobody's for a moment
    SERVICE_TICKS=$(($(service_ticks) - SERVICE_TICKS)) POSTGRES_TICKS=$(($(postgres_ticks) - POSTGRES_TICKS))
    CLOCK=$(awk -v began="$CLOCK" -v now="$EPOCHREALTIME" 'BEGIN { print now - began - 0.2 }')
}
share() { awk -v ticks="$1" -v tick="$TICK" -v seconds="$CLOCK" 'BEGIN { printf "%.1f %%", 100 * ticks / tick / seconds }'; }
each() { awk -v ticks="$1" -v tick="$TICK" -v n="$2" 'BEGIN { printf "%.1f ms", 1000 * ticks / tick / n }'; }

# Returns alone, as fast as they go.
returns_alone() {
    local i
    make_day alone "$PROVIDERS"
    for i in $(seq 0 $((PROVIDERS - 1))); do put_of alone "$i"; done >"$WORK/all.puts"
    start_clock
    drive "${URL##*:}" $CLIENTS once 2 "$WORK/all.puts"
    stop_clock
    say "returns alone, $CLIENTS at a time: $(shown /s "$COST"), p50 $(shown ms "$P50"), p99 $(shown ms "$P99")"
    say "  cost of a return of $ROWS rows: service $(each "$SERVICE_TICKS" "$PROVIDERS") + PostgreSQL $(each "$POSTGRES_TICKS" "$PROVIDERS")"
}

# Everybody at once: each client sends a return and looks at ten dashboards, then is the next provider.
all_at_once() {
    local i
    make_day once "$PROVIDERS"
    for i in $(seq 0 $((PROVIDERS - 1))); do
        put_of once "$i"
        reads_of once "$i"
    done >"$WORK/all.once"
    start_clock
    drive "${URL##*:}" $CLIENTS once 2 "$WORK/all.once"
    stop_clock
    say "everybody at once, $CLIENTS at a time: $(awk -v n="$PROVIDERS" -v s="$CLOCK" 'BEGIN { printf "%.0f", n / s }') providers a second, each with its return and $DASHBOARDS dashboards;" \
        "the country's $COUNTRY in $(awk -v n="$PROVIDERS" -v s="$CLOCK" -v all=$COUNTRY 'BEGIN { printf "%.0f", all * s / n }') s"
    say "  cost of a provider's day: service $(each "$SERVICE_TICKS" "$PROVIDERS") + PostgreSQL $(each "$POSTGRES_TICKS" "$PROVIDERS")"
}

main() {
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    connect
    say "$(machine)"
    at_the_rate
    returns_alone
    all_at_once
}

main "$@"
