#!/usr/bin/env bash
# openapi_parts.sh: writes what is generated from the tables of the parts: their row schemas in openapi/openapi.yaml, and
# docs/columns.md; the same of the feeds (handlers/feed_tables.c), and docs/feeds.md; and the tables of docs/framework.md from
# frameworks/framework.schema.json. Run it after a change there; the contract test fails until then.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

command -v node >/dev/null || die "this needs node." "make deps installs it."
[ -d "$ROOT/tests/contract/node_modules/yaml" ] || npm ci --prefix "$ROOT/tests/contract"
compile plain program
node "$ROOT/tests/contract/generate.mjs" "$(built quarterday)"
compile plain program # the binary serves the document, so it takes it in again
ok "openapi/openapi.yaml, docs/columns.md, docs/feeds.md and docs/framework.md are current"
