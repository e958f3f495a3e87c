# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Judging alone, of a file in memory, beside what else reads such a file. The programs warm themselves.

# judge WHAT FILE: seconds of one pass.
judge() { read -r COST _ < <("$BIN/judge" "$1" "$WORK/$2"); }
check_csv() { judge check large.csv; }
encode_csv() { judge encode large.csv; }
split_csv() { judge split large.csv; }
rules_csv() { judge rules large.csv; }
check_json() { judge check large.json; }
tree_of_json() { judge tree large.json; }
check_million() { judge check million.csv; }
check_faults() { judge faults faults.csv; }
put_million() { put bench-million "p$1" text/csv "$WORK/million.csv"; }

# The file sixteen times, so that starting wc does not count.
count_lines() {
    local began files
    mapfile -t files < <(yes "$WORK/large.csv" | head -n 16)
    began=$EPOCHREALTIME
    wc -l "${files[@]}" >/dev/null
    COST=$(awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { print (ended - began) / 16 }')
}

# A fixed speed to be beside: 300 MB a second.
three_hundred() { COST=$(awk -v bytes="$CSV_BYTES" 'BEGIN { print bytes / 300e6 }'); }

validation() {
    local json_bytes tree="Jansson tree of the same file" SELF_WARMED=yes LOCAL=yes
    CSV_BYTES=$(stat -c %s "$WORK/large.csv")
    json_bytes=$(stat -c %s "$WORK/large.json")
    QUICK=no paired "validation of CSV" "300 MB/s" 1 3.3333 "$CSV_BYTES" check_csv three_hundred
    QUICK=no paired "validation of CSV" "wc -l" null null "$CSV_BYTES" check_csv count_lines
    paired "validation of CSV" "libcsv with the same rules of cells" 3 null "$CSV_BYTES" check_csv rules_csv
    QUICK=no paired "validation of CSV" "libcsv, only splitting" null null "$CSV_BYTES" check_csv split_csv
    paired "validation of CSV with rows encoded for COPY" "libcsv with the same rules of cells" null null "$CSV_BYTES" encode_csv rules_csv
    QUICK=1 PATH_ROUNDS=$FEW_ROUNDS paired "validation of JSON" "$tree" null null "$json_bytes" check_json tree_of_json
}

# One upload of a million, and its memory; then validation alone, and with an error in each row (a cell that no fast path takes).
million() {
    "$BIN/rows" csv 1000000 "$SEED" 0 >"$WORK/million.csv"
    awk -F, -v OFS=, 'NR > 1 { $5 = "x" } { print }' "$WORK/million.csv" >"$WORK/faults.csv"
    CSV_BYTES=$(stat -c %s "$WORK/million.csv")
    SELF_WARMED=yes LOCAL=yes paired "validation of 1,000,000 episodes CSV" "300 MB/s" 1 3.3333 "$CSV_BYTES" check_million three_hundred
    SELF_WARMED=yes LOCAL=yes paired "an error in each of 1,000,000 rows" "the clean file" 0.8333 null ms check_faults check_million
    make_service bench-million 1
    put_million 0
    say "${BOLD}1,000,000 episodes CSV over HTTPS to receipt$PLAIN: $(shown ms "$COST")"
    memory_of "memory for 1,000,000 episodes CSV" 128
    rm -f "$WORK/million.csv" "$WORK/faults.csv"
}
