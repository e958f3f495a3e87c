#!/usr/bin/env bash
# lint_words.sh: words that promise work instead of doing it. A gap is an issue, or it is not there.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

readonly WORDS='\b(TODO|FIXME|XXX)\b|\b([Ff]or now|[Ss]implified)\b'
# Not our prose: this list itself, inputs of tests, locked dependencies.
readonly EXCEPT='^(tools/lint_words\.sh|tests/fuzz/corpus/.*|.*package-lock\.json)$'

mapfile -t files < <(source_files '*.c' '*.h' '*.sh' '*.sql' '*.md' '*.yaml' '*.yml' '*.json' '*.js' '*.mjs' '*.html' \
    '*.css' Makefile docker/Dockerfile .ci/run | grep -Ev "$EXCEPT")
[ ${#files[@]} -gt 0 ] || exit 0
if grep -nEI "$WORDS" "${files[@]}"; then
    echo "    Do it, or say plainly what is not there (and open an issue): these words promise and do not keep."
    exit 1
fi
