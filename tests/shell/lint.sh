#!/usr/bin/env bash
# The rules of make lint find what they are for: each gets a small house with one fault, and the same house without it.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
house=$(mktemp -d)
trap 'rm -rf "$house"' EXIT
mkdir "$house/tools"
cp "$root"/tools/lib.sh "$root"/tools/lint_*.sh "$house/tools"

fresh() {
    rm -rf "$house"/{base,returns,kpi,db,handlers,server}
    mkdir "$house"/{base,returns,kpi,db,handlers,server}
}

# finds RULE FILE TEXT: the rule passes without the line and fails with it.
finds() {
    local rule=$1 file=$2 text=$3
    fresh
    printf 'int x;\n' >"$house/$file"
    "$house/tools/lint_$rule.sh" >"$house/out" 2>&1 || { cat "$house/out" && echo "$rule fails on a house without faults" && exit 1; }
    printf '%s\n' "$text" >>"$house/$file"
    if "$house/tools/lint_$rule.sh" >"$house/out" 2>&1; then
        echo "$rule does not find in $file: $text"
        exit 1
    fi
    grep -q "$file" "$house/out" || { cat "$house/out" && echo "$rule does not name $file" && exit 1; }
}

# allows RULE FILE TEXT
allows() {
    fresh
    printf '%s\n' "$3" >"$house/$2"
    "$house/tools/lint_$1.sh" >"$house/out" 2>&1 || { cat "$house/out" && echo "$1 forbids in $2: $3" && exit 1; }
}

finds includes base/a.c '#include "returns/part.h"'
finds includes returns/a.c '#include "kpi/count.h"'
finds includes kpi/a.h '#  include "db/db.h"'
finds includes db/a.c '#include "handlers/app.h"'
finds includes db/a.c '#include "server/http.h"'
finds includes handlers/a.c '#include "server/server.h"'
finds includes server/a.c '#include "handlers/app.h"'
finds includes kpi/a.c '#include "tally.h"'
finds includes kpi/a.c '#include "tests/x.h"'
finds includes kpi/a.c '#include <microhttpd.h>'
finds includes returns/a.c '#include <gnutls/crypto.h>'
finds includes returns/a.c '#include <libpq-fe.h>'
allows includes handlers/a.c '#include "server/http.h"'
allows includes server/main.c '#include "handlers/app.h"'
allows includes server/command_serve.c '#include "handlers/app.h"'
allows includes db/a.c '#include "kpi/count.h"'
allows includes db/a.c '#include "gen/db_statements.h"'
fresh
mkdir -p "$house/tests/db"
echo '#include "tests/db/fixture.h"' >"$house/tests/db/a.c"
"$house/tools/lint_includes.sh" || { echo "tests/db is not the room db" && exit 1; }
rm -r "$house/tests"
for i in 1 2 3 4 5; do echo '#include <microhttpd.h>' >"$house/server/$i.c"; done
"$house/tools/lint_includes.sh" || { echo "five files may include microhttpd.h" && exit 1; }
echo '#include <microhttpd.h>' >"$house/server/6.c"
! "$house/tools/lint_includes.sh" >/dev/null || { echo "six files may not include microhttpd.h" && exit 1; }

finds functions base/a.c 'void f(char *a) { strcpy(a, "b"); }'
finds functions base/a.c 'int f(char *a) { return atoi (a); }'
finds functions db/a.c 'void f(void) { PQexec(c, text); }'
finds functions db/a.c 'void f(void) { /* a */ popen(x, y); }'
allows functions base/a.c '/* strcpy(a, b) is banned */ const char *s = "gets(x)"; // system(x)'
allows functions base/a.c 'void str_strcpy(int); int brand(int);'
allows functions db/a.c 'void f(void) { PQexec(c, "BEGIN"); }'

word=TO
finds words base/a.c "/* ${word}DO: finish */"
finds words base/a.c "/* good enough for"" now */"
allows words base/a.c 'char name[] = "/tmp/file.XXXXXX";'
