#!/usr/bin/env bash
# coverage.sh (make coverage): runs the tests in a build that counts, and prints lines and branches by file.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

tools/deps.sh run build test coverage
compile coverage program tests
folder=$(built coverage)
find "$folder" -name '*.gcda' -delete
status=0
QUARTERDAY_TEST_BINARY=$folder/quarterday tools/with_cluster.sh "$folder/tests/run" || status=$?
if [ -d tests/contract/node_modules ]; then
    QUARTERDAY_TEST_BINARY=$folder/quarterday tools/with_service.sh env QUARTERDAY_BINARY="$folder/quarterday" \
        node tests/contract/run.mjs | { grep -v '^ok [0-9]' || true; } || status=$?
fi
mkdir -p "$folder/report"
gcovr --root . --object-directory "$folder" --filter '(base|returns|kpi|db|handlers|server)/' \
    --exclude-throw-branches --txt --print-summary --html-details "$folder/report/index.html" "$folder"
say "By line: $folder/report/index.html"
exit $status
