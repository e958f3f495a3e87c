#!/usr/bin/env bash
# docs/operator.md, "Reads from a copy": a streaming standby, a process that only reads it, and one that takes the returns. What a receipt tells of is in the
# answer that is asked with its stamp, or there is none; changes are refused and say where they go; nothing that reads tries to write.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../../tools/lib.sh"
# shellcheck source=tools/test_home.sh
. "$ROOT/tools/test_home.sh"
cd "$ROOT"
clean_environment
binary=$QUARTERDAY_TEST_BINARY
home=$(new_test_home)
work=$(mktemp -d)
owner=$(id -un)
! is_root || owner=postgres
bin=$(dirname "$(find /usr/lib/postgresql/15/bin "$(pg_config --bindir 2>/dev/null || echo /nowhere)" -name initdb 2>/dev/null | head -n 1)")
pids=()

as_owner() {
    if is_root; then
        (cd / && setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups -- "$@")
    else
        "$@"
    fi
}
finish() {
    local status=$? pid
    trap - EXIT
    for pid in "${pids[@]}"; do kill -s TERM "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    [ ! -e "$work/standby/postmaster.pid" ] || as_owner "$bin/pg_ctl" stop -D "$work/standby" -m immediate >/dev/null 2>&1 || true
    remove_test_home "$home" >/dev/null 2>&1 || true
    rm -rf "$work"
    exit $status
}
trap finish EXIT
super() { tools/cluster.sh psql "$home" super postgres -A -t "$@"; }

# ---- a primary and its standby ------------------------------------------------------------------------------------

chmod 755 "$work"
install -d -m 0700 "$work/standby" "$work/log"
install -d -m 0755 "$work/socket"
! is_root || chown "$owner" "$work/standby" "$work/socket" "$work/log"
tools/cluster.sh start "$home"
as_owner sh -c "echo 'local replication all peer map=quarterday' >>'$(super -c 'SHOW hba_file')'"
super -c 'SELECT pg_reload_conf()' >/dev/null
place=$(tools/cluster.sh conninfo "$home" super)
primary=$(tools/cluster.sh conninfo "$home" owner quarterday)
primary_app=$(tools/cluster.sh conninfo "$home" app quarterday)
"$binary" migrate --database "$primary" >/dev/null 2>&1
"$binary" framework load frameworks/city-and-hackney.json --database "$primary" 2>/dev/null
issue() { "$binary" key issue --database "$primary" "$@" 2>/dev/null; }
commissioner=$(issue --role commissioner --service city-and-hackney)
provider=$(issue --role provider --service city-and-hackney --provider homerton)
admin=$(issue --role admin)

as_owner "$bin/pg_basebackup" --dbname="$place" --pgdata="$work/standby" --checkpoint=fast --wal-method=stream -R >"$work/copy" 2>&1 ||
    { cat "$work/copy" && die "no base copy"; }
as_owner "$bin/pg_ctl" start -w -t 60 -D "$work/standby" -l "$work/log/standby" -o "-c unix_socket_directories='$work/socket'" >/dev/null ||
    { cat "$work/log/standby" && die "the standby does not start"; }
standby="host=$work/socket ${primary_app#* }"
ask_standby() { as_owner "$bin/psql" -X -A -t "host=$work/socket ${place#* } dbname=quarterday" -c "$1"; }
[ "$(ask_standby 'SELECT pg_is_in_recovery()')" = t ] || die "the copy is no standby"

# ---- two processes ------------------------------------------------------------------------------------------------

printf 'cn = localhost\ndns_name = localhost\nip_address = 127.0.0.1\nca\nsigning_key\ncert_signing_key\ntls_www_server\nexpiration_days = 30\n' >"$work/template"
(umask 077 && certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --outfile "$work/key.pem" 2>/dev/null)
certtool --generate-self-signed --load-privkey "$work/key.pem" --template "$work/template" --outfile "$work/cert.pem" 2>/dev/null

# serve NAME DATABASE FLAG...: its address is in $ADDRESS.
serve() {
    local name=$1 database=$2
    "$binary" serve --home "$work" --port 0 --cert "$work/cert.pem" --key "$work/key.pem" --database "$database" --today 2026-02-20 \
        --ready-file "$work/$name.json" --key-per-minute 0 --key-uploads-per-minute 0 --failures-per-minute 0 "${@:3}" 2>"$work/$name.log" &
    pids+=($!)
    for _ in $(seq 600); do
        ! ADDRESS=$(jq -er .url "$work/$name.json" 2>/dev/null) || return 0
        sleep 0.1
    done
    cat "$work/$name.log"
    die "$name does not start"
}
! "$binary" serve --home "$work" --port 0 --cert "$work/cert.pem" --key "$work/key.pem" --database "$standby" 2>"$work/refused" ||
    die "a standby is taken for a primary"
