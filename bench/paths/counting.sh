# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# All counts behind the KPIs of a service's year, 100,000 episodes in four returns: from the facts in force, read from the database, beside the same
# counts asked of the rows in SQL.

count_facts() {
    "$BIN/count" stored "${APP% options=*} options='-c search_path=quarterday'" "$ROOT/frameworks/$SERVICE.json" bench-year p0 "$TODAY" >"$WORK/counts.ours"
    COST=$(head -n 1 "$WORK/counts.ours")
}

count_rows() {
    ask '\timing on' "\\i $WORK/counts.sql" '\timing off'
    printf '%s' "$ANSWER" | grep -v '^Time:' | tr '|' ' ' | LC_ALL=C sort >"$WORK/counts.theirs"
    COST=$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' <<<"$ANSWER" | awk '{ print $1 / 1000 }')
}

# Both found the same.
check_same_counts() {
    count_facts 0
    count_rows 0
    tail -n +2 "$WORK/counts.ours" | grep -v ' items' | LC_ALL=C sort >"$WORK/counts.same"
    cmp -s "$WORK/counts.same" "$WORK/counts.theirs" ||
        die "facts and SQL count differently." "$(diff "$WORK/counts.same" "$WORK/counts.theirs" | head)"
    ok "$(wc -l <"$WORK/counts.same") counts from facts are those of SQL"
}

counting() {
    local quarter
    make_service bench-year 1
    for quarter in 1 2 3; do
        "$BIN/rows" csv 25000 $quarter 0 "2025-26-Q$quarter" >"$WORK/year.csv"
        put bench-year p0 text/csv "$WORK/year.csv" "2025-26-Q$quarter"
    done
    "$BIN/rows" csv 25000 4 0 2024-25-Q4 >"$WORK/year.csv"
    put bench-year p0 text/csv "$WORK/year.csv" 2024-25-Q4
    # The service keeps rows in packs; SQL is given them as a table with a key, as one would lay it out.
    ask 'create table bench_year (like episode, primary key (service, provider, period, version, row));' \
        "insert into bench_year select * from episode where service = 'bench-year';" 'analyze bench_year;'
    jq -r --arg service bench-year --arg provider p0 --arg day "$TODAY" --arg rows bench_year -f "$ROOT/bench/counts.jq" "$ROOT/frameworks/$SERVICE.json" >"$WORK/counts.sql"
    check_same_counts
    paired "all KPIs of a year, 100,000 episodes, counted from facts" "the same counts in SQL" 20 50 ms count_facts count_rows
}
