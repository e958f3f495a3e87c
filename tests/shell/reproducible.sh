#!/usr/bin/env bash
# The same sources give the same program, to the byte: built a second time in another folder, at another time, under another umask, zone and language.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../../tools/lib.sh"
cd "$ROOT"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Also what is not committed yet, as the first build had it.
copy=$work/a/rather/longer/path
mkdir -p "$copy"
{ git ls-files --cached --others --exclude-standard 2>/dev/null || find . -type f -not -path './build/*' -not -path './.run/*'; } |
    while IFS= read -r file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done | tar -c --null -T - | tar -x -C "$copy"
export GIT_DIR
GIT_DIR=$(git rev-parse --absolute-git-dir 2>/dev/null) || unset GIT_DIR
(cd "$copy" && umask 077 && env -u BUILD TZ=Pacific/Apia LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1 make --silent -j"$(nproc)" build) >"$work/log" 2>&1 ||
    { cat "$work/log" && die "the second build failed"; }
sha256sum "$QUARTERDAY_TEST_BINARY" "$copy/build/quarterday"
cmp "$QUARTERDAY_TEST_BINARY" "$copy/build/quarterday" || die "two builds of the same sources differ"