grep -q 'standby.*replicaOf' "$work/refused" || die "said of a standby: $(cat "$work/refused")"
serve primary "$primary_app"
A=$ADDRESS
serve reader "$standby" --replica-of "$A" --read-workers 2
R=$ADDRESS
serve mistaken "$primary_app" --replica-of "$A"
grep -q '"replica-of-a-primary"' "$work/mistaken.log" || die "nothing is said of a copy that is none"
! grep -q '"replica-of-a-primary"' "$work/reader.log" || die "the standby is said to be none"

# http KEY ADDRESS CURLARGUMENT...: status in $STATUS, head and body in files.
http() {
    STATUS=$(curl --silent --noproxy '*' --cacert "$work/cert.pem" --header "Authorization: Bearer $1" --dump-header "$work/head" --output "$work/body" \
        --write-out '%{http_code}' "${@:3}" "$2") || die "no answer: ${*:2}"
}
header() { sed -n "s/^$1: *\(.*\)\r\$/\1/Ip" "$work/head"; }
expect() { [ "$STATUS" = "$1" ] || die "$2: $STATUS, expected $1: $(head -c 600 "$work/body")"; }

DASHBOARD=/v1/dashboards/city-and-hackney/2025-26-Q1
people() { jq -r '.kpis[0].quarter.numerator' "$work/body"; }
# send PEOPLE: the receipt's stamp is in $STAMP.
send() {
    {
        say 'episodeId,clientId,localAuthority,quitDate,ageAtQuitDate'
        for i in $(seq "$1"); do say "E-$i,C-$i,E09000012,2025-05-01,40"; done
    } >"$work/rows.csv"
    http "$provider" "$A/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes" --upload-file "$work/rows.csv" --header 'Content-Type: text/csv'
    case $STATUS in 200 | 201) ;; *) die "the upload: $STATUS $(head -c 600 "$work/body")" ;; esac
    STAMP=$(header Quarterday-Stamp)
    [[ $STAMP =~ ^city-and-hackney:[0-9]+$ ]] || die "no stamp: $(cat "$work/head")"
}
# after STAMP: asks the reader; a standby on a busy machine may need more than its two seconds.
after() {
    for _ in $(seq 60); do
        http "$commissioner" "$R$DASHBOARD" --header "Quarterday-After: $1"
        [ "$STATUS" = 503 ] || return 0
    done
}

# ---- never older than the receipt ---------------------------------------------------------------------------------

for n in $(seq 1 25); do
    send "$n"
    after "$STAMP"
    expect 200 "asked with the stamp"
    [ "$(people)" = "$n" ] || die "the reader says $(people) after the receipt of $n"
    http "$commissioner" "$R$DASHBOARD"
    [ "$(people)" = "$n" ] || die "the reader goes back to $(people) of $n"
done
cp "$work/body" "$work/reader.body"
http "$commissioner" "$A$DASHBOARD"
cmp "$work/body" "$work/reader.body" || die "the two processes differ"
grep -q '"from":"memory"' "$work/reader.log" || {
    for _ in $(seq 600); do
        http "$commissioner" "$R$DASHBOARD"
        ! grep -q '"from":"memory"' "$work/reader.log" || break
    done
    grep -q '"from":"memory"' "$work/reader.log" || die "nothing comes from the reader's memory"
}
ok "a reader is never older than the stamp that it is asked with"

# Without the stamp it follows by itself.
send 26
for _ in $(seq 600); do
    http "$commissioner" "$R$DASHBOARD"
    [ "$(people)" != 26 ] || break
    sleep 0.1
done
[ "$(people)" = 26 ] || die "the reader stays at $(people)"
ok "and follows without one"

# ---- a standby that has stopped -----------------------------------------------------------------------------------

ask_standby 'SELECT pg_wal_replay_pause()' >/dev/null
for _ in $(seq 600); do
    [ "$(ask_standby 'SELECT pg_get_wal_replay_pause_state()')" != paused ] || break
    sleep 0.1
