#!/usr/bin/env bash
# cluster.sh start|stop|status|remove HOME, cluster.sh conninfo HOME owner|app|super [DATABASE]
#
# The private PostgreSQL 15 cluster of one home: unix socket only, peer authentication, data checksums, durable settings,
# and the database `quarterday` with its two roles. Knows nothing of Debian's own clusters and never touches them.
#
# Who owns it: the caller; or, as PostgreSQL refuses to run as root, the unprivileged user `postgres` when the caller is
# root. Where it lies: HOME/pg; for root /var/lib/quarterday/<hash of HOME> with a link HOME/pg to it, because that user
# may not be able to enter HOME. What would surprise: a postmaster counts as ours only when its working directory is our
# data directory; a number in a postmaster.pid may belong to anybody after a crash, a reboot or a `cp -a` of the clone.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

readonly MAJOR=15 PORT=5432 DATABASE=quarterday
umask 077

# ---- where things are ---------------------------------------------------------------------------------------------

find_programs() {
    local candidate
    for candidate in /usr/lib/postgresql/$MAJOR/bin "$(pg_config --bindir 2>/dev/null || true)"; do
        if [ -x "$candidate/initdb" ] && [[ $("$candidate/postgres" --version) == *" $MAJOR."* ]]; then
            PG_BIN=$candidate
            return
        fi
    done
    die "PostgreSQL $MAJOR is not installed." "Run: tools/deps.sh run"
}

# The unprivileged owner of a root caller's cluster: the package's own user, else one of ours.
find_owner() {
    CALLER=$(id -un)
    OWNER=$CALLER
    is_root || return 0
    OWNER=postgres
    id -u postgres >/dev/null 2>&1 && return
    OWNER=quarterday
    id -u quarterday >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin quarterday ||
        die "cannot create the system user quarterday." "PostgreSQL refuses to run as root; create a user 'postgres' by hand."
}

set_places() {
    HOME_DIR=$(absolute "$1")
    HASH=$(printf %s "$HOME_DIR" | sha256sum | cut -c1-12)
    if is_root; then
        DATA=/var/lib/quarterday/$HASH
    else
        DATA=$HOME_DIR/pg
    fi
    LOG=$HOME_DIR/log/postgresql.log
    SOCKET_DIR=$(socket_dir)
}

