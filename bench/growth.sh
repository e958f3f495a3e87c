#!/usr/bin/env bash
# growth.sh (make bench-growth): what a return of 5,000 rows and a dashboard cost with 0.1, 1 and 10 million episodes stored. Three databases of one
# cluster, an instance of the service on each, measured in turn: round after round, so that the machine's moods meet all three. What is measured is
# the same in each: a service of nine providers with 90,000 episodes in ten quarters; all else is other services' (up to 153 of them), as a
# country grows. Writes bench/growth.tsv and the plots docs/growth-*.svg. Started by tools/bench.sh beside a throw-away service, whose cluster it uses.
#
# QUARTERDAY_BENCH_ROUNDS; QUARTERDAY_BENCH_SIZES: episodes, least first; with sizes of one's own nothing is written.
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
# Providers with a history of 10,000 episodes each; those that upload, one a round, have none. And how many services there are besides.
readonly HISTORIES=9 PER_PROVIDER=10000 SERVICES=152
# A million episodes take half a gigabyte: rows, facts, digests, their keys, and the log of writing them.
readonly MB_PER_MILLION=1200
# The metrics, and how each is called.
declare -rA METRICS=([upload]="return of 5,000 rows to its receipt" [kept]="dashboard, kept, p50" [changed]="dashboard after a change, p50"
    [anew]="dashboard counted anew from its facts, p50")
readonly ORDER=(upload kept changed anew)

read -r -a SIZES <<<"${QUARTERDAY_BENCH_SIZES:-100000 1000000 10000000}"
declare -A PORTS

finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    end_started
    exit $status
}

check_space() {
    local need free
    need=$((${SIZES[-1]} * MB_PER_MILLION / 1000000 + 2000))
    free=$(df --output=avail -m "$(readlink -f "$HOME_DIR/pg")" | tail -n 1)
    [ "$free" -ge "$need" ] || die "only $free MB are free; this needs about $need." "Fewer episodes: QUARTERDAY_BENCH_SIZES='100000 1000000'."
}

# ---- three databases ----------------------------------------------------------------------------------------------

# on SIZE: from here on, that database.
on() {
    local options="options='-c search_path=quarterday -c quarterday.service=* -c quarterday.provider=*'"
    SIZE=$1
    OWNER="$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" owner "growth_$1") $options"
    APP="$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" app "growth_$1") $options"
    mkdir -p "$WORK/keys.$1"
    ln -sfn "keys.$1" "$WORK/keys"
}

# The quarters that end with 2025-26-Q3, ten of them.
quarters() { printf '%s\n' 2023-24-Q{2,3,4} 2024-25-Q{1,2,3,4} 2025-26-Q{1,2,3}; }

# put_over PORT SERVICE PROVIDER PERIOD FILE [PART]: to that instance; the seconds to the receipt are in $COST.
put_over() {
    put_request "/v1/returns/$2/$3/$4/${6:-episodes}" "$(<"$WORK/keys/$2.$3")" "$5" >"$WORK/put.request"
    drive "$1" 1 once 2 "$WORK/put.request"
}

# As many providers as there are rounds upload; one more changes a figure by its contacts.
make_database() {
    local quarter extra began=$SECONDS
    say "CREATE DATABASE growth_$1 OWNER quarterday_owner TEMPLATE template0;" | "$ROOT/tools/cluster.sh" psql "$HOME_DIR" super postgres
    on "$1"
    as_owner migrate
    make_service bench-model 1
    make_service bench-growth $((ROUNDS + 2))
    make_key bench-growth commissioner
    serve_beside --io-threads 2
    PORTS[$1]=$BESIDE_PORT
    for quarter in $(quarters); do
        "$BIN/rows" csv $((PER_PROVIDER / 10)) $SEED 0 "$quarter" >"$WORK/quarter.csv"
        put_over "$BESIDE_PORT" bench-model p0 "$quarter" "$WORK/quarter.csv"
    done
    # Nothing is told of where the rows come from: copies of one provider's.
    extra=$(($1 / PER_PROVIDER - HISTORIES - 1))
    copies bench-model p0 "select 'bench-growth', 'h' || n from generate_series(1, $HISTORIES) n union all
        select 'g' || n % $SERVICES, 'p' || n / $SERVICES from generate_series(0, $extra - 1) n"
    # What autovacuum would do sooner or later, and only to the large ones.
    psql -X -q -c 'VACUUM ANALYZE version, pack, row_pack_stored, provider, service' "$OWNER" || die "VACUUM failed."
    say CHECKPOINT | "$ROOT/tools/cluster.sh" psql "$HOME_DIR" super postgres
    ok "$(psql -X -A -t -c "select count(*) || ' episodes, ' || pg_size_pretty(pg_database_size(current_database())) from episode" "$OWNER") in $((SECONDS - began)) s"
}

# ---- one round of one size ----------------------------------------------------------------------------------------

note() { printf '%s\t%s\t%s\t%s\n' "$1" "$SIZE" "$2" "$3" >>"$WORK/growth.tsv"; }

measure_upload() {
    put_over "${PORTS[$SIZE]}" bench-growth "p$1" $PERIOD "$WORK/five.csv"
    note upload "$1" "$COST"
}

