# What the generators of this folder share: splitting a CSV line, writing a C string, stopping the build.
function csv_split(line, f,   n, i, c, quoted, field) {
    n = 0; field = ""; quoted = 0
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (quoted && c == "\"" && substr(line, i + 1, 1) == "\"") { field = field c; i++ }
        else if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) { f[++n] = field; field = "" }
        else field = field c
    }
    f[++n] = field
    return n
}
function c_string(s) {
    gsub(/[\\"]/, "\\\\&", s)
    return "\"" s "\""
}
function stop(why) {
    print FILENAME ": " why > "/dev/stderr"
    failed = 1
    exit 1
}
