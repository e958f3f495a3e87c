# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # the files that run.sh sources share their variables
# What a process takes that does nothing, and with a thousand connections that have nothing to say.

# memory_of PATH [MIB]: the most that the service held, above what it holds when idle. 64 MB are the limit of the main job.
memory_of() {
    [ -z "$IS_QUICK" ] || [ -z "${QUICK:-}" ] || return 0
    memory_row "$1" "${2:-64} MiB above idle" $(($(resident VmHWM "$SERVICE_PID") - IDLE_KB)) $((${2:-64} * 1048576))
    # The next one begins anew, where the kernel lets us.
    (echo 5 >"/proc/$SERVICE_PID/clear_refs") 2>/dev/null || true
}

# memory_row PATH AGAINST KIB BYTES: so many KiB, where so many bytes are the most.
memory_row() {
    local ratio
    ratio=$(awk -v used="$3" -v most="$4" 'BEGIN { printf "%.4f", most / 1024 / used }')
    say "$BOLD$1$PLAIN"
    result "$1" "$2" "$ratio" "$ratio" "$ratio" 1 null "$(awk -v kib="$3" 'BEGIN { printf "%.1f MB", kib * 1024 / 1e6 }')" "$(awk -v bytes="$4" 'BEGIN { printf "%.1f MB", bytes / 1e6 }')"
}

# The connections of an instance of its own: each has asked once and stays open. A proxy or a limit for one address would close them.
memory() {
    local pid idle
    make_dashboard
    serve_beside --per-address-limit 0 --idle-seconds 600 --header-seconds 600
    URL=https://127.0.0.1:$BESIDE_PORT fetch /health/ready "$COMMISSIONER" /dev/null
    idle=$(resident VmRSS "$BESIDE_PID")
    memory_row "memory of an idle process" "20 MB" "$idle" 20000000
    "$BIN/load" "$BESIDE_PORT" 1000 hold 200 <"$WORK/dashboard.request" >"$WORK/held" 2>"$WORK/held.err" &
    pid=$!
    STARTED+=("$pid")
    wait_for $pid "$WORK/held" "$WORK/held.err"
    memory_row "memory with 1,000 idle TLS connections" "60 MB" "$(resident VmRSS "$BESIDE_PID")" 60000000
    end $pid
    end "$BESIDE_PID"
}
