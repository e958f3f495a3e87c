#!/usr/bin/env bash
# instructions.sh [--write]: how many instructions the hot functions take for a fixed input, counted by callgrind; compared with bench/instructions.tsv,
# or written there. The same compiler and libraries give the same number each time, whatever else the machine does: a function that takes a tenth of a percent
# more is named. With other versions nothing can be said, and that is said. Left out: id_set_put, which hashes by a secret of each run.
#
# QUARTERDAY_TEST_BENCH_BIN is the folder of the programs (tools/bench.sh sets it). Exit status 1: a whole program takes a hundredth more.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
cd "$ROOT"

readonly BIN=$QUARTERDAY_TEST_BENCH_BIN KEPT=bench/instructions.tsv
# Functions with at least this share of a program's instructions; and how much more is worth a word.
readonly SHARE=0.01 MORE=0.001 MUCH_MORE=0.01

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

versions() {
    printf '# %s · libc %s · %s\n' "$(gcc --version | head -n 1)" "$(dpkg-query -W -f='${Version}' libc6 2>/dev/null || say unknown)" "$(valgrind --version)"
}

# count NAME PROGRAM ARGUMENTS...: lines "NAME function instructions", and one with the name `all`. What a function inlined is its own; libraries count in `all`.
count() {
    local name=$1
    valgrind --tool=callgrind --callgrind-out-file="$work/out" "${@:2}" >"$work/said" 2>&1 || die "callgrind: $name failed." "$(tail -n 3 "$work/said")"
    callgrind_annotate --threshold=100 --auto=no "$work/out" | awk -v name="$name" -v share=$SHARE '
        / PROGRAM TOTALS$/ { all = number($1); next }
        !all || NF < 2 || $1 !~ /^[0-9,]+$/ { next }
        {
            place = $0
            sub(/^ *[0-9,]+ +\( *[0-9.]+%\) +/, "", place)
            sub(/ \[.*$/, "", place)
            function_name = place
            sub(/^.*:/, "", function_name)
            sum[function_name] += number($1)
            if (place ~ /^(\.\/)*(base|returns|kpi|bench)\//) ours[function_name] = 1
        }
        function number(text) { gsub(",", "", text); return text + 0 }
        END {
            printf "%s\tall\t%d\n", name, all
            for (f in sum) if (f in ours && f != "id_set_put" && sum[f] >= share * all) printf "%s\t%s\t%d\n", name, f, sum[f]
        }' | sort
}

measure() {
    versions
    "$BIN/rows" csv 20000 1 0 >"$work/rows.csv"
    "$BIN/rows" json 10000 1 0 >"$work/rows.json"
    count check-csv "$BIN/judge" check "$work/rows.csv" 1
    count encode-csv "$BIN/judge" encode "$work/rows.csv" 1
    count check-json "$BIN/judge" check "$work/rows.json" 0
    count kpis "$BIN/count" file "$work/rows.csv" frameworks/city-and-hackney.json 2026-02-20
}

# What takes more, what takes less, what is new or gone.
compare() {
    awk -F '\t' -v more=$MORE -v much=$MUCH_MORE '
        FNR == NR { if (NF == 3) before[$1 "\t" $2] = $3; next }
        NF != 3 { next }
        {
            key = $1 "\t" $2
            seen[key] = 1
            if (!(key in before)) { printf "  %s %s: %d, new among the hot ones\n", $1, $2, $3; next }
            change = $3 / before[key] - 1
            if (change > more) { printf "  %s %s: %d, was %d (%+.2f %%)\n", $1, $2, $3, before[key], 100 * change; worse = worse || ($2 == "all" && change > much) }
            if (change < -more) printf "  %s %s: %d, was %d (%+.2f %%), better\n", $1, $2, $3, before[key], 100 * change
        }
        END {
            for (key in before) if (!(key in seen)) { split(key, name, "\t"); printf "  %s %s: no longer among the hot ones\n", name[1], name[2] }
            exit worse
        }' "$KEPT" "$1"
}

main() {
    measure >"$work/now"
    if [ "${1:-}" = --write ]; then
        cp "$work/now" "$KEPT"
        say "$KEPT written: $(grep -vc '^#' "$KEPT") counts"
        return
    fi
    if ! cmp -s <(head -n 1 "$work/now") <(head -n 1 "$KEPT"); then
        say "instructions: not comparable, they were counted with"
        say "  $(head -n 1 "$KEPT")" "and here are" "  $(head -n 1 "$work/now")"
        return
    fi
    say "instructions of the hot functions, beside $KEPT:"
    compare "$work/now" || die "a program takes a hundredth more instructions than before." "If it must: tools/bench.sh instructions writes $KEPT anew."
    ok "no program takes a hundredth more"
}

main "$@"
