# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# Paired rounds and what becomes of them. Sourced by run.sh, which has lib.sh.
#
# A side of a comparison is a function: it is called with the number of the round and leaves what one unit of its work cost, in seconds,
# in $COST, and how many units it did in $UNITS; readers also leave $P50 and $P99, seconds. The ratio of a round is the other side's cost by ours:
# above 1 we are quicker.

COST='' UNITS=1 P50='' P99=''
ROUNDS=${QUARTERDAY_BENCH_ROUNDS:-7}
# Set for `make bench-quick`: rows that say QUICK=no are passed over, those that say QUICK=N have N rounds.
IS_QUICK=${QUARTERDAY_BENCH_QUICK:-}
TICK=$(getconf CLK_TCK)

# ---- CPU ----------------------------------------------------------------------------------------------------------

# ticks PID FIELD...: sum of fields of /proc/PID/stat, counted after the name, where state is the first.
ticks() {
    local stat field sum=0
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || stat='' # it has ended meanwhile
    read -r -a stat <<<"${stat##*) }"
    for field in "${@:2}"; do sum=$((sum + ${stat[field - 1]:-0})); done
    say $sum
}

# CPU so far of all that serve ($SERVING: instances of ours, nginx, Node; only one of them has work), and of PostgreSQL: its processes of now, and
# those that have ended.
service_ticks() {
    local pid sum=0
    for pid in "${SERVING[@]}"; do sum=$((sum + $(ticks "$pid" 12 13))); done
    say $sum
}
postgres_ticks() {
    local pid pids sum
    sum=$(ticks "$POSTMASTER_PID" 12 13 14 15)
    read -r -a pids <"/proc/$POSTMASTER_PID/task/$POSTMASTER_PID/children"
    for pid in "${pids[@]}"; do sum=$((sum + $(ticks "$pid" 12 13))); done
    say "$sum"
}

# side FUNCTION ROUND: calls it; adds its work and the CPU it took to the sums of that function.
declare -A done_units service_cpu postgres_cpu side_names
SIDES=()
side() {
    local service postgres
    service=$(service_ticks) postgres=$(postgres_ticks) UNITS=1 P50='' P99='' ASIDE_SERVICE=0 ASIDE_POSTGRES=0
    "$@"
    [ -z "$P50" ] || printf '%s\t%s\t%s\n' "$1" "$P50" "$P99" >>"$WORK/latency.tsv"
    sleep 0.1 # a backend that has ended is nobody's for a moment
    done_units[$1]=$((${done_units[$1]:-0} + UNITS))
    service_cpu[$1]=$((${service_cpu[$1]:-0} + $(service_ticks) - service - ASIDE_SERVICE))
    postgres_cpu[$1]=$((${postgres_cpu[$1]:-0} + $(postgres_ticks) - postgres - ASIDE_POSTGRES))
}

# aside FUNCTION ARGUMENTS: done for its CPU alone, which is taken off that of the side twice: for itself, and for the same work within what is measured.
aside() {
    local service postgres
    service=$(service_ticks) postgres=$(postgres_ticks)
    "$@"
    sleep 0.1
    ASIDE_SERVICE=$((2 * ($(service_ticks) - service)))
    ASIDE_POSTGRES=$((2 * ($(postgres_ticks) - postgres)))
}

# cpu_of FUNCTION: milliseconds of CPU a unit: of the service, of PostgreSQL.
cpu_of() {
    awk -v units="${done_units[$1]}" -v service="${service_cpu[$1]}" -v postgres="${postgres_cpu[$1]}" -v tick="$TICK" \
        'function shown(ms) { return sprintf(ms < 0.001 ? "0" : ms < 10 ? "%.3f" : "%.0f", ms) }
        BEGIN { print shown(1000 * service / tick / units) " + " shown(1000 * postgres / tick / units) " ms" }'
}

# latency FUNCTION COLUMN: the median over the rounds; nothing where none was taken.
latency() {
    grep -qs "^$1"$'\t' "$WORK/latency.tsv" || return 0
    awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$WORK/latency.tsv" | spread | awk '{ printf "%.2f ms", 1000 * $1 }'
}

