#!/usr/bin/env bash
# tools/failures.awk: which tests of a log have failed, and by which assertion.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

got=$(awk -f tools/failures.awk <<'LOG'
Suite: unit base
  Test: numbers ...passed
  Test: dates ...FAILED
    1. tests/unit/base.c:40  - 2025-02-30 is no day
    2. tests/unit/base.c:41  - nor is this
  Test: words ...
    SKIPPED: no network
passed
Suite: http_client
  Test: it says something ...quarterday: 1. nothing
FAILED
    1. tests/http/client.c:7  - status 2
  Test: the last ...passed
WARNING - Suite initialization failed for 'db_store'.
not ok 12 - a checker sees no cells
ok 13 - nothing FAILED
Run Summary:    Type  Total    Ran Passed Failed Inactive
LOG
)
want=$(cat <<'LINES'
unit base: dates
  tests/unit/base.c:40  - 2025-02-30 is no day
http_client: it says something
  tests/http/client.c:7  - status 2
WARNING - Suite initialization failed for 'db_store'.
not ok 12 - a checker sees no cells
LINES
)
[ "$got" = "$want" ] || {
    diff <(printf '%s\n' "$want") <(printf '%s\n' "$got") || true
    echo "the failed tests are not those of the log"
    exit 1
}