measure_kept() {
    request GET "/v1/dashboards/bench-growth/$PERIOD" "$(<"$WORK/keys/bench-growth.commissioner")" >"$WORK/kept.request"
    drive "${PORTS[$SIZE]}" 1 1 200 "$WORK/kept.request"
    note kept "$1" "$P50"
}

# Each read right after a change of one figure.
measure_changed() {
    local i times=''
    for i in $(seq 10); do
        printf 'month,callsReceived,callsAnsweredFirstTime,emailsReceived\n2025-10,%d,9,9\n' $((1000 + $1 * 100 + i)) >"$WORK/contacts.csv"
        put_over "${PORTS[$SIZE]}" bench-growth "p$((ROUNDS + 1))" $PERIOD "$WORK/contacts.csv" contacts
        drive "${PORTS[$SIZE]}" 1 once 200 "$WORK/kept.request"
        times+=$P50$'\n'
    done
    note changed "$1" "$(spread <<<"${times%$'\n'}" | cut -d' ' -f1)"
}

# As at another day each time: nothing of it is kept, not even counts.
measure_anew() {
    local day key
    key=$(<"$WORK/keys/bench-growth.commissioner")
    for day in $(seq 10); do
        request GET "/v1/dashboards/bench-growth/$PERIOD?asAt=$(date -u -d "2026-02-01 - $(($1 * 10 + day)) days" +%F)" "$key"
    done >"$WORK/anew.request"
    drive "${PORTS[$SIZE]}" 1 once 200 "$WORK/anew.request"
    note anew "$1" "$P50"
}

measure() {
    local round=$1 size metric
    for size in "${SIZES[@]}"; do
        on "$size"
        for metric in "${ORDER[@]}"; do "measure_$metric" "$round"; done
    done
}

# ---- telling ------------------------------------------------------------------------------------------------------

# Lines "metric size median least most", seconds.
medians() {
    local metric size
    for metric in "${ORDER[@]}"; do
        for size in "${SIZES[@]}"; do
            printf '%s\t%s\t%s\n' "$metric" "$size" "$(awk -F '\t' -v m="$metric" -v s="$size" '$1 == m && $2 == s && $3 > 0 { print $4 }' "$WORK/growth.tsv" |
                spread | tr ' ' '\t')"
        done
    done
}

# The ratio of each round, largest by smallest: a neighbour that was loud in one round was so for both.
growth_of() {
    awk -F '\t' -v m="$1" -v least="${SIZES[0]}" -v most="${SIZES[-1]}" '
        $1 == m && $2 == least { small[$3] = $4 } $1 == m && $2 == most { large[$3] = $4 }
        END { for (r in small) if (r > 0 && r in large) print large[r] / small[r] }' "$WORK/growth.tsv" | spread
}

tell() {
    local metric size
    printf '| milliseconds |'
    for size in "${SIZES[@]}"; do printf ' %s stored |' "$size"; done
    printf ' largest by smallest (least to most of %s rounds) | at most |\n| --- |' "$ROUNDS"
    for size in "${SIZES[@]}"; do printf ' --- |'; done
    printf ' --- | --- |\n'
    for metric in "${ORDER[@]}"; do
        printf '| %s |' "${METRICS[$metric]}"
        for size in "${SIZES[@]}"; do awk -F '\t' -v m="$metric" -v s="$size" '$1 == m && $2 == s { printf " %.2f |", 1000 * $3 }' "$WORK/medians.tsv"; done
        growth_of "$metric" | awk '{ printf " **%.2f** (%.2f to %.2f) | 1.3 |\n", $1, $2, $3 }'
    done
}

write_files() {
    {
        say "# make bench-growth · $(date -u +%F) · $("$BINARY" --version | head -n 1) · $(machine)"
        say "# metric, episodes stored, median, least and most of $ROUNDS rounds, seconds"
        cat "$WORK/medians.tsv"
    } >"$ROOT/bench/growth.tsv"
    awk -v metrics=upload -v title="A return of 5,000 rows to its receipt, milliseconds" -f "$ROOT/bench/plot.awk" "$ROOT/bench/growth.tsv" >"$ROOT/docs/growth-upload.svg"
    awk -v metrics="changed kept" -v title="A dashboard, median, milliseconds" -f "$ROOT/bench/plot.awk" "$ROOT/bench/growth.tsv" >"$ROOT/docs/growth-dashboard.svg"
    awk -v metrics=anew -v title="A dashboard of 90,000 episodes counted anew, milliseconds" -f "$ROOT/bench/plot.awk" "$ROOT/bench/growth.tsv" >"$ROOT/docs/growth-anew.svg"
}

main() {
    local size round
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir -p "$WORK"
    check_space
    CA=$(field .caFile) SERVING=()
    say "$(machine)"
    for size in "${SIZES[@]}"; do make_database "$size"; done
    "$BIN/rows" csv 5000 2 0 >"$WORK/five.csv"
    for round in $(seq 0 "$ROUNDS"); do
        measure "$round"
        say "round $round"
    done
    medians >"$WORK/medians.tsv"
    tell
    [ -n "${QUARTERDAY_BENCH_SIZES:-}" ] || write_files
}

main "$@"
