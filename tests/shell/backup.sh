#!/usr/bin/env bash
# quarterday backup and restore over the whole sample: taken while returns come in, put back into another database and compared there table by table
# apart from the program's own comparing; damaged copies and full databases are refused; a point in time is restored from the log.
#
# The cluster is this script's alone, so the owner of the tables is made its superuser: backups need one.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../../tools/lib.sh"
cd "$ROOT"
[ -n "${QUARTERDAY_RUN_JSON:-}" ] || exec tools/with_service.sh bash tests/shell/backup.sh

binary=$QUARTERDAY_TEST_BINARY
work=$(mktemp -d)
writer=''
finish() {
    local status=$?
    trap - EXIT
    [ -z "$writer" ] || kill "$writer" 2>/dev/null || true
    rm -rf "$work"
    exit $status
}
trap finish EXIT

home=${QUARTERDAY_RUN_JSON%/*}
super() { tools/cluster.sh psql "$home" super postgres "$@"; }
owner=$(tools/cluster.sh conninfo "$home" owner)
super -c 'ALTER ROLE quarterday_owner SUPERUSER'
mkdir "$work/copies"

expect() { # STATUS WORDS COMMAND...
    local wanted=$1 words=$2 status=0
    shift 2
    "$@" >"$work/said" 2>&1 || status=$?
    { [ "$status" = "$wanted" ] && grep -q -e "$words" "$work/said"; } || { cat "$work/said" && die "ended with $status, expected $wanted and '$words': $*"; }
}

digests() { tools/cluster.sh psql "$home" owner "$1" -A -t -c 'SELECT * FROM quarterday.table_digests()'; }

# Returns keep coming in meanwhile: the copy is of one moment all the same.
key=$(jq -r .keys.providers.homerton "$home/run.json")
url=$(jq -r .url "$home/run.json")
while :; do
    printf 'month,callsReceived,callsAnsweredFirstTime\n2025-10,%d,9\n' $((RANDOM + 9)) |
        curl -s --cacert "$home/tls/cert.pem" -H "Authorization: Bearer $key" -H 'Content-Type: text/csv' -T - -o /dev/null \
            "$url/v1/returns/city-and-hackney/homerton/2025-26-Q3/contacts?reason=again" || true
done &
writer=$!
expect 0 '^restored and compared ' "$binary" backup --to "$work/copies" --verify --database "$owner dbname=quarterday"
kill "$writer"
wait "$writer" 2>/dev/null || true
writer=''
cat "$work/said"
copy=$(echo "$work"/copies/quarterday-*)
[ "$(super -A -t -c "SELECT count(*) FROM pg_database WHERE datname LIKE 'quarterday_try%'")" = 0 ] || die "a database was left behind"
[ "$(stat -c %a "$copy")" = 700 ] || die "others may read the copy"
[ "$(find "$work/copies" -mindepth 1 | wc -l)" = 3 ] || { find "$work/copies" && die "more than a folder, the dump and the manifest was left"; }

# A quiet copy, put back for good: equal in every table, by a comparison that has nothing to do with the manifest.
expect 0 '^kept ' "$binary" backup --to "$work" --database "$owner dbname=quarterday"
quiet=$(echo "$work"/quarterday-*)
super -c 'CREATE DATABASE again TEMPLATE template0' -c 'CREATE DATABASE other TEMPLATE template0'
expect 0 '^restored and compared ' "$binary" restore --from "$quiet" --database "$owner dbname=again"
diff <(digests quarterday) <(digests again) || die "the restored database differs"
[ "$(digests again | wc -l)" -ge 25 ] || die "only $(digests again | wc -l) tables"
expect 0 'whole' "$binary" audit verify --database "$owner dbname=again"
for what in 'SELECT polname, polrelid::regclass, polcmd, pg_get_expr(polqual, polrelid) FROM pg_policy' \
    "SELECT oid::regclass, relacl, relrowsecurity, relforcerowsecurity, relowner::regrole FROM pg_class WHERE relnamespace = 'quarterday'::regnamespace"; do
    diff <(tools/cluster.sh psql "$home" owner quarterday -A -t -c "$what" | sort) <(tools/cluster.sh psql "$home" owner again -A -t -c "$what" | sort) ||
        die "rights or policies differ after the restore"
done

expect 0 'has no rights' tools/cluster.sh psql "$home" owner again -A -t -c \
    "SELECT CASE WHEN has_database_privilege('public', 'again', 'TEMPORARY') THEN 'everybody has rights' ELSE 'everybody has no rights' END"

# What must be refused.
expect 1 'holds a schema quarterday already' "$binary" restore --from "$quiet" --database "$owner dbname=again"
expect 1 'needs a superuser' "$binary" restore --from "$quiet" --database "$(tools/cluster.sh conninfo "$home" app) dbname=other"
expect 1 'BYPASSRLS' "$binary" backup --to "$work" --database "$(tools/cluster.sh conninfo "$home" app) dbname=quarterday"
[ "$(find "$work" -name '*.new' | wc -l)" = 0 ] || die "half a copy was left"
expect 2 'to is missing' "$binary" backup --database "$owner dbname=quarterday"
expect 2 'is missing' "$binary" restore --database "$owner dbname=other"
cp -r "$quiet" "$work/damaged"
printf x | dd of="$work/damaged/dump" bs=1 seek=2000 conv=notrunc status=none
expect 1 'is damaged' "$binary" restore --verify --from "$work/damaged" --database "$owner dbname=quarterday"
cp "$quiet/dump" "$work/damaged/dump"
jq '(.tables[] | select(.name == "audit") | .rows) += 1' "$quiet/manifest.json" >"$work/damaged/manifest.json"
expect 1 'Table audit differs' "$binary" restore --verify --from "$work/damaged" --database "$owner dbname=quarterday"
jq '(.tables[] | select(.name == "version") | .digest) = "1:2"' "$quiet/manifest.json" >"$work/damaged/manifest.json"
expect 1 'Table version differs.*with other contents' "$binary" restore --verify --from "$work/damaged" --database "$owner dbname=quarterday"
[ "$(super -A -t -c "SELECT count(*) FROM pg_database WHERE datname LIKE 'quarterday_try%'")" = 0 ] || die "a database was left behind"