# name_side FUNCTION NAME: what it is called in the table of sides; the first name stays. Programs that nobody serves (LOCAL=yes) are not in it.
name_side() {
    [ -z "${side_names[$1]:-}${LOCAL:-}" ] || return 0
    side_names[$1]=$2
    SIDES+=("$1")
}

# ---- rounds -------------------------------------------------------------------------------------------------------

# Median, least and most of the numbers on standard input.
spread() { sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[1], v[NR] }'; }

# [PATH_ROUNDS=N] [SELF_WARMED=yes] [LOCAL=yes] [QUICK=no|N] paired PATH AGAINST GOAL MOONSHOT UNIT OURS THEIRS: A B A B ..., then one line of results. UNIT says how a cost is shown: "ms", "/s" (of
# requests), or a number of bytes (MB a second).
paired() {
    local path=$1 against=$2 goal=$3 moonshot=$4 unit=$5 ours=$6 theirs=$7 round a b ratios='' as='' bs='' ratio least most
    [ -z "$IS_QUICK" ] || [ "${QUICK:-}" != no ] || return 0
    name_side "$ours" "$path"
    name_side "$theirs" "↳ $against"
    say "$BOLD$path$PLAIN, beside $against"
    # Not counted: memory, caches and prepared statements are made. SELF_WARMED: the programs see to that themselves.
    if [ -z "${SELF_WARMED:-}" ]; then
        "$ours" 0
        "$theirs" 0
    fi
    for round in $(seq 1 "$(rounds_of_path)"); do
        side "$ours" "$round"
        a=$COST
        side "$theirs" "$round"
        b=$COST
        ratio=$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.4f", b / a }')
        ratios+=$ratio$'\n' as+=$a$'\n' bs+=$b$'\n'
        say "  $round: $(shown "$unit" "$a") beside $(shown "$unit" "$b"), ratio $ratio"
    done
    a=$(spread <<<"${as%$'\n'}") b=$(spread <<<"${bs%$'\n'}")
    read -r ratio least most < <(spread <<<"${ratios%$'\n'}")
    result "$path" "$against" "$ratio" "$least" "$most" "$goal" "$moonshot" "$(shown "$unit" "${a%% *}")" "$(shown "$unit" "${b%% *}")"
}

# In quick mode never more than asked for.
rounds_of_path() { if [ -n "$IS_QUICK" ]; then say "${QUICK:-$ROUNDS}"; else say "${PATH_ROUNDS:-$ROUNDS}"; fi; }

shown() {
    awk -v unit="$1" -v cost="$2" 'BEGIN {
        if (unit == "ms") printf(cost < 0.01 ? "%.2f ms" : cost < 0.1 ? "%.1f ms" : "%.0f ms", cost * 1000)
        else if (unit == "/s") printf "%.0f/s", 1 / cost
        else printf "%.0f MB/s", unit / cost / 1e6
    }'
}

# result PATH AGAINST RATIO MIN MAX GOAL MOONSHOT OURS THEIRS: one line of both files.
result() {
    local IFS=$'\t'
    printf '%s\n' "$*" >>"$RESULTS"
    say "  ${GREEN}ratio $3$PLAIN ($4 to $5)$([ "$6" = null ] || printf ', goal %s' "$6")"
}

# ---- files --------------------------------------------------------------------------------------------------------

write_json() {
    jq -R -s 'split("\n") | map(select(length > 0) | split("\t") | {path: .[0], against: .[1]} +
        ([["ratio", "min", "max", "goal", "moonshot"], .[2:7]] | transpose | map({(.[0]): (.[1] | fromjson)}) | add))' "$RESULTS" |
        jq -c '.[]' | sed '1s/^/[/; 1!s/^/ /; $!s/$/,/; $s/$/]/'
}

write_table() {
    printf '| path | beside | ratio | min | max | goal | then | ours | theirs |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
    awk -F '\t' '
        function number(x) { return x == "null" ? "" : sprintf(x < 10 ? "%.2f" : "%.0f", x) }
        { printf "| %s | %s | **%s** | %s | %s | %s | %s | %s | %s |\n", $1, $2, number($3), number($4), number($5),
            number($6), number($7), $8, $9 }' "$RESULTS"
}