# A running cluster keeps the directory that it was started with: XDG_RUNTIME_DIR may differ between two shells. The path
# of a unix socket has at most 107 bytes, so it cannot lie in a clone.
socket_dir() {
    local runtime=${XDG_RUNTIME_DIR:-}
    if is_root; then
        say "/run/quarterday-$HASH"
    elif [ -n "$runtime" ] && [ -d "$runtime" ] && [ -O "$runtime" ] && [ -w "$runtime" ] && [ ${#runtime} -lt 60 ]; then
        say "$runtime/quarterday-$HASH"
    else
        say "/tmp/quarterday-$(id -u)-$HASH"
    fi
}

# as_owner COMMAND...: runs as the cluster's owner, from a directory that this user may enter.
as_owner() {
    if is_root; then
        (cd / && exec setpriv --reuid="$OWNER" --regid="$(id -g "$OWNER")" --init-groups --reset-env -- "$@")
    else
        (cd / && exec "$@")
    fi
}

# ---- what runs ----------------------------------------------------------------------------------------------------

# Number of our postmaster; fails when none runs. Processes of others cannot be read in /proc, so they never count.
postmaster_pid() {
    local pid
    pid=$(head -n 1 "$DATA/postmaster.pid" 2>/dev/null) || return 1
    [[ $pid =~ ^[0-9]+$ ]] && [ "/proc/$pid/cwd" -ef "$DATA" ] && say "$pid"
}

# Backends that outlived a killed postmaster: they hold the shared memory, and a new postmaster refuses to start.
orphans() {
    local process
    for process in /proc/[0-9]*; do
        if [ "$process/cwd" -ef "$DATA" ] && [ "$(readlink "$process/exe")" = "$PG_BIN/postgres" ]; then
            say "${process#/proc/}"
        fi
    done
}

end_orphans() {
    local pids round
    for round in QUIT '' '' '' '' KILL '' ''; do
        mapfile -t pids < <(orphans 2>/dev/null)
        [ ${#pids[@]} -gt 0 ] || return 0
        [ -z "$round" ] || kill -s "$round" "${pids[@]}" 2>/dev/null || true
        sleep 0.5
    done
    die "processes of a killed PostgreSQL still use $DATA: ${pids[*]}." "End them (kill), then try again."
}

answers() { psql_as super postgres -c '' >/dev/null 2>&1; }

# ---- making it ----------------------------------------------------------------------------------------------------

check_space() {
    local free_kb
    free_kb=$(df --output=avail -k "$1" | tail -n 1)
    [ "$free_kb" -ge 300000 ] ||
        die "only $((free_kb / 1024)) MB are free under $1; a new cluster needs about 300 MB." "Make room, or choose another place with QUARTERDAY_HOME."
}

# Everything about the cluster that is not data. Written at each start: a newer clone brings its settings along.
write_settings() {
    local dir=$1
    as_owner tee "$dir/quarterday.conf" >/dev/null <<EOF
# Written by tools/cluster.sh at every start; changes here are lost.
listen_addresses = ''
unix_socket_directories = '$SOCKET_DIR'
unix_socket_permissions = 0700
port = $PORT
cluster_name = 'quarterday-$HASH'

# An acknowledged return is never lost.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = replica

# A small machine, or a laptop beside other work.
max_connections = 100
shared_buffers = 128MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
random_page_cost = 1.1
checkpoint_timeout = 15min
max_wal_size = 1GB
min_wal_size = 80MB
jit = off

timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
log_lock_waits = on
# No values of rows in the log: terse leaves out DETAIL and CONTEXT, and statements come without their parameters.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
EOF
    say "$HOME_DIR" | as_owner tee "$dir/quarterday.home" >/dev/null
    as_owner tee "$dir/pg_hba.conf" >/dev/null <<'EOF'
# Written by tools/cluster.sh at every start. Who you are for the system is who you may be here: no passwords, no trust.
local all all peer map=quarterday
EOF
    {
        say "# Written by tools/cluster.sh at every start."
        say "quarterday \"$OWNER\" postgres"
        printf 'quarterday "%s" quarterday_owner\nquarterday "%s" quarterday_app\n' "$OWNER" "$OWNER"
        [ "$OWNER" = "$CALLER" ] ||
            printf 'quarterday "%s" quarterday_owner\nquarterday "%s" quarterday_app\n' "$CALLER" "$CALLER"
    } | as_owner tee "$dir/pg_ident.conf" >/dev/null
}

# In single-user mode, before anybody can connect: a cluster with our name on it always has its roles and its database.
create_database() {
    as_owner "$PG_BIN/postgres" --single -c exit_on_error=on -D "$1" postgres >/dev/null <<EOF
CREATE ROLE quarterday_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
CREATE ROLE quarterday_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
ALTER ROLE quarterday_app SET statement_timeout = '30s'
ALTER ROLE quarterday_app SET lock_timeout = '10s'
ALTER ROLE quarterday_app SET idle_in_transaction_session_timeout = '60s'
CREATE DATABASE $DATABASE OWNER quarterday_owner TEMPLATE template0
EOF
}

# Made aside and renamed when complete: an interrupted start leaves rubbish to sweep, never half a cluster.
create_cluster() {
    local fresh=$DATA.new.$$ failure
    rm -rf "$DATA".new.*
    check_space "${DATA%/*}"
    if is_root; then
        install -d -m 0700 -o "$OWNER" -g "$(id -g "$OWNER")" "$fresh"
    else
        mkdir -m 0700 "$fresh"
    fi
    failure=$(
        {
            as_owner "$PG_BIN/initdb" --pgdata="$fresh" --data-checksums --encoding=UTF8 --locale=C.UTF-8 \
                --username=postgres --auth-local=peer --auth-host=reject --no-instructions &&
                write_settings "$fresh" &&
                say "include = 'quarterday.conf'" | as_owner tee -a "$fresh/postgresql.conf" >/dev/null &&
                create_database "$fresh" &&
                head -c 16 /dev/urandom | sha256sum | cut -c1-32 | as_owner tee "$fresh/quarterday.id" >/dev/null
        } 2>&1
    ) || {
        rm -rf "$fresh"
        explain "$failure" "making the cluster failed."
    }
    ! is_root || ln -sfn "$DATA" "$HOME_DIR/pg"
    mv -T "$fresh" "$DATA"
    cp "$DATA/quarterday.id" "$HOME_DIR/cluster.id"
}

# explain TEXT MESSAGE: dies with MESSAGE, the end of TEXT, and what to do where the cause is a known one.
explain() {
    local hint="The whole log: $LOG"
    case $1 in
    *"No space left on device"*) hint="The disk is full: make room under ${DATA%/*} and $HOME_DIR, then try again." ;;
    *"could not create shared memory"* | *"No usable"*) hint="The kernel refuses shared memory; in a container, enlarge /dev/shm." ;;
    *"Operation not permitted"*) hint="Changing to the user $OWNER was refused; run as an ordinary user instead." ;;
    *"checksum"* | *"invalid"*"checkpoint"*) hint="The data in $DATA are damaged. 'make reset' starts afresh (it deletes them)." ;;
    esac
    printf '%s\n' "$1" | tail -n 12 >&2
    die "$2" "$hint"
}

