# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Returns of episodes over HTTPS to the receipt, beside \copy of the same rows and beside Jansson's tree of the same file.

put_small() { put bench-small "p$1" text/csv "$WORK/small.csv"; }
copy_small() { copy_in bench-small "p$1" 1 "$WORK/small.copy.csv"; }
put_large() { put bench-large "p$1" text/csv "$WORK/large.csv"; }
copy_large() { copy_in bench-large "p$1" 1 "$WORK/large.copy.csv"; }
put_corrected() { put bench-large "p$1" text/csv "$WORK/corrected.csv"; }
copy_corrected() { copy_in bench-large "p$1" 2 "$WORK/corrected.copy.csv"; }
put_json() { put bench-json "p$1" application/json "$WORK/large.json"; }

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

# For the rows that the quick bench passes over.
prepare_others() {
    rows csv 100000 1 corrected.csv
    numbered corrected
    make_service bench-json $((ROUNDS + 1))
}

uploads() {
    local copy='psql \copy of the same rows'
    rows csv 1000 0 small.csv
    numbered small
    numbered large
    # Names of columns as the table has them: outcome4w is outcome_4w.
    COLUMNS=$(head -n 1 "$WORK/large.csv" | sed -E 's/([A-Z]|[0-9]+)/_\L\1/g')
    make_service bench-small $(($(PATH_ROUNDS=$SMALL_ROUNDS rounds_of_path) + 1))
    make_service bench-large $((ROUNDS + 1))
    [ -n "$IS_QUICK" ] || prepare_others
    make_table
    PATH_ROUNDS=$SMALL_ROUNDS paired "1,000 episodes CSV over HTTPS to receipt" "$copy" null null ms put_small copy_small
    paired "100,000 episodes CSV over HTTPS to receipt" "$copy" 0.9 2 ms put_large copy_large
    check_same_rows
    QUICK=no paired "100,000 episodes CSV, corrected in one row" "$copy" null null ms put_corrected copy_corrected
    QUICK=no memory_of "memory for 100,000 episodes CSV"
    QUICK=no paired "100,000 episodes JSON over HTTPS to receipt" "Jansson tree of the same file" 4 10 ms put_json tree_of_json
    QUICK=no memory_of "memory for 100,000 episodes JSON"
    rm -f "$WORK/corrected.csv" "$WORK"/*.copy.csv
}
