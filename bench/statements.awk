# PostgreSQL's log, with log_statement = 'all' and its parameters, as a script for pgbench: each statement once, its parameters put in. Only those of
# the connection that read most among those that read sign-offs: others are the service's own housekeeping.

function finish() {
    if (sql == "") return
    for (i = 99; i >= 1; i--) if (i in given) gsub("[$]" i, escaped(given[i]), sql)
    texts[pid] = texts[pid] sql ";\n"
    sent[pid]++
    sql = ""
    delete given
}
# & and \ mean something to gsub.
function escaped(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/&/, "\\\\&", text)
    return text
}
function take_parameters(rest, name) {
    while (match(rest, /[$][0-9]+ = (NULL|'([^']|'')*')/)) {
        name = substr(rest, RSTART + 1, RLENGTH - 1)
        rest = substr(rest, RSTART + RLENGTH)
        number = name + 0
        sub(/^[0-9]+ = /, "", name)
        given[number] = name
    }
}
/^[0-9-]+ [0-9:.]+ [A-Z]+ \[[0-9]+\]/ {
    if (match($0, /DETAIL:  parameters: /)) {
        take_parameters(substr($0, RSTART + RLENGTH))
        next
    }
    finish()
    if (!match($0, /LOG:  (statement|execute [^:]*): /)) next
    sql = substr($0, RSTART + RLENGTH)
    match($0, /\[[0-9]+\]/)
    pid = substr($0, RSTART + 1, RLENGTH - 2)
    next
}
# A statement of several lines; comments would end at no line's end.
sql != "" { sub(/^\t/, ""); sql = sql "\n" $0 }
END {
    finish()
    for (p in sent) if (texts[p] ~ /FROM sign_off/ && sent[p] > most) { most = sent[p]; best = p }
    printf "%s", texts[best]
}
