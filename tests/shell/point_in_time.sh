#!/usr/bin/env bash
# docs/operator.md, "To a point in time": a base copy, the log archived as it is written, and the database as it was at a second in between. What came before
# is there, what came after is not, and the audit's chains are whole.
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

as_owner() {
    if is_root; then
        (cd / && setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups -- "$@")
    else
        "$@"
    fi
}
finish() {
    local status=$?
    trap - EXIT
    [ ! -e "$work/restored/postmaster.pid" ] || as_owner "$bin/pg_ctl" stop -D "$work/restored" -m immediate >/dev/null 2>&1 || true
    remove_test_home "$home" >/dev/null 2>&1 || true
    rm -rf "$work"
    exit $status
}
trap finish EXIT
super() { tools/cluster.sh psql "$home" super postgres -A -t "$@"; }

chmod 755 "$work"
install -d -m 0700 "$work/archive" "$work/base" "$work/socket"
! is_root || chown "$owner" "$work/archive" "$work/base" "$work/socket"
tools/cluster.sh start "$home"

# What the documentation says to set, and the right to read the log's stream, which the cluster of `make run` gives to nobody.
super -c 'ALTER SYSTEM SET archive_mode = on' -c "ALTER SYSTEM SET archive_command = 'test ! -f $work/archive/%f && cp %p $work/archive/%f'" >/dev/null
tools/cluster.sh stop "$home"
tools/cluster.sh start "$home"
as_owner sh -c "echo 'local replication all peer map=quarterday' >>'$(super -c 'SHOW hba_file')'"
super -c 'SELECT pg_reload_conf()' >/dev/null
place=$(tools/cluster.sh conninfo "$home" super)
app=$(tools/cluster.sh conninfo "$home" owner quarterday)

"$binary" migrate --database "$app" >/dev/null 2>&1
as_owner "$bin/pg_basebackup" --dbname="$place" --pgdata="$work/base" --checkpoint=fast --wal-method=stream >"$work/log" 2>&1 || { cat "$work/log" && die "no base copy"; }
as_owner "$bin/pg_verifybackup" "$work/base" >"$work/log" 2>&1 || { cat "$work/log" && die "the base copy is not whole"; }

"$binary" framework load frameworks/city-and-hackney.json --database "$app" 2>/dev/null
moment=$(super -c 'SELECT clock_timestamp()')
sleep 1.1 # the moment is named by its second
jq '.name = "After the moment"' frameworks/city-and-hackney.json >"$work/later.json"
"$binary" framework load "$work/later.json" --database "$app" 2>/dev/null
super -c 'SELECT pg_switch_wal()' >/dev/null
for _ in $(seq 600); do
    [ "$(super -c "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) OR failed_count > 0 FROM pg_stat_archiver")" != t ] || break
    sleep 0.1
done
[ "$(super -c 'SELECT failed_count FROM pg_stat_archiver')" = 0 ] || die "the log is not archived"
tools/cluster.sh stop "$home"

# The base copy, the archive, and the second.
as_owner cp -r "$work/base" "$work/restored" 2>/dev/null || { cp -a "$work/base" "$work/restored"; }
as_owner tee -a "$work/restored/postgresql.auto.conf" >/dev/null <<EOF
archive_mode = off
restore_command = 'cp $work/archive/%f %p'
recovery_target_time = '$moment'
recovery_target_action = promote
EOF
as_owner touch "$work/restored/recovery.signal"
as_owner "$bin/pg_ctl" start -w -t 120 -D "$work/restored" -l "$work/archive/log" -o "-c unix_socket_directories='$work/socket'" >/dev/null ||
    { cat "$work/archive/log" && die "the copy does not start"; }
restored="host=$work/socket ${app#* }"
ask() { as_owner "$bin/psql" -X -A -t "host=$work/socket ${place#* } dbname=quarterday" -c "$1"; }
for _ in $(seq 600); do
    [ "$(ask 'SELECT pg_is_in_recovery()')" != f ] || break
    sleep 0.1
done
[ "$(ask 'SELECT string_agg(version::text, chr(32)) FROM quarterday.framework')" = 1 ] || die "not as at the moment: $(ask 'SELECT version, received_at FROM quarterday.framework')"
[ "$(ask "SELECT count(*) FROM quarterday.audit WHERE stream = 'city-and-hackney'")" -ge 1 ] || die "what came before the moment is missing"
chmod 755 "$work/socket"
"$binary" audit verify --database "$restored" | grep -q 'city-and-hackney: whole' || die "the audit is not whole"
