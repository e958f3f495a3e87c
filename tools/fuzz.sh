#!/usr/bin/env bash
# fuzz.sh [SECONDS [TARGET...]] (make fuzz): libFuzzer over each target of tests/fuzz for that long.
#
# New inputs are collected in the build folder; what crashes is put into build/findings and belongs, once understood, into
# tests/fuzz/corpus/<target>/ together with the fix: `make test` replays it for ever.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "SECONDS is '$seconds'." "Use: make fuzz SECONDS=60"
shift || true
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for source in tests/fuzz/*.c; do
        name=$(basename "$source" .c)
        [ "$name" = replay_main ] || [ ! -f "$source" ] || names+=("$name")
    done
fi
[ ${#names[@]} -gt 0 ] || die "there is no fuzz target yet." "A target is tests/fuzz/NAME.c with LLVMFuzzerTestOneInput."

tools/deps.sh build fuzz
compile fuzz fuzz

findings=0
for name in "${names[@]}"; do
    corpus=$(built "corpus/$name")
    more=()
    [ ! -f "tests/fuzz/$name.dict" ] || more+=("-dict=tests/fuzz/$name.dict")
    [ ! -d "tests/fuzz/corpus/$name" ] || more+=("tests/fuzz/corpus/$name")
    mkdir -p "$corpus" "$(built findings)"
    printf '\n%s== %s, %s s%s\n' "$BOLD" "$name" "$seconds" "$PLAIN"
    "$(built "fuzz/fuzz/$name")" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
        -artifact_prefix="$(built findings)/$name-" "$corpus" "${more[@]}" || findings=$((findings + 1))
done
say
say "$((${#names[@]} - findings)) targets without findings, $findings with"
[ $findings -eq 0 ] || die "there are findings in $(built findings)." "Fix, then keep the input in tests/fuzz/corpus/<target>/."
