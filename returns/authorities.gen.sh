#!/bin/sh
# Writes build/gen/authorities.inc to standard output from returns/authorities.csv, sorted by code as the file is:
# AUTHORITY("E06000001", 6000001, "Hartlepool"). The number is the code without its E (returns/facts.h).
set -eu
exec awk -f "$(dirname "$0")/gen_csv.awk" -f /dev/stdin "$(dirname "$0")/authorities.csv" <<'AWK'
FNR == 1 {
    if ($0 != "code,name") stop("unexpected header")
    next
}
{
    if (csv_split($0, f) != 2 || f[1] !~ /^E(06|08|09|10)[0-9][0-9][0-9][0-9][0-9][0-9]$/) stop("line " FNR " is no authority")
    if (f[1] <= last) stop("line " FNR " is out of order")
    last = f[1]
    printf "AUTHORITY(%s, %d, %s)\n", c_string(f[1]), substr(f[1], 2) + 0, c_string(f[2])
}
AWK
