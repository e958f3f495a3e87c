# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Small returns by 8 clients at once, each to its receipt, beside PostgreSQL's commits of one insert of as many bytes.

readonly SMALL_EACH=12

# Each client is a provider and sends correction after correction.
put_small_returns() {
    local provider edition
    for edition in $(seq $SMALL_EACH); do
        for provider in $(seq 0 $((CLIENTS - 1))); do
            "$BIN/rows" csv 600 $((provider + 1)) $((edition + SMALL_EACH * $1)) >"$WORK/return.csv"
            put_request "/v1/returns/bench-returns/p$provider/$PERIOD/episodes" "$(<"$WORK/keys/bench-returns.p$provider")" "$WORK/return.csv"
        done
    done >"$WORK/returns.puts"
    drive "${URL##*:}" "$CLIENTS" once 2 "$WORK/returns.puts"
}

insert_as_many() { transact "$WORK/insert.sql" "$CLIENTS" simple; }

small() {
    local bytes
    make_service bench-returns "$CLIENTS"
    "$BIN/rows" csv 600 1 0 >"$WORK/return.csv"
    bytes=$(stat -c %s "$WORK/return.csv")
    ask 'create table bench_commit (id bigint generated always as identity primary key, body text not null);' \
        'alter table bench_commit alter body set storage external;' 'grant insert on bench_commit to quarterday_app;'
    {
        printf "insert into bench_commit (body) values ('"
        # A colon would be a variable to pgbench.
        tr ':' '.' <"$WORK/return.csv"
        printf "');\n"
    } >"$WORK/insert.sql"
    paired "return of 600 rows over HTTPS to receipt, $CLIENTS clients" "pgbench, commits of one insert of $bytes bytes, $CLIENTS clients" 0.3 0.6 /s \
        put_small_returns insert_as_many
}
