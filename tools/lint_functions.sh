#!/usr/bin/env bash
# lint_functions.sh: functions that may not be called (security.md R8 and R10). Comments do not count, strings do not
# either. VLAs are -Wvla's business.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# name, then what to use instead
# shellcheck disable=SC2016
readonly BANNED='
strcpy      use a str and memcpy with a known length
strncpy     use a str and memcpy with a known length
strcat      use a growable buffer (base/buf.h)
strncat     use a growable buffer (base/buf.h)
sprintf     use snprintf or base/buf.h
vsprintf    use vsnprintf or base/buf.h
strtok      use str_cut (base/str.h)
atoi        use str_to_uint (base/str.h): it knows errors
atol        use str_to_uint (base/str.h): it knows errors
strtol      use str_to_uint (base/str.h): it knows ranges and trailing text
strtoul     use str_to_uint (base/str.h): it knows ranges and trailing text
alloca      use the arena (base/arena.h)
gets        use a reader with a length
scanf       write a parser: base/str.h
sscanf      write a parser: base/str.h
fscanf      write a parser: base/str.h
system      no shell from a server
popen       no shell from a server
rand        use getrandom()
PQescapeLiteral      bind a parameter ($1)
PQescapeStringConn   bind a parameter ($1)
PQescapeIdentifier   name it in a .sql file
'

mapfile -t files < <(source_files '*.c' '*.h')
[ ${#files[@]} -gt 0 ] || exit 0

awk -v banned="$BANNED" '
    BEGIN {
        n = split(banned, lines, "\n")
        for (i = 1; i <= n; i++) if (split(lines[i], word, " ") > 1) {
            advice[word[1]] = substr(lines[i], index(lines[i], word[2]))
        }
    }
    FNR == 1 { in_comment = 0 }
    {
        line = $0; code = ""
        while (line != "") {
            if (in_comment) {
                if ((end = index(line, "*/")) == 0) break
                line = substr(line, end + 2); in_comment = 0
            } else if (match(line, /^("([^"\\]|\\.)*"|\x27([^\x27\\]|\\.)*\x27)/)) {
                code = code "\"\""; line = substr(line, RLENGTH + 1)
            } else if (substr(line, 1, 2) == "//") break
            else if (substr(line, 1, 2) == "/*") { in_comment = 1; line = substr(line, 3) }
            else { code = code substr(line, 1, 1); line = substr(line, 2) }
        }
        rest = code
        while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
            name = substr(rest, RSTART, RLENGTH); gsub(/[ \t(]/, "", name)
            after = substr(rest, RSTART + RLENGTH)
            # Tests read texts of their own making.
            if (FILENAME ~ /^(tests|bench)\// && name ~ /^(atoi|atol|strtou?l)$/) { rest = after; continue }
            if (name in advice) { print FILENAME ":" FNR ": " name " may not be called\n    " advice[name]; bad = 1 }
            # A statement given to PQexec is a literal, so no value can get into it. The two files are the doors of
            # db/: what they pass on is a statement file; tests prepare databases as they like.
            if (name == "PQexec" && FILENAME !~ /^(db\/(connection|copy)\.c|tests\/|bench\/)/ && after !~ /^[^,]*,[ \t]*("|$)/) {
                print FILENAME ":" FNR ": PQexec with a text that is not a literal\n    use PQexecParams or a prepared statement"; bad = 1
            }
            rest = after
        }
    }
    END { exit bad }
' "${files[@]}"