same_id() { [ -s "$1" ] && cmp -s "$1" "$2"; }

# Root's data lie outside of the home, so they can lose each other. Three cases, told apart by the id that both hold:
# the home was moved (its data follow), was copied (the copy starts afresh), or was deleted (a new clone in the same place
# must not wake up with the old one's returns: they are set aside, once).
match_data_to_home() {
    local there id=$HOME_DIR/cluster.id
    there=$(readlink "$HOME_DIR/pg") || there=''
    if [ ! -e "$DATA" ] && [ -n "$there" ] && [ "$there" != "$DATA" ] && same_id "$there/quarterday.id" "$id" &&
        ! same_id "$(cat "$there/quarterday.home" 2>/dev/null)/cluster.id" "$id"; then
        mv -T "$there" "$DATA"
        ln -sfn "$DATA" "$HOME_DIR/pg"
    fi
    [ -d "$DATA" ] || return 0
    # Interrupted between the rename and the note of the id: ours, and still empty.
    if [ ! -e "$id" ] && [ "$there" = "$DATA" ]; then cp "$DATA/quarterday.id" "$id"; fi
    same_id "$DATA/quarterday.id" "$id" || set_aside
}

set_aside() {
    local pid
    if pid=$(postmaster_pid); then stop_postmaster "$pid"; fi
    end_orphans
    rm -rf "$DATA.old"
    mv -T "$DATA" "$DATA.old"
    warn "$DATA belonged to a former clone in this place: kept as $DATA.old until the next time, or 'make reset'."
}

prepare_home() {
    mkdir -p "$HOME_DIR/log"
    if is_root; then
        install -d -m 0755 /var/lib/quarterday
        if [ -d "$HOME_DIR/pg" ] && [ ! -L "$HOME_DIR/pg" ]; then
            die "$HOME_DIR/pg was made by an ordinary user; as root the cluster lies elsewhere." \
                "Run as that user, or set QUARTERDAY_HOME to another folder."
        fi
        match_data_to_home
    else
        [ ! -L "$HOME_DIR/pg" ] ||
            die "$HOME_DIR/pg was made by root." "Run as root, or set QUARTERDAY_HOME to another folder."
        if [ ! -O "$HOME_DIR" ] || [ ! -w "$HOME_DIR" ]; then
            die "$HOME_DIR belongs to $(stat -c %U "$HOME_DIR")." "Run as that user, or set QUARTERDAY_HOME to another folder."
        fi
        # A user's data lie in the home itself; what is no cluster of ours there must not be overwritten.
        if [ -d "$DATA" ] && [ ! -s "$DATA/quarterday.id" ]; then
            die "$DATA exists and is not a cluster of Quarterday." "Move it away, or set QUARTERDAY_HOME to another folder."
        fi
        [ ! -d "$DATA" ] || cp "$DATA/quarterday.id" "$HOME_DIR/cluster.id"
    fi
}

# The folder of the socket is all that stands between other users and ours: it must be a real one, and closed.
prepare_socket_dir() {
    mkdir -m 0700 "$SOCKET_DIR" 2>/dev/null || true
    if [ -L "$SOCKET_DIR" ] || [ ! -d "$SOCKET_DIR" ]; then
        die "$SOCKET_DIR is not a folder." "Somebody else put it there: remove it."
    fi
    if is_root; then
        chown "$OWNER:$(id -g "$OWNER")" "$SOCKET_DIR"
    else
        [ -O "$SOCKET_DIR" ] || die "$SOCKET_DIR belongs to another user." "Remove it, or set XDG_RUNTIME_DIR to a folder of your own."
    fi
    chmod 0700 "$SOCKET_DIR"
    # Of a killed postmaster. PostgreSQL would believe a lock file whose number some process has again.
    rm -f "$SOCKET_DIR"/.s.PGSQL.*
}

# ---- commands -----------------------------------------------------------------------------------------------------

check_major() {
    local found
    found=$(cat "$DATA/PG_VERSION" 2>/dev/null || echo none)
    [ "$found" = "$MAJOR" ] ||
        die "the cluster in $DATA was made by PostgreSQL $found, this is PostgreSQL $MAJOR." \
            "Move the data with pg_dump of version $found, or start afresh with 'make reset' (it deletes them)."
}

# A postmaster.pid whose process is not ours would make PostgreSQL refuse for ever. One whose process is gone stays:
# PostgreSQL itself then checks by its shared memory that nothing of it still runs.
clear_stale_pid() {
    local pid
    pid=$(head -n 1 "$DATA/postmaster.pid" 2>/dev/null) || return 0
    if ! [[ $pid =~ ^[0-9]+$ ]] || [ -d "/proc/$pid" ]; then rm -f "$DATA/postmaster.pid"; fi
}