done
send 27
http "$commissioner" "$R$DASHBOARD" --header "Quarterday-After: $STAMP"
expect 503 "a standby that is behind"
[ "$(jq -r .code "$work/body") $(header Retry-After)" = 'NOT_YET 2' ] || die "said: $(cat "$work/head" "$work/body")"
http "$commissioner" "$R$DASHBOARD"
expect 200 "without the stamp"
[ "$(people)" = 26 ] || die "a paused standby says $(people)"
ask_standby 'SELECT pg_wal_replay_resume()' >/dev/null
after "$STAMP"
expect 200 "once it goes on"
[ "$(people)" = 27 ] || die "the reader says $(people) of 27"
ok "a standby that is behind says so, and when to ask again"

# ---- changes are refused, reads are not ---------------------------------------------------------------------------

refused() { # NAME CURLARGUMENT...
    http "${KEY:-$commissioner}" "${@:2}"
    expect 503 "$1"
    [ "$(jq -r .code "$work/body")" = READ_ONLY ] || die "$1: $(cat "$work/body")"
    [ -z "$(header Retry-After)" ] || die "$1: sending it here again does not help, yet there is a Retry-After"
    jq -r .detail "$work/body" | grep -qF "$A" || die "$1 does not say where to go: $(cat "$work/body")"
}
PLACE=$R/v1/returns/city-and-hackney/homerton/2025-26-Q1
KEY=$provider refused "an upload" "$PLACE/episodes" --upload-file "$work/rows.csv" --header 'Content-Type: text/csv'
KEY=$provider refused "a sign-off" "$PLACE/submission" --request POST
refused "a lock" "$R/v1/periods/city-and-hackney/2025-26-Q1/lock" --request POST --header 'Content-Type: application/json' --data '{"reason":"x"}'
KEY=$admin refused "a new key" "$R/v1/keys" --request POST --header 'Content-Type: application/json' --data '{}'
KEY=$admin refused "a revoked key" "$R/v1/keys/abcdefghij" --request DELETE
KEY=$provider refused "what is known of a person" "$R/v1/subjects/city-and-hackney" --header 'Subject-Reference: C-1'

reads() { # KEY PATH
    http "$1" "$R$2"
    expect 200 "$2"
}
S=city-and-hackney
for path in "/v1" "/health/live" "/health/ready" "/openapi.json" "/v1/returns" "/v1/returns/$S/homerton/2025-26-Q1" "/v1/returns/$S/homerton/2025-26-Q1/history" \
    "/v1/templates/episodes" "/v1/calendar" "/v1/events" "/v1/webhooks/$S" "/v1/snapshots/$S" "/v1/kpis/$S/1.1" "/v1/kpis/$S/1.4/2025-26-Q1/explanation" \
    "/v1/breakdowns/$S/2025-26-Q1?measure=setQuitDate&by=provider" "/v1/action-plans" "/v1/action-plan-summary" "/v1/completeness/$S/2025-26-Q1" "/v1/completeness" \
    "/v1/national-returns/$S/2025-26-Q1" "/v1/national-returns/$S/2025-26-Q1/history" "/v1/payments/$S/2025-26" "/v1/supplement/$S/2025-26-Q1" "/v1/code-lists" \
    "/v1/feeds/kpi-results.csv" "/v1/feeds/completeness.json" "/v1/frameworks/$S" "/v1/frameworks/$S/versions" "/v1/services/$S/providers/homerton" "/v1/audit" "/v1/lookups"; do
    reads "$commissioner" "$path"
done
reads "$provider" "/v1/returns/$S/homerton/2025-26-Q1/episodes"
reads "$provider" "/v1/returns/$S/homerton/2025-26-Q1/episodes/changes"
reads "$provider" "/v1/kpis/$S/1.1/2025-26-Q1/rows"
reads "$admin" "/v1/keys"
ok "changes are refused and say where they go; all else is read"

# ---- keys ---------------------------------------------------------------------------------------------------------

id=$(cut -d_ -f3 <<<"$provider")
"$binary" key revoke "$id" --database "$primary" >/dev/null 2>&1 || die "key $id cannot be revoked"
for _ in $(seq 600); do
    http "$provider" "$R$DASHBOARD"
    [ "$STATUS" != 401 ] || break
    sleep 0.1
done
expect 401 "a revoked key"
ok "a revoked key opens nothing there"

! grep -E 'read-only transaction|during recovery' "$work/log/standby" || die "the reader tried to write"
ok "nothing tried to write"
