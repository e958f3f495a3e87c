#!/usr/bin/env bash
# format.sh [--check]: clang-format 14 with the repository's .clang-format over every C source, or only a check.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

mapfile -t files < <(source_files '*.c' '*.h')
[ ${#files[@]} -gt 0 ] || exit 0
if [ "${1:-}" = --check ]; then
    clang-format --dry-run -Werror "${files[@]}"
else
    clang-format -i "${files[@]}"
    say "${#files[@]} files formatted"
fi
