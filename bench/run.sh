#!/usr/bin/env bash
# run.sh: every path of Quarterday beside its limit or a peer, in paired rounds. Started by tools/bench.sh beside a throw-away service;
# writes bench/RESULTS.md and bench/results.json. docs/performance.md says what is measured and how.
#
# QUARTERDAY_BENCH_ROUNDS (at least 7, if the result is to be kept) and QUARTERDAY_BENCH_ONLY="uploads validation million reads" for work on the
# bench itself: then nothing is written but to the terminal.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
# shellcheck source=bench/paired.sh
. "$ROOT/bench/paired.sh"

readonly BINARY=$QUARTERDAY_TEST_BINARY BIN=$QUARTERDAY_TEST_BENCH_BIN RUN_JSON=$QUARTERDAY_RUN_JSON
readonly HOME_DIR=${RUN_JSON%/*} WORK=${RUN_JSON%/*}/bench
readonly RESULTS=$WORK/results.tsv SEED=1 PERIOD=2025-26-Q3 SERVICE=city-and-hackney SMALL_ROUNDS=15
# Of the readers: connections, and seconds a round; the tools on both sides have one thread.
readonly CLIENTS=8 READ_SECONDS=2

psql_pid='' upload_pid=''

field() { jq -er "$1" "$RUN_JSON"; }

finish() {
    local status=$? pid
    trap '' INT TERM HUP
    trap - EXIT
    for pid in $psql_pid $upload_pid; do kill -s TERM "$pid" 2>/dev/null || true; done
    exit $status
}

# ---- psql and the uploader: one connection each, open all the time ------------------------------------------------

start_psql() {
    mkfifo "$WORK/psql.in" "$WORK/psql.out"
    psql -X -q -A -t -v ON_ERROR_STOP=1 "$OWNER" <"$WORK/psql.in" >"$WORK/psql.out" 2>"$WORK/psql.err" &
    psql_pid=$!
    exec 7>"$WORK/psql.in" 8<"$WORK/psql.out"
}

# ask LINE...: gives psql the lines; what it answers is in $ANSWER.
ask() {
    local line
    ANSWER=''
    printf '%s\n' "$@" '\echo end' >&7
    while IFS= read -r -t 120 -u 8 line; do
        [ "$line" != end ] || return 0
        ANSWER+=$line$'\n'
    done
    die "psql does not answer." "$(cat "$WORK/psql.err")"
}

start_upload() {
    mkfifo "$WORK/upload.in" "$WORK/upload.out"
    "$BIN/upload" "$URL" "$CA" <"$WORK/upload.in" >"$WORK/upload.out" &
    upload_pid=$!
    exec 5>"$WORK/upload.in" 6<"$WORK/upload.out"
}

# put SERVICE PROVIDER TYPE FILE: sends it; the seconds to the receipt are in $COST.
put() {
    local status
    printf '/v1/returns/%s/%s/%s/episodes\t%s\t%s\t%s\n' "$1" "$2" "$PERIOD" "$3" "$(<"$WORK/keys/$1.$2")" "$4" >&5
    read -r -t 120 -u 6 status COST || die "the uploader ended."
    case $status in 200 | 201) ;; *) die "an upload was answered $status." ;; esac
}

# copy_in SERVICE PROVIDER VERSION FILE: the same rows by \copy into the same columns; psql's own time is in $COST. The key comes from
# the table's defaults, but for the row's number, which the file has: a sequence would slow \copy down by a tenth.
copy_in() {
    local ms
    ask "alter table bench_episode alter service set default '$1', alter provider set default '$2', alter version set default $3;"
    ask '\timing on' "\\copy bench_episode (row,$COLUMNS) from '$4' with (format csv, header)" '\timing off'
    ms=$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' <<<"$ANSWER")
    COST=$(awk -v ms="$ms" 'BEGIN { print ms / 1000 }')
}

# ---- preparing ----------------------------------------------------------------------------------------------------

# as_owner ARGUMENTS: a subcommand with the owner's connection; what it tells is shown when it fails.
as_owner() {
    QUARTERDAY_DATABASE=${OWNER% options=*} "$BINARY" "$@" 2>"$WORK/command.err" || die "quarterday $1 $2 failed." "$(cat "$WORK/command.err")"
}

# A service of its own for each path, with a provider for each round: every upload is its provider's first.
make_service() { # SERVICE PROVIDERS
    local provider
    jq --arg service "$1" --argjson count "$2" '.id = $service | .service = $service | .providers[0] as $model |
        .providers = [range($count) | $model + {id: "p\(.)", name: "Provider \(.)", group: null}]' \
        "$ROOT/frameworks/$SERVICE.json" >"$WORK/$1.json"
    as_owner framework load "$WORK/$1.json" >/dev/null
    for provider in $(seq 0 $(($2 - 1))); do
        as_owner key issue --role provider --service "$1" --provider "p$provider" >"$WORK/keys/$1.p$provider"
    done
}

# The table that \copy fills: columns, defaults of columns, storage and primary key of ours; and the sample's rows, whose keys come after
# those of the bench: adding at the very end of an index is quicker.
make_table() {
    ask 'create table bench_episode (like episode including all);' 'insert into bench_episode select * from episode;' \
        'alter table bench_episode alter period set default 2025 * 4 + 2;'
}

prepare() {
    local name
    mkdir -p "$WORK/keys"
    URL=$(field .url) CA=$(field .caFile) SERVICE_PID=$(field .pid)
    POSTMASTER_PID=$(head -n 1 "$HOME_DIR/pg/postmaster.pid")
    OWNER="$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" owner quarterday) options='-c search_path=quarterday -c quarterday.service=* -c quarterday.provider=*'"
    APP="$("$ROOT/tools/cluster.sh" conninfo "$HOME_DIR" app quarterday) options='-c search_path=quarterday -c quarterday.service=* -c quarterday.provider=*'"
    IDLE_KB=$(resident VmRSS)
    "$BIN/rows" csv 1000 $SEED 0 >"$WORK/small.csv"
    "$BIN/rows" csv 100000 $SEED 0 >"$WORK/large.csv"
    "$BIN/rows" csv 100000 $SEED 1 >"$WORK/corrected.csv"
    for name in small large corrected; do
        awk '{ print (NR == 1 ? "row" : NR - 1) "," $0 }' "$WORK/$name.csv" >"$WORK/$name.copy.csv"
    done
    "$BIN/rows" json 100000 $SEED 0 >"$WORK/large.json"
    # Names of columns as the table has them: outcome4w is outcome_4w.
    COLUMNS=$(head -n 1 "$WORK/large.csv" | sed -E 's/([A-Z]|[0-9]+)/_\L\1/g')
    start_psql
    start_upload
}

# ---- the paths ----------------------------------------------------------------------------------------------------

put_small() { put bench-small "p$1" text/csv "$WORK/small.csv"; }
copy_small() { copy_in bench-small "p$1" 1 "$WORK/small.copy.csv"; }
put_large() { put bench-large "p$1" text/csv "$WORK/large.csv"; }
copy_large() { copy_in bench-large "p$1" 1 "$WORK/large.copy.csv"; }
put_corrected() { put bench-large "p$1" text/csv "$WORK/corrected.csv"; }
copy_corrected() { copy_in bench-large "p$1" 2 "$WORK/corrected.copy.csv"; }
put_json() { put bench-json "p$1" application/json "$WORK/large.json"; }

# judge WHAT FILE: seconds of one pass.
judge() { read -r COST _ < <("$BIN/judge" "$1" "$WORK/$2"); }
check_csv() { judge check large.csv; }
encode_csv() { judge encode large.csv; }
split_csv() { judge split large.csv; }
check_json() { judge check large.json; }
tree_of_json() { judge tree large.json; }

# The file sixteen times, so that starting wc does not count.
count_lines() {
    local began files
    mapfile -t files < <(yes "$WORK/large.csv" | head -n 16)
    began=$EPOCHREALTIME
    wc -l "${files[@]}" >/dev/null
    COST=$(awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { print (ended - began) / 16 }')
}

check_million() { judge check million.csv; }
check_faults() { judge faults faults.csv; }

# A fixed speed to be beside: 300 MB a second.
three_hundred() { COST=$(awk -v bytes="$CSV_BYTES" 'BEGIN { print bytes / 300e6 }'); }
put_million() { put bench-million "p$1" text/csv "$WORK/million.csv"; }

# What load and pgbench say, in $COST and $UNITS; the percentiles of load go to a file.
read_with() { # STATUS HEADER...
    local key url=${URL#https://} seconds p50 p99
    key=$(field .keys.commissioner)
    {
        printf 'GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n' "$DASHBOARD" "$url" "$key"
        [ $# -eq 1 ] || printf '%s\r\n' "${@:2}"
        printf '\r\n'
    } >"$WORK/request"
    read -r UNITS seconds p50 p99 < <("$BIN/load" "${url##*:}" $CLIENTS $READ_SECONDS "$1" <"$WORK/request") || die "reading failed."
    COST=$(awk -v seconds="$seconds" -v units="$UNITS" 'BEGIN { print seconds / units }')
    printf '%s\t%s\t%s\n' "${FUNCNAME[1]}" "$p50" "$p99" >>"$WORK/latency.tsv"
}
read_dashboard() { read_with 200; }
read_unchanged() { read_with 304 "If-None-Match: $ETAG"; }

query() { # STATEMENT
    local said
    printf '%s;\n' "$1" >"$WORK/query.sql"
    said=$(pgbench --no-vacuum --protocol=prepared --client=$CLIENTS --jobs=1 --time=$READ_SECONDS --file="$WORK/query.sql" "$APP" 2>&1) ||
        die "pgbench failed:" "$said"
    UNITS=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' <<<"$said")
    COST=$(awk '/^tps = / { print 1 / $3 }' <<<"$said")
}
query_body() { query 'select body from bench_body where id = 1'; }
query_stamp() { query "select stamp from service where service = '$SERVICE'"; }

# ---- memory -------------------------------------------------------------------------------------------------------

resident() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$SERVICE_PID/status"; }

# memory PATH [MIB]: the most that the service held, above what it holds when idle. 64 MB are the limit of the main job.
memory() {
    local used=$(($(resident VmHWM) - IDLE_KB)) most=${2:-64} ratio
    ratio=$(awk -v used=$used -v most="$most" 'BEGIN { printf "%.4f", 1024 * most / used }')
    say "$BOLD$1$PLAIN"
    result "$1" "$most MiB above idle" "$ratio" "$ratio" "$ratio" 1 null "$((used / 1024)) MiB" "$most MiB"
    # The next one begins anew, where the kernel lets us.
    (echo 5 >"/proc/$SERVICE_PID/clear_refs") 2>/dev/null || true
}

# ---- rounds -------------------------------------------------------------------------------------------------------

# What the upload stored is what \copy stored, in every column.
check_same_rows() {
    # shellcheck disable=SC2016
    ask "select format('select (select count(*) from episode where %2\$s), count(*) from (select %1\$s from episode where %2\$s except all
             select %1\$s from bench_episode where %2\$s) different', string_agg(quote_ident(column_name), ','),
             'service = ''bench-large'' and provider = ''p1'' and version = 1')
         from information_schema.columns where table_name = 'episode' \\gexec"
    [ "$ANSWER" = "100000|0"$'\n' ] || die "the upload and \\copy stored different rows: $ANSWER"
    ok "the upload stored the rows that \\copy stored"
}

uploads() {
    local copy='psql \copy of the same rows'
    make_service bench-small $((SMALL_ROUNDS + 1))
    make_service bench-large $((ROUNDS + 1))
    make_service bench-json $((ROUNDS + 1))
    make_table
    PATH_ROUNDS=$SMALL_ROUNDS paired "1,000 episodes CSV over HTTPS to receipt" "$copy" null null ms put_small copy_small
    paired "100,000 episodes CSV over HTTPS to receipt" "$copy" 0.9 2 ms put_large copy_large
    check_same_rows
    paired "100,000 episodes CSV, corrected in one row" "$copy" null null ms put_corrected copy_corrected
    memory "memory for 100,000 episodes CSV"
    paired "100,000 episodes JSON over HTTPS to receipt" "Jansson tree of the same file" 4 10 ms put_json tree_of_json
    memory "memory for 100,000 episodes JSON"
}

validation() {
    CSV_BYTES=$(stat -c %s "$WORK/large.csv")
    local json_bytes
    json_bytes=$(stat -c %s "$WORK/large.json")
    SELF_WARMED=yes paired "validation of CSV" "300 MB/s" 1 3.3333 "$CSV_BYTES" check_csv three_hundred
    SELF_WARMED=yes paired "validation of CSV" "wc -l" null null "$CSV_BYTES" check_csv count_lines
    SELF_WARMED=yes paired "validation of CSV" "libcsv, only splitting" null null "$CSV_BYTES" check_csv split_csv
    SELF_WARMED=yes paired "validation of CSV with rows encoded for COPY" "libcsv, only splitting" null null "$CSV_BYTES" encode_csv split_csv
    SELF_WARMED=yes paired "validation of JSON" "Jansson tree of the same file" null null "$json_bytes" check_json tree_of_json
}

# One upload of a million, and its memory; then validation alone, and with an error in each row (a cell that no fast path takes).
million() {
    "$BIN/rows" csv 1000000 $SEED 0 >"$WORK/million.csv"
    awk -F, -v OFS=, 'NR > 1 { $5 = "x" } { print }' "$WORK/million.csv" >"$WORK/faults.csv"
    CSV_BYTES=$(stat -c %s "$WORK/million.csv")
    SELF_WARMED=yes paired "validation of 1,000,000 episodes CSV" "300 MB/s" 1 3.3333 "$CSV_BYTES" check_million three_hundred
    SELF_WARMED=yes paired "an error in each of 1,000,000 rows" "the clean file" 0.8333 null ms check_faults check_million
    make_service bench-million 1
    put_million 0
    say "${BOLD}1,000,000 episodes CSV over HTTPS to receipt$PLAIN: $(shown ms "$COST")"
    memory "memory for 1,000,000 episodes CSV" 128
    rm -f "$WORK/million.csv" "$WORK/faults.csv"
}

# A table with one row of as many bytes as a dashboard has, uncompressed.
make_body() {
    DASHBOARD=/v1/dashboards/$SERVICE/$PERIOD
    curl --silent --show-error --fail --noproxy '*' --cacert "$CA" --output "$WORK/dashboard.json" --dump-header "$WORK/dashboard.head" \
        --config <(printf 'header = "Authorization: Bearer %s"\n' "$(field .keys.commissioner)") "$URL$DASHBOARD"
    ETAG=$(sed -n 's/^etag: *\(.*\)\r$/\1/Ip' "$WORK/dashboard.head")
    BODY_BYTES=$(stat -c %s "$WORK/dashboard.json")
    ask 'create table bench_body (id int primary key, body text not null);' 'alter table bench_body alter body set storage external;' \
        "insert into bench_body select 1, repeat('x', $BODY_BYTES);" 'grant select on bench_body to quarterday_app;'
}

reads() {
    make_body
    paired "dashboard over TLS, keep-alive, $CLIENTS clients" "pgbench, one query of $BODY_BYTES bytes, $CLIENTS clients" null null /s \
        read_dashboard query_body
    paired "304 over TLS, keep-alive, $CLIENTS clients" "pgbench, one query of 8 bytes, $CLIENTS clients" null null /s read_unchanged query_stamp
}

# ---- telling ------------------------------------------------------------------------------------------------------

version_of() { dpkg-query -W -f='${Version}' "$1" 2>/dev/null || say unknown; }

# latency FUNCTION COLUMN: the median over the rounds.
latency() {
    awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$WORK/latency.tsv" | spread | awk '{ printf "%.2f ms", 1000 * $1 }'
}

machine() {
    printf '%s · %s cores · %s · Linux %s · %s · load %s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo)" "$(uname -r)" "$(. /etc/os-release && say "$PRETTY_NAME")" \
        "$(cut -d' ' -f1-3 /proc/loadavg)"
}

write_results() {
    say "# What \`make bench\` measured"
    say
    say "Written by \`make bench\`; [docs/performance.md](../docs/performance.md) says how to read it. Medians of $ROUNDS paired rounds" \
        "($SMALL_ROUNDS for 1,000 rows); a ratio above 1 means that we are quicker than what stands beside."
    say
    say "$(date -u +%Y-%m-%d) · $("$BINARY" --version | head -n 1) · $(machine)"
    say
    say "PostgreSQL $(version_of postgresql-15) · libmicrohttpd $(version_of libmicrohttpd12) · GnuTLS $(version_of libgnutls30) ·" \
        "Jansson $(version_of libjansson4) · libcsv $(version_of libcsv3) · $(gcc --version | head -n 1)"
    say
    write_table
    say
    say "CPU is that of the service + that of PostgreSQL; clients (psql, pgbench, our own) are not counted."
    say
    printf '| work | CPU each | p50 | p99 |\n| --- | --- | --- | --- |\n'
    local name side
    while read -r side name; do
        [ -n "${done_units[$side]:-}" ] || continue
        if grep -qs "^$side" "$WORK/latency.tsv"; then
            printf '| %s | %s | %s | %s |\n' "$name" "$(cpu_of "$side")" "$(latency "$side" 2)" "$(latency "$side" 3)"
        else
            printf '| %s | %s | | |\n' "$name" "$(cpu_of "$side")"
        fi
    done <<'END'
put_small 1,000 episodes CSV
copy_small 1,000 episodes by \copy
put_large 100,000 episodes CSV
copy_large 100,000 episodes by \copy
put_corrected 100,000 episodes CSV, corrected
put_json 100,000 episodes JSON
read_dashboard dashboard
query_body pgbench, a body as large
read_unchanged 304
query_stamp pgbench, 8 bytes
END
    say
    say "Files: $(stat -c %s "$WORK/small.csv"), $(stat -c %s "$WORK/large.csv") bytes of CSV, $(stat -c %s "$WORK/large.json") of JSON;" \
        "the dashboard has $BODY_BYTES. Service idle, with the sample: $((IDLE_KB / 1024)) MiB."
}

main() {
    local only=${QUARTERDAY_BENCH_ONLY:-uploads validation million reads} path
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    prepare
    say "$(machine)"
    for path in $only; do "$path"; done
    if [ -n "${QUARTERDAY_BENCH_ONLY:-}" ]; then
        write_table
        return
    fi
    write_results >"$WORK/RESULTS.md"
    write_json >"$WORK/results.json"
    cp "$WORK/RESULTS.md" "$WORK/results.json" "$ROOT/bench/"
    say
    cat "$WORK/RESULTS.md"
}

main "$@"
