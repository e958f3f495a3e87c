# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# How long a reader waits while 64 providers upload 5,000 rows each, beside how long it waits otherwise: the 99th percentile. Half of the reads ask
# for the service that is being uploaded to, half for another one.

readonly BUSY_PROVIDERS=64

idle_reads() {
    drive "${URL##*:}" "$CLIENTS" "$READ_SECONDS" 200 "$WORK/busy.request"
    COST=$P99
}

# All 64 at once, each its next edition; the reads are over before the uploads are, or it does not count.
busy_reads() {
    local provider pid
    for provider in $(seq 0 $((BUSY_PROVIDERS - 1))); do
        "$BIN/rows" csv 5000 "$SEED" $((provider + 1 + 64 * $1)) >"$WORK/busy.csv"
        put_request "/v1/returns/bench-busy/p$provider/$PERIOD/episodes" "$(<"$WORK/keys/bench-busy.p$provider")" "$WORK/busy.csv"
    done >"$WORK/busy.puts"
    "$BIN/load" "${URL##*:}" $BUSY_PROVIDERS once 2 <"$WORK/busy.puts" >"$WORK/busy.said" &
    pid=$!
    STARTED+=("$pid")
    sleep 0.3
    drive "${URL##*:}" "$CLIENTS" "$BUSY_SECONDS" 200 "$WORK/busy.request"
    kill -0 $pid 2>/dev/null || warn "the uploads were over before the reads."
    wait $pid || die "an upload was refused."
    COST=$P99
}

busy() {
    make_service bench-busy $BUSY_PROVIDERS
    make_key bench-busy commissioner
    {
        request GET "/v1/dashboards/bench-busy/$PERIOD" "$(<"$WORK/keys/bench-busy.commissioner")"
        request GET "/v1/dashboards/$SERVICE/$PERIOD" "$COMMISSIONER"
    } >"$WORK/busy.request"
    busy_reads 0
    SELF_WARMED=yes paired "99th percentile of a read while 64 providers upload 5,000 rows each" "the same, idle" 0.3333 0.6667 ms busy_reads idle_reads
}
