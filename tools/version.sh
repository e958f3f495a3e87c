#!/usr/bin/env bash
# version.sh: the version of this tree, one line: git's tag where there is one, else the newest heading of CHANGELOG.md
# with `-dev` and, where git can tell, the commit. Never fails: a tree copied without git has a version too.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

if described=$(git describe --tags --match 'v[0-9]*' 2>/dev/null); then
    say "${described#v}"
    exit
fi
number=$(sed -n 's/^## .*\<\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' CHANGELOG.md 2>/dev/null | head -n 1)
commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || commit=''
say "${number:-0.0.0}-dev${commit:+"+$commit"}"
