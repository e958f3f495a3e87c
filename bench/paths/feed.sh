# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# One feed of 150 providers (as many as there are authorities) by 29 KPIs by 12 quarters, both views, beside \copy of a table with the very same rows.

readonly FEED_PROVIDERS=150

# The first provider sends its twelve returns; the others get the same rows, facts and versions by SQL, as if they had sent them.
make_feed() {
    local year quarter
    make_service bench-feed $FEED_PROVIDERS 1
    make_key bench-feed feed
    for year in 2023-24 2024-25 2025-26; do
        for quarter in 1 2 3 4; do
            [ $year-$quarter != 2025-26-4 ] || continue # not over yet
            "$BIN/rows" csv 40 $quarter 0 $year-Q$quarter >"$WORK/quarter.csv"
            put bench-feed p0 text/csv "$WORK/quarter.csv" $year-Q$quarter
        done
    done
    copies bench-feed p0 "select 'bench-feed', 'p' || n from generate_series(1, $((FEED_PROVIDERS - 1))) n"
}

fetch_feed() {
    local began=$EPOCHREALTIME
    fetch "/v1/feeds/kpi-results.csv?from=2023-24-Q1&to=2025-26-Q4" "$(<"$WORK/keys/bench-feed.feed")" "$WORK/feed.csv"
    COST=$(awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { print ended - began }')
}

copy_feed() {
    local ms
    ask '\timing on' "\\copy (select * from bench_feed) to '$WORK/feed.theirs.csv' with (format csv, header)" '\timing off'
    ms=$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' <<<"$ANSWER")
    COST=$(awk -v ms="$ms" 'BEGIN { print ms / 1000 }')
}

feed() {
    local lines
    make_feed
    fetch_feed
    lines=$(wc -l <"$WORK/feed.csv")
    ask "create table bench_feed ($(head -n 1 "$WORK/feed.csv" | tr -d '\r' | sed -E 's/([A-Za-z0-9]+)/"\1" text/g'));" \
        "\\copy bench_feed from '$WORK/feed.csv' with (format csv, header)" 'analyze bench_feed;'
    copy_feed
    # In another order: a table has none.
    cmp -s <(tr -d '\r' <"$WORK/feed.csv" | LC_ALL=C sort) <(LC_ALL=C sort "$WORK/feed.theirs.csv") ||
        die "the feed and \\copy differ." "$(diff <(tr -d '\r' <"$WORK/feed.csv" | sort) <(sort "$WORK/feed.theirs.csv") | head -n 4)"
    paired "feed of $FEED_PROVIDERS providers, 29 KPIs, 12 quarters: $((lines - 1)) rows" "psql \\copy (select ...) of the same rows" 0.8 1 ms fetch_feed copy_feed
    rm -f "$WORK/feed.csv" "$WORK/feed.theirs.csv"
}
