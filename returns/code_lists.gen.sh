#!/bin/sh
# Writes build/gen/code_lists.inc to standard output from returns/code_lists.csv: one CODE_LIST block per list, in
# the order of the file. Dates become days since 1970-01-01; an open end becomes the smallest or largest int32.
# A list's rows must stand together, and every date must be real: otherwise the build stops here.
set -eu
exec awk -f "$(dirname "$0")/gen_csv.awk" -f /dev/stdin "$(dirname "$0")/code_lists.csv" <<'AWK'
function day(date, open,   y, m, d, era, yoe, doy) {
    if (date == "") return open
    if (date !~ /^[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]$/) stop("bad date " date)
    y = substr(date, 1, 4) + 0; m = substr(date, 6, 2) + 0; d = substr(date, 9, 2) + 0
    if (m <= 2) y--
    era = int(y / 400); yoe = y - era * 400
    doy = int((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1
    return era * 146097 + yoe * 365 + int(yoe / 4) - int(yoe / 100) + doy - 719468
}
FNR == 1 {
    if ($0 != "list,code,label,validFrom,validTo") stop("unexpected header")
    next
}
{
    if (csv_split($0, f) != 5) stop("line " FNR " has not five fields")
    if (f[1] != list) {
        if (f[1] in seen) stop("the rows of " f[1] " do not stand together")
        if (list != "") printf "CODE_LIST_END(%s)\n", list
        list = f[1]; seen[list] = 1
        printf "CODE_LIST_BEGIN(%s)\n", list
    }
    from = day(f[4], "INT32_MIN"); to = day(f[5], "INT32_MAX")
    printf "CODE(%s, %s, %s, %s)\n", c_string(f[2]), c_string(f[3]), from, to
}
END { if (!failed && list != "") printf "CODE_LIST_END(%s)\n", list }
AWK
