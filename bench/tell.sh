# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# bench/RESULTS.md. Sourced by run.sh.

version_of() { dpkg-query -W -f='${Version}' "$1" 2>/dev/null || say unknown; }

machine() {
    printf '%s · %s cores · %s · Linux %s · %s · load %s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo)" "$(uname -r)" "$(. /etc/os-release && say "$PRETTY_NAME")" \
        "$(cut -d' ' -f1-3 /proc/loadavg)"
}

# One line for each side that was measured, in the order of their rows.
write_sides() {
    local side
    printf '| work | CPU each | p50 | p99 |\n| --- | --- | --- | --- |\n'
    for side in "${SIDES[@]}"; do
        [ -n "${done_units[$side]:-}" ] || continue
        printf '| %s | %s | %s | %s |\n' "${side_names[$side]}" "$(cpu_of "$side")" "$(latency "$side" 2)" "$(latency "$side" 3)"
    done
}

write_results() {
    say "# What \`make bench\` measured"
    say
    say "Written by \`make bench\`; [docs/performance.md](../docs/performance.md) says how to read it. Medians of $ROUNDS paired rounds" \
        "($SMALL_ROUNDS for 1,000 rows, $FEW_ROUNDS where a round is long); a ratio above 1 means that we are quicker than what stands beside."
    say
    say "$(date -u +%Y-%m-%d) · $("$BINARY" --version | head -n 1) · $(machine)"
    say
    say "PostgreSQL $(version_of postgresql-15) · libmicrohttpd $(version_of libmicrohttpd12) · GnuTLS $(version_of libgnutls30) ·" \
        "Jansson $(version_of libjansson4) · libcsv $(version_of libcsv3) · nginx $(version_of nginx) · Node $(node --version 2>/dev/null || say none) with Fastify" \
        "$(jq -r .dependencies.fastify "$ROOT/bench/peer/package.json") and pg $(jq -r .dependencies.pg "$ROOT/bench/peer/package.json") · $(gcc --version | head -n 1)"
    say
    write_table
    say
    say "CPU is that of the server that answers (the service, nginx or Node) + that of PostgreSQL; clients (psql, pgbench, our own; Jansson, and what counts facts) are not counted."
    say
    write_sides
    say
    say "Files: $(stat -c %s "$WORK/small.csv"), $(stat -c %s "$WORK/large.csv") bytes of CSV, $(stat -c %s "$WORK/large.json") of JSON;" \
        "the dashboard has $BODY_BYTES. Service idle, with the sample: $((IDLE_KB / 1024)) MiB. The whole took $((SECONDS / 60)) min $((SECONDS % 60)) s."
}
