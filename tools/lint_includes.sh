#!/usr/bin/env bash
# lint_includes.sh: the directions of the house (architecture.md), checked from the #include lines.
#
#   base <- returns <- kpi <- db <- handlers <- server: a room includes itself and what is to its left.
#   handlers/ may include server/http.h; of handlers/, server/ knows only the route table that the program's own files,
#   server/main.c and its subcommands server/command_*.c, hand it.
#   client/ (the command line's side of the API) includes base/, returns/ and server/commands.h, and nobody includes it.
#   <microhttpd.h>, <gnutls/...> and <libpq-fe.h> each appear in at most five files, and never in returns/, kpi/ or client/.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

readonly ROOMS=(base returns kpi db handlers client server) HAND=5
faults=0

fault() { # FILE:LINE WHAT DO
    printf '%s: %s\n    %s\n' "$1" "$2" "$3"
    faults=$((faults + 1))
}

rank_of() {
    local i
    for i in "${!ROOMS[@]}"; do
        if [ "${ROOMS[i]}" = "$1" ]; then
            echo "$i"
            return
        fi
    done
    echo -1
}

# Every include of the rooms: "file:line<TAB>room<TAB>bracket<TAB>path".
includes() {
    local files
    mapfile -t files < <(source_files "${ROOMS[@]/%//*.c}" "${ROOMS[@]/%//*.h}")
    [ ${#files[@]} -gt 0 ] || return 0
    awk 'match($0, /^[ \t]*#[ \t]*include[ \t]*["<][^">]+/) {
        text = substr($0, RSTART, RLENGTH); sub(/^[^"<]*/, "", text)
        room = FILENAME; sub(/\/.*/, "", room)
        print FILENAME ":" FNR "\t" room "\t" substr(text, 1, 1) "\t" substr(text, 2)
    }' "${files[@]}"
}

check_own() { # PLACE ROOM PATH
    local place=$1 room=$2 path=$3 target=${3%%/*} from to
    [ "$target" != gen ] || return 0
    from=$(rank_of "$room") to=$(rank_of "$target")
    if [[ $path != */* ]] || [ "$to" = -1 ]; then
        fault "$place" "\"$path\" does not name a room." "Include by the path from the top: \"$room/$path\"."
    elif [ "$room" = client ]; then
        [[ $target = base || $target = returns || $target = client || $path = server/commands.h ]] || fault "$place" \
            "client/ may not include $path: it knows the service only through the API." "Ask the service, or move the shared part to returns/."
    elif [ "$target" = client ]; then
        fault "$place" "nobody includes client/ ($path)." "Its commands are declared in server/commands.h."
    elif [ "$room" = server ] && [ "$target" = handlers ] && [[ $place != server/main.c:* && $place != server/command_*.c:* ]]; then
        fault "$place" "server/ may not know handlers/ ($path)." "Let the subcommand (server/command_*.c) hand it over."
    elif [ "$room" = handlers ] && [ "$target" = server ] && [ "$path" != server/http.h ]; then
        fault "$place" "of server/, handlers/ may include only server/http.h (not $path)." \
            "Pass what is needed through the request, or move it to a room on the left."
    elif [ "$to" -gt "$from" ] && [ "$path" != server/http.h ]; then
        fault "$place" "$room/ may not include $path: the arrow points the other way." \
            "Move the shared part to $room/ or further left, or let the caller in $target/ pass it in."
    elif [ "$to" -gt "$from" ] && [ "$room" != handlers ]; then
        fault "$place" "only handlers/ and server/ may include $path." "$room/ knows no HTTP: let the handler translate."
    fi
}

check_system() { # PLACE ROOM PATH
    case $3 in
    microhttpd.h | gnutls/* | libpq-fe.h)
        case $2 in
        returns | kpi | client) fault "$1" "$2/ may not include <$3>." "It is pure: no sockets, no database, no cryptography." ;;
        esac
        ;;
    esac
}

# check_hand NAME PATTERN: in as few files as one hand counts.
check_hand() {
    local files
    files=$(awk -F '\t' -v pattern="$2" '$3 == "<" && $4 ~ pattern { sub(/:.*/, "", $1); print $1 }' "$list" | sort -u)
    [ "$(printf '%s' "$files" | grep -c .)" -le $HAND ] || fault "$(echo "$files" | tr '\n' ' ')" \
        "<$1> appears in more than $HAND files." "Put what needs the library behind the header of one of them."
}

list=$(mktemp)
trap 'rm -f "$list"' EXIT
includes >"$list"
while IFS=$'\t' read -r place room bracket path; do
    if [ "$bracket" = '"' ]; then check_own "$place" "$room" "$path"; else check_system "$place" "$room" "$path"; fi
done <"$list"
check_hand microhttpd.h '^microhttpd\.h$'
check_hand gnutls '^gnutls/'
check_hand curl '^curl/'
check_hand libpq-fe.h '^libpq-fe\.h$'
[ $faults -eq 0 ]