rotate_log() {
    if [ -f "$LOG" ] && [ "$(stat -c %s "$LOG")" -gt 10000000 ]; then mv "$LOG" "$LOG.1"; fi
}

start() {
    local pid from
    prepare_home
    [ -d "$DATA" ] || create_cluster
    check_major
    if pid=$(postmaster_pid); then
        SOCKET_DIR=$(running_socket_dir)
        ! answers || return 0
        # Runs, but its socket is gone (a cleaned /tmp) or it is on its way down.
        stop_postmaster "$pid"
        SOCKET_DIR=$(socket_dir)
    fi
    end_orphans
    clear_stale_pid
    prepare_socket_dir
    write_settings "$DATA"
    rotate_log
    from=$(stat -c %s "$LOG" 2>/dev/null || echo 0)
    # The log is opened here, by the caller: the owner may not be able to enter HOME. 9 is the lock of callers.
    as_owner "$PG_BIN/pg_ctl" start --silent --wait --timeout=120 --pgdata="$DATA" >>"$LOG" 2>&1 9>&- </dev/null ||
        explain "$(tail -c "+$((from + 1))" "$LOG")" "PostgreSQL did not start."
}

running_socket_dir() { sed -n 5p "$DATA/postmaster.pid"; }

# Fast shutdown of this very process; immediate when it does not end.
stop_postmaster() {
    local pid=$1 signal
    for signal in INT QUIT; do
        kill -s "$signal" "$pid" 2>/dev/null || return 0
        for _ in $(seq 1 600); do
            [ "/proc/$pid/cwd" -ef "$DATA" ] || return 0
            sleep 0.05
        done
        warn "PostgreSQL ($pid) takes long to stop; asking harder."
    done
    die "PostgreSQL ($pid) does not stop." "See $LOG"
}

stop() {
    local pid
    [ -d "$DATA" ] || return 0
    if pid=$(postmaster_pid); then
        SOCKET_DIR=$(running_socket_dir)
        stop_postmaster "$pid"
    fi
    case $SOCKET_DIR in */quarterday-*"$HASH") rmdir "$SOCKET_DIR" 2>/dev/null || true ;; esac
}

status() {
    local pid
    if pid=$(postmaster_pid); then
        say "running, pid $pid, data $DATA, socket $(running_socket_dir)"
    else
        say "stopped, data $DATA"
        return 3
    fi
}

# Deletes the cluster of this home, the one kept in HOME and root's.
remove() {
    stop
    [ ! -d "$DATA" ] || end_orphans
    rm -rf "$DATA" "$DATA".new.* "$DATA.old"
    rm -f "$LOG" "$LOG.1" "$HOME_DIR/cluster.id"
    if is_root && [ -L "$HOME_DIR/pg" ]; then rm -f "$HOME_DIR/pg"; fi
    rmdir "$HOME_DIR/log" 2>/dev/null || true
}

# conninfo ROLE [DATABASE]: a libpq connection string. Everything is said, so that PGHOST and the like cannot interfere.
conninfo() {
    local role
    case $1 in
    owner | app) role=quarterday_$1 ;;
    super) role=postgres ;;
    *) die "unknown role: $1" "Use owner, app or super." ;;
    esac
    if postmaster_pid >/dev/null; then SOCKET_DIR=$(running_socket_dir); fi
    say "host=$SOCKET_DIR port=$PORT user=$role${2:+ dbname=$2}"
}

# psql_as ROLE DATABASE ARGUMENTS: as the role's system user; only the cluster's owner may be its superuser.
psql_as() {
    local as=()
    [ "$1" != super ] || as=(as_owner)
    "${as[@]}" "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 "$(conninfo "$1" "$2")" "${@:3}"
}

# One start or stop at a time for each home.
with_lock() {
    mkdir -p "$HOME_DIR"
    exec 9>"$HOME_DIR/cluster.lock"
    flock -w 150 9 || die "another start or stop of this cluster takes too long." "See who holds $HOME_DIR/cluster.lock (fuser)."
    "$@"
}

usage() {
    die "usage: tools/cluster.sh start|stop|status|remove HOME" \
        "       tools/cluster.sh conninfo HOME owner|app|super [DATABASE]" \
        "       tools/cluster.sh psql HOME owner|app|super DATABASE [ARGUMENTS]"
}

main() {
    [ $# -ge 2 ] || usage
    find_programs
    find_owner
    set_places "$2"
    case $1 in
    start | stop | remove) with_lock "$1" ;;
    status) status ;;
    conninfo) [ $# -ge 3 ] && conninfo "${@:3}" ;;
    psql) [ $# -ge 4 ] && psql_as "${@:3}" ;;
    *) usage ;;
    esac
}

main "$@"
