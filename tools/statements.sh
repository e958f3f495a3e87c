#!/usr/bin/env bash
# statements.sh OUT.h OUT.inc FILE...: one enumerator and one table line for each db/sql/*.sql, sorted by name. So a new
# statement is one new file: `enum db_stmt` and the table that db/ prepares from follow from the file's name.
set -euo pipefail
export LC_ALL=C

out_h=$1 out_inc=$2
shift 2

mapfile -t files < <(printf '%s\n' "$@" | sed '/^$/d' | sort)
for file in "${files[@]}"; do
    name=$(basename "$file" .sql)
    if [[ ! $name =~ ^[a-z][a-z0-9_]*$ ]]; then
        echo "statements.sh: $file: the name must be lower-case letters, digits and _ (it becomes STMT_...)" >&2
        exit 1
    fi
done

{
    printf '/* Written by tools/statements.sh from the names of db/sql/. */\n'
    printf '#ifndef QD_GEN_DB_STATEMENTS_H\n#define QD_GEN_DB_STATEMENTS_H\n\nenum db_stmt {\n'
    for file in "${files[@]}"; do printf '    STMT_%s,\n' "$(basename "$file" .sql)"; done
    printf '    STMT_COUNT\n};\n\n#endif\n'
} >"$out_h"

{
    printf '/* Written by tools/statements.sh: {name, embedded file}, in the order of enum db_stmt. */\n'
    for file in "${files[@]}"; do printf '{"%s", "%s"},\n' "$(basename "$file" .sql)" "$file"; done
} >"$out_inc"
