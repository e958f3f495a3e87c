#!/usr/bin/env bash
# A person of the sample is erased over HTTP; after VACUUM FULL nothing of the person is in any file of the tables, in a dump, in the log or in the answers.
# Before, all of them have it, so that looking finds something.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../../tools/lib.sh"
cd "$ROOT"
[ -n "${QUARTERDAY_RUN_JSON:-}" ] || exec tools/with_service.sh bash tests/shell/erased.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
home=${QUARTERDAY_RUN_JSON%/*}
super() { tools/cluster.sh psql "$home" super quarterday -A -t "$@"; }
data=$(super -c 'SHOW data_directory')
cluster_owner=$(stat -c %U "$data")
as_cluster_owner() { if [ "$(id -u)" = 0 ] || [ "$(id -un)" = "$cluster_owner" ]; then "$@"; else sudo -n -u "$cluster_owner" "$@"; fi; }

key=$(jq -r .keys.providers.homerton "$QUARTERDAY_RUN_JSON")
url=$(jq -r .url "$QUARTERDAY_RUN_JSON")
ask() { curl -s --cacert "$home/tls/cert.pem" -H "Authorization: Bearer $key" -H "Subject-Reference: $client" "$@"; }

# The person with the most attempts, and the ids of those.
client=$(super -c "SELECT client_id FROM quarterday.episode WHERE provider = 'homerton' GROUP BY client_id ORDER BY count(DISTINCT episode_id) DESC, client_id LIMIT 1")
mapfile -t canaries < <(super -c "SELECT DISTINCT episode_id FROM quarterday.episode WHERE provider = 'homerton' AND client_id = '$client'")
canaries+=("$client")
[ ${#canaries[@]} -ge 2 ] || die "the sample has nobody"
printf '%s\n' "${canaries[@]}" >"$work/canaries"

# Files of tables and indexes that hold one. The log of PostgreSQL itself (pg_wal) holds what was written until its segments are written over, as
# docs/privacy.md says, and is not looked at.
files_with() {
    super -c CHECKPOINT >/dev/null
    { as_cluster_owner grep -rlaF -f "$work/canaries" "$data/base" "$data/global" 2>/dev/null || true; } | wc -l
}
# Rows are compressed, which hides what is looked for: from here on they are not.
super -c 'ALTER TABLE quarterday.row_pack_stored ALTER lines SET STORAGE EXTERNAL' -c "UPDATE quarterday.row_pack_stored SET lines = lines || ''" \
    -c 'VACUUM FULL quarterday.row_pack_stored' -c ANALYZE >/dev/null
[ "$(files_with)" -gt 0 ] || die "the files of the tables do not show the person before either"

[ "$(ask -o "$work/before" -w '%{http_code}' "$url/v1/subjects/city-and-hackney")" = 200 ] || die "nobody is known by $client"
[ "$(ask -o "$work/asked" -w '%{http_code}' -X DELETE "$url/v1/subjects/city-and-hackney?reason=test")" = 202 ] || { cat "$work/asked" && die "it cannot be asked for"; }
[ "$(jq .rows "$work/asked")" = "$(jq .count "$work/before")" ] || die "other rows were counted"
for _ in $(seq 600); do
    status=$(ask -o "$work/after" -w '%{http_code}' "$url/v1/subjects/city-and-hackney")
    [ "$status" != 404 ] || break
    sleep 0.1
done
[ "$status" = 404 ] || die "it was asked for and is not done: $status"

# What privacy.md says to do.
super -c 'VACUUM FULL ANALYZE' >/dev/null
left=$(files_with)
[ "$left" = 0 ] || { as_cluster_owner grep -rlaF -f "$work/canaries" "$data/base" "$data/global" && die "$left files of tables still hold the person"; }

tools/cluster.sh psql "$home" super quarterday -A -t -c \
    "SELECT string_agg(t::text, '') FROM quarterday.audit t" -c "SELECT string_agg(t::text, '') FROM quarterday.event t" \
    -c "SELECT string_agg(convert_from(body, 'UTF8'), '') FROM quarterday.idempotency" >"$work/trail"
super -c "COPY (SELECT * FROM quarterday.episode) TO STDOUT" >"$work/rows"
super -c "COPY (SELECT * FROM quarterday.erasure_request) TO STDOUT" >>"$work/rows"
for place in "$work/trail" "$work/rows" "$home/log/server.log" "$home/log/erasures.log"; do
    [ -s "$place" ] || die "$place is empty"
    ! grep -qaF -f "$work/canaries" "$place" || die "$place has the person"
done
say "${#canaries[@]} ids of a person are in no file"
