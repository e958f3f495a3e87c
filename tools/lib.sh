# shellcheck shell=bash
# What every script of tools/ shares: how it talks, and a few facts about this clone. Sourced, never run.
#
# The caller has `set -euo pipefail`. Everything here works from any directory; $ROOT is the top of the clone.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# Colours only where a person looks: never in a file, a pipe or a CI log.
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    BOLD=$'\033[1m' DIM=$'\033[2m' RED=$'\033[31m' GREEN=$'\033[32m' YELLOW=$'\033[33m' PLAIN=$'\033[0m'
else
    BOLD='' DIM='' RED='' GREEN='' YELLOW='' PLAIN=''
fi
export BOLD DIM RED GREEN YELLOW PLAIN

say() { printf '%s\n' "$*"; }
ok() { printf '%s✓%s %s\n' "$GREEN" "$PLAIN" "$*"; }
warn() { printf '%swarning:%s %s\n' "$YELLOW" "$PLAIN" "$*" >&2; }

# die MESSAGE [WHAT TO DO]: every failure says what is wrong and what to do about it.
die() {
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$1" >&2
    [ $# -lt 2 ] || printf '       %s\n' "${@:2}" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# An absolute path without asking that it exists; symbolic links resolved, so that one folder has one name.
absolute() { realpath -m -- "$1"; }

# Where the build goes; several people may build one tree into folders of their own (make BUILD=/tmp/mine asan).
BUILD=${BUILD:-build}

# compile VARIANT TARGET...: one build at a time in one folder; without the flags of a make that called the script.
compile() {
    (
        cd "$ROOT" || exit
        mkdir -p "$BUILD"
        [ -w "$BUILD" ] || die "$BUILD belongs to $(stat -c %U "$BUILD")." "Delete it as that user (make clean), or build elsewhere: BUILD=folder."
        flock "$BUILD/.lock" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES \
            make --no-print-directory -j"$(nproc)" BUILD="$BUILD" VARIANT="$1" "${@:2}"
    )
}

# built PATH: the absolute path of something in the build folder.
built() { (cd "$ROOT" && absolute "$BUILD/$1"); }

# install_npm FOLDER: the packages of its package-lock.json, once for each version of that file; the network is needed only then.
install_npm() {
    local name=$1 folder stamp sum
    folder=$ROOT/$name
    [ -f "$folder/package.json" ] || return 0
    stamp=$folder/node_modules/.installed
    sum=$(cat "$folder/package.json" "$folder/package-lock.json" 2>/dev/null | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || return 0
    say "npm ci in $name"
    npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error ||
        die "npm ci failed in $name." "Without network? It is needed once; afterwards everything runs offline."
    printf '%s\n' "$sum" >"$stamp"
}

# json_string TEXT: TEXT as a JSON string, for the few paths that go into run.json.
json_string() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    printf '"%s"' "$text"
}

# source_files PATTERN...: the files of the project that match, one a line. git's own list where there is a git work
# tree (untracked files count: they are about to be committed), else what lies there.
source_files() {
    local list
    if list=$(git -C "$ROOT" ls-files --cached --others --exclude-standard -- "$@" 2>/dev/null) && [ -n "$list" ]; then
        (cd "$ROOT" && while IFS= read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done <<<"$list") | sort -u
        return
    fi
    # As git reads patterns: with a slash from the top, without one anywhere.
    local names=() pattern
    for pattern in "$@"; do
        if [[ $pattern == */* ]]; then names+=(-o -path "./$pattern"); else names+=(-o -name "$pattern"); fi
    done
    (cd "$ROOT" && find . \( -name .git -o -name build -o -name .run -o -name node_modules \) -prune -o \
        -type f \( -false "${names[@]}" \) -print | sed 's|^\./||' | sort -u)
}
